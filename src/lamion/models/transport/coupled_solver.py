"""Linear systems of the coupled equations: mode by mode where the film is layered, a sparse factorisation elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import splu

from lamion.numerics.lateral_modes import BlockTridiagonal, LateralModes

Array = NDArray[np.float64]
Solve = Callable[[Array], Array]

_TOLERANCE = 1e-12
_ITERATIONS = 30


def direct(matrix: sparse.csc_array) -> Solve:
    """Factorise a matrix.

    Parameters
    ----------
    matrix : csc_array
        The Jacobian.

    Returns
    -------
    callable
        From a right-hand side to the solution.
    """
    factors = splu(matrix, permc_spec="COLAMD")
    return lambda right: np.asarray(factors.solve(right), dtype=float)


@dataclass(frozen=True, eq=False)
class ByModes:
    """An approximate inverse from the laterally averaged state, exact where that is the state itself.

    Parameters
    ----------
    modes : LateralModes
        Of the grid.
    blocks : BlockTridiagonal
        One system per lateral mode, per unit of lateral area.
    lateral_area : array
        Of the cells seen through the film, broadcastable to the grid.
    """

    modes: LateralModes
    blocks: BlockTridiagonal
    lateral_area: Array

    def __call__(self, right: Array) -> Array:
        """Return the approximate solution of a right-hand side of the whole grid."""
        shape = self.modes.grid.shape
        salt, charge = (self.modes.transform(right[k::2].reshape(shape) / self.lateral_area) for k in (0, 1))
        modes = np.stack([salt.reshape(shape[0], -1), charge.reshape(shape[0], -1)], axis=1)
        found = self.blocks.solve(modes)
        unknowns = np.empty_like(right)
        for k in (0, 1):
            unknowns[k::2] = self.modes.inverse(found[:, k].reshape(shape)).ravel()
        return unknowns


def refined(matrix: sparse.csc_array, precondition: Solve, scale: Array) -> Callable[[Array], Array | None]:
    """Solve by a Krylov method behind an approximate inverse.

    Parameters
    ----------
    matrix : csc_array
        The Jacobian.
    precondition : callable
        Its approximate inverse.
    scale : array
        Sizes of the unknowns, for the norm.

    Returns
    -------
    callable
        From a right-hand side to the solution, None where it does not converge.
    """

    def solve(right: Array) -> Array | None:
        return _gmres(lambda x: precondition(matrix @ (scale * x)) / scale, precondition(right) / scale, scale)

    return solve


def _gmres(apply: Solve, right: Array, scale: Array) -> Array | None:
    """Run GMRES without restart: the preconditioner leaves a few iterations at most."""
    size = float(np.linalg.norm(right))
    if size == 0:
        return np.zeros_like(right)
    basis = [right / size]
    hessenberg = np.zeros((_ITERATIONS + 1, _ITERATIONS))
    for k in range(_ITERATIONS):
        new = apply(basis[k])
        for _ in range(2):
            for m, vector in enumerate(basis):
                part = float(vector @ new)
                hessenberg[m, k] += part
                new = new - part * vector
        rest = float(np.linalg.norm(new))
        hessenberg[k + 1, k] = rest
        goal = np.zeros(k + 2)
        goal[0] = size
        coefficients, *_ = np.linalg.lstsq(hessenberg[: k + 2, : k + 1], goal, rcond=None)
        left = float(np.linalg.norm(hessenberg[: k + 2, : k + 1] @ coefficients - goal))
        if left <= _TOLERANCE * size or rest <= 1e-14 * size:
            return np.asarray(scale * sum(a * vector for a, vector in zip(coefficients, basis, strict=True)))
        basis.append(new / rest)
    return None
