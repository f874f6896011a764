r"""Intervals of one parameter of a least-squares fit from the profile of its sum of squares.

The parameter is held and all others are fitted anew; the interval holds the values at which the sum of squares has
risen by no more than the square of a factor, in units of the noise:

.. math:: S(p) - S_\min \le k^2

References
----------
D. M. Bates, D. G. Watts, Nonlinear Regression Analysis and Its Applications, Wiley 1988, doi:10.1002/9780470316757,
chapter 6.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.numerics.least_squares import Fit, fit
from lamion.quantities.level import coverage_factor

Array = NDArray[np.float64]

_GROWTH = 2.0
_CLOSE = 0.01
_ROUNDS = 40


@dataclass(frozen=True)
class ProfileInterval:
    """An interval of one parameter.

    Parameters
    ----------
    low, high : float or None
        Its ends; None where the data do not bound it within the reach.
    """

    low: float | None
    high: float | None


def profile_interval(
    residuals: Callable[[Array], Array], best: Fit, index: int, reach: float, *, factor: float | None = None
) -> ProfileInterval:
    """Return the interval of one parameter.

    Parameters
    ----------
    residuals : callable
        As in :func:`lamion.numerics.least_squares.fit`, weighted by one over known standard deviations.
    best : Fit
        Its minimum.
    index : int
        Which parameter.
    reach : float
        How far from the best value to look for an end.
    factor : float, optional
        k; without it the one of lamion's level, 1 for one standard deviation.

    Returns
    -------
    ProfileInterval

    Examples
    --------
    >>> x = np.linspace(0.0, 1.0, 20)
    >>> model = lambda p: (p[0] * np.exp(-p[1] * x) - np.exp(-x)) / 0.1
    >>> best = fit(model, [1.1, 0.9], absolute_weights=True)
    >>> interval = profile_interval(model, best, 1, 10.0)
    >>> bool(interval.high - 1 > 1 - interval.low)
    True
    """
    k = coverage_factor() if factor is None else factor
    return ProfileInterval(*(_end(residuals, best, index, sign, reach, k) for sign in (-1.0, 1.0)))


def _end(
    residuals: Callable[[Array], Array], best: Fit, index: int, sign: float, reach: float, factor: float
) -> float | None:
    """Go outward until the profile is passed, then halve."""
    error = float(best.standard_errors[index])
    distance = min(factor * error, 0.5 * reach) if math.isfinite(error) and error > 0 else 1e-3 * reach
    inside, low, others = 0.0, 0.0, np.delete(best.parameters, index)
    outside, high = math.inf, math.inf
    for _ in range(_ROUNDS):
        held = best.parameters[index] + sign * distance
        found = _held(residuals, index, held, others)
        rise = math.sqrt(max(found.sum_of_squares - best.sum_of_squares, 0.0))
        if abs(rise - factor) < _CLOSE * factor:
            return float(held)
        if rise < factor:
            inside, low, others = distance, rise, found.parameters
            if distance >= reach:
                return None
        else:
            outside, high = distance, rise
        if math.isinf(outside):
            distance = min(_GROWTH * distance, reach)
        else:
            share = (factor - low) / (high - low)
            distance = inside + min(max(share, 0.1), 0.9) * (outside - inside)
        if outside - inside < 1e-9 * reach:
            break
    return float(best.parameters[index] + sign * distance)


def _held(residuals: Callable[[Array], Array], index: int, value: float, others: Array) -> Fit:
    return fit(lambda p: residuals(np.insert(p, index, value)), others, absolute_weights=True, tolerance=1e-8)
