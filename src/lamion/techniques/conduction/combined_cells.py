"""Several cells of one electrolyte: their mean, and what they share and do not share of its uncertainty."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.quantities.level import coverage_factor

Array = NDArray[np.float64]


@dataclass(frozen=True)
class CombinedCells:
    """The mean of several cells and its uncertainty.

    Parameters
    ----------
    mean : float
        In the unit of the values.
    std : float
        Its combined standard uncertainty.
    between_std : float or None
        Sample standard deviation between the cells; None for one cell.
    within_std : float
        Standard uncertainty of the mean from what is known of each cell alone.
    shared_std : float
        Standard uncertainty from what the cells share.
    """

    mean: float
    std: float
    between_std: float | None
    within_std: float
    shared_std: float


def combine_cells(values: Array, own: Array, shared: Array) -> CombinedCells:
    r"""Average cells that scatter for reasons of their own and share some of their uncertainty.

    .. math:: u^2(\bar x) = \max\left(\frac{t^2 s^2}{m}, \frac{\sum u_i^2}{m^2}\right) + \bar{u}_\mathrm{shared}^2

    Parameters
    ----------
    values : array, shape (m,)
        One value per cell.
    own : array, shape (m,)
        The standard uncertainty of each that the others do not share.
    shared : array, shape (m,)
        The standard uncertainty of each from a common cause (one thickness, one short), which does not average out.

    Returns
    -------
    CombinedCells

    Notes
    -----
    s is the sample standard deviation between the cells and t the quantile of Student's distribution with m - 1
    degrees of freedom that makes plus or minus one uncertainty an interval of lamion's level: 1.84 for two cells,
    1.32 for three, 1.06 for ten.

    References
    ----------
    JCGM 100:2008 (the GUM), 4.2.3 and annex G.3.

    Examples
    --------
    >>> combine_cells(np.array([9.0, 10.0, 11.0]), np.full(3, 0.1), np.full(3, 0.2)).between_std
    1.0
    """
    count = len(values)
    mean = float(np.mean(values))
    within = float(np.sqrt(np.sum(own**2)) / count)
    common = float(np.mean(shared))
    if count == 1:
        return CombinedCells(mean, math.hypot(within, common), None, within, common)
    between = float(np.std(values, ddof=1))
    scatter = coverage_factor(freedom=count - 1) * between / math.sqrt(count)
    return CombinedCells(mean, math.hypot(max(scatter, within), common), between, within, common)
