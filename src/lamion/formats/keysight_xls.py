"""Keysight's (Agilent's, MTS') nanoindenters: a workbook of Excel 97 with a sheet of rows for each test.

A sheet ``Test 001`` holds depth, load and time under headers and their units, markers where a cycle's load begins and
ends, and END below its last row. Frame stiffness and Poisson's ratio stand in sheets of inputs; depth and load where an
unloading begins are held against the vendor's ``Results``, whose answer is not read. The depth is without the frame's
compliance, as the vendor's channel of that name is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.formats import excel_binary
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.indenter import oddities
from lamion.formats.keysight_results import against_results
from lamion.formats.sheets import Sheet
from lamion.formats.spectrometer import Place, record_of
from lamion.formats.table import parse_number
from lamion.quantities import FileFormatError, InputError, units
from lamion.records.mechanics import IndentationCurve

Array = NDArray[np.float64]
_TEST = re.compile(r"Test 0*(?P<number>[1-9]\d{0,5})", re.ASCII)
_COLUMNS = {
    "depth": ("Displacement Into Surface", "m"),
    "load": ("Load On Sample", "N"),
    "time": ("Time On Sample", "s"),
}
_UNLOAD = re.compile(r"Cycle Unload Marker (?P<cycle>[1-9]\d{0,3})", re.ASCII)
_SEGMENT, _END = "Segment", "END"
_INPUTS = {
    "frame_stiffness": ("Frame Stiffness Correction", "N/m"),
    "poisson": ("Poissons Ratio", "1"),
    "corrected_drift": ("Perform Drift Correction", "1"),
}
_INPUT_SHEETS = ("Required Inputs", "Pre-Test Inputs", "Inputs Editable Post Test")
"""The later of two that say the same counts."""
_AGAIN = "Rows were removed or changed: copy the file again, or export it again from the instrument's program."


@dataclass(frozen=True)
class _Rows:
    """The rows of a test: the numbers, the rows that they stand in, and its markers by row."""

    arrays: Mapping[str, Array]
    rows: Sequence[int]
    markers: Mapping[int, str]


def _matches(raw: RawFile) -> bool:
    """Tell it by a header that its sheets share, in either width of letters."""
    header = _COLUMNS["depth"][0]
    return excel_binary.FORMAT.matches(raw) and any(
        header.encode(encoding) in raw.content for encoding in ("latin-1", "utf-16-le")
    )


def _read(raw: RawFile) -> Parsed:
    sheets = {sheet.name: sheet for sheet in excel_binary.workbook(raw)}
    tests = {int(match["number"]): sheet for name, sheet in sheets.items() if (match := _TEST.fullmatch(name))}
    if not tests:
        raise FileFormatError(raw.name, "", "a sheet 'Test 001'", ", ".join(sheets)[:80] or "none", _AGAIN)
    inputs = _inputs(raw.name, sheets)
    records: list[IndentationCurve] = []
    warnings: list[str] = []
    begins: dict[tuple[int, int], Mapping[str, float]] = {}
    for number in sorted(tests):
        found = _rows(raw.name, tests[number])
        place = _places(tests[number].name, found.rows)
        facts = inputs.get(number, {})
        records.append(
            record_of(
                raw.name, IndentationCurve, found.arrays, place, _AGAIN, test=f"{number}", corrected=True,
                frame_stiffness=facts.get("frame_stiffness"), poisson=facts.get("poisson"), drift_left=False,
            )
        )  # fmt: skip
        warnings += [*oddities(found.arrays, place, even=False), *_in_order(tests[number].name, found.markers)]
        begins |= {(number, cycle): point for cycle, point in _unloadings(found).items()}
    if "Results" in sheets:
        warnings += against_results(sheets["Results"], begins)
    missing = sorted(set(inputs) - set(tests))
    if missing:
        warnings.append(f"The inputs name tests {', '.join(map(str, missing))}, of which there is no sheet.")
    return Parsed(tuple(records), _metadata(sheets, inputs), tuple(warnings[:_MOST_TOLD]))


FORMAT = Format("Keysight nanoindentation workbook", _matches, _read, binary=True)
_MOST_TOLD = 6


def _places(sheet: str, rows: Sequence[int]) -> Place:
    return lambda point: f"sheet {sheet}, row {rows[point] + 1}"


def _damaged(file: str, sheet: Sheet, row: int, expected: str, found: str) -> FileFormatError:
    return FileFormatError(file, f"sheet {sheet.name[:40]}, row {row + 1}", expected, found[:80], _AGAIN)


def _rows(file: str, sheet: Sheet) -> _Rows:
    """Read a test: every row has all three numbers, and END stands below the last."""
    columns = {label: column for column, label in sheet.rows.get(0, {}).items()}
    where = {
        name: (_place_of(file, sheet, columns, label), *_unit(file, sheet, columns, name))
        for name, (label, _) in _COLUMNS.items()
    }
    segment = columns.get(_SEGMENT, -1)
    last = max(sheet.rows)
    if sheet.rows[last] != {segment: _END}:
        raise _damaged(file, sheet, last, "END below the last row", ", ".join(sheet.rows[last].values()))
    rows = [row for row in sorted(sheet.rows) if 1 < row < last]
    if rows != list(range(2, last)):
        gap = next(row for row in range(2, last) if row not in sheet.rows)
        raise _damaged(file, sheet, gap, "a row of numbers", "a blank one")
    arrays = {}
    for name, (column, factor) in where.items():
        values = [_number(file, sheet, row, column, _COLUMNS[name][0]) for row in rows]
        arrays[name] = factor * np.array(values)
    return _Rows(arrays, rows, {row: sheet.rows[row][segment] for row in rows if segment in sheet.rows[row]})


def _place_of(file: str, sheet: Sheet, columns: Mapping[str, int], label: str) -> int:
    if label not in columns:
        raise _damaged(file, sheet, 0, f"a column '{label}'", ", ".join(columns) or "none")
    return columns[label]


def _unit(file: str, sheet: Sheet, columns: Mapping[str, int], name: str) -> tuple[float]:
    """Return what the numbers below a unit are multiplied by."""
    label, wanted = _COLUMNS[name]
    printed = sheet.rows.get(1, {}).get(columns[label], "")
    try:
        if printed and units.same_dimension(printed, wanted):
            return (units.convert(1.0, printed, wanted),)
    except InputError:
        pass
    raise _damaged(file, sheet, 1, f"a unit like {wanted} under '{label}'", f"'{printed}'")


def _number(file: str, sheet: Sheet, row: int, column: int, label: str) -> float:
    said = sheet.rows[row].get(column, "")
    parsed = parse_number(said)
    if parsed is None:
        raise _damaged(file, sheet, row, f"a number under '{label}'", f"'{said}'" if said else "a blank")
    return parsed[0]


def _inputs(file: str, sheets: Mapping[str, Sheet]) -> dict[int, dict[str, float]]:
    """Return what the operator put in, by the number of the test."""
    found: dict[int, dict[str, float]] = {}
    for sheet in (sheets[name] for name in _INPUT_SHEETS if name in sheets):
        columns = {label: column for column, label in sheet.rows.get(0, {}).items()}
        for row, cells in sheet.rows.items():
            test = cells.get(columns.get("Test", -1), "")
            if row < 2 or not test.isdecimal():
                continue
            for name, (label, unit) in _INPUTS.items():
                if columns.get(label, -1) in cells:
                    printed = sheet.rows.get(1, {}).get(columns[label], "1")
                    if printed != unit:
                        raise _damaged(file, sheet, 1, f"the unit {unit} under '{label}'", f"'{printed}'")
                    found.setdefault(int(test), {})[name] = _number(file, sheet, row, columns[label], label)
    return found


def _unloadings(found: _Rows) -> dict[int, dict[str, float]]:
    """Return depth and load where each cycle's unloading begins."""
    marks = {row: match for row, text in found.markers.items() if (match := _UNLOAD.fullmatch(text))}
    return {
        int(match["cycle"]): {name: float(found.arrays[name][row - found.rows[0]]) for name in ("depth", "load")}
        for row, match in marks.items()
    }


