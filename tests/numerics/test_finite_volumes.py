"""Finite volumes against exact solutions: layers in series, a manufactured solution, conservation."""

import numpy as np
import pytest
from scipy.sparse import diags_array
from scipy.sparse.linalg import spsolve

from lamion.numerics.finite_volumes import boundary_conductances, diffusion_matrix, face_conductances
from lamion.numerics.tensor_grid import TensorGrid, even_edges, graded_edges, joined_edges


def _solve(grid, coefficient, axis=0, low=0.0, high=1.0):
    """Hold the two ends of an axis at values and return the solution and the flow from high to low."""
    ends = [boundary_conductances(grid, axis, side, coefficient) for side in ("low", "high")]
    diagonal, right = np.zeros(grid.shape), np.zeros(grid.shape)
    for index, conductance, value in zip((0, -1), ends, (low, high), strict=True):
        place = (slice(None),) * axis + (slice(index, None) if index else slice(0, 1),)
        diagonal[place] += conductance
        right[place] += conductance * value
    matrix = diffusion_matrix(grid, [coefficient] * grid.dimension) + diags_array(diagonal.ravel())
    solution = spsolve(matrix.tocsc(), right.ravel()).reshape(grid.shape)
    first = solution[(slice(None),) * axis + (slice(0, 1),)]
    return solution, float((ends[0] * (first - low)).sum())


def test_layers_in_series_are_exact_on_any_grid():
    edges = joined_edges(graded_edges(1.0, 7, 3.0), graded_edges(2.0, 5, 0.4))
    grid = TensorGrid((edges, even_edges(4.0, 3)))
    conductivity = np.where(grid.centres[0] < 1.0, 5.0, 0.25)[:, np.newaxis]
    _, flow = _solve(grid, conductivity)
    assert flow == pytest.approx(4.0 / (1.0 / 5.0 + 2.0 / 0.25), rel=1e-12)


def test_layers_in_parallel_are_exact():
    grid = TensorGrid((even_edges(2.0, 4), graded_edges(3.0, 6, 2.0)))
    conductivity = np.where(grid.centres[1] < 1.5, 1.0, 10.0)[np.newaxis, :]
    _, flow = _solve(grid, conductivity)
    assert flow == pytest.approx((1.5 * 1.0 + 1.5 * 10.0) / 2.0, rel=1e-12)


def test_second_order_on_a_manufactured_solution():
    """u = cos(pi x) cos(2 pi y) with k = 1 + x/2 on the unit square, no flux at the boundary."""
    errors = []
    for cells in (16, 32, 64):
        grid = TensorGrid((even_edges(1.0, cells), even_edges(1.0, cells)))
        x, y = np.meshgrid(*grid.centres, indexing="ij")
        exact = np.cos(np.pi * x) * np.cos(2 * np.pi * y)
        k = 1 + x / 2
        source = 5 * np.pi**2 * k * exact + 0.5 * np.pi * np.sin(np.pi * x) * np.cos(2 * np.pi * y)
        right = (source * grid.volumes).ravel()
        matrix = diffusion_matrix(grid, [k, k]).tolil()
        matrix[0, 0] += 1.0
        right[0] += exact[0, 0]
        error = spsolve(matrix.tocsc(), right).reshape(grid.shape) - exact
        errors.append(np.sqrt(np.mean((error - error.mean()) ** 2)))
    orders = np.log2(np.array(errors[:-1]) / errors[1:])
    assert np.all(orders > 1.9)


def test_matrix_is_symmetric_and_conserves():
    rng = np.random.default_rng(3)
    grid = TensorGrid((graded_edges(1.0, 4, 3.0), even_edges(2.0, 5), even_edges(1.0, 3)))
    coefficients = [rng.uniform(0.1, 2.0, grid.shape) for _ in range(3)]
    matrix = diffusion_matrix(grid, coefficients, periodic=(True, False, True))
    assert abs(matrix - matrix.T).max() < 1e-12
    assert np.abs(matrix.sum(axis=0)).max() < 1e-12


def test_periodic_faces_wrap_and_zero_cells_pass_nothing():
    grid = TensorGrid((even_edges(3.0, 3),))
    faces = face_conductances(grid, 0, np.array([1.0, 0.0, 3.0]), periodic=True)
    assert faces == pytest.approx([0.0, 0.0, 1.5])


def test_two_equal_periodic_cells_count_both_faces():
    grid = TensorGrid((even_edges(2.0, 2),))
    assert diffusion_matrix(grid, [np.ones(2)], periodic=[True]).toarray() == pytest.approx(
        np.array([[2.0, -2.0], [-2.0, 2.0]])
    )


def test_volumes_and_areas_fill_the_box():
    grid = TensorGrid((even_edges(2.0, 4), graded_edges(3.0, 6, 2.0), even_edges(5.0, 2)))
    assert grid.volumes.sum() == pytest.approx(30.0)
    assert grid.face_areas(1).sum() == pytest.approx(10.0)
    assert grid.lengths == pytest.approx((2.0, 3.0, 5.0))
