"""PANalytical's XRDML (.xrdml): scans with the ends of their axes, and one intensity for each step between them.

The angles are those of the axis 2Theta, whatever other axis moves with it. The file does not say how many points a scan
has: their number is that of the intensities.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lamion.formats import xml_events
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.powder import Conditions, metres, pattern_of, positive
from lamion.formats.spectrometer import COPY_AGAIN
from lamion.formats.table import parse_number
from lamion.quantities import FileFormatError
from lamion.records.record import Record

Array = NDArray[np.float64]
_AXIS = "2Theta"
_ROOT = re.compile(rb"<\s*(?:\w+:)?xrdMeasurements\b")
_LINES = ("kAlpha1", "kAlpha2", "ratioKAlpha2KAlpha1")
_MOST_POINTS = 2**24
_ATTENUATED = "beamAttenuationFactors"
_COMPLETED = "Completed"


@dataclass
class _Scan:
    """One scan as the file says it."""

    said: dict[str, str]
    status: str = ""
    ends: dict[str, str] = field(default_factory=dict)
    listed: str = ""
    intensities: str = ""
    unit: str = ""
    attenuation: str = ""


def _matches(raw: RawFile) -> bool:
    return raw.start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and _ROOT.search(raw.start) is not None


def _read(raw: RawFile) -> Parsed:
    scans, metadata = _scans(raw)
    measured = [one for one in scans if one.ends or one.listed]
    if not measured:
        what = f"a scan over the axis {_AXIS}"
        remedy = "It is another measurement, such as a rocking curve: give a scan over two theta."
        raise FileFormatError(raw.name, "", what, f"{len(scans)} scans over others" if scans else "no scan", remedy)
    records: list[Record] = []
    warnings: list[str] = []
    if len(measured) < len(scans):
        warnings.append(f"{len(scans) - len(measured)} of {len(scans)} scans are not over two theta and are left out.")
    for number, one in enumerate(measured, start=1):
        which = f"Scan {number}: " if len(measured) > 1 else ""
        record, odd = _record(raw.name, one)
        records.append(record)
        warnings += [f"{which}{text}" for text in odd]
    return Parsed(tuple(records), metadata, tuple(warnings))


FORMAT = Format("PANalytical XRDML", _matches, _read)


def _scans(raw: RawFile) -> tuple[list[_Scan], dict[str, str]]:
    """Return the scans, and what is said of all."""
    scans: list[_Scan] = []
    said: dict[str, str] = {}
    metadata: dict[str, str] = {}
    open_scan = _Scan(said)

    def told(path: tuple[str, ...], attributes: Mapping[str, str], text: str) -> None:
        nonlocal open_scan
        name, inside = path[-1], path[-2] if len(path) > 1 else ""
        if name == "scan":
            open_scan.said, open_scan.status = dict(said), attributes.get("status", "")
            scans.append(open_scan)
            open_scan = _Scan(said)
        elif name == "positions" and attributes.get("axis") == _AXIS:
            open_scan.unit = attributes.get("unit", "")
            moving["now"] = True
        elif inside == "positions":
            places[name] = text
        elif inside == "dataPoints":
            _of_points(open_scan, name, attributes, text)
        elif name in _LINES or (name == "radius" and inside == "incidentBeamPath") or name == "anodeMaterial":
            said[name] = text
        elif name in ("startTimeStamp", "author") or (name == "id" and inside == "sample"):
            metadata.setdefault({"startTimeStamp": "Date", "id": "Sample"}.get(name, "Author"), text)
        if name == "positions":
            if moving.pop("now", False):
                open_scan.listed = places.get("listPositions", "")
                open_scan.ends = {key: places[key] for key in ("startPosition", "endPosition") if key in places}
            places.clear()

    places: dict[str, str] = {}
    moving: dict[str, bool] = {}
    ends = xml_events.Ends(told)

    def damaged(expected: str, found: str) -> FileFormatError:
        return FileFormatError(raw.name, "", expected, found, COPY_AGAIN)

    xml_events.parse(raw.pieces(), damaged, ends.start, ends.end, ends.text)
    return scans, {name: text for name, text in metadata.items() if text}


def _of_points(scan: _Scan, name: str, attributes: Mapping[str, str], text: str) -> None:
    if name in ("counts", "intensities"):
        scan.intensities = text
        scan.said["unit"] = attributes.get("unit", "")
    elif name == "commonCountingTime":
        scan.said["time"] = text
    elif name == _ATTENUATED:
        scan.attenuation = text


def _record(file: str, scan: _Scan) -> tuple[Record, list[str]]:
    counts = _numbers(file, scan.intensities, "intensities")
    if scan.unit not in ("deg", ""):
        raise FileFormatError(file, "", f"the axis {_AXIS} in degrees", f"'{scan.unit}'", COPY_AGAIN)
    if scan.listed:
        two_theta = _numbers(file, scan.listed, "positions")
        if len(two_theta) != len(counts):
            raise FileFormatError(
                file, "", f"{len(counts)} positions, one an intensity", f"{len(two_theta)}", COPY_AGAIN
            )
    else:
        first, last = (_number(file, scan.ends.get(name, ""), name) for name in ("startPosition", "endPosition"))
        if not last > first:
            raise FileFormatError(file, "", "an end above the start", f"{first:g} to {last:g} deg", COPY_AGAIN)
        two_theta = np.linspace(first, last, len(counts))
    record, odd = pattern_of(file, two_theta, counts, lambda point: f"point {point + 1}", _conditions(file, scan))
    if scan.status not in (_COMPLETED, ""):
        odd.insert(0, f"The scan is '{scan.status}', not completed.")
    if any(factor != 1.0 for factor in _numbers(file, scan.attenuation, "factors")):
        odd.insert(0, "An attenuator was in the beam at some points: the intensities are taken as the file has them.")
    return record, odd


def _conditions(file: str, scan: _Scan) -> Conditions:
    one, two, ratio, radius, time = (
        positive(_number(file, scan.said[name], name)) if scan.said.get(name) else None
        for name in (*_LINES, "radius", "time")
    )
    counted = time if scan.said.get("unit") == "counts" else None
    return Conditions(scan.said.get("anodeMaterial"), one, two, ratio, metres(radius), counted)


def _numbers(file: str, text: str, what: str) -> Array:
    words = text.split()
    if len(words) > _MOST_POINTS:
        raise FileFormatError(file, "", f"at most {_MOST_POINTS} {what}", f"{len(words)}", COPY_AGAIN)
    return np.array([_number(file, word, what) for word in words], dtype=np.float64)


def _number(file: str, text: str, what: str) -> float:
    parsed = parse_number(text)
    if parsed is None:
        raise FileFormatError(file, "", f"a number among the {what}", f"'{text[:30]}'", COPY_AGAIN)
    return parsed[0]
