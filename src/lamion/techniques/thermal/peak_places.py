"""Where a peak of heat flow begins and where it is highest, from polynomials through its flank and its top."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.techniques.thermal.number import Number

Array = NDArray[np.float64]

_FLANK, _TOP = (0.2, 0.8), 0.85
"""Of the height: the flank through which the tangent runs, and the top."""
_LOPSIDED = 0.25
"""Of the distance between the top and the middle of the peak at half height: what a polynomial through the top of a
lopsided peak is off by; 0.24 where one half of a Gaussian is 2.4 times as wide as the other."""
_AVERAGED = 40
"""A peak is averaged over one part in so many of its width before its flank and top are told."""


def _smooth(above: Array) -> Array:
    wide = max(1, len(above) // _AVERAGED) | 1
    padded = np.pad(above, wide // 2, mode="edge")
    return np.asarray(np.convolve(padded, np.ones(wide) / wide, mode="valid"))


def _about(above: Array) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the rows of the flank by which the peak begins, and those of its top."""
    smooth = _smooth(above)
    peak = int(np.argmax(smooth))
    height = smooth[peak]
    low = np.flatnonzero(smooth[:peak] < _FLANK[0] * height)
    high = np.flatnonzero(smooth[:peak] < _FLANK[1] * height)
    begin, end = (int(part[-1]) + 1 if len(part) else 0 for part in (low, high))
    before = np.flatnonzero(smooth[:peak] < _TOP * height)
    after = np.flatnonzero(smooth[peak:] < _TOP * height)
    top = np.arange(before[-1] + 1 if len(before) else 0, peak + after[0] if len(after) else len(smooth))
    return _at_least(begin, end + 1, len(above)), _at_least(int(top[0]), int(top[-1]) + 1, len(above))


def _at_least(begin: int, end: int, count: int, fewest: int = 7) -> NDArray[np.intp]:
    lacking = max(0, fewest - (end - begin))
    return np.arange(max(0, begin - (lacking + 1) // 2), min(count, end + (lacking + 1) // 2))


@dataclass(frozen=True, eq=False)
class _Cubic:
    """A polynomial of the third degree about a place, with the covariance of its coefficients."""

    at: float
    size: float
    coefficients: Array
    covariance: Array


def _cubic(T: Array, y: Array, growth: float = 1.0) -> _Cubic:
    at, size = float(T.mean()), float(np.ptp(T)) / 2 or 1.0
    design = np.vander((T - at) / size, 4, increasing=True)
    pseudo = np.linalg.pinv(design)
    left = y - design @ (pseudo @ y)
    variance = growth * float(np.sum(left**2)) / max(len(y) - 4, 1)
    return _Cubic(at, size, pseudo @ y, variance * pseudo @ pseudo.T)


def _steepest(cubic: _Cubic) -> float:
    """Return where within its points the polynomial is steepest, in its own unit."""
    _, _, c2, c3 = cubic.coefficients
    inside = -c2 / (3 * c3) if c3 else 0.0
    places = [place for place in (inside, -1.0, 1.0) if abs(place) <= 1.0]
    return max(places, key=lambda place: abs(_slope(cubic, place)))


def _slope(cubic: _Cubic, place: float) -> float:
    _, c1, c2, c3 = cubic.coefficients
    return float(c1 + 2 * c2 * place + 3 * c3 * place**2)


def _value(cubic: _Cubic, place: float) -> float:
    return float(np.polynomial.polynomial.polyval(place, cubic.coefficients))


def _foot(cubic: _Cubic) -> Number:
    """Return where the tangent at the steepest place meets zero; to first order that place itself does not move it."""
    u = _steepest(cubic)
    value, slope = _value(cubic, u), _slope(cubic, u)
    basis, along = np.array([1.0, u, u**2, u**3]), np.array([0.0, 1.0, 2 * u, 3 * u**2])
    moved = cubic.size * (value / slope**2 * along - basis / slope)
    noise = math.sqrt(max(float(moved @ cubic.covariance @ moved), 0.0))
    return Number(cubic.at + cubic.size * (u - value / slope), {"noise": noise})


def onset_of(T: Array, above: Array, growth: float = 1.0) -> Number:
    """Return where the steepest tangent of the flank by which a peak begins meets its baseline.

    Parameters
    ----------
    T, above : array, shape (n,)
        K, and the heat flow above the baseline, positive, in the order of the run.
    growth : float
        By how much the variance of a sum grows as neighbours share their noise.
    """
    flank, _ = _about(above)
    return _foot(_cubic(T[flank], above[flank], growth))


def tangent_of(T: Array, above: Array) -> tuple[float, float, float]:
    """Return that tangent: its slope, and a temperature and a height through which it goes."""
    flank, _ = _about(above)
    cubic = _cubic(T[flank], above[flank])
    place = _steepest(cubic)
    return _slope(cubic, place) / cubic.size, cubic.at + cubic.size * place, _value(cubic, place)


_NEARLY = 1e-9


def _highest(cubic: _Cubic) -> Number:
    """Return where within its points the polynomial is highest."""
    _, c1, c2, c3 = cubic.coefficients.tolist()
    root = math.sqrt(max(c2**2 - 3 * c1 * c3, 0.0))
    straight = abs(c3) < _NEARLY * abs(c2)
    places = [-c1 / (2 * c2)] if straight else [(-c2 + root) / (3 * c3), (-c2 - root) / (3 * c3)]
    u = max((place for place in (*places, -1.0, 1.0) if abs(place) <= 1.0), key=lambda place: _value(cubic, place))
    bent = 2 * c2 + 6 * c3 * u
    along = np.array([0.0, 1.0, 2 * u, 3 * u**2]) / (bent if abs(bent) > _NEARLY * abs(c1) else 1.0)
    noise = math.sqrt(max(float(along @ cubic.covariance @ along), 0.0))
    return Number(cubic.at + cubic.size * u, {"noise": cubic.size * noise})


def top_of(T: Array, above: Array, growth: float = 1.0) -> Number:
    """Return where a peak is highest; a lopsided one has an uncertainty of its ``shape`` besides that of its noise.

    Parameters
    ----------
    T, above, growth
        As for :func:`onset_of`.
    """
    _, top = _about(above)
    found = _highest(_cubic(T[top], above[top], growth))
    smooth = _smooth(above)
    peak = int(np.argmax(smooth))
    half = 0.5 * smooth[peak]
    before, after = np.flatnonzero(smooth[:peak] < half), peak + np.flatnonzero(smooth[peak:] < half)
    ends = [_crossing(T, smooth, int(before[-1]), half) if len(before) else float(T[0]),
            _crossing(T, smooth, int(after[0]) - 1, half) if len(after) else float(T[-1])]  # fmt: skip
    return Number(found.value, found.parts | {"shape": _LOPSIDED * abs(0.5 * sum(ends) - found.value)})


def _crossing(T: Array, y: Array, row: int, level: float) -> float:
    """Return where a line from a row to the next one crosses a level."""
    part = (level - y[row]) / (y[row + 1] - y[row])
    return float(T[row] + part * (T[row + 1] - T[row]))
