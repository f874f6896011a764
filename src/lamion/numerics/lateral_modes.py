r"""Linear systems on a tensor grid whose coefficients vary along the first axis alone, solved mode by mode.

Without flux through the sides, the second difference along every other (lateral) axis has known eigenvectors: cosines
where the cells are even, and those of a small symmetric matrix where they are graded. In them the grid falls apart into
one banded system along the first axis for each mode: direct, and of a cost nearly in proportion to the cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.fft import dct, idct
from scipy.linalg import eigh_tridiagonal, solve_banded

from lamion.numerics.tensor_grid import Array, TensorGrid

_EVEN = 1e-12


@dataclass(frozen=True, eq=False)
class LateralModes:
    """The modes of a grid's lateral axes.

    Parameters
    ----------
    grid : TensorGrid
        Of any dimension; its first axis is the one along which coefficients may vary.

    References
    ----------
    R. E. Lynch, J. R. Rice, D. H. Thomas, Numer. Math. 6 (1964) 185.

    Examples
    --------
    >>> modes = LateralModes(TensorGrid((np.linspace(0, 1, 3), np.linspace(0, 1, 4))))
    >>> field = np.arange(6.0).reshape(2, 3)
    >>> np.allclose(modes.inverse(modes.transform(field)), field)
    True
    """

    grid: TensorGrid

    @cached_property
    def eigenvalues(self) -> tuple[Array, ...]:
        """Of minus the second difference along each lateral axis, 1/m2, each shaped to the modes."""
        found = []
        for k, width in enumerate(self.grid.widths[1:]):
            shape = [1] * (self.grid.dimension - 1)
            shape[k] = -1
            found.append(self._axis(k).eigenvalues.reshape(shape) if width.size > 1 else np.zeros(shape))
        return tuple(found)

    def transform(self, field: Array) -> Array:
        """Return the modes of a field.

        Parameters
        ----------
        field : array, shape (rows, *lateral, ...)
            Further axes are carried along.
        """
        for k in range(self.grid.dimension - 1):
            field = self._axis(k).transform(field, k + 1)
        return field

    def inverse(self, modes: Array) -> Array:
        """Return the field of some modes.

        Parameters
        ----------
        modes : array, shape (rows, *lateral, ...)
            Further axes are carried along.
        """
        for k in range(self.grid.dimension - 1):
            modes = self._axis(k).inverse(modes, k + 1)
        return modes

    def _axis(self, k: int) -> _EvenAxis | _GradedAxis:
        return self._axes[k]

    @cached_property
    def _axes(self) -> tuple[_EvenAxis | _GradedAxis, ...]:
        return tuple(
            _EvenAxis(width) if np.ptp(width) <= _EVEN * width.max() else _GradedAxis(width)
            for width in self.grid.widths[1:]
        )


@dataclass(frozen=True, eq=False)
class _EvenAxis:
    widths: Array

    @cached_property
    def eigenvalues(self) -> Array:
        n, h = self.widths.size, float(self.widths.mean())
        return np.asarray((2 * np.sin(np.pi * np.arange(n) / (2 * n)) / h) ** 2)

    def transform(self, field: Array, axis: int) -> Array:
        return np.asarray(dct(field, type=2, axis=axis, norm="ortho"))

    def inverse(self, modes: Array, axis: int) -> Array:
        return np.asarray(idct(modes, type=2, axis=axis, norm="ortho"))


@dataclass(frozen=True, eq=False)
class _GradedAxis:
    widths: Array

    @cached_property
    def _decomposition(self) -> tuple[Array, Array]:
        conductance = 2 / (self.widths[:-1] + self.widths[1:])
        root = np.sqrt(self.widths)
        diagonal = np.zeros(self.widths.size)
        diagonal[:-1] += conductance
        diagonal[1:] += conductance
        values, vectors = eigh_tridiagonal(diagonal / self.widths, -conductance / (root[:-1] * root[1:]))
        return values, vectors

    @property
    def eigenvalues(self) -> Array:
        return self._decomposition[0]

    def transform(self, field: Array, axis: int) -> Array:
        return _along(self._decomposition[1].T * np.sqrt(self.widths), field, axis)

    def inverse(self, modes: Array, axis: int) -> Array:
        return _along(self._decomposition[1] / np.sqrt(self.widths)[:, np.newaxis], modes, axis)


def _along(matrix: Array, field: Array, axis: int) -> Array:
    return np.moveaxis(np.tensordot(matrix, field, axes=(1, axis)), 0, axis)


def solve_tridiagonal(off: Array, diagonal: Array, right: Array) -> Array:
    r"""Solve many symmetric tridiagonal systems that share their off-diagonal.

    Parameters
    ----------
    off : array, shape (rows - 1,)
        Both off-diagonals.
    diagonal : array, shape (rows, ...)
        Of each system.
    right : array, shape (rows, ...)
        Right-hand sides.

    Returns
    -------
    array, shape (rows, ...)

    Notes
    -----
    All systems go to LAPACK as one, laid end to end: a loop over rows costs ten times as much.

    Examples
    --------
    >>> solve_tridiagonal(np.array([-1.0]), np.array([[2.0], [2.0]]), np.array([[1.0], [1.0]])).ravel()
    array([1., 1.])
    """
    rows = len(right)
    shape = right.shape
    d = np.broadcast_to(diagonal, shape).reshape(rows, -1)
    r = right.reshape(rows, -1)
    return _end_to_end(off, d, r).reshape(shape)


def _end_to_end(off: Array, diagonal: Array, right: Array) -> Array:
    """Solve the systems as one, laid end to end."""
    rows, systems = right.shape
    bands = np.zeros((3, systems, rows))
    bands[0, :, 1:] = off
    bands[1] = diagonal.T
    bands[2, :, :-1] = off
    found = solve_banded(
        (1, 1), bands.reshape(3, -1), right.T.ravel(), overwrite_ab=True, overwrite_b=True, check_finite=False
    )
    return np.asarray(found.reshape(systems, rows).T)


@dataclass(frozen=True, eq=False)
class BlockTridiagonal:
    """Many factorised systems of two unknowns a row, sharing the blocks beside the diagonal.

    Parameters
    ----------
    lower, upper : array, shape (rows - 1, 2, 2)
        Blocks beside the diagonal, of every system.
    diagonal : array, shape (rows, 2, 2, systems)
        Diagonal blocks of each system.
    """

    lower: Array
    diagonal: Array
    upper: Array

    @cached_property
    def _pivots(self) -> Array:
        inverses = np.empty_like(self.diagonal)
        inverses[0] = _inverse(self.diagonal[0])
        for j in range(1, len(self.diagonal)):
            fill = np.einsum("ab,bcs,cd->ads", self.lower[j - 1], inverses[j - 1], self.upper[j - 1], optimize=False)
            inverses[j] = _inverse(self.diagonal[j] - fill)
        return inverses

    def solve(self, right: Array) -> Array:
        """Solve for a right-hand side.

        Parameters
        ----------
        right : array, shape (rows, 2, systems)
            Of each system.
        """
        pivots = self._pivots
        found = np.empty(right.shape)
        found[0] = _apply(pivots[0], right[0])
        for j in range(1, len(right)):
            found[j] = _apply(pivots[j], right[j] - self.lower[j - 1] @ found[j - 1])
        for j in range(len(right) - 2, -1, -1):
            found[j] -= _apply(pivots[j], self.upper[j] @ found[j + 1])
        return found


def _inverse(blocks: Array) -> Array:
    (a, b), (c, d) = blocks
    scale = 1 / (a * d - b * c)
    return np.asarray([[d * scale, -b * scale], [-c * scale, a * scale]])


def _apply(blocks: Array, vectors: Array) -> Array:
    products = blocks * vectors
    return np.asarray(products[:, 0] + products[:, 1])
