"""Finite elements: curved electrodes against exact solutions, and the finite volumes against elements."""

import builtins

import numpy as np
import pytest
from scipy.sparse.linalg import spsolve
from tests.engines.rectangle_elements import concentration_by_elements, conductivity_by_elements
from tests.engines.spheroid_on_electrode import protrusion, spheroid_focusing

from lamion.models.transport.uniform_film import UniformFilm
from lamion.numerics.finite_volumes import boundary_conductances, diffusion_matrix
from lamion.numerics.tensor_grid import TensorGrid, even_edges, graded_edges
from lamion.quantities import InputError, MissingExtraError
from lamion.quantities.constants import FARADAY

UM = 1e-6


@pytest.mark.parametrize(("height", "exact"), [(0.5, 1.8968123), (1.0, 3.0), (2.0, 5.7615635), (4.0, 13.2613256)])
def test_the_flux_at_the_tip(height, exact):
    """Exact for an endless plane; the film here is 100 radii thick and wide."""
    assert spheroid_focusing(height, 1.0) == pytest.approx(exact, rel=1e-7)
    pytest.importorskip("skfem")
    errors = [protrusion(height * UM, UM, 1e-4, 1e-4, angles=n).tip_flux / exact - 1 for n in (24, 48)]
    assert abs(errors[1]) < 1.5e-3
    assert np.log2(errors[0] / errors[1]) > 1.5


def test_the_spheroid_is_continuous_through_the_sphere():
    near = [spheroid_focusing(1 + d, 1.0) for d in (-2e-4, -0.9e-4, 0.9e-4, 2e-4)]
    assert near == pytest.approx([3 + 2.4 * d for d in (-2e-4, -0.9e-4, 0.9e-4, 2e-4)], abs=1e-6)


def test_what_the_hemisphere_adds_to_the_flux():
    """The dipole of a hemisphere adds 2 pi a^3 to the area over the thickness."""
    pytest.importorskip("skfem")
    found = protrusion(2 * UM, 2 * UM, 60 * UM, 50 * UM)
    added = 2 * np.pi * 2.0**3 / (np.pi * 50.0**2 * 60.0)
    assert found.mean_flux - 1 == pytest.approx(added, rel=3e-3)
    assert found.limiting_current_ratio > 1
    assert found.level.min() == 0
    assert found.level.max() == 1


@pytest.mark.parametrize("rate", [1.2, 12.0])
def test_a_rectangular_film_against_the_closed_form(rate):
    pytest.importorskip("skfem")
    film = UniformFilm(1e-4, 8.92e-3, 0.35, 2000.0, 298.15)
    grid = TensorGrid((graded_edges(1e-4, 24, 6.0), even_edges(1.35e-4, 2)))
    times = [5.0, 60.0, 200.0]
    flux = (1 - film.transference) * rate / FARADAY
    found = concentration_by_elements(grid, np.array(film.salt_diffusivity), flux, 2000.0, times)
    exact = [film.concentration_at(found.position[0], t, rate) for t in times]
    assert found.concentration == pytest.approx(np.array(exact), abs=4e-4 * film.drop(200.0, rate))
    assert found.mean == pytest.approx(2000.0, rel=1e-11)


def test_the_finite_volumes_against_the_elements():
    """An inclusion, ten times worse, in the middle of a film: both engines tend to one conductivity."""
    pytest.importorskip("skfem")
    found = []
    for cells in (24, 48, 96):
        grid = TensorGrid((even_edges(1.0, cells), even_edges(1.5, cells)))
        x, y = np.meshgrid(*grid.centres, indexing="ij")
        k = np.where((np.abs(x - 0.5) < 0.25) & (np.abs(y - 0.75) < 0.375), 0.1, 1.0)
        found.append((_by_volumes(grid, k), conductivity_by_elements(grid, k)))
    between = [volumes / elements - 1 for volumes, elements in found]
    assert abs(between[-1]) < 2e-3
    assert abs(between[0]) > 1.8 * abs(between[1]) > 3.2 * abs(between[2])


def _by_volumes(grid, k):
    low, high = (boundary_conductances(grid, 0, side, k) for side in ("low", "high"))
    matrix = diffusion_matrix(grid, [k, k])
    ends = np.zeros((2, *grid.shape))
    ends[0, :1], ends[1, -1:] = low, high
    matrix.setdiag(matrix.diagonal() + (ends[0] + ends[1]).ravel())
    level = spsolve(matrix.tocsc(), ends[1].ravel()).reshape(grid.shape)
    return float((low * level[:1]).sum()) * grid.lengths[0] / grid.lengths[1]


def test_refusals(monkeypatch):
    for arguments, said in (
        ((-1e-6, 1e-6, 1e-4, 1e-4), "height is -1e-06"),
        ((2e-4, 1e-6, 1e-4, 1e-4), "does not fit"),
        ((1e-6, 2e-4, 1e-4, 1e-4), "does not fit"),
    ):
        with pytest.raises(InputError, match=said):
            protrusion(*arguments)
    with pytest.raises(InputError, match="1 axes"):
        concentration_by_elements(TensorGrid((even_edges(1, 2),)), np.ones(2), 1.0, 1.0, [1.0])
    plain = builtins.__import__
    monkeypatch.setattr(
        builtins, "__import__", lambda name, *rest: _raise(name) if name == "skfem" else plain(name, *rest)
    )
    with pytest.raises(MissingExtraError, match=r"lamion\[fem\]"):
        protrusion(1e-6, 1e-6, 1e-4, 1e-4)


def _raise(name):
    raise ImportError(name)
