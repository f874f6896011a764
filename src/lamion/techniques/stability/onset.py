r"""Where a sweep's current leaves its background: by a threshold, and by the tangent at the steepest place.

.. math:: E = E_\mathrm{applied} - I R, \qquad j = \frac{I}{A} - j_\mathrm{background}(E)

An onset is no property of an electrolyte alone: it moves with the threshold, the background, the scan rate and the
electrode. Each rule is read under several reasonable choices, and what they differ by is its uncertainty.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.quantities.errors import InputError

Array = NDArray[np.float64]

BACKGROUNDS = ((0.2, 1), (0.3, 1), (0.4, 1), (0.3, 0))
"""The share of the sweep, from its start, to which a background is fitted, and the degree of its polynomial."""
CENTRAL = (0.3, 1)
FACTORS = (0.5, 1.0, 2.0)
"""Of the threshold."""
WIDTHS = (0.02, 0.04, 0.08)
"""Of the window in which the steepest tangent is sought, over the sweep."""
_FEWEST = 20
_CLEAR = 5.0


@dataclass(frozen=True)
class Onset:
    """An onset by one rule, in V.

    Parameters
    ----------
    value : float or None
        Under the central choice; None where the sweep does not reach it.
    low, high : float or None
        The extremes of all choices; `high` (for a reduction `low`) is None where one of them is not reached.
    choices : int
        How many were read.
    """

    value: float | None
    low: float | None
    high: float | None
    choices: int


@dataclass(frozen=True, eq=False)
class Sweep:
    """One sweep in one direction, towards oxidation or reduction.

    Parameters
    ----------
    potential : array, shape (n,)
        V, corrected for the resistance.
    current : array, shape (n,)
        A, or A/m2.
    direction : int
        1 to larger potentials, -1 to smaller ones.
    rate : float or None
        V/s, where there are times.
    """

    potential: Array
    current: Array
    direction: int
    rate: float | None = None

    @property
    def way(self) -> Array:
        """How far along the sweep each point lies, in V."""
        return np.asarray(self.direction * (self.potential - self.potential[0]))

    @property
    def forward(self) -> Array:
        """The current, positive in the sweep's direction."""
        return np.asarray(self.direction * self.current)


def first_sweep(
    potential: ArrayLike,
    current: ArrayLike,
    *,
    reduction: bool = False,
    resistance: float = 0.0,
    time: ArrayLike | None = None,
) -> Sweep:
    """Cut the first long sweep in one direction out of a voltammogram, and correct it for a resistance.

    Parameters
    ----------
    potential, current : array-like, shape (n,)
        V and A; an oxidation is positive.
    reduction : bool
        Whether the sweep to smaller potentials is meant.
    resistance : float
        Ohm, between the electrodes and not corrected by the instrument.
    time : array-like, optional
        s.

    Raises
    ------
    InputError
        When there is no such sweep of twenty points.

    Examples
    --------
    >>> E = np.concatenate([np.linspace(2, 5, 31), np.linspace(5, 2, 31)])
    >>> sweep = first_sweep(E, 1e-5 * np.ones(62))
    >>> len(sweep.potential), float(sweep.potential[-1])
    (31, 5.0)
    """
    E, current_array = np.asarray(potential, dtype=np.float64), np.asarray(current, dtype=np.float64)
    direction = -1 if reduction else 1
    own = _longest_first(direction * E)
    if own.stop - own.start < _FEWEST:
        raise InputError(
            f"There is no sweep to {'smaller' if reduction else 'larger'} potentials of {_FEWEST} points.",
            "The sweep may go the other way, or hold few points.",
            "Say --direction oxidation or reduction, or record more points.",
        )
    rate = None
    if time is not None:
        t = np.asarray(time, dtype=np.float64)[own]
        rate = float(abs(E[own][-1] - E[own][0]) / (t[-1] - t[0])) if t[-1] > t[0] else None
    return Sweep(E[own] - resistance * current_array[own], current_array[own], direction, rate)


def _longest_first(way: Array) -> slice:
    """Return the first stretch along which the way rises that is at least half as long as the longest."""
    turns = _turns(way)
    lengths = [way[b - 1] - way[a] for a, b in turns]
    a, b = next(pair for pair, length in zip(turns, lengths, strict=True) if length >= max(lengths) / 2)
    return slice(a, b)


