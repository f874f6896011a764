"""Least squares of many problems that have some parameters in common."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.numerics.batched_least_squares import Array, Evaluate, inverses, moments

_FIRST_DAMPING = 1e-3
_LARGEST_DAMPING = 1e12
_LARGEST_STEP = 2.0


@dataclass(frozen=True, eq=False)
class SharedFit:
    """The minimum of the sum over m problems.

    Parameters
    ----------
    parameters : array, shape (m, k)
        The best parameters; the shared ones are the same in every row.
    sum_of_squares : array, shape (m,)
        Of each problem's residuals.
    inverse : array, shape (m, k, k)
        Each row's block of the inverse of the whole J J^T: times the noise's variance, the covariance.
    converged : bool
        Whether a Newton step would lower the sum no further.
    """

    parameters: Array
    sum_of_squares: Array
    inverse: Array
    converged: bool


def fit_shared(
    evaluate: Evaluate,
    start: Array,
    shared: NDArray[np.bool_],
    lower: ArrayLike = -np.inf,
    upper: ArrayLike = np.inf,
    *,
    tolerance: float = 1e-8,
    floor: float = 1e-20,
    most_iterations: int = 200,
) -> SharedFit:
    r"""Minimise the sum of m sums of squares that share parameters.

    Each problem's own parameters are eliminated (a Schur complement), so that the cost grows with m only linearly:

    .. math:: \Big(\sum_i A_i - B_i^T D_i^{-1} B_i\Big)\,\delta_s = -\sum_i \big(g_{s,i} - B_i^T D_i^{-1} g_i\big)

    Parameters
    ----------
    evaluate : callable
        As in :func:`~lamion.numerics.batched_least_squares.fit_batch`.
    start : array, shape (m, k)
        Where to begin; the shared ones begin at their median.
    shared : array of bool, shape (k,)
        Which parameters are shared; one at least.
    lower, upper : array-like, shape (k,)
        Bounds.
    tolerance, floor, most_iterations
        As in :func:`~lamion.numerics.batched_least_squares.fit_batch`, for the sum over all problems.

    Examples
    --------
    >>> x, rows = np.linspace(0.0, 1.0, 5), np.array([[2.0], [3.0]])
    >>> data = rows + 0.5 * x
    >>> def evaluate(p, at):
    ...     return p[:, :1] + p[:, 1:] * x - data[at], np.broadcast_to(np.stack([np.ones(5), x]), (len(p), 2, 5))
    >>> fit_shared(evaluate, np.zeros((2, 2)), np.array([False, True])).parameters.round(6)
    array([[2. , 0.5],
           [3. , 0.5]])
    """
    low, high = (np.broadcast_to(np.asarray(b, dtype=np.float64), shared.shape) for b in (lower, upper))
    best = np.array(start, dtype=np.float64)
    best[:, shared] = np.median(best[:, shared], axis=0)
    best = np.clip(best, low, high)
    rows = np.arange(len(best))
    cost, gradient, gram = moments(*evaluate(best, rows))
    damping, growth, converged = _FIRST_DAMPING, 2.0, False
    for _ in range(most_iterations):
        held = _held(best, gradient, shared, low, high)
        step = _step(gradient, gram, held, shared, damping)
        trial = np.clip(best + step, low, high)
        step = trial - best
        predicted = -2 * np.sum(gradient * step) - float(np.einsum("mk,mkl,ml->", step, gram, step))
        new_cost, new_gradient, new_gram = moments(*evaluate(trial, rows))
        better = bool(new_cost.sum() < cost.sum())
        converged = bool(predicted <= tolerance * max(float(cost.sum()), floor) and (damping <= 1.0 or not better))
        if better:
            best, cost, gradient, gram = trial, new_cost, new_gradient, new_gram
            damping, growth = max(damping / 5, 1e-12), 2.0
        else:
            damping, growth = damping * growth, 2 * growth
        if converged or damping > _LARGEST_DAMPING:
            break
    return SharedFit(best, cost, _inverse(gram, shared), converged)


def _held(best: Array, gradient: Array, shared: NDArray[np.bool_], low: Array, high: Array) -> NDArray[np.bool_]:
    """Return which parameters stand at a bound and would leave it; the shared ones by their whole gradient."""
    whole = np.where(shared, gradient.sum(axis=0), gradient)
    return np.asarray(((best <= low) & (whole > 0)) | ((best >= high) & (whole < 0)))


def _step(gradient: Array, gram: Array, held: NDArray[np.bool_], shared: NDArray[np.bool_], damping: float) -> Array:
    moving = (~held).astype(np.float64)
    system = gram * moving[:, :, None] * moving[:, None, :]
    diagonal = np.einsum("mkk->mk", system)
    diagonal += np.where(held, 1.0, damping * diagonal + np.finfo(float).tiny)
    right = -np.where(held, 0.0, gradient)
    own = ~shared
    step = np.zeros_like(gradient)
    coupling = system[:, own][:, :, shared]
    both = np.concatenate([coupling, right[:, own, None]], axis=2)
    scale = np.sqrt(np.einsum("mkk->mk", system[:, own][:, :, own]))[..., None]
    solved = np.linalg.solve(system[:, own][:, :, own] / (scale * scale.transpose(0, 2, 1)), both / scale) / scale
    reduced = np.sum(system[:, shared][:, :, shared] - coupling.transpose(0, 2, 1) @ solved[:, :, :-1], axis=0)
    target = np.sum(right[:, shared] - (coupling.transpose(0, 2, 1) @ solved[:, :, -1:])[..., 0], axis=0)
    common = np.linalg.lstsq(reduced, target, rcond=1e-14)[0]
    step[:, shared] = common
    step[:, own] = solved[:, :, -1] - solved[:, :, :-1] @ common
    return step * (_LARGEST_STEP / max(float(np.abs(step).max(initial=0.0)), _LARGEST_STEP))


def _inverse(gram: Array, shared: NDArray[np.bool_]) -> Array:
    """Return each row's block of the inverse of the whole Gram matrix."""
    own = ~shared
    alone = inverses(gram[:, own][:, :, own])
    finite = np.where(np.isfinite(alone), alone, 0.0)
    coupling = gram[:, own][:, :, shared]
    reach = finite @ coupling
    reduced = np.sum(gram[:, shared][:, :, shared] - coupling.transpose(0, 2, 1) @ reach, axis=0)
    common = inverses(reduced[None])[0]
    inverse = np.zeros_like(gram)
    at, among = np.flatnonzero(own), np.flatnonzero(shared)
    known = np.where(np.isfinite(common), common, 0.0)
    inverse[:, at[:, None], at] = alone + reach @ known @ reach.transpose(0, 2, 1)
    inverse[:, among[:, None], among] = common
    cross = -reach @ known
    inverse[:, at[:, None], among] = cross
    inverse[:, among[:, None], at] = cross.transpose(0, 2, 1)
    return inverse
