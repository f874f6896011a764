r"""Effective conductivities of a box of cells: between two faces, and the whole tensor of a periodic one.

Solved directly (sparse LU): meant for two-dimensional cells of up to some hundred thousand unknowns.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import splu

from lamion.numerics.finite_volumes import boundary_conductances, diffusion_matrix, face_conductances
from lamion.numerics.tensor_grid import Array, TensorGrid


@dataclass(frozen=True, eq=False)
class BetweenFaces:
    """What a box conducts between two opposite faces, its other faces closed.

    Parameters
    ----------
    conductivity : float
        That a homogeneous box would need, in the unit of the coefficient.
    potential : array, shape of the grid
        1 at the high face, 0 at the low face; NaN in cells that conduct to neither.
    """

    conductivity: float
    potential: Array


def between_faces(grid: TensorGrid, coefficient: Array, axis: int) -> BetweenFaces:
    r"""Solve :math:`\nabla\cdot(k\nabla u) = 0` with u = 0 and 1 at two faces.

    .. math:: k_\mathrm{eff} = L \sum_f g_f (1 - u_f) \Big/ \prod_{k \ne \mathrm{axis}} L_k

    Parameters
    ----------
    grid : TensorGrid
        The cells.
    coefficient : array, shape of the grid
        k, not negative.
    axis : int
        From which face to which.

    Returns
    -------
    BetweenFaces

    Examples
    --------
    >>> grid = TensorGrid((np.linspace(0, 1, 3), np.linspace(0, 1, 2)))
    >>> round(between_faces(grid, np.array([[1.0], [3.0]]), 0).conductivity, 12)
    1.5
    """
    matrix = diffusion_matrix(grid, [coefficient] * grid.dimension)
    sides = {side: np.zeros(grid.shape) for side in ("low", "high")}
    _ends(sides["low"], axis, 0)[...] = boundary_conductances(grid, axis, "low", coefficient)
    _ends(sides["high"], axis, -1)[...] = boundary_conductances(grid, axis, "high", coefficient)
    held, source = (sides["low"] + sides["high"]).ravel(), sides["high"].ravel()
    matrix = sparse.csr_array(matrix + sparse.diags_array(held))
    matrix.eliminate_zeros()
    potential = np.full(grid.cells, np.nan)
    reached = _reached(matrix, held > 0)
    potential[reached] = _solve(matrix[reached][:, reached], source[reached])
    current = float(np.sum(source[reached] * (1 - potential[reached])))
    area = float(np.prod([length for k, length in enumerate(grid.lengths) if k != axis]))
    return BetweenFaces(current * grid.lengths[axis] / area, potential.reshape(grid.shape))


def periodic_tensor(grid: TensorGrid, coefficient: Array) -> Array:
    r"""Return the effective tensor of a periodic medium from one of its cells.

    .. math:: V K_{ij} = \sum_f g_f (\Delta v_i + \delta_{i})(\Delta v_j + \delta_{j})

    in which :math:`v_i` is the periodic part of the potential under a unit gradient along axis i and :math:`\delta_i`
    that gradient's drop from centre to centre.

    Parameters
    ----------
    grid : TensorGrid
        The period.
    coefficient : array, shape of the grid
        k, not negative.

    Returns
    -------
    array, shape (dimension, dimension)
        Symmetric.

    Examples
    --------
    >>> grid = TensorGrid((np.linspace(0, 1, 3), np.linspace(0, 1, 3)))
    >>> np.round(periodic_tensor(grid, np.array([[1.0, 1.0], [3.0, 3.0]])), 12).tolist()
    [[1.5, 0.0], [0.0, 2.0]]
    """
    dimension = grid.dimension
    axes = range(dimension)
    conductances = [face_conductances(grid, axis, coefficient, periodic=True) for axis in axes]
    drops = [_drops(grid, axis) for axis in axes]
    sources = np.stack(
        [
            (np.roll(g * d, 1, axis) - g * d).ravel()
            for axis, (g, d) in enumerate(zip(conductances, drops, strict=True))
        ],
        axis=1,
    )
    matrix = diffusion_matrix(grid, [coefficient] * dimension, periodic=[True] * dimension)
    fields = -_solve_floating(matrix, sources)
    shaped = [fields[:, axis].reshape(grid.shape) for axis in axes]
    tensor = np.zeros((dimension, dimension))
    for axis, (g, d) in enumerate(zip(conductances, drops, strict=True)):
        steps = [np.roll(v, -1, axis) - v + (d if i == axis else 0.0) for i, v in enumerate(shaped)]
        tensor += [[float(np.sum(g * one * other)) for other in steps] for one in steps]
    return np.asarray(tensor / float(np.prod(grid.lengths)), dtype=float)


def _drops(grid: TensorGrid, axis: int) -> Array:
    widths = grid.widths[axis]
    shape = [1] * grid.dimension
    shape[axis] = -1
    return np.asarray(((widths + np.roll(widths, -1)) / 2).reshape(shape), dtype=float)


def _ends(values: Array, axis: int, end: int) -> Array:
    return values[(slice(None),) * axis + (slice(end, None) if end else slice(0, 1),)]


def _solve(matrix: sparse.csr_array, source: Array) -> Array:
    if matrix.shape[0] == 0:
        return np.zeros_like(source)
    options = {"SymmetricMode": True}
    factors = splu(sparse.csc_array(matrix), permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options=options)
    return np.asarray(factors.solve(source), dtype=float)


def _reached(matrix: sparse.csr_array, held: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Array:
    """Tell which unknowns are connected to one that is held."""
    parts, part = connected_components(matrix, directed=False)
    touches = np.zeros(parts, dtype=bool)
    touches[part[held]] = True
    return np.asarray(touches[part])


def _solve_floating(matrix: sparse.csr_array, sources: Array) -> Array:
    """Solve with one unknown of every connected part held at zero."""
    matrix.eliminate_zeros()
    _, part = connected_components(matrix, directed=False)
    _, first = np.unique(part, return_index=True)
    free = np.ones(matrix.shape[0], dtype=bool)
    free[first] = False
    solution = np.zeros_like(sources)
    if free.any():
        solution[free] = _solve(matrix[free][:, free], sources[free])
    return solution


def extrapolate(values: Sequence[float], ratio: float = 2.0, order: float = 2.0) -> tuple[float, float]:
    r"""Extrapolate values on ever finer meshes to the limit, with an estimate of what is left.

    .. math:: f_\infty = f_k + \frac{f_k - f_{k-1}}{r^p - 1}

    Parameters
    ----------
    values : sequence of float
        On meshes each finer by `ratio` than the one before; two or more.
    ratio : float
        r.
    order : float
        p, the order of convergence.

    Returns
    -------
    (float, float)
        The limit, and its distance from the limit without the last mesh (from the last value, where there are two).

    Examples
    --------
    >>> extrapolate([1.25, 1.0625])
    (1.0, 0.0625)
    """
    gain = ratio**order - 1
    limits = [fine + (fine - coarse) / gain for coarse, fine in itertools.pairwise(values)]
    before = limits[-2] if len(limits) > 1 else values[-1]
    return limits[-1], abs(limits[-1] - before)
