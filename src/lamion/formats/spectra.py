"""A table with understood columns to impedance spectra: what every text format of impedance shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.formats import evidence, plausibility
from lamion.formats.headers import SI_UNITS, Headings, Meaning
from lamion.formats.suggestion import of_impedance
from lamion.formats.sweeps import sweeps_of
from lamion.formats.table import Numbers, Row, has_decimal_comma, numbers, rows
from lamion.formats.text import Text, TextLine
from lamion.quantities import FileFormatError
from lamion.records import ImpedanceSpectrum
from lamion.records.column import UNIT_AREA, as_written

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
    printed = [label for label in labels if label]
    found = ", ".join(f"'{label[:30]}'" for label in printed[:8]) + (" and more" if len(printed) > 8 else "")
    return FileFormatError(
        file,
        f"line {line}",
        "column headers for the frequency and for the real and imaginary impedance (or modulus and phase)",
        f"{found}, which lacks the {', the '.join(missing_columns(headings))}",
        "Name the columns as in 'Frequency / Hz', 'Real Impedance / ohm', 'Imaginary Impedance / ohm', or say "
        f"which columns to take: {as_written(of_impedance(labels))}.",
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
    every = rows(text.file, lines, separator, width)
    found = _alternating(text.file, every, _columns(text.file, every, headings, separator))
    table, columns, warnings = found.rows, found.columns, found.warnings
    evidence.check_repeated_lines(text.file, table)
    evidence.check_modulus_and_phase(text.file, table, columns)
    warnings += _blank_lines(lines, table)
    if not text.terminated:
        warning = evidence.check_last_line(text.file, table, headings)
        warnings += [] if may_end_open else [warning]
    area = _area(text.file, lines, headings)
    line_numbers = np.array([row.number for row in table])
    impedance = _impedance(columns)
    spectra = []
    frequency = columns[Meaning.FREQUENCY].values
    for sweep in sweeps_of(text.file, table, frequency, columns.get(Meaning.CYCLE)):
        spectrum = ImpedanceSpectrum(frequency[sweep.rows], impedance[sweep.rows], sweep.number, area=area)
        warnings += plausibility.oddities(spectrum, line_numbers[sweep.rows])
        spectra.append(spectrum)
    return TableSpectra(tuple(spectra), tuple(warnings + _unequal_cycles(spectra)))


def _area(file: str, lines: Sequence[TextLine], headings: Headings) -> float | None:
    """Return the area whose impedance the numbers are, m2, where they are printed times an area."""
    parts = [heading for meaning, heading in headings.items() if meaning in (*_CARTESIAN, Meaning.MODULUS)]
    apart = {heading.areal: heading.label for heading in parts}
    if len(apart) > 1:
        raise FileFormatError(
            file,
            f"line {lines[0].number - 1}" if lines else "",
            "the parts of the impedance all times an area, or none",
            f"'{apart[True]}' and '{apart[False]}'",
            f"Say which columns to take, as in {as_written()}.",
        )
    return UNIT_AREA if True in apart else None


def unit_warnings(headings: Headings) -> list[str]:
    """Say which units were assumed because the headers do not give them.

    Parameters
    ----------
    headings : Mapping of Meaning to Heading
        The columns that are used.
    """
    times_area = [heading.label for heading in headings.values() if heading.areal]
    said = (
        f"The impedance is times an area ('{times_area[0]}'): it is that of an electrode of 1 cm2."
        if times_area
        else ""
    )
    assumed = [
        f"The header '{heading.label}' gives no unit; {SI_UNITS[meaning]} was assumed."
        for meaning, heading in headings.items()
        if not heading.has_unit
    ]
    return [*([said] if said else []), *assumed]


@dataclass(frozen=True)
class _Table:
    """Rows, their columns, and what was left out of them."""

    rows: Sequence[Row]
    columns: evidence.EvidenceColumns
    warnings: list[str]


def _columns(file: str, table: Sequence[Row], headings: Headings, separator: str) -> dict[Meaning, Numbers]:
    used = [heading.index for heading in headings.values()]
    comma = has_decimal_comma(file, table, used, separator)
    return {
        meaning: numbers(file, table, heading.index, heading.label, decimal_comma=comma).scaled(heading.factor)
        for meaning, heading in headings.items()
    }


def _alternating(file: str, table: Sequence[Row], columns: evidence.EvidenceColumns) -> _Table:
    """Leave out the rows of 0 Hz, which instruments write while a direct current flows or the cell rests."""
    frequency = columns[Meaning.FREQUENCY].values
    wrong = np.flatnonzero(frequency < 0.0 if np.any(frequency) else frequency <= 0.0)
    if len(wrong):
        raise FileFormatError(
            file,
            f"line {table[wrong[0]].number}",
            "a frequency larger than zero",
            f"{frequency[wrong[0]]:g} Hz",
            "Export the file again, or check that the right column is taken for the frequency.",
        )
    still = np.flatnonzero(frequency == 0.0)
    if not len(still):
        return _Table(table, columns, [])
    kept = np.flatnonzero(frequency)
    size = np.abs(_impedance(columns)[still])
    said = [
        _left_out([table[row].number for row in still[size == 0].tolist()], "direct current or rest, no impedance"),
        _left_out(
            [table[row].number for row in still[size > 0].tolist()], "an impedance whose frequency may have been lost"
        ),
    ]
    return _Table(
        tuple(table[row] for row in kept.tolist()),
        {key: column.at(kept) for key, column in columns.items()},
        [warning for warning in said if warning],
    )


def _left_out(lines: Sequence[int], what: str) -> str:
    if not lines:
        return ""
    count = (
        f"{len(lines)} rows of 0 Hz, the first on line {lines[0]}," if len(lines) > 1 else f"Line {lines[0]}, of 0 Hz,"
    )
    return f"{count} left out: {what}."


def _impedance(columns: evidence.EvidenceColumns) -> NDArray[np.complex128]:
    if Meaning.REAL in columns:
        return np.asarray(columns[Meaning.REAL].values + 1j * columns[Meaning.IMAGINARY].values)
    phase = np.radians(columns[Meaning.PHASE].values)
    return np.asarray(columns[Meaning.MODULUS].values * np.exp(1j * phase))


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
