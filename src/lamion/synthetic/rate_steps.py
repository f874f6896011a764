r"""A cell that is cycled at one rate after another, of known capacity at each.

.. math:: Q = Q_0 (1 - a\sqrt{r})(1 - b n), \qquad I = r I_{1C}

after n cycles, r in units of 1C; the voltage runs straight between the ends of its window.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lamion.records.measurements import CyclingRecord
from lamion.records.source import SourceFile

_SOURCE = SourceFile("a capacity that falls with the root of the rate", "", "synthetic")
_REST = 60.0


@dataclass(frozen=True)
class RatedCell:
    """The truth.

    Parameters
    ----------
    capacity : float
        Q_0, A s.
    one_c : float
        The current of 1C, A.
    share : float
        a, what 1C takes.
    loss : float
        b, what each cycle takes.
    scatter : float
        Relative standard deviation from cycle to cycle.
    window : (float, float)
        V.
    """

    capacity: float = 3.6
    one_c: float = 1e-3
    share: float = 0.2
    loss: float = 5e-4
    scatter: float = 2e-3
    window: tuple[float, float] = (2.8, 4.2)

    def held(self, rate: float, cycles: int) -> float:
        """Return the capacity at a rate after so many cycles, A s."""
        return self.capacity * (1 - self.share * math.sqrt(rate)) * (1 - self.loss * cycles)


def rate_record(
    rates: Sequence[float], repeats: int, cell: RatedCell | None = None, *, points: int = 20, seed: int = 0
) -> CyclingRecord:
    """Draw the cycles, charge and discharge at the same rate.

    Parameters
    ----------
    rates : sequence of float
        In order, in units of 1C.
    repeats : int
        Cycles at each.
    cell : RatedCell, optional
        The truth.
    points : int
        Of each half-cycle.
    seed : int
        Of the scatter.

    Examples
    --------
    >>> record = rate_record([0.1, 1.0], 2, RatedCell(scatter=0.0))
    >>> float(record.current.max()), int(record.cycle[-1])
    (0.001, 4)
    """
    cell, random = cell or RatedCell(), np.random.default_rng(seed)
    rows, clock = [[0.0, cell.window[0], 0.0, 1.0]], 0.0
    for number, rate in enumerate(np.repeat(rates, repeats), 1):
        held = cell.held(float(rate), number - 1) * (1 + cell.scatter * random.standard_normal())
        for sign in (1.0, -1.0):
            share = np.linspace(0.0, 1.0, points + 1)[1:]
            level = np.interp(sign * (2 * share - 1), [-1.0, 1.0], cell.window)
            current = sign * float(rate) * cell.one_c
            rows += [[clock + s * held / abs(current), V, current, number] for s, V in zip(share, level, strict=True)]
            clock += held / abs(current) + _REST
            rows.append([clock, cell.window[0] if sign < 0 else cell.window[1], 0.0, number])
    time, voltage, currents, cycle = np.array(rows).T
    return CyclingRecord(time, voltage, currents, cycle, source=_SOURCE)
