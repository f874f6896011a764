r"""Printed numbers to floats, many at once and correctly rounded.

Cells that are printed alike (as ``-d.ddde-dd``) are read together, digit by digit of all of them at once: a number
:math:`m` of at most 15 digits and a power of ten :math:`\lvert p \rvert \le 22` are both exact in double precision,
so that :math:`m \cdot 10^p` or :math:`m / 10^{-p}` is rounded once, as the nearest double must be [1]_. Others are left
to Python. What is no number as instruments print it, such as ``NaN`` or a blank, is left to the caller.

References
----------
.. [1] W. D. Clinger, How to read floating point numbers accurately, ACM SIGPLAN Notices 25 (6), 92-101 (1990),
   doi:10.1145/93548.93557.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Places = NDArray[np.intp]
_NUMBER = re.compile(
    r"(?P<sign>[-+]?)(?P<whole>d*)(?:(?P<point>\.)(?P<part>d*))?(?:e(?P<minus>[-+]?)(?P<exponent>d{1,3}))?"
)
_EXACT_DIGITS = 15
_EXACT_POWER = 22
_POWERS = 10.0 ** np.arange(_EXACT_POWER + 1)
_MOST_SHAPES = 200
_LONGEST = 40
_CLASSES = np.zeros(256, np.uint8)
_CLASSES[list(b"0123456789")] = ord("d")
_CLASSES[list(b"-+.")] = list(b"-+.")
_CLASSES[list(b"eE")] = ord("e")


def cells_of(text: bytes, separator: bytes, width: int) -> tuple[Places, Places] | None:
    r"""Return where the cells of a table begin and end, shape (rows, width); None unless every row has all of them.

    Parameters
    ----------
    text : bytes
        Lines with ``\n`` between them and none behind the last.
    separator : bytes
        One character.
    width : int
        Cells in a row.
    """
    found = np.frombuffer(text, np.uint8)
    breaks = found == 10
    every = np.append(np.flatnonzero(breaks | (found == separator[0])), len(found))
    if len(every) % width:
        return None
    ends = every.reshape(-1, width)
    ends_line = np.append(breaks, True)[ends]
    if not ends_line[:, -1].all() or ends_line[:, :-1].any():
        return None
    starts = np.concatenate(([0], every[:-1] + 1)).reshape(-1, width)
    return starts, ends


def numbers_at(text: bytes, starts: Places, ends: Places) -> Array | None:
    """Return the numbers printed at some places; None where one is no number, or they are printed too variously.

    Parameters
    ----------
    text : bytes
        What they are printed in.
    starts, ends : array of int, shape (n,)
        Of each, without blanks around it.

    Examples
    --------
    >>> numbers_at(b"1.5,-2e-3", np.array([0, 4]), np.array([3, 9])).tolist()
    [1.5, -0.002]
    >>> numbers_at(b"1.5,NaN", np.array([0, 4]), np.array([3, 7])) is None
    True
    """
    found = np.frombuffer(text, np.uint8)
    lengths = ends - starts
    values = np.empty(len(starts))
    if not len(starts) or lengths.min() < 1 or lengths.max() > _LONGEST:
        return None
    shapes = 0
    for length in np.flatnonzero(np.bincount(lengths)).tolist():
        every = np.flatnonzero(lengths == length)
        window = np.lib.stride_tricks.sliding_window_view(found, length)
        waiting = [(every, np.ascontiguousarray(window[starts[every]].T), 0)]
        while waiting:
            places, columns, known = waiting.pop()
            mixed = _first_mixed(columns, known)
            if mixed is not None:
                classes = _CLASSES[columns[mixed]]
                for one in np.unique(classes):
                    chosen = classes == one
                    waiting.append((places[chosen], np.ascontiguousarray(columns[:, chosen]), mixed + 1))
                continue
            shapes += 1
            part = None if shapes > _MOST_SHAPES else _alike(columns)
            if part is None:
                return None
            values[places] = part
    return values


def _first_mixed(columns: NDArray[np.uint8], known: int) -> int | None:
    """Return the first place at which numbers of one length are printed differently."""
    for place in range(known, len(columns)):
        low, high = columns[place].min(), columns[place].max()
        if low != high and not (low >= 48 and high <= 57):
            classes = _CLASSES[columns[place]]
            if (classes != classes[0]).any():
                return place
    return None


def _alike(columns: NDArray[np.uint8]) -> Array | None:
    """Read numbers that are printed alike, one character of all of them in each row."""
    shape = _CLASSES[columns[:, 0]].tobytes().decode("latin-1")
    match = _NUMBER.fullmatch(shape)
    if match is None or not (match["whole"] or match["part"]):
        return None
    decimals = len(match["part"] or "")
    if len(match["whole"]) + decimals > _EXACT_DIGITS:
        return _one_by_one(columns)
    mantissa = _whole(columns[[*range(*match.span("whole")), *range(*match.span("part"))]])
    power: int | NDArray[np.int64] = -decimals
    if match["exponent"]:
        printed = _whole(columns[slice(*match.span("exponent"))])
        power = (-printed if match["minus"] == "-" else printed) - decimals
        if np.abs(power).max() > _EXACT_POWER:
            return _one_by_one(columns)
    scaled = mantissa.astype(np.float64)
    if isinstance(power, int):
        scaled /= _POWERS[-power]
    else:
        scaled = np.where(power < 0, scaled / _POWERS[np.maximum(-power, 0)], scaled * _POWERS[np.maximum(power, 0)])
    return -scaled if match["sign"] == "-" else scaled


def _whole(columns: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return whole numbers from their digits."""
    found = np.zeros(columns.shape[1], np.int64)
    for column in columns:
        found *= 10
        found += column
    return found - 48 * int("1" * len(columns) or "0")


def _one_by_one(columns: NDArray[np.uint8]) -> Array:
    """Read numbers with too many digits or too large a power, as Python does."""
    length = len(columns)
    return np.array([float(cell) for cell in np.ascontiguousarray(columns.T).view(f"S{length}").ravel().tolist()])
