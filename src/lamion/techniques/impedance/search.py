"""The best of several starts, found from the spectra alone: for five parameters and more, many local minima exist."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from lamion.numerics.batched_least_squares import BatchedFit, Rows, inverses
from lamion.techniques.impedance.circuit import to_coordinates, to_values
from lamion.techniques.impedance.elements.element import Array, ComplexArray
from lamion.techniques.impedance.fit_problem import FitProblem
from lamion.techniques.impedance.reseating import reseated
from lamion.techniques.impedance.starting_values import starting_values

_TRIAL_ITERATIONS = 12
_FEW = 3
_MANY = 48
_ROUNDS = 2
_KEPT = 6
_ALIKE = 1e-2
_VAGUE = 0.1
_BROAD = 0.05
_HINT = 0.1
_STRUCTURE = 0.2
_FLAT = 0.6


def fit_without_guess(problem: FitProblem, *, thorough: bool = True) -> BatchedFit:
    """Fit from the few best of a coarse scan; search further where the fit may have stopped short.

    Parameters
    ----------
    problem : FitProblem
        What is fitted.
    thorough : bool
        Whether a parameter that is hardly determined is a doubt, too, as where its part went to nothing or to a wall;
        else only a structure in the residuals or an exponent far down.
    """
    found = problem.solve(_best_start(problem))
    structure = _autocorrelation(problem, found)
    doubt = (structure > _STRUCTURE) | _flattened(problem, found)
    if thorough:
        doubt |= _vague(problem, found, _VAGUE) | ((structure > _HINT) & _vague(problem, found, _BROAD))
    again = np.flatnonzero(doubt)
    if len(again):
        take_closer(found, _search(problem.subset(again), found.parameters[again]), again)
    return found


def _vague(problem: FitProblem, found: BatchedFit, limit: float) -> NDArray[np.bool_]:
    """Return where a parameter is hardly determined or the fit did not end, shape (m,)."""
    left = np.maximum(2 * problem.spectra.points - found.parameters.shape[1], 1)
    variance = np.einsum("mkk->mk", inverses(found.gram)) * (found.sum_of_squares / left)[:, None]
    return np.asarray(~(np.sqrt(variance) < limit).all(axis=1) | ~found.converged)


def _search(problem: FitProblem, known: Array) -> BatchedFit:
    """Keep several distinct minima from a wide scan, move one part of each at a time, and keep the best again."""
    scanned = to_coordinates(problem.circuit, _candidates(problem, _MANY, wide=True))[..., problem.free]
    beam = _best_distinct(problem, np.concatenate([known[:, None], scanned], axis=1))
    for _ in range(_ROUNDS):
        flat = beam.reshape(-1, beam.shape[2])
        moved = _moved(problem.repeated(beam.shape[1]), flat).reshape(len(beam), -1, beam.shape[2])
        beam = _best_distinct(problem, np.concatenate([beam, moved], axis=1))
    return problem.solve(beam[:, 0])


def _best_distinct(problem: FitProblem, candidates: Array) -> Array:
    """Return where the best of short fits end that differ, fitted to their ends, the best first, shape (m, c, free)."""
    count = candidates.shape[1]
    trial = problem.repeated(count).solve(candidates.reshape(-1, candidates.shape[2]), _TRIAL_ITERATIONS, 1e-3)
    ends, cost = trial.parameters.reshape(candidates.shape), _finite(trial.sum_of_squares).reshape(-1, count)
    order = np.argsort(cost, axis=1, kind="stable")
    cost = np.take_along_axis(cost, order, axis=1)
    again = np.diff(cost, axis=1, prepend=-np.inf) <= _ALIKE * cost
    kept = np.take_along_axis(order, np.argsort(again, axis=1, kind="stable")[:, :_KEPT], axis=1)
    chosen = np.take_along_axis(ends, kept[..., None], axis=1)
    fits = problem.repeated(chosen.shape[1]).solve(chosen.reshape(-1, chosen.shape[2]))
    best = np.argsort(_finite(fits.sum_of_squares).reshape(chosen.shape[:2]), axis=1, kind="stable")
    return np.asarray(np.take_along_axis(fits.parameters.reshape(chosen.shape), best[..., None], axis=1))


def _finite(cost: Array) -> Array:
    return np.where(np.isfinite(cost), cost, np.finfo(float).max)


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


def _best_start(problem: FitProblem) -> Array:
    """Return where the best of a few short fits ends, shape (m, free)."""
    candidates = to_coordinates(problem.circuit, _candidates(problem, _FEW))[..., problem.free]
    trial = problem.repeated(candidates.shape[1]).solve(
        candidates.reshape(-1, candidates.shape[2]), _TRIAL_ITERATIONS, 1e-3
    )
    best = _finite(trial.sum_of_squares).reshape(candidates.shape[:2]).argmin(axis=1)
    return np.asarray(trial.parameters.reshape(candidates.shape)[np.arange(len(best)), best])


def _flattened(problem: FitProblem, found: BatchedFit) -> NDArray[np.bool_]:
    """Return where an arc or a spike is so depressed that it may stand for two, shape (m,)."""
    exponents = np.array([parameter.exponent for parameter in problem.circuit.parameters])[problem.free]
    return np.asarray((found.parameters[:, exponents] < _FLAT).any(axis=1))


def _autocorrelation(problem: FitProblem, found: BatchedFit) -> Array:
    """Return the correlation of neighbouring residuals, shape (m,)."""
    count = len(problem.spectra)
    residuals = problem.evaluate(found.parameters, np.arange(count))[0].reshape(count, -1, 2)
    total = np.maximum(found.sum_of_squares, np.finfo(float).tiny)
    return np.asarray(np.sum(residuals[:, 1:] * residuals[:, :-1], axis=(1, 2)) / total)


def _candidates(problem: FitProblem, count: int, *, wide: bool = False) -> Array:
    """Return starting values, shape (m, c, k)."""
    return _by_grid(problem, lambda f, z, w, rows: starting_values(problem.circuit, f, z, w, count, wide=wide))


def _moved(problem: FitProblem, coordinates: Array) -> Array:
    """Return coordinates with one part of the circuit moved, shape (m, c, free)."""
    whole = problem.held.copy()
    whole[:, problem.free] = coordinates
    values = to_values(problem.circuit, whole)
    moved = _by_grid(problem, lambda f, z, w, rows: reseated(problem.circuit, f, z, w, values[rows]))
    return np.asarray(to_coordinates(problem.circuit, moved)[..., problem.free])


def _by_grid(problem: FitProblem, starts: Callable[[Array, ComplexArray, Array, Rows], Array]) -> Array:
    """Return starting values, shape (m, c, k), one grid of frequencies after another."""
    spectra = problem.spectra
    if len(spectra.frequency) == 1:
        return starts(spectra.frequency[0], spectra.impedance, spectra.weights, np.arange(len(spectra)))
    rows = []
    for index in range(len(spectra)):
        used, own = spectra.used(index), np.array([index])
        rows.append(starts(spectra.grid(index), spectra.impedance[own][:, used], spectra.weights[own][:, used], own))
    most = max(row.shape[1] for row in rows)
    return np.concatenate([row[:, np.minimum(np.arange(most), row.shape[1] - 1)] for row in rows])