def _in_order(sheet: str, markers: Mapping[int, str]) -> list[str]:
    """Warn where cycles do not begin and unload in turn."""
    expected = [
        f"Cycle {what} Marker {1 + k // 2}"
        for k, what in zip(range(len(markers)), ("Begin", "Unload") * len(markers), strict=False)
    ]
    told = [text for _, text in sorted(markers.items()) if text.startswith("Cycle")]
    if told and told != expected[: len(told)]:
        return [f"Sheet {sheet}: the markers of cycles do not follow each other, so rows are missing or were moved."]
    return []


def _metadata(sheets: Mapping[str, Sheet], inputs: Mapping[int, Mapping[str, float]]) -> dict[str, str]:
    """Return the conditions that all tests share."""
    found = {"Sheets": ", ".join(sheets)}
    for name, (label, unit) in _INPUTS.items():
        values = {facts[name] for facts in inputs.values() if name in facts}
        if len(values) == 1:
            found[label] = f"{values.pop():g} {unit}".removesuffix(" 1")
    results = sheets.get("Results")
    if results is not None:
        column = next((k for k, label in results.rows.get(0, {}).items() if label == "Tip Name"), -1)
        names = {cells[column] for row, cells in results.rows.items() if row > 1 and column in cells}
        if len(names) == 1:
            found["Tip Name"] = names.pop()
    return found
