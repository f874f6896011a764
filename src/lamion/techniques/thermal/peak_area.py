r"""A peak of heat flow: its enthalpy over a baseline, its onset and its top.

Two straight lines fitted beside the peak, L in front of it and R behind, make the baseline, straight from one to the
other or moving over with the share alpha of the peak that has passed:

.. math:: b(t) = (1 - \alpha) L(t) + \alpha R(t), \qquad
    \alpha(t) = \frac{\int_{t_1}^{t} (q - b)\, dt'}{\int_{t_1}^{t_2} (q - b)\, dt'}

The enthalpy is a sum of the measured points with known factors, so that the noise of each, and the noise of the
difference of two readings, follow exactly.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lamion.numerics.residual_correlation import variance_growth
from lamion.quantities import InputError
from lamion.quantities.constants import ZERO_CELSIUS

Array = NDArray[np.float64]
Baseline = Literal["sigmoidal", "linear"]

_ROUNDS = 12
_BESIDE = 0.25
"""Of the peak's width, over which the lines beside it are fitted."""
_FEWEST = 8
_OUTWARDS = 0.15
"""Of the peak's width, by which each limit may as well lie further out."""
_FLANK, _TOP = (0.2, 0.8), 0.85
"""Of the height: the flank through which the tangent runs, and the top."""
_LOPSIDED = 0.25
"""Of the distance between the top and the middle of the peak at half height: what a polynomial through the top of a
lopsided peak is off by; 0.24 where one half of a Gaussian is 2.4 times as wide as the other."""
_AVERAGED = 40
"""A peak is averaged over one part in so many of its width before its flank and top are told."""
_RECTANGLE = math.sqrt(3.0)
_CLEARLY = 3.0
"""Of its own noise: what a difference of two readings is larger than where it is one of the readings."""


@dataclass(frozen=True)
class Number:
    """A value with the parts of its standard uncertainty.

    Parameters
    ----------
    value : float
        In SI.
    parts : dict of str to float
        By what they come from.
    """

    value: float
    parts: dict[str, float]

    @property
    def std(self) -> float:
        """All parts in quadrature."""
        return math.sqrt(sum(part**2 for part in self.parts.values()))


@dataclass(frozen=True, eq=False)
class Peak:
    """What a peak of heat flow says.

    Parameters
    ----------
    enthalpy : Number
        J/kg, positive where heat is taken up.
    onset, top : Number
        K.
    baseline : array
        Of the rows between the limits, W/kg.
    rows : slice
        Between the limits.
    noise : float
        Of one point, W/kg.
    tangent : tuple of float
        Slope in W/(kg K) and a point (K, W/kg) of the tangent of the flank.
    onset_level : float
        W/kg, of the baseline at the onset.
    """

    enthalpy: Number
    onset: Number
    top: Number
    baseline: Array
    rows: slice
    noise: float
    tangent: tuple[float, float, float]
    onset_level: float


@dataclass(frozen=True, eq=False)
class _Reading:
    """One choice of limits and baseline: the factors of every point, the baseline and its lines."""

    factors: Array
    baseline: Array
    first: int
    last: int
    enthalpy: float


