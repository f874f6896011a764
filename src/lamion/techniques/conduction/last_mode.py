r"""The slowest mode of a diffusion, fitted where it stands alone.

.. math:: y(t) = y_\infty + A\left(e^{-k t} + r e^{-9 k t}\right), \qquad t \ge w/k

Every profile between two electrodes ends in one exponential; where that begins depends on its own rate, so the window
and the rate are found together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.numerics.least_squares import Fit, fit

Array = NDArray[np.float64]

_LEAST_SAMPLES = 12
_ROUNDS = 50
_RATIO = 0.3


@dataclass(frozen=True, eq=False)
class LastMode:
    """The slowest mode, in the units of the data.

    Parameters
    ----------
    rate : float
        k in 1/s.
    relative_rate_error : float
        The standard error of ln k.
    amplitude, amplitude_error : float
        A at the window's start and its standard error.
    end, end_error : float
        y_inf and its standard error; zero where no end was fitted.
    drift, drift_error : float
        How fast that end moves, per s, and its standard error; zero where it stands.
    noise : float
        The standard deviation of one sample.
    start : float
        The window's start in s.
    residuals : array, shape (n,)
        What the fit leaves in the window.
    freedom : int
        Samples less parameters.
    """

    rate: float
    relative_rate_error: float
    amplitude: float
    amplitude_error: float
    end: float
    end_error: float
    drift: float
    drift_error: float
    noise: float
    start: float
    residuals: Array
    freedom: int


def fit_last_mode(
    time: Array,
    values: Array,
    *,
    window: float,
    offset: bool = True,
    third_mode: bool = False,
    drift: bool = False,
) -> LastMode | None:
    """Fit the slowest mode and the window in which it stands alone.

    Parameters
    ----------
    time : array, shape (n,)
        s, rising.
    values : array, shape (n,)
        In any unit, with noise that is independent from sample to sample; its size may change along the record.
    window : float
        w, the start of the window in time constants 1/k.
    offset : bool
        Whether the end y_inf is fitted; without it, zero.
    third_mode : bool
        Whether the rest of the mode nine times as fast is fitted too.
    drift : bool
        Whether the end, which is then fitted, moves in proportion to time.

    Returns
    -------
    LastMode or None
        None when fewer than twelve samples lie in the window, or the values do not change.

    Examples
    --------
    >>> t = np.linspace(0.0, 100.0, 201)
    >>> mode = fit_last_mode(t, 2.0 + np.exp(-t / 20.0), window=1.0)
    >>> round(mode.rate, 6), round(mode.end, 6), mode.start >= 19.5
    (0.05, 2.0, True)
    """
    if np.ptp(values) == 0.0:
        return None
    size = float(np.max(np.abs(values)))
    kept = np.ones_like(time, dtype=bool)
    start = 0.0
    found: Fit | None = None
    for _ in range(_ROUNDS):
        if int(np.sum(kept)) < _LEAST_SAMPLES:
            return None
        x, y = time[kept] - time[kept][0], values[kept] / size
        found = _fit(x, y, offset=offset, third_mode=third_mode, drift=drift)
        wanted = window / float(np.exp(found.parameters[1]))
        if abs(wanted - start) <= 0.01 * wanted or np.array_equal(time >= wanted, kept):
            break
        start = wanted if wanted > start else 0.5 * (start + wanted)
        kept = time >= start
    return (
        None
        if found is None
        else _named(found, size, float(time[kept][0]), span=float(np.ptp(time[kept])), offset=offset, drift=drift)
    )


def _fit(x: Array, y: Array, *, offset: bool, third_mode: bool, drift: bool) -> Fit:
    share = x / x[-1]

    def columns(rate: float, ratio: float) -> list[Array]:
        decay = np.exp(-rate * x)
        return [decay + ratio * decay**9, *([np.ones_like(x)] if offset else [])]

    def split(p: Array) -> tuple[float, float, float, float]:
        rest = [float(q) for q in (p[2:-1] if drift else p[2:])]
        end = rest.pop(0) if offset else 0.0
        return float(p[0]), float(np.exp(p[1])), end, rest[0] if third_mode else 0.0

    def residuals(p: Array) -> Array:
        amplitude, rate, end, ratio = split(p)
        moved = p[-1] * share if drift else 0.0
        return np.asarray(amplitude * columns(rate, ratio)[0] + end + moved - y)

    def jacobian(p: Array) -> Array:
        amplitude, rate, _, ratio = split(p)
        decay = np.exp(-rate * x)
        slope = -amplitude * rate * x * (decay + 9.0 * ratio * decay**9)
        shape = columns(rate, ratio)
        extra = [*([amplitude * decay**9] if third_mode else []), *([share] if drift else [])]
        return np.stack([shape[0], slope, *shape[1:], *extra], axis=1)

    start = _start(x, y, offset=offset)
    slowest, fastest = math.log(1e-2 / x[-1]), math.log(1e3 / x[-1])
    start = np.append(start, 0.0) if third_mode else start
    bound = np.full(len(start), np.inf)
    if third_mode:
        bound[-1] = _RATIO
    if drift:
        start, bound = np.append(start, 0.0), np.append(bound, np.inf)
    lower, upper = -bound, bound.copy()
    lower[1], upper[1] = slowest, fastest
    return fit(residuals, start, jacobian=jacobian, lower=lower, upper=upper).whatever_the_noise()


def _start(x: Array, y: Array, *, offset: bool) -> Array:
    """Return the best of a grid of rates, amplitude and end solved for exactly."""
    rates = np.geomspace(0.1, 300.0, 32) / x[-1]
    decays = np.exp(-np.outer(rates, x))
    middle, mean = (decays.mean(axis=1), float(y.mean())) if offset else (np.zeros(len(rates)), 0.0)
    centred = decays - middle[:, None]
    overlap, size = centred @ (y - mean), np.sum(centred**2, axis=1)
    best = int(np.argmax(overlap**2 / size))
    amplitude = overlap[best] / size[best]
    end = [mean - amplitude * middle[best]] if offset else []
    return np.array([amplitude, math.log(rates[best]), *end])


def _named(found: Fit, size: float, start: float, *, span: float, offset: bool, drift: bool) -> LastMode:
    p, error = found.parameters, found.standard_errors
    slope = size / span if drift else 0.0
    return LastMode(
        float(np.exp(p[1])),
        float(error[1]),
        size * float(p[0]),
        size * float(error[0]),
        size * float(p[2]) if offset else 0.0,
        size * float(error[2]) if offset else 0.0,
        slope * float(p[-1]),
        slope * float(error[-1]),
        size * found.noise,
        start,
        size * found.residuals,
        len(found.residuals) - len(p),
    )
