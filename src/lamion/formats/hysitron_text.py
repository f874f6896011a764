"""Hysitron's text: how many points, then depth, load and time with the volts that they were made of.

Blank lines part the segments of the load. Area function, compliance and drift are not in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lamion.formats import evidence
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.headers import Heading, Meaning
from lamion.formats.indenter import against_volts, oddities
from lamion.formats.side_columns import Layout, check_count
from lamion.formats.spectrometer import Place, record_of
from lamion.formats.table import Row, headers
from lamion.formats.text import Text, TextLine
from lamion.quantities import FileFormatError
from lamion.records.mechanics import IndentationCurve

Array = NDArray[np.float64]
_COUNT = re.compile(r"\s*Number of Points\s*=\s*(?P<count>\d{1,8})\s*", re.ASCII)
_MICRO = "[\u00b5\u03bc]"
_HEADERS = {
    "depth": (re.compile(r"Depth \(nm\)"), 1e-9),
    "load": (re.compile(rf"Load \({_MICRO}N\)"), 1e-6),
    "time": (re.compile(r"Time \(s\)"), 1.0),
}
_VOLTS = {"depth": "Depth (V)", "load": "Load (V)"}
_LOOKED_AT = 12
_AGAIN = "Lines were removed or changed: export the file again from the instrument's program."


def _matches(raw: RawFile) -> bool:
    return _titles(raw.text) is not None


def _read(raw: RawFile) -> Parsed:
    text = raw.text
    found = _titles(text)
    if found is None:
        raise FileFormatError(raw.name, "", "'Number of Points' above 'Depth (nm)'", "neither", _AGAIN)
    declared, line = found
    layout = Layout(headers(line.text, "\t"), "\t")
    body = text.lines[line.number :]
    table = layout.rows(raw.name, body)
    place = _places(table)
    arrays = {name: _column(raw.name, layout, table, name) for name in _HEADERS}
    record = record_of(raw.name, IndentationCurve, arrays, place, _AGAIN)
    warnings = check_count(raw.name, f"line {declared[0]}", declared[1], len(table))
    warnings += oddities(arrays, place)
    for name, volts in _VOLTS.items():
        beside = layout.column(raw.name, table, volts)
        if beside is not None:
            warnings += against_volts(name, arrays[name], beside.values, place)
    if not text.terminated:
        warnings.append(
            evidence.check_last_line(raw.name, table, {Meaning.REAL: Heading(Meaning.REAL, len(layout.labels) - 1, "")})
        )
    metadata = {"Date": date} if (date := text.line(1).strip()) and line.number > 2 and "=" not in date else {}
    segments = sum(bool(one.text.strip()) and not before.text.strip() for before, one in pairwise(body))
    return Parsed((record,), {**metadata, "Segments": f"{segments + 1}"}, tuple(warnings))


FORMAT = Format("Hysitron text", _matches, _read)


def _titles(text: Text) -> tuple[tuple[int, int], TextLine] | None:
    """Return line and number of the points that are declared, and the line of column headers."""
    count: tuple[int, int] | None = None
    for line in text.lines[:_LOOKED_AT]:
        match = _COUNT.fullmatch(line.text)
        if match is not None:
            count = (line.number, int(match["count"]))
        if count is not None and _HEADERS["depth"][0].match(line.text):
            return count, line
    return None


def _places(table: Sequence[Row]) -> Place:
    return lambda row: f"line {table[row].number}"


def _column(file: str, layout: Layout, table: Sequence[Row], name: str) -> Array:
    pattern, unit = _HEADERS[name]
    label = next((label for label in layout.labels if pattern.fullmatch(label)), None)
    found = None if label is None else layout.column(file, table, label)
    if found is None:
        raise FileFormatError(
            file,
            "",
            f"a column '{pattern.pattern}'".replace("\\", "").replace(_MICRO, "\u00b5"),
            ", ".join(layout.labels)[:80],
            _AGAIN,
        )
    return np.asarray(found.values * unit)
