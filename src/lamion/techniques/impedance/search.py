"""The best of several starts, found from the spectra alone: for five parameters and more, many local minima exist."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lamion.numerics.batched_least_squares import BatchedFit, Rows
from lamion.techniques.impedance.circuit import logarithmic, to_coordinates
from lamion.techniques.impedance.elements.element import Array
from lamion.techniques.impedance.fit_problem import FitProblem
from lamion.techniques.impedance.starting_values import starting_values

_TRIAL_ITERATIONS = 12
_FEW = 3
_MANY = 16
_STRUCTURE = 0.2
_FLAT = 0.6


def fit_without_guess(problem: FitProblem) -> BatchedFit:
    """Fit from the few best of a coarse scan, and from more where the residuals keep a structure.

    Parameters
    ----------
    problem : FitProblem
        What is fitted.
    """
    found = problem.solve(_best_start(problem, _FEW, _TRIAL_ITERATIONS))
    again = np.flatnonzero((_autocorrelation(problem, found) > _STRUCTURE) | _flattened(problem, found))
    if len(again):
        part = problem.subset(again)
        take_closer(found, part.solve(_best_start(part, _MANY, 5 * _TRIAL_ITERATIONS)), again)
    return found


def fit_from_neighbours(problem: FitProblem, found: BatchedFit) -> None:
    """Fit every spectrum of a series again from the parameters of the one before and of the one after.

    Parameters
    ----------
    problem : FitProblem
        The series in its order.
    found : BatchedFit
        Its fits; replaced where a neighbour's parameters lead closer.
    """
    rows = np.arange(len(found.parameters))
    for neighbours in (np.maximum(rows - 1, 0), np.minimum(rows + 1, len(rows) - 1)):
        take_closer(found, problem.solve(found.parameters[neighbours]), rows)


def take_closer(found: BatchedFit, other: BatchedFit, places: Rows) -> None:
    """Put the second fit in place of the first where it is closer.

    Parameters
    ----------
    found : BatchedFit
        Changed.
    other : BatchedFit
        Of some of its problems.
    places : array of int
        Which.
    """
    closer = other.sum_of_squares < found.sum_of_squares[places]
    at = places[closer]
    for name in ("parameters", "sum_of_squares", "gram", "converged"):
        getattr(found, name)[at] = getattr(other, name)[closer]


def _best_start(problem: FitProblem, count: int, iterations: int) -> Array:
    candidates = to_coordinates(problem.circuit, _candidates(problem, count))[..., problem.free]
    flat = candidates.reshape(-1, candidates.shape[2])
    trial = problem.repeated(candidates.shape[1]).solve(flat, iterations, 1e-3)
    cost = np.where(np.isfinite(trial.sum_of_squares), trial.sum_of_squares, np.inf)
    best = cost.reshape(candidates.shape[:2]).argmin(axis=1)
    return np.asarray(trial.parameters.reshape(candidates.shape)[np.arange(len(best)), best])


def _flattened(problem: FitProblem, found: BatchedFit) -> NDArray[np.bool_]:
    """Return where an arc or a spike is so depressed that it may stand for two, shape (m,)."""
    exponents = ~logarithmic(problem.circuit)[problem.free]
    return np.asarray((found.parameters[:, exponents] < _FLAT).any(axis=1))


def _autocorrelation(problem: FitProblem, found: BatchedFit) -> Array:
    """Return the correlation of neighbouring residuals, shape (m,)."""
    count = len(problem.spectra)
    residuals = problem.evaluate(found.parameters, np.arange(count))[0].reshape(count, -1, 2)
    total = np.maximum(found.sum_of_squares, np.finfo(float).tiny)
    return np.asarray(np.sum(residuals[:, 1:] * residuals[:, :-1], axis=(1, 2)) / total)


def _candidates(problem: FitProblem, count: int) -> Array:
    """Return starting values, shape (m, c, k), one grid of frequencies after another."""
    spectra = problem.spectra
    if len(spectra.frequency) == 1:
        return starting_values(problem.circuit, spectra.frequency[0], spectra.impedance, spectra.weights, count)
    rows = []
    for index in range(len(spectra)):
        used = spectra.used(index)
        alone = spectra.impedance[index : index + 1, used], spectra.weights[index : index + 1, used]
        rows.append(starting_values(problem.circuit, spectra.grid(index), *alone, count))
    most = max(row.shape[1] for row in rows)
    return np.concatenate([row[:, np.minimum(np.arange(most), row.shape[1] - 1)] for row in rows])
