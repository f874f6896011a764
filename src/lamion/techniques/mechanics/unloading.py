"""The unloading of an indentation: where it is, and the stiffness at which it begins."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.numerics.residual_correlation import block_jackknife, is_correlated, local_noise
from lamion.quantities import InputError

Array = NDArray[np.float64]
_SMALLEST = 0.03
"""Of the largest load: less is no cycle."""
_FALLEN, _RISEN = 0.6, 1.5
"""Of its peak, to which the load falls in an unloading; and times its least, from which it rises again."""
_RAMP = (0.7, 0.95)
"""Of the peak, between which the load is taken off steadily."""
_CLEAR = 8.0
"""Times the noise, which a cycle stands out by."""
_AT_PEAK = 2e-3
_EXPONENTS = np.linspace(1.0, 5.0, 81)
_FEWEST = 8
_BLOCKS = 10
_STEPS = 30


@dataclass(frozen=True)
class Cycle:
    """Where in a curve a load is held and taken off.

    Parameters
    ----------
    hold : int
        The first point at the peak's load.
    start : int
        The last point there.
    stop : int
        The point of least load behind it.
    peak : float
        The load at the peak, N.
    """

    hold: int
    start: int
    stop: int
    peak: float


def cycles(load: Array) -> list[Cycle]:
    """Find the unloadings of a curve.

    Parameters
    ----------
    load : array of float, shape (n,)
        In N, in the order of time.

    Returns
    -------
    list of Cycle
        Each time that the load falls to 60 % of a peak, which is above 3 % of the largest.

    Examples
    --------
    >>> load = np.r_[0:1:50j, 1:0:50j, 0:2:50j, 2:0:50j]
    >>> [(one.start, one.peak) for one in cycles(load)]
    [(50, 1.0), (150, 2.0)]
    """
    found: list[Cycle] = []
    if len(load) < _FEWEST:
        return found
    noise = _CLEAR * local_noise(load[None])
    least = max(_SMALLEST * float(load.max()), noise)
    if not least > 0:
        return found
    low, high = 0, 0
    falling = False
    for k in range(1, len(load)):
        if not falling:
            high = k if load[k] > load[high] else high
            falling = load[high] > least and load[k] < min(_FALLEN * load[high], load[high] - noise)
            low = k
        elif load[k] < load[low]:
            low = k
        elif load[k] > max(_RISEN * load[low], least) and load[k] - load[low] > max(_SMALLEST * load[high], noise):
            found.append(_cycle(load, found[-1].stop if found else 0, high, low))
            falling, high = False, k
    if falling:
        found.append(_cycle(load, found[-1].stop if found else 0, high, low))
    return found


def _cycle(load: Array, begin: int, high: int, low: int) -> Cycle:
    """Return the ends of the hold about a peak: as far as the load is that of the peak, but for noise."""
    part = load[begin : low + 1]
    noise = local_noise(part[None, max(0, high - begin - 20) : high - begin + 20]) if len(part) > 6 else 0.0
    near = np.flatnonzero(part >= load[high] - max(_AT_PEAK * load[high], 5.0 * noise)) + begin
    peak = float(np.median(load[near]))
    first, last = int(near[0]), int(near[-1])
    ramp = np.arange(last, low + 1)
    ramp = ramp[(load[ramp] < _RAMP[1] * peak) & (load[ramp] > _RAMP[0] * peak)]
    if len(ramp) >= 3 and (slope := float(np.polyfit(ramp - last, load[ramp], 1)[0])) < 0:
        # where the line of the unloading leaves the peak's load, which noise hides
        last = int(np.clip(ramp.mean() + (peak - load[ramp].mean()) / slope, first, last))
    held = np.arange(first, last + 1)
    return Cycle(first, last, low, float(np.median(load[held[load[held] > peak - 3.0 * noise - _AT_PEAK * peak]])))


@dataclass(frozen=True, eq=False)
class UnloadingFit:
    """A fit of an unloading.

    Parameters
    ----------
    depth : float
        At the peak's load by the fit, m.
    compliance : float
        dh/dP there, m/N.
    covariance : array, shape (2, 2)
        Of depth and compliance.
    exponent : float
        m of the power law.
    residual_depth : float
        h_f, at which the load would be zero, m.
    points : array of int
        Those that were fitted.
    residuals : array of float
        Measured less fitted depth there, m.
    freedom : int
        Degrees of freedom from which the noise was estimated.
    peak : float
        N.
    """

    depth: float
    compliance: float
    covariance: Array
    exponent: float
    residual_depth: float
    points: NDArray[np.intp]
    residuals: Array
    freedom: int
    peak: float

    @property
    def stiffness(self) -> float:
        """dP/dh at the peak's load, N/m."""
        return 1.0 / self.compliance

    def depth_at(self, load: Array) -> Array:
        """Return the fitted depth in m at loads in N."""
        share = np.clip(load / self.peak, 0.0, None)
        return self.residual_depth + (self.depth - self.residual_depth) * share ** (1.0 / self.exponent)


