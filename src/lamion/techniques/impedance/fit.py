r"""Circuits fitted to many spectra at once, without a guess.

.. math:: \hat p = \arg\min \sum_i w_{i}^2 \left[(\Re\Delta_i)^2 + (\Im\Delta_i)^2\right],
          \quad \Delta_i = Z(\omega_i; p) - Z_i

Positive parameters are fitted as logarithms, exponents as they are. The starting values come from a coarse scan of
relaxation times (:mod:`~lamion.techniques.impedance.starting_values`).

References
----------
J. R. Macdonald, J. Schoonman, A. P. Lehnen, J. Electroanal. Chem. 131 (1982) 77, doi:10.1016/0022-0728(82)87062-9;
B. A. Boukamp, Solid State Ionics 20 (1986) 31, doi:10.1016/0167-2738(86)90031-7.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.numerics.batched_least_squares import BatchedFit, inverses
from lamion.numerics.sandwich import sandwich, shared_sandwich
from lamion.numerics.shared_least_squares import SharedFit, fit_shared
from lamion.progress import Progress, silent
from lamion.quantities.errors import InputError
from lamion.techniques.impedance.circuit import Circuit, bounds, to_coordinates, to_values
from lamion.techniques.impedance.circuit_fits import CircuitFits
from lamion.techniques.impedance.elements.element import Array
from lamion.techniques.impedance.fit_problem import FitProblem
from lamion.techniques.impedance.physical_order import physical_order
from lamion.techniques.impedance.search import fit_from_neighbours, fit_without_guess, take_closer
from lamion.techniques.impedance.spectra import Spectra

LOSSES = ("linear", "robust")

_BLOCK = 100
_ROBUST_ROUNDS = 12
_BISQUARE = 5.0
_HARDLY = 0.2
_MODULUS_TO_SIGMA = 1.1774100225154747  # the median of the modulus of two unit normal parts


def fit_circuit(
    circuit: Circuit,
    spectra: Spectra,
    *,
    fixed: Mapping[str, float] | None = None,
    start: Array | None = None,
    loss: str = "linear",
    shared: Sequence[str] = (),
    absolute_weights: bool = False,
    exponent_room: float = 0.0,
    further_start: Array | None = None,
    in_order: bool = False,
    thorough: bool = True,
    progress: Progress = silent,
) -> CircuitFits:
    """Fit a circuit to spectra.

    Parameters
    ----------
    circuit : Circuit
        What to fit.
    spectra : Spectra
        From :func:`~lamion.techniques.impedance.spectra.gather`.
    fixed : Mapping of str to float, optional
        Parameters that keep a value, SI.
    start : array, shape (k,) or (m, k), optional
        Where to begin, SI values, instead of finding it.
    loss : str
        ``"linear"``, or ``"robust"``: Tukey's bisquare, which takes points that lie far off out.
    shared : sequence of str
        Parameters that all spectra have in common, such as the exponents of a series; the noise is then one for all,
        and interchangeable arcs keep the order they had before sharing.
    absolute_weights : bool
        True when the weights are one over known standard deviations: then the misfit does not widen the
        uncertainties.

    exponent_room : float
        How far exponents may pass their physical upper end: with room, the uncertainty of what goes with an exponent
        at its end is not one-sided. Whether the result makes sense is then the caller's to judge.
    further_start : array, shape (m, k), optional
        Where to begin as well; the closer fit of each spectrum is kept.
    in_order : bool
        Whether the spectra are a series in its order: then each is also begun from its neighbours' parameters.
    thorough : bool
        Whether a fit with a parameter that is hardly determined is searched further, too.
    progress : Progress
        Told how many spectra are done.

    Returns
    -------
    CircuitFits

    Raises
    ------
    InputError
        When there are too few points, a fixed name is not a parameter, or the loss is not known.

    Notes
    -----
    The covariance is that of the linearised model, by what each residual says of its own noise, so that it holds for
    noise in proportion to the modulus, for the same noise everywhere and for both at once; with `absolute_weights` it
    is that of the weights. An exponent at a bound keeps its formal uncertainty. For 5 fitted
    parameters and more, many local minima exist: the best of three starts is kept, and where its residuals keep a
    structure, an exponent is below 0.6 or a parameter is hardly determined, a wide scan and parts that are moved one
    at a time (:mod:`~lamion.techniques.impedance.reseating`) look for a closer one. Many spectra are fitted in blocks
    of a hundred, so that the memory does not grow with their number.

    Examples
    --------
    >>> from lamion.techniques.impedance.spectra import gather
    >>> circuit, f = Circuit.read("R0-p(R1,CPE1)"), np.geomspace(1e5, 1.0, 40)
    >>> data = circuit.impedance([10.0, 50.0, 1e-5, 0.9], f)
    >>> fit_circuit(circuit, gather(f, data)).values.round(7).tolist()
    [[10.0, 50.0, 1e-05, 0.9]]
    """
    if loss not in LOSSES:
        raise InputError(f"There is no loss '{loss}'.", "", f"Known are: {', '.join(LOSSES)}.")
    problem = FitProblem.of(circuit, spectra, fixed or {}, exponent_room)
    problem.check()
    begin, further = (
        None if given is None else np.broadcast_to(np.asarray(given, dtype=np.float64), problem.held.shape)
        for given in (start, further_start)
    )
    parts = []
    for first in range(0, len(spectra), _BLOCK):
        progress(first, len(spectra), str(circuit))
        rows = np.arange(first, min(first + _BLOCK, len(spectra)))
        starts = _Starts(*(None if given is None else given[rows] for given in (begin, further)))
        parts.append(_fit_block(problem.subset(rows), starts, loss, in_order, thorough))
    problem = problem.with_weights(np.concatenate([part.weights for part in parts]))
    fits = _finish(problem, _joined([part.fit for part in parts]), absolute_weights)
    return _share(problem, fits, shared, absolute_weights) if shared else fits


@dataclass(frozen=True, eq=False)
class _Block:
    """Some of the spectra, fitted, with the weights that a robust loss left."""

    fit: BatchedFit
    weights: Array


@dataclass(frozen=True, eq=False)
class _Starts:
    """Where a block begins: instead of a search, and besides."""

    first: Array | None
    further: Array | None


def _fit_block(problem: FitProblem, starts: _Starts, loss: str, in_order: bool, thorough: bool) -> _Block:
    found = fit_without_guess(problem, thorough=thorough) if starts.first is None else problem.from_start(starts.first)
    if starts.further is not None:
        take_closer(found, problem.from_start(starts.further), np.arange(len(problem.spectra)))
    if in_order:
        fit_from_neighbours(problem, found)
    if loss == "robust":
        problem, found = _robust(problem, found)
    return _Block(found, problem.spectra.weights)


def _joined(fits: Sequence[BatchedFit]) -> BatchedFit:
    arrays = ("parameters", "sum_of_squares", "gram", "converged")
    joined = {name: np.concatenate([getattr(one, name) for one in fits]) for name in arrays}
    return BatchedFit(**joined, iterations=max(one.iterations for one in fits))


def refit_held(fits: CircuitFits, index: int, place: int, coordinates: Array) -> Array:
    """Return the sums of squares of one spectrum with one parameter held at several values, the others fitted anew.

    Parameters
    ----------
    fits : CircuitFits
        The fit without the hold.
    index : int
        Which spectrum.
    place : int
        Which parameter.
    coordinates : array, shape (h,)
        Where to hold it: a logarithm, or an exponent as it is.

    Returns
    -------
    array, shape (h,)
    """
    one = fits.spectra
    grid = one.frequency[:1] if len(one.frequency) == 1 else one.frequency[index : index + 1]
    alone = Spectra(grid, one.impedance[[index]], one.weights[[index]], one.points[[index]])
    held = np.tile(to_coordinates(fits.circuit, fits.values[index]), (len(coordinates), 1))
    held[:, place] = coordinates
    free = fits.free.copy()
    free[place] = False
    repeated = FitProblem.of(fits.circuit, alone, {}, fits.exponent_room).repeated(len(coordinates))
    problem = FitProblem.build(fits.circuit, repeated.spectra, free, held, fits.exponent_room)
    if not free.any():
        residuals, _ = problem.evaluate(held[:, free], np.arange(len(held)))
        return np.asarray(np.sum(residuals**2, axis=1))
    return problem.solve(held[:, free]).sum_of_squares


def _robust(problem: FitProblem, found: BatchedFit) -> tuple[FitProblem, BatchedFit]:
    """Reweight and refit until the outliers have lost their weight."""
    base = problem.spectra.weights
    now = problem
    for _ in range(_ROBUST_ROUNDS):
        residuals = problem.evaluate(found.parameters, np.arange(len(base)))[0].reshape(base.shape)
        modulus = np.hypot(residuals[..., 0], residuals[..., 1])
        inside = np.where(base[..., 0] > 0, modulus, np.nan)
        sigma = np.maximum(np.nanmedian(inside, axis=1, keepdims=True) / _MODULUS_TO_SIGMA, 1e-12)
        share = np.clip(1 - (modulus / (_BISQUARE * sigma)) ** 2, 0.0, None)
        now = problem.with_weights(base * share[..., None])
        found = now.solve(found.parameters)
    return now, found


def _finish(problem: FitProblem, found: BatchedFit, absolute_weights: bool) -> CircuitFits:
    circuit, spectra, free = problem.circuit, problem.spectra, problem.free
    coordinates = problem.held.copy()
    coordinates[:, free] = found.parameters
    kept = np.sum(spectra.weights > 1e-6 * spectra.weights.max(axis=(1, 2), keepdims=True), axis=(1, 2))
    left = np.maximum(kept - int(free.sum()), 1)
    noise = np.ones(len(spectra)) if absolute_weights else np.sqrt(found.sum_of_squares / left)
    covariance = np.zeros((len(spectra), len(free), len(free)))
    block = np.ix_(np.arange(len(spectra)), np.flatnonzero(free), np.flatnonzero(free))
    inverse = inverses(found.gram)
    covariance[block] = inverse if absolute_weights else _sandwich(problem, found, inverse, noise)
    values = to_values(circuit, coordinates)
    fitted = circuit.impedance(values, spectra.frequency)
    if free.all() and not circuit.limits:
        order = physical_order(circuit, values)
        values = np.take_along_axis(values, order, axis=1)
        covariance = covariance[np.arange(len(order))[:, None, None], order[:, :, None], order[:, None, :]]
    return CircuitFits(
        circuit,
        spectra,
        values,
        covariance,
        free,
        noise,
        found.sum_of_squares,
        fitted,
        found.converged,
        problem.room,
    )


def _sandwich(problem: FitProblem, found: BatchedFit, inverse: Array, noise: Array) -> Array:
    """Return covariances that do not trust the weights, but where a parameter is not determined."""
    covariance = np.empty_like(inverse)
    for index, own in enumerate(inverse):
        formal = own * noise[index] ** 2
        if np.isfinite(own).all():
            residuals, slopes = problem.evaluate(found.parameters[[index]], np.array([index]))
            covariance[index] = _no_less(sandwich(slopes[0], own, residuals[0]), formal)
        else:
            covariance[index] = formal
    return covariance


def _no_less(covariance: Array, formal: Array) -> Array:
    """Where a parameter is hardly determined few points decide, and say too little of their noise: keep the larger."""
    own, other = np.sqrt(np.diag(covariance)), np.sqrt(np.diag(formal))
    wider = (other > _HARDLY) & (other > own)
    size = np.where(wider, other / np.where(own > 0, own, 1.0), 1.0)
    return covariance * size[:, None] * size


def _shared_covariance(
    problem: FitProblem, found: SharedFit, common: NDArray[np.bool_], noise: float, absolute_weights: bool
) -> Array:
    formal = found.inverse * noise**2
    if absolute_weights or not np.isfinite(formal).all():
        return formal
    residuals, slopes = problem.evaluate(found.parameters, np.arange(len(formal)))
    trusting_nothing = shared_sandwich(slopes, found.inverse, residuals, common)
    return np.stack([_no_less(own, one) for own, one in zip(trusting_nothing, formal, strict=True)])


def _share(problem: FitProblem, fits: CircuitFits, shared: Sequence[str], absolute_weights: bool) -> CircuitFits:
    """Fit again with parameters in common, from the fits without."""
    circuit, spectra, free = problem.circuit, problem.spectra, problem.free
    odd = [name for name in shared if name not in circuit.names or not free[circuit.names.index(name)]]
    if odd:
        raise InputError(
            f"{', '.join(odd)} cannot be shared.",
            "It is fixed, or no parameter of the circuit.",
            f"The circuit {circuit} has {', '.join(circuit.names)}.",
        )
    low, high = bounds(circuit, problem.room)
    common = np.array([name in shared for name in circuit.names])[free]
    start = to_coordinates(circuit, fits.values)[:, free]
    found = fit_shared(problem.evaluate, start, common, low[free], high[free])
    coordinates = problem.held.copy()
    coordinates[:, free] = found.parameters
    unknowns = int(common.sum()) + len(spectra) * int((~common).sum())
    left = max(int(np.sum(spectra.weights > 0)) - unknowns, 1)
    noise = 1.0 if absolute_weights else float(np.sqrt(found.sum_of_squares.sum() / left))
    covariance = np.zeros_like(fits.covariance)
    places = np.flatnonzero(free)
    covariance[:, places[:, None], places] = _shared_covariance(problem, found, common, noise, absolute_weights)
    values = to_values(circuit, coordinates)
    return CircuitFits(
        circuit,
        spectra,
        values,
        covariance,
        free,
        np.full(len(spectra), noise),
        found.sum_of_squares,
        circuit.impedance(values, spectra.frequency),
        np.full(len(spectra), found.converged),
        problem.room,
    )
