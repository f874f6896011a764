"""The user's word on which columns to read: ``f=1,re=2,im=-3``."""

from __future__ import annotations

import re

from lamion.formats import spectra
from lamion.formats.content import Parsed, RawFile
from lamion.formats.headers import Heading, Headings, Meaning
from lamion.formats.table import parse_number, separator_of, split
from lamion.formats.text import Text, TextLine
from lamion.quantities import FileFormatError, InputError

FORMAT_NAME = "table with columns given by number"
_KEYS = {
    "f": Meaning.FREQUENCY,
    "re": Meaning.REAL,
    "im": Meaning.IMAGINARY,
    "mod": Meaning.MODULUS,
    "phase": Meaning.PHASE,
}
_PART = re.compile(r"\s*(?P<key>[a-z]+)\s*=\s*(?P<sign>-?)(?P<column>[1-9]\d{0,3})\s*", re.ASCII)


def parse_columns(specification: str) -> dict[Meaning, Heading]:
    """Read a specification of columns.

    Parameters
    ----------
    specification : str
        ``f`` and either ``re`` and ``im`` or ``mod`` and ``phase``, each with the number of its column counted
        from 1; a minus for a column that holds the negative, as ``im=-3`` where the third column holds -Z''.
        Frequencies are in Hz, impedances in ohm, phases in degrees.

    Returns
    -------
    dict of Meaning to Heading

    Raises
    ------
    InputError
        When it cannot be read or names too few or too many columns.

    Examples
    --------
    >>> [(meaning.value, heading.index, heading.factor) for meaning, heading in parse_columns("f=1,re=2,im=-3").items()]
    [('frequency', 0, 1.0), ('real impedance', 1, 1.0), ('imaginary impedance', 2, -1.0)]
    """
    found: dict[Meaning, Heading] = {}
    for part in specification.split(","):
        match = _PART.fullmatch(part)
        meaning = _KEYS.get(match["key"]) if match else None
        if match is None or meaning is None:
            raise _unusable(specification, f"'{part.strip()}' is not a column")
        if meaning in found:
            raise _unusable(specification, f"'{match['key']}' stands there twice")
        if match["sign"] and meaning not in (Meaning.IMAGINARY, Meaning.PHASE):
            raise _unusable(specification, f"only im and phase can be negative, not {match['key']}")
        label = f"column {match['column']}"
        found[meaning] = Heading(meaning, int(match["column"]) - 1, label, -1.0 if match["sign"] else 1.0)
    _check_set(specification, found)
    return found


def _check_set(specification: str, found: Headings) -> None:
    missing = spectra.missing_columns(found)
    if missing:
        raise _unusable(specification, f"it does not say which column is the {' or the '.join(missing)}")
    if len({heading.index for heading in found.values()}) < len(found):
        raise _unusable(specification, "it takes one column twice")


def _unusable(specification: str, reason: str) -> InputError:
    return InputError(
        f"The columns '{specification[:60]}' cannot be used: {reason}.",
        "Each column is a key (f, re, im, mod, phase), '=' and its number counted from 1.",
        "Write them as in 'f=1,re=2,im=3', with im=-3 where the third column holds -Z'', or as in "
        "'f=1,mod=2,phase=3' (in Hz, ohm and degrees).",
    )


def read_columns(raw: RawFile, specification: str) -> Parsed:
    """Read a table by the numbers of its columns, whatever stands above it.

    Parameters
    ----------
    raw : RawFile
        A text file.
    specification : str
        As for :func:`parse_columns`.

    Returns
    -------
    Parsed
        With a warning when lines were skipped above the first line of numbers.

    Raises
    ------
    InputError
        When the specification cannot be used, or the table cannot be read so.
    """
    headings = parse_columns(specification)
    text = raw.text
    needed = max(heading.index for heading in headings.values()) + 1
    start = _first_line_of_numbers(text, headings, needed)
    first = text.lines[start]
    separator = separator_of(first.text)
    cells = split(first.text, separator)
    width = len(cells) - 1 if len(cells) > needed and not cells[-1] else len(cells)
    found = spectra.from_table(text, text.lines[start:], headings, width, separator)
    return Parsed(found.spectra, {}, (*_skipped(text.lines[:start]), *found.warnings))


def _first_line_of_numbers(text: Text, headings: Headings, needed: int) -> int:
    for position, line in enumerate(text.lines):
        cells = split(line.text, separator_of(line.text))
        if len(cells) >= needed and all(_is_number(cells[heading.index]) for heading in headings.values()):
            return position
    raise FileFormatError(
        text.file,
        "",
        f"lines with numbers in the columns named by --columns, {needed} columns at least",
        "no such line",
        "Check the numbers of the columns, which are counted from 1, and that the file is the right one.",
    )


def _is_number(cell: str) -> bool:
    return parse_number(cell.replace(",", ".", 1)) is not None


def _skipped(lines: tuple[TextLine, ...]) -> list[str]:
    written = [line for line in lines if line.text.strip()]
    if not written:
        return []
    return [
        f"{len(written)} lines above the first line of numbers were skipped, the last of them line "
        f"{written[-1].number}: '{written[-1].text.strip()[:60]}'."
    ]
