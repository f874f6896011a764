r"""The area of a surface by Brunauer, Emmett and Teller, over every window that Rouquerol's rules allow.

.. math:: \frac{x}{n (1 - x)} = \frac{1}{n_m C} + \frac{C - 1}{n_m C}\, x, \qquad a = n_m N_A \sigma

with the relative pressure x, the loading n, the monolayer's n_m and the area of a molecule sigma. The rules: C is above
zero; n (1 - x) rises from the first point to the window's last; the x at which n = n_m lies in the window, within a
fifth of the x at which the equation itself puts the monolayer, :math:`1/(\sqrt{C} + 1)`. Windows begin at a tenth of
the pressure at which n (1 - x) stops to rise, or above.

References
----------
S. Brunauer, P. H. Emmett, E. Teller, J. Am. Chem. Soc. 60 (1938) 309, doi:10.1021/ja01269a023; J. Rouquerol, P.
Llewellyn, F. Rouquerol, Stud. Surf. Sci. Catal. 160 (2007) 49, doi:10.1016/S0167-2991(07)80008-5.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.quantities.constants import AVOGADRO

Array = NDArray[np.float64]

FEWEST = 5
LINEAR = 0.995
"""Coefficient of determination of a window's straight line, at least."""
_NEAR = 0.2
_MOST = 150
"""Points below the top of n (1 - x) that windows are made of: of more the nearest to it."""
_FROM = 0.1
"""Of the relative pressure at the top of n (1 - x): where the window of convention begins."""


@dataclass(frozen=True)
class Window:
    """A straight line through some points.

    Parameters
    ----------
    first, last : int
        Of the branch, both inside.
    monolayer : float
        n_m, mol/kg.
    deviation : float
        Its standard uncertainty, from the scatter about the line.
    constant : float
        C.
    coverage : float
        The relative pressure at which the loading is n_m; not a number outside of the branch.
    determination : float
        Of the straight line: 1 where it is one.
    """

    first: int
    last: int
    monolayer: float
    deviation: float
    constant: float
    coverage: float
    determination: float

    def area(self, molecule: float) -> float:
        """Return the area, m2/kg, of a molecule's area in m2."""
        return self.monolayer * AVOGADRO * molecule


@dataclass(frozen=True)
class SurfaceArea:
    """The chosen window and all that are allowed.

    Parameters
    ----------
    chosen : Window
        The longest that is allowed, which mostly is the one of convention: from a tenth of the pressure at which
        n (1 - x) stops to rise, up to there.
    allowed : tuple of Window
        Every one that the rules allow.
    beyond : Window or None
        The same of convention up to where n (1 - x) is largest of all, where that lies further up.
    """

    chosen: Window
    allowed: tuple[Window, ...]
    beyond: Window | None = None


def bet_line(relative: ArrayLike, loading: ArrayLike, first: int, last: int) -> Window:
    """Fit the straight line of a window.

    Parameters
    ----------
    relative, loading : array-like, shape (n,)
        Of a branch; mol/kg.
    first, last : int
        Its points, both inside.

    Examples
    --------
    >>> x = np.linspace(0.05, 0.3, 11)
    >>> n = 4.0 * 100 * x / ((1 - x) * (1 + 99 * x))
    >>> found = bet_line(x, n, 0, 10)
    >>> round(found.monolayer, 6), round(found.constant, 3)
    (4.0, 100.0)
    """
    every_x, every_n = np.asarray(relative, dtype=np.float64), np.asarray(loading, dtype=np.float64)
    x, n = every_x[first : last + 1], every_n[first : last + 1]
    y = x / (n * (1.0 - x))
    middle = float(x.mean())
    spread = float(np.sum((x - middle) ** 2))
    slope = float(np.sum((x - middle) * y)) / spread
    intercept = float(y.mean()) - slope * middle
    left = y - intercept - slope * x
    noise = float(left @ left) / max(len(x) - 2, 1)
    total = float(np.sum((y - y.mean()) ** 2))
    monolayer = 1.0 / (slope + intercept) if slope + intercept != 0.0 else math.inf
    # Of slope and intercept, whose sum is one over the monolayer: the line's value at x = 1.
    deviation = monolayer**2 * math.sqrt(noise * (1.0 / len(x) + (1.0 - middle) ** 2 / spread))
    constant = slope / intercept + 1.0 if intercept != 0.0 else math.inf
    coverage = _crossing(every_x, every_n, monolayer)
    determination = 1.0 - float(left @ left) / total if total > 0 else 0.0
    return Window(first, last, monolayer, deviation, constant, coverage, determination)


