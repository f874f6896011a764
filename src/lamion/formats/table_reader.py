"""The one reader of tables with declared columns: headers anywhere below a preamble, then numbers, as arrays.

Lines are taken some at a time. Where all their cells are plainly numbers, they become an array at once
(:mod:`lamion.formats.decimals`); where not, they are read cell by cell by the strict functions of
:mod:`lamion.formats.table`, which say what is wrong and on which line. So a file of any size is never rows of text, and
nothing is skipped or guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lamion.formats.content import RawFile
from lamion.formats.decimals import cells_of, numbers_at
from lamion.formats.suggestion import needed_of, written_out
from lamion.formats.table import (
    Row,
    has_decimal_comma,
    headers,
    headers_above,
    numbers,
    parse_number,
    rows,
    separator_of,
)
from lamion.formats.text import Block, TextLine, blocks
from lamion.quantities import FileFormatError
from lamion.records.column import Column, HeaderError, Unit, as_written, converted, meant, named, split_label
from lamion.records.record import Kind

Array = NDArray[np.float64]
_LONGEST_PREAMBLE = 1000
_UNGROUPED = re.compile(r",(?:\d{1,2}(?!\d)|\d{4}|\d{3}[eE])|\d{4},|,\D|(?<!\d),")
_ENTRY = re.compile(r"\s*(?P<name>[^:=\t]{1,60}?)\s*[:=\t]+\s*(?P<value>.*?)\s*")


@dataclass(frozen=True)
class Title:
    """One column that was found.

    Parameters
    ----------
    index : int
        Its place, counted from 0.
    label : str
        Its header, as printed.
    unit : Unit
        How its numbers become those of the record.
    """

    index: int
    label: str
    unit: Unit


@dataclass(frozen=True)
class Head:
    """A table's headers, and what stands above them.

    Parameters
    ----------
    line : int
        The line of the headers; the one above the numbers where there are none.
    text : str
        That line, which may be repeated; empty where it cannot be.
    separator : str
        As :func:`lamion.formats.table.separator_of` gives it.
    labels : tuple of str
        Every header.
    preamble : Mapping of str to str
        The lines above, as name and value where they are such.
    titled : bool
        Whether the columns have headers at all.
    first : tuple of str
        The cells of the row below, where they are known.
    """

    line: int
    text: str
    separator: str
    labels: tuple[str, ...]
    preamble: Mapping[str, str]
    titled: bool = False
    first: tuple[str, ...] = ()

    def over_numbers(self) -> list[str]:
        """Return the headers, those over what is no number empty."""
        return over_numbers(self.labels, self.first)


@dataclass(frozen=True, eq=False)
class Columns:
    """The columns of one table.

    Parameters
    ----------
    arrays : Mapping of str to array
        By the declaration's keys, in its units.
    lines : callable
        The line of a row, for messages.
    """

    arrays: Mapping[str, Array]
    _lines: Sequence[tuple[int, NDArray[np.int64] | int]]

    def line(self, row: int) -> int:
        """Return the line of the file that a row stands on.

        Parameters
        ----------
        row : int
            Counted from 0.
        """
        begin, numbered = next(part for part in reversed(self._lines) if part[0] <= row)
        return int(numbered + row - begin) if isinstance(numbered, int) else int(numbered[row - begin])


def find_head(raw: RawFile, kind: Kind) -> Head | None:
    """Return the headers that name every needed column; None when no line does.

    The first line below comments may be any; one below a preamble must stand above numbers. Units may have a line of
    their own below the headers.

    Parameters
    ----------
    raw : RawFile
        A text file.
    kind : Kind
        What to look for.
    """
    columns = kind.columns
    lines = [line for line in raw.top.text.lines[:_LONGEST_PREAMBLE] if line.text.strip()]
    needed = [key for key, column in columns.items() if column.needed]
    first = True
    for position, line in enumerate(lines):
        comment = line.text.lstrip().startswith("#")
        text = line.text.lstrip().lstrip("#") if comment else line.text
        if not first and (kind.at_top or text.lstrip()[:1].isdigit()):
            continue
        separator = separator_of(text)
        following = [one.text for one in lines[position + 1 : position + 3]]
        labels = headers_above(text, separator, following[0] if following else "")
        found = {name: index for index, label in enumerate(labels) if (name := named(label, columns)) is not None}
        if all(key in found for key in needed) and not (kind.without and kind.without in text.lower()):
            below = [headers(one, separator) for one in following]
            places = list(found.values())
            with_units = _with_units(labels, below, places)
            if with_units:
                return Head(lines[position + 1].number, "", separator, with_units, preamble(lines[:position]), True)
            # Words of prose may name columns too: below a preamble numbers must follow.
            if (first and not comment) or _are_numbers(below[:1], places, len(labels)):
                first_row = below[0] if below else ()
                return Head(line.number, line.text, separator, labels, preamble(lines[:position]), True, first_row)
        first = first and comment
    return None


def _with_units(labels: tuple[str, ...], below: list[tuple[str, ...]], places: list[int]) -> tuple[str, ...]:
    """Return the labels with the units that stand in a line of their own; nothing where there is no such line."""
    if len(below) < 2 or len(below[0]) != len(labels) or any(split_label(labels[place])[1] for place in places):
        return ()
    if any(is_number(below[0][place]) for place in places) or not _are_numbers(below[1:], places, len(labels)):
        return ()
    units = [cell.strip("()[] ") for cell in below[0]]
    return tuple(f"{label} / {unit}" if unit else label for label, unit in zip(labels, units, strict=True))


def bare_head(raw: RawFile, columns: Mapping[str, Column]) -> Head:
    """Return where a table without headers begins: its columns are the declared ones, in their order and units.

    Parameters
    ----------
    raw : RawFile
        A text file.
    columns : Mapping of str to Column
        Those that are needed must be there.

    Raises
    ------
    FileFormatError
        When no line has as many numbers.
    """
    needed = [column for column in columns.values() if column.needed]
    lines = [line for line in raw.top.text.lines[:_LONGEST_PREAMBLE] if line.text.strip()]
    for position, line in enumerate(lines):
        separator = separator_of(line.text)
        cells = headers(line.text, separator)
        if len(cells) >= len(needed) and all(is_number(cell) for cell in cells[: len(needed)]):
            above = lines[position - 1].number if position else 0
            return Head(above, "", separator, cells, preamble(lines[:position]))
        if line.text.lstrip()[0].isdigit():
            break
    titles = ", ".join(column.title for column in needed)
    raise FileFormatError(
        raw.name, "", f"a table with the columns {titles}", "no line with such headers, nor with as many numbers",
        "Export the measurement as a table with column headers.",
    )  # fmt: skip


def number_in(cell: str) -> float | None:
    """Return the number that a cell is, with a decimal point or a decimal comma; None for anything else."""
    found = parse_number(cell.replace("\u2212", "-").replace(",", ".", 1))
    return None if found is None else found[0]


def over_numbers(labels: Sequence[str], cells: Sequence[str]) -> list[str]:
    """Return headers, those over what is no number empty.

    Parameters
    ----------
    labels, cells : sequence of str
        The headers and a row below them; all are kept where the two are not equally long.
    """
    if len(labels) != len(cells):
        return list(labels)
    return [label if is_number(cell) else "" for label, cell in zip(labels, cells, strict=True)]


def is_number(cell: str) -> bool:
    """Tell whether a cell is a number, with a decimal point or a decimal comma."""
    return number_in(cell) is not None


def _are_numbers(below: Sequence[tuple[str, ...]], places: Sequence[int], width: int) -> bool:
    """Tell whether a row of the table stands there; one damaged number in it is refused later, by its line."""
    return any(len(cells) == width and any(is_number(cells[place]) for place in places) for cells in below)


def preamble(lines: Sequence[TextLine]) -> dict[str, str]:
    """Return the lines above a table by their names; one that has none by its line.

    Parameters
    ----------
    lines : sequence of TextLine
        Comments behind ``#``, and whatever the instrument says.
    """
    found: dict[str, str] = {}
    for line in lines:
        text = line.text.strip()
        if not text:
            continue
        if text.startswith("#"):
            name, colon, value = (part.strip() for part in text.lstrip("#").partition(":"))
            if name:
                found.setdefault(name if colon else f"line {line.number}", value if colon else name)
            continue
        match = _ENTRY.fullmatch(text)
        found.setdefault(match["name"] if match else f"line {line.number}", match["value"] if match else text)
    return found


def titles_of(file: str, head: Head, columns: Mapping[str, Column]) -> dict[str, Title]:
    """Return the declared columns that a table has.

    Parameters
    ----------
    file : str
        The file's name, for messages.
    head : Head
        The table's headers.
    columns : Mapping of str to Column
        What is declared.

    Raises
    ------
    FileFormatError
        When a header stands twice, has no unit or a wrong one.
    """
    if not head.titled:
        needed = [key for key, column in columns.items() if column.needed]
        return {key: Title(index, columns[key].title, Unit()) for index, key in enumerate(needed)}
    found: dict[str, Title] = {}
    for index, label in enumerate(head.labels):
        name = named(label, columns)
        if name is None:
            continue
        if name in found and not columns[name].otherwise:
            raise _twice(file, head, columns, name, found, label)
        try:
            key, unit = meant(label, columns) or (name, Unit())
        except HeaderError as error:
            raise unsure(file, head, columns, error.expected, error.found, error.remedy) from error
        if key in found:
            raise _twice(file, head, columns, key, found, label)
        found[key] = Title(index, label, unit)
    return found


def _twice(
    file: str, head: Head, columns: Mapping[str, Column], key: str, found: Mapping[str, Title], label: str
) -> FileFormatError:
    both = f"'{found[key].label}' and '{label}'"
    return unsure(file, head, columns, f"one column for the {key}", both, "Remove one of them.")


def unsure(
    file: str, head: Head, columns: Mapping[str, Column], expected: str, found: str, remedy: str
) -> FileFormatError:
    """Refuse headers, with what would read the table without them."""
    line = as_written(written_out(head.over_numbers(), columns, needed_of(columns)))
    return FileFormatError(
        file, f"line {head.line}", expected, found, f"{remedy} Or say which columns to take, in their units: {line}."
    )


def read_tables(
    raw: RawFile, head: Head, titles: Mapping[str, Title], translate: Callable[[str], str] = lambda text: text
) -> tuple[list[Columns], list[str]]:
    """Read the table below its headers; several where the line of headers is repeated.

    Parameters
    ----------
    raw : RawFile
        A text file.
    head : Head
        Its headers.
    titles : Mapping of str to Title
        The columns to read; others are not looked at.
    translate : callable
        Writes as numbers those cells of some lines that are printed otherwise; their lines stay.

    Returns
    -------
    tuple of list
        The tables, and warnings, a whole sentence each.

    Raises
    ------
    FileFormatError
        When a row has too few or too many cells, or a cell of a column that is read is no number.
    """
    bodies = [_Body(raw.name, head, titles)]
    terminated = True
    for block in blocks(raw.name, raw.pieces, head.line + 1):
        terminated = block.terminated or not block.text.rpartition("\n")[2].strip()
        for part in _between(block, head.text):
            if part is None:
                bodies.append(_Body(raw.name, head, titles))
            else:
                bodies[-1].add(part[0], translate(part[1]))
    cut = "The last line has no line end: the file may have been cut, and its last number with it."
    return [body.columns() for body in bodies], [] if terminated else [cut]


def _between(block: Block, titles: str) -> Iterator[tuple[int, str] | None]:
    """Yield the lines between repeated headers, and None for each of these."""
    if not titles or titles not in block.text:
        yield block.first, block.text
        return
    lines = block.text.split("\n")
    begin = 0
    for place, line in enumerate(lines):
        if line == titles:
            if place > begin:
                yield block.first + begin, "\n".join(lines[begin:place])
            yield None
            begin = place + 1
    if begin < len(lines):
        yield block.first + begin, "\n".join(lines[begin:])


@dataclass
class _Body:
    """A table being read."""

    file: str
    head: Head
    titles: Mapping[str, Title]
    parts: list[Array] = field(default_factory=list)
    lines: list[tuple[int, NDArray[np.int64] | int]] = field(default_factory=list)
    count: int = 0
    comma: tuple[int, str] | None = None
    """The first number with a comma, where all of them may as well be thousands."""
    commas: bool = False
    points: bool = False

    def add(self, first: int, text: str) -> None:
        """Take the lines that begin with the one of number `first`."""
        numbered: NDArray[np.int64] | int = first
        found = self._plain(text)
        if found is None:
            lines = text.split("\n")
            kept = [place for place, line in enumerate(lines) if line.strip()]
            if not kept:
                return
            if len(kept) < len(lines):
                numbered = first + np.array(kept, dtype=np.int64)
                lines = [lines[place] for place in kept]
                found = self._plain("\n".join(lines))
            if found is None:
                found, numbered = self._strict(lines, numbered)
        self.parts.append(found)
        self.lines.append((self.count, numbered))
        self.count += len(found)

    def _plain(self, text: str) -> Array | None:
        """Read lines that are plainly numbers; None where they may not be."""
        separator, width = self.head.separator, len(self.head.labels)
        comma = separator != "," and "," in text
        if comma:
            settled = self.commas and self.comma is None
            if self.points or "." in text or text.translate(_PLAIN) or not (settled or _UNGROUPED.search(text)):
                return None
            text = text.replace(",", ".")
        used = [title.index for title in self.titles.values()]
        blank = separator == " "
        found = _blanks_between(text, width, used) if blank else _marks_between(text, separator, width, used)
        if found is None or not np.all(np.abs(found) < _LARGEST):
            return None
        if separator != "," and np.any(found % 1.0):
            if self.commas and not comma:
                return None
            self.commas, self.comma = self.commas or comma, None if comma else self.comma
            self.points = self.points or (not comma and "." in text)
        return found

    def _strict(self, lines: list[str], numbered: NDArray[np.int64] | int) -> tuple[Array, NDArray[np.int64]]:
        """Read lines cell by cell, and refuse the first that is wrong."""
        separator = self.head.separator
        places = range(numbered, numbered + len(lines)) if isinstance(numbered, int) else numbered.tolist()
        whole = [TextLine(place, line) for place, line in zip(places, lines, strict=True)]
        table = rows(self.file, whole, separator, len(self.head.labels))
        used = [title.index for title in self.titles.values()]
        comma = self._comma(table, used)
        columns = [
            numbers(self.file, table, title.index, title.label, decimal_comma=comma).values
            for title in self.titles.values()
        ]
        return np.column_stack(columns), np.array([row.number for row in table], dtype=np.int64)

    def _comma(self, table: Sequence[Row], used: list[int]) -> bool:
        separator = self.head.separator
        cells = [(row.number, row.cells[index]) for row in table for index in used]
        with_comma = [] if separator == "," else [pair for pair in cells if "," in pair[1]]
        points = any("." in cell for _, cell in cells)
        if (with_comma and (points or self.points)) or (points and self.commas and separator != ","):
            place, cell = with_comma[0] if with_comma else next(pair for pair in cells if "." in pair[1])
            raise FileFormatError(
                self.file, f"line {place}", "decimal points or decimal commas throughout", f"both, as in '{cell}'",
                "Export the file again from the instrument's program, or mend the line if you know what stood there.",
            )  # fmt: skip
        self.points = self.points or points
        if not with_comma:
            return False
        if not self.commas:
            try:
                has_decimal_comma(self.file, table, used, separator)
                self.comma = None
            except FileFormatError:
                self.comma = with_comma[0]
        elif self.comma is not None and any(_UNGROUPED.search(cell) for _, cell in with_comma):
            self.comma = None
        self.commas = True
        return True

    def columns(self) -> Columns:
        """Return the whole table."""
        if self.comma is not None:
            place, cell = self.comma
            raise FileFormatError(
                self.file, f"line {place}", "a number", f"'{cell}', whose comma may separate decimals or thousands",
                "Export the file with decimal points and without separators of thousands.",
            )  # fmt: skip
        if not self.parts:
            raise FileFormatError(
                self.file, "", "lines of numbers below the column headers", "none",
                "The export is empty or was cut: export the file again.",
            )  # fmt: skip
        arrays = {}
        for place, (key, title) in enumerate(self.titles.items()):
            array = converted(np.concatenate([part[:, place] for part in self.parts]), title.unit)
            array.setflags(write=False)
            arrays[key] = array
        self.parts.clear()
        return Columns(arrays, tuple(self.lines))


_PLAIN = str.maketrans("", "", "0123456789+-.eE\n\t;, ")
_LARGEST = 1e100


def _marks_between(text: str, separator: str, width: int, used: list[int]) -> Array | None:
    """Read the used columns of lines whose cells are separated by a mark."""
    for mark in (separator, "\n") if " " in text else ():
        for blank in (f"{mark} ", f" {mark}"):
            while blank in text:
                text = text.replace(blank, mark)
    content = text.encode()
    places = cells_of(content, separator.encode(), width)
    if places is None:
        # A separator at the end of every line makes no column.
        places = cells_of(content, separator.encode(), width + 1)
        if places is None or np.any(places[0][:, -1] != places[1][:, -1]):
            return None
    starts, ends = (part[:, used] for part in places)
    found = numbers_at(content, starts.ravel(), ends.ravel())
    return None if found is None else found.reshape(-1, len(used))


def _blanks_between(text: str, width: int, used: list[int]) -> Array | None:
    """Read the used columns of lines of numbers whose cells are separated by any number of blanks."""
    if text.translate(_PLAIN) or not text.strip():
        return None
    lines = text.split("\n")
    try:
        found: Array = np.loadtxt(lines, comments=None, ndmin=2)
    except ValueError:
        return None
    return found[:, used] if found.shape == (len(lines), width) else None
