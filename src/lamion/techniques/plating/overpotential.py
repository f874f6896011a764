r"""The overpotential of one half-cycle, and the area-specific resistance of a cell and of its interfaces.

.. math:: \rho_\mathrm{cell} = \frac{U A}{I}, \qquad
          \rho_\mathrm{interface} = \frac{A}{2}\left(\frac{U}{I} - R_\mathrm{electrolyte}\right)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.quantities.level import LEVEL, coverage_factor
from lamion.techniques.plating.half_cycle import HalfCycle

Array = NDArray[np.float64]

_EDGE = 0.1
_MIDDLE = (0.25, 0.75)
_FEWEST = 3


@dataclass(frozen=True)
class Overpotential:
    """What one half-cycle's voltage shows, in V and along its current.

    Parameters
    ----------
    first : float
        Of its first sample: ohmic, and what is faster than the first sample is late.
    peak : float
        The largest, a median of three neighbours.
    plateau : float
        The mean over the middle half of its time.
    plateau_std : float
        Standard error of that mean, with what neighbouring samples share.
    freedom : float
        How many independent samples stand behind it, less one.
    end : float
        The median of its last tenth.
    noise : float
        Standard deviation between neighbouring samples, over the plateau.
    arc : float
        How much higher the plateau is than the mean of both ends, over the plateau; negative for peaks.
    """

    first: float
    peak: float
    plateau: float
    plateau_std: float
    freedom: float
    end: float
    noise: float
    arc: float

    @property
    def growing(self) -> float:
        """What comes on top of the first value until the end, in V."""
        return self.end - self.first


def overpotential_raw(cycle: HalfCycle) -> Overpotential:
    """Read one half-cycle.

    Parameters
    ----------
    cycle : HalfCycle
        Its samples.

    Examples
    --------
    >>> t = np.linspace(0.0, 3600.0, 101)
    >>> cycle = HalfCycle(1, 1, t, 0.05 - 0.01 * np.exp(-t / 300.0), np.full(101, 1e-3))
    >>> found = overpotential_raw(cycle)
    >>> round(1e3 * found.first), round(1e3 * found.plateau, 1), round(1e3 * found.growing, 1)
    (40, 49.9, 10.0)
    """
    x = (cycle.time - cycle.time[0]) / cycle.duration
    U = cycle.voltage
    middle = (x >= _MIDDLE[0]) & (x <= _MIDDLE[1])
    middle = middle if np.count_nonzero(middle) >= _FEWEST else np.ones(len(x), dtype=bool)
    mean = _time_mean(cycle.time[middle], U[middle])
    shares = _independent(x[middle], U[middle])
    ends = (float(np.median(U[x <= _EDGE])), float(np.median(U[x >= 1 - _EDGE])))
    jumps = np.diff(U[middle])
    return Overpotential(
        first=float(U[0]),
        peak=float(np.max(np.median(np.lib.stride_tricks.sliding_window_view(U, 3), axis=1))),
        plateau=mean,
        plateau_std=shares.std / math.sqrt(shares.count),
        freedom=shares.count - 1,
        end=ends[1],
        noise=1.4826 * float(np.median(np.abs(jumps - np.median(jumps)))) / math.sqrt(2) / abs(mean) if mean else 0.0,
        arc=1.0 - (ends[0] + ends[1]) / 2 / mean if mean else 0.0,
    )


def _time_mean(time: Array, values: Array) -> float:
    return float(np.trapezoid(values, time) / (time[-1] - time[0])) if time[-1] > time[0] else float(np.mean(values))


@dataclass(frozen=True)
class _Shares:
    std: float
    count: float


def _independent(x: Array, values: Array) -> _Shares:
    """Return the scatter around a straight line, weighted by time, and how many samples of it are independent."""
    weight = np.gradient(x)
    weight = np.maximum(weight, 0.0) / np.sum(np.maximum(weight, 0.0))
    residuals = values - np.polyval(np.polyfit(x, values, 1, w=np.sqrt(weight)), x)
    total = float(weight @ residuals**2)
    shared = float(np.sum(np.sqrt(weight[1:] * weight[:-1]) * residuals[1:] * residuals[:-1])) / total if total else 0.0
    shared = float(np.clip(shared, 0.0, 0.99))
    effective = float(1.0 / np.sum(weight**2))
    freedom = max(effective - 2, 1.0)
    return _Shares(math.sqrt(total * effective / freedom), max(effective * (1 - shared) / (1 + shared), 2.0))


@dataclass(frozen=True)
class Cycle:
    """Two half-cycles in both directions together: what differs between the electrodes drops out.

    Parameters
    ----------
    first, last : int
        Their numbers.
    voltage : float
        Mean of the plateaus in V.
    margin : float
        Half the interval of `voltage` in V, by the noise of the samples.
    current : float
        In A.
    """

    first: int
    last: int
    voltage: float
    margin: float
    current: float


def cycle_of(pair: Sequence[HalfCycle], read: Sequence[Overpotential]) -> Cycle:
    """Put one half-cycle or two together.

    Parameters
    ----------
    pair : sequence of HalfCycle
        One, or two neighbours.
    read : sequence of Overpotential
        What each shows.
    """
    plateaus = np.array([one.plateau for one in read])
    of_samples = [coverage_factor(LEVEL, one.freedom) * one.plateau_std for one in read]
    margin = math.hypot(*of_samples) / len(read)
    current = float(np.mean([one.mean_current for one in pair]))
    return Cycle(pair[0].number, pair[-1].number, float(np.mean(plateaus)), margin, current)
