"""Texts from names and files as plain texts: nothing that a terminal, a page or a spreadsheet would obey."""

from __future__ import annotations

import re
from typing import TypeVar

T = TypeVar("T")

_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters, but for tab and line feed, and marks that turn the direction of writing."""
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def plain(text: str) -> str:
    r"""Put the replacement character in the place of control characters and marks of direction.

    Examples
    --------
    >>> plain("e\x1b[31m.csv") == "e\ufffd[31m.csv"
    True
    """
    return _OBEYED.sub("\ufffd", text)


def shortened(text: str, width: int) -> str:
    """Cut a text that is longer than it may be, and show that it is cut.

    Examples
    --------
    >>> shortened("impedance spectrum", 13)
    'impedance ...'
    """
    return text if len(text) <= width else f"{text[: width - 4].rstrip()} ..."


def first_sentence(text: str) -> str:
    """Return what stands before the first full stop that a new sentence follows.

    Examples
    --------
    >>> first_sentence("As R. Evans et al. wrote, 1.5 of 2. This is more.")
    'As R. Evans et al. wrote, 1.5 of 2'
    """
    return re.split(r"(?<! [A-Z])\. (?=[A-Z0-9])", text, maxsplit=1)[0].removesuffix(".")


def counted(number: int, noun: str) -> str:
    """Say how many there are of what, in the plural but for one.

    Examples
    --------
    >>> counted(1, "point"), counted(2, "voxel"), counted(0, "file")
    ('1 point', '2 voxels', '0 files')
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"


def cell(item: T) -> T | str:
    """Return an entry of a table such that no spreadsheet takes a text for a formula.

    Examples
    --------
    >>> cell("=1+1"), cell("a.csv"), cell(-1.5)
    ("'=1+1", 'a.csv', -1.5)
    """
    return f"'{item}" if isinstance(item, str) and item.startswith(_FORMULAS) else item
