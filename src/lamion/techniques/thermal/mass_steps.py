r"""Steps of a thermogram: between minima of the rate of loss, as differences of plateaus.

.. math:: r(t) = -\frac{dm}{dt}, \qquad w_k = \frac{m(t_{k-1}) - m(t_k)}{m_0}

The rate is the slope of a parabola through a window of points; a step is a maximum of it that stands out of its noise,
and its bounds are the minima beside it, where a straight line through a window gives the plateau.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lamion.numerics.residual_correlation import variance_growth
from lamion.techniques.thermal.number import Number

Array = NDArray[np.float64]

_GRID = 4000
_CLEAR = 8.0
_SMALLEST = 0.02
"""Of the fastest loss: a maximum that rises less out of its surroundings is no step."""
_QUIET = 0.01
"""Of the fastest loss: where the first step begins and the last one ends."""
_SEPARATE = 0.1
"""Of a step's fastest loss, to which the rate falls on both sides of one that stands apart."""
_BEYOND, _HALVES = 1.5, 5
_ALIKE = 3.0
"""Times its noise: rates beside a minimum that may be the lowest as well."""
_FEWEST = 7
_CLEARLY = 2.0
_WIDE = 4.0


@dataclass(frozen=True)
class Step:
    """One step.

    Parameters
    ----------
    loss : Number
        Of mass, over the first.
    begin, end, fastest : int
        Rows: its bounds, and where it loses most.
    separate : bool
        Whether the rate falls to a tenth of its maximum on both sides.
    """

    loss: Number
    begin: int
    end: int
    fastest: int
    separate: bool


@dataclass(frozen=True, eq=False)
class Thermogram:
    """What a mass says over time.

    Parameters
    ----------
    total : Number
        The loss from the first row to the last, over the first.
    gain : float
        By how much the mass rises above the first row, over it; 0 within the noise.
    gained : int
        The row at which it is largest.
    steps : tuple of Step
        In order.
    rate : array, shape (n,)
        1/s, of each row.
    noise : float
        Of one point, over the first.
    """

    total: Number
    gain: float
    gained: int
    steps: tuple[Step, ...]
    rate: Array
    noise: float


