"""TA Instruments' text, in UTF-16 from Universal Analysis: a header of names and values, then the signals' numbers.

``Nsig`` counts the signals, ``Sig1`` and so on name them with their units, in the program's language; the header may
stand twice, in two languages. Rows with a time of -1 or -2 are marks of the programme, not measurements; the last row
of a whole file is one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from lamion.formats import thermal
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.table import Row, parse_number, rows
from lamion.formats.text import TextLine
from lamion.quantities import FileFormatError

Array = NDArray[np.float64]
_LOOKED_AT = 200
_SIGNAL = re.compile(r"(?P<what>.*?)\s*\((?P<unit>[^()]*)\)\s*")
_MARKS = (-1.0, -2.0)
_START = "StartOfData"
_MOST_SIGNALS = 40
_MASS_UNITS = {"mg": 1e-6, "g": 1e-3, "ug": 1e-9, "\u00b5g": 1e-9}


def _matches(raw: RawFile) -> bool:
    names = {line.text.partition("\t")[0] for line in raw.text.lines[:_LOOKED_AT]}
    return {"Nsig", "Sig1", "Sig2"} <= names


def _read(raw: RawFile) -> Parsed:
    lines = [line for line in raw.text.lines if line.text.strip()]
    header, begin = _header(raw.name, lines)
    signals = _signals(raw.name, header)
    if begin == len(lines):
        raise FileFormatError(raw.name, "", "rows of numbers below the header", "none", thermal.AGAIN)
    table = rows(raw.name, lines[begin:], " ", len(signals))
    numbers = _numbers(raw.name, table)
    places = _columns(raw.name, signals)
    clock = places["time"][0]
    marked = np.isin(numbers[:, clock], _MARKS)
    kept = np.flatnonzero(~marked)
    arrays = {key: factor * numbers[kept, at] + offset for key, (at, factor, offset) in places.items()}
    record, odd = thermal.curve(
        raw.name,
        arrays,
        lambda row: f"line {table[kept[row]].number}",
        sample_mass=_sample_mass(header),
        exothermic={"up": "up", "down": "down"}.get(header.get("Exotherm", "").lower()),
    )
    marks = int(np.sum(marked))
    warnings = [*_two_languages(lines), *odd]
    if marks and not marked[-1]:
        warnings.append("The file does not end with a mark of the programme: it was cut, or lines were removed.")
    if not raw.text.terminated:
        warnings.append("The last line has no line end: the file may have been cut, and its last number with it.")
    return Parsed((record,), header, tuple(warnings))


FORMAT = Format("TA Instruments text", _matches, _read)


def _header(file: str, lines: Sequence[TextLine]) -> tuple[dict[str, str], int]:
    """Return the header, the last language's where it stands in several, and where the numbers begin."""
    header: dict[str, str] = {}
    for place, line in enumerate(lines):
        cells = line.text.split()
        if "\t" not in line.text and len(cells) > 1 and all(parse_number(cell) is not None for cell in cells):
            return header, place
        name, tab, value = line.text.partition("\t")
        if line.text.strip() == _START:
            return header, place + 1
        if not tab and place and not name[:1].isalpha():
            raise FileFormatError(file, f"line {line.number}", "a name and a value", f"'{name[:40]}'", thermal.AGAIN)
        key = name.strip()
        if key == "OrgMethod" and header.get(key):
            continue
        if value.strip() or key not in header:
            header[key] = " ".join(value.split())
    return header, len(lines)


def _two_languages(lines: Sequence[TextLine]) -> list[str]:
    """Say where the same entry has two numbers in the header's two languages."""
    said = []
    for name in ("Size", "Nsig"):
        found = {
            " ".join(line.text.split("\t")[1:]) for line in lines[:_LOOKED_AT] if line.text.startswith(f"{name}\t")
        }
        if len(found) > 1:
            said.append(f"The header says twice what '{name}' is, and not the same: a number was changed.")
    return said


def _signals(file: str, header: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what each signal is, and its unit."""
    declared = header.get("Nsig", "")
    count = int(declared) if declared.isascii() and declared.isdecimal() and len(declared) < 4 else 0
    if not 2 <= count <= _MOST_SIGNALS:
        raise FileFormatError(file, "", "the number of signals behind 'Nsig'", f"'{declared[:20]}'", thermal.AGAIN)
    found = []
    for number in range(1, count + 1):
        match = _SIGNAL.fullmatch(header.get(f"Sig{number}", ""))
        if match is None:
            said = header.get(f"Sig{number}", "nothing")[:40]
            raise FileFormatError(file, "", f"a signal and its unit behind 'Sig{number}'", f"'{said}'", thermal.AGAIN)
        found.append((match["what"], thermal.plain_unit(match["unit"])))
    if f"Sig{count + 1}" in header:
        expected, seen = f"{count} signals, as 'Nsig' says", f"a 'Sig{count + 1}' as well"
        raise FileFormatError(file, "", expected, seen, thermal.AGAIN)
    return found


def _columns(file: str, signals: Sequence[tuple[str, str]]) -> dict[str, tuple[int, float, float]]:
    """Return where each column of the record stands, by its unit; the first of several."""
    found: dict[str, tuple[int, float, float]] = {}
    for place, (_, unit) in enumerate(signals):
        if unit in thermal.UNITS:
            key, factor, offset = thermal.UNITS[unit]
            found.setdefault(key, (place, factor, offset))
    measured = set(found) - {"time", "temperature"}
    if not {"time", "temperature"} <= set(found) or not measured:
        expected = "signals with a time, a temperature and a heat flow or a mass by their units"
        said = ", ".join(f"{what} ({unit})" for what, unit in signals)
        raise FileFormatError(file, "", expected, said[:120], thermal.AGAIN)
    return found


def _numbers(file: str, table: Sequence[Row]) -> Array:
    """Return every cell as a number; a file has one decimal mark throughout."""
    cells = [cell for row in table for cell in row.cells]
    comma = any("," in cell for cell in cells)
    if comma and any("." in cell for cell in cells):
        found = next(row for row in table if any("," in cell for cell in row.cells))
        raise FileFormatError(
            file, f"line {found.number}", "decimal points or decimal commas throughout", "both", thermal.AGAIN
        )
    out = np.empty((len(table), len(table[0].cells)))
    for place, row in enumerate(table):
        for column, cell in enumerate(row.cells):
            parsed = parse_number(cell.replace(",", ".") if comma else cell)
            if parsed is None:
                raise FileFormatError(file, f"line {row.number}", "a number", f"'{cell[:30]}'", thermal.AGAIN)
            out[place, column] = parsed[0]
    return out


def _sample_mass(header: Mapping[str, str]) -> float | None:
    size, _, unit = header.get("Size", "").partition(" ")
    parsed = parse_number(size.replace(",", "."))
    if parsed is None or unit.strip() not in _MASS_UNITS or parsed[0] <= 0.0:
        return None
    return parsed[0] * _MASS_UNITS[unit.strip()]
