"""The table as Parquet, whose footer says how much there is before any of it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from lamion.formats.bdf.kinds import Array
from lamion.formats.bdf.sidecar import Part, misfit
from lamion.formats.content import RawFile
from lamion.quantities import FileFormatError
from lamion.quantities.errors import MissingExtraError

SIGNATURE = b"PAR1"
MOST_NUMBERS = 2**27
"""Rows times columns that are read."""
_SMALL, _PER_BYTE = 2**24, 12
"""So many of them, or so many for each of its bytes: a compressed file of few bytes may claim any number."""
_MOST_COLUMNS = 1000


def _pyarrow() -> Any:
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise MissingExtraError("parquet", "Parquet") from error
    return pyarrow


def written(titles: Sequence[str], tables: Sequence[Mapping[str, Array]]) -> bytes:
    """Write records below each other, empty where one has no such column."""
    pyarrow = _pyarrow()
    columns = [
        pyarrow.chunked_array(
            [
                pyarrow.array(table[title])
                if title in table
                else pyarrow.nulls(len(next(iter(table.values()))), pyarrow.float64())
                for table in tables
            ]
        )
        for title in titles
    ]
    sink = pyarrow.BufferOutputStream()
    pyarrow.parquet.write_table(pyarrow.table(columns, names=list(titles)), sink, write_page_checksum=True)
    return bytes(sink.getvalue())


class Footer:
    """A Parquet file whose footer was looked at.

    Parameters
    ----------
    raw : RawFile
        The file.
    """

    def __init__(self, raw: RawFile) -> None:
        self.raw = raw
        self._pyarrow = _pyarrow()
        try:
            self._file = self._pyarrow.parquet.ParquetFile(raw.opened(), page_checksum_verification=True)
            self.rows: int = self._file.metadata.num_rows
            self._schema = self._file.schema_arrow
            self.titles: list[str] = self._schema.names
        except self._damages as error:
            raise self._damaged(f"{error}") from error
        if len(self.titles) > _MOST_COLUMNS:
            raise self._damaged(f"{len(self.titles)} columns")

    @property
    def _damages(self) -> tuple[type[Exception], ...]:
        return (self._pyarrow.ArrowException, OSError, ValueError, TypeError, OverflowError, KeyError, MemoryError)

    def _damaged(self, found: str) -> FileFormatError:
        said = " ".join(found.split())[:120] or "something else"
        return FileFormatError(
            self.raw.name, "", "a whole Parquet table of numbers", said,
            "The file was cut or damaged on its way, or holds no measurement: copy it again.",
        )  # fmt: skip

    def read(self, titles: Sequence[str], most: int = MOST_NUMBERS) -> dict[str, Array]:
        """Return columns of numbers, nan where one is empty; FileFormatError where they are too many or no numbers."""
        most = min(most, max(_SMALL, _PER_BYTE * self.raw.size))
        if self.rows * len(titles) > most:
            raise self._too_many(len(titles), most)
        if self.rows < 1:
            raise self._damaged("no row")
        try:
            self._check(titles)
            found = {title: self._column(title) for title in titles}
        except self._damages as error:
            raise self._damaged(f"{error}") from error
        if any(array.shape != (self.rows,) for array in found.values()):
            raise self._damaged("columns of other lengths than the footer says")
        return found

    def _column(self, title: str) -> Array:
        """Return one column: with the others a large table would be held twice."""
        found = np.array(self._file.read(columns=[title], use_threads=False).column(title), dtype=np.float64)
        self._pyarrow.default_memory_pool().release_unused()
        return found

    def _too_many(self, columns: int, most: int) -> FileFormatError:
        return FileFormatError(
            self.raw.name, "", f"at most {most} numbers in a file of its size", f"{self.rows} rows, {columns} columns",
            "Write fewer rows to a file; if there were never so many, it is damaged: copy it again.",
        )  # fmt: skip

    def _check(self, titles: Sequence[str]) -> None:
        """Refuse what is no flat column of numbers."""
        types = self._pyarrow.types
        for title in titles:
            kind = self._schema.field(title).type
            if not (types.is_floating(kind) or types.is_integer(kind)):
                raise self._damaged(f"'{title[:40]}' as {kind}")


def tables(footer: Footer, parts: Sequence[Part]) -> Iterator[dict[str, Array]]:
    """Yield the columns of each part; FileFormatError where the table is not the one that they speak of."""
    rows = sum(part.rows for part in parts)
    if footer.rows != rows:
        raise misfit(footer.raw, f"{rows} rows", f"{footer.rows}")
    every = footer.read(list(dict.fromkeys(title for part in parts for title in part.columns)))
    begin = 0
    for part in parts:
        yield {title: every[title][begin : begin + part.rows].copy() for title in part.columns}
        begin += part.rows
