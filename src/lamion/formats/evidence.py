"""What a table says twice is compared: a file that contradicts itself is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from lamion.formats.headers import Headings, Meaning
from lamion.formats.table import Numbers, Row, print_shape
from lamion.quantities import FileFormatError
from lamion.records.column import as_written

_COMPUTED_IN_SINGLE_PRECISION = 1e-6
"""Relative rounding that instruments add before they print: they compute in single precision."""

EvidenceColumns = Mapping[Meaning, Numbers]


def check_modulus_and_phase(file: str, table: Sequence[Row], columns: EvidenceColumns) -> None:
    """Compare modulus and phase with the real and the imaginary part, as far as they are printed.

    A changed digit, a shifted line, exchanged columns or a wrong sign show up here, unless the change is below
    the printed precision.

    Parameters
    ----------
    file : str
        The file's name, for messages.
    table : sequence of Row
        The table's lines.
    columns : Mapping of Meaning to Numbers
        In ohm and degrees.

    Raises
    ------
    FileFormatError
        At the first line where they disagree.
    """
    if Meaning.REAL not in columns:
        return
    real, imaginary = columns[Meaning.REAL], columns[Meaning.IMAGINARY]
    modulus = np.hypot(real.values, imaginary.values)
    if Meaning.MODULUS in columns:
        slack = real.half_units + imaginary.half_units + _COMPUTED_IN_SINGLE_PRECISION * modulus
        _compare(file, table, "a modulus of", "ohm", modulus, slack, columns[Meaning.MODULUS])
    if Meaning.PHASE in columns:
        phase = np.degrees(np.arctan2(imaginary.values, real.values))
        turned = np.arctan2(real.half_units + imaginary.half_units, modulus)
        slack = np.degrees(turned + _COMPUTED_IN_SINGLE_PRECISION)
        _compare(file, table, "a phase of", "degrees", phase, slack, columns[Meaning.PHASE])


def _compare(
    file: str,
    table: Sequence[Row],
    what: str,
    unit: str,
    computed: NDArray[np.float64],
    slack: NDArray[np.float64],
    printed: Numbers,
) -> None:
    apart = np.abs(computed - printed.values)
    if unit == "degrees":
        apart = np.minimum(apart, np.abs(360.0 - apart))
    wrong = np.flatnonzero(apart > slack + printed.half_units)
    if not len(wrong):
        return
    first = wrong[0]
    raise FileFormatError(
        file,
        f"line {table[first].number}",
        f"{what} {computed[first]:.6g} {unit}, which its real and imaginary parts make",
        f"{printed.values[first]:.6g} ({len(wrong)} of {len(table)} lines disagree)",
        "A number was changed or columns were exchanged: export the file again. To use the file without this "
        f"check, say which columns to take, as in {as_written()}.",
    )


def check_repeated_lines(file: str, table: Sequence[Row]) -> None:
    """Refuse a table that holds the same line twice.

    Parameters
    ----------
    file : str
        The file's name, for messages.
    table : sequence of Row
        The table's lines.

    Raises
    ------
    FileFormatError
        At the second of two equal lines.
    """
    seen: dict[tuple[str, ...], int] = {}
    for row in table:
        if row.cells in seen:
            raise FileFormatError(
                file,
                f"line {row.number}",
                "a measurement of its own",
                f"line {seen[row.cells]} once more",
                "Remove the repeated line, or export the file again.",
            )
        seen[row.cells] = row.number


def check_last_line(file: str, table: Sequence[Row], headings: Headings) -> str:
    """Decide whether a last line without a line end can be trusted.

    Where the line's last number is used, it must be printed with as many digits as every one above it;
    otherwise it may be the first half of a number.

    Parameters
    ----------
    file : str
        The file's name, for messages.
    table : sequence of Row
        The table's lines, the last of which has no line end.
    headings : Mapping of Meaning to Heading
        The columns that are used.

    Returns
    -------
    str
        A warning.

    Raises
    ------
    FileFormatError
        When the last number may have been cut.
    """
    last = table[-1]
    final = len(last.cells) - 1
    used = any(heading.index == final for heading in headings.values())
    if used and not _printed_alike(table, final):
        raise FileFormatError(
            file,
            f"line {last.number}",
            "a line end behind the last number",
            f"the end of the file behind '{last.cells[final]}', which may be half a number",
            "The file was probably cut: export or copy it again. If it is complete, end its last line with a line end.",
        )
    return f"Line {last.number}, the last one, has no line end: the file may have been cut behind it."


def _printed_alike(table: Sequence[Row], column: int) -> bool:
    shapes = {print_shape(row.cells[column]) for row in table}
    return len(table) >= 3 and len(shapes) == 1 and None not in shapes
