"""Battery Data Format tables with a sidecar, and those that are Parquet, with one or without.

A CSV without a sidecar is a table like any other, and read by its headers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from lamion.formats import csv_table, declared_tables
from lamion.formats.bdf import csv_rows, kinds, parquet
from lamion.formats.bdf.kinds import Array
from lamion.formats.bdf.sidecar import Part, Sidecar, misfit, parse
from lamion.formats.content import Format, Parsed, RawFile
from lamion.quantities import FileFormatError, InputError
from lamion.records.column import named
from lamion.records.impedance import COLUMNS

_MOST_AS_TEXT = 2**24
_TOP = 100
"""Rows that a kind of record is told by."""
_CHANGED = (
    "The numbers of the table are not those that its sidecar was written for: its facts may be another measurement's."
)


def _read_table(raw: RawFile) -> Parsed:
    """Read a CSV as its sidecar says."""
    said = _said(raw)
    if isinstance(said, Sidecar):
        return _records(raw, said, csv_rows.titles_of(raw), lambda parts: csv_rows.tables(raw, parts))
    return _by_headers(raw, said)


def _read_parquet(raw: RawFile) -> Parsed:
    """Read Parquet as its sidecar says, or by its headers."""
    footer = parquet.Footer(raw)
    said = _said(raw)
    if isinstance(said, Sidecar):
        return _records(raw, said, footer.titles, lambda parts: parquet.tables(footer, parts))
    columns = _known(footer)
    top = RawFile(raw.name, _text({title: array[:_TOP] for title, array in columns.items()}))
    if not csv_table.FORMAT.matches(top):
        for kind in declared_tables.kinds():
            parsed = declared_tables.of_arrays(top, kind, columns)
            if parsed is not None:
                return replace(parsed, metadata=said)
    return _by_headers(RawFile(raw.name, _text(columns)), said)


def _as_text(raw: RawFile) -> list[RawFile]:
    return [RawFile(raw.name, _text(_known(parquet.Footer(raw), _MOST_AS_TEXT)))]


TABLE = Format("Battery Data Format", lambda raw: raw.sidecar is not None, _read_table, largest=declared_tables.LARGEST)
PARQUET = Format(
    "Battery Data Format, Parquet",
    lambda raw: raw.start.startswith(parquet.SIGNATURE),
    _read_parquet,
    binary=True,
    largest=2**30,
    texts=_as_text,
)


def _said(raw: RawFile) -> Sidecar | Mapping[str, str]:
    return {} if raw.sidecar is None else parse(raw.sidecar)


def _records(
    raw: RawFile,
    said: Sidecar,
    titles: Sequence[str],
    tables: Callable[[Sequence[Part]], Iterable[dict[str, Array]]],
) -> Parsed:
    wanted = list(dict.fromkeys(title for part in said.parts for title in part.columns))
    wrong = [title for title in wanted if titles.count(title) != 1]
    if wrong or not all(part.columns for part in said.parts):
        raise misfit(raw, f"one column '{(wrong or [''])[0][:60]}'", "none or several")
    found = list(tables(said.parts))
    records = []
    for part, table in zip(said.parts, found, strict=True):
        try:
            record = kinds.record_of(part.kind, table, part.facts)
        except InputError as error:
            raise misfit(raw, f"a record of the kind '{part.kind[:60]}'", error.happened.rstrip(".")) from error
        records.append(replace(record, metadata=part.header, source=part.source))  # type: ignore[type-var]
    headers = [part.header for part in said.parts]
    common = dict(headers[0]) if all(header == headers[0] for header in headers) else {}
    # No number of a file is called measured where some of its records are synthetic.
    made = next((header["synthetic"] for header in headers if "synthetic" in header), None)
    common |= {} if made is None else {"synthetic": made}
    warnings = said.warnings if kinds.hashed(found) == said.values else (*said.warnings, _CHANGED)
    return Parsed(tuple(records), common, warnings)


def _by_headers(raw: RawFile, said: Mapping[str, str]) -> Parsed:
    """Read a table by its headers; what a sidecar says stands with what the table's own preamble does."""
    every = [csv_table.FORMAT, *map(declared_tables.format_of, declared_tables.kinds())]
    found = next((table for table in every if table.matches(raw.top)), None)
    if found is None:
        raise FileFormatError(
            raw.name, "", "a table whose headers say what its columns are", "other headers",
            "Give the columns the Battery Data Format's names, such as 'Test Time / s'.",
        )  # fmt: skip
    parsed = found.read(raw)
    return replace(parsed, metadata={**said, **parsed.metadata})


def _known(footer: parquet.Footer, most: int = parquet.MOST_NUMBERS) -> dict[str, Array]:
    """Return the columns that some kind of record knows, but for empty ones."""
    known = [COLUMNS, *(kind.kind.columns for kind in declared_tables.kinds())]
    titles = [title for title in footer.titles if any(named(title, columns) is not None for columns in known)]
    if not titles:
        raise FileFormatError(
            footer.raw.name, "", "columns with the Battery Data Format's names", ", ".join(footer.titles)[:120],
            "Name the columns as in 'Test Time / s'.",
        )  # fmt: skip
    if len(set(titles)) < len(titles):
        raise FileFormatError(footer.raw.name, "", "each column once", "one twice", "Remove one of them.")
    columns = footer.read(titles, most)
    return {title: array for title, array in columns.items() if not np.all(np.isnan(array))}


def _text(columns: Mapping[str, Array]) -> bytes:
    return csv_rows.written(list(columns), [columns])
