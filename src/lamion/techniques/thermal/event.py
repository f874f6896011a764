"""Where in a ramp a peak of heat flow is, for who does not say its limits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import InputError

Array = NDArray[np.float64]
_GRID = 600
_BEGIN, _END = 0.06, 0.02
"""Of a ramp: what the instrument takes to follow it, and to leave it."""
_ROUNDS = 25
_ROBUST = 4.685
"""Tukey's constant."""
_CLEAR = 8.0
_STANDS_OUT, _TAIL = 3.0, 0.01
"""Of the noise and of the height: where a peak ends."""
_MARGIN = 0.4
"""Of what stands out, to either side."""


@dataclass(frozen=True)
class Event:
    """The limits of a peak.

    Parameters
    ----------
    low, high : float
        K.
    """

    low: float
    high: float


def largest_event(temperature: Array, heat: Array, low: float | None = None, high: float | None = None) -> Event:
    """Find the largest peak of a ramp over a curved line that most of the ramp follows.

    Parameters
    ----------
    temperature, heat : array, shape (n,)
        Of one ramp: K, and the heat flow in any unit.
    low, high : float, optional
        K: the part of the ramp that is looked at.

    Raises
    ------
    InputError
        When no peak stands out of the noise eightfold.

    Examples
    --------
    >>> T = np.linspace(250.0, 400.0, 900)
    >>> q = 5.0 + 0.01 * T + 50.0 * np.exp(-(((T - 330.0) / 4.0) ** 2) / 2)
    >>> event = largest_event(T, q + np.random.default_rng(1).normal(0.0, 0.3, len(T)))
    >>> 305 < event.low < 320 < 340 < event.high < 355
    True
    """
    order = np.argsort(temperature)
    begin, end = float(temperature.min()), float(temperature.max())
    first, last = (_BEGIN, _END) if temperature[0] < temperature[-1] else (_END, _BEGIN)
    begin, end = begin + first * (end - begin), end - last * (end - begin)
    edges = np.linspace(max(begin, low or begin), min(end, high or end), min(_GRID, len(order) // 3) + 1)
    x = 0.5 * (edges[1:] + edges[:-1])
    y = np.interp(x, temperature[order], _averaged(heat[order], len(order) // len(x)))
    u = np.linspace(-1.0, 1.0, len(x))
    left = y - np.polynomial.polynomial.polyval(u, _robust(u, y))
    noise = 1.4826 * float(np.median(np.abs(left - np.median(left))))
    peak = int(np.argmax(np.abs(left)))
    height = abs(left[peak])
    if height < _CLEAR * noise or not height:
        raise InputError(
            "No peak stands out of the noise of the ramp.",
            f"The largest deviation is {height / noise if noise else 0.0:.1f} times the noise.",
            "Say where it is: --low and --high, its limits.",
        )
    rows = _reach(left * np.sign(left[peak]), peak, max(_STANDS_OUT * noise, _TAIL * height))
    margin = _MARGIN * (x[rows[1]] - x[rows[0]])
    return Event(float(max(x[rows[0]] - margin, edges[0])), float(min(x[rows[1]] + margin, edges[-1])))


def _averaged(values: Array, wide: int) -> Array:
    wide = max(1, wide) | 1
    return np.asarray(np.convolve(np.pad(values, wide // 2, mode="edge"), np.ones(wide) / wide, mode="valid"))


def _robust(u: Array, y: Array) -> Array:
    """Return a parabola that points far from it do not move (Tukey's weights)."""
    design = np.vander(u, 3, increasing=True)
    weight = np.ones(len(u))
    found = np.zeros(3)
    for _ in range(_ROUNDS):
        root = np.sqrt(weight)
        found[:] = np.linalg.lstsq(design * root[:, None], y * root, rcond=None)[0]
        left = y - design @ found
        size = 1.4826 * float(np.median(np.abs(left))) or 1.0
        weight = np.clip(1.0 - (left / (_ROBUST * size)) ** 2, 0.0, None) ** 2 + 1e-9
    return found


def _reach(above: Array, peak: int, level: float) -> tuple[int, int]:
    before = np.flatnonzero(above[:peak] < level)
    after = np.flatnonzero(above[peak:] < level)
    return (int(before[-1]) if len(before) else 0), (peak + int(after[0]) if len(after) else len(above) - 1)
