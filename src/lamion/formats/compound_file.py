"""Compound files (OLE2): streams in sectors that a table links, as old Office programs and some instruments write."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cached_property

from lamion.formats.binary import Bytes

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER, _ENTRY = 512, 128
_IN_HEADER = 109
"""Places of sectors of the table that the header has room for."""
_LAST_SECTOR, _END = 0xFFFFFFFA, 0xFFFFFFFE
_SHIFTS = {3: 9, 4: 12}
"""Of sectors, by the version."""
_SMALL_SHIFT, _SMALL = 6, 4096
_STREAM, _ROOT = 2, 5


@dataclass(frozen=True)
class _Entry:
    """A line of the directory."""

    name: str
    kind: int
    first: int
    size: int
    place: int


@dataclass(frozen=True)
class CompoundFile:
    """The streams of a compound file.

    Parameters
    ----------
    data : Bytes
        The whole file.

    Raises
    ------
    FileFormatError
        When a stream is asked for whose sectors do not lie in the file or lead round.
    """

    data: Bytes

    def stream(self, *names: str) -> bytes | None:
        """Return the first of some streams that it has; None where it has none of them.

        Parameters
        ----------
        *names : str
            In the order of preference.
        """
        entries = {entry.name: entry for entry in self._entries if entry.kind == _STREAM}
        entry = next((entries[name] for name in names if name in entries), None)
        if entry is None:
            return None
        if entry.size >= _SMALL:
            return self._joined(entry.first, entry.size, f"the stream '{entry.name}'")
        return self._small(entry)

    @cached_property
    def _head(self) -> tuple[int, int, int, int, int]:
        """Bytes of a sector; first sectors of directory and of the tables; how many hold more of the table."""
        version, order, shift, small = self.data.unpack("<HHHH", 26, "the header")
        (directory,) = self.data.unpack("<I", 48, "the header")
        cutoff, first_small, _, more, count = self.data.unpack("<IIIII", 56, "the header")
        if order != 0xFFFE or _SHIFTS.get(version) != shift or small != _SMALL_SHIFT or cutoff != _SMALL:
            raise self.data.refused(
                26, "the layout of a compound file", f"version {version}, sectors of 2^{shift} bytes"
            )
        return 1 << shift, directory, first_small, more, count

    @property
    def _size(self) -> int:
        return self._head[0]

    def _place(self, sector: int) -> int:
        return (sector + 1) * self._size

    @cached_property
    def _table(self) -> list[int]:
        """What sector follows each."""
        (count,) = self.data.unpack("<I", 44, "the header")
        size, _, _, more, beyond = self._head
        listed = list(self.data.unpack(f"<{_IN_HEADER}I", 76, "the places of the table"))
        seen = 0
        while seen < beyond and more < _LAST_SECTOR:
            part = self.data.unpack(f"<{size // 4}I", self._place(more), "more places of the table")
            listed += part[:-1]
            more, seen = part[-1], seen + 1
        sectors = [one for one in listed if one < _LAST_SECTOR]
        if len(sectors) != count:
            raise self.data.refused(44, f"{count} sectors of the table", f"{len(sectors)}")
        found: list[int] = []
        for sector in sectors:
            found += self.data.unpack(f"<{size // 4}I", self._place(sector), "a sector of the table")
        return found

    def _chain(self, first: int, table: list[int], what: str) -> list[int]:
        found: list[int] = []
        sector, seen = first, set()
        while sector < _LAST_SECTOR:
            if sector >= len(table) or sector in seen:
                raise self.data.refused(0, f"sectors of {what} that follow each other", f"sector {sector}")
            seen.add(sector)
            found.append(sector)
            sector = table[sector]
        if sector != _END:
            raise self.data.refused(0, f"the end of {what}", f"{sector:#x}")
        return found

    def _joined(self, first: int, size: int | None, what: str) -> bytes:
        sectors = self._chain(first, self._table, what)
        if size is not None and len(sectors) != -(-size // self._size):
            raise self.data.refused(0, f"{size} bytes of {what}", f"{len(sectors)} sectors of {self._size} bytes")
        last = (len(self.data.content) - self._size - 1) // self._size  # it may be cut where the stream ends
        for sector in sectors:
            if sector > last:
                self.data.require(self._place(sector), self._size, what)
        joined = b"".join(self.data.content[place : place + self._size] for place in map(self._place, sectors))
        if size is not None and len(joined) < size:
            raise self.data.refused(len(self.data.content), f"{size} bytes of {what}", f"{len(joined)}")
        return joined if size is None else joined[:size]

    @cached_property
    def _entries(self) -> list[_Entry]:
        content = self._joined(self._head[1], None, "the directory")
        found = []
        for place in range(0, len(content) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", content, place + 64)
            first, size = struct.unpack_from("<II", content, place + 116)
            name = content[place : place + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
            found.append(_Entry(name, kind, first, size, place))
        return found

    def _small(self, entry: _Entry) -> bytes:
        """Return a stream that lies in small sectors, within the stream of the root."""
        what = f"the stream '{entry.name}'"
        root = next((one for one in self._entries if one.kind == _ROOT), None)
        if root is None:
            raise self.data.refused(0, "a root in the directory", "none")
        inside = self._joined(root.first, root.size, "the small sectors")
        table = self._joined(self._head[2], None, "the table of small sectors")
        links = list(struct.unpack(f"<{len(table) // 4}I", table))
        size = 1 << _SMALL_SHIFT
        sectors = self._chain(entry.first, links, what) if entry.size else []
        if len(sectors) != -(-entry.size // size) or any(size * (one + 1) > len(inside) for one in sectors):
            raise self.data.refused(0, f"{entry.size} bytes of {what}", f"{len(sectors)} small sectors")
        return b"".join(inside[size * one : size * (one + 1)] for one in sectors)[: entry.size]
