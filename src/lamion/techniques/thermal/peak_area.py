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
from lamion.techniques.thermal.number import Number
from lamion.techniques.thermal.peak_places import onset_of, tangent_of, top_of

Array = NDArray[np.float64]
Baseline = Literal["sigmoidal", "linear"]

_ROUNDS = 12
_BESIDE = 0.25
"""Of the peak's width, over which the lines beside it are fitted."""
_FEWEST = 8
_OUTWARDS = 0.15
"""Of the peak's width, by which each limit may as well lie further out."""
_RECTANGLE = math.sqrt(3.0)
_CLEARLY = 3.0
"""Of its own noise: what a difference of two readings is larger than where it is one of the readings."""


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
    onset, top, tangent = onset_of(T, above, growth), top_of(T, above, growth), tangent_of(T, above)
    for number, again in ((onset, onset_of(T, otherwise, growth)), (top, top_of(T, otherwise, growth))):
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
