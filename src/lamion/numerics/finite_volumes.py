r"""Finite volumes for :math:`\nabla\cdot(k\,\nabla u)` on tensor grids: fluxes through faces, conserved exactly.

Two points and the harmonic mean of the coefficient give the flux through a face,
:math:`g_f (u_a - u_b)` with :math:`g_f = A / (h_a/2k_a + h_b/2k_b)`: exact for layers, second order otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from lamion.numerics.tensor_grid import Array, TensorGrid

Side = Literal["low", "high"]


def face_conductances(grid: TensorGrid, axis: int, coefficient: Array, *, periodic: bool = False) -> Array:
    r"""Return the conductance of every face between two cells along an axis.

    .. math:: g_f = \frac{A_f}{h_a / 2k_a + h_b / 2k_b}

    Parameters
    ----------
    grid : TensorGrid
        The cells.
    axis : int
        The axis the faces look along.
    coefficient : array, broadcastable to grid.shape
        k along this axis, not negative; a face beside a cell with k = 0 passes nothing.
    periodic : bool
        Whether the last cell meets the first; then the last face is theirs.

    Returns
    -------
    array
        Shape of the grid with one face fewer along `axis`, or as many when periodic.

    References
    ----------
    S. V. Patankar, Numerical Heat Transfer and Fluid Flow, Hemisphere, 1980, section 4.2-3.

    Examples
    --------
    >>> grid = TensorGrid((np.linspace(0, 2, 3),))
    >>> face_conductances(grid, 0, np.array([1.0, 3.0]))
    array([1.5])
    """
    halves = _half_conductances(grid, axis, coefficient)
    low = halves if periodic else _cut(halves, axis, slice(None, -1))
    high = np.roll(halves, -1, axis) if periodic else _cut(halves, axis, slice(1, None))
    total = low + high
    return np.divide(low * high, total, out=np.zeros_like(total), where=total > 0)


def boundary_conductances(grid: TensorGrid, axis: int, side: Side, coefficient: Array) -> Array:
    r"""Return the conductance from the outermost cells to their outer faces, :math:`A / (h / 2k)`.

    Parameters
    ----------
    grid : TensorGrid
        The cells.
    axis : int
        The axis the boundary looks along.
    side : str
        ``"low"`` or ``"high"``.
    coefficient : array, broadcastable to grid.shape
        k along this axis, not negative.

    Returns
    -------
    array
        Shape of the grid with one cell along `axis`.

    Examples
    --------
    >>> boundary_conductances(TensorGrid((np.linspace(0, 2, 3),)), 0, "low", np.array([1.0, 3.0]))
    array([2.])
    """
    return _cut(_half_conductances(grid, axis, coefficient), axis, slice(0, 1) if side == "low" else slice(-1, None))


def diffusion_matrix(
    grid: TensorGrid, coefficients: Sequence[Array], *, periodic: Sequence[bool] | None = None
) -> sparse.csr_array:
    r"""Return the matrix of :math:`-\nabla\cdot(k\,\nabla u)` integrated over each cell, no flux at the boundary.

    Symmetric and positive semi-definite; add :func:`boundary_conductances` to the diagonal, and their product with the
    boundary's value to the right-hand side, where the boundary holds a value.

    Parameters
    ----------
    grid : TensorGrid
        The cells; unknowns are numbered as numpy ravels `grid.shape`.
    coefficients : sequence of array, one per axis, each broadcastable to grid.shape
        Principal values of k; they may differ between axes.
    periodic : sequence of bool, optional
        Axes along which the last cell meets the first; none by default.

    Returns
    -------
    csr_array, shape (cells, cells)

    Examples
    --------
    >>> grid = TensorGrid((np.linspace(0, 3, 4),))
    >>> diffusion_matrix(grid, [np.ones(3)]).toarray()
    array([[ 1., -1.,  0.],
           [-1.,  2., -1.],
           [ 0., -1.,  1.]])
    """
    numbers = np.arange(grid.cells).reshape(grid.shape)
    wraps = periodic or [False] * grid.dimension
    diagonal = np.zeros(grid.cells)
    rows, columns, values = [], [], []
    for axis, (coefficient, wrap) in enumerate(zip(coefficients, wraps, strict=True)):
        conductances = face_conductances(grid, axis, coefficient, periodic=wrap).ravel()
        low, high = _neighbours(numbers, axis, wrap)
        diagonal += np.bincount(low, conductances, grid.cells) + np.bincount(high, conductances, grid.cells)
        rows += [low, high]
        columns += [high, low]
        values += [-conductances, -conductances]
    every = numbers.ravel()
    entries = np.concatenate([*values, diagonal])
    places = (np.concatenate([*rows, every]), np.concatenate([*columns, every]))
    return sparse.csr_array(sparse.coo_array((entries, places), shape=(grid.cells, grid.cells)))


def _half_conductances(grid: TensorGrid, axis: int, coefficient: Array) -> Array:
    shape = [1] * grid.dimension
    shape[axis] = -1
    halves = 2 * np.broadcast_to(coefficient, grid.shape) / grid.widths[axis].reshape(shape)
    return np.asarray(halves * grid.face_areas(axis), dtype=float)


def _neighbours(numbers: NDArray[np.int64], axis: int, wrap: bool) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    if wrap:
        return numbers.ravel(), np.roll(numbers, -1, axis).ravel()
    return _cut(numbers, axis, slice(None, -1)).ravel(), _cut(numbers, axis, slice(1, None)).ravel()


def _cut(values: NDArray[Any], axis: int, part: slice) -> NDArray[Any]:
    return values[(slice(None),) * axis + (part,)]
