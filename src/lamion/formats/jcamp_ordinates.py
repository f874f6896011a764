r"""JCAMP-DX's tables ``(X++(Y..Y))``: an abscissa and the ordinates that follow it on each line, in any compression.

An ordinate is written plainly (AFFN, FIX), with its sign for a separator (PAC), with a letter for sign and first digit
(SQZ: ``@`` 0, ``A`` to ``I`` 1 to 9, ``a`` to ``i`` -1 to -9), as the difference from the one before (DIF: ``%`` 0,
``J`` to ``R``, ``j`` to ``r``), or once for several that are alike (DUP: ``S`` to ``Z`` and ``s``, 1 to 9). [1]_ A line
behind one that ends in a difference repeats its last ordinate, as a check.

References
----------
.. [1] R. S. McDonald, P. A. Wilks, JCAMP-DX: a standard form for exchange of infrared spectra in computer readable
   form, Appl. Spectrosc. 42, 151-162 (1988), doi:10.1366/0003702884428734.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lamion.formats.table import parse_number
from lamion.formats.text import TextLine
from lamion.quantities import FileFormatError

Array = NDArray[np.float64]
_TOKEN = re.compile(
    r"(?P<plain>[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[Ee][-+]\d{1,3})?)|(?P<letter>[@%A-Za-s])(?P<digits>\d*)"
    r"|(?P<gap>[ \t]+)",
    re.ASCII,
)
_SQUEEZED = {"@": "0"} | {chr(ord("A") + k): f"{k + 1}" for k in range(9)}
_SQUEEZED |= {chr(ord("a") + k): f"-{k + 1}" for k in range(9)}
_DIFFERENCE = {"%": "0"} | {chr(ord("J") + k): f"{k + 1}" for k in range(9)}
_DIFFERENCE |= {chr(ord("j") + k): f"-{k + 1}" for k in range(9)}
_DUPLICATE = {chr(ord("S") + k): f"{k + 1}" for k in range(8)} | {"s": "9"}
_EXACT_DIGITS = 15
_DAMAGED = "The line was damaged: export or copy the file again."


@dataclass
class _Line:
    """One line as it is read: its ordinates, and whether the last of them came from a difference."""

    values: list[float] = field(default_factory=list)
    step: float | None = None
    may_repeat: bool = False


@dataclass(frozen=True, eq=False)
class Ordinates:
    """A decoded table.

    Parameters
    ----------
    values : array of float, shape (n,)
        As printed, before any factor.
    abscissae : array of float, shape (m,)
        Of the lines, as printed.
    half_units : array of float, shape (m,)
        Half a unit of their last digits.
    places : array of int, shape (m,)
        Which ordinate each of them belongs to.
    lines : array of int, shape (m,)
        Their lines in the file.
    """

    values: Array
    abscissae: Array
    half_units: Array
    places: NDArray[np.int64]
    lines: NDArray[np.int64]


def decode(file: str, lines: Sequence[TextLine], most: int) -> Ordinates:
    """Decode the lines of a table.

    Parameters
    ----------
    file : str
        The file's name, for messages.
    lines : sequence of TextLine
        Without comments.
    most : int
        The number of ordinates that is declared.

    Returns
    -------
    Ordinates

    Raises
    ------
    FileFormatError
        At the first line that cannot be read, does not repeat the ordinate that it must, or is one too many.

    Examples
    --------
    >>> decode("a.jdx", [TextLine(1, "400A2B5JJ"), TextLine(2, "403B7U")], 6).values.tolist()
    [12.0, 25.0, 26.0, 27.0, 27.0, 27.0]
    """
    values: list[float] = []
    heads: list[tuple[float, float, int, int]] = []
    checked = False
    for line in lines:
        abscissa, found = _read(file, line, most)
        first = len(values)
        if checked:
            if found.values[0] != values[-1]:
                raise FileFormatError(
                    file,
                    f"line {line.number}",
                    f"the ordinate {values[-1]:.15g}, to which the differences of the line above lead",
                    f"{found.values[0]:.15g}",
                    _DAMAGED,
                )
            first -= 1
        heads.append((*abscissa, first, line.number))
        values += found.values[1:] if checked else found.values
        if len(values) > most:
            raise _too_many(file, line.number, most)
        checked = found.step is not None
    if not heads:
        raise FileFormatError(file, "", "lines of numbers below the head of the table", "none", _DAMAGED)
    columns = tuple(zip(*heads, strict=True))
    return Ordinates(
        np.array(values),
        np.array(columns[0]),
        np.array(columns[1]),
        np.array(columns[2], dtype=np.int64),
        np.array(columns[3], dtype=np.int64),
    )


def _read(file: str, line: TextLine, most: int) -> tuple[tuple[float, float], _Line]:
    """Read one line: its abscissa with half a unit of the last digit, and its ordinates."""
    tokens = _tokens(file, line)
    head = next(tokens, None)
    parsed = None if head is None or head["plain"] is None else parse_number(head["plain"])
    if parsed is None:
        raise _unreadable(file, line, "an abscissa", line.text.strip()[:20])
    found = _Line()
    for token in tokens:
        _take(file, line, token, found, most)
    if not found.values:
        raise _unreadable(file, line, "an ordinate behind the abscissa", line.text.strip()[:20])
    return (parsed[0], 0.5 * 10.0 ** parsed[1]), found


def _tokens(file: str, line: TextLine) -> Iterator[re.Match[str]]:
    place = 0
    while place < len(line.text):
        token = _TOKEN.match(line.text, place)
        if token is None:
            raise _unreadable(file, line, "ordinates in one of the forms of JCAMP-DX", line.text[place : place + 20])
        place = token.end()
        if token["gap"] is None:
            yield token


def _take(file: str, line: TextLine, token: re.Match[str], found: _Line, most: int) -> None:
    """Add what a token says to the ordinates of its line."""
    letter, digits = token["letter"], token["digits"] or ""
    if letter is None or letter in _SQUEEZED:
        text = token["plain"] if letter is None else _SQUEEZED[letter] + digits
        parsed = parse_number(text)
        if parsed is None or (letter is not None and len(digits) >= _EXACT_DIGITS):
            raise _unreadable(file, line, "an ordinate", token[0])
        found.values.append(parsed[0])
        found.step, found.may_repeat = None, True
    elif len(digits) >= _EXACT_DIGITS or not found.values:
        raise _unreadable(file, line, "an ordinate in front of a difference or a repetition", token[0])
    elif letter in _DIFFERENCE:
        found.step = float(_DIFFERENCE[letter] + digits)
        found.values.append(found.values[-1] + found.step)
        found.may_repeat = True
    else:
        more = int(_DUPLICATE[letter] + digits) - 1
        if not found.may_repeat:
            raise _unreadable(file, line, "one number of repetitions", token[0])
        if more + len(found.values) > most + 1:
            raise _too_many(file, line.number, most)
        for _ in range(more):
            found.values.append(found.values[-1] + (found.step or 0.0))
        found.may_repeat = False


def _unreadable(file: str, line: TextLine, expected: str, found: str) -> FileFormatError:
    return FileFormatError(file, f"line {line.number}", expected, f"'{found}'", _DAMAGED)


def _too_many(file: str, line: int, most: int) -> FileFormatError:
    return FileFormatError(file, f"line {line}", f"{most} ordinates in all, as ##NPOINTS= says", "more", _DAMAGED)
