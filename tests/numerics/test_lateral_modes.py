"""Mode by mode against sparse and dense factorisations of the same systems."""

import numpy as np
import pytest
from scipy import sparse
from scipy.sparse.linalg import spsolve

from lamion.numerics.finite_volumes import diffusion_matrix
from lamion.numerics.lateral_modes import BlockTridiagonal, LateralModes, solve_tridiagonal
from lamion.numerics.tensor_grid import TensorGrid, even_edges, graded_edges

GRIDS = {
    "one dimension": (graded_edges(2.0, 9, 3.0),),
    "even": (graded_edges(2.0, 9, 3.0), even_edges(1.5, 12)),
    "graded": (graded_edges(2.0, 7, 3.0), graded_edges(1.5, 10, 4.0)),
    "three dimensions": (even_edges(2.0, 5), even_edges(1.0, 4), graded_edges(3.0, 6, 2.0)),
}


@pytest.mark.parametrize("name", GRIDS)
def test_a_separable_system_is_solved_as_by_a_sparse_factorisation(name):
    grid = TensorGrid(GRIDS[name])
    rows = grid.shape[0]
    k = np.linspace(1.0, 4.0, rows).reshape((-1,) + (1,) * (grid.dimension - 1))
    right = np.random.default_rng(1).normal(size=grid.shape)
    matrix = diffusion_matrix(grid, [k * (axis + 1.0) for axis in range(grid.dimension)])
    expected = spsolve((sparse.diags_array(grid.volumes.ravel()) + matrix).tocsc(), right.ravel())

    modes = LateralModes(grid)
    half = 2 * k.ravel() / grid.widths[0]
    across = half[:-1] * half[1:] / (half[:-1] + half[1:])
    diagonal = grid.widths[0] + np.append(across, 0.0) + np.insert(across, 0, 0.0)
    full = diagonal.reshape(k.shape)
    for axis, values in enumerate(modes.eigenvalues, start=1):
        full = full + (axis + 1.0) * k * grid.widths[0].reshape(k.shape) * values
    found = modes.inverse(solve_tridiagonal(-across, full, modes.transform(right / grid.face_areas(0))))
    assert found.ravel() == pytest.approx(expected, rel=1e-10, abs=1e-12)


def test_blocks_are_solved_as_by_a_dense_factorisation():
    rng = np.random.default_rng(2)
    rows, systems = 5, 3
    lower, upper = rng.normal(size=(2, rows - 1, 2, 2))
    diagonal = rng.normal(size=(rows, 2, 2, systems)) + 8 * np.eye(2)[:, :, np.newaxis]
    right = rng.normal(size=(rows, 2, systems))
    found = BlockTridiagonal(lower, diagonal, upper).solve(right)
    for s in range(systems):
        dense = np.zeros((2 * rows, 2 * rows))
        for j in range(rows):
            dense[2 * j : 2 * j + 2, 2 * j : 2 * j + 2] = diagonal[j, :, :, s]
        for j in range(rows - 1):
            dense[2 * j + 2 : 2 * j + 4, 2 * j : 2 * j + 2] = lower[j]
            dense[2 * j : 2 * j + 2, 2 * j + 2 : 2 * j + 4] = upper[j]
        assert found[:, :, s].ravel() == pytest.approx(np.linalg.solve(dense, right[:, :, s].ravel()))
