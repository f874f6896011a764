"""Tables of every kind that is declared by its columns, in :mod:`lamion.records.measurements` or by a plug-in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from lamion.formats.channel import channel_warnings, duration_warnings
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.pooled import pooled
from lamion.formats.spectrometer import oddities
from lamion.formats.table import headers
from lamion.formats.table_reader import Columns, Head, Title, bare_head, find_head, is_number, read_tables, titles_of
from lamion.quantities import FileFormatError
from lamion.records import measurements
from lamion.records.column import HeaderError, converted, named
from lamion.records.record import KINDS, Table, area_of, violation, with_article
from lamion.records.spectrum import RamanSpectrum
from lamion.registry import plug_ins

Array = NDArray[np.float64]
_LOOKED_AT = 3
LARGEST = 8 * 2**30
"""Bytes of a table; a cycler may write for months."""


def kinds() -> list[type[Table]]:
    """Return every kind: those that need more columns first, then lamion's own, then in the order of declaration."""
    plug_ins("lamion.records")  # their import declares them
    own = measurements.__name__
    return sorted(KINDS.values(), key=lambda kind: (-_needed(kind), kind.__module__ != own))


def _needed(kind: type[Table]) -> int:
    return sum(column.needed for column in kind.kind.columns.values())


def format_of(kind: type[Table]) -> Format:
    """Return the format of the tables of a kind.

    Parameters
    ----------
    kind : type
        Declared by its columns.
    """
    return Format(
        f"table of {kind.kind.table}",
        lambda raw: _tells(raw, kind),
        lambda raw: _read(raw, kind, find_head(raw, kind.kind) or bare_head(raw, kind.kind.columns)),
        largest=LARGEST,
        kinds=(kind.kind.key,),
    )


def _tells(raw: RawFile, kind: type[Table]) -> bool:
    """Tell whether a table is of the kind and of no other with its needed columns; numbers tell it, not words."""
    head = find_head(raw, kind.kind)
    if head is None or not kind.kind.told_by:
        return head is not None
    rows = [headers(line.text, head.separator) for line in raw.top.text.lines[head.line : head.line + _LOOKED_AT]]
    places = [k for k, label in enumerate(head.labels) if named(label, kind.kind.columns) in kind.kind.told_by]
    return any(is_number(row[place]) for row in rows for place in places if place < len(row))


def _read(raw: RawFile, kind: type[Table], head: Head) -> Parsed:
    return read_titles(raw, kind, head, titles_of(raw.name, head, kind.kind.columns))


def read_titles(raw: RawFile, kind: type[Table], head: Head, titles: Mapping[str, Title]) -> Parsed:
    """Read the tables below some headers by the columns that are told.

    Parameters
    ----------
    raw : RawFile
        A text file.
    kind : type
        Of record.
    head : Head
        Its headers.
    titles : Mapping of str to Title
        Its columns.
    """
    return _parsed(raw, kind, head, titles, *read_tables(raw, head, titles))


def of_arrays(raw: RawFile, kind: type[Table], columns: Mapping[str, Array]) -> Parsed | None:
    """Make the record of a kind from columns by their headers; None where they are another kind's.

    Parameters
    ----------
    raw : RawFile
        The file, whose first rows as text tell the kind.
    kind : type
        Of record.
    columns : Mapping of str to array
        Numbers as they are stored, one length.
    """
    if not _tells(raw, kind) or (head := find_head(raw, kind.kind)) is None:
        return None
    titles, stored = titles_of(raw.name, head, kind.kind.columns), list(columns.values())
    arrays = {key: converted(stored[title.index], title.unit) for key, title in titles.items()}
    for array in arrays.values():
        array.setflags(write=False)
    return _parsed(raw, kind, head, titles, [Columns(arrays, ((0, head.line + 1),))], [])


def _parsed(
    raw: RawFile,
    kind: type[Table],
    head: Head,
    titles: Mapping[str, Title],
    tables: Sequence[Columns],
    warnings: Sequence[str],
) -> Parsed:
    area = _area(raw, kind, head, titles)
    said = [_OVER_AREA.format(label=title.label) for title in titles.values() if title.unit.areal][:1]
    said += [text for table in tables for text in _perhaps_kelvin(titles, table)][:1]
    records = tuple(_record(raw, kind, table, area) for table in tables)
    said += [text for one, table in zip(records, tables, strict=True) for text in _of_a_channel(one, table)]
    for one, table in zip(records, tables, strict=True):
        said += pooled(raw, head, titles, one, table) if isinstance(one, measurements.ConductivitySeries) else ()
    return Parsed(records, head.preamble, (*said, *warnings))


def _of_a_channel(record: Table, table: Columns) -> Iterator[str]:
    if isinstance(record, measurements.CyclingRecord):
        yield from channel_warnings(record, lambda row: f"line {table.line(row)}")
    elif isinstance(record, RamanSpectrum):
        yield from oddities(record.shift, record.counts, lambda row: f"line {table.line(row)}")
    elif "time" in table.arrays:
        yield from duration_warnings(table.arrays["time"])


_OVER_AREA = "The current is over an area ('{label}'): it is that of an electrode of 1 cm2."


def _perhaps_kelvin(titles: Mapping[str, Title], table: Columns) -> Iterator[str]:
    """Doubt degrees Celsius that as kelvins are the temperatures at which most electrolytes are measured."""
    for name, title in titles.items():
        printed = table.arrays[name] - title.unit.offset
        low, high = float(printed.min()), float(printed.max())
        if title.unit.offset == _ZERO_CELSIUS and _MEASURED[0] <= low and high <= _MEASURED[1]:
            yield (
                f"The temperatures under '{title.label}' are {low:g} to {high:g} degC; as kelvins they would be "
                f"{low - _ZERO_CELSIUS:.4g} to {high - _ZERO_CELSIUS:.4g} degC. If they are kelvins, write '/ K'."
            )


_ZERO_CELSIUS = 273.15
_MEASURED = (223.15, 423.15)
"""K, -50 to 150 degC."""


def _area(raw: RawFile, kind: type[Table], head: Head, titles: Mapping[str, Title]) -> dict[str, float]:
    """Return the record's area by its name, where its numbers are over one."""
    try:
        area = area_of(kind.kind, {name: title.unit for name, title in titles.items()})
    except HeaderError as error:
        raise FileFormatError(raw.name, f"line {head.line}", error.expected, error.found, error.remedy) from error
    return {} if area is None else {"area": area}


def _record(raw: RawFile, kind: type[Table], table: Columns, area: Mapping[str, float]) -> Table:
    wrong = violation(kind.kind, table.arrays)
    if wrong is not None:
        where = f"line {table.line(wrong.place)}"
        raise FileFormatError(raw.name, where, wrong.expected, wrong.found, wrong.remedy)
    count = len(next(iter(table.arrays.values())))
    if count < kind.kind.fewest:
        expected, found = f"{with_article(kind.kind.words)} of at least {kind.kind.fewest} rows", f"{count}"
        raise FileFormatError(raw.name, "", expected, found, "Export the whole measurement.")
    return kind(**table.arrays, **area)