def thermogram_raw(time: Array, mass: Array, window: float, drift: float = 0.0) -> Thermogram:
    """Find the steps of a thermogram.

    Parameters
    ----------
    time, mass : array, shape (n,)
        In s and in any unit, larger than zero in the first row.
    window : float
        s, over which the rate is read.
    drift : float
        Standard uncertainty of the balance and the buoyancy over the whole run, over the first mass.

    Returns
    -------
    Thermogram
        Parts of each loss: ``noise`` (of the two plateaus), ``bounds`` (each moved by half a window, where that changes
        it by more than noise; a rectangle), ``drift`` (the stated one over the step's part of the run) and ``gain``
        (the mass that the run gains above its first row, which no sample does by decomposing: of the first step and the
        whole the full gain, of the others its part by their time).

    Examples
    --------
    >>> t = np.arange(0.0, 4000.0, 2.0)
    >>> m = 1.0 - 0.3 / (1 + np.exp(-(t - 1200.0) / 60.0)) - 0.2 / (1 + np.exp(-(t - 2600.0) / 60.0))
    >>> found = thermogram_raw(t, m + np.random.default_rng(1).normal(0.0, 3e-4, len(t)), 90.0)
    >>> [round(step.loss.value, 2) for step in found.steps], round(found.total.value, 2)
    ([0.3, 0.2], 0.5)
    """
    grid = np.linspace(time[0], time[-1], min(_GRID, len(time)))
    y = np.interp(grid, time, mass)
    half = max(_FEWEST // 2, round(0.5 * window / (grid[1] - grid[0])))
    half = min(half, (len(grid) - 1) // 4)
    start, error = _line(y, 0, half)
    y = y / start
    noise, growth = _noise(y, half)
    grown = noise * math.sqrt(growth)
    rate, kernel = _slope(y, half, float(grid[1] - grid[0]))
    gain, gained = _gain(y, half, grown)
    gain *= start / mass[0]
    bounds, tops = _bounds(rate, grown * kernel)
    plateaus = [_plateau(y, place, half, grown) for place in bounds]
    steps = []
    for k, top in enumerate(tops):
        pair, ends = plateaus[k : k + 2], bounds[k : k + 2]
        lasts = float(grid[ends[1]] - grid[ends[0]]) / float(grid[-1] - grid[0])
        loss = pair[0].value - pair[1].value
        noises = (pair[0].parts["noise"], pair[1].parts["noise"], loss * grown * error)
        parts = {"noise": math.hypot(*noises), "bounds": math.hypot(*(one.parts["bounds"] for one in pair))}
        parts |= {"drift": drift * lasts, "gain": gain if k == 0 else gain * lasts}
        quiet = bool(max(rate[ends[0]], rate[ends[1]]) < _SEPARATE * rate[top])
        begin, fastest, end = (int(np.searchsorted(time, grid[one])) for one in (ends[0], top, ends[1]))
        steps.append(Step(Number(loss, parts), begin, min(end, len(time) - 1), fastest, quiet))
    lost = float(1.0 - mass[-1] / mass[0])
    total = Number(lost, {"noise": noise * math.hypot(1.0, 1.0 - lost), "drift": drift, "gain": gain})
    row = int(np.searchsorted(time, grid[gained]))
    return Thermogram(total, gain, row, tuple(steps), np.interp(time, grid, rate), noise)


def _noise(y: Array, half: int) -> tuple[float, float]:
    """Return a point's noise and how much it grows in means as neighbours share it, from what a parabola leaves."""
    narrow = max(3, half // 2)
    kernel = _kernel(narrow, 0)
    left = y[narrow:-narrow] - np.convolve(y, kernel[::-1], mode="valid")
    size = 1.4826 * float(np.median(np.abs(left - np.median(left)))) / math.sqrt(max(1.0 - kernel[narrow], 0.1))
    return size, variance_growth(left[None, :])


def _kernel(half: int, derivative: int) -> Array:
    """Return the weights of a parabola's value or slope in the middle of a window, by the distance of points."""
    x = np.arange(-half, half + 1.0)
    return np.asarray(np.linalg.pinv(np.vander(x, 3, increasing=True))[derivative])


def _slope(y: Array, half: int, step: float) -> tuple[Array, float]:
    """Return the rate of loss and the factor from a point's noise to the rate's."""
    kernel = _kernel(half, 1) / step
    inner = np.convolve(y, kernel[::-1], mode="valid")
    return np.pad(-inner, half, mode="edge"), float(np.linalg.norm(kernel))


def _gain(y: Array, half: int, noise: float) -> tuple[float, int]:
    smooth = np.convolve(np.pad(y, half, mode="edge"), np.full(2 * half + 1, 1.0 / (2 * half + 1)), mode="valid")
    place = int(np.argmax(smooth))
    gained = float(smooth[place] - y[0])
    return (float(np.max(y) - y[0]), int(np.argmax(y))) if gained > _WIDE * noise else (0.0, place)


def _bounds(rate: Array, spread: float) -> tuple[list[int], list[int]]:
    """Return the rows of the plateaus and of the maxima between them."""
    from scipy.signal import find_peaks

    fastest = float(rate.max())
    if fastest <= _CLEAR * spread:
        return [], []
    tops, _ = find_peaks(np.pad(rate, 1), prominence=max(_CLEAR * spread, _SMALLEST * fastest))
    tops = [int(top) - 1 for top in tops]
    if not tops:
        return [], []
    quiet = max(2.0 * spread, _QUIET * fastest)
    first = tops[0] - _reach(rate[: tops[0] + 1][::-1], quiet, spread)
    last = tops[-1] + _reach(rate[tops[-1] :], quiet, spread)
    between = [_minimum(rate, one, other, spread) for one, other in pairwise(tops)]
    return [first, *between, last], tops


def _reach(rate: Array, quiet: float, spread: float) -> int:
    """Return how far from a maximum, which comes first, its loss has ended.

    Half as far again as the rate takes to fall below what is quiet, and five times as far as to its half at least; but
    not to where the mass rises.
    """
    below, half = np.flatnonzero(rate < quiet), np.flatnonzero(rate < 0.5 * rate[0])
    if not len(below):
        return int(np.argmin(rate))
    rises = np.flatnonzero(rate[below[0] :] < -_ALIKE * spread)
    ends = int(below[0] + rises[0]) if len(rises) else len(rate) - 1
    return min(ends, max(round(_BEYOND * float(below[0])), _HALVES * int(half[0])))


def _minimum(rate: Array, one: int, other: int, spread: float) -> int:
    """Return the middle of the rows about the lowest rate between two maxima that noise does not tell from it."""
    part = rate[one : other + 1]
    lowest = int(np.argmin(part))
    above = part > part[lowest] + _ALIKE * spread
    before, after = np.flatnonzero(above[:lowest]), np.flatnonzero(above[lowest:])
    begin, end = (
        (int(before[-1]) + 1 if len(before) else 0),
        (lowest + int(after[0]) - 1 if len(after) else len(part) - 1),
    )
    return one + (begin + end) // 2


def _plateau(y: Array, place: int, half: int, noise: float) -> Number:
    """Return the mass at a bound, from a line through the window about it."""
    value, own = _line(y, place, half)
    moved = []
    for other in (place - half // 2, place + half // 2):
        if 0 <= other < len(y):
            there, error = _line(y, other, half)
            apart = abs(there - value)
            moved.append(apart if apart > _CLEARLY * noise * math.hypot(own, error) else 0.0)
    return Number(value, {"noise": noise * own, "bounds": max(moved, default=0.0) / math.sqrt(3.0)})


def _line(y: Array, place: int, half: int) -> tuple[float, float]:
    """Return the value of a line at a place and the factor from a point's noise to it."""
    rows = np.arange(max(0, place - half), min(len(y), place + half + 1))
    weights = np.linalg.pinv(np.stack([np.ones(len(rows)), rows - place], axis=1))[0]
    return float(weights @ y[rows]), float(np.linalg.norm(weights))
