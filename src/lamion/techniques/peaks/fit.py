"""Components and a baseline fitted to spectra, with the covariance of what they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.numerics.batched_least_squares import BatchedFit, inverses
from lamion.numerics.least_squares import aicc
from lamion.numerics.residual_correlation import autocorrelation, is_correlated
from lamion.quantities.errors import InputError
from lamion.techniques.peaks.baseline import AnyBaseline, columns
from lamion.techniques.peaks.component import Component, Setting
from lamion.techniques.peaks.noise import Kind, Noise, noise_of, variance_shape
from lamion.techniques.peaks.problem import Layout, Problem
from lamion.techniques.peaks.starting import sizes, start_of, started

Array = NDArray[np.float64]
_TOGETHER = 2400
"""Fits that are made in one batch: memory grows with it."""
_WIDTH = Setting(low=0.0)
"""What is known of every width."""


@dataclass(frozen=True, eq=False)
class PeakFit:
    """Components under m spectra over one abscissa.

    Parameters
    ----------
    problem : Problem
        The spectra with the weights of the last round, one over the standard deviations up to `scale`.
    parameters : array, shape (m, k)
        All parameters, in the order of the layout's names.
    free : array, shape (m, f)
        The free ones.
    covariance : array, shape (m, k, k)
        Linearised; infinite where the data do not determine a parameter.
    sum_of_squares : array, shape (m,)
        Of the weighted residuals.
    noise : tuple of Noise
        Of each spectrum.
    converged : array of bool, shape (m,)
        Whether the fit arrived.
    others : array, shape (s, m, f)
        The free parameters of other minima; those of a spectrum that are not much higher than its best matter to what
        can be known of it.
    others_squares : array, shape (s, m)
        Their sums of squares.
    """

    problem: Problem
    parameters: Array
    free: Array
    covariance: Array
    sum_of_squares: Array
    noise: tuple[Noise, ...]
    converged: NDArray[np.bool_]
    others: Array
    others_squares: Array

    @property
    def layout(self) -> Layout:
        """How the parameters stand."""
        return self.problem.layout

    @property
    def freedom(self) -> int:
        """Points less free parameters."""
        return len(self.problem.x) - len(self.layout.free)

    @property
    def variance(self) -> Array:
        """The variance of the weighted residuals, shape (m,)."""
        return np.asarray(self.sum_of_squares / max(self.freedom, 1))

    def parameter(self, component: str, name: str) -> Array:
        """Return one parameter of every spectrum, shape (m,)."""
        return self.parameters[:, self.layout.place(component, name)]

    def curves(self, spectrum: int = 0) -> Array:
        """Return the components and, last, the baseline of one spectrum, shape (c + 1, n)."""
        return np.asarray(self.problem.model(self.parameters[[spectrum]])[0])

    def residuals(self, spectrum: int = 0) -> Array:
        """Return ordinate less fit of one spectrum, shape (n,)."""
        return np.asarray(self.problem.y[spectrum] - self.curves(spectrum).sum(axis=0))

    def aicc(self, spectrum: int = 0) -> float:
        """Return Akaike's criterion; comparable between fits of one spectrum with one kind of weights."""
        return aicc(float(self.sum_of_squares[spectrum]), len(self.problem.x), len(self.layout.free))

    def misfit(self, spectrum: int = 0) -> bool:
        """Tell whether neighbouring residuals are more alike than noise leaves them."""
        return is_correlated((self.residuals(spectrum) * self.problem.weights[spectrum])[None])

    def widening(self, spectrum: int = 0) -> float:
        r"""Return by how much correlated residuals widen every uncertainty, at least one.

        .. math:: \sqrt{\frac{1 + \rho}{1 - \rho}}

        as that of a mean does whose n points hold :math:`n (1 - \rho)/(1 + \rho)` independent ones.
        """
        if not self.misfit(spectrum):
            return 1.0
        rho = min(autocorrelation((self.residuals(spectrum) * self.problem.weights[spectrum])[None]), 0.98)
        return float(np.sqrt((1.0 + rho) / (1.0 - rho)))


def fit_peaks(
    x: ArrayLike,
    y: ArrayLike,
    components: Sequence[Component],
    *,
    baseline: AnyBaseline = "linear",
    noise: Kind | None = None,
) -> PeakFit:
    r"""Fit components and a baseline.

    .. math:: \min \sum_i \frac{(y_i - y(x_i))^2}{s_i^2}

    Parameters
    ----------
    x : array-like, shape (n,)
        The abscissa, rising.
    y : array-like, shape (n,) or (m, n)
        One spectrum or several.
    components : sequence of Component
        What lies under each.
    baseline : str or FromData
        One of :data:`~lamion.techniques.peaks.baseline.BASELINES`, or columns of its own; fitted
        together with the components.
    noise : {"constant", "counts"}, optional
        Which noise weighs the points; what the residuals show without it.

    Returns
    -------
    PeakFit

    Raises
    ------
    InputError
        When there are fewer points than parameters, or the components contradict each other.

    Examples
    --------
    >>> x = np.linspace(720.0, 760.0, 161)
    >>> y = 50 * np.exp(-4 * np.log(2) * ((x - 740) / 5) ** 2) + 0.1 * x
    >>> fit = fit_peaks(x, y, [Component("free", "gaussian")])
    >>> float(fit.parameter("free", "position")[0].round(3)), float(fit.parameter("free", "width")[0].round(3))
    (740.0, 5.0)
    """
    abscissa, ordinates = np.asarray(x, dtype=np.float64), np.atleast_2d(np.asarray(y, dtype=np.float64))
    found = _fit(abscissa, ordinates, components, columns(baseline, abscissa))
    kinds = [_noise(found, spectrum, noise) for spectrum in range(len(ordinates))]
    if all(one.kind == "constant" for one in kinds):
        return replace(found, noise=tuple(kinds))
    for _ in range(2):
        found = _reweighted(found, kinds)
    kinds = [_noise(found, spectrum, one.kind) for spectrum, one in enumerate(kinds)]
    return replace(found, noise=tuple(kinds))


