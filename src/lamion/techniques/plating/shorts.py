r"""Shorts: a voltage that falls at once and stays low while the current is the same.

A current that finds a way past the interfaces lowers :math:`L = \ln(U/I)` within seconds to minutes, and it stays. What
else lowers it does so slowly (activation, a warmer room), is noise, changes a half-cycle's shape but not its level
(peaks that turn into an arc), or takes back what came before (a contact that was lost). So of L, from which the shape
of the half-cycles before is subtracted, a fall counts where

1. straight lines on both sides leave a jump that stands out of the noise of all such jumps,
2. the level stays lower by most of it, for a quarter of a half-cycle, for a half-cycle and for two,
3. the jump is most of what the level falls by in all: a slow fall has none,
4. the level falls below that before every earlier jump upwards: a contact that is recovered does not,
5. the current does not change there, or rises while the voltage itself falls.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.ndimage import correlate1d, maximum_filter1d, minimum_filter1d

from lamion.quantities.level import LEVEL
from lamion.techniques.plating.half_cycle import HalfCycle

Array = NDArray[np.float64]

_BESIDE = 600.0
"""Of a jump, seconds on each side: short against the time in which a cell becomes warm."""
_FEWEST_BESIDE = 4
_SETTING_IN = 60.0
"""Of a fall, seconds on each side of its middle that straight lines leave out to say how much falls at once."""
_SIGNIFICANT = 6.0
"""Noise that a jump stands out by: a trace holds tens of thousands of places at which one could be."""
_LARGEST_NOISE = 1 / _SIGNIFICANT
"""A fall by a factor of e is one, however a voltage that is nearly gone fluctuates afterwards."""
_STAYS = 0.5
_SUDDEN = 0.5
_LASTING = (0.25, 1.0, 2.0)
"""Half-cycles."""
_SHAPES = 4
_TOGETHER = 256
_SAME_CURRENT = 0.02
_HARD = 0.9
_NO_NOISE = 1e-7
_GRID = 1000
BEFORE = 2
"""Half-cycles that are needed before a fall: what was there from the first cycle on cannot be told."""


@dataclass(frozen=True)
class Short:
    """A sudden fall of the voltage that stays.

    Parameters
    ----------
    time : float
        When it has fallen by half, in s as in the record.
    time_margin : float
        Half its interval in s: from the time between samples, as far as they do not resolve the fall, and the noise.
    half_cycle : int
        The number of the half-cycle in which it falls.
    loss : float
        By which share of the voltage, from half-cycles before to half-cycles after.
    jump : float
        The share that is lost at once.
    signal : float
        The jump over the noise of jumps.
    lasting : float
        Half-cycles over which the level was seen lower; two, unless the record ends.
    fluctuation : float
        The scatter of the voltage between samples afterwards, over that before.
    """

    time: float
    time_margin: float
    half_cycle: int
    loss: float
    jump: float
    signal: float
    lasting: float
    fluctuation: float

    @property
    def hard(self) -> bool:
        """Whether nearly nothing of the voltage is left."""
        return self.loss >= _HARD


@dataclass(frozen=True, eq=False)
class _Level:
    """L without shape, on a grid of equal steps through all half-cycles."""

    time: Array
    number: NDArray[np.int64]
    level: Array
    current: Array
    step: float

    @property
    def half_cycle(self) -> int:
        """Steps of one."""
        return round(len(self.time) / int(self.number[-1] - self.number[0] + 1))


def shorts_raw(cycles: Sequence[HalfCycle]) -> tuple[Short, ...]:
    """Find the shorts of a trace.

    Parameters
    ----------
    cycles : sequence of HalfCycle
        In order; more than two.

    Returns
    -------
    tuple of Short
        In the order of their times; empty where none is seen.

    Notes
    -----
    Not seen are a short that was there from the first cycle on, one that grows over an hour as an activation does, and
    one whose fall the sampling or the noise hides.

    Examples
    --------
    >>> t = np.linspace(0.0, 3600.0, 61)
    >>> whole = [HalfCycle(k, 1, t + 3600 * k, np.full(61, 0.05), np.full(61, 1e-3)) for k in range(8)]
    >>> low = [HalfCycle(k, 1, t + 3600 * k, np.full(61, 0.04), np.full(61, 1e-3)) for k in range(8, 12)]
    >>> shorts_raw(whole)
    ()
    >>> [(short.half_cycle, round(short.loss, 2)) for short in shorts_raw(whole + low)]
    [(8, 0.2)]
    """
    if len(cycles) <= BEFORE:
        return ()
    level = _level(cycles)
    jumps, shorter = _jumps(level)
    signal = jumps / np.minimum(_noise(level, jumps) * shorter, _LARGEST_NOISE)
    found: list[Short] = []
    apart = level.step * level.half_cycle / 2
    for place in map(int, _lowest(signal, _width(level))):
        short = _judged(level, jumps, signal, place)
        if short is not None and (not found or short.time - found[-1].time > apart):
            found.append(short)
    return tuple(found)


def _level(cycles: Sequence[HalfCycle]) -> _Level:
    """Put the half-cycles on one grid and take their shape away."""
    steps = np.concatenate([np.diff(cycle.time) for cycle in cycles])
    longest = float(np.median([cycle.duration for cycle in cycles]))
    step = max(float(np.median(steps)), longest / _GRID)
    rows = _on_grid(cycles, step)
    signs = np.array([cycle.sign for cycle in cycles])
    middles = [_median(row) for row in rows]
    shapes = [_own_shape(rows, middles, k) for k in range(len(rows))]
    shapeless = [row - before[: len(row)] for row, before in zip(rows, _shapes_before(shapes), strict=True)]
    centres = np.array([_median(row) for row in shapeless])
    skew = _skew(centres, signs)
    shapeless = [row - sign * skew for row, sign in zip(shapeless, signs, strict=True)]
    times = [cycle.time[0] + step * np.arange(len(row)) for cycle, row in zip(cycles, rows, strict=True)]
    numbers = [np.full(len(row), cycle.number) for cycle, row in zip(cycles, rows, strict=True)]
    currents = [np.full(len(row), cycle.mean_current) for cycle, row in zip(cycles, rows, strict=True)]
    joined = [np.concatenate(part) for part in (times, numbers, shapeless, currents)]
    return _Level(joined[0], joined[1].astype(np.int64), joined[2], joined[3], step)


def _on_grid(cycles: Sequence[HalfCycle], step: float) -> list[Array]:
    """Return ln(U/I) in steps of equal time: the mean of each, and of a straight line where a step holds no sample."""
    samples = np.array([len(cycle.time) for cycle in cycles])
    size = np.abs(np.concatenate([cycle.resistance for cycle in cycles]))
    largest = np.maximum.reduceat(size, np.cumsum(samples) - samples)
    size = np.maximum(size, np.repeat(1e-9 * largest + 1e-300, samples))
    since = np.concatenate([cycle.time - cycle.time[0] for cycle in cycles])
    place = np.round(since / step).astype(int)
    counts = place[np.cumsum(samples) - 1] + 1
    begin = np.cumsum(counts) - counts
    place += np.repeat(begin, samples)
    filled, total = np.bincount(place), np.bincount(place, np.log(size))
    known = np.flatnonzero(filled)
    return np.split(np.interp(np.arange(len(filled)), known, total[known] / filled[known]), begin[1:])


def _median(row: Array) -> float:
    """Return the median of a few finite numbers, without the checks that take longer than it."""
    ordered = np.sort(row)
    return float(ordered[(len(row) - 1) // 2] + ordered[len(row) // 2]) / 2


def _own_shape(rows: Sequence[Array], middles: Sequence[float], k: int) -> Array:
    """Return one half-cycle's shape around zero, without the trend that its neighbours of one direction show."""
    low = min(max(k - 1, 0), len(rows) - 3)
    rise = (middles[low + 2] - middles[low]) / 2
    return rows[k] - middles[k] - rise * (np.arange(len(rows[k])) / len(rows[k]) - 0.5)


