r"""The peaks of a distribution of relaxation times: which are real, how large they are, how sure that is.

A maximum counts when the valley beside it, its area and its place stand out of their uncertainties. Peaks overlap, and
smoothing widens them; so their resistances and times are those of as many Cole-Cole relaxations,

.. math:: \frac{R}{1 + (j\omega\tau)^n},

fitted to the spectrum from where the peaks are, when these describe it as well as the distribution does.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.numerics.complex_least_squares import covariance_with_misfit, fit_complex
from lamion.numerics.least_squares import Fit
from lamion.techniques.impedance.drt_tikhonov import Distribution

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

_DIP = 2.0
_AREA = 2.0
_SMALLEST_SHARE = 0.03
_AS_WELL = 1.25
_RIPPLE = 0.15
_MOVED = 1.5
_EXPONENT_RANGE = (0.3, 1.2)
_START_EXPONENT = 0.9


@dataclass(frozen=True)
class RelaxationPeak:
    """One peak.

    Parameters
    ----------
    time : float
        Its time constant in s.
    log_time_std : float
        Standard uncertainty of ln tau.
    resistance, resistance_std : float
        Its area in ohm.
    exponent, exponent_std : float or None
        n of the Cole-Cole relaxation; None where the distribution's own area and top are given.
    """

    time: float
    log_time_std: float
    resistance: float
    resistance_std: float
    exponent: float | None = None
    exponent_std: float | None = None


@dataclass(frozen=True)
class RelaxationPeaks:
    """The peaks of a distribution, the fastest first.

    Parameters
    ----------
    peaks : tuple of RelaxationPeak
    polarisation_resistance, polarisation_resistance_std : float
        Their resistances together; the whole area when the relaxations were not taken and there is no tail; in ohm.
    series_resistance, series_resistance_std : float
        Of the same model as the peaks; of the distribution, what lies beyond the highest frequency is its uncertainty.
    from_relaxations : bool
        Whether the values are those of fitted relaxations.
    """

    peaks: tuple[RelaxationPeak, ...]
    polarisation_resistance: float
    polarisation_resistance_std: float
    series_resistance: float
    series_resistance_std: float
    from_relaxations: bool


def find_peaks(found: Distribution) -> RelaxationPeaks:
    """Find the peaks of a distribution and their resistances.

    Parameters
    ----------
    found : Distribution

    Returns
    -------
    RelaxationPeaks
        A maximum is a peak when its valleys are deeper than twice the uncertainty of the difference, its area exceeds
        twice its uncertainty and 3 % of the modulus at 1/tau (and of the
        whole where there is no tail), and it lies within the spectrum's time constants.

    Notes
    -----
    The relaxations' uncertainties come from their fit's covariance (widened where its residuals are correlated) and
    assume that each peak is a Cole-Cole relaxation. Otherwise the posterior covariance of the distribution is given,
    with the area that an overlap of one e-fold at each valley could move.

    References
    ----------
    K. S. Cole, R. H. Cole, J. Chem. Phys. 9 (1941) 341, doi:10.1063/1.1750906.

    Examples
    --------
    >>> from lamion.techniques.impedance.drt_tikhonov import relaxation_times_raw
    >>> s = 2j * np.pi * np.logspace(-1, 5, 61)
    >>> z = 10 + 50 / (1 + (s * 1e-4) ** 0.9) + 20 / (1 + (s * 1e-1) ** 0.85)
    >>> peaks = find_peaks(relaxation_times_raw(s.imag / (2 * np.pi), z)).peaks
    >>> [(round(peak.resistance, 3), round(peak.time, 7)) for peak in peaks]
    [(50.0, 0.0001), (20.0, 0.1)]
    """
    basins = _basins(found)
    plain = tuple(_from_distribution(found, basin) for basin in basins)
    for trial in (plain, _without_smallest(plain)):
        refined = _from_relaxations(found, trial) if trial else None
        if refined is not None:
            return refined
    area, std = found.polarisation_resistance, found.step * math.sqrt(max(float(found.covariance.sum()), 0.0))
    if found.tail is not None:
        area = sum(peak.resistance for peak in plain)
        std = math.sqrt(sum(peak.resistance_std**2 for peak in plain))
    return RelaxationPeaks(
        plain, area, std, found.series_resistance, _beyond_the_highest(found), from_relaxations=False
    )


def _beyond_the_highest(found: Distribution) -> float:
    """Return the part of the distribution faster than the spectrum, which nothing tells from a resistance, in ohm."""
    fastest = 1.0 / (2.0 * math.pi * float(found.points.frequency[-1]))
    return float(found.gamma[found.time_constants < fastest].sum() * found.step)


def _without_smallest(plain: tuple[RelaxationPeak, ...]) -> tuple[RelaxationPeak, ...]:
    """Leave out the smallest peak where it may be a ripple of the grid beside a sharp one."""
    smallest = min((peak.resistance for peak in plain), default=0.0)
    if len(plain) < 2 or smallest > _RIPPLE * max(peak.resistance for peak in plain):
        return ()
    return tuple(peak for peak in plain if peak.resistance != smallest)


@dataclass(frozen=True)
class _Basin:
    """A maximum between two valleys."""

    top: int
    first: int
    end: int


def _basins(found: Distribution) -> list[_Basin]:
    gamma = found.gamma
    tops = _tops(gamma)
    while len(tops) > 1:
        depth, shallow = min(_dip(found, left, right) for left, right in itertools.pairwise(tops))
        if depth >= _DIP:
            break
        tops.remove(shallow)
    valleys = [a + int(np.argmin(gamma[a : b + 1])) for a, b in itertools.pairwise(tops)]
    edges = [0, *valleys, len(gamma)]
    basins = [_Basin(top, edges[i], edges[i + 1]) for i, top in enumerate(tops)]
    return [basin for basin in basins if _counts(found, basin)]


def _tops(gamma: Array) -> list[int]:
    padded = np.concatenate([[0.0], gamma, [0.0]])
    inner = padded[1:-1]
    return [int(i) for i in np.flatnonzero((inner > padded[:-2]) & (inner >= padded[2:]))]


def _dip(found: Distribution, left: int, right: int) -> tuple[float, int]:
    """Return the depth of the valley below the lower of two tops in its uncertainties, and that top."""
    gamma, covariance = found.gamma, found.covariance
    valley = left + int(np.argmin(gamma[left : right + 1]))
    top = left if gamma[left] < gamma[right] else right
    variance = covariance[top, top] + covariance[valley, valley] - 2.0 * covariance[top, valley]
    depth = float(gamma[top] - gamma[valley])
    return depth / math.sqrt(max(float(variance), 1e-30 * float(gamma.max()) ** 2)), top


def _counts(found: Distribution, basin: _Basin) -> bool:
    area, std = _area(found, basin)
    tau = float(found.time_constants[basin.top])
    omega = 2.0 * math.pi * found.points.frequency
    modulus = float(np.interp(-math.log(tau), np.log(omega), found.points.modulus))
    whole = found.polarisation_resistance if found.tail is None else 0.0
    inside = 1.0 / omega[-1] <= tau * math.exp(found.step) and tau * math.exp(-found.step) <= 1.0 / omega[0]
    inside = inside and 1 < basin.top < len(found.gamma) - 2
    return inside and area > _AREA * std and area > _SMALLEST_SHARE * max(modulus, whole)


def _area(found: Distribution, basin: _Basin) -> tuple[float, float]:
    part = slice(basin.first, basin.end)
    variance = max(float(found.covariance[part, part].sum()), 0.0)
    return float(found.gamma[part].sum() * found.step), found.step * math.sqrt(variance)


def _from_distribution(found: Distribution, basin: _Basin) -> RelaxationPeak:
    area, std = _area(found, basin)
    last = len(found.gamma) - 1
    shared = [found.gamma[edge] for edge in (basin.first, min(basin.end, last)) if 0 < edge < last]
    top = min(max(basin.top, 1), last - 1)
    slope = 0.5 * (found.gamma[top + 1] - found.gamma[top - 1])
    bend = found.gamma[top + 1] - 2.0 * found.gamma[top] + found.gamma[top - 1]
    around = found.covariance[np.ix_([top - 1, top + 1], [top - 1, top + 1])]
    slope_std = 0.5 * math.sqrt(max(float(around[0, 0] + around[1, 1] - 2.0 * around[0, 1]), 0.0))
    shift = float(np.clip(-slope / bend, -1.0, 1.0)) if bend < 0 else 0.0
    spread = min(slope_std / -float(bend), 5.0 / found.step) if bend < 0 else 1.0
    time = float(found.time_constants[top]) * math.exp(shift * found.step)
    return RelaxationPeak(time, spread * found.step, area, math.hypot(std, *map(float, shared)))


def _from_relaxations(found: Distribution, plain: tuple[RelaxationPeak, ...]) -> RelaxationPeaks | None:
    """Fit a Cole-Cole relaxation per peak; None where that does not describe the spectrum as the distribution does."""
    relaxations = _Relaxations(found, len(plain), inductive=found.inductance > 0.0)
    if 2 * len(found.points) <= relaxations.count + 2:
        return None
    fitted = relaxations.fit(plain)
    if relaxations.inductive and fitted.parameters[3 * len(plain) + 1] < 0:
        relaxations = _Relaxations(found, len(plain), inductive=False)
        fitted = relaxations.fit(plain)
    if not (fitted.converged and np.isfinite(fitted.covariance).all()) or not _as_well(found, fitted):
        return None
    covariance = covariance_with_misfit(fitted)
    peaks = [relaxations.peak(fitted.parameters, covariance, k) for k in range(len(plain))]
    if not all(_still(peak, start) for peak, start in zip(peaks, plain, strict=True)):
        return None
    resistances = np.array([peak.resistance for peak in peaks])
    where = [3 * k for k in range(len(plain))]
    variance = float(resistances @ covariance[np.ix_(where, where)] @ resistances)
    series = 3 * len(plain)
    return RelaxationPeaks(
        tuple(peaks),
        float(resistances.sum()),
        math.sqrt(max(variance, 0.0)),
        relaxations.scale * float(fitted.parameters[series]),
        relaxations.scale * math.sqrt(float(covariance[series, series])),
        from_relaxations=True,
    )


def _as_well(found: Distribution, fitted: Fit) -> bool:
    free = len(fitted.residuals) - len(fitted.parameters)
    square = float(np.sum(found.residuals**2)) / max(found.freedom, 1.0)
    return fitted.sum_of_squares / free <= _AS_WELL * square + 1e-12


def _still(peak: RelaxationPeak, start: RelaxationPeak) -> bool:
    """Tell whether a relaxation is still the peak that it began as."""
    near = abs(math.log(peak.time / start.time)) < _MOVED
    low, high = _EXPONENT_RANGE
    return near and low < (peak.exponent or 0.0) < high and peak.resistance_std < peak.resistance


class _Relaxations:
    """The model: ln R, ln tau and n of each peak; R_0; L, and ln Q and n of the tail, where there are any."""

    def __init__(self, found: Distribution, peaks: int, *, inductive: bool) -> None:
        self.found = found
        self.peaks = peaks
        self.s = 2j * math.pi * found.points.frequency
        self.scale = float(np.median(found.points.modulus))
        self.inductive = inductive
        self.count = 3 * peaks + 1 + self.inductive + (0 if found.tail is None else 2)

    def fit(self, plain: tuple[RelaxationPeak, ...]) -> Fit:
        points = self.found.points
        return fit_complex(
            self.impedance, self.derivatives, points.impedance, 1.0 / points.modulus, self._start(plain),
            tolerance=1e-9, most_evaluations=100,
        )  # fmt: skip

    def _start(self, plain: tuple[RelaxationPeak, ...]) -> list[float]:
        start = [x for p in plain for x in (math.log(p.resistance), math.log(p.time), _START_EXPONENT)]
        start.append(self.found.series_resistance / self.scale)
        if self.inductive:
            start.append(self.found.inductance * abs(self.s[-1]) / self.scale)
        if self.found.tail is not None:
            start += [math.log(self.found.tail.Q), self.found.tail.exponent]
        return start

    def impedance(self, parameters: Array) -> ComplexArray:
        total = np.full(len(self.s), parameters[3 * self.peaks] * self.scale, dtype=np.complex128)
        for k in range(self.peaks):
            total += self._relaxation(parameters, k)[0]
        if self.inductive:
            total += parameters[3 * self.peaks + 1] * self.scale * self.s / abs(self.s[-1])
        if self.found.tail is not None:
            total += self._tail(parameters)
        return total

    def derivatives(self, parameters: Array) -> ComplexArray:
        columns: list[ComplexArray] = []
        for k in range(self.peaks):
            value, share, logarithm = self._relaxation(parameters, k)
            columns += [value, -value * share * _limited(parameters[3 * k + 2]), -value * share * logarithm]
        columns.append(np.full(len(self.s), self.scale, dtype=np.complex128))
        if self.inductive:
            columns.append(self.scale * self.s / abs(self.s[-1]))
        if self.found.tail is not None:
            tail = self._tail(parameters)
            columns += [-tail, -tail * np.log(self.s)]
        return np.stack(columns, axis=1)

    def _relaxation(self, parameters: Array, k: int) -> tuple[ComplexArray, ComplexArray, ComplexArray]:
        """Return Z, u/(1 + u) and ln(s tau), where u = (s tau)^n."""
        log_r, log_tau = np.clip(parameters[3 * k : 3 * k + 2], -200.0, 200.0)
        logarithm = np.log(self.s) + log_tau
        u = np.exp(_limited(parameters[3 * k + 2]) * logarithm)
        return math.exp(log_r) / (1.0 + u), u / (1.0 + u), logarithm

    def _tail(self, parameters: Array) -> ComplexArray:
        log_q, exponent = float(np.clip(parameters[-2], -200.0, 200.0)), _limited(parameters[-1])
        return np.asarray(np.exp(-log_q - exponent * np.log(self.s)), dtype=np.complex128)

    def peak(self, parameters: Array, covariance: Array, k: int) -> RelaxationPeak:
        r, tau = math.exp(float(parameters[3 * k])), math.exp(float(parameters[3 * k + 1]))
        std = np.sqrt(np.diag(covariance))[3 * k : 3 * k + 3]
        return RelaxationPeak(tau, float(std[1]), r, r * float(std[0]), float(parameters[3 * k + 2]), float(std[2]))


def _limited(exponent: float) -> float:
    return float(min(max(exponent, 0.0), 1.9))
