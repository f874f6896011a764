"""Current at protrusions against potential theory: 2 into a small half cylinder's shadow, 3 into a half sphere's."""

import numpy as np
import pytest
from tests.engines.protrusion import focusing, with_protrusion

from lamion.models.transport.binary_electrolyte import dilute
from lamion.models.transport.electrodes import from_resistance
from lamion.models.transport.medium import IMPERMEABLE, Medium, uniform
from lamion.models.transport.protocol import step
from lamion.models.transport.simulation import simulate
from lamion.models.transport.uniform_film import UniformFilm
from lamion.numerics.tensor_grid import TensorGrid, even_edges
from lamion.numerics.time_steps import Stepping
from lamion.quantities import InputError

FILM = UniformFilm(9e-6, 5.62e-2, 0.78, 2000.0, 298.15)


def film(cells, dimension=2):
    return uniform(TensorGrid((even_edges(9e-6, cells),) * dimension), dilute(FILM))


def test_half_cylinder():
    found = focusing(with_protrusion(film(90), 1e-6, 1e-6), 2000.0, 1.0)
    assert found.over_shadow == pytest.approx(2.0, rel=0.08)


def test_half_sphere():
    """Three cells to the radius are a coarse staircase: between the half cylinder and the sphere it stands for."""
    found = focusing(with_protrusion(film(15, 3), 1.8e-6, 1.8e-6), 2000.0, 1.0)
    assert 2.2 < found.over_shadow < 3.2


def test_a_needle_gathers_more_and_slow_charge_transfer_evens_out():
    blunt, needle = (with_protrusion(film(45), height, 0.7e-6) for height in (0.7e-6, 2.8e-6))
    assert focusing(needle, 2000.0, 1.0).over_shadow > 2 * focusing(blunt, 2000.0, 1.0).over_shadow * 0.9
    slow = from_resistance(1.0, 298.15)
    # Then the current is even over the whole surface, the flanks of the staircase included.
    rows = np.sum(np.any(~blunt.active, axis=1))
    assert focusing(blunt, 2000.0, 1.0, kinetics=slow).tip == pytest.approx(45 / (45 + 2 * rows), rel=0.01)


def test_a_transient_with_a_protrusion_conserves_salt_and_current():
    medium = with_protrusion(film(18), 2e-6, 1.5e-6)
    found = simulate(medium, step(12.0, 20.0), 2000.0, times=(1.0, 20.0), stepping=Stepping(1e-3))
    volumes = medium.grid.volumes
    for field in found.concentration:
        mean = np.nansum(field * volumes) / np.sum(volumes[medium.active])
        assert mean == pytest.approx(2000.0, rel=1e-11)
    assert found.series("current") == pytest.approx(12.0, rel=1e-9)
    assert np.isnan(found.concentration[0]).sum() == np.sum(~medium.active)
    steady = found.concentration[-1]
    assert steady[-4, 0] > np.nanmin(steady)
    assert found.terminals[-1].voltage < FILM.steady_voltage(12.0)


def test_impermeable_sheets_lengthen_the_way():
    """One row with a gap: less conducting than the plain film, and symmetric about the middle."""
    plain = film(20)
    which = plain.which.copy()
    which[10, 2:18] = IMPERMEABLE
    sheet = Medium(plain.grid, plain.materials, which)
    found = simulate(sheet, step(12.0, 30.0), 2000.0, stepping=Stepping(1e-3))
    field = found.concentration[-1]
    assert found.terminals[-1].voltage > 1.5 * FILM.steady_voltage(12.0)
    assert field[:, :10] == pytest.approx(field[:, :9:-1], rel=1e-8, nan_ok=True)


def test_what_does_not_fit_is_refused():
    with pytest.raises(InputError, match="1e-05 m"):
        with_protrusion(film(10), 1e-5, 1e-6)
    with pytest.raises(InputError, match="two or three"):
        with_protrusion(film(10, 1), 1e-6, 1e-6)
    with pytest.raises(InputError, match="no protrusion"):
        focusing(film(10), 2000.0, 1.0)
