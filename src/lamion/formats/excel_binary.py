"""Excel workbooks of the years before 2007 (.xls, BIFF8): records one behind the other in one stream."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from lamion.formats.binary import Bytes
from lamion.formats.compound_file import SIGNATURE, CompoundFile
from lamion.formats.content import RawFile
from lamion.formats.sheets import LONGEST_TEXT, Sheet, spreadsheet
from lamion.quantities import FileFormatError

_BEGIN, _END, _CONTINUE = 0x0809, 0x000A, 0x003C
_SHEET, _TEXTS, _LOCKED = 0x0085, 0x00FC, 0x002F
_EXTENT, _ROW = 0x0200, 0x0208
_NUMBER, _SHORT, _SHORTS, _FORMULA, _RESULT = 0x0203, 0x027E, 0x00BD, 0x0006, 0x0207
_SHARED_TEXT, _TEXT, _TRUTH, _BLANK, _BLANKS = 0x00FD, 0x0204, 0x0205, 0x0201, 0x00BE
_VERSION, _WORKBOOK, _WORKSHEET = 0x0600, 0x0005, 0x0010
_LONGEST = 8224
"""Bytes of a record."""
_BOOK = "Workbook"
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def _matches(raw: RawFile) -> bool:
    """Tell it by the name of its stream, in two bytes a letter: the directory may stand anywhere."""
    return raw.start.startswith(SIGNATURE) and any(name.encode("utf-16-le") in raw.content for name in (_BOOK, "Book"))


def workbook(raw: RawFile) -> list[Sheet]:
    """Return the sheets of a workbook, numbers with all their digits.

    Parameters
    ----------
    raw : RawFile
        The file.

    Raises
    ------
    FileFormatError
        When it is damaged, encrypted or of a version before 1997.
    """
    stream = CompoundFile(Bytes(raw.name, raw.content)).stream(_BOOK)
    if stream is None:
        remedy = "Save it from Excel as .xlsx, or export the measurement as CSV."
        raise FileFormatError(raw.name, "", "a workbook of Excel 97 or later", "one of an earlier Excel", remedy)
    book = Bytes(raw.name, stream)
    places, texts = _globals(book)
    return [_sheet(book, name, place, texts) for name, place in places]


FORMAT = spreadsheet("Excel 97 workbook", _matches, workbook)


class _Record:
    """One record: its kind, and where in the stream it begins."""

    __slots__ = ("book", "kind", "length", "place")

    def __init__(self, book: Bytes, kind: int, place: int, length: int) -> None:
        self.book, self.kind, self.place, self.length = book, kind, place, length

    def unpack(self, form: str, place: int = 0) -> tuple[int, ...]:
        """Return numbers of its content."""
        if place < 0 or place + struct.calcsize(form) > self.length:
            raise self.book.refused(self.place, f"more than {self.length} bytes in a record", "no more")
        return struct.unpack_from(form, self.book.content, self.place + 4 + place)

    @property
    def body(self) -> Bytes:
        """Its content."""
        return Bytes(self.book.file, self.book.content[self.place + 4 : self.place + 4 + self.length])


def _records(book: Bytes, place: int, kind: int) -> Iterator[_Record]:
    """Yield the records from a beginning, which must be there, to its end, which must come; charts within are none."""
    depth = 0
    size = len(book.content)
    while True:
        if place + 4 > size:
            raise book.refused(place, "a record", "the end of the workbook")
        number, length = struct.unpack_from("<HH", book.content, place)
        if length > _LONGEST or place + 4 + length > size:
            raise book.refused(place, f"a record of at most {_LONGEST} bytes", f"{length}")
        record = _Record(book, number, place, length)
        if depth == 0 and (number != _BEGIN or record.unpack("<HH") != (_VERSION, kind)):
            raise book.refused(place, "the beginning of a part of an Excel 97 workbook", f"a record {number:#x}")
        depth += (number == _BEGIN) - (number == _END)
        if depth == 0:
            return
        if depth == 1 and number != _END:
            yield record
        place += 4 + length


def _globals(book: Bytes) -> tuple[list[tuple[str, int]], list[str]]:
    """Return name and place of each worksheet, and the texts that cells share."""
    places: list[tuple[str, int]] = []
    pieces: list[Bytes] = []
    before = 0
    for record in _records(book, 0, _WORKBOOK):
        if record.kind == _LOCKED:
            remedy = "Save it without a password."
            raise FileFormatError(book.file, "", "a workbook without a password", "an encrypted one", remedy)
        if record.kind == _SHEET:
            place, _, kind, length, wide = record.unpack("<IBBBB")
            name = _letters(record.body, 8, length, wide)
            if name in [one for one, _ in places]:
                raise book.refused(record.place, "sheets of different names", f"'{name[:40]}' twice")
            if kind == 0:
                places.append((name, place))
        if record.kind == _TEXTS or (record.kind == _CONTINUE and before == _TEXTS):
            pieces.append(record.body)
        before = _TEXTS if record.kind == _CONTINUE and before == _TEXTS else record.kind
    return places, _Texts(pieces).read() if pieces else []


def _letters(body: Bytes, place: int, length: int, wide: int) -> str:
    size = length * (2 if wide & 1 else 1)
    body.require(place, size, "a text")
    return body.content[place : place + size].decode("utf-16-le" if wide & 1 else "latin-1", "replace")


@dataclass(eq=False)
class _Texts:
    """The table of shared texts, which runs on over several records; a text may be cut between two letters."""

    pieces: list[Bytes]
    number: int = 0
    place: int = 8

    def read(self) -> list[str]:
        """Return all of them."""
        _, count = self.pieces[0].unpack("<II", 0, "the shared texts")
        found = []
        for _ in range(count):
            if self._left() == 0:
                self._next()
            found.append(self._text())
        if self._left() or self.number + 1 < len(self.pieces):
            raise self.pieces[0].refused(4, "as many shared texts as are declared", f"more than {count}")
        return found

    def _left(self) -> int:
        return len(self.pieces[self.number].content) - self.place

    def _next(self) -> None:
        if self.number + 1 >= len(self.pieces):
            raise self.pieces[0].refused(4, "as many shared texts as are declared", "fewer")
        self.number, self.place = self.number + 1, 0

    def _take(self, form: str) -> int:
        (value,) = self.pieces[self.number].unpack(form, self.place, "a shared text")
        self.place += struct.calcsize(form)
        return int(value)

    def _text(self) -> str:
        length, wide = self._take("<H"), self._take("<B")
        runs = self._take("<H") if wide & 8 else 0
        further = self._take("<I") if wide & 4 else 0
        letters = ""
        while len(letters) < length:
            if self._left() == 0:
                self._next()
                wide = self._take("<B")
            width = 2 if wide & 1 else 1
            count = min(length - len(letters), self._left() // width)
            if count == 0:
                raise self.pieces[self.number].refused(self.place, "a letter", "half of one")
            letters += _letters(self.pieces[self.number], self.place, count, wide)
            self.place += count * width
        self._skip(4 * runs + further)
        return letters

    def _skip(self, size: int) -> None:
        while size:
            if self._left() == 0:
                self._next()
            step = min(size, self._left())
            self.place, size = self.place + step, size - step


@dataclass(eq=False)
class _Cells:
    """A worksheet while its records come."""

    book: Bytes
    sheet: Sheet
    texts: list[str]
    extent: tuple[int, int, int, int] | None = None
    rows: dict[int, tuple[int, int]] = field(default_factory=dict)
    last: tuple[int, int] | None = None
    seen: set[tuple[int, int]] = field(default_factory=set)
    filled: set[int] = field(default_factory=set)

    def take(self, record: _Record) -> None:
        """Take a record: cells, or what says where they are."""
        kind = record.kind
        if kind == _EXTENT:
            top, below, left, right = record.unpack("<IIHH")
            self.extent = (top, below, left, right)
        elif kind == _ROW:
            row, left, right = record.unpack("<HHH")
            self.rows[row] = (left, right)
        elif kind == _SHORTS:
            self._several(record, 6, shorts=True)
        elif kind == _BLANKS:
            self._several(record, 2, shorts=False)
        elif kind == _RESULT:
            self._result(record)
        elif kind in (_NUMBER, _SHORT, _FORMULA, _SHARED_TEXT, _TEXT, _TRUTH, _BLANK):
            row, column = record.unpack("<HH")
            self._put(record, row, column, self._said(record))

    def _several(self, record: _Record, size: int, *, shorts: bool) -> None:
        row, first = record.unpack("<HH")
        count, rest = divmod(record.length - 6, size)
        (last,) = record.unpack("<H", record.length - 2)
        if rest or count < 1 or last != first + count - 1:
            raise self.book.refused(record.place, f"cells {first} to {last} of a row", f"{count}")
        for k in range(count):
            said = _number(_short(*record.unpack("<I", 6 + size * k))) if shorts else ""
            self._put(record, row, first + k, said)

    def _put(self, record: _Record, row: int, column: int, said: str) -> None:
        """Put a cell where the sheet and the row say that they have one."""
        top, below, left, right = self.extent or (0, 2**16, 0, 2**8)
        first, end = self.rows.get(row, (left, right))
        if not (top <= row < below and max(left, first) <= column < min(right, end)):
            raise self.book.refused(record.place, "a cell within its sheet and row", f"row {row}, column {column}")
        if (row, column) in self.seen:
            raise self.book.refused(record.place, "each cell once", f"row {row}, column {column} twice")
        self.seen.add((row, column))
        self.filled.add(row)
        self.last = (row, column) if record.kind == _FORMULA else None
        self.sheet.put(self.book.file, row, column, said)

    def _said(self, record: _Record) -> str:
        kind = record.kind
        if kind == _NUMBER:
            return _number(struct.unpack("<d", struct.pack("<Q", *record.unpack("<Q", 6)))[0])
        if kind == _SHORT:
            return _number(_short(*record.unpack("<I", 6)))
        if kind == _SHARED_TEXT:
            (number,) = record.unpack("<I", 6)
            if number >= len(self.texts):
                raise self.book.refused(record.place, f"a text among {len(self.texts)}", f"number {number}")
            return self.texts[number]
        if kind == _TEXT:
            length, wide = record.unpack("<HB", 6)
            return _letters(record.body, 9, length, wide)
        if kind == _TRUTH:
            return _truth(*record.unpack("<BB", 6))
        return self._computed(record) if kind == _FORMULA else ""

    def _computed(self, record: _Record) -> str:
        (bits,) = record.unpack("<Q", 6)
        if bits >> 48 != 0xFFFF:
            return _number(struct.unpack("<d", struct.pack("<Q", bits))[0])
        kind, value = bits & 0xFF, bits >> 16 & 0xFF
        return _truth(value, kind == 2) if kind in (1, 2) else ""

    def _result(self, record: _Record) -> None:
        """Take the text that the formula before gives."""
        if self.last is None:
            raise self.book.refused(record.place, "a formula before its text", "none")
        length, wide = record.unpack("<HB")
        self.sheet.put(self.book.file, *self.last, _letters(record.body, 3, min(length, LONGEST_TEXT), wide))

    def check(self) -> None:
        """Refuse a sheet whose rows do not reach as far as it says."""
        missing = [row for row, (left, right) in self.rows.items() if right > left and row not in self.filled]
        if missing:
            raise self.book.refused(0, f"cells in row {missing[0]} of sheet '{self.sheet.name[:40]}'", "none")
        if self.extent is not None and self.extent[1] > self.extent[0] and self.extent[1] - 1 not in self.filled:
            raise self.book.refused(0, f"rows to {self.extent[1] - 1} in sheet '{self.sheet.name[:40]}'", "fewer")


def _sheet(book: Bytes, name: str, place: int, texts: list[str]) -> Sheet:
    cells = _Cells(book, Sheet(name), texts)
    for record in _records(book, place, _WORKSHEET):
        cells.take(record)
    cells.check()
    return cells.sheet


def _short(bits: int) -> float:
    """Return a number from 30 bits: an integer, or a float's upper part; bit 0 says that it is a hundred times that."""
    if bits & 2:
        value = float((bits >> 2) - (1 << 30 if bits >> 31 else 0))
    else:
        value = struct.unpack("<d", struct.pack("<Q", (bits & ~3) << 32))[0]
    return value / 100.0 if bits & 1 else value


def _number(value: float) -> str:
    """Write a number with all its digits, whole ones as such."""
    return repr(value) if not math.isfinite(value) or value != round(value) or abs(value) > 2**53 else f"{value:.0f}"


def _truth(value: int, error: int) -> str:
    return _ERRORS.get(value, "#ERROR") if error else ("TRUE" if value else "FALSE")
