"""A table with understood columns to impedance spectra: what every text format of impedance shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.formats import evidence, plausibility
from lamion.formats.headers import SI_UNITS, Headings, Meaning
from lamion.formats.table import Numbers, Row, has_decimal_comma, numbers, rows
from lamion.formats.text import Text, TextLine
from lamion.quantities import FileFormatError
from lamion.records import ImpedanceSpectrum

_CARTESIAN = (Meaning.REAL, Meaning.IMAGINARY)
_POLAR = (Meaning.MODULUS, Meaning.PHASE)


@dataclass(frozen=True)
class TableSpectra:
    """The spectra of one table.

    Parameters
    ----------
    spectra : tuple of ImpedanceSpectrum
        One per cycle, in the order of the file.
    warnings : tuple of str
        A whole sentence each.
    """

    spectra: tuple[ImpedanceSpectrum, ...]
    warnings: tuple[str, ...]


def require_columns(file: str, line: int, labels: Sequence[str], headings: Headings) -> None:
    """Check that the columns make a spectrum.

    Parameters
    ----------
    file : str
        The file's name, for messages.
    line : int
        The line the headers stand on.
    labels : sequence of str
        Every header as printed.
    headings : Mapping of Meaning to Heading
        Those that were understood.

    Raises
    ------
    FileFormatError
        Naming the columns that are missing and the headers that were found.
    """
    if missing_columns(headings):
        raise missing_columns_error(file, line, labels, headings)


def missing_columns_error(file: str, line: int, labels: Sequence[str], headings: Headings) -> FileFormatError:
    """Return the error that names the columns that are missing and the headers that were found.

    Parameters
    ----------
    file, line, labels, headings
        As for :func:`require_columns`.
    """
    labels = [label for label in labels if label]
    found = ", ".join(f"'{label[:30]}'" for label in labels[:8]) + (" and more" if len(labels) > 8 else "")
    return FileFormatError(
        file,
        f"line {line}",
        "column headers for the frequency and for the real and imaginary impedance (or modulus and phase)",
        f"{found}, which lacks the {', the '.join(missing_columns(headings))}",
        "Name the columns as in 'Frequency / Hz', 'Real Impedance / ohm', 'Imaginary Impedance / ohm', or say "
        "which columns to take, as in --columns \"f=1,re=2,im=-3\" (im=-3: the third column holds -Z'').",
    )


def missing_columns(headings: Headings) -> list[str]:
    """Return the names of what a spectrum still needs, empty when nothing is missing.

    Parameters
    ----------
    headings : Mapping of Meaning to Heading
        The columns that were understood.
    """
    polar = all(meaning in headings for meaning in _POLAR) and not any(m in headings for m in _CARTESIAN)
    wanted = (Meaning.FREQUENCY, *(() if polar else _CARTESIAN))
    return [meaning.value for meaning in wanted if meaning not in headings]


def from_table(
    text: Text, lines: Sequence[TextLine], headings: Headings, width: int, separator: str, *, may_end_open: bool = False
) -> TableSpectra:
    """Read the spectra of a table.

    Parameters
    ----------
    text : Text
        The file.
    lines : sequence of TextLine
        The lines below the column headers, to the end of the file.
    headings : Mapping of Meaning to Heading
        The columns to read; those :func:`require_columns` asks for must be there.
    width : int
        How many columns the table has.
    separator : str
        As returned by :func:`lamion.formats.table.separator_of`.
    may_end_open : bool
        Whether whole files of this format end without a line end, so that this alone is no reason to warn.

    Returns
    -------
    TableSpectra

    Raises
    ------
    FileFormatError
        When a line is not complete, a cell no number, or the table contradicts itself.
    """
    table = rows(text.file, lines, separator, width)
    columns = _columns(text.file, table, headings, separator)
    _check_positive(text.file, table, columns[Meaning.FREQUENCY])
    evidence.check_repeated_lines(text.file, table)
    evidence.check_modulus_and_phase(text.file, table, columns)
    warnings = _blank_lines(lines, table)
    if not text.terminated:
        warning = evidence.check_last_line(text.file, table, headings)
        warnings += [] if may_end_open else [warning]
    line_numbers = np.array([row.number for row in table])
    impedance = _impedance(columns)
    spectra = []
    for cycle, part in _cycles(text.file, table, columns):
        spectrum = ImpedanceSpectrum(columns[Meaning.FREQUENCY].values[part], impedance[part], cycle)
        warnings += plausibility.oddities(spectrum, line_numbers[part])
        spectra.append(spectrum)
    return TableSpectra(tuple(spectra), tuple(warnings + _unequal_cycles(spectra)))


def unit_warnings(headings: Headings) -> list[str]:
    """Say which units were assumed because the headers do not give them.

    Parameters
    ----------
    headings : Mapping of Meaning to Heading
        The columns that are used.
    """
    return [
        f"The header '{heading.label}' gives no unit; {SI_UNITS[meaning]} was assumed."
        for meaning, heading in headings.items()
        if not heading.has_unit
    ]


def _columns(file: str, table: Sequence[Row], headings: Headings, separator: str) -> dict[Meaning, Numbers]:
    used = [heading.index for heading in headings.values()]
    comma = has_decimal_comma(file, table, used, separator)
    return {
        meaning: numbers(file, table, heading.index, heading.label, decimal_comma=comma).scaled(heading.factor)
        for meaning, heading in headings.items()
    }


def _check_positive(file: str, table: Sequence[Row], frequency: Numbers) -> None:
    wrong = np.flatnonzero(frequency.values <= 0.0)
    if len(wrong):
        raise FileFormatError(
            file,
            f"line {table[wrong[0]].number}",
            "a frequency larger than zero",
            f"{frequency.values[wrong[0]]:g} Hz",
            "Export the file again, or check that the right column is taken for the frequency.",
        )


def _impedance(columns: evidence.EvidenceColumns) -> NDArray[np.complex128]:
    if Meaning.REAL in columns:
        return np.asarray(columns[Meaning.REAL].values + 1j * columns[Meaning.IMAGINARY].values)
    phase = np.radians(columns[Meaning.PHASE].values)
    return np.asarray(columns[Meaning.MODULUS].values * np.exp(1j * phase))


def _cycles(file: str, table: Sequence[Row], columns: evidence.EvidenceColumns) -> list[tuple[int | None, slice]]:
    """Return each cycle's number and its lines; without a cycle column the table is one sweep."""
    if Meaning.CYCLE not in columns:
        return [(None, slice(0, len(table)))]
    cycle = columns[Meaning.CYCLE].values
    starts = [0, *(np.flatnonzero(np.diff(cycle)) + 1).tolist()]
    found: list[tuple[int | None, slice]] = []
    highest = -1
    for start, stop in zip(starts, [*starts[1:], len(table)], strict=True):
        if cycle[start] != int(cycle[start]) or cycle[start] <= highest:
            raise FileFormatError(
                file,
                f"line {table[start].number}",
                "cycle numbers that are whole and rise",
                f"{cycle[start]:g}" + (f" after {highest}" if highest >= 0 else ""),
                "A number was changed or lines were moved: export the file again.",
            )
        highest = int(cycle[start])
        found.append((highest, slice(start, stop)))
    return found


def _blank_lines(lines: Sequence[TextLine], table: Sequence[Row]) -> list[str]:
    blank = [
        line.number for line in lines if not line.text.strip() and table[0].number < line.number < table[-1].number
    ]
    return [f"{len(blank)} of the lines amid the table are blank, the first is line {blank[0]}."] if blank else []


def _unequal_cycles(spectra: Sequence[ImpedanceSpectrum]) -> list[str]:
    counts = [len(spectrum) for spectrum in spectra]
    if len(set(counts)) <= 1:
        return []
    return [f"The cycles differ in their number of points: {', '.join(map(str, counts))}."]
