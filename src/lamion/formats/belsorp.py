"""BELSORP's text (.DAT): headings between lines of equals signs, settings in quotes, a table for each branch.

A row of zeros ends each table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.isotherms import Conditions, isotherm_of, moles_per_kilogram, of_saturation, pascals
from lamion.formats.powder import line_of
from lamion.formats.side_columns import Layout, check_counting
from lamion.formats.table import Row, headers, parse_number
from lamion.formats.text import TextLine
from lamion.quantities import FileFormatError

Array = NDArray[np.float64]
_RULE = re.compile(r"=+\s*")
_SETTING = re.compile(r'"(?P<name>[^"]{1,60}):"\t(?P<value>.*)')
_HEADINGS = {"Adsorption data": 0.0, "Desorption data": 1.0}
_NUMBER, _PRESSURE, _SATURATION, _VOLUME = "No.", "Pe/", "P0/", "V/"
_SHOWN = {"Date of measurement": "Date", "Comment1": "Sample", "Instrument S/N": "Instrument"}
_LOOKED_AT = 200
_AGAIN = "Lines were removed or changed: export the file again."


def _matches(raw: RawFile) -> bool:
    top = [line.text.strip() for line in raw.text.lines[:_LOOKED_AT]]
    return any(line.startswith('"Adsorptive:"') for line in top) and "Adsorption data" in top


def _read(raw: RawFile) -> Parsed:
    settings, tables = _parts(raw)
    columns: dict[str, list[Array]] = {"loading": [], "pressure": [], "relative": [], "desorption": []}
    lines: list[int] = []
    odd: list[str] = []
    saturation = None
    for branch, table in tables.items():
        if len(table) < 2:
            continue
        layout = Layout(headers(table[0].text, "\t"), "\t")
        rows, ended = _to_the_end(layout.rows(raw.name, table[1:]))
        if not ended:
            odd.append(f"Line {rows[-1].number}: the row of zeros that ends a table is missing, so lines may be too.")
        pressure, saturated, volume = (
            _column(raw.name, layout, rows, start) for start in (_PRESSURE, _SATURATION, _VOLUME)
        )
        if (saturated <= 0.0).any():
            raise FileFormatError(
                raw.name, f"line {rows[0].number}", "saturation pressures above zero", "others", _AGAIN
            )
        odd += of_saturation(saturated, line_of(rows))
        odd += check_counting(rows, layout.column(raw.name, rows, _NUMBER))
        columns["loading"].append(volume)
        columns["pressure"].append(pressure)
        columns["relative"].append(pressure / saturated)
        columns["desorption"].append(np.full(len(rows), branch))
        lines += [row.number for row in rows]
        saturation = float(np.median(saturated)) if saturation is None else saturation
    if not lines:
        raise FileFormatError(raw.name, "", "a table below 'Adsorption data'", "none", _AGAIN)
    arrays = {name: np.concatenate(parts) for name, parts in columns.items()}
    known = Conditions(settings.get("Adsorptive"), _setting(settings, "Meas. Temp./K"), saturation)
    record, more = isotherm_of(raw.name, arrays, lambda row: f"line {lines[row]}", known, _AGAIN)
    if not raw.text.terminated:
        more.append(f"Line {lines[-1]}, the last one, has no line end: its last number may have been cut.")
    metadata = {name: settings[key] for key, name in _SHOWN.items() if settings.get(key)}
    return Parsed((record,), metadata, (*odd, *more))


FORMAT = Format("BELSORP text (.DAT)", _matches, _read)


def _parts(raw: RawFile) -> tuple[dict[str, str], dict[float, list[TextLine]]]:
    """Return the settings, and the lines of the table of each branch."""
    settings: dict[str, str] = {}
    tables: dict[float, list[TextLine]] = {}
    own: list[TextLine] | None = None
    for line in raw.text.lines:
        text = line.text.strip()
        if not text or _RULE.fullmatch(text):
            continue
        if text in _HEADINGS:
            own = tables.setdefault(_HEADINGS[text], [])
            if own:
                raise FileFormatError(raw.name, f"line {line.number}", f"'{text}' once", "it twice", _AGAIN)
        elif match := _SETTING.fullmatch(line.text.strip()):
            settings[match["name"]] = match["value"].strip().strip('"')
            own = None
        elif own is not None and (text.startswith('"') == (not own)):
            own.append(line)
        elif own is not None or text[:1].isdigit():
            raise FileFormatError(raw.name, f"line {line.number}", "a row below its headers", f"'{text[:40]}'", _AGAIN)
    return settings, tables


def _to_the_end(rows: tuple[Row, ...]) -> tuple[tuple[Row, ...], bool]:
    """Return a table's rows without the row of zeros that ends it, and whether it had one."""
    ended = len(rows) > 1 and all(set(cell) <= set("0.") and cell for cell in rows[-1].cells)
    return (rows[:-1], True) if ended else (rows, False)


def _column(file: str, layout: Layout, rows: Sequence[Row], start: str) -> Array:
    """Return the column whose header begins so, in Pa or mol/kg by the unit behind it."""
    label = next((one for one in layout.labels if one.startswith(start)), None)
    unit = "" if label is None else label.partition("/")[2]
    factor = moles_per_kilogram(unit) if start == _VOLUME else pascals(unit)
    column = None if label is None else layout.column(file, rows, label)
    if column is None or factor is None:
        found = ", ".join(layout.labels)[:80]
        raise FileFormatError(file, "", f"a column '{start}' with a unit that lamion knows", found, _AGAIN)
    return np.asarray(factor * column.values)


def _setting(settings: Mapping[str, str], name: str) -> float | None:
    parsed = parse_number(settings.get(name, ""))
    return None if parsed is None else parsed[0]
