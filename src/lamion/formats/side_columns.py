"""What stands beside the impedance and shows whether a table is whole: point numbers, times, declared counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lamion.formats.table import Numbers, Row, numbers, rows
from lamion.formats.text import Text, TextLine
from lamion.quantities import FileFormatError


@dataclass(frozen=True)
class Layout:
    """Where the cells of a table stand.

    Parameters
    ----------
    labels : tuple of str
        The column headers.
    separator : str
        As returned by :func:`lamion.formats.table.separator_of`.
    """

    labels: tuple[str, ...]
    separator: str

    def rows(self, file: str, lines: Sequence[TextLine]) -> tuple[Row, ...]:
        """Split the lines of the table; every one must have every cell.

        Parameters
        ----------
        file : str
            The file's name, for messages.
        lines : sequence of TextLine
            Those below the headers.
        """
        return rows(file, lines, self.separator, len(self.labels))

    def column(self, file: str, table: Sequence[Row], label: str) -> Numbers | None:
        """Return the numbers under a header, whatever the decimal mark; None when no column has it.

        Parameters
        ----------
        file : str
            The file's name, for messages.
        table : sequence of Row
            The table's lines.
        label : str
            The header, as printed.
        """
        if label not in self.labels:
            return None
        index = self.labels.index(label)
        comma = self.separator != "," and any("," in row.cells[index] for row in table)
        return numbers(file, table, index, label, decimal_comma=comma)


def up_to(text: Text, stop: int) -> Text:
    """Return a file without the lines behind a table.

    Parameters
    ----------
    text : Text
        The file.
    stop : int
        How many lines are kept; when fewer than all, the last one has a line end.
    """
    return replace(text, lines=text.lines[:stop], terminated=text.terminated or stop < len(text.lines))


def check_count(file: str, where: str, declared: int, found: int) -> list[str]:
    """Compare a declared number of points with those that were read.

    Parameters
    ----------
    file : str
        The file's name, for messages.
    where : str
        The place of the declaration, such as ``"line 12"``.
    declared, found : int
        Numbers of points.

    Returns
    -------
    list of str
        A warning when points are missing.

    Raises
    ------
    FileFormatError
        When there are more points than declared.
    """
    if found > declared:
        raise FileFormatError(
            file,
            where,
            f"{found} points declared, as many as the table holds",
            f"{declared}",
            "Lines were added or the header was changed: export the file again.",
        )
    if found == declared:
        return []
    return [f"The table holds {found} points while the header declares {declared}: lines are missing."]


def check_counting(table: Sequence[Row], points: Numbers | None) -> list[str]:
    """Warn where the numbers of the points do not count up by one.

    Parameters
    ----------
    table : sequence of Row
        The table's lines.
    points : Numbers or None
        Their numbers, where the table has them.
    """
    if points is None:
        return []
    wrong = np.flatnonzero(np.diff(points.values) != 1.0) + 1
    return [
        f"Line {table[position].number}: the point's number is {points.values[position]:g} after "
        f"{points.values[position - 1]:g}, so lines are missing or were moved."
        for position in wrong[:1]
    ]


def check_rising(table: Sequence[Row], time: Numbers | None) -> list[str]:
    """Warn where time does not rise; a column of one number is no time.

    Parameters
    ----------
    table : sequence of Row
        The table's lines.
    time : Numbers or None
        Their times, where the table has them.
    """
    if time is None or not np.any(time.values != time.values[0]):
        return []
    wrong = falls(time.values)
    return [
        f"Line {table[position].number}: the time is {time.values[position]:g} s after "
        f"{time.values[position - 1]:g} s, so lines were moved or a number was changed."
        for position in wrong[:1]
    ]


def falls(time: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the positions at which time is not later than at the point before.

    Parameters
    ----------
    time : array, shape (n,)
        In any unit.
    """
    return np.flatnonzero(np.diff(time) <= 0.0) + 1
