"""Voxel images: TauFactor's own geometries, exact cases, a dense solver, and what turning an image must do."""

import numpy as np
import pytest

from lamion.models.laminate.voxels import between_voxel_faces, periodic_voxel_tensor
from lamion.numerics.effective_conductivity import between_faces, periodic_tensor
from lamion.numerics.tensor_grid import TensorGrid, even_edges
from lamion.quantities import InputError, Quantity
from lamion.techniques.microscopy.tortuosity import tortuosity

ONE = Quantity(1.0, None, "1")


def blobs(size, seed, shape=None):
    from scipy.ndimage import gaussian_filter

    return gaussian_filter(np.random.default_rng(seed).standard_normal(shape or (size,) * 3), 1.2, mode="wrap")


def test_uniform_block_and_strip():
    """TauFactor: tau = 1."""
    assert between_voxel_faces(np.ones((20, 20, 20))).tortuosity_factor == pytest.approx(1.0, abs=1e-9)
    strip = np.zeros((20, 20, 20))
    strip[:, :10, :10] = 1
    assert between_voxel_faces(strip).tortuosity_factor == pytest.approx(1.0, abs=1e-9)
    block = np.ones((40, 20, 20))
    block[:, 0] = 0
    assert between_voxel_faces(block).tortuosity_factor == pytest.approx(1.0, abs=1e-9)


def test_slanted_strip():
    """TauFactor 1.2.1 gives 7.51667 (its older test said 4); by hand the resistance is 37 + 7/12 voxels."""
    image = np.zeros((20, 21, 21))
    for k in range(20):
        image[k, k : k + 2, k : k + 2] = 1
    found = between_voxel_faces(image)
    assert found.tortuosity_factor == pytest.approx(0.2 * (37 + 7 / 12), rel=1e-9)


def test_dead_end_and_nothing():
    """TauFactor: D = 0, tau infinite."""
    image = np.zeros((10, 50, 50))
    image[:8, 25, 25] = 1
    found = between_voxel_faces(image)
    assert found.conductivity == 0
    assert found.tortuosity_factor is None
    answer = tortuosity(image.astype(int), {1: ONE}, axes=["z"])
    assert "tortuosity_factor.z" not in answer.results
    assert "Nothing passes along z" in answer.warnings[0]


def test_several_phases_side_by_side_and_in_series():
    """TauFactor: strips of ones, twos and threes have tau = 1; in series the phases make Wiener's bound."""
    image = np.ones((20, 20, 20), int)
    image[:, :10, :10] = 2
    image[:, :10, 10:] = 3
    phases = {1: ONE, 2: Quantity(0.5, None, "1"), 3: Quantity(2.0, None, "1")}
    assert tortuosity(image, phases, axes=["z"]).results["tortuosity_factor.z"].value == pytest.approx(1.0)
    layers = np.ones((20, 4, 4), int)
    layers[5:] = 2
    ratio = tortuosity(layers, {1: ONE, 2: Quantity(0.1, None, "1")}, axes=["z"]).results["conductivity_ratio.z"]
    assert ratio.value == pytest.approx(1 / (0.25 + 0.75 / 0.1))


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_against_the_direct_solver(axis):
    field = np.where(blobs(12, 3) > 0.02, 1.0, 1e-3)
    field[blobs(12, 4) > 0.12] = 0.0
    spacing = (2.0, 1.0, 0.5)
    grid = TensorGrid(tuple(even_edges(12 * h, 12) for h in spacing))
    exact = between_faces(grid, field, axis).conductivity
    assert between_voxel_faces(field, axis, spacing, tolerance=1e-9).conductivity == pytest.approx(exact, rel=1e-7)


@pytest.mark.parametrize("shape", [(8, 8, 8), (7, 9, 6), (1, 9, 8)])
def test_periodic_tensor_against_the_direct_solver(shape):
    field = np.where(blobs(0, 5, shape) > 0.0, 1.0, 0.05)
    field[blobs(0, 6, shape) > 0.25] = 0.0
    spacing = (1.0, 1.5, 0.7)
    grid = TensorGrid(tuple(even_edges(n * h, n) for n, h in zip(shape, spacing, strict=True)))
    found = periodic_voxel_tensor(field, spacing, tolerance=1e-11).conductivity
    assert np.allclose(found, periodic_tensor(grid, field), atol=1e-6)
    assert np.allclose(found, found.T)