def fit_unloading(
    depth: Array, load: Array, cycle: Cycle, upper: float = 0.95, lower: float = 0.4, *, straight: bool = False
) -> UnloadingFit:
    r"""Fit a power law to an unloading.

    .. math:: P = B (h - h_f)^m, \qquad \frac{dh}{dP}\Big|_{P_{max}} = \frac{h_{max} - h_f}{m P_{max}}

    Parameters
    ----------
    depth, load : array of float, shape (n,)
        Of the whole curve, m and N.
    cycle : Cycle
        Where it is unloaded.
    upper, lower : float
        Which part is fitted, over the load at the peak.
    straight : bool
        Whether m is 1, as under a flat punch.

    Returns
    -------
    UnloadingFit
        The depth is fitted against the load, which is what instruments control; noise of the load counts as noise of
        the depth. Where neighbouring residuals are alike, the covariance is that of leaving out blocks of them.

    Raises
    ------
    InputError
        When the part has fewer than eight points, or its depth does not fall with the load.

    Examples
    --------
    >>> load = np.r_[0:1:200j, 1:0.1:200j]
    >>> depth = np.r_[np.sqrt(load[:200]), 0.7 + 0.3 * load[200:] ** (1 / 1.5)]
    >>> fit = fit_unloading(depth, load, cycles(load)[0])
    >>> round(fit.exponent, 3), round(fit.stiffness, 3)
    (1.5, 5.0)
    """
    inside = np.arange(cycle.start, cycle.stop + 1)
    share = load[inside] / cycle.peak
    last = int(np.argmax(share < lower)) if np.any(share < lower) else len(share)
    chosen = (share <= upper) & (np.arange(len(share)) < last)
    x = share[chosen]
    scale = float(np.ptp(depth[inside])) or 1.0
    y = depth[inside[chosen]] / scale
    if len(x) < _FEWEST or np.ptp(x) < 0.25 * (upper - lower):
        raise InputError(
            f"The unloading from {1e3 * cycle.peak:.4g} mN has {len(x)} points between {upper:g} and {lower:g} of it.",
            "The load was not taken off so far, or too fast for the sampling.",
            "Choose another part with --upper and --lower, or give a curve with more points.",
        )
    parameters, jacobian, residuals = _refined(x, y, 1.0 if straight else _start(x, y), straight=straight)
    level, rise, q = (float(one) for one in (*parameters, 1.0)[:3])
    compliance = scale * rise * q / cycle.peak
    if not (compliance > 0 and math.isfinite(compliance)):
        raise InputError(
            f"The depth does not fall while the load falls from {1e3 * cycle.peak:.4g} mN.",
            "Creep or drift outruns the recovery, or the columns are exchanged.",
            "Give a curve with a hold before its unloading, and check which column is which.",
        )
    to = scale * np.array([[1.0, 1.0, 0.0], [0.0, q / cycle.peak, rise / cycle.peak]])[:, : len(parameters)]
    return UnloadingFit(
        scale * (level + rise), compliance, to @ _covariance(jacobian, residuals) @ to.T, 1.0 / q, scale * level,
        inside[chosen], scale * residuals, len(x) - len(parameters), cycle.peak,
    )  # fmt: skip


def _linear(x: Array, y: Array, q: float) -> Array:
    power = x**q
    centred = power - power.mean()
    rise = float(centred @ y) / float(centred @ centred)
    return np.array([y.mean() - rise * power.mean(), rise])


def _start(x: Array, y: Array) -> float:
    """Return the exponent of the best line among those that are tried."""
    exponents = 1.0 / _EXPONENTS
    powers = x[None] ** exponents[:, None]
    centred = powers - powers.mean(axis=1, keepdims=True)
    explained = (centred @ (y - y.mean())) ** 2 / np.sum(centred**2, axis=1)
    return float(exponents[int(np.argmax(explained))])


def _refined(x: Array, y: Array, q: float, *, straight: bool) -> tuple[Array, Array, Array]:
    """Return level, rise and exponent by Gauss and Newton's steps, their derivatives, and what is left."""
    level, rise = _linear(x, y, q)
    parameters = np.array([level, rise] if straight else [level, rise, q])
    for _ in range(1 if straight else _STEPS):
        jacobian, residuals = _derivatives(x, y, parameters)
        step = np.linalg.lstsq(jacobian, residuals, rcond=None)[0]
        if not straight:
            q = float(np.clip(parameters[2] + step[2], 1.0 / _EXPONENTS[-1], 1.0 / _EXPONENTS[0]))
            parameters = np.array([*_linear(x, y, q), q])
            if abs(step[2]) < 1e-10:
                break
    return (parameters, *_derivatives(x, y, parameters))


def _derivatives(x: Array, y: Array, parameters: Array) -> tuple[Array, Array]:
    level, rise, q = (*parameters, 1.0)[:3]
    power = x**q
    columns = [np.ones(len(x)), power, rise * power * np.log(x)][: len(parameters)]
    return np.stack(columns, axis=1), y - level - rise * power


def _covariance(jacobian: Array, residuals: Array) -> Array:
    """Return the covariance of the parameters from the scatter of the residuals."""
    freedom = len(residuals) - jacobian.shape[1]
    inverse = np.linalg.pinv(jacobian.T @ jacobian, rcond=1e-15, hermitian=True)
    plain: Array = inverse * float(np.sum(residuals**2)) / freedom
    if not is_correlated(residuals[None]) or len(residuals) < 4 * _BLOCKS:
        return plain
    blocks = np.array_split(np.arange(len(residuals)), _BLOCKS)
    robust = block_jackknife(-jacobian, residuals, list(blocks))
    return robust if np.trace(robust) > np.trace(plain) else plain