def peak_raw(time: Array, temperature: Array, heat: Array, low: float, high: float, baseline: Baseline) -> Peak:
    r"""Read a peak of heat flow between two limits.

    .. math:: \Delta H = \int_{t_1}^{t_2} (q - b)\, dt, \qquad T_{on} = T_i - \frac{q_i - b_i}{(dq/dT)_i}

    with the tangent at the steepest place i of the flank by which it begins.

    Parameters
    ----------
    time, temperature, heat : array, shape (n,)
        Of one ramp: s, K, and the heat flow over the mass in W/kg, positive where it is taken up.
    low, high : float
        K, the limits.
    baseline : str
        ``"sigmoidal"`` or ``"linear"``.

    Returns
    -------
    Peak
        Each number with its parts: ``noise`` (of the points, correlation of neighbours counted), ``baseline`` (the
        other baseline, as far as it differs by more than its noise; a rectangle) and ``limits`` (each limit further out
        by 15 % of the width, in the same way).

    Raises
    ------
    InputError
        When there are too few points between the limits, or beside them.

    References
    ----------
    W. F. Hemminger, S. M. Sarge, J. Therm. Anal. 37 (1991) 1455, doi:10.1007/BF01913481.

    Examples
    --------
    >>> t = np.arange(0.0, 600.0, 1.0)
    >>> T, rng = 280.0 + t / 6.0, np.random.default_rng(1)
    >>> q = 100.0 * np.exp(-(((T - 330.0) / 3.0) ** 2) / 2) + rng.normal(0.0, 0.5, len(t))
    >>> peak = peak_raw(t, T, q, 315.0, 345.0, "sigmoidal")
    >>> round(peak.enthalpy.value / 1000.0, 1), round(peak.top.value), round(peak.onset.value)
    (4.5, 330, 324)
    """
    first, last = _limits(temperature, low, high)
    own = _reading(time, heat, first, last, baseline)
    other = _reading(time, heat, first, last, "linear" if baseline == "sigmoidal" else "sigmoidal")
    noise, growth = _noise(time, heat, first, last)
    grown = noise * math.sqrt(growth)
    parts = {
        "noise": grown * float(np.linalg.norm(own.factors)),
        "baseline": _beyond_noise(own, other, grown),
        "limits": math.hypot(*(_beyond_noise(own, one, grown) for one in _further_out(time, heat, own, baseline))),
    }
    above = (heat[first : last + 1] - own.baseline) * (1.0 if own.enthalpy >= 0 else -1.0)
    otherwise = (heat[first : last + 1] - other.baseline) * (1.0 if own.enthalpy >= 0 else -1.0)
    rows = slice(first, last + 1)
    T = temperature[rows]
    onset, top, tangent = _onset(T, above, growth), _top(T, above, growth), _tangent(T, above)
    for number, again in ((onset, _onset(T, otherwise, growth)), (top, _top(T, otherwise, growth))):
        apart = abs(again.value - number.value)
        number.parts["baseline"] = apart / _RECTANGLE if apart > _CLEARLY * number.parts["noise"] else 0.0
    order = np.argsort(T)
    level = float(np.interp(onset.value, T[order], own.baseline[order]))
    at = float(np.interp(onset.value, T[order], time[rows][order]))
    onset.parts["noise"] = math.hypot(
        onset.parts["noise"], grown * _line_error(time, own, at, baseline) / abs(tangent[0])
    )
    return Peak(Number(own.enthalpy, parts), onset, top, own.baseline, rows, noise, tangent, level)


def _limits(temperature: Array, low: float, high: float) -> tuple[int, int]:
    """Return the first and the last row between the limits, with room beside them."""
    inside = np.flatnonzero((temperature >= low) & (temperature <= high))
    if len(inside) < 3 * _FEWEST:
        raise _refused(low, high, f"Between them are {len(inside)} points.", "Give wider limits.")
    first, last = int(inside[0]), int(inside[-1])
    before, after = first, len(temperature) - 1 - last
    if min(before, after) < _FEWEST:
        side = "front of" if before < after else "behind"
        raise _refused(low, high, f"There are {min(before, after)} points in {side} the peak.",
                       "Give limits with a piece of baseline on both sides, or measure further.")  # fmt: skip
    return first, last


def _refused(low: float, high: float, cause: str, remedy: str) -> InputError:
    ends = f"{low - ZERO_CELSIUS:.4g} and {high - ZERO_CELSIUS:.4g} degC"
    return InputError(f"A peak between {ends} cannot be read.", cause, remedy)


def _windows(count: int, first: int, last: int) -> tuple[slice, slice]:
    """Return the rows beside a peak to which the lines are fitted."""
    wide = max(_FEWEST, round(_BESIDE * (last - first)))
    return slice(max(0, first - wide), first + 1), slice(last, min(count, last + wide + 1))


