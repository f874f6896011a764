r"""One cycle of a cell whose dQ/dV is known: Gaussian peaks on a constant, each half shifted by I R.

.. math:: \frac{dQ}{dV} = b + \sum_k \frac{Q_k}{s_k\sqrt{2\pi}}\,e^{-(V - V_k)^2/2 s_k^2}
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from lamion.records.measurements import CyclingRecord
from lamion.records.source import SourceFile

Array = NDArray[np.float64]

_SOURCE = SourceFile("Gaussian peaks of dQ/dV", "", "synthetic")
_FINE = 20001


@dataclass(frozen=True)
class StagedCell:
    """The truth.

    Parameters
    ----------
    peaks : tuple of (float, float, float)
        V_k in V, s_k in V and Q_k in A s of each.
    base : float
        b, A s/V.
    window : (float, float)
        V.
    resistance : float
        ohm.
    """

    peaks: tuple[tuple[float, float, float], ...] = ((3.5, 0.02, 1.2), (3.8, 0.05, 1.5))
    base: float = 0.8
    window: tuple[float, float] = (3.0, 4.2)
    resistance: float = 20.0

    def charge(self, voltage: ArrayLike) -> Array:
        """Return what is charged below a voltage in V, A s."""
        V = np.asarray(voltage, dtype=np.float64)
        return np.asarray(self.base * (V - self.window[0]) + sum(Q * ndtr((V - at) / s) for at, s, Q in self.peaks))


def staged_record(
    cell: StagedCell | None = None,
    *,
    points: int = 500,
    current: float = 5e-4,
    noise: float = 0.0,
    held: bool = False,
    seed: int = 0,
) -> CyclingRecord:
    """Draw a charge and a discharge.

    Parameters
    ----------
    cell : StagedCell, optional
        The truth.
    points : int
        Of each, at equal times.
    current : float
        A.
    noise : float
        Standard deviation of each sample of the voltage, V.
    held : bool
        Whether the charge ends at a held voltage, with a current that tapers off.
    seed : int
        Of the noise.

    Examples
    --------
    >>> record = staged_record(points=3)
    >>> record.voltage.round(2)
    array([2.99, 3.01, 3.72, 4.21, 4.19, 3.7 , 2.99])
    """
    cell = cell or StagedCell()
    fine = np.linspace(*cell.window, _FINE)
    held_charge = cell.charge(fine) - cell.charge(fine[0])
    total, drop = float(held_charge[-1]), current * cell.resistance
    share = np.linspace(0.0, 1.0, points)
    up, down = (np.interp(passed, held_charge, fine) for passed in (share * total, (1 - share) * total))
    time, hold = total / current * share, np.zeros(0)
    if held:
        hold = np.linspace(0.0, 0.2 * time[-1], points // 5)[1:]
    flow = [
        np.full(points, current),
        current * np.exp(-5 * hold / (hold[-1] if held else 1.0)),
        np.full(points, -current),
    ]
    voltage = [up + drop, np.full(len(hold), up[-1] + drop), down - drop]
    step = time[1]
    begin = (hold[-1] if held else 0.0) + time[-1] + step
    clock = np.concatenate([[-step], time, time[-1] + hold, begin + time]) + step
    noisy = np.concatenate([[fine[0] - drop], *voltage])
    noisy = noisy + noise * np.random.default_rng(seed).standard_normal(len(noisy))
    return CyclingRecord(clock, noisy, np.concatenate([[0.0], *flow]), np.ones(len(clock)), source=_SOURCE)