def _noise(fit: PeakFit, spectrum: int, asked: Kind | None) -> Noise:
    model = fit.curves(spectrum).sum(axis=0)
    found = noise_of(fit.residuals(spectrum), model)
    if asked is None or asked == found.kind:
        return found
    shape = variance_shape(Noise(asked, 1.0), model)
    size = float(np.mean(fit.residuals(spectrum) ** 2 / shape))
    return Noise(asked, size if asked == "counts" else float(np.sqrt(size)))


def _fit(x: Array, y: Array, components: Sequence[Component], baseline: Array) -> PeakFit:
    """Fit from every start that is tried, with equal weights, and keep each spectrum's best."""
    mean = y.mean(axis=0)
    height = float(np.ptp(mean)) or 1.0
    starts = _starts(x, mean, components)
    layout = Layout.of(starts[0], baseline, x, height)
    if len(layout.free) >= len(x):
        raise InputError(
            f"{len(x)} points cannot determine {len(layout.free)} parameters.",
            "The range may be too narrow.",
            "Widen it, or fix and tie more parameters.",
        )
    problem = Problem.of(layout, x, y, np.full(y.shape, 1.0 / height))
    begun = np.stack([start_of(problem, Layout.of(start, baseline, x, height), start) for start in starts])
    together = max(_TOGETHER // len(starts), 1)
    parts = [_best(problem.of_rows(rows), begun[:, rows]) for rows in _in_parts(len(y), together)]
    return parts[0] if len(parts) == 1 else _joined(problem, parts)


def _in_parts(count: int, most: int) -> list[slice]:
    return [slice(first, min(first + most, count)) for first in range(0, count, most)]


def _best(problem: Problem, begun: Array) -> PeakFit:
    """Fit every spectrum from every start, shape (s, m, f), as one batch, and keep each one's best."""
    count, spectra = begun.shape[:2]
    found = _solved(problem.tiled(count), problem.tiled(count).solve(begun.reshape(count * spectra, -1)))
    squares = found.sum_of_squares.reshape(count, spectra)
    free = found.free.reshape(count, spectra, -1)
    rows = np.argmin(squares, axis=0) * spectra + np.arange(spectra)
    return replace(
        found,
        problem=problem,
        parameters=found.parameters[rows],
        free=found.free[rows],
        covariance=found.covariance[rows],
        sum_of_squares=found.sum_of_squares[rows],
        converged=found.converged[rows],
        others=free,
        others_squares=squares,
    )


def _joined(problem: Problem, parts: Sequence[PeakFit]) -> PeakFit:
    """Return the fits of parts of the spectra as one."""

    def join(name: str, axis: int = 0) -> Array:
        return np.concatenate([getattr(part, name) for part in parts], axis=axis)

    names = ("parameters", "free", "covariance", "sum_of_squares")
    return PeakFit(
        problem,
        **{name: join(name) for name in names},
        noise=(),
        converged=join("converged").astype(bool),
        others=join("others", 1),
        others_squares=join("others_squares", 1),
    )


def _starts(x: Array, y: Array, components: Sequence[Component]) -> list[tuple[Component, ...]]:
    """Return the starts to try: one where every position and width is given, else several widths, and splits."""
    loose = [name for name in ("position", "width") for one in components if one.setting(name) in (Setting(), _WIDTH)]
    widths = sizes(x) if loose else sizes(x)[:1]
    splits = (False, True) if loose.count("position") > 1 else (False,)
    return [started(components, x, y, float(width), split=split) for width in widths for split in splits]


def _reweighted(fit: PeakFit, kinds: Sequence[Noise]) -> PeakFit:
    model = fit.problem.model(fit.parameters).sum(axis=1)
    weights = np.stack([1.0 / np.sqrt(variance_shape(kind, row)) for kind, row in zip(kinds, model, strict=True)])
    problem = replace(fit.problem, weights=weights)
    found = _solved(problem, problem.solve(fit.free))
    return replace(
        found, others=fit.others, others_squares=fit.others_squares * (found.sum_of_squares / fit.sum_of_squares)
    )


def _solved(problem: Problem, found: BatchedFit) -> PeakFit:
    layout = problem.layout
    free = layout.values(found.parameters)
    parameters = problem.all_parameters(free, np.arange(len(free)))
    freedom = max(len(problem.x) - len(layout.free), 1)
    inner = np.where(layout.logarithmic, free, layout.scale)
    own = inverses(found.gram) * (inner[:, :, None] * inner[:, None, :])
    own *= (found.sum_of_squares / freedom)[:, None, None]
    lost = ~np.isfinite(own)
    covariance = layout.ties @ np.where(lost, 0.0, own) @ layout.ties.T
    if lost.any():
        unbounded = (np.abs(layout.ties) @ np.diagonal(lost, axis1=1, axis2=2)[..., None].astype(float))[..., 0] > 0
        rows, places = np.nonzero(unbounded)
        covariance[rows, places, places] = np.inf
    return PeakFit(
        problem,
        parameters,
        free,
        covariance,
        found.sum_of_squares,
        (),
        found.converged,
        free[None],
        found.sum_of_squares[None],
    )
