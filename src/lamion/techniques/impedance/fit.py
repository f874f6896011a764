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
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lamion.numerics.batched_least_squares import BatchedFit, Rows, fit_batch, inverses
from lamion.numerics.least_squares import aicc
from lamion.numerics.shared_least_squares import fit_shared
from lamion.quantities.errors import InputError
from lamion.techniques.impedance.circuit import Circuit
from lamion.techniques.impedance.elements.element import Array, ComplexArray, Frequencies
from lamion.techniques.impedance.physical_order import physical_order
from lamion.techniques.impedance.spectra import Spectra
from lamion.techniques.impedance.starting_values import starting_values

LOSSES = ("linear", "robust")
LARGEST_DEVIATION = 0.5
"""A parameter whose logarithm has a larger standard deviation (an exponent: 0.3) is not identifiable: then zero, or
twice the value, lie within two deviations."""

_TRIAL_ITERATIONS = 12
_FEW = 3
_MANY = 16
_STRUCTURE = 0.2
_FLAT = 0.6
_ROBUST_ROUNDS = 12
_BISQUARE = 5.0
_MODULUS_TO_SIGMA = 1.1774100225154747  # the median of the modulus of two unit normal parts


@dataclass(frozen=True, eq=False)
class CircuitFits:
    """What a circuit makes of m spectra.

    Parameters
    ----------
    circuit : Circuit
        The circuit.
    spectra : Spectra
        The data with the weights that were used, a robust loss's included.
    values : array, shape (m, k)
        SI values in the order of ``circuit.names``; interchangeable arcs stand in the order of their time constants.
    covariance : array, shape (m, k, k)
        Of the fitted coordinates: logarithms of positive parameters, exponents as they are; zero for a fixed
        parameter, infinite on the diagonal where the data do not determine one.
    free : array of bool, shape (k,)
        Which parameters were fitted.
    noise : array, shape (m,)
        Root of the reduced sum of squares: with modulus weights the relative noise of each part.
    sum_of_squares : array, shape (m,)
        Of the weighted residuals.
    fitted : array of complex, shape (m, n)
        The impedance of the fit, ohm.
    converged : array of bool, shape (m,)
        Whether the fit met its tolerance.
    """

    circuit: Circuit
    spectra: Spectra
    values: Array
    covariance: Array
    free: NDArray[np.bool_]
    noise: Array
    sum_of_squares: Array
    fitted: ComplexArray
    converged: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def logarithmic(self) -> NDArray[np.bool_]:
        """Which parameters are fitted as logarithms, shape (k,)."""
        return logarithmic(self.circuit)

    @cached_property
    def deviations(self) -> Array:
        """Standard deviations of the fitted coordinates, shape (m, k)."""
        return np.asarray(np.sqrt(np.einsum("mkk->mk", self.covariance)))

    @cached_property
    def std(self) -> Array:
        """Standard uncertainties in the parameters' own units, shape (m, k)."""
        return np.where(self.logarithmic, self.values, 1.0) * self.deviations

    @cached_property
    def identifiable(self) -> NDArray[np.bool_]:
        """Whether the data determine each parameter, shape (m, k)."""
        return np.asarray(self.deviations < np.where(self.logarithmic, 1.0, 0.6) * LARGEST_DEVIATION)

    @cached_property
    def correlation(self) -> Array:
        """Correlations of the fitted coordinates, shape (m, k, k); zero beside what is fixed or not determined."""
        scale = self.deviations[:, :, None] * self.deviations[:, None, :]
        usable = np.isfinite(scale) & (scale > 0)
        return np.asarray(np.where(usable, self.covariance, 0.0) / np.where(usable, scale, 1.0))

    @cached_property
    def residuals(self) -> Array:
        """Weighted residuals, shape (m, n, 2), fit minus data; zero where a short spectrum was filled up."""
        difference = self.fitted - self.spectra.impedance
        return np.asarray(np.stack([difference.real, difference.imag], axis=2) * self.spectra.weights)

    def aicc(self, index: int) -> float:
        """Return Akaike's criterion of one spectrum's fit; smaller is better."""
        points = 2 * int(self.spectra.points[index])
        return aicc(float(self.sum_of_squares[index]), points, int(self.free.sum()))


def logarithmic(circuit: Circuit) -> NDArray[np.bool_]:
    """Return which parameters of a circuit are fitted as logarithms."""
    return np.array([not parameter.exponent for parameter in circuit.parameters])


