"""Many nonlinear least-squares problems of one shape, solved together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Rows = NDArray[np.intp]
Evaluate = Callable[[Array, Rows], tuple[Array, Array]]

_FIRST_DAMPING = 1e-3
_LARGEST_DAMPING = 1e10
_LARGEST_STEP = 2.0
_RIDGE = 1e-14


@dataclass(frozen=True, eq=False)
class BatchedFit:
    """The minima of m sums of squares.

    Parameters
    ----------
    parameters : array, shape (m, k)
        The best parameters.
    sum_of_squares : array, shape (m,)
        Of the residuals there.
    gram : array, shape (m, k, k)
        J J^T there, J the derivatives of the residuals.
    converged : array of bool, shape (m,)
        Whether a Newton step would lower the sum of squares no further.
    iterations : int
        Evaluations of the slowest problem.
    """

    parameters: Array
    sum_of_squares: Array
    gram: Array
    converged: NDArray[np.bool_]
    iterations: int


def fit_batch(
    evaluate: Evaluate,
    start: Array,
    lower: ArrayLike = -np.inf,
    upper: ArrayLike = np.inf,
    *,
    tolerance: float = 1e-8,
    floor: float = 1e-20,
    most_iterations: int = 200,
) -> BatchedFit:
    r"""Minimise m sums of squares by Levenberg and Marquardt's method, all at once.

    Each problem has its own damping; those that are done leave the batch. The step solves

    .. math:: (J J^T + \lambda\,\mathrm{diag}(J J^T))\,\delta = -J r

    without the parameters that stand at a bound and would leave it.

    Parameters
    ----------
    evaluate : callable
        Parameters, shape (a, k), and the indices of their problems, shape (a,), to residuals, shape (a, n), and
        their derivatives, shape (a, k, n).
    start : array, shape (m, k)
        Where to begin.
    lower, upper : array-like, broadcasting to (m, k)
        Bounds.
    tolerance : float
        A problem is solved when the step would lower its sum of squares by less than this fraction.
    floor : float
        A sum of squares that counts as zero.
    most_iterations : int
        Evaluations after which to give up.

    Returns
    -------
    BatchedFit

    References
    ----------
    H. B. Nielsen, Damping parameter in Marquardt's method, IMM-REP-1999-05, Technical University of Denmark 1999
    (how the damping follows the gain).

    Examples
    --------
    >>> x = np.linspace(0.0, 1.0, 5)
    >>> data = np.array([[2.0], [3.0]]) * np.exp(-x)
    >>> def evaluate(p, rows):
    ...     shape = np.exp(-p[:, 1:] * x)
    ...     return p[:, :1] * shape - data[rows], np.stack([shape, -p[:, :1] * x * shape], axis=1)
    >>> fit_batch(evaluate, np.ones((2, 2)) * 0.5).parameters.round(6)
    array([[2., 1.],
           [3., 1.]])
    """
    state = _State.begin(evaluate, start, lower, upper)
    iterations = 0
    while len(state.active) and iterations < most_iterations:
        state.step(evaluate, tolerance, floor)
        iterations += 1
    return BatchedFit(state.best, state.cost, state.gram, state.converged, iterations)


@dataclass(eq=False)
class _State:
    best: Array
    cost: Array
    gradient: Array
    gram: Array
    lower: Array
    upper: Array
    damping: Array
    growth: Array
    converged: NDArray[np.bool_]
    active: Rows

    @classmethod
    def begin(cls, evaluate: Evaluate, start: Array, lower: ArrayLike, upper: ArrayLike) -> _State:
        low, high = (np.broadcast_to(np.asarray(b, dtype=np.float64), start.shape) for b in (lower, upper))
        best = np.clip(start, low, high)
        rows = np.arange(len(best))
        cost, gradient, gram = moments(*evaluate(best, rows))
        return cls(
            best=best,
            cost=cost,
            gradient=gradient,
            gram=gram,
            lower=low,
            upper=high,
            damping=np.full(len(best), _FIRST_DAMPING),
            growth=np.full(len(best), 2.0),
            converged=np.zeros(len(best), dtype=bool),
            active=rows,
        )

    def step(self, evaluate: Evaluate, tolerance: float, floor: float) -> None:
        at = self.active
        trial, predicted = self._trial(at)
        cost, gradient, gram = moments(*evaluate(trial, at))
        reduction = self.cost[at] - cost
        better = np.isfinite(cost) & (reduction > 0)
        small = predicted <= tolerance * np.maximum(self.cost[at], floor)
        done = small & ((self.damping[at] <= 1.0) | ~better)
        self._damp(at, better, reduction, predicted)
        taken = at[better]
        self.best[taken], self.cost[taken] = trial[better], cost[better]
        self.gradient[taken], self.gram[taken] = gradient[better], gram[better]
        self.converged[at] = done
        self.active = at[~done & (self.damping[at] < _LARGEST_DAMPING)]

    def _trial(self, at: Rows) -> tuple[Array, Array]:
        x, g, gram = self.best[at], self.gradient[at], self.gram[at]
        held = ((x <= self.lower[at]) & (g > 0)) | ((x >= self.upper[at]) & (g < 0))
        step = _damped_step(gram, g, held, self.damping[at])
        rows = np.flatnonzero((np.abs(step) > _LARGEST_STEP).any(axis=1))
        if len(rows):
            step[rows] = _cut_step(gram[rows], g[rows], held[rows], self.damping[at[rows]], step[rows])
        trial = np.clip(x + step, self.lower[at], self.upper[at])
        step = trial - x
        curved = np.einsum("mk,mkl,ml->m", step, gram, step)
        return trial, np.maximum(-2 * np.einsum("mk,mk->m", g, step) - curved, 0.0)

    def _damp(self, at: Rows, better: NDArray[np.bool_], reduction: Array, predicted: Array) -> None:
        gained = np.where(better, reduction, 0.0)
        gain = gained / np.maximum(np.maximum(predicted, 1e-3 * gained), np.finfo(float).tiny)
        eased = np.maximum(1.0 / 5.0, 1.0 - (2.0 * np.clip(gain, 0.0, 2.0) - 1.0) ** 3)
        self.damping[at] *= np.where(better, eased, self.growth[at])
        self.damping[at] = np.maximum(self.damping[at], 1e-12)
        self.growth[at] = np.where(better, 2.0, 2.0 * self.growth[at])


def _damped_step(gram: Array, gradient: Array, held: NDArray[np.bool_], damping: Array) -> Array:
    """Return the steps of all problems, shape (a, k), zero where a parameter is held."""
    scale = np.sqrt(np.maximum(np.einsum("mkk->mk", gram), np.finfo(float).tiny))
    moving = (~held).astype(np.float64)
    system = gram / (scale[:, :, None] * scale[:, None, :]) * (moving[:, :, None] * moving[:, None, :])
    diagonal = np.einsum("mkk->mk", system)
    diagonal += np.where(held, 1.0, damping[:, None] + _RIDGE)
    right = np.where(held, 0.0, -gradient / scale)
    return np.asarray(np.linalg.solve(system, right[..., None])[..., 0] / scale)


def _cut_step(gram: Array, gradient: Array, held: NDArray[np.bool_], damping: Array, step: Array) -> Array:
    """Cut the parameters that would go too far, as flat ones do, and step the others beside them."""
    far = np.abs(step) > _LARGEST_STEP
    cut = np.where(far, np.sign(step) * _LARGEST_STEP, 0.0)
    beside = gradient + np.einsum("mkl,ml->mk", gram, cut)
    rest = _damped_step(gram, beside, held | far, damping)
    return np.where(far, cut, np.clip(rest, -_LARGEST_STEP, _LARGEST_STEP))


def moments(residuals: Array, jacobian: Array) -> tuple[Array, Array, Array]:
    """Return the sums of squares, half their gradients and half their curvatures.

    Parameters
    ----------
    residuals : array, shape (m, n)
    jacobian : array, shape (m, k, n)
    """
    cost = np.einsum("mn,mn->m", residuals, residuals)
    gradient = np.matmul(jacobian, residuals[..., None])[..., 0]
    return cost, gradient, np.matmul(jacobian, jacobian.transpose(0, 2, 1))


def inverses(gram: Array) -> Array:
    """Invert Gram matrices on scaled columns; what is not determined gets an infinite variance.

    Parameters
    ----------
    gram : array, shape (m, k, k)

    Returns
    -------
    array, shape (m, k, k)

    Examples
    --------
    >>> inverses(np.array([[[4.0, 0.0], [0.0, 0.0]]])).tolist()
    [[[0.25, 0.0], [0.0, inf]]]
    """
    size = np.sqrt(np.einsum("mkk->mk", gram))
    scale = np.where(size > 0, size, 1.0)
    values, vectors = np.linalg.eigh(gram / (scale[:, :, None] * scale[:, None, :]))
    kept = values > 1e-13 * values.max(axis=1, keepdims=True)
    weights = np.where(kept, 1.0 / np.where(kept, values, 1.0), 0.0)
    inverse = np.matmul(vectors * weights[:, None, :], vectors.transpose(0, 2, 1))
    lost = np.any((np.abs(vectors) > 1e-3) & ~kept[:, None, :], axis=2) | (size == 0)
    inverse /= scale[:, :, None] * scale[:, None, :]
    problem, parameter = np.nonzero(lost)
    inverse[problem, parameter, parameter] = np.inf
    return np.asarray(inverse)
