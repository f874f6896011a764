"""Tables whose headers are a name and a unit, such as ``temperature / degC`` or ``Current (mA)``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.formats.content import RawFile
from lamion.formats.csv_table import split_comments
from lamion.formats.table import has_decimal_comma, headers, numbers, rows, separator_of
from lamion.formats.text import Line, Text
from lamion.quantities import FileFormatError, InputError, units

_HEADER = re.compile(r"(?P<name>[^/()\[\]]*[^/()\[\]\s])\s*(?:/\s*(?P<slash>.+)|\((?P<round>.+)\)|\[(?P<square>.+)\])")


@dataclass(frozen=True)
class Wanted:
    """A column to look for.

    Parameters
    ----------
    names : tuple of str
        Its names, in lower case without blanks, ``_`` and ``-``.
    unit : str
        The unit to return it in.
    required : bool
        Whether a table without it is another kind of table.
    """

    names: tuple[str, ...]
    unit: str
    required: bool = True


@dataclass(frozen=True, eq=False)
class NamedColumns:
    """The columns that were wanted and found.

    Parameters
    ----------
    columns : Mapping of str to array
        By the caller's key, in the unit that was wanted.
    comments : Mapping of str to str
        The lines above the table that begin with ``#``.
    lines : tuple of int
        The line of each row, for messages.
    warnings : tuple of str
        A whole sentence each.
    """

    columns: Mapping[str, NDArray[np.float64]]
    comments: Mapping[str, str]
    lines: tuple[int, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class _Header:
    index: int
    label: str
    unit: str


def has_columns(raw: RawFile, wanted: Mapping[str, Wanted]) -> bool:
    """Tell whether a text file's headers name every required column.

    Parameters
    ----------
    raw : RawFile
        A text file.
    wanted : Mapping of str to Wanted
        The columns to look for.
    """
    _, lines = split_comments(raw.text)
    if not lines:
        return False
    labels = headers(lines[0].text, separator_of(lines[0].text))
    named = {name for label in labels if (name := _named(label, wanted)) is not None}
    return all(key in named for key, column in wanted.items() if column.required)


def read_columns(raw: RawFile, wanted: Mapping[str, Wanted]) -> NamedColumns:
    """Read the wanted columns of a table.

    Parameters
    ----------
    raw : RawFile
        A text file whose headers :func:`has_columns` knows.
    wanted : Mapping of str to Wanted
        The columns to look for; others are not looked at.

    Raises
    ------
    FileFormatError
        When a header stands twice, has no unit or a wrong one, a row has too few or too many cells, or a cell is
        no number.
    """
    comments, lines = split_comments(raw.text)
    separator = separator_of(lines[0].text)
    labels = headers(lines[0].text, separator)
    found = _headers(raw.name, lines[0], labels, wanted)
    table = rows(raw.name, lines[1:], separator, len(labels))
    comma = has_decimal_comma(raw.name, table, [header.index for header in found.values()], separator)
    columns = {}
    for key, header in found.items():
        printed = numbers(raw.name, table, header.index, header.label, decimal_comma=comma).values
        columns[key] = _converted(printed, header.unit, wanted[key].unit)
    return NamedColumns(columns, comments, tuple(row.number for row in table), _warnings(raw.text))


def _headers(file: str, line: Line, labels: tuple[str, ...], wanted: Mapping[str, Wanted]) -> dict[str, _Header]:
    found: dict[str, _Header] = {}
    for index, label in enumerate(labels):
        key = _named(label, wanted)
        if key is None:
            continue
        if key in found:
            expected = f"one column for the {key}"
            raise FileFormatError(
                file, f"line {line.number}", expected, f"'{found[key].label}' and '{label}'", "Remove one of them."
            )
        found[key] = _Header(index, label, _unit(file, line, label, wanted[key].unit))
    return found


def _named(label: str, wanted: Mapping[str, Wanted]) -> str | None:
    match = _HEADER.fullmatch(label.strip())
    name = re.sub(r"[\s_-]", "", (match["name"] if match else label).lower())
    return next((key for key, column in wanted.items() if name in column.names), None)


def _unit(file: str, line: Line, label: str, wanted: str) -> str:
    match = _HEADER.fullmatch(label.strip())
    unit = "" if match is None else (match["slash"] or match["round"] or match["square"]).strip()
    place = f"line {line.number}"
    if not unit:
        remedy = f"Write the header like '{label.strip()} / {wanted}'."
        raise FileFormatError(file, place, f"a unit in the header '{label}'", "none", remedy)
    try:
        fits = units.same_dimension(unit, wanted)
    except InputError as error:
        raise FileFormatError(file, place, f"a unit in the header '{label}'", f"'{unit}'", error.remedy) from error
    if not fits:
        raise FileFormatError(
            file, place, f"a unit like '{wanted}' in the header '{label}'", f"'{unit}'", "Mend the header."
        )
    return unit


def _converted(values: NDArray[np.float64], unit: str, wanted: str) -> NDArray[np.float64]:
    offset = units.convert(0.0, unit, wanted)
    factor = units.convert(1.0, unit, wanted) - offset
    return np.asarray(values * factor + offset)


def _warnings(text: Text) -> tuple[str, ...]:
    if text.terminated:
        return ()
    return ("The last line has no line end: the file may have been cut, and its last number with it.",)
