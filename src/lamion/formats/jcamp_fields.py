"""JCAMP-DX's labelled fields: ``##LABEL= value`` over one or more lines, in blocks from ``##TITLE=`` to ``##END=``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lamion.formats.table import parse_number
from lamion.formats.text import Text, TextLine
from lamion.quantities import FileFormatError

AGAIN = "Lines were removed or changed, or the file was cut: export or copy it again."
_FIELD = re.compile(r"\s*##(?P<label>[^=]{0,80})=(?P<value>.*)")
_NO_LETTERS = re.compile(r"[\s_/-]")
_COMMENT = "$$"


@dataclass(frozen=True)
class Number:
    """A number as printed.

    Parameters
    ----------
    value : float
        What it is.
    half_unit : float
        Half a unit of its last digit.
    """

    value: float
    half_unit: float


@dataclass(frozen=True)
class Field:
    """One labelled field.

    Parameters
    ----------
    label : str
        In capitals, without blanks, underscores, hyphens and slashes, as the standard compares labels.
    printed : str
        The label as it is printed.
    value : str
        What stands behind it on its own line, without a comment.
    line : int
        That line's number.
    below : tuple of TextLine
        The lines that follow it, without comments; blank ones are left out.
    """

    label: str
    printed: str
    value: str
    line: int
    below: tuple[TextLine, ...] = ()

    @property
    def word(self) -> str:
        """The value as labels are compared."""
        return compared(self.value)


@dataclass(frozen=True)
class Block:
    """The fields of one spectrum.

    Parameters
    ----------
    file : str
        The file's name, for messages.
    fields : tuple of Field
        In the order of the file.
    inner : tuple of Block
        The blocks within a compound one.
    closed : bool
        Whether ``##END=`` was met.
    """

    file: str
    fields: tuple[Field, ...]
    inner: tuple[Block, ...]
    closed: bool

    def find(self, label: str) -> Field | None:
        """Return a field by its compared label; FileFormatError where it stands twice and says two things."""
        found = [field for field in self.fields if field.label == label]
        if len({(field.value, tuple(line.text for line in field.below)) for field in found}) > 1:
            expected = f"##{found[1].printed}= once"
            raise FileFormatError(
                self.file, f"line {found[1].line}", expected, f"it on line {found[0].line} too", AGAIN
            )
        return found[0] if found else None

    def need(self, label: str) -> Field:
        """Return a field that must be there."""
        found = self.find(label)
        if found is None:
            raise FileFormatError(self.file, "", f"the field ##{label}=", "no such field", AGAIN)
        return found

    def word(self, label: str) -> str:
        """Return a field's value as labels are compared, empty without it."""
        found = self.find(label)
        return "" if found is None else found.word

    def number(self, label: str) -> Number | None:
        """Return the number in a field; None without the field."""
        found = self.find(label)
        return None if found is None else number_in(self.file, found, found.value)


def compared(label: str) -> str:
    """Return a label as the standard compares it.

    Examples
    --------
    >>> compared("Data Type"), compared("DATA_TYPE"), compared("UV/VIS Spectrum")
    ('DATATYPE', 'DATATYPE', 'UVVISSPECTRUM')
    """
    return _NO_LETTERS.sub("", label).upper()


def number_in(file: str, field: Field, text: str) -> Number:
    """Return the number that a field holds; FileFormatError where it holds none."""
    parsed = parse_number(text.strip().replace(",", "."))
    if parsed is None:
        where = f"line {field.line}"
        raise FileFormatError(file, where, f"a number behind ##{field.printed}=", f"'{text.strip()[:30]}'", AGAIN)
    return Number(parsed[0], 0.5 * 10.0 ** parsed[1])


def read_blocks(text: Text) -> list[Block]:
    """Return the outermost blocks of a file.

    Parameters
    ----------
    text : Text
        The whole file.

    Raises
    ------
    FileFormatError
        Where a line that begins with ``##`` is no field, or something stands outside of every block.
    """
    found: list[Block] = []
    open_ones: list[tuple[list[Field], list[Block]]] = []
    for field in _fields(text):
        if field.label == "TITLE":
            open_ones.append(([], []))
        elif not open_ones:
            where, remedy = f"line {field.line}", AGAIN
            raise FileFormatError(
                text.file, where, "##TITLE= in front of every other field", f"##{field.printed}=", remedy
            )
        if field.label == "END":
            _close(text.file, open_ones, found, closed=True)
        else:
            open_ones[-1][0].append(field)
    while open_ones:
        _close(text.file, open_ones, found, closed=False)
    return found


def _close(file: str, open_ones: list[tuple[list[Field], list[Block]]], found: list[Block], *, closed: bool) -> None:
    fields, inner = open_ones.pop()
    (open_ones[-1][1] if open_ones else found).append(Block(file, tuple(fields), tuple(inner), closed))


def _fields(text: Text) -> Iterator[Field]:
    begun: Field | None = None
    below: list[TextLine] = []
    for line in text.lines:
        said = line.text.partition(_COMMENT)[0].rstrip()
        match = _FIELD.fullmatch(said)
        if match is None and said.lstrip().startswith("##"):
            found = f"'{said.strip()[:30]}'"
            raise FileFormatError(text.file, f"line {line.number}", "a field such as ##TITLE=", found, AGAIN)
        if match is not None:
            if begun is not None:
                yield _with(begun, below)
            label = match["label"].strip()
            begun, below = Field(compared(label), label, match["value"].strip(), line.number), []
        elif said.strip() and begun is None:
            found = f"'{said.strip()[:30]}'"
            raise FileFormatError(text.file, f"line {line.number}", "##TITLE= on the first line", found, AGAIN)
        elif said.strip():
            below.append(TextLine(line.number, said))
    if begun is not None:
        yield _with(begun, below)


def _with(field: Field, below: Sequence[TextLine]) -> Field:
    return Field(field.label, field.printed, field.value, field.line, tuple(below))
