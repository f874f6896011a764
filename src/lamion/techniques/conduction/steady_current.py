"""The steady current of a polarised cell: whether it was reached, and where it lies if it was not."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.numerics.least_squares import Fit, fit
from lamion.quantities.errors import InputError

Array = NDArray[np.float64]

_TAIL = 0.5
_LAST = 0.2
_LEAST_SAMPLES = 10
_BLOCKS = 8


@dataclass(frozen=True)
class SteadyCurrent:
    """The current at infinite time, and how the record supports it.

    Parameters
    ----------
    value : float
        A.
    std : float
        Standard error in A from the noise, longer than white noise alone would give where samples are correlated.
    model_choice_std : float
        A; from the choice between a constant and a decaying end of the record.
    drift : float
        The relative change of the current over the record's last fifth, by a straight line.
    steady : bool
        Whether the drift's size is below the threshold.
    extrapolated : bool
        Whether the value is the end of a fitted decay rather than the mean of the last half.
    time_constant : float or None
        Of that decay in s.
    """

    value: float
    std: float
    model_choice_std: float
    drift: float
    steady: bool
    extrapolated: bool
    time_constant: float | None

    @property
    def total_std(self) -> float:
        """Both uncertainties in quadrature, in A."""
        return math.hypot(self.std, self.model_choice_std)


def steady_current(time: Array, current: Array, *, threshold: float = 0.01) -> SteadyCurrent:
    r"""Find the steady current from the last half of a record.

    .. math:: I = I_s \quad\text{or}\quad I = I_s + \Delta I\, e^{-(t - t_{1/2})/\tau}

    Parameters
    ----------
    time : array, shape (n,)
        s, rising.
    current : array, shape (n,)
        A.
    threshold : float
        The largest relative change over the last fifth of the record that counts as steady.

    Returns
    -------
    SteadyCurrent

    Raises
    ------
    InputError
        When the last half holds fewer than ten samples.

    Notes
    -----
    The two are compared by AICc. One exponential describes the end of a diffusion: the next mode decays nine times
    as fast. A drift that is no decay (an interface that grows) shows in `drift`, not in the value.

    References
    ----------
    P. G. Bruce, C. A. Vincent, J. Electroanal. Chem. 225 (1987) 1, doi:10.1016/0022-0728(87)80001-3.

    Examples
    --------
    >>> t = np.linspace(0.0, 300.0, 301)
    >>> end = steady_current(t, 1e-4 + 5e-5 * np.exp(-t / 100.0))
    >>> round(end.value * 1e4, 6), end.steady, end.extrapolated
    (1.0, False, True)
    """
    kept = time >= time[0] + (1.0 - _TAIL) * (time[-1] - time[0])
    if int(np.sum(kept)) < _LEAST_SAMPLES:
        raise InputError(
            f"The last half of the polarisation holds {int(np.sum(kept))} samples, too few for a steady current.",
            "The record is short or was sampled only on change.",
            f"Record at least {_LEAST_SAMPLES} samples in the last half.",
        )
    t, tail = time[kept], current[kept]
    size = float(np.mean(np.abs(tail))) or 1.0
    x, y = (t - t[0]) / (t[-1] - t[0]), tail / size
    constant = fit(lambda p: p[0] - y, [float(np.mean(y))], jacobian=lambda p: np.ones((len(y), 1)))
    decay = _decay(x, y)
    weight = _weight(decay, constant)
    chosen, other = (decay, constant) if weight > 0.5 else (constant, decay)
    share = min(weight, 1.0 - weight)
    drift = _drift(t, tail)
    return SteadyCurrent(
        float(chosen.parameters[0]) * size,
        float(chosen.standard_errors[0]) * _correlation(chosen.residuals) * size,
        math.sqrt(share) * abs(float(chosen.parameters[0] - other.parameters[0])) * size if share > 1e-6 else 0.0,
        drift,
        abs(drift) < threshold,
        weight > 0.5,
        float(np.exp(decay.parameters[2])) * float(t[-1] - t[0]) if weight > 0.5 else None,
    )


def _decay(x: Array, y: Array) -> Fit:
    """Fit an exponential end on 0 <= x <= 1 with a time constant between 0.02 and 5."""
    trials = [_at_time_constant(x, y, tau) for tau in np.geomspace(0.03, 4.0, 24)]
    sums = [float(np.sum((_exponential(p, x) - y) ** 2)) for p in trials]
    return fit(
        lambda p: _exponential(p, x) - y,
        trials[int(np.argmin(sums))],
        jacobian=lambda p: np.stack(
            [np.ones_like(x), e := np.exp(-x / np.exp(p[2])), p[1] * e * x / np.exp(p[2])], axis=1
        ),
        lower=[-np.inf, -np.inf, math.log(0.02)],
        upper=[np.inf, np.inf, math.log(5.0)],
    )


def _exponential(parameters: Array, x: Array) -> Array:
    value: Array = parameters[0] + parameters[1] * np.exp(-x / np.exp(parameters[2]))
    return value


def _at_time_constant(x: Array, y: Array, tau: float) -> Array:
    columns = np.stack([np.ones_like(x), np.exp(-x / tau)], axis=1)
    end, size = np.linalg.lstsq(columns, y, rcond=None)[0]
    return np.array([end, size, math.log(tau)])


def _weight(decay: Fit, constant: Fit) -> float:
    """Return Akaike's weight of the decay; residuals below rounding count as none."""
    if constant.sum_of_squares <= len(constant.residuals) * 1e-24:
        return 0.0
    return 1.0 / (1.0 + math.exp(min(700.0, 0.5 * (decay.aicc - constant.aicc))))


def _correlation(residuals: Array) -> float:
    """Return by how much the error of a mean exceeds that of white noise, from the scatter of block means."""
    length = len(residuals) // _BLOCKS
    white = float(np.std(residuals))
    if length < 4 or white == 0.0:
        return 1.0
    blocks = residuals[: length * _BLOCKS].reshape(_BLOCKS, length).mean(axis=1)
    return max(1.0, float(np.std(blocks, ddof=1)) * math.sqrt(length) / white)


def _drift(time: Array, current: Array) -> float:
    """Return the relative change over the last fifth of the record, which is two fifths of its last half."""
    span = (_LAST / _TAIL) * (time[-1] - time[0])
    last = time >= time[-1] - span
    slope = np.polyfit(time[last] - time[-1], current[last], 1)[0] if np.sum(last) > 2 else 0.0
    mean = float(np.mean(current[last]))
    return float(slope) * float(span) / mean if mean else 0.0
