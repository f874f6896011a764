"""Delimited tables of numbers, read strictly: every cell of a column that is used is a number or an error."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.formats.text import TextLine
from lamion.quantities import FileFormatError

_NUMBER = re.compile(
    r"[-+]?(?:\d+(?:\.(?P<decimals>\d*))?|\.(?P<bare>\d+))(?:[eE](?P<exponent>[-+]?\d{1,3}))?", re.ASCII
)
_LARGEST_EXPONENT = 100
_GROUPED = re.compile(r"[-+]?\d{1,3},\d{3}", re.ASCII)
_RE_EXPORT = "Export the file again from the instrument's program, or mend the line if you know what stood there."


@dataclass(frozen=True)
class Row:
    """One line of a table.

    Parameters
    ----------
    number : int
        The line's number in the file, counted from 1.
    cells : tuple of str
        As printed, without the blanks around them.
    """

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Numbers:
    """One column as numbers.

    Parameters
    ----------
    values : array of float, shape (n,)
        As printed, in the column's own unit.
    half_units : array of float, shape (n,)
        Half a unit in the last digit that the column is printed to: how far rounding can have moved each number.
    """

    values: NDArray[np.float64]
    half_units: NDArray[np.float64]

    def scaled(self, factor: float) -> Numbers:
        """Return the column multiplied by a factor, which may be negative."""
        return Numbers(self.values * factor, self.half_units * abs(factor))

    def at(self, rows: NDArray[np.intp]) -> Numbers:
        """Return the column at some of its rows."""
        return Numbers(self.values[rows], self.half_units[rows])


def separator_of(line: str) -> str:
    """Return what separates the cells of a line: a tab, a semicolon, a comma or, without any, blanks.

    Parameters
    ----------
    line : str
        The line of column headers, or the first line of numbers.

    Returns
    -------
    str
        One character.
    """
    return next((mark for mark in "\t;," if mark in line), " ")


def split(line: str, separator: str) -> tuple[str, ...]:
    r"""Split a line into cells.

    Parameters
    ----------
    line : str
        The line.
    separator : str
        As returned by :func:`separator_of`; a blank stands for any number of blanks.

    Returns
    -------
    tuple of str
        Without the blanks and the double quotes around them.

    Examples
    --------
    >>> split('"freq/Hz";"Z\'/ohm"', ";")
    ('freq/Hz', "Z'/ohm")
    """
    if separator == " ":
        return tuple(line.split())
    return tuple(_unquoted(cell.strip()) for cell in line.split(separator))


def _unquoted(cell: str) -> str:
    quoted = len(cell) >= 2 and cell[0] == cell[-1] == '"'
    return cell[1:-1].replace('""', '"').strip() if quoted else cell


def headers(line: str, separator: str) -> tuple[str, ...]:
    """Split a line of column headers; a separator at its end makes no column.

    Parameters
    ----------
    line, separator : str
        As for :func:`split`.
    """
    cells = split(line, separator)
    return cells[:-1] if cells and not cells[-1] else cells


def headers_above(line: str, separator: str, below: str) -> tuple[str, ...]:
    r"""Split a line of column headers whose separators may be doubled, as LCR meters write them.

    Blanks between them are no columns where the row below has fewer cells, at most one for each header.

    Parameters
    ----------
    line, separator : str
        As for :func:`split`.
    below : str
        The first row of numbers, whose width every other row must have.

    Examples
    --------
    >>> headers_above("F[Hz]\t\tZ[Ohm]", "\t", "1\t2"), headers_above("F[Hz]\t\tZ[Ohm]", "\t", "1\t2\t3")
    (('F[Hz]', 'Z[Ohm]'), ('F[Hz]', '', 'Z[Ohm]'))
    """
    labels = headers(line, separator)
    filled = tuple(label for label in labels if label)
    return filled if len(headers(below, separator)) <= len(filled) < len(labels) else labels


def rows(file: str, lines: Sequence[TextLine], separator: str, width: int) -> tuple[Row, ...]:
    """Split the lines of a table and check that each has every cell.

    Parameters
    ----------
    file : str
        The file's name, for messages.
    lines : sequence of TextLine
        The lines below the headers; blank ones are left out.
    separator : str
        As returned by :func:`separator_of`.
    width : int
        How many columns there are.

    Returns
    -------
    tuple of Row

    Raises
    ------
    FileFormatError
        When a line has more or fewer cells, or there is no line.
    """
    found = tuple(_row(file, line, separator, width) for line in lines if line.text.strip())
    if not found:
        raise FileFormatError(
            file,
            "",
            "lines of numbers below the column headers",
            "none",
            "The export is empty or was cut: export the file again.",
        )
    return found


def _row(file: str, line: TextLine, separator: str, width: int) -> Row:
    cells = split(line.text, separator)
    if len(cells) == width + 1 and not cells[-1]:
        cells = cells[:-1]
    if len(cells) != width:
        remedy = _RE_EXPORT
        if separator == "," and len(cells) > width:
            remedy = (
                "If its numbers have decimal commas, the commas between the columns cannot be told from them: "
                "export the file with decimal points, or with semicolons or tabs between the columns."
            )
        raise FileFormatError(file, f"line {line.number}", f"{width} cells", f"{len(cells)}", remedy)
    return Row(line.number, cells)


def has_decimal_comma(file: str, table: Sequence[Row], used: Sequence[int], separator: str) -> bool:
    """Tell whether the numbers of a table have decimal commas.

    Parameters
    ----------
    file : str
        The file's name, for messages.
    table : sequence of Row
        The table.
    used : sequence of int
        The columns that are read, counted from 0.
    separator : str
        As returned by :func:`separator_of`; with a comma there is no decimal comma.

    Returns
    -------
    bool

    Raises
    ------
    FileFormatError
        When points and commas are mixed, or every comma could as well separate thousands.
    """
    if separator == ",":
        return False
    cells = [(row.number, row.cells[index]) for row in table for index in used]
    with_comma = [(number, cell) for number, cell in cells if "," in cell]
    if not with_comma:
        return False
    if any("." in cell for _, cell in cells):
        raise FileFormatError(
            file,
            f"line {with_comma[0][0]}",
            "decimal points or decimal commas throughout",
            f"both, as in '{with_comma[0][1]}'",
            _RE_EXPORT,
        )
    if all(_GROUPED.fullmatch(cell) for _, cell in with_comma):
        raise FileFormatError(
            file,
            f"line {with_comma[0][0]}",
            "a number",
            f"'{with_comma[0][1]}', whose comma may separate decimals or thousands",
            "Export the file with decimal points and without separators of thousands.",
        )
    return True


def numbers(file: str, table: Sequence[Row], index: int, label: str, *, decimal_comma: bool = False) -> Numbers:
    """Read one column as numbers.

    Parameters
    ----------
    file : str
        The file's name, for messages.
    table : sequence of Row
        The table.
    index : int
        The column, counted from 0.
    label : str
        The column's name, for messages.
    decimal_comma : bool
        As returned by :func:`has_decimal_comma`.

    Returns
    -------
    Numbers

    Raises
    ------
    FileFormatError
        When a cell is blank or no number.
    """
    pairs = [_number(file, row.number, row.cells[index], label, decimal_comma) for row in table]
    values, last_digits = np.array(pairs, dtype=np.float64).T
    return Numbers(values, 0.5 * 10.0 ** _as_fine_as_the_column(values, last_digits))


def _as_fine_as_the_column(values: NDArray[np.float64], last_digits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the power of ten each number is known to: its last printed digit, or a finer one.

    A number with fewer digits than its column has lost zeros when it was printed, or digits when the file was
    damaged. Either way it is taken to be as fine as the column: in digits behind the point, or in significant
    digits, whichever is coarser.
    """
    first_digits = last_digits.copy()
    first_digits[values != 0.0] = np.floor(np.log10(np.abs(values[values != 0.0])))
    typical = np.median(last_digits - first_digits)
    return np.asarray(np.minimum(last_digits, np.maximum(last_digits.min(), first_digits + typical)))