def _shapes_before(shapes: Sequence[Array]) -> Iterator[Array]:
    """Yield the shape that the half-cycles before each share, their median; zero where none of them reaches."""
    table = np.full((_SHAPES + len(shapes), max(map(len, shapes))), np.nan)
    for row, shape in zip(table[_SHAPES:], shapes, strict=True):
        row[: len(shape)] = shape
    before = sliding_window_view(table[:-1], _SHAPES, axis=0)
    for first in range(0, len(shapes), _TOGETHER):
        # What is not known comes last.
        ordered = np.sort(before[first : first + _TOGETHER], axis=-1)
        known = np.isfinite(ordered).sum(axis=-1, keepdims=True)
        middle = np.concatenate([np.maximum(known - 1, 0) // 2, np.minimum(known // 2, _SHAPES - 1)], axis=-1)
        below, above = np.moveaxis(np.take_along_axis(ordered, middle, axis=-1), -1, 0)
        yield from np.where(known[..., 0] > 0, (below + above) / 2, 0.0)


def _skew(centres: Array, signs: NDArray[np.int64]) -> float:
    """Return by how much one direction lies above the mean of both."""
    steps, turns = np.diff(centres), np.diff(signs)
    if not (np.any(turns > 0) and np.any(turns < 0)):
        return 0.0
    return float(np.median(steps[turns > 0]) - np.median(steps[turns < 0])) / 4


def _with_steps(level: _Level, jumps: Array) -> tuple[Array, Array]:
    """Add the jumps beside a step of the current, and by how much their noise is larger.

    Straight lines end at the step, and so are shorter. At the step itself counts what the voltage falls by though the
    current rises, which no larger current makes it do.
    """
    found, shorter, longest = jumps.copy(), np.ones(len(jumps)), _width(level)
    steps = np.diff(np.log(level.current))
    borders = np.flatnonzero(np.abs(steps) > _SAME_CURRENT) + 1
    for away in range(_FEWEST_BESIDE, longest if len(borders) else 0):
        places = np.concatenate([borders - away, borders + away])
        free = places[_are_free(level, places, away)]
        found[free] = level.level[free[:, None] + np.arange(-away, away)] @ _kernel(away)
        shorter[free] = np.sqrt(longest / away)
    for border in map(int, borders):
        if steps[border - 1] > 0 and longest <= border <= len(jumps) - longest and _is_counted(level, border):
            jump = float(_kernel(longest) @ level.level[border - longest : border + longest])
            found[border] = jump if jump + steps[border - 1] < 0 else np.nan
    return found, shorter


def _are_free(level: _Level, places: NDArray[np.int64], width: int) -> NDArray[np.bool_]:
    """Tell for each place whether no step of the current is near it."""
    first, last = places - width, places + width - 1
    inside = (first >= 0) & (last < len(level.current))
    begin, end = np.where(inside, first, 0), np.where(inside, last, 0)
    # A half-cycle has one current: two ends in neighbouring half-cycles show all there is.
    near = level.number[end] - level.number[begin] <= 1
    same = np.abs(np.log(level.current[end] / level.current[begin])) < _SAME_CURRENT
    counted = level.number[np.where(inside, places, 0)] >= level.number[0] + BEFORE
    free: NDArray[np.bool_] = inside & near & same & counted
    for k in np.flatnonzero(inside & ~near & counted):
        free[k] = _is_free(level, int(places[k]), width)
    return free


def _is_free(level: _Level, place: int, width: int) -> bool:
    """Tell whether no step of the current is near a place."""
    own = level.current[max(place - width, 0) : place + width]
    return len(own) == 2 * width and _is_counted(level, place) and float(np.ptp(np.log(own))) < _SAME_CURRENT


def _is_counted(level: _Level, place: int) -> bool:
    return bool(level.number[place] >= level.number[0] + BEFORE)


@lru_cache(maxsize=1024)
def _kernel(width: int, left_out: int = 0) -> Array:
    """Return what takes the jump between straight lines through so many steps on both sides of some left out."""
    x = np.arange(width) + left_out + 0.5
    intercept = np.linalg.pinv(np.stack([np.ones(width), x], axis=1))[0]
    return np.concatenate([-intercept[::-1], intercept])


def _width(level: _Level) -> int:
    return int(np.clip(_BESIDE / level.step, _FEWEST_BESIDE, max(level.half_cycle // 3, _FEWEST_BESIDE)))


def _jumps(level: _Level) -> tuple[Array, Array]:
    """Return the jump between straight lines on both sides, before each step; not a number where none can be.

    And by how much its noise is larger where the lines are shorter.
    """
    width = _width(level)
    jumps = correlate1d(level.level, _kernel(width), mode="nearest")
    steady = np.abs(np.log(level.current[width:] / level.current[:-width])) < _SAME_CURRENT
    usable = np.zeros(len(jumps), dtype=bool)
    usable[width:-width] = steady[: len(jumps) - 2 * width] & steady[width:]
    usable[level.number < level.number[0] + BEFORE] = False
    return _with_steps(level, np.where(usable, jumps, np.nan))


def _noise(level: _Level, jumps: Array) -> Array:
    """Return the scatter of jumps at each place: where half-cycles meet theirs, too, which scatter more."""
    everywhere = _scatter(jumps)
    borders = np.flatnonzero(np.diff(level.number)) + 1
    width = _width(level)
    near = np.zeros(len(jumps), dtype=bool)
    for border in borders:
        near[max(border - width, 0) : border + width] = True
    return np.where(near, max(everywhere, _scatter(jumps[borders])), everywhere)


def _scatter(jumps: Array) -> float:
    known = jumps[np.isfinite(jumps)]
    return max(1.4826 * float(np.median(np.abs(known - np.median(known)))), _NO_NOISE) if len(known) else _NO_NOISE


def _lowest(signal: Array, apart: int) -> NDArray[np.int64]:
    """Return the places of the falls that are clear, each the clearest of its neighbourhood."""
    known = np.where(np.isfinite(signal), signal, 0.0)
    return np.flatnonzero((known < -_SIGNIFICANT) & (known == minimum_filter1d(known, 2 * apart + 1)))


def _judged(level: _Level, jumps: Array, signal: Array, place: int) -> Short | None:
    """Return a fall as a short where it stays, was sudden, and took back nothing."""
    jump = float(jumps[place])
    falls = [_fall(level, place, spans) for spans in _LASTING]
    left = (len(level.time) - place) / level.half_cycle
    whole = falls[-1]
    lower = _level_before_rise(level, jumps, place)
    if lower is not None:
        whole = max(whole, _after(level, place, _LASTING[-1]) - lower)
    at_once = min(jump, _around(level, place))
    if max(falls) > _STAYS * jump or whole > _STAYS * jump or at_once > _SUDDEN * min(falls):
        return None
    before, after = (level.level[max(place - level.half_cycle, 0) : place], level.level[place:][: level.half_cycle])
    time, margin = _middle(level, place)
    return Short(
        time=time,
        time_margin=margin,
        half_cycle=int(level.number[place]),
        loss=float(-np.expm1(whole)),
        jump=float(-np.expm1(jump)),
        signal=float(abs(signal[place])),
        lasting=min(left, _LASTING[-1]),
        fluctuation=float(np.median(np.abs(np.diff(after))) / max(np.median(np.abs(np.diff(before))), 1e-12)),
    )


def _around(level: _Level, place: int) -> float:
    """Return the jump between straight lines that end before a fall sets in and begin after it; zero near a step."""
    left_out, width = round(_SETTING_IN / level.step), _width(level)
    if not _is_free(level, place, left_out + width):
        return 0.0
    before = level.level[place - left_out - width : place - left_out]
    after = level.level[place + left_out : place + left_out + width]
    return float(_kernel(width, left_out) @ np.concatenate([before, after]))


def _middle(level: _Level, place: int) -> tuple[float, float]:
    """Return when the voltage has fallen by half, and half the interval; between samples all times are as likely."""
    between, margin = float(level.time[place] - level.step / 2), LEVEL * level.step / 2
    left_out, width = round(_SETTING_IN / level.step) + 1, _width(level)
    if not _is_free(level, place, left_out + width):
        return between, margin
    near = slice(place - left_out, place + left_out)
    voltage, times = np.exp(level.level[near]), level.time[near]
    high = np.exp(level.level[near.start - width : near.start])
    low = np.exp(level.level[near.stop : near.stop + width])
    half, whole = float(np.median(high) + np.median(low)) / 2, float(np.median(high) - np.median(low))
    falls = np.flatnonzero((voltage[:-1] >= half) & (voltage[1:] < half))
    if not len(falls):
        return between, margin
    at = int(falls[np.argmin(np.abs(falls - (left_out - 1)))])
    drop = float(voltage[at] - voltage[at + 1])
    unresolved = margin * float(np.clip(2 * drop / whole - 1, 0.0, 1.0))
    # Of a sample, and of the middle: what flows past fluctuates, while it falls other than afterwards.
    noise = math.hypot(float(np.std(np.diff(high))), float(np.std(low))) / math.sqrt(2)
    time = float(times[at]) + level.step * float(voltage[at] - half) / drop
    return time, math.hypot(unresolved, min(level.step * noise / drop, _SETTING_IN))


def _after(level: _Level, place: int, spans: float) -> float:
    return _median(level.level[place : place + max(int(spans * level.half_cycle), 1)])


def _fall(level: _Level, place: int, spans: float) -> float:
    """Return by how much the level is lower after a place than before it, over some half-cycles."""
    steps = max(int(spans * level.half_cycle), 1)
    return _after(level, place, spans) - _median(level.level[max(place - steps, 0) : place])


def _level_before_rise(level: _Level, jumps: Array, place: int) -> float | None:
    """Return the lowest level before any earlier jump upwards that matters; None where there was none."""
    known = np.where(np.isfinite(jumps[:place]), jumps[:place], 0.0)
    rises = np.flatnonzero((known > -_STAYS * jumps[place]) & (known == maximum_filter1d(known, 2 * _width(level) + 1)))
    before = [level.level[max(one - level.half_cycle, 0) : max(one - 1, 1)] for one in rises]
    return min((_median(one) for one in before), default=None)
