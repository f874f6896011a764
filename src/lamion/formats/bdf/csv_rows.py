"""The table as CSV: one line of headers, then numbers in their shortest decimal form, empty where a record has none."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from lamion.formats.bdf.kinds import Array
from lamion.formats.bdf.sidecar import Part, misfit
from lamion.formats.content import RawFile
from lamion.formats.table import separator_of
from lamion.formats.text import blocks


def written(titles: Sequence[str], tables: Sequence[Mapping[str, Array]]) -> bytes:
    """Write records below each other."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(titles)
    for table in tables:
        count = len(next(iter(table.values())))
        columns = [table[title].tolist() if title in table else [""] * count for title in titles]
        writer.writerows(zip(*columns, strict=True))
    return text.getvalue().encode()


def titles_of(raw: RawFile) -> list[str]:
    """Return the headers."""
    first = next(_lines(raw), "")
    return [title.strip() for title in next(csv.reader([first], delimiter=separator_of(first)), [])]


def tables(raw: RawFile, parts: Sequence[Part]) -> Iterator[dict[str, Array]]:
    """Yield the columns of each part; FileFormatError where the table is not the one that they speak of."""
    titles = titles_of(raw)
    lines = _lines(raw)
    separator = separator_of(next(lines, ""))
    if separator != ",":  # as a spreadsheet writes it where numbers have commas
        lines = (line.replace(",", ".") for line in lines)
    for part in parts:
        places = [titles.index(title) for title in part.columns]
        try:
            first = next(lines, None)
            if first is None:
                raise misfit(raw, f"{sum(one.rows for one in parts)} rows", "fewer")
            own = itertools.chain([first], itertools.islice(lines, part.rows - 1))
            found = np.loadtxt(own, delimiter=separator, comments=None, usecols=places, ndmin=2)
        except ValueError as error:
            raise misfit(raw, f"numbers under {', '.join(part.columns)}", f"{error}"[:120]) from error
        if len(found) != part.rows:
            raise misfit(raw, f"{sum(one.rows for one in parts)} rows", "fewer")
        yield {title: found[:, place].copy() for place, title in enumerate(part.columns)}
    if next(lines, None) is not None:
        raise misfit(raw, f"{sum(one.rows for one in parts)} rows", "more")


def _lines(raw: RawFile) -> Iterator[str]:
    for block in blocks(raw.name, raw.pieces):
        yield from (line for line in block.text.split("\n") if line.strip())
