"""Tables of several samples that would be read as one: what their columns that are not read tell apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from lamion.formats.content import RawFile
from lamion.formats.table import split
from lamion.formats.table_reader import Columns, Head, Title
from lamion.records.measurements import ConductivitySeries


def pooled(
    raw: RawFile, head: Head, titles: Mapping[str, Title], series: ConductivitySeries, table: Columns
) -> Iterator[str]:
    """Doubt a table whose temperatures repeat where a column that is not read tells the repeated rows apart."""
    temperatures = np.round(series.temperature, 1).tolist()
    different = len(set(temperatures))
    if different == len(temperatures) or not head.titled:
        return
    found = [
        f"'{label}' ({len(values)} values)"
        for label, cells in _unread(raw, head, titles, [table.line(row) for row in range(len(series))])
        if len(values := set(cells) - {""}) > 1 and _tell_apart(cells, temperatures)
    ]
    if found:
        yield (
            f"{len(temperatures)} points at {different} temperatures; {'column' if len(found) == 1 else 'columns'} not "
            f"used: {', '.join(found)}. They are taken for one sample's: if they are not, give each a table."
        )


def _unread(
    raw: RawFile, head: Head, titles: Mapping[str, Title], lines: Sequence[int]
) -> Iterator[tuple[str, list[str]]]:
    """Yield the columns that are not read, as they are printed."""
    text = raw.text.lines
    if max(lines) > len(text):
        return
    rows = [split(text[line - 1].text, head.separator) for line in lines]
    read = {title.index for title in titles.values()}
    for index, label in enumerate(head.labels):
        if index not in read and all(index < len(row) for row in rows):
            yield label, [row[index].strip() for row in rows]


def _tell_apart(cells: Sequence[str], temperatures: Sequence[float]) -> bool:
    """Tell whether cells group the rows, two or more to a group, so that fewer temperatures repeat in each."""
    few = 2 * len(set(cells)) <= len(cells)
    return few and len(set(zip(cells, temperatures, strict=True))) > len(set(temperatures))
