"""Column headers to what they mean: the quantity, its unit and its sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from lamion.formats.suggestion import of_impedance
from lamion.quantities import FileFormatError
from lamion.records.column import Column, HeaderError, as_written, named, unit_of
from lamion.records.impedance import COLUMNS, IN_SERIES


class Meaning(Enum):
    """What a column of impedance holds, in words for messages; declared in :mod:`lamion.records.impedance`."""

    FREQUENCY = "frequency"
    REAL = "real impedance"
    IMAGINARY = "imaginary impedance"
    MODULUS = "modulus"
    PHASE = "phase"
    CYCLE = "cycle number"


SI_UNITS: dict[Meaning, str] = {
    meaning: COLUMNS[meaning.value].unit for meaning in Meaning if meaning is not Meaning.CYCLE
}
"""The unit each meaning is returned in; a phase is kept in degrees, as it is printed."""


@dataclass(frozen=True)
class Heading:
    """One column whose header was understood.

    Parameters
    ----------
    meaning : Meaning
        What the column holds.
    index : int
        Its place, counted from 0.
    label : str
        The header as printed, for messages.
    factor : float
        What a printed number is multiplied by to have it in SI_UNITS; negative where the column holds the
        negative of its meaning, such as -Im(Z).
    has_unit : bool
        Whether the header says the unit; without one the unit of SI_UNITS is assumed.
    areal : bool
        Whether it is an impedance times an area; its numbers are those of 1 cm2.
    """

    meaning: Meaning
    index: int
    label: str
    factor: float = 1.0
    has_unit: bool = True
    areal: bool = False


Headings = Mapping[Meaning, Heading]


def understand(file: str, line: int, labels: Sequence[str]) -> dict[Meaning, Heading]:
    """Find out what the columns of a table hold.

    Parameters
    ----------
    file : str
        The file's name, for messages.
    line : int
        The line the headers stand on, for messages.
    labels : sequence of str
        The headers in the order of the columns.

    Returns
    -------
    dict of Meaning to Heading
        The columns that were understood; others are not looked at.

    Raises
    ------
    FileFormatError
        When two columns mean the same, or a unit is unknown or of another dimension.

    Examples
    --------
    >>> found = understand("a.csv", 1, ["freq/kHz", "-Im(Z)/Ohm", "<Ewe>/V"])
    >>> [(heading.meaning.value, heading.index, heading.factor) for heading in found.values()]
    [('frequency', 0, 1000.0), ('imaginary impedance', 1, -1.0)]
    """
    known = COLUMNS | (IN_SERIES if _in_series(labels) else {})
    found: dict[Meaning, Heading] = {}
    for index, label in enumerate(labels):
        heading = _heading(file, line, index, label, known)
        if heading is None:
            continue
        if heading.meaning in found:
            raise FileFormatError(
                file,
                f"line {line}",
                f"one column for the {heading.meaning.value}",
                f"two, '{found[heading.meaning].label}' and '{heading.label}'",
                f"Remove one of them, or say which columns to take: {as_written(of_impedance(labels))}.",
            )
        found[heading.meaning] = heading
    return found


def names_frequency(labels: Sequence[str]) -> bool:
    """Tell whether one of the cells of a line is the header of a column of frequencies, with its unit.

    Parameters
    ----------
    labels : sequence of str
        The cells, as printed.

    Examples
    --------
    >>> names_frequency(["Re(Z)/Ohm", "freq/Hz"]), names_frequency(["High Frequency (Hz) = 2e+6"])
    (True, False)
    """
    return any(label.lower().startswith("freq/") for label in labels)


def _in_series(labels: Sequence[str]) -> bool:
    """Tell whether resistance and reactance stand where no impedance does."""
    names = {named(label, COLUMNS) for label in labels}
    series = {named(label, IN_SERIES) for label in labels}
    return set(IN_SERIES) <= series and not names & {"modulus", "phase", *IN_SERIES}


def _heading(file: str, line: int, index: int, label: str, known: Mapping[str, Column]) -> Heading | None:
    name = named(label, known)
    if name is None:
        return None
    try:
        unit = unit_of(label, known[name])
    except HeaderError as error:
        raise FileFormatError(file, f"line {line}", error.expected, error.found, error.remedy) from error
    return Heading(Meaning(name), index, label, unit.factor, has_unit=unit.said, areal=unit.areal)
