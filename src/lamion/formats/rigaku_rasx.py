"""Rigaku's archives (.rasx): for each scan a text of angle, intensity and attenuation, and XML of how it was measured.

The text is compared with the start, the stop and the step of the XML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.powder import Conditions, check_angles, line_of, pattern_of, positive, steps_between
from lamion.formats.side_columns import Layout, check_count
from lamion.formats.table import parse_number
from lamion.formats.text import decode
from lamion.formats.unknown import names_within
from lamion.formats.xml_events import Ends
from lamion.formats.zipped_xml import Document
from lamion.quantities import FileFormatError
from lamion.records.record import Record

_PROFILE = re.compile(r"Data(?P<folder>\d+)/Profile(?P<number>\d+)\.txt")
_LABELS = ("2Theta", "Intensity", "Attenuation")
_AXIS = "twotheta"
_WANTED = {
    "AxisName": "axis", "Start": "start", "Stop": "stop", "Step": "step", "TargetName": "anode",
    "UnequalySpaced": "uneven",
    "WavelengthKalpha1": "one", "WavelengthKalpha2": "two", "SampleName": "Sample", "SystemName": "Instrument",
    "StartTime": "Date", "IntensityUnit": "unit",
}  # fmt: skip
_AGAIN = "A number was changed or lines were moved: export the file again."


def _matches(raw: RawFile) -> bool:
    return raw.start.startswith(b"PK\x03\x04") and any(map(_PROFILE.fullmatch, names_within(raw)))


def _read(raw: RawFile) -> Parsed:
    records: list[Record] = []
    warnings: list[str] = []
    metadata: dict[str, str] = {}
    with Document(raw) as document:
        found = sorted(match[0] for name in document.names() if (match := _PROFILE.fullmatch(name)))
        for part in found:
            match = _PROFILE.fullmatch(part)
            assert match is not None  # noqa: S101  it was just told by it
            beside = f"Data{match['folder']}/MesurementConditions{match['number']}.xml"
            said = _said(document, beside)
            record, odd = _record(document, part, said)
            records.append(record)
            warnings += [f"{part}: {text}" if len(found) > 1 else text for text in odd]
            metadata |= {name: said[name] for name in ("Sample", "Date", "Instrument") if said.get(name)}
    return Parsed(tuple(records), metadata, tuple(warnings))


FORMAT = Format("Rigaku RASX", _matches, _read, binary=True, largest=2**28)


def _said(document: Document, part: str) -> dict[str, str]:
    """Return what the XML beside a scan says."""
    if part not in document:
        raise document.damaged(part, "a part that says how the scan was measured", "none")
    found: dict[str, str] = {}

    def told(path: tuple[str, ...], attributes: Mapping[str, str], text: str) -> None:
        if path[-1] in _WANTED and len(path) < 5:
            found.setdefault(_WANTED[path[-1]], text)

    ends = Ends(told)
    document.parse(part, ends.start, ends.end, ends.text)
    return found


def _record(document: Document, part: str, said: Mapping[str, str]) -> tuple[Record, list[str]]:
    axis = said.get("axis", "")
    if _AXIS not in axis.lower():
        remedy = "It is another measurement: give a scan over two theta."
        raise FileFormatError(document.file, part, "a scan over two theta", f"'{axis[:30]}'", remedy)
    text = decode(document.file, b"".join(document.pieces(part)))
    layout = Layout(_LABELS, "\t")
    table = layout.rows(document.file, text.lines)
    angle, intensity, factor = (layout.column(document.file, table, label) for label in _LABELS)
    assert angle is not None and intensity is not None and factor is not None  # noqa: S101, PT018
    start, stop, step = (_number(document, part, said, name) for name in ("start", "stop", "step"))
    odd: list[str] = []
    if said.get("uneven", "").lower() != "true":
        check_angles(document.file, angle.values, start, step, line_of(table), _AGAIN)
        count = steps_between(start, stop, step)
        if count is None:
            found = f"{start:g}, {stop:g}, {step:g} deg"
            raise document.damaged(part, "a start, a stop and a step that make whole steps", found)
        odd += check_count(document.file, part, count, len(table))
    counts = intensity.values * factor.values
    if (factor.values <= 0.0).any():
        raise document.damaged(part, "factors of attenuation above zero", f"{factor.values.min():g}")
    record, more = pattern_of(
        document.file, angle.values, counts, line_of(table), _conditions(document, part, said), _AGAIN
    )
    return record, [*odd, *more]


def _conditions(document: Document, part: str, said: Mapping[str, str]) -> Conditions:
    one, two = (positive(_number(document, part, said, name)) if said.get(name) else None for name in ("one", "two"))
    return Conditions(said.get("anode") or None, one, two)


def _number(document: Document, part: str, said: Mapping[str, str], name: str) -> float:
    parsed = parse_number(said.get(name, ""))
    if parsed is None:
        raise document.damaged(part, f"a number for the {name}", f"'{said.get(name, '')[:30]}'")
    return parsed[0]
