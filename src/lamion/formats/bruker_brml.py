"""Bruker's archives (.brml): XML in a ZIP, with each scan as rows of what its views say.

Rows are compared with the number of points, with the start and the increment of every axis, and with the smallest, the
largest and the mean intensity that the file says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.powder import Conditions, metres, pattern_of, positive
from lamion.formats.table import parse_number
from lamion.formats.unknown import names_within
from lamion.formats.xml_events import Ends
from lamion.formats.zipped_xml import Document
from lamion.quantities import FileFormatError
from lamion.records.record import Record

Array = NDArray[np.float64]
_PART = re.compile(r"Experiment\d+/RawData\d+\.xml")
_CONTAINER = re.compile(r"Experiment\d+/DataContainer\.xml")
_AXIS, _COUNTER, _TIME, _ABSORBER = "TwoTheta", "ScanCounter", "MeasuredTime", "AbsorptionFactor"
_MEASURED = "Measured"
_MOST_POINTS = 2**22
_OFF = 0.01
"""Of an increment: an axis that lies further from its start and increment was changed."""
_MEAN = 1e-9
"""Relative: how well the mean of the intensities is the printed one."""
_TUBE = {"WaveLengthAlpha1": "one", "WaveLengthAlpha2": "two", "WaveLengthRatio": "ratio"}


@dataclass
class _Route:
    """One scan as it was measured."""

    points: str = ""
    axes: dict[str, dict[str, str]] = field(default_factory=dict)
    rows: list[str] = field(default_factory=list)
    views: dict[str, int] = field(default_factory=dict)
    recorded: dict[str, Mapping[str, str]] = field(default_factory=dict)


def _matches(raw: RawFile) -> bool:
    return raw.start.startswith(b"PK\x03\x04") and any(map(_PART.fullmatch, names_within(raw)))


def _read(raw: RawFile) -> Parsed:
    records: list[Record] = []
    warnings: list[str] = []
    metadata: dict[str, str] = {}
    with Document(raw) as document:
        parts = sorted(filter(_PART.fullmatch, document.names()))
        for part in filter(_CONTAINER.fullmatch, document.names()):
            metadata |= _metadata(document, part)
        for part in parts:
            routes, known = _routes(document, part)
            for route in routes:
                record, odd = _record(document, part, route, known)
                records.append(record)
                warnings += [f"{part}: {text}" if len(parts) > 1 else text for text in odd]
    if not records:
        raise FileFormatError(raw.name, "", "a scan as it was measured", "none", "Export it as text (.xy) again.")
    return Parsed(tuple(records), metadata, tuple(warnings))


FORMAT = Format("Bruker BRML", _matches, _read, binary=True, largest=2**28)


def _metadata(document: Document, part: str) -> dict[str, str]:
    found: dict[str, str] = {}

    def told(path: tuple[str, ...], attributes: Mapping[str, str], text: str) -> None:
        if path[-1] == "MeasurementInfo":
            found["Sample"] = attributes.get("SampleName", "")
        elif path[-1] == "DeviceTypeDesc":
            found["Instrument"] = text
        elif path[-1] == "TimeStampCreated":
            found.setdefault("Date", text)

    ends = Ends(told)
    document.parse(part, ends.start, ends.end, ends.text)
    return {name: text for name, text in found.items() if text}


def _routes(document: Document, part: str) -> tuple[list[_Route], dict[str, str]]:
    """Return the scans of a part, and what it says of the tube and the goniometer."""
    routes: list[_Route] = []
    known: dict[str, str] = {}
    reader = _Reader(routes, known)
    ends = Ends(reader.told)
    document.parse(part, ends.start, ends.end, ends.text)
    return routes, known


class _Reader:
    """Collects what a part says, as its elements end."""

    def __init__(self, routes: list[_Route], known: dict[str, str]) -> None:
        self.routes, self.known = routes, known
        self.route, self.fields = _Route(), list[str]()
        self.recording, self.axis = "", dict[str, str]()
        self.statistics: Mapping[str, str] = {}

    def told(self, path: tuple[str, ...], attributes: Mapping[str, str], text: str) -> None:
        """Take one element."""
        name, inside = path[-1], path[-2] if len(path) > 1 else ""
        if name == "DataRoute":
            if attributes.get("RouteFlag") == _MEASURED:
                self.routes.append(self.route)
            self.route = _Route()
        elif name == "Datum":
            self.route.rows.append(text)
        elif name == "MeasurementPoints":
            self.route.points = text
        elif inside == "ScanAxisInfo" and name in ("Start", "Increment"):
            self.axis[name] = text
        elif name == "ScanAxisInfo":
            self.route.axes[attributes.get("AxisId", "")] = dict(self.axis)
            self.axis.clear()
        elif "DataView" in name or inside.endswith(("DataView", "Varying")):
            self._view(name, attributes)
        elif name in _TUBE:
            self.known.setdefault(_TUBE[name], attributes.get("Value", ""))
        elif name == "TubeMaterial":
            self.known.setdefault("anode", text)
        elif name == "Radius" and inside == "TrackInfoData":
            self.known.setdefault("radius", attributes.get("Value", ""))

    def _view(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take what says which cells of a row are what."""
        if name == "FieldDefinitions":
            self.fields.append(attributes.get("FieldName", ""))
        elif name == "Recording":
            self.recording = attributes.get("LogicName", "")
        elif name == "Statistics":
            self.statistics = attributes
        elif name == "RawDataView":
            start = attributes.get("Start", "")
            own = self.fields or [self.recording or attributes.get("LogicName", "")]
            if start.isdecimal() and len(start) < 5:
                self.route.views |= {one: int(start) + place for place, one in enumerate(own)}
            if self.recording:
                self.route.recorded[self.recording] = self.statistics
            self.fields, self.recording, self.statistics = [], "", {}


