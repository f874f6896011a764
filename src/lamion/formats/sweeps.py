"""The sweeps of one table of impedance: by their cycle's number, or where the frequency starts anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lamion.formats.table import Numbers, Row
from lamion.quantities import FileFormatError

_LONG = 3
"""Steps in one direction that make a sweep; less may be a changed number."""
_SHARED = 1 / 3
"""Share of each sweep's points within the other's frequencies, below which they are no repetition of each other."""


@dataclass(frozen=True)
class Sweep:
    """Some rows of a table.

    Parameters
    ----------
    number : int or None
        The cycle's, or counted from 1; None for a table of one sweep without cycles.
    rows : slice
        Of the table.
    """

    number: int | None
    rows: slice


def sweeps_of(file: str, table: Sequence[Row], frequency: NDArray[np.float64], cycle: Numbers | None) -> list[Sweep]:
    """Split a table into its sweeps.

    Parameters
    ----------
    file : str
        The file's name, for messages.
    table : sequence of Row
        The table's lines.
    frequency : array, shape (n,)
        In any unit, larger than zero.
    cycle : Numbers or None
        The cycle's number of each line, where the table has it.

    Raises
    ------
    FileFormatError
        When the cycle's numbers are not whole or fall.
    """
    numbers = None if cycle is None else _cycles(file, table, cycle.values)
    known = [0] if cycle is None else [0, *(np.flatnonzero(np.diff(cycle.values)) + 1).tolist()]
    parts = list(zip(known, [*known[1:], len(frequency)], strict=True))
    starts = [begin + start for begin, end in parts for start in (0, *anew(frequency[begin:end]))]
    slices = [slice(start, stop) for start, stop in zip(starts, [*starts[1:], len(frequency)], strict=True)]
    if numbers is not None and len(slices) == len(numbers):
        return [Sweep(number, part) for number, part in zip(numbers, slices, strict=True)]
    if len(slices) == 1:
        return [Sweep(None, slices[0])]
    return [Sweep(number, part) for number, part in enumerate(slices, 1)]


def _cycles(file: str, table: Sequence[Row], cycle: NDArray[np.float64]) -> list[int]:
    found: list[int] = []
    for start in (0, *(np.flatnonzero(np.diff(cycle)) + 1).tolist()):
        if cycle[start] != int(cycle[start]) or (found and cycle[start] <= found[-1]) or cycle[start] < 0:
            raise FileFormatError(
                file,
                f"line {table[start].number}",
                "cycle numbers that are whole and rise",
                f"{cycle[start]:g}" + (f" after {found[-1]}" if found else ""),
                "A number was changed or lines were moved: export the file again.",
            )
        found.append(int(cycle[start]))
    return found


def anew(frequency: NDArray[np.float64]) -> list[int]:
    """Return the points at which a sweep over the same frequencies begins again; none where that is not clear.

    A single changed frequency also turns the order, but what follows it does not run over the same frequencies.

    Parameters
    ----------
    frequency : array, shape (n,)
        Larger than zero.

    Examples
    --------
    >>> down = np.geomspace(1e5, 1.0, 11)
    >>> anew(np.concatenate([down, down, down[::-1]]))
    [11, 22]
    """
    starts = []
    runs = list(_runs(np.sign(np.diff(frequency))))
    for place, (begin, end) in enumerate(runs):
        if end - begin >= _LONG:
            turns = place > 0 and runs[place - 1][1] - runs[place - 1][0] >= _LONG
            # The point at the turn belongs to the sweep that ends there, unless it was measured twice.
            starts.append(begin + 1 if turns and frequency[begin] != frequency[begin - 1] else begin)
        elif end - begin > 1 or place in (0, len(runs) - 1):
            return []
    edges = [0, *starts[1:], len(frequency)]
    parts = [frequency[start:stop] for start, stop in pairwise(edges)]
    alike = all(_overlap(one, other) >= _SHARED for one, other in pairwise(parts))
    return edges[1:-1] if alike else []


def _runs(signs: NDArray[np.float64]) -> Iterator[tuple[int, int]]:
    """Yield where steps in one direction begin and end; a repeated frequency ends nothing."""
    begin, direction = 0, 0.0
    for place, sign in enumerate(signs):
        if sign and direction and sign != direction:
            yield begin, place
            begin = place
        direction = sign or direction
    if direction:
        yield begin, len(signs)


def _overlap(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Return the smaller share of the points of one that lie within the range of the other."""
    return min(
        float(np.mean((a >= b.min() * (1 - 1e-6)) & (a <= b.max() * (1 + 1e-6))))
        for a, b in ((one, other), (other, one))
    )
