"""Micromeritics' report (.xls of 3Flex, ASAP, TriStar): blocks beside each other on one sheet, a bar between them.

The block ``Isotherm Tabular Report`` has relative pressure and quantity adsorbed, raised first, then lowered. Where the
report holds the block ``Isotherm Linear Plot``, which has both branches apart, each row is compared with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from lamion.formats import excel_binary
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.isotherms import Conditions, isotherm_of, moles_per_kilogram, pascals
from lamion.formats.sheets import Sheet
from lamion.formats.table import parse_number
from lamion.quantities import FileFormatError

Array = NDArray[np.float64]
_BAR = "|"
_TABLE, _PLOT = "Isotherm Tabular Report", "Isotherm Linear Plot"
_RELATIVE, _QUANTITY, _SATURATION = "Relative Pressure", "Quantity Adsorbed", "Saturation Pressure"
_UNIT = re.compile(r"[^(]*\((?P<unit>[^)]+)\)(?P<more>.*)")
_TEMPERATURE = re.compile(r"(?P<number>-?\d+(?:\.\d+)?)\s*(?P<unit>K|\u00b0C)", re.ASCII)
_SHOWN = {"Sample:": "Sample", "Operator:": "Operator", "Started:": "Date"}
_SAME = 1e-6
"""Relative: two blocks of one report."""
_AGAIN = "Cells were removed or changed: save the report again from the instrument's program."


def _matches(raw: RawFile) -> bool:
    """Tell it by the names of its blocks, in either width of letters."""
    return excel_binary.FORMAT.matches(raw) and any(
        _TABLE.encode(one) in raw.content for one in ("latin-1", "utf-16-le")
    )


def _read(raw: RawFile) -> Parsed:
    for sheet in excel_binary.workbook(raw):
        blocks = _blocks(sheet)
        if _TABLE in blocks:
            return _report(raw.name, sheet, blocks)
    raise FileFormatError(raw.name, "", f"a block '{_TABLE}'", "none", "Save the report with its isotherm as a table.")


FORMAT = Format("Micromeritics report", _matches, _read, binary=True)


def _blocks(sheet: Sheet) -> dict[str, tuple[int, int, int]]:
    """Return the row of each block's name, its first column and the one behind its last; the first of a name."""
    bars = sorted({column for row in sheet.rows.values() for column, text in row.items() if text == _BAR})
    found: dict[str, tuple[int, int, int]] = {}
    for row, cells in sorted(sheet.rows.items()):
        for column, text in cells.items():
            if text in (_TABLE, _PLOT):
                end = next((bar for bar in bars if bar > column), column + 8)
                found.setdefault(text, (row, column, end))
    return found


def _report(file: str, sheet: Sheet, blocks: Mapping[str, tuple[int, int, int]]) -> Parsed:
    labels, rows = _below(file, sheet, blocks[_TABLE])
    x, quantity = (_labelled(file, labels, name) for name in (_RELATIVE, _QUANTITY))
    relative, loading = (_column(file, rows, column) for column in (x, quantity))
    factor = moles_per_kilogram(_unit(labels[quantity]))
    if factor is None:
        raise FileFormatError(
            file, "", "a unit of the quantity that lamion knows", f"'{labels[quantity][:40]}'", _AGAIN
        )
    top = int(np.argmax(relative))
    columns = {
        "relative": relative,
        "loading": factor * loading,
        "desorption": (np.arange(len(relative)) > top).astype(np.float64),
    }
    said = _said(sheet, blocks[_TABLE])
    known = Conditions(
        said.get("Analysis adsorptive:"), _kelvin(said), _saturation(file, sheet, blocks[_TABLE], labels)
    )
    record, odd = isotherm_of(file, columns, lambda point: f"row {rows[point][0] + 1}", known, _AGAIN)
    if _PLOT in blocks:
        _compare(file, sheet, blocks[_PLOT], relative, loading)
    else:
        odd.append(f"The report has no block '{_PLOT}', so its rows are compared with nothing.")
    metadata = {name: said[key] for key, name in _SHOWN.items() if said.get(key)}
    return Parsed((record,), metadata, tuple(odd))


Rows = list[tuple[int, dict[int, str]]]