def _number(file: str, line: int, cell: str, label: str, decimal_comma: bool) -> tuple[float, int]:
    plain = cell.replace("\u2212", "-")  # a typographic minus
    if decimal_comma:
        plain = plain.replace(",", ".")
    parsed = parse_number(plain)
    if parsed is None:
        found = f"'{_shortened(cell)}'" if cell else "a blank"
        raise FileFormatError(file, f"line {line}", f"a number under '{label}'", found, _RE_EXPORT)
    return parsed


def parse_number(cell: str) -> tuple[float, int] | None:
    """Read a printed number.

    Parameters
    ----------
    cell : str
        The whole cell.

    Returns
    -------
    tuple of float and int, or None
        The value and the power of ten of its last printed digit; None when the cell is no number, or one of a
        hundred digits, which no instrument measures.

    Examples
    --------
    >>> parse_number("-1.250e+2")
    (-125.0, -1)
    >>> parse_number("NaN") is None
    True
    """
    match = _NUMBER.fullmatch(cell)
    if match is None:
        return None
    value, exponent = float(cell), int(match["exponent"] or 0)
    if exponent > _LARGEST_EXPONENT or not abs(value) < 10.0**_LARGEST_EXPONENT:
        return None
    return value, exponent - len(match["decimals"] or match["bare"] or "")


def print_shape(cell: str) -> tuple[int, int] | None:
    """Return how a number is printed: its digits behind the point and in the exponent.

    Parameters
    ----------
    cell : str
        The whole cell.

    Returns
    -------
    tuple of int, or None
        None when it is no number, or one of which a cut cannot be told: without a digit behind the point or
        with a single digit in the exponent.
    """
    match = _NUMBER.fullmatch(cell.replace(",", "."))
    decimals = len(match["decimals"] or match["bare"] or "") if match else 0
    if match is None or not decimals:
        return None
    exponent_digits = len((match["exponent"] or "").lstrip("+-"))
    return None if exponent_digits == 1 else (decimals, exponent_digits)


def _shortened(cell: str) -> str:
    return cell if len(cell) <= 40 else f"{cell[:37]}..."