def _crossing(x: Array, n: Array, monolayer: float) -> float:
    """Return the relative pressure at which the loading first reaches the monolayer's."""
    above = np.flatnonzero(n >= monolayer)
    if not len(above) or above[0] == 0:
        return math.nan
    at = int(above[0])
    share = (monolayer - n[at - 1]) / (n[at] - n[at - 1])
    return float(x[at - 1] + share * (x[at] - x[at - 1]))


def is_allowed(window: Window, relative: Array, loading: Array) -> bool:
    """Tell whether a window keeps Rouquerol's rules, and is a straight line.

    Parameters
    ----------
    window : Window
        As fitted.
    relative, loading : array, shape (n,)
        Of the whole branch.
    """
    x, n = (one[window.first : window.last + 1] for one in (relative, loading))
    if not (0.0 < window.constant < math.inf and 0.0 < window.monolayer < math.inf):
        return False
    if np.any(np.diff(n * (1.0 - x)) <= 0.0) or window.determination < LINEAR:
        return False
    if not x[0] <= window.coverage <= x[-1]:
        return False
    expected = 1.0 / (math.sqrt(window.constant) + 1.0)
    return abs(window.coverage - expected) <= _NEAR * expected


def surface_area_raw(relative: ArrayLike, loading: ArrayLike) -> SurfaceArea | None:
    """Find the windows that the rules allow.

    Parameters
    ----------
    relative : array-like, shape (n,)
        p/p0, rising, below one where it counts.
    loading : array-like, shape (n,)
        mol/kg.

    Returns
    -------
    SurfaceArea or None
        None where no window of five points keeps the rules.

    Examples
    --------
    >>> x = np.linspace(0.01, 0.6, 40)
    >>> n = 4.0 * 100 * x / ((1 - x) * (1 + 99 * x))
    >>> round(surface_area_raw(x, n).chosen.monolayer, 6)
    4.0
    """
    x, n = np.asarray(relative, dtype=np.float64), np.asarray(loading, dtype=np.float64)
    usable = np.flatnonzero((x < 0.95) & (n > 0.0))
    if len(usable) < FEWEST:
        return None
    term = n * (1.0 - x)
    top = _first_top(term, usable)
    begin = max(int(usable[0]), top - _MOST, int(np.searchsorted(x, _FROM * x[top])))
    allowed = [
        window
        for first in range(begin, top - FEWEST + 2)
        for last in range(first + FEWEST - 1, top + 1)
        if is_allowed(window := bet_line(x, n, first, last), x, n)
    ]
    if not allowed:
        return None
    longest = max(allowed, key=lambda one: (one.last - one.first, one.determination))
    largest = int(usable[int(np.argmax(term[usable]))])
    start = int(np.searchsorted(x, _FROM * x[largest]))
    wider = bet_line(x, n, start, largest) if largest > top and largest - start + 1 >= FEWEST else None
    return SurfaceArea(longest, tuple(allowed), wider)


def _first_top(term: Array, usable: NDArray[np.intp]) -> int:
    """Return the point up to which n (1 - x) rises."""
    for before, after in itertools.pairwise(usable):
        if term[after] <= term[before]:
            return int(before)
    return int(usable[-1])


def condensation(relative: ArrayLike, loading: ArrayLike) -> float | None:
    """Return the relative pressure at which a step of condensation begins, between 0.05 and 0.7; None without one.

    Parameters
    ----------
    relative, loading : array-like, shape (n,)
        Of a branch.

    Notes
    -----
    A step is where the isotherm becomes more than 1.8 times as steep as it was before and then half as steep again; a
    layer that only thickens becomes steeper all the way.
    """
    x, n = np.asarray(relative, dtype=np.float64), np.asarray(loading, dtype=np.float64)
    inside = (x >= 0.05) & (x <= 0.75)
    if np.count_nonzero(inside) < 8:
        return None
    x, n = x[inside], n[inside]
    slope, middle = np.diff(n) / np.diff(x), (x[1:] + x[:-1]) / 2.0
    for top in range(2, len(slope) - 1):
        low = float(slope[:top].min())
        later = float(slope[top + 1 :].min())
        peak = slope[top] >= slope[top - 1] and slope[top] >= slope[top + 1]
        if peak and slope[top] > 1.8 * max(low, 1e-300) and later < 0.5 * slope[top]:
            rising = np.flatnonzero(slope[: top + 1] > math.sqrt(max(low, 1e-300) * slope[top]))
            return float(middle[rising[rising > int(np.argmin(slope[:top]))][0]])
    return None
