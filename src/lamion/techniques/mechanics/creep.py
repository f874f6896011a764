"""What time does to an indentation: creep while the load is held, and the drift of a warming machine."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.techniques.mechanics.unloading import Cycle

Array = NDArray[np.float64]
_FEWEST = 8
_LAST = 0.5
"""Of the hold, over which the rate at its end is read."""
_FIRST = 0.7
"""Of the peak's load, down to which the rate of unloading is read."""
_LOW, _HIGH = 0.01, 0.3
"""Of the largest load, between which a hold shows drift and no creep."""
_RESTS = 0.1
"""Of its load, by which that may change over such a hold."""
_SHORTEST = 10.0
"""s of such a hold."""


@dataclass(frozen=True)
class Creep:
    """How fast the depth grows at the end of a hold, and how fast the load is then taken off.

    Parameters
    ----------
    rate, rate_std : float
        Of the depth, m/s.
    unloading : float
        Of the load, N/s, above zero.
    """

    rate: float
    rate_std: float
    unloading: float

    @property
    def compliance(self) -> float:
        r"""What creep takes from dh/dP at the beginning of the unloading, m/N.

        .. math:: \frac{1}{S} = \frac{1}{S_u} + \frac{\dot h}{|\dot P|}
        """
        return self.rate / self.unloading


def creep(time: Array, depth: Array, load: Array, cycle: Cycle) -> Creep | None:
    r"""Read the rate of creep at the end of a hold; None where there is no hold of eight points.

    Parameters
    ----------
    time, depth, load : array of float, shape (n,)
        s, m, N.
    cycle : Cycle
        Of the unloading.

    Returns
    -------
    Creep or None
        The rate is the slope, at the end, of a parabola through the last half of the hold: with the standard
        uncertainty from its scatter.

    References
    ----------
    G. Feng, A. H. W. Ngan, J. Mater. Res. 17 (2002) 660, doi:10.1557/JMR.2002.0094.

    Examples
    --------
    >>> t = np.linspace(0.0, 30.0, 301)
    >>> load = np.where(t < 20.0, np.minimum(t, 10.0), 30.0 - t)
    >>> found = creep(t, 1e-9 * t, load, Cycle(100, 200, 300, 10.0))
    >>> round(1e9 * found.rate, 3), round(found.unloading, 3)
    (1.0, 1.0)
    """
    held = np.arange(cycle.hold, cycle.start + 1)
    held = held[time[held] >= time[cycle.start] - _LAST * (time[cycle.start] - time[cycle.hold])]
    taken = np.arange(cycle.start, cycle.stop + 1)
    taken = taken[load[taken] >= _FIRST * cycle.peak]
    if len(held) < _FEWEST or len(taken) < 3 or not np.ptp(time[held]) > 0 or not np.ptp(time[taken]) > 0:
        return None
    rate, std = _end_slope(time[held], depth[held])
    unloading = -float(np.polyfit(time[taken] - time[taken[0]], load[taken], 1)[0])
    return Creep(rate, std, unloading) if unloading > 0 else None


def _end_slope(t: Array, y: Array) -> tuple[float, float]:
    """Return the slope of a parabola at the last time, and its standard uncertainty."""
    s = (t - t[-1]) / np.ptp(t)
    jacobian = np.stack([np.ones(len(s)), s, s**2], axis=1)
    found = np.linalg.lstsq(jacobian, y, rcond=None)[0]
    residuals = y - jacobian @ found
    variance = float(np.sum(residuals**2)) / (len(s) - 3)
    std = math.sqrt(variance * np.linalg.inv(jacobian.T @ jacobian)[1, 1])
    return float(found[1] / np.ptp(t)), float(std / np.ptp(t))


def low_hold_drift(time: Array, depth: Array, load: Array) -> tuple[float, float] | None:
    """Return the drift in m/s from a hold at a low load behind the largest, and its standard uncertainty.

    Parameters
    ----------
    time, depth, load : array of float, shape (n,)
        s, m, N.

    Returns
    -------
    tuple or None
        From the last two thirds of the longest run, of 10 s at least, between 1 and 30 % of the largest load over which
        the load rests; None where there is none.

    Examples
    --------
    >>> t = np.linspace(0.0, 60.0, 601)
    >>> load = np.interp(t, [0, 10, 20, 60], [0.0, 1.0, 0.1, 0.1])
    >>> round(1e9 * low_hold_drift(t, 1e-6 * load + 0.05e-9 * t, load)[0], 4)
    0.05
    """
    top = int(np.argmax(load))
    inside = (load > _LOW * load[top]) & (load < _HIGH * load[top]) & (np.arange(len(load)) > top)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], inside.view(np.int8), [0]))))
    best: tuple[float, NDArray[np.intp]] | None = None
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        run = np.arange(first, last)
        run = run[np.abs(load[run] - np.median(load[run])) < _RESTS * np.median(load[run])]
        if (
            len(run) >= _FEWEST
            and (length := float(np.ptp(time[run]))) >= _SHORTEST
            and (best is None or length > best[0])
        ):
            best = length, run
    if best is None:
        return None
    settled = best[1][len(best[1]) // 3 :]  # before it the recovery still goes on
    t, y = time[settled], depth[settled]
    centred = t - t.mean()
    slope = float(np.sum(centred * y) / np.sum(centred**2))
    residuals = y - y.mean() - slope * centred
    return slope, math.sqrt(float(np.sum(residuals**2)) / (len(t) - 2) / float(np.sum(centred**2)))
