"""Excel 97 workbooks as they are put together: records in a stream, the stream in a compound file."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Cell = str | float | None
_SECTOR = 512
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def letters(text: str) -> bytes:
    """Return a text as records hold it: its width, then its letters."""
    narrow = all(ord(letter) < 256 for letter in text)
    return bytes([not narrow]) + text.encode("latin-1" if narrow else "utf-16-le")


@dataclass
class Book:
    """A workbook; what a test changes of it."""

    sheets: Mapping[str, Sequence[Sequence[Cell]]]
    locked: bool = False
    piece: int = 8000
    small: bool = False
    version: int = 0x0600
    more: Mapping[str, bytes] = field(default_factory=dict)
    rows_said: bool = True

    def content(self) -> bytes:
        return compound({"Workbook": self.stream()}, small=self.small)

    def stream(self) -> bytes:
        texts = list(
            dict.fromkeys(c for rows in self.sheets.values() for row in rows for c in row if isinstance(c, str))
        )
        bodies = [self._sheet(name, rows, texts) for name, rows in self.sheets.items()]
        shared = self._shared(texts)
        size = sum(12 + len(letters(name)) - 1 + 0 for name in self.sheets)
        size += len(record(0x0809, bytes(16))) + len(shared) + 4 + (4 if self.locked else 0)
        place, names = size, b""
        for name, body in zip(self.sheets, bodies, strict=True):
            names += record(0x0085, struct.pack("<IBBB", place, 0, 0, len(name)) + letters(name))
            place += len(body)
        begin = record(0x0809, struct.pack("<HHHHII", self.version, 5, 0, 0, 0, 0))
        head = begin + (record(0x002F) if self.locked else b"") + names + shared + record(0x000A)
        assert len(head) == size
        return head + b"".join(bodies)

    def _shared(self, texts: list[str]) -> bytes:
        body = struct.pack("<II", len(texts), len(texts))
        body += b"".join(struct.pack("<H", len(text)) + letters(text) for text in texts)
        pieces, number = [], 0x00FC
        piece = 8 + self.piece
        while body:  # a cut falls between two texts where tests choose the size of a piece so
            pieces.append(record(number, body[:piece]))
            body, number, piece = body[piece:], 0x003C, self.piece
        return b"".join(pieces)

    def _sheet(self, name: str, rows: Sequence[Sequence[Cell]], texts: list[str]) -> bytes:
        width = max((len(row) for row in rows), default=0)
        found = record(0x0809, struct.pack("<HHHHII", self.version, 0x10, 0, 0, 0, 0))
        found += record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
        if self.rows_said:
            for k, row in enumerate(rows):
                found += record(0x0208, struct.pack("<HHHHHHI", k, 0, len(row), 255, 0, 0, 0))
        for k, row in enumerate(rows):
            for j, cell in enumerate(row):
                found += self._cell(k, j, cell, texts)
        return found + self.more.get(name, b"") + record(0x000A)

    def _cell(self, row: int, column: int, cell: Cell, texts: list[str]) -> bytes:
        place = struct.pack("<HHH", row, column, 0)
        if cell is None:
            return record(0x0201, place) if column == 0 else b""
        if isinstance(cell, str):
            return record(0x00FD, place + struct.pack("<I", texts.index(cell)))
        return record(0x0203, place + struct.pack("<d", cell))


def compound(streams: Mapping[str, bytes], *, small: bool = False) -> bytes:
    """Return a compound file; `small` leaves streams of fewer than 4096 bytes as they are, in small sectors."""
    sectors: list[bytes] = []
    table: list[int] = []

    def put(content: bytes) -> int:
        first = len(sectors)
        pieces = [content[k : k + _SECTOR].ljust(_SECTOR, b"\0") for k in range(0, len(content), _SECTOR)]
        sectors.extend(pieces)
        table.extend([*range(first + 1, first + len(pieces)), _END] if pieces else [])
        return first if pieces else _END

    inside, links = b"", []
    entries = []
    for name, content in streams.items():
        if small and len(content) < 4096:
            first, count = len(inside) // 64, -(-len(content) // 64)
            inside += content.ljust(64 * count, b"\0")
            links += [*range(first + 1, first + count), _END]
            entries.append((name, 2, first, len(content)))
        else:
            padded = content.ljust(4096, b"\0")
            entries.append((name, 2, put(padded), len(padded)))
    root = put(inside)
    links_at = put(struct.pack(f"<{len(links)}I", *links).ljust(-(-4 * len(links) // _SECTOR) * _SECTOR, b"\xff"))
    directory = b"".join(_entry(*entry) for entry in [("Root Entry", 5, root, len(inside)), *entries])
    directory_at = put(directory.ljust(-(-len(directory) // _SECTOR) * _SECTOR, b"\0"))
    count = 1
    while count * _SECTOR // 4 < len(table) + count:
        count += 1
    tables = [len(table) + k for k in range(count)]
    table += [_TABLE] * count
    packed = struct.pack(f"<{len(table)}I", *table).ljust(count * _SECTOR, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIIII", 0, count, directory_at, 0, 4096, links_at, len(links) > 0, _END, 0, 0)[:-4]
    head += struct.pack("<109I", *tables, *[_FREE] * (109 - count))
    assert len(head) == _SECTOR
    return head + b"".join(sectors) + packed


def _entry(name: str, kind: int, first: int, size: int) -> bytes:
    wide = name.encode("utf-16-le") + b"\0\0"
    return wide.ljust(64, b"\0") + struct.pack("<HB", len(wide), kind) + bytes(49) + struct.pack("<III", first, size, 0)
