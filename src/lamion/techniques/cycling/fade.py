r"""How a capacity fades with the cycles, and whether it bends at a knee.

.. math:: \frac{Q}{Q_0} = 1 - a n, \quad 1 - a \sqrt{n}, \quad e^{-a n} \quad\text{or}\quad
          1 - a n - b\,(n - n_k)_+

Which of them is told by Akaike's criterion; a knee is named where it describes far better than all that have none.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lamion.numerics.least_squares import Fit, fit
from lamion.quantities.level import LEVEL, coverage_factor

Array = NDArray[np.float64]

_FEWEST = 10
_FAR_BETTER = 10.0
_BESIDE = 3
"""Cycles that lie at least on each side of a knee."""


@dataclass(frozen=True, eq=False)
class Fade:
    """A law of fading, fitted.

    Parameters
    ----------
    law : str
        ``"linear"``, ``"root"``, ``"exponential"`` or ``"knee"``.
    fit : Fit
        Its parameters: Q_0, a and, of a knee, b and n_k.
    first, last : float
        Cycles, counted from the one that is zero.
    """

    law: str
    fit: Fit
    first: float
    last: float

    def capacity(self, cycle: Array) -> Array:
        """Return the fitted capacity.

        Parameters
        ----------
        cycle : array
            Counted as those that were fitted.
        """
        return np.asarray(_LAWS[self.law](self.fit.parameters, cycle))

    @property
    def freedom(self) -> int:
        """Cycles less parameters."""
        return max(len(self.fit.residuals) - len(self.fit.parameters), 1)

    @property
    def loss(self) -> float:
        """The share of the first capacity that a cycle takes on average."""
        ends = self.capacity(np.array([self.first, self.last]))
        return float(1.0 - ends[1] / ends[0]) / (self.last - self.first)

    @property
    def loss_std(self) -> float:
        """Its standard uncertainty, with Student's factor."""
        parameters = self.fit.parameters
        slopes = np.empty(len(parameters))
        for place, value in enumerate(parameters):
            step = 1e-6 * max(abs(value), 1e-6)
            moved = replace(
                self, fit=replace(self.fit, parameters=parameters + step * (np.arange(len(slopes)) == place))
            )
            slopes[place] = (moved.loss - self.loss) / step
        variance = float(slopes @ self.fit.covariance @ slopes)
        return coverage_factor(LEVEL, self.freedom) * math.sqrt(max(variance, 0.0))

    @property
    def knee(self) -> float | None:
        """The cycle where it bends."""
        return float(self.fit.parameters[3]) if self.law == "knee" else None

    @property
    def knee_std(self) -> float | None:
        """Its standard uncertainty, with Student's factor."""
        if self.law != "knee":
            return None
        return coverage_factor(LEVEL, self.freedom) * float(self.fit.standard_errors[3])


def _linear(p: Array, n: Array) -> Array:
    return np.asarray(p[0] * (1 - p[1] * n))


def _root(p: Array, n: Array) -> Array:
    return np.asarray(p[0] * (1 - p[1] * np.sqrt(n)))


def _exponential(p: Array, n: Array) -> Array:
    return np.asarray(p[0] * np.exp(-p[1] * n))


def _knee(p: Array, n: Array) -> Array:
    return np.asarray(p[0] * (1 - p[1] * n - p[2] * np.maximum(n - p[3], 0.0)))


_LAWS: dict[str, Callable[[Array, Array], Array]] = {
    "linear": _linear,
    "root": _root,
    "exponential": _exponential,
    "knee": _knee,
}


def fade(cycle: Array, capacity: Array) -> Fade | None:
    """Fit the laws of fading and return the one that describes best.

    Parameters
    ----------
    cycle : array, shape (n,)
        Counted from the first that counts, which is zero; rising.
    capacity : array, shape (n,)
        In any unit.

    Returns
    -------
    Fade or None
        None for fewer than ten cycles.

    Notes
    -----
    A covariance is HC3's. The cycles' noise is taken as independent; a temperature that wanders is not.

    References
    ----------
    P. M. Attia et al., J. Electrochem. Soc. 169 (2022) 060517, doi:10.1149/1945-7111/ac6d13 (knees).

    Examples
    --------
    >>> n = np.arange(0.0, 100.0)
    >>> found = fade(n, 150.0 * (1 - 2e-4 * n - 2e-3 * np.maximum(n - 60.0, 0)))
    >>> found.law, round(found.knee, 3)
    ('knee', 60.0)
    """
    if len(cycle) < _FEWEST:
        return None
    found = {law: _fitted(law, cycle, capacity, start) for law, start in _starts(cycle, capacity).items()}
    smooth = min((law for law in found if law != "knee"), key=lambda law: found[law].aicc)
    bent = found.get("knee")
    law = "knee" if bent is not None and bent.aicc < found[smooth].aicc - _FAR_BETTER else smooth
    return Fade(law, found[law].whatever_the_noise(), float(cycle[0]), float(cycle[-1]))


def _starts(cycle: Array, capacity: Array) -> dict[str, Array]:
    slope, first = np.polyfit(cycle, capacity, 1)
    rate = -slope / first
    starts = {
        "linear": np.array([first, rate]),
        "root": np.array([first, rate * math.sqrt(float(cycle[-1]))]),
        "exponential": np.array([first, rate]),
    }
    if len(cycle) > 2 * _BESIDE + 2:
        starts["knee"] = _best_knee(cycle, capacity)
    return starts


def _best_knee(cycle: Array, capacity: Array) -> Array:
    """Return the best of all places of a knee, the rest solved for exactly."""
    places = cycle[_BESIDE:-_BESIDE]
    places = places[:: max(len(places) // 200, 1)]
    best, least = None, math.inf
    for place in places:
        columns = np.stack([np.ones_like(cycle), -cycle, -np.maximum(cycle - place, 0.0)], axis=1)
        solution, *_ = np.linalg.lstsq(columns, capacity, rcond=None)
        left = float(np.sum((columns @ solution - capacity) ** 2))
        if left < least:
            first, a, b = (float(x) for x in solution)
            best, least = np.array([first, a / first, b / first, place]), left
    assert best is not None  # noqa: S101
    return best


def _fitted(law: str, cycle: Array, capacity: Array, start: Array) -> Fit:
    lower, upper = np.full(len(start), -np.inf), np.full(len(start), np.inf)
    if law == "knee":
        lower[3], upper[3] = cycle[_BESIDE - 1], cycle[-_BESIDE]
    return fit(lambda p: _LAWS[law](p, cycle) - capacity, start, lower=lower, upper=upper)
