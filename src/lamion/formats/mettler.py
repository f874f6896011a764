"""Mettler Toledo STARe's text: curves with a name, the columns of their values, and the results behind them.

Each curve is a table of an index that counts from zero, the time, the temperatures of sample and reference, and the
value, whose unit says what it is. The results with the sample's mass stand behind the last.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lamion.formats import thermal
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.side_columns import Layout, check_counting
from lamion.formats.spectrometer import Place
from lamion.formats.table import Row
from lamion.formats.text import TextLine
from lamion.quantities import FileFormatError
from lamion.records.thermal import ThermalCurve

Array = NDArray[np.float64]
_NAME, _VALUES, _RESULTS = "Curve Name:", "Curve Values:", "Results:"
_COLUMNS = ("Index", "t", "Ts", "Tr", "Value")
_NEEDED = ("Index", "t", "Ts", "Value")
_UNIT = re.compile(r"\[([^\[\]]*)\]")
_MASS = re.compile(r"^\s*(?P<sample>\S.*?),\s*(?P<mass>\d+(?:[.,]\d+)?)\s*(?P<unit>u|\u00b5|m)?g\s*$")
_MASS_UNITS = {"u": 1e-9, "\u00b5": 1e-9, "m": 1e-6, None: 1e-3}
_ARROW = re.compile(r"\^\s*(?P<way>exo|endo)", re.IGNORECASE)


def _matches(raw: RawFile) -> bool:
    found = {line.text.strip() for line in raw.text.lines}
    return _VALUES in found and (_NAME in found or _RESULTS in found)


def _read(raw: RawFile) -> Parsed:
    lines = [line for line in raw.text.lines if line.text.strip()]
    starts = [place for place, line in enumerate(lines) if line.text.strip() == _VALUES]
    mass, metadata = _sample(lines)
    records: list[ThermalCurve] = []
    warnings: list[str] = []
    for place in starts:
        record, odd = _curve(raw, lines, place, mass)
        records.append(record)
        warnings += odd
    if not any(line.text.strip() == _RESULTS for line in lines[starts[-1] :]):
        warnings.append(f"The file has no '{_RESULTS}' behind its last curve: it was cut, or lines were removed.")
    return Parsed(tuple(records), metadata, tuple(warnings))


FORMAT = Format("Mettler STARe text", _matches, _read)


def _sample(lines: Sequence[TextLine]) -> tuple[float | None, dict[str, str]]:
    """Return the sample's mass in kg and what stands around the curves."""
    metadata: dict[str, str] = {}
    for line, below in pairwise(lines):
        if line.text.strip() == _NAME:
            metadata.setdefault("Curve Name", below.text.strip())
        if below.text.strip().startswith("Performed"):
            metadata.setdefault("Date", below.text.strip().removeprefix("Performed").strip())
    where = next((k for k, line in enumerate(lines) if line.text.strip() == "Sample:"), len(lines))
    match = next((found for line in lines[where:] if (found := _MASS.match(line.text))), None)
    if match is None:
        return None, metadata
    metadata["Sample"] = match["sample"]
    return float(match["mass"].replace(",", ".")) * _MASS_UNITS[match["unit"]], metadata


def _curve(raw: RawFile, lines: Sequence[TextLine], place: int, mass: float | None) -> tuple[ThermalCurve, list[str]]:
    titles, body = _titles(raw.name, lines, place), _body(lines, place + 3)
    if not body:
        raise FileFormatError(raw.name, f"line {lines[place].number}", "rows of numbers", "none", thermal.AGAIN)
    layout = Layout(tuple(titles), " ")
    table = layout.rows(raw.name, body)
    arrays = {}
    for label, unit in titles.items():
        found = layout.column(raw.name, table, label)  # every cell is a number, those of the reference, too
        assert found is not None  # noqa: S101  the layout's own
        if label in _NEEDED[1:]:
            key, factor, offset = thermal.UNITS[unit]
            arrays[key] = factor * found.values + offset
    way = next((m["way"].lower() for line in lines if (m := _ARROW.search(line.text))), None)
    exothermic = {"exo": "up", "endo": "down"}.get(way or "")
    record, odd = thermal.curve(raw.name, arrays, _place(table), sample_mass=mass, exothermic=exothermic)
    index = layout.column(raw.name, table, "Index")
    counted = check_counting(table, index)
    if index is not None and index.values[0] != 0.0:
        counted.append(f"Line {table[0].number}: the first index is {index.values[0]:g}, so lines are missing.")
    if raw.text.lines[-1].number == table[-1].number and not raw.text.terminated:
        counted.append(f"Line {table[-1].number} has no line end: the file was cut, and its last number with it.")
    return record, [*counted, *odd]


def _place(table: Sequence[Row]) -> Place:
    return lambda row: f"line {table[row].number}"


def _titles(file: str, lines: Sequence[TextLine], place: int) -> dict[str, str]:
    """Return the columns of a curve with their units, the index without."""
    where = f"line {lines[place].number}"
    if place + 2 >= len(lines):
        raise FileFormatError(file, where, "columns and units below it", "the end of the file", thermal.AGAIN)
    labels, units = lines[place + 1].text.split(), [
        thermal.plain_unit(unit) for unit in _UNIT.findall(lines[place + 2].text)
    ]  # fmt: skip
    if len(set(labels)) < len(labels) or not set(_NEEDED) <= set(labels) <= set(_COLUMNS):
        found = f"'{' '.join(labels)[:60]}'"
        raise FileFormatError(file, f"line {lines[place + 1].number}", f"columns '{' '.join(_COLUMNS)}'", found,
                              thermal.AGAIN)  # fmt: skip
    measured = [label for label in labels if label != "Index"]
    if len(units) != len(measured):
        expected, found = f"a unit in brackets for each of {', '.join(measured)}", f"{len(units)}"
        raise FileFormatError(file, f"line {lines[place + 2].number}", expected, found, thermal.AGAIN)
    said = dict(zip(measured, units, strict=True))
    kinds = {label: thermal.UNITS.get(unit, ("",))[0] for label, unit in said.items()}
    wanted = kinds["t"] == "time" and kinds["Ts"] == "temperature" and kinds["Value"] not in ("", "time", "temperature")
    if not wanted:
        expected = "units of a time, a temperature and a heat flow or a mass"
        found = ", ".join(f"{label} in '{said[label]}'" for label in _NEEDED[1:])
        raise FileFormatError(file, f"line {lines[place + 2].number}", expected, found[:100], thermal.AGAIN)
    return {label: said.get(label, "") for label in labels}


def _body(lines: Sequence[TextLine], start: int) -> list[TextLine]:
    """Return the rows of a curve: up to the next heading."""
    stops = (_NAME, _RESULTS, _VALUES)
    stop = next((k for k, line in enumerate(lines[start:], start) if line.text.strip() in stops), len(lines))
    return list(lines[start:stop])
