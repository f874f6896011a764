"""Rigaku's text: lines of a name, a tab and a value, then angles and intensities.

Start, stop and step of the header say how many lines there are and which angle each has.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.powder import Conditions, check_angles, line_of, pattern_of, steps_between
from lamion.formats.side_columns import Layout, check_count
from lamion.formats.table import parse_number
from lamion.quantities import FileFormatError

_NAMES = ("Goniometer", "ScanningMode", "Start", "Stop", "Step")
_LOOKED_AT = 60
_AXIS = "2Theta"
_LABELS = ("2Theta", "Intensity")
_FILTER = re.compile(r"(?P<anode>[A-Z][a-z]?)_K-?beta.*", re.IGNORECASE)
_NUMBERS = re.compile(r"-?[\d.,]+\t-?[\d.,Ee+-]+\s*")
_AGAIN = "A number was changed or lines were moved: export the file again."


def _fields(raw: RawFile) -> tuple[dict[str, str], int]:
    """Return the header, and how many lines it has."""
    found: dict[str, str] = {}
    lines = raw.text.lines[:_LOOKED_AT]
    for place, line in enumerate(lines):
        if _NUMBERS.fullmatch(line.text):
            return found, place
        name, tab, value = line.text.partition("\t")
        if tab:
            found[name.strip()] = value.strip()
    return found, len(lines)


def _matches(raw: RawFile) -> bool:
    return all(name in _fields(raw)[0] for name in _NAMES)


def _read(raw: RawFile) -> Parsed:
    said, top = _fields(raw)
    if _AXIS.lower() not in said["ScanningMode"].lower():
        remedy = "It is another measurement: give a scan over two theta."
        raise FileFormatError(raw.name, "", "a scan over two theta", f"'{said['ScanningMode'][:30]}'", remedy)
    start, stop, step = (_number(raw.name, said, name) for name in ("Start", "Stop", "Step"))
    layout = Layout(_LABELS, "\t")
    table = layout.rows(raw.name, raw.text.lines[top:])
    angle, intensity = (layout.column(raw.name, table, label) for label in _LABELS)
    assert angle is not None and intensity is not None  # noqa: S101, PT018  they are the layout's own
    check_angles(raw.name, angle.values, start, step, line_of(table), _AGAIN)
    count = steps_between(start, stop, step)
    if count is None:
        expected = "a start, a stop and a step that make whole steps"
        raise FileFormatError(raw.name, "", expected, f"{start:g}, {stop:g}, {step:g} deg", _AGAIN)
    warnings = check_count(raw.name, "", count, len(table))
    anode = next((match["anode"] for name in said if (match := _FILTER.fullmatch(name))), None)
    known = Conditions(anode)
    record, odd = pattern_of(raw.name, angle.values, intensity.values, line_of(table), known, _AGAIN)
    warnings += odd
    if not raw.text.terminated:
        warnings.append(f"Line {table[-1].number}, the last one, has no line end: its last number may have been cut.")
    return Parsed(
        (record,),
        {name: value for name, value in said.items() if f"{name}{value}".isascii() and value},
        tuple(warnings),
    )


FORMAT = Format("Rigaku text", _matches, _read)


def _number(file: str, said: Mapping[str, str], name: str) -> float:
    parsed = parse_number(said[name].replace(",", "."))
    if parsed is None:
        raise FileFormatError(file, "", f"a number behind '{name}'", f"'{said[name][:30]}'", _AGAIN)
    return parsed[0]
