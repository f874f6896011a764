"""How well the mean over a map is known, whose neighbouring points are alike."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class MeanOfMap:
    """A mean over a map.

    Parameters
    ----------
    value : float
        In the unit of the map.
    deviation : float
        Its standard error.
    number : float
        Of independent points that would tell the mean as well.
    """

    value: float
    deviation: float
    number: float


def mean_of_map_raw(values: Array) -> MeanOfMap:
    r"""Return the mean of a map and its standard error, by the correlation of its own points.

    .. math:: u^2 = \frac{s^2}{N_e}, \qquad \frac{1}{N_e} = \frac{1}{N} \sum_{\tau} w(\tau)\, \rho(\tau)

    over the shifts tau up to that at which the correlation rho, averaged over directions, has first fallen to zero;
    w is the share of points that a shift leaves on the map.

    Parameters
    ----------
    values : array, shape (rows, points)
        In any unit.

    Returns
    -------
    MeanOfMap

    Notes
    -----
    Valid where the map is several times as wide as what is alike on it; a number of independent points below some ten
    says that it is not. The correlation is found from the map itself, so that of few such points is not well known.

    References
    ----------
    T. W. Anderson, The Statistical Analysis of Time Series, Wiley, 1971, doi:10.1002/9781118186428, section 8.3.

    Examples
    --------
    >>> noise = np.random.default_rng(1).normal(5.0, 1.0, (64, 64))
    >>> found = mean_of_map_raw(noise)
    >>> bool(abs(found.value - 5.0) < 3 * found.deviation), 2000 < found.number < 6000
    (True, True)
    """
    mean = float(values.mean())
    centred = values - mean
    variance = float(np.mean(centred**2))
    if variance <= 0.0:
        return MeanOfMap(mean, 0.0, float(values.size))
    summed = _correlation_sum(centred, variance)
    number = values.size / max(summed, 1.0)
    freedom = max(number - 1.0, 1.0)
    return MeanOfMap(mean, math.sqrt(variance * number / freedom / number), number)


def _correlation_sum(centred: Array, variance: float) -> float:
    """Return the sum of the weighted correlation over the shifts within its first zero."""
    rows, columns = centred.shape
    padded = np.fft.rfft2(centred, (2 * rows, 2 * columns))
    weighted = np.fft.irfft2(np.abs(padded) ** 2, (2 * rows, 2 * columns)) / (centred.size * variance)
    down, across = np.fft.fftfreq(2 * rows, 0.5 / rows), np.fft.fftfreq(2 * columns, 0.5 / columns)
    # of a whole map as long as wide: shifts in parts of it
    radius = np.hypot(down[:, None] / rows, across[None, :] / columns) / 2.0
    ring = np.minimum((radius * min(rows, columns)).astype(int), min(rows, columns))
    means = np.bincount(ring.ravel(), weighted.ravel()) / np.maximum(np.bincount(ring.ravel()), 1)
    below = np.flatnonzero(means <= 0.0)
    end = int(below[0]) if len(below) else len(means)
    return float(weighted[ring < end].sum())