def _below(file: str, sheet: Sheet, block: tuple[int, int, int]) -> tuple[dict[int, str], Rows]:
    """Return a block's headers by column, and the rows of its first pair of columns below them."""
    top, first, end = block
    header = next(
        (
            r
            for r in sorted(sheet.rows)
            if r > top
            and any(text.startswith(_RELATIVE) for column, text in sheet.rows[r].items() if first <= column < end)
        ),
        None,
    )
    if header is None:
        raise FileFormatError(file, f"row {top + 1}", f"a column '{_RELATIVE}' below the block's name", "none", _AGAIN)
    labels = {column: text for column, text in sheet.rows[header].items() if first <= column < end}
    rows: Rows = []
    for row in sorted(r for r in sheet.rows if r > header):
        cells = {column: text for column, text in sheet.rows[row].items() if first <= column < end}
        if cells:
            rows.append((row, cells))
    return labels, rows


def _labelled(file: str, labels: Mapping[int, str], start: str) -> int:
    found = [column for column, text in sorted(labels.items()) if text.startswith(start)]
    if len(found) != 1:
        raise FileFormatError(file, "", f"one column '{start}'", f"{len(found)}", _AGAIN)
    return found[0]


def _column(file: str, rows: Rows, column: int) -> Array:
    """Return the numbers of a column; a row that has only others, such as the saturation pressure, is taken out."""
    kept = [(row, cells) for row, cells in rows if column in cells]
    rows[:] = [(row, cells) for row, cells in rows if len(cells) > 1 or column in cells]
    found = []
    for row, cells in kept:
        parsed = parse_number(cells[column])
        if parsed is None:
            raise FileFormatError(file, f"row {row + 1}", "a number", f"'{cells[column][:30]}'", _AGAIN)
        found.append(parsed[0])
    if not found or len(found) != len(rows):
        expected = "both columns filled in every row"
        raise FileFormatError(file, "", expected, f"{len(found)} of {len(rows)} numbers", _AGAIN)
    return np.array(found, dtype=np.float64)


def _unit(label: str) -> str:
    match = _UNIT.fullmatch(label)
    return "" if match is None else f"{match['unit']}{match['more']}"


def _said(sheet: Sheet, block: tuple[int, int, int]) -> dict[str, str]:
    """Return what stands beside names that end in a colon, above a block."""
    top, first, end = block
    found: dict[str, str] = {}
    for row in sorted(r for r in sheet.rows if r < top):
        cells = sheet.rows[row]
        for column, text in cells.items():
            if first <= column < end and text.endswith(":") and column + 1 in cells and column + 1 < end:
                found.setdefault(text, cells[column + 1])
    return found


def _kelvin(said: Mapping[str, str]) -> float | None:
    match = _TEMPERATURE.fullmatch(said.get("Analysis bath temp.:", ""))
    if match is None:
        return None
    return float(match["number"]) + (0.0 if match["unit"] == "K" else 273.15)


def _saturation(file: str, sheet: Sheet, block: tuple[int, int, int], labels: Mapping[int, str]) -> float | None:
    """Return the first saturation pressure of the table, Pa."""
    column = next((one for one, text in labels.items() if text.startswith(_SATURATION)), None)
    if column is None:
        return None
    factor = pascals(_unit(labels[column]))
    rows = (cells for row, cells in sorted(sheet.rows.items()) if row > block[0] + 1)
    numbers = [parsed for cells in rows if (parsed := parse_number(cells.get(column, ""))) is not None]
    return None if factor is None or not numbers else factor * numbers[0][0]


def _compare(file: str, sheet: Sheet, block: tuple[int, int, int], relative: Array, loading: Array) -> None:
    """Compare the table with the plot's branches, which stand in two pairs of columns."""
    labels, rows = _below(file, sheet, block)
    columns = [column for column, text in sorted(labels.items()) if text.startswith((_RELATIVE, _QUANTITY))]
    found: list[tuple[float, float]] = []
    for x, y in zip(columns[::2], columns[1::2], strict=False):
        pairs = [(parse_number(cells.get(x, "")), parse_number(cells.get(y, ""))) for _, cells in rows]
        branch = [(one[0], two[0]) for one, two in pairs if one is not None and two is not None]
        found += (
            branch[1:] if found and branch and branch[0] == found[-1] else branch
        )  # where they part it stands twice
    other = np.array(found, dtype=np.float64).reshape(-1, 2)
    if len(other) != len(relative):
        raise FileFormatError(
            file, "", f"{len(relative)} points in '{_PLOT}', as in the table", f"{len(other)}", _AGAIN
        )
    own = np.stack([relative, loading], axis=1)
    wrong = np.flatnonzero(np.any(np.abs(own - other) > _SAME * np.abs(own), axis=1))
    if len(wrong):
        at = int(wrong[0])
        said = f"point {at + 1} at {other[at, 0]:.6g} with {other[at, 1]:.6g}, as '{_PLOT}' has it"
        raise FileFormatError(file, "", said, f"{own[at, 0]:.6g} with {own[at, 1]:.6g}", _AGAIN)
