"""The steady current of a polarised cell: whether it was reached, and where it lies if it was not."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.quantities.errors import InputError
from lamion.techniques.conduction.last_mode import LastMode, fit_last_mode

Array = NDArray[np.float64]

_TAIL = 0.5
_LAST = 0.2
_LEAST_SAMPLES = 10
_LEAST_FOR_A_LINE = 4
_BLOCKS = 8
_CORRELATED = 1.42
_SEEN = 3.0
_HIGHEST = 4
_LEFT = 0.3


@dataclass(frozen=True)
class SteadyCurrent:
    """The current at the end, and how the record supports it.

    Parameters
    ----------
    value : float
        A.
    std : float
        Standard error in A from the noise, longer than white noise alone would give where samples are correlated.
    drift : float
        The relative change of the current over the record's last fifth, by a straight line.
    drift_std : float
        Its standard error.
    steady : bool
        Whether the drift's size is below the threshold.
    extrapolated : bool
        Whether the value is the end of a fitted decay rather than the current at the end of the record.
    time_constant : float or None
        Of that decay in s.
    """

    value: float
    std: float
    drift: float
    drift_std: float
    steady: bool
    extrapolated: bool
    time_constant: float | None


def steady_current(time: Array, current: Array, *, threshold: float = 0.01) -> SteadyCurrent:
    r"""Find the steady current of a record.

    .. math:: I = I_s + \Delta I\, e^{-t/\tau}, \qquad t \ge \tau

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
    Where what is left of the decay in the middle of the record is below a third of the noise of its end, the current at
    the end of the record is the answer, where the resistances at steady state are measured; else the end of the decay
    is. After one time constant the next mode of a diffusion
    is below 1e-4 of the first. A drift that is no decay (an interface that grows) shows in `drift`, and is followed to
    the end by a parabola.

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
    drift, drift_std = _drift(time[kept], current[kept])
    steady = abs(drift) < threshold
    mode = fit_last_mode(time, current, window=1.0)
    if mode is None or not _still_decays(mode, float(time[kept][0])):
        value, error = _at_the_end(time[kept], current[kept])
        return SteadyCurrent(value, error, drift, drift_std, steady, extrapolated=False, time_constant=None)
    return SteadyCurrent(
        mode.end,
        mode.end_error * _correlation(mode.residuals),
        drift,
        drift_std,
        steady,
        extrapolated=True,
        time_constant=1.0 / mode.rate,
    )


def _at_the_end(time: Array, current: Array) -> tuple[float, float]:
    """Return the current at the end of the record and its error, by a parabola or what the last half needs."""
    found = _polynomial(time, current, 2)
    for degree in range(3, _HIGHEST + 1):
        further = _polynomial(time, current, degree)
        if abs(further[-1][0]) <= _SEEN * further[-1][1]:
            break
        found = further
    return found[0]


def _polynomial(time: Array, current: Array, degree: int) -> list[tuple[float, float]]:
    """Return the coefficients of a polynomial about the end, the constant first, with their standard errors."""
    x = (time - time[-1]) / (time[-1] - time[0])
    columns = x[:, None] ** np.arange(degree + 1)
    inverse = np.linalg.inv(columns.T @ columns)
    found = inverse @ (columns.T @ current)
    rest = current - columns @ found
    noise = math.sqrt(float(rest @ rest) / max(len(rest) - degree - 1, 1)) * _correlation(rest)
    return [(float(p), noise * math.sqrt(float(v))) for p, v in zip(found, np.diag(inverse), strict=True)]


def _still_decays(mode: LastMode, middle: float) -> bool:
    """Tell whether a decay is seen at all, and still in the middle of the record."""
    if abs(mode.amplitude) < _SEEN * mode.amplitude_error or not mode.relative_rate_error < 1.0:
        return False
    left = abs(mode.amplitude) * math.exp(-mode.rate * max(0.0, middle - mode.start))
    return left > _LEFT * mode.end_error


def _correlation(residuals: Array) -> float:
    """Return by how much the error of a mean exceeds that of white noise; 1 where block means do not show it."""
    length = len(residuals) // _BLOCKS
    white = float(np.std(residuals))
    if length < 4 or white == 0.0:
        return 1.0
    blocks = residuals[: length * _BLOCKS].reshape(_BLOCKS, length).mean(axis=1)
    excess = float(np.std(blocks, ddof=1)) * math.sqrt(length) / white
    return excess if excess > _CORRELATED else 1.0


def _drift(time: Array, current: Array) -> tuple[float, float]:
    """Return the relative change over the last fifth of the record, two fifths of its last half, and its error."""
    last = time >= time[-1] - (_LAST / _TAIL) * (time[-1] - time[0])
    if np.sum(last) < _LEAST_FOR_A_LINE or not (mean := float(np.mean(current[last]))):
        return 0.0, 0.0
    change, error = _polynomial(time[last], current[last], 1)[1]
    return change / mean, error / abs(mean)