def _reading(time: Array, heat: Array, first: int, last: int, baseline: Baseline) -> _Reading:
    left, right = _windows(len(heat), first, last)
    t = time[first : last + 1]
    pseudo = [np.linalg.pinv(np.stack([np.ones(w.stop - w.start), time[w] - at], axis=1)) for w, at in
              ((left, t[0]), (right, t[-1]))]  # fmt: skip
    lines = [pseudo[0] @ heat[left], pseudo[1] @ heat[right]]
    straight = [line[0] + line[1] * (t - at) for line, at in zip(lines, (t[0], t[-1]), strict=True)]
    weights = np.gradient(t)
    weights[0], weights[-1] = 0.5 * (t[1] - t[0]), 0.5 * (t[-1] - t[-2])
    share = (t - t[0]) / (t[-1] - t[0])
    slopes = baseline == "sigmoidal"
    b = lines[0][0] * (1 - share) + lines[1][0] * share
    for _ in range(_ROUNDS if slopes else 0):
        passed = np.cumsum(weights * (heat[first : last + 1] - b))
        share = np.clip(passed / passed[-1], 0.0, 1.0) if passed[-1] else share
        b = (1 - share) * straight[0] + share * straight[1]
    factors = np.zeros(len(heat))
    factors[first : last + 1] += weights
    for window, inverse, part, at in ((left, pseudo[0], 1 - share, t[0]), (right, pseudo[1], share, t[-1])):
        moved = np.array([np.sum(weights * part), np.sum(weights * part * (t - at)) if slopes else 0.0])
        factors[window] -= moved @ inverse
    return _Reading(factors, b, first, last, float(factors @ heat))


def _line_error(time: Array, own: _Reading, at: float, baseline: Baseline) -> float:
    """Return the factor from a point's noise to that of the baseline, at a time in the first part of the peak."""
    windows, ends = _windows(len(time), own.first, own.last), (time[own.first], time[own.last])
    if baseline == "sigmoidal":
        return _extrapolated(time[windows[0]], at)
    share = (at - ends[0]) / (ends[1] - ends[0])
    errors = [_extrapolated(time[window], end) for window, end in zip(windows, ends, strict=True)]
    return math.hypot((1 - share) * errors[0], share * errors[1])


def _extrapolated(time: Array, at: float) -> float:
    """Return the factor from a point's noise to that of a line through some points, at any time."""
    return float(np.linalg.norm(np.linalg.pinv(np.stack([np.ones(len(time)), time - at], axis=1))[0]))


def _noise(time: Array, heat: Array, first: int, last: int) -> tuple[float, float]:
    """Return the noise of a point beside the peak, and how much the variance of a sum grows as neighbours share it."""
    left = []
    for window in _windows(len(heat), first, last):
        fit = np.polyfit(time[window] - time[window][0], heat[window], 1)
        left.append(heat[window] - np.polyval(fit, time[window] - time[window][0]))
    short, count = min(map(len, left)), sum(map(len, left))
    grown = variance_growth(np.stack([left[0][-short:], left[1][:short]]))
    # Noise that neighbours share is taken along by the fitted lines: they cost as many points as are one of it.
    freedom = max(count - 4.0 * grown, 0.25 * count)
    return math.sqrt(sum(float(np.sum(one**2)) for one in left) / freedom), grown


def _beyond_noise(one: _Reading, other: _Reading, noise: float) -> float:
    """Return a rectangle's standard deviation for two readings, where noise alone does not set them so far apart."""
    apart = (one.enthalpy - other.enthalpy) ** 2
    expected = noise**2 * float(np.sum((one.factors - other.factors) ** 2))
    return math.sqrt(apart - expected) / _RECTANGLE if apart > _CLEARLY**2 * expected else 0.0


def _further_out(time: Array, heat: Array, own: _Reading, baseline: Baseline) -> list[_Reading]:
    step = max(1, round(_OUTWARDS * (own.last - own.first)))
    found = []
    for before, after in ((step, 0), (0, step)):
        first, last = own.first - before, own.last + after
        if first >= _FEWEST and len(heat) - 1 - last >= _FEWEST:
            found.append(_reading(time, heat, first, last, baseline))
    return found


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


def _onset(T: Array, above: Array, growth: float) -> Number:
    flank, _ = _about(above)
    return _foot(_cubic(T[flank], above[flank], growth))


def _tangent(T: Array, above: Array) -> tuple[float, float, float]:
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


def _top(T: Array, above: Array, growth: float) -> Number:
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