def test_a_quarter_turn_swaps_axes():
    field = np.where(blobs(16, 7) > 0.0, 1.0, 0.01)
    turned = np.rot90(field, axes=(0, 2))
    tensor, other = (periodic_voxel_tensor(f, tolerance=1e-10).conductivity for f in (field, turned))
    assert other[0, 0] == pytest.approx(tensor[2, 2], rel=1e-6)
    assert other[2, 2] == pytest.approx(tensor[0, 0], rel=1e-6)
    assert other[0, 2] == pytest.approx(-tensor[0, 2], abs=1e-6)


def test_the_estimated_error_covers_the_true_one():
    for seed, threshold in ((1, 0.0), (2, 0.03), (3, -0.02)):
        field = np.where(blobs(32, seed) > threshold, 1.0, 0.0)
        exact = between_voxel_faces(field, tolerance=1e-12).conductivity
        for tolerance in (1e-2, 1e-3, 1e-4):
            found = between_voxel_faces(field, tolerance=tolerance)
            assert abs(found.conductivity - exact) <= 10 * tolerance * exact


def test_results_lie_inside_the_bounds():
    image = (blobs(24, 9) > 0.0).astype(int)
    answer = tortuosity(image, {1: ONE, 0: Quantity(0.02, None, "1")})
    limits = answer.notes["bounds"]
    for axis in "zyx":
        value = answer.results[f"conductivity_ratio.{axis}"].value
        assert limits["wiener_series"] < value < limits["wiener_parallel"]


@pytest.mark.parametrize(
    ("phases", "spacing", "said"),
    [
        ({}, None, "No phase"),
        ({7: ONE}, None, "holds no phase 7"),
        ({1: Quantity(-1.0, None, "1")}, None, "is -1"),
        ({1: Quantity(0.0, None, "1")}, None, "every conductivity is zero"),
        ({1: ONE}, (1.0, 0.0, 1.0), "positive lengths"),
        ({1: ONE, 0: Quantity(1.0, None, "S/cm")}, None, "have a unit"),
    ],
)
def test_nonsense_is_refused(phases, spacing, said):
    with pytest.raises(InputError, match=said):
        tortuosity((blobs(6, 1) > 0).astype(int), phases, spacing=spacing)


@pytest.mark.parametrize("shape", [(1, 20, 30), (20, 1, 30), (20, 30, 1), (20, 30)])
def test_a_plane_has_the_bounds_and_the_axes_of_two_dimensions(shape):
    image = (np.random.default_rng(3).random((20, 30)) < 0.7).astype(int)
    answer = tortuosity(image.reshape(shape), {1: ONE}, spacing=(2.0, 1.0))
    fraction = image.mean()
    limits = answer.notes["bounds"]
    assert limits["hashin_shtrikman_upper_if_isotropic"] == pytest.approx(fraction / (2 - fraction))
    assert limits["bruggeman_effective_medium_if_isotropic"] == pytest.approx(2 * fraction - 1)
    assert "those of two dimensions" in answer.method
    assert answer.notes["voxels"] == [20, 30]
    axes = [axis for axis, count in zip("zyx", shape if len(shape) == 3 else (1, *shape), strict=True) if count > 1]
    assert answer.series["Axis"] == axes
    values = [answer.results[f"conductivity_ratio.{axis}"].value for axis in axes]
    alone = between_voxel_faces(image[None].astype(float), 1, (1.0, 2.0, 1.0)).conductivity
    assert values[0] == pytest.approx(alone)
    assert answer.figures["slice"].data["labels"] == image.tolist()
    assert answer.figures["slice"].data["axes"] == axes
    assert np.shape(tortuosity(image.reshape(shape), {1: ONE}, periodic=True).notes["tensor"]) == (2, 2)


def test_a_checkerboard_of_a_plane_conducts_as_its_effective_medium():
    # Keller and Dykhne: sqrt(k1 k2) of a checkerboard, which Bruggeman gives exactly in two dimensions.
    answer = tortuosity(np.indices((4, 4)).sum(axis=0) % 2, {1: ONE, 0: Quantity(0.25, None, "1")})
    assert answer.notes["bounds"]["bruggeman_effective_medium_if_isotropic"] == pytest.approx(0.5)


def test_a_volume_keeps_the_bounds_of_three_dimensions():
    image = (blobs(12, 9) > 0.0).astype(int)
    answer = tortuosity(image, {1: ONE})
    f = image.mean()
    assert answer.notes["bounds"]["hashin_shtrikman_upper_if_isotropic"] == pytest.approx(2 * f / (3 - f))
    assert "two dimensions" not in answer.method


def test_across_a_plane_nothing_is_said():
    with pytest.raises(InputError, match="one voxel thick along z"):
        tortuosity(np.ones((5, 5), int), {1: ONE}, axes=["z"])
