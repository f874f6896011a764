"""Tables that hold points of direct current, with a frequency of zero, beside the impedance."""

from __future__ import annotations

from collections.abc import Sequence

from lamion.formats.headers import Headings, Meaning
from lamion.formats.table import parse_number, split
from lamion.formats.text import TextLine

_ZEROS = (Meaning.FREQUENCY, Meaning.REAL, Meaning.IMAGINARY)


def sweeps(lines: Sequence[TextLine], headings: Headings, separator: str) -> list[tuple[TextLine, ...]]:
    """Split the lines of a table into its runs of impedance.

    A line belongs to the direct current only when its frequency and its impedance are all zero.

    Parameters
    ----------
    lines : sequence of TextLine
        The lines below the headers; blank ones are left out.
    headings : Mapping of Meaning to Heading
        The columns that were understood.
    separator : str
        As returned by :func:`lamion.formats.table.separator_of`.

    Returns
    -------
    list of tuple of TextLine
        Each run, in the order of the file.
    """
    places = [headings[meaning].index for meaning in _ZEROS if meaning in headings]
    found: list[list[TextLine]] = [[]]
    for line in lines:
        if not line.text.strip():
            continue
        if not _is_direct(split(line.text, separator), places):
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [tuple(run) for run in found if run]


def _is_direct(cells: Sequence[str], places: Sequence[int]) -> bool:
    if len(cells) <= max(places):
        return False
    parsed = [parse_number(cells[place].replace(",", ".")) for place in places]
    return all(number is not None and number[0] == 0.0 for number in parsed)