def _turns(way: Array) -> list[tuple[int, int]]:
    """Return begin and end of each stretch between turns; steps back of less than a hundredth of all are noise."""
    span = float(np.ptp(way)) / 100
    ends, low, high, rising = [0], 0, 0, True
    for place, value in enumerate(way):
        if rising:
            high = place if value > way[high] else high
            turned = value < way[high] - span
        else:
            low = place if value < way[low] else low
            turned = value > way[low] + span
        if turned:
            ends.append((high if rising else low) + (1 if rising else 0))
            rising, low, high = not rising, place, place
    return list(zip(ends, [*ends[1:], len(way)], strict=True))


def onset_by_threshold(sweep: Sweep, threshold: float) -> Onset:
    """Find where the current, less its background, rises above a threshold for good.

    Parameters
    ----------
    sweep : Sweep
        Its current in the unit of the threshold.
    threshold : float
        Positive.

    Examples
    --------
    >>> E = np.linspace(3.0, 5.0, 401)
    >>> j = 1e-3 + 0.1 * np.clip(E - 4.5, 0, None)
    >>> round(onset_by_threshold(Sweep(E, j, 1), 0.01).value, 3)
    4.6
    """
    found = {
        (background, factor): _crossing(sweep, _net(sweep, background), factor * threshold)
        for background in BACKGROUNDS
        for factor in FACTORS
    }
    return _onset(sweep, found[CENTRAL, 1.0], list(found.values()))


def onset_by_tangent(sweep: Sweep) -> Onset:
    """Extend the steepest tangent to where the current, less its background, is zero.

    Parameters
    ----------
    sweep : Sweep
        In any unit.

    Examples
    --------
    >>> E = np.linspace(3.0, 5.0, 401)
    >>> round(onset_by_tangent(Sweep(E, 1e-3 + 0.1 * np.clip(E - 4.5, 0, None), 1)).value, 3)
    4.5
    """
    found = {
        (background, width): _tangent(sweep, _net(sweep, background), width)
        for background in BACKGROUNDS
        for width in WIDTHS
    }
    return _onset(sweep, found[CENTRAL, WIDTHS[1]], list(found.values()))


def background_noise(sweep: Sweep) -> float:
    """Return the scatter of the current around its background, where that is fitted."""
    share = sweep.way <= CENTRAL[0] * sweep.way[-1]
    return float(np.std(_net(sweep, CENTRAL)[share]))


def _net(sweep: Sweep, background: tuple[float, int]) -> Array:
    share, degree = background
    start = sweep.way <= share * np.max(sweep.way)
    fitted = np.polyfit(sweep.way[start], sweep.forward[start], degree)
    return np.asarray(sweep.forward - np.polyval(fitted, sweep.way))


def _crossing(sweep: Sweep, net: Array, threshold: float) -> float | None:
    below = np.flatnonzero(net < threshold)
    last = int(below[-1]) if len(below) else -1
    peak = int(np.argmax(net))
    if net[peak] < threshold:
        return None
    # A current that peaks and falls again has its onset before the peak.
    last = int(below[below < peak][-1]) if np.any(below < peak) and last > peak else last
    if last < 0 or last + 1 >= len(net):
        return float(sweep.potential[0]) if last < 0 else None
    share = (threshold - net[last]) / (net[last + 1] - net[last])
    return float(sweep.potential[last] + share * (sweep.potential[last + 1] - sweep.potential[last]))


def _tangent(sweep: Sweep, net: Array, width: float) -> float | None:
    """Return the zero of the steepest straight line through a window; None where nothing stands out of the noise."""
    points = max(round(width * len(net)), 5)
    start = sweep.way <= CENTRAL[0] * np.max(sweep.way)
    if np.max(net) < _CLEAR * np.std(net[start]) or np.max(net) <= 0:
        return None
    best: tuple[float, float] | None = None
    for first in range(0, len(net) - points + 1, max(points // 5, 1)):
        own = slice(first, first + points)
        slope, offset = np.polyfit(sweep.way[own], net[own], 1)
        best = (float(slope), float(offset)) if best is None or slope > best[0] else best
    if best is None or best[0] <= 0:
        return None
    return float(sweep.potential[0] + sweep.direction * -best[1] / best[0])


def _onset(sweep: Sweep, central: float | None, every: list[float | None]) -> Onset:
    reached = [one for one in every if one is not None]
    if central is None or not reached:
        return Onset(None, None, None, len(every))
    low, high = min(reached), max(reached)
    complete = len(reached) == len(every)
    if sweep.direction > 0:
        return Onset(central, low, high if complete else None, len(every))
    return Onset(central, low if complete else None, high, len(every))
