r"""Intervals of what components are, from the profile of the sum of squares.

One number is held at many values and all others are fitted anew: its interval holds the values at which

.. math:: S - S_\min \le k^2\, s^2, \qquad s^2 = \frac{S_\min}{n - f}

with Student's k for n - f degrees of freedom, widened where residuals are correlated. A share of the area is held as

.. math:: A_j = \frac{\phi}{1 - \phi} \sum_{l \ne j} A_l

and ends at 0 and 1.

References
----------
D. M. Bates, D. G. Watts, Nonlinear Regression Analysis and Its Applications, Wiley 1988, doi:10.1002/9780470316757,
chapter 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lamion.quantities.level import LEVEL, LEVEL_95, coverage_factor
from lamion.techniques.peaks.fit import PeakFit
from lamion.techniques.peaks.problem import Layout, Problem

Array = NDArray[np.float64]
Ends = tuple[float | None, float | None]

_GRID = np.array([0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.8, 2.2, 3.0, 4.5, 7.0, 12.0])
"""Where a number is held, in linearised standard deviations from the best value."""
_WHOLE = np.linspace(0.05, 0.95, 10)
"""Of the room up to a bound: where a share is held besides, since it may have several minima."""
_NEAR = 4.0
"""Minima are near where they lie less than so many standard deviations of the noise above the best."""
_SAME = 1e-3
"""Coordinates of minima that are one."""
_UNDETERMINED = 0.25
"""Of the whole: where a number is held that has no linearised deviation."""


@dataclass(frozen=True)
class Profiled:
    """A number with its intervals.

    Parameters
    ----------
    value : float
        The best.
    deviation : float
        Its standard deviation, linearised; infinite where the data do not determine it.
    interval, interval_95 : (float or None, float or None)
        Of lamion's level and of 95 %; None for an end that is open.
    """

    value: float
    deviation: float
    interval: Ends
    interval_95: Ends


@dataclass(frozen=True, eq=False)
class _Hold:
    """One number to be held.

    Parameters
    ----------
    layout : Layout
        In which it is held.
    value, deviation : float
        As fitted.
    low, high : float
        What it can be.
    """

    layout: Layout
    value: float
    deviation: float
    low: float
    high: float

    @property
    def column(self) -> int:
        """Of the free parameter that goes."""
        raise NotImplementedError

    def tied(self, value: float) -> tuple[Array, Array]:
        """Return ties, shape (k, f - 1), and offset, shape (k,), that hold the number at a value."""
        raise NotImplementedError


@dataclass(frozen=True, eq=False)
class _HeldParameter(_Hold):
    place: int = 0

    @property
    def column(self) -> int:
        return int(np.flatnonzero(self.layout.free == self.place)[0])

    def tied(self, value: float) -> tuple[Array, Array]:
        ties, column = self.layout.ties, self.column
        return np.delete(ties, column, axis=1), self.layout.offset + ties[:, column] * value


@dataclass(frozen=True, eq=False)
class _HeldShare(_Hold):
    areas: Array = None  # type: ignore[assignment]
    own: int = 0

    @property
    def column(self) -> int:
        return self.own

    def tied(self, value: float) -> tuple[Array, Array]:
        """Give one free area the share `value` of the sum of all, its followers counted with it."""
        ties, column = self.layout.ties, self.own
        weights = self.areas @ ties
        others = np.delete(weights, column)
        ratio = min(value, 1.0 - 1e-9) / (1.0 - min(value, 1.0 - 1e-9))
        row = ratio * others / weights[column]
        held = np.delete(ties, column, axis=1) + np.outer(ties[:, column], row)
        offset = self.layout.offset + ties[:, column] * ratio * float(self.areas @ self.layout.offset) / weights[column]
        return held, offset


def parameter_interval(fit: PeakFit, component: str, name: str, spectrum: int = 0) -> Profiled:
    """Return a parameter of a component with its intervals.

    Parameters
    ----------
    fit : PeakFit
        As fitted.
    component, name : str
        Which; a fixed one has no width, one that is tied has that of what it follows.
    spectrum : int
        Of which spectrum.

    Examples
    --------
    >>> from lamion.techniques.peaks import fit as fits
    >>> from lamion.techniques.peaks.component import Component
    >>> x = np.linspace(0.0, 40.0, 161)
    >>> y = np.exp(-4 * np.log(2) * ((x - 20) / 5) ** 2) + 0.01 * np.cos(9.0 * x)
    >>> found = parameter_interval(fits.fit_peaks(x, y, [Component("one", "gaussian")]), "one", "position")
    >>> bool(found.interval[0] < 20.0 < found.interval[1])
    True
    """
    layout, place = fit.layout, fit.layout.place(component, name)
    value, deviation = float(fit.parameters[spectrum, place]), float(np.sqrt(fit.covariance[spectrum, place, place]))
    row = layout.ties[place]
    if not row.any():
        return Profiled(value, 0.0, (value, value), (value, value))
    if name == "position":
        layout = Layout.of(layout.components, layout.baseline, fit.problem.x, _height(fit), component)
        row = layout.ties[place]
    leader = place if np.count_nonzero(row) == 1 and place in layout.free else _leader(layout, place)
    if leader is None:
        return _linearised(fit, value, deviation, spectrum)
    at = int(np.flatnonzero(layout.free == leader)[0])
    factor, offset = float(layout.ties[place, at]), float(layout.offset[place])
    own = _HeldParameter(
        layout,
        (value - offset) / factor,
        deviation / abs(factor),
        float(layout.lower[at]),
        float(layout.upper[at]),
        leader,
    )
    return _scaled(_profile(fit, own, spectrum), value, factor, offset)


def share_interval(fit: PeakFit, component: str, among: Sequence[str] = (), spectrum: int = 0) -> Profiled:
    r"""Return a component's share of the area of several, with its intervals.

    .. math:: \phi_j = \frac{A_j}{\sum_l A_l}

    Parameters
    ----------
    fit : PeakFit
        As fitted.
    component : str
        Which.
    among : sequence of str
        Those whose areas are summed, itself included; all without it.
    spectrum : int
        Of which spectrum.
    """
    layout = fit.layout
    areas = np.zeros(len(layout.names))
    areas[[layout.place(name, "area") for name in among or [one.name for one in layout.components]]] = 1.0
    place = layout.place(component, "area")
    value, deviation = _linear_share(fit, place, areas, spectrum)
    columns = np.flatnonzero(layout.ties[place])
    if len(columns) != 1:
        return Profiled(value, 0.0, (value, value), (value, value))
    column = int(columns[0])
    part = float(layout.ties[place, column]) / float(areas @ layout.ties[:, column])
    if np.count_nonzero(areas @ layout.ties) == 1 and not areas @ layout.offset:
        return Profiled(value, 0.0, (value, value), (value, value))
    own = _HeldShare(layout, value / part, deviation / part, 0.0, 1.0, areas, column)
    return _scaled(_profile(fit, own, spectrum), value, part, 0.0)


def _linear_share(fit: PeakFit, place: int, areas: Array, spectrum: int) -> tuple[float, float]:
    """Return a share of the area and its linearised deviation, infinite where an area is not determined."""
    total = float(areas @ fit.parameters[spectrum])
    if total <= 0:
        return 0.0, float("inf")
    value = float(fit.parameters[spectrum, place]) / total
    gradient = -value * areas / total
    gradient[place] += 1.0 / total
    own = areas > 0
    covariance = fit.covariance[spectrum][np.ix_(own, own)]
    if not np.isfinite(covariance).all():
        return value, float("inf")
    return value, float(np.sqrt(max(gradient[own] @ covariance @ gradient[own], 0.0)))


def _height(fit: PeakFit) -> float:
    return float(np.ptp(fit.problem.y.mean(axis=0))) or 1.0


def _leader(layout: Layout, place: int) -> int | None:
    """Return the free parameter that a tied one follows alone."""
    columns = np.flatnonzero(layout.ties[place])
    return int(layout.free[columns[0]]) if len(columns) == 1 else None


def _linearised(fit: PeakFit, value: float, deviation: float, spectrum: int) -> Profiled:
    if not np.isfinite(deviation):
        return Profiled(value, deviation, (None, None), (None, None))
    ends = []
    for level in (LEVEL, LEVEL_95):
        reach = coverage_factor(level, fit.freedom) * fit.widening(spectrum) * deviation
        ends.append((value - reach, value + reach))
    return Profiled(value, deviation, ends[0], ends[1])


def _scaled(found: Profiled, value: float, factor: float, offset: float) -> Profiled:
    def scaled(ends: Ends) -> Ends:
        both = [None if end is None else factor * end + offset for end in ends]
        return (both[0], both[1]) if factor > 0 else (both[1], both[0])

    return Profiled(value, abs(factor) * found.deviation, scaled(found.interval), scaled(found.interval_95))


def _profile(fit: PeakFit, hold: _Hold, spectrum: int) -> Profiled:
    """Hold a number on both sides of its best value, and read where the sum of squares passes each level."""
    scale = hold.deviation if np.isfinite(hold.deviation) and hold.deviation > 0 else _UNDETERMINED * _whole(hold)
    sides = [_distances(hold, sign, scale) for sign in (-1.0, 1.0)]
    at = np.concatenate([hold.value - sides[0], hold.value + sides[1]])
    rise = _rise(fit, hold, at, spectrum)
    widening = fit.widening(spectrum)
    levels = [coverage_factor(level, fit.freedom) * widening for level in (LEVEL, LEVEL_95)]
    low = [_passed(sides[0], rise[: len(sides[0])], level) for level in levels]
    high = [_passed(sides[1], rise[len(sides[0]) :], level) for level in levels]
    bounded = isinstance(hold, _HeldShare)
    ends = [
        (_end(hold.value, one, -1.0, 0.0 if bounded else None), _end(hold.value, other, 1.0, 1.0 if bounded else None))
        for one, other in zip(low, high, strict=True)
    ]
    return Profiled(hold.value, hold.deviation, ends[0], ends[1])


def _whole(hold: _Hold) -> float:
    if np.isfinite([hold.low, hold.high]).all():
        return hold.high - hold.low
    return abs(hold.value) or 1.0


def _distances(hold: _Hold, sign: float, scale: float) -> Array:
    """Return how far from the best value to hold the number, up to what it can be."""
    room = hold.value - hold.low if sign < 0 else hold.high - hold.value
    steps = _GRID * scale
    if not np.isfinite(room):
        return steps
    if room <= 0:
        return np.array([0.0])
    between = _WHOLE * room if isinstance(hold, _HeldShare) else np.empty(0)
    return np.unique(np.concatenate([steps[steps < room], between, [room]]))


def _rise(fit: PeakFit, hold: _Hold, at: Array, spectrum: int) -> Array:
    """Return the root of the sum of squares above its minimum, in standard deviations of the noise.

    Every minimum of the fit that is not far above its best is a start.
    """
    starts = _starts(fit, hold, spectrum)
    every = np.tile(at, len(starts))
    tied = [hold.tied(float(value)) for value in every]
    keep = np.arange(len(hold.layout.free)) != hold.column
    own = hold.layout
    layout = replace(
        own,
        free=own.free[keep],
        logarithmic=own.logarithmic[keep],
        scale=own.scale[keep],
        lower=own.lower[keep],
        upper=own.upper[keep],
    )
    problem = Problem(layout, fit.problem.x, fit.problem.y, fit.problem.weights, own.ties[None], own.offset[None])
    repeated = problem.repeated(spectrum, np.stack([one for one, _ in tied]), np.stack([one for _, one in tied]))
    found = repeated.solve(np.clip(np.repeat(starts[:, keep], len(at), axis=0), layout.lower, layout.upper))
    lowest = found.sum_of_squares.reshape(len(starts), len(at)).min(axis=0)
    above = (lowest - fit.sum_of_squares[spectrum]) / max(float(fit.variance[spectrum]), 1e-300)
    return np.asarray(np.sqrt(np.maximum(above, 0.0)))


def _starts(fit: PeakFit, hold: _Hold, spectrum: int) -> Array:
    """Return the free parameters, shape (s, f), of the minima that matter, each once."""
    square, variance = fit.sum_of_squares[spectrum], fit.variance[spectrum]
    near = fit.others[fit.others_squares[:, spectrum] < square + _NEAR**2 * variance, spectrum]
    own = fit.layout
    coordinates = own.coordinates(np.concatenate([fit.free[[spectrum]], near]))
    chosen: list[Array] = []
    for one in coordinates:
        if all(np.abs(one - other).max() > _SAME for other in chosen):
            chosen.append(one)
    parameters = fit.problem.all_parameters(own.values(np.stack(chosen)), np.zeros(len(chosen), dtype=np.intp))
    return hold.layout.free_of(parameters)


def _passed(distance: Array, rise: Array, level: float) -> float | None:
    """Return the distance beyond which a rise stays above a level; None where it does not."""
    under = np.flatnonzero(np.concatenate([[0.0], rise]) <= level)
    last = int(under[-1])
    if last == len(rise):
        return None
    before = (0.0, 0.0) if last == 0 else (float(distance[last - 1]), float(rise[last - 1]))
    share = (level - before[1]) / (float(rise[last]) - before[1])
    return before[0] + share * (float(distance[last]) - before[0])


def _end(value: float, distance: float | None, sign: float, otherwise: float | None) -> float | None:
    return otherwise if distance is None else value + sign * distance