def _record(document: Document, part: str, route: _Route, known: Mapping[str, str]) -> tuple[Record, list[str]]:
    for needed in (_AXIS, _COUNTER):
        if needed not in route.views:
            found = ", ".join(name for name in route.views if name)[:80] or "nothing"
            raise document.damaged(part, f"a scan with {needed}", found)
    table = _table(document, part, route)
    for name, said in route.axes.items():
        if name in route.views:
            _check_axis(document, part, name, table[:, route.views[name]], said)
    counts = table[:, route.views[_COUNTER]]
    _check_counts(document, part, counts, route.recorded.get(_COUNTER, {}))
    time = table[:, route.views[_TIME]] if _TIME in route.views else np.zeros(1)
    counted = float(time[0]) if np.all(time == time[0]) else None
    record, odd = pattern_of(
        document.file,
        table[:, route.views[_AXIS]],
        counts,
        lambda point: f"{part}, row {point + 1}",
        _conditions(document, part, known, counted),
    )
    if len(table) < float(route.points or len(table)):
        odd.insert(0, f"{len(table)} of {route.points} points were taken: the measurement was stopped.")
    if _ABSORBER in route.views and np.any(table[:, route.views[_ABSORBER]] != 1.0):
        odd.insert(0, "An absorber was in the beam at some points: the intensities are taken as the file has them.")
    return record, odd


def _table(document: Document, part: str, route: _Route) -> Array:
    """Return the rows as numbers, as many columns as the views have."""
    width = max(route.views.values()) + 1
    declared = _number(document, part, route.points, "number of points") if route.points else len(route.rows)
    if not 0 < len(route.rows) <= min(declared, _MOST_POINTS):
        raise document.damaged(part, f"{declared:g} rows, as the file says", f"{len(route.rows)}")
    rows = [text.split(",") for text in route.rows]
    wrong = next((number for number, row in enumerate(rows, start=1) if len(row) < width), None)
    if wrong is not None:
        raise document.damaged(f"{part}, row {wrong}", f"{width} numbers", f"{len(rows[wrong - 1])}")
    found = [[_number(document, part, cell, "rows") for cell in row[:width]] for row in rows]
    return np.array(found, dtype=np.float64)


def _check_axis(document: Document, part: str, name: str, values: Array, said: Mapping[str, str]) -> None:
    start, step = (_number(document, part, said.get(key, ""), f"{key} of {name}") for key in ("Start", "Increment"))
    expected = start + step * np.arange(len(values))
    wrong = np.flatnonzero(~(np.abs(values - expected) <= _OFF * abs(step)))
    if len(wrong):
        at = int(wrong[0])
        said_of = f"{name} at {expected[at]:.6g} deg, which start and increment make"
        raise document.damaged(f"{part}, row {at + 1}", said_of, f"{values[at]:.6g} deg")


def _check_counts(document: Document, part: str, counts: Array, said: Mapping[str, str]) -> None:
    own = {"Minimum": counts.min(), "Maximum": counts.max(), "Mean": counts.mean()}
    for name, value in own.items():
        if name in said and said.get("Status") == "Succeeded":
            printed = _number(document, part, said[name], name)
            if abs(printed - value) > _MEAN * max(abs(printed), 1.0):
                raise document.damaged(part, f"intensities whose {name.lower()} is {printed:g}", f"{value:g}")


def _conditions(document: Document, part: str, known: Mapping[str, str], counted: float | None) -> Conditions:
    one, two, ratio, radius = (
        positive(_number(document, part, known[name], name)) if known.get(name) else None
        for name in ("one", "two", "ratio", "radius")
    )
    return Conditions(known.get("anode") or None, one, two, ratio, metres(radius), positive(counted))


def _number(document: Document, part: str, text: str, what: str) -> float:
    parsed = parse_number(text.strip())
    if parsed is None:
        raise document.damaged(part, f"a number ({what})", f"'{text[:30]}'")
    return parsed[0]
