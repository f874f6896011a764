"""What a Keysight workbook says twice: depth and load where an unloading begins, in its rows and in its results."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lamion.formats.sheets import Sheet
from lamion.formats.table import parse_number
from lamion.quantities import InputError, units

_CYCLE = re.compile(r"(?P<test>[1-9]\d{0,5})-(?P<cycle>[1-9]\d{0,3})", re.ASCII)
_COLUMNS = {"depth": ("Displacement", "m"), "load": ("Load", "N"), "stiffness": ("Stiffness", "N/m")}
_ROUNDING = 0.51
"""Of a unit of the last printed digit."""
_LEAST, _MOST = 0.5, 200.0
"""Stiffness times depth over load: 1 for a spring, 1.5 to 20 for a contact."""

Point = Mapping[str, float]


def against_results(sheet: Sheet, points: Mapping[tuple[int, int], Point]) -> Iterator[str]:
    """Hold the rows in which unloadings begin against the vendor's results.

    Parameters
    ----------
    sheet : Sheet
        Of results.
    points : Mapping of (int, int) to Mapping
        Depth and load in SI by test and cycle.

    Yields
    ------
    str
        A whole sentence.
    """
    columns = {label: column for column, label in sheet.rows.get(0, {}).items()}
    known = {name: columns[label] for name, (label, _) in _COLUMNS.items() if label in columns}
    if "Test" not in columns or not known:
        return
    factors = {name: _factor(sheet, name, column) for name, column in known.items()}
    digits = {name: _digits(sheet, column) for name, column in known.items()}
    for cells in sheet.rows.values():
        match = _CYCLE.fullmatch(cells.get(columns["Test"], ""))
        point = None if match is None else points.get((int(match["test"]), int(match["cycle"])))
        if match is None or point is None:
            continue
        where = f"Test {match['test']}, cycle {match['cycle']}"
        for name in ("depth", "load"):
            said = parse_number(cells.get(known.get(name, -1), ""))
            factor = factors.get(name)
            if said is None or factor is None:
                continue
            if abs(said[0] * factor - point[name]) > _ROUNDING * factor * 10.0 ** digits[name]:
                yield (
                    f"{where}: the {name} where the unloading begins is {point[name] / factor:.7g} in its rows and "
                    f"{said[0]:g} in the results, so one of them was changed."
                )
        stiffness = parse_number(cells.get(known.get("stiffness", -1), ""))
        if stiffness is not None and (factor := factors.get("stiffness")) and point["load"] > 0:
            share = stiffness[0] * factor * point["depth"] / point["load"]
            if not _LEAST < share < _MOST:
                yield (
                    f"{where}: depth, load and the stiffness of the results cannot belong together, so a number or a "
                    "unit was changed."
                )


def _factor(sheet: Sheet, name: str, column: int) -> float | None:
    """Return what a column of the results is multiplied by to be in SI; None of a unit that is none of its kind."""
    printed, wanted = sheet.rows.get(1, {}).get(column, ""), _COLUMNS[name][1]
    try:
        return units.convert(1.0, printed, wanted) if units.same_dimension(printed, wanted) else None
    except InputError:
        return None


def _digits(sheet: Sheet, column: int) -> int:
    """Return the power of ten of the last digit to which a column is printed: numbers may have lost their zeros."""
    found = [parse_number(cells[column]) for row, cells in sheet.rows.items() if row > 1 and column in cells]
    return min((one[1] for one in found if one is not None), default=0)