def to_coordinates(circuit: Circuit, values: Array) -> Array:
    """Return logarithms of positive parameters, exponents as they are, for values of shape (..., k)."""
    return np.where(logarithmic(circuit), np.log(np.where(logarithmic(circuit), values, 1.0)), values)


def to_values(circuit: Circuit, coordinates: Array) -> Array:
    """Undo :func:`to_coordinates`."""
    return np.where(logarithmic(circuit), np.exp(np.where(logarithmic(circuit), coordinates, 0.0)), coordinates)


def bounds(circuit: Circuit) -> tuple[Array, Array]:
    """Return the lower and upper bounds of the fitted coordinates."""
    ends = (np.array([getattr(p, name) for p in circuit.parameters]) for name in ("lower", "upper"))
    low, high = (to_coordinates(circuit, end) for end in ends)
    return low, high


def fit_circuit(
    circuit: Circuit,
    spectra: Spectra,
    *,
    fixed: Mapping[str, float] | None = None,
    start: Array | None = None,
    loss: str = "linear",
    shared: Sequence[str] = (),
    absolute_weights: bool = False,
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

    Returns
    -------
    CircuitFits

    Raises
    ------
    InputError
        When there are too few points, a fixed name is not a parameter, or the loss is not known.

    Notes
    -----
    The covariance is that of the linearised model. An exponent at a bound keeps its formal uncertainty. For 5 fitted
    parameters and more, many local minima exist; the best of three starts is kept, or of
    sixteen where its residuals keep a structure or an exponent is below 0.6.

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
    problem = _Problem.of(circuit, spectra, fixed or {})
    problem.check()
    found = problem.from_start(start) if start is not None else problem.without_guess()
    if loss == "robust":
        problem, found = _robust(problem, found)
    fits = _finish(problem, found, absolute_weights)
    return _share(problem, fits, shared, absolute_weights) if shared else fits


def weighted_jacobian(fits: CircuitFits, index: int) -> Array:
    """Return the derivatives of one spectrum's weighted residuals by the free coordinates, shape (free, n, 2)."""
    frequency = fits.spectra.frequency[0 if len(fits.spectra.frequency) == 1 else index]
    _, derivatives = fits.circuit.response(fits.values[[index]], Frequencies.of(frequency))
    parts = np.stack([derivatives[0].real, derivatives[0].imag], axis=2)
    return np.asarray(parts[fits.free] * fits.spectra.weights[index])


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
    repeated = _Problem.of(fits.circuit, alone, {}).repeated(len(coordinates))
    problem = _Problem(
        fits.circuit, repeated.spectra, free, held, repeated.frequencies, repeated.data, repeated.weights
    )
    if not free.any():
        residuals, _ = problem.evaluate(held[:, free], np.arange(len(held)))
        return np.asarray(np.sum(residuals**2, axis=1))
    return problem.solve(held[:, free]).sum_of_squares


@dataclass(frozen=True, eq=False)
class _Problem:
    """Spectra and a circuit as residuals of the free coordinates."""

    circuit: Circuit
    spectra: Spectra
    free: NDArray[np.bool_]
    held: Array
    frequencies: Frequencies
    data: Array
    weights: Array

    @classmethod
    def of(cls, circuit: Circuit, spectra: Spectra, fixed: Mapping[str, float]) -> _Problem:
        names = circuit.names
        for name, value in fixed.items():
            if name not in names:
                raise InputError(f"The circuit {circuit} has no parameter '{name}'.", "", f"It has {', '.join(names)}.")
            parameter = circuit.parameters[names.index(name)]
            if not parameter.lower <= value <= parameter.upper:
                raise InputError(f"The fixed {name} = {value:g} lies outside its bounds.")
        values = np.array([fixed.get(name, 1.0) for name in names])
        free = np.array([name not in fixed for name in names])
        if not free.any():
            raise InputError("Every parameter of the circuit is fixed.", "", "Leave one free at least.")
        return cls._build(circuit, spectra, free, np.tile(to_coordinates(circuit, values), (len(spectra), 1)))

    @classmethod
    def _build(cls, circuit: Circuit, spectra: Spectra, free: NDArray[np.bool_], held: Array) -> _Problem:
        data = np.ascontiguousarray(spectra.impedance).view(np.float64)
        weights = np.ascontiguousarray(spectra.weights).reshape(len(spectra), -1)
        return cls(circuit, spectra, free, held, Frequencies.of(spectra.frequency), data, weights)

    def with_weights(self, weights: Array) -> _Problem:
        """Return the problem with other weights, shape (m, n, 2)."""
        spectra = Spectra(self.spectra.frequency, self.spectra.impedance, weights, self.spectra.points)
        return self._build(self.circuit, spectra, self.free, self.held)

    def repeated(self, times: int) -> _Problem:
        """Return the problem with every spectrum several times in a row."""
        one = self.spectra
        grid = one.frequency if len(one.frequency) == 1 else np.repeat(one.frequency, times, axis=0)
        many = Spectra(
            grid,
            np.repeat(one.impedance, times, axis=0),
            np.repeat(one.weights, times, axis=0),
            np.repeat(one.points, times),
        )
        return self._build(self.circuit, many, self.free, np.repeat(self.held, times, axis=0))

    def check(self) -> None:
        fewest = int(self.spectra.points.min())
        unknowns = int(self.free.sum())
        if 2 * fewest <= unknowns + 1:
            raise InputError(
                f"A spectrum of {fewest} points cannot determine the {unknowns} parameters of {self.circuit}.",
                "",
                "Take a simpler circuit, fix parameters, or measure more frequencies.",
            )
        self._check_sign()

    def _check_sign(self) -> None:
        if any(leaf.element.symbol in ("L", "La") for leaf in self.circuit.leaves):
            return
        sine = self.spectra.impedance.imag / np.abs(self.spectra.impedance)
        for index in range(len(self.spectra)):
            own = sine[index, self.spectra.used(index)]
            if np.median(own) > 0.02 and np.mean(own > 0.01) > 0.6:
                raise InputError(
                    "Most points have a positive imaginary part, which the circuit cannot have.",
                    "The column probably holds -Z'' instead of Z''.",
                    'Give the columns with their sign, as in --columns "f=1,re=2,im=-3".',
                )

    def evaluate(self, coordinates: Array, rows: Rows) -> tuple[Array, Array]:
        """Return weighted residuals, shape (a, 2n), and derivatives, shape (a, k, 2n)."""
        whole = self.held[rows].copy()
        whole[:, self.free] = coordinates
        values = to_values(self.circuit, whole)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            impedance, derivatives = self.circuit.response(values, self.frequencies.rows(rows))
        weights = self.weights[rows]
        residuals = (np.ascontiguousarray(impedance).view(np.float64) - self.data[rows]) * weights
        if not self.free.all():
            derivatives = derivatives[:, self.free]
        jacobian = np.ascontiguousarray(derivatives).view(np.float64)
        jacobian *= weights[:, None, :]
        return residuals, jacobian

    def solve(self, start: Array, most_iterations: int = 200, tolerance: float = 1e-8) -> BatchedFit:
        """Fit from starting coordinates, shape (m, free)."""
        low, high = bounds(self.circuit)
        return fit_batch(
            self.evaluate,
            start,
            low[self.free],
            high[self.free],
            tolerance=tolerance,
            most_iterations=most_iterations,
        )

    def from_start(self, start: Array) -> BatchedFit:
        given = np.broadcast_to(np.asarray(start, dtype=np.float64), self.held.shape)
        return self.solve(to_coordinates(self.circuit, given)[:, self.free])

    def without_guess(self) -> BatchedFit:
        """Fit from the few best of a coarse scan, and from more where the residuals keep a structure."""
        found = self.solve(self._best_start(_FEW, _TRIAL_ITERATIONS))
        again = np.flatnonzero((self._autocorrelation(found) > _STRUCTURE) | self._flattened(found))
        if len(again):
            part = self.subset(again)
            other = part.solve(part._best_start(_MANY, 5 * _TRIAL_ITERATIONS))
            found = _better(found, other, again)
        return found

    def subset(self, chosen: Rows) -> _Problem:
        """Return the problem of some of the spectra."""
        one = self.spectra
        grid = one.frequency if len(one.frequency) == 1 else one.frequency[chosen]
        few = Spectra(grid, one.impedance[chosen], one.weights[chosen], one.points[chosen])
        return self._build(self.circuit, few, self.free, self.held[chosen])

    def _best_start(self, count: int, iterations: int) -> Array:
        candidates = to_coordinates(self.circuit, self._candidates(count))[..., self.free]
        flat = candidates.reshape(-1, candidates.shape[2])
        trial = self.repeated(candidates.shape[1]).solve(flat, iterations, 1e-3)
        cost = np.where(np.isfinite(trial.sum_of_squares), trial.sum_of_squares, np.inf)
        best = cost.reshape(candidates.shape[:2]).argmin(axis=1)
        return np.asarray(trial.parameters.reshape(candidates.shape)[np.arange(len(best)), best])

    def _flattened(self, found: BatchedFit) -> NDArray[np.bool_]:
        """Return where an arc or a spike is so depressed that it may stand for two, shape (m,)."""
        exponents = ~logarithmic(self.circuit)[self.free]
        return np.asarray((found.parameters[:, exponents] < _FLAT).any(axis=1))

    def _autocorrelation(self, found: BatchedFit) -> Array:
        """Return the correlation of neighbouring residuals, shape (m,)."""
        residuals = self.evaluate(found.parameters, np.arange(len(self.spectra)))[0].reshape(len(self.spectra), -1, 2)
        total = np.maximum(found.sum_of_squares, np.finfo(float).tiny)
        return np.asarray(np.sum(residuals[:, 1:] * residuals[:, :-1], axis=(1, 2)) / total)

    def _candidates(self, count: int) -> Array:
        spectra = self.spectra
        if len(spectra.frequency) == 1:
            return starting_values(self.circuit, spectra.frequency[0], spectra.impedance, spectra.weights, count)
        rows = []
        for index in range(len(spectra)):
            used = spectra.used(index)
            alone = spectra.impedance[index : index + 1, used], spectra.weights[index : index + 1, used]
            rows.append(starting_values(self.circuit, spectra.grid(index), *alone, count))
        most = max(row.shape[1] for row in rows)
        return np.concatenate([row[:, np.minimum(np.arange(most), row.shape[1] - 1)] for row in rows])


def _better(found: BatchedFit, other: BatchedFit, places: Rows) -> BatchedFit:
    """Put the second fit in place of the first where it is closer."""
    closer = other.sum_of_squares < found.sum_of_squares[places]
    at = places[closer]
    for name in ("parameters", "sum_of_squares", "gram", "converged"):
        getattr(found, name)[at] = getattr(other, name)[closer]
    return found


def _robust(problem: _Problem, found: BatchedFit) -> tuple[_Problem, BatchedFit]:
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


def _finish(problem: _Problem, found: BatchedFit, absolute_weights: bool) -> CircuitFits:
    circuit, spectra, free = problem.circuit, problem.spectra, problem.free
    coordinates = problem.held.copy()
    coordinates[:, free] = found.parameters
    kept = np.sum(spectra.weights > 1e-6 * spectra.weights.max(axis=(1, 2), keepdims=True), axis=(1, 2))
    left = np.maximum(kept - int(free.sum()), 1)
    noise = np.ones(len(spectra)) if absolute_weights else np.sqrt(found.sum_of_squares / left)
    covariance = np.zeros((len(spectra), len(free), len(free)))
    block = np.ix_(np.arange(len(spectra)), np.flatnonzero(free), np.flatnonzero(free))
    covariance[block] = inverses(found.gram) * noise[:, None, None] ** 2
    values = to_values(circuit, coordinates)
    fitted = circuit.impedance(values, spectra.frequency)
    if free.all():
        order = physical_order(circuit, values)
        values = np.take_along_axis(values, order, axis=1)
        covariance = covariance[np.arange(len(order))[:, None, None], order[:, :, None], order[:, None, :]]
    return CircuitFits(circuit, spectra, values, covariance, free, noise, found.sum_of_squares, fitted, found.converged)


def _share(problem: _Problem, fits: CircuitFits, shared: Sequence[str], absolute_weights: bool) -> CircuitFits:
    """Fit again with parameters in common, from the fits without."""
    circuit, spectra, free = problem.circuit, problem.spectra, problem.free
    odd = [name for name in shared if name not in circuit.names or not free[circuit.names.index(name)]]
    if odd:
        raise InputError(
            f"{', '.join(odd)} cannot be shared.",
            "It is fixed, or no parameter of the circuit.",
            f"The circuit {circuit} has {', '.join(circuit.names)}.",
        )
    low, high = bounds(circuit)
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
    covariance[:, places[:, None], places] = found.inverse * noise**2
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
    )
