"""Bruker's text (.uxd): lines ``_NAME=value``, then angles and counts; again for each range.

Angles are compared with the range's start and step. Ranges with counts alone are told and refused: no file of them was
at hand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.powder import Conditions, check_angles, line_of, metres, pattern_of, positive
from lamion.formats.side_columns import Layout, check_count
from lamion.formats.table import parse_number
from lamion.formats.text import TextLine
from lamion.quantities import FileFormatError
from lamion.records.record import Record

_FIELD = re.compile(r"_(?P<name>[A-Z0-9_]{1,40})\s*=\s*(?P<value>.*)")
_DATA = re.compile(r"_(?P<first>2THETA)?(?P<second>COUNTS|CPS)\s*")
_LABELS = ("2Theta", "Counts")
_LOOKED_AT = 200
_AGAIN = "A number was changed or lines were moved: export the file again."


@dataclass
class _Range:
    """What stands above the numbers of a range, and these."""

    settings: dict[str, str]
    counted: bool
    rows: list[TextLine] = field(default_factory=list)


def _matches(raw: RawFile) -> bool:
    top = [line.text for line in raw.text.lines[:_LOOKED_AT]]
    return any(line.startswith("_FILEVERSION") for line in top) and any(map(_DATA.fullmatch, top))


def _read(raw: RawFile) -> Parsed:
    ranges = _ranges(raw)
    general = {name: value.strip("'") for name, value in ranges[0].settings.items()}
    metadata = {"Sample": general.get("SAMPLE", ""), "Date": general.get("DATEMEASURED", "")} | general
    records: list[Record] = []
    warnings: list[str] = []
    for number, one in enumerate(ranges, start=1):
        which = f"Range {number}: " if len(ranges) > 1 else ""
        record, odd = _record(raw.name, one)
        records.append(record)
        warnings += [f"{which}{text}" for text in odd]
    if not raw.text.terminated:
        last = ranges[-1].rows[-1]
        warnings.append(f"Line {last.number}, the last one, has no line end: the file may have been cut behind it.")
    return Parsed(tuple(records), {name: said for name, said in metadata.items() if said}, tuple(warnings))


FORMAT = Format("Bruker UXD text", _matches, _read)


def _ranges(raw: RawFile) -> list[_Range]:
    settings: dict[str, str] = {}
    ranges: list[_Range] = []
    inside = False
    for line in raw.text.lines:
        text = line.text.strip()
        if not text or text.startswith(";"):
            continue
        if begins := _DATA.fullmatch(text):
            if begins["first"] is None:
                found, remedy = f"'{text}': counts alone", "Export the ranges with their angles (2theta and counts)."
                raise FileFormatError(raw.name, f"line {line.number}", "angles and counts", found, remedy)
            ranges.append(_Range(dict(settings), begins["second"] == "COUNTS"))
            for own in ("START", "STEPSIZE", "STEPCOUNT", "STEPTIME"):
                settings.pop(own, None)
            inside = True
        elif match := _FIELD.fullmatch(text):
            settings[match["name"]] = match["value"]
            inside = False
        elif not inside:
            raise FileFormatError(raw.name, f"line {line.number}", "a line _NAME=value", f"'{text[:30]}'", _AGAIN)
        else:
            ranges[-1].rows.append(line)
    if not ranges or not all(one.rows for one in ranges):
        raise FileFormatError(raw.name, "", "angles and counts below each header", "none", _AGAIN)
    return ranges


def _record(file: str, one: _Range) -> tuple[Record, list[str]]:
    layout = Layout(_LABELS, "\t" if "\t" in one.rows[0].text else " ")
    table = layout.rows(file, one.rows)
    angle, counts = (layout.column(file, table, label) for label in _LABELS)
    assert angle is not None and counts is not None  # noqa: S101, PT018  they are the layout's own
    start, step = (_number(file, one.settings, name) for name in ("START", "STEPSIZE"))
    odd: list[str] = []
    two_theta = angle.values
    if start is None or step is None:
        odd.append("The header does not say start and step, so the angles are compared with nothing.")
    else:
        check_angles(file, angle.values, start, step, line_of(table), _AGAIN, angle.half_units)
        two_theta = np.round(start + step * np.arange(len(table)), 9)  # printed angles have lost digits
    declared = _number(file, one.settings, "STEPCOUNT")
    if declared is not None:
        odd += check_count(file, "", round(declared), len(table))
    known = _conditions(file, one.settings, counted=one.counted)
    record, more = pattern_of(file, two_theta, counts.values, line_of(table), known, _AGAIN)
    if one.counted and not np.array_equal(counts.values, np.round(counts.values)):
        odd.append("The counts are not all whole numbers, although the file says that they are counts.")
    return record, odd + more


def _number(file: str, settings: Mapping[str, str], name: str) -> float | None:
    if name not in settings:
        return None
    parsed = parse_number(settings[name])
    if parsed is None:
        raise FileFormatError(file, "", f"a number behind _{name}", f"'{settings[name][:30]}'", _AGAIN)
    return parsed[0]


def _conditions(file: str, settings: Mapping[str, str], *, counted: bool) -> Conditions:
    own, one, two, ratio, radius, time = (
        _number(file, settings, name) for name in ("RANGE_WL", "WL1", "WL2", "WLRATIO", "GONIOMETER_RADIUS", "STEPTIME")
    )
    doublet = own is None or own == one
    unit = settings.get("WL_UNIT", "A").strip("'")
    known = unit == "A"
    return Conditions(
        settings.get("ANODE", "").strip("'") or None,
        positive(own or one) if known else None,
        positive(two) if known and doublet else None,
        positive(ratio) if known and doublet else None,
        metres(radius),
        positive(time) if counted else None,
    )
