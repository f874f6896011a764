"""Hysitron's .hld: a header of ``Name: value unit``, then approach, drift and test, each with its count of points.

The header has the machine's compliance, the coefficients of the probe's area and the rate of drift; whether the depth
is without them already it does not say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.formats import evidence
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.headers import Heading, Meaning
from lamion.formats.indenter import against_volts, oddities
from lamion.formats.side_columns import Layout, check_count
from lamion.formats.spectrometer import Place, record_of
from lamion.formats.table import Row, headers, parse_number
from lamion.formats.text import TextLine
from lamion.quantities import FileFormatError
from lamion.records.mechanics import IndentationCurve

Array = NDArray[np.float64]
_MARK = "File Version: Hysitron"
_FIELD = re.compile(r"(?P<name>[^:\t]{1,60}):\s*(?P<value>[^\t]*)")
_POINTS = re.compile(r"(?P<part>[A-Z][A-Za-z ]{1,40}) Data Points:\s*(?P<count>\d{1,8})\s*", re.ASCII)
_TEST = "Test"
_COLUMNS = {"depth": ("Disp_nm", 1e-9), "load": ("Force_\u00b5N", 1e-6), "time": ("Time_s", 1.0)}
_VOLTS = {"depth": "Disp_V", "load": "Force_V"}
_AREA = tuple(f"Tip C{k}" for k in range(9))
_COMPLIANCE, _DRIFT = "Machine Comp", "Drift Rate"
_UNITS = {_COMPLIANCE: ("nm/\u00b5N", 1e-3), _DRIFT: ("nm/s", 1e-9)}
_AGAIN = "Lines were removed or changed: copy the file again, or export it again from the instrument's program."


@dataclass(frozen=True)
class _Part:
    """One of the tables: approach, drift or test."""

    name: str
    count: int
    line: int
    body: Sequence[TextLine]


def _matches(raw: RawFile) -> bool:
    first = raw.text.lines[:1]
    return bool(first) and first[0].text.startswith(_MARK)


def _read(raw: RawFile) -> Parsed:
    parts = list(_parts(raw))
    test = next((part for part in parts if part.name == _TEST), None)
    if test is None:
        raise FileFormatError(raw.name, "", "'Test Data Points:' above the test", "none", _AGAIN)
    header = _header(raw)
    warnings: list[str] = []
    for part in parts:
        filled = sum(bool(line.text.strip()) for line in part.body[1:])
        warnings += check_count(raw.name, f"line {part.line}", part.count, filled)
    layout = Layout(headers(test.body[0].text, "\t"), "\t") if test.body else Layout((), "\t")
    table = layout.rows(raw.name, test.body[1:])
    arrays = {name: _column(raw.name, layout, table, label) * unit for name, (label, unit) in _COLUMNS.items()}
    place = _places(table)
    record = record_of(raw.name, IndentationCurve, arrays, place, _AGAIN, **_facts(raw.name, header))
    warnings += [*_segments(raw, len(table)), *oddities(arrays, place)]
    for name, label in _VOLTS.items():
        if (volts := layout.column(raw.name, table, label)) is not None:
            warnings += against_volts(name, arrays[name], volts.values, place)
    if not raw.text.terminated:
        last = {Meaning.REAL: Heading(Meaning.REAL, len(layout.labels) - 1, "")}
        warnings.append(evidence.check_last_line(raw.name, table, last))
    return Parsed((record,), header, tuple(warnings))


FORMAT = Format("Hysitron .hld", _matches, _read)


def _parts(raw: RawFile) -> Iterator[_Part]:
    lines = raw.text.lines
    marks = [(k, match) for k, line in enumerate(lines) if (match := _POINTS.fullmatch(line.text))]
    ends = [k for k, _ in marks[1:]] + [len(lines)]
    for (k, match), end in zip(marks, ends, strict=False):
        yield _Part(match["part"], int(match["count"]), lines[k].number, lines[k + 1 : end])


def _header(raw: RawFile) -> dict[str, str]:
    """Return the fields above the first table; of those that come again, the first."""
    found: dict[str, str] = {}
    for line in raw.text.lines:
        if _POINTS.fullmatch(line.text):
            break
        match = _FIELD.fullmatch(line.text)
        if match is None and line.text.strip():
            raise FileFormatError(raw.name, f"line {line.number}", "'Name: value'", f"'{line.text[:40]}'", _AGAIN)
        if match is not None:
            found.setdefault(match["name"].strip(), match["value"].strip())
    return found


def _places(table: Sequence[Row]) -> Place:
    return lambda row: f"line {table[row].number}"


def _column(file: str, layout: Layout, table: Sequence[Row], label: str) -> Array:
    alike = next((one for one in layout.labels if one.replace("\u03bc", "\u00b5") == label), "")
    found = layout.column(file, table, alike)
    if found is None:
        raise FileFormatError(file, "", f"a column '{label}'", ", ".join(layout.labels)[:80] or "none", _AGAIN)
    return found.values


def _facts(file: str, header: Mapping[str, str]) -> dict[str, float | tuple[float, ...] | None]:
    compliance, drift = (_field(file, header, name, *_UNITS[name]) for name in (_COMPLIANCE, _DRIFT))
    stiffness = None if not compliance else 1.0 / compliance
    return {"frame_stiffness": stiffness, "drift": drift, "area_function": _area(file, header)}


def _field(file: str, header: Mapping[str, str], name: str, unit: str, factor: float) -> float | None:
    """Return a number of the header in SI; None where it is not there."""
    if name not in header:
        return None
    said, _, printed = header[name].partition(" ")
    parsed = parse_number(said.replace(",", "."))
    if parsed is None or printed.replace("\u03bc", "\u00b5") != unit:
        raise FileFormatError(file, f"'{name}'", f"a number in {unit}", f"'{header[name][:40]}'", _AGAIN)
    return parsed[0] * factor


def _area(file: str, header: Mapping[str, str]) -> tuple[float, ...] | None:
    """Return the coefficients of the area in SI: h^2, h, then roots of h."""
    found = []
    for k, name in enumerate(_AREA):
        if name not in header:
            break
        power = 2.0 ** (1 - k)
        value = _field(file, header, name, "nm^2/nm" if k == 1 else f"nm^2/nm^{power:g}", 1e-18 / 1e-9**power)
        found.append(value or 0.0)
    return tuple(found) or None


def _segments(raw: RawFile, count: int) -> list[str]:
    """Hold the points of all segments against those of the test."""
    said = [line.text.partition(":")[2].strip() for line in raw.text.lines if line.text.startswith("Segment Points:")]
    if not said or not all(one.isdecimal() for one in said):
        return []
    declared = sum(map(int, said))
    if declared == count:
        return []
    return [f"The test holds {count} points while its segments declare {declared}: lines are missing or were added."]
