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

_NEARBY = np.array([0.6, 1.0, 1.5, 2.0, 2.6])
_BEYOND = np.array([3.5, 5.0, 8.0, 12.0])
"""Where a number is held, in linearised standard deviations from the best value: first, and where that is too near."""
_WHOLE = np.linspace(0.05, 0.95, 10)
"""Of the room up to a bound: where a share is held besides where it has several minima."""
_TOLERANCE = 1e-6
"""Of the sum of squares, in which a rise of one in as many as there are points matters."""
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
    starts = _starts(fit, hold, spectrum)
    levels = [coverage_factor(level, fit.freedom) * fit.widening(spectrum) for level in (LEVEL, LEVEL_95)]
    sides = [_Side.of(hold, sign, scale, levels[-1]) for sign in (-1.0, 1.0)]
    for steps in ("nearby", "beyond"):
        wanted = [side.wanted(steps, len(starts) > 1) for side in sides]
        at = np.concatenate([hold.value + side.sign * distance for side, distance in zip(sides, wanted, strict=True)])
        if len(at):
            rise = _rise(fit, hold, at, starts, spectrum)
            for side, distance, own in zip(sides, wanted, np.split(rise, [len(wanted[0])]), strict=True):
                side.add(distance, own)
    low, high = ([side.passed(level) for level in levels] for side in sides)
    bounded = isinstance(hold, _HeldShare)
    ends = [
        (_end(hold.value, one, -1.0, 0.0 if bounded else None), _end(hold.value, other, 1.0, 1.0 if bounded else None))
        for one, other in zip(low, high, strict=True)
    ]
    return Profiled(hold.value, hold.deviation, ends[0], ends[1])


@dataclass(eq=False)
class _Side:
    """How the root of the sum of squares rises to one side.

    Parameters
    ----------
    sign : float
        -1 or 1.
    room, scale, level : float
        How far the number can go; its linearised deviation; the highest level, widened.
    shared : bool
        Whether it is a share, which may have several minima.
    distance, rise : array
        Where it was held, and what that gave.
    """

    sign: float
    room: float
    scale: float
    level: float
    shared: bool
    distance: Array
    rise: Array

    @classmethod
    def of(cls, hold: _Hold, sign: float, scale: float, level: float) -> _Side:
        room = hold.value - hold.low if sign < 0 else hold.high - hold.value
        return cls(sign, max(room, 0.0), scale, level, isinstance(hold, _HeldShare), np.zeros(1), np.zeros(1))

    def wanted(self, steps: str, several: bool) -> Array:
        """Return where to hold it next: nothing more where the highest level was passed."""
        if steps == "beyond" and self.rise[-1] > self.level:
            return np.empty(0)
        found = (_NEARBY if steps == "nearby" else _BEYOND) * self.scale * max(self.level / 2.0, 1.0)
        found = found[found < self.room]
        if np.isfinite(self.room):
            ends = [self.room] if steps == "beyond" or len(found) < len(_NEARBY) else []
            found = np.append(found, ends)
            if self.shared and (several or steps == "beyond"):
                found = np.append(found, _WHOLE * self.room)
        return np.setdiff1d(found, self.distance)

    def add(self, distance: Array, rise: Array) -> None:
        """Take what holding gave."""
        every = np.concatenate([self.distance, distance])
        order = np.argsort(every)
        self.distance, self.rise = every[order], np.concatenate([self.rise, rise])[order]

    def passed(self, level: float) -> float | None:
        """Return the distance beyond which the rise stays above a level; None where it does not."""
        last = int(np.flatnonzero(self.rise <= level)[-1])
        if last == len(self.rise) - 1:
            return None
        before, after = last, last + 1
        share = (level - self.rise[before]) / (self.rise[after] - self.rise[before])
        return float(self.distance[before] + share * (self.distance[after] - self.distance[before]))


def _whole(hold: _Hold) -> float:
    if np.isfinite([hold.low, hold.high]).all():
        return hold.high - hold.low
    return abs(hold.value) or 1.0


def _rise(fit: PeakFit, hold: _Hold, at: Array, starts: Array, spectrum: int) -> Array:
    """Return the root of the sum of squares above its minimum, in standard deviations of the noise."""
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
    begun = np.clip(np.repeat(starts[:, keep], len(at), axis=0), layout.lower, layout.upper)
    found = repeated.solve(begun, _TOLERANCE)
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


def _end(value: float, distance: float | None, sign: float, otherwise: float | None) -> float | None:
    return otherwise if distance is None else value + sign * distance
