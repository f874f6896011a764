"""The numerical film against the closed form, in one, two and three dimensions, by both paths."""

import numpy as np
import pytest

from lamion.models.transport import coupled
from lamion.models.transport.binary_electrolyte import dilute
from lamion.models.transport.decoupled import DecoupledFilm
from lamion.models.transport.electrodes import REVERSIBLE, from_resistance
from lamion.models.transport.medium import check_cells, uniform
from lamion.models.transport.protocol import step
from lamion.models.transport.simulation import simulate
from lamion.models.transport.uniform_film import UniformFilm
from lamion.numerics.finite_volumes import diffusion_matrix
from lamion.numerics.tensor_grid import TensorGrid, even_edges, graded_edges
from lamion.numerics.time_steps import Stepping
from lamion.quantities import InputError

LSE = UniformFilm(9e-6, 5.62e-2, 0.78, 2000.0, 298.15)
CONTRAST = UniformFilm(1e-4, 8.92e-3, 0.35, 2000.0, 298.15)
ONE_C = 12.0
PATHS = ("decoupled", "coupled")


def run(film, current, time, *, cells=200, ratio=10.0, lateral=(), path=None, times=(), tolerance=1e-6, **more):
    edges = (graded_edges(film.thickness, cells, ratio), *lateral)
    medium = uniform(TensorGrid(edges), dilute(film))
    stepping = Stepping(tolerance)
    return simulate(medium, step(current, time), film.concentration, times=times, path=path, stepping=stepping, **more)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("film", "current"), [(LSE, ONE_C), (CONTRAST, 0.2 * ONE_C), (CONTRAST, ONE_C)])
def test_series_solution(film, current, path):
    times = (2.0, 10.0, 60.0)
    found = run(film, current, 60.0, path=path, times=times, tolerance=1e-5)
    y = found.grid.centres[0]
    for time, field in zip(found.times, found.concentration, strict=True):
        exact = film.concentration_at(y, time, current)
        assert np.max(np.abs(field - exact)) < 5e-4 * film.drop(time, current) + 1e-6
        # The coupled path extends concentrations to the electrode by a straight line.
        assert found.at(time).drop == pytest.approx(film.drop(time, current), rel=5e-4 if path == "decoupled" else 2e-3)
        assert found.at(time).voltage == pytest.approx(film.voltage(time, current), rel=1e-3)
        assert found.at(time).potential_drop == pytest.approx(film.potential_drop(time, current), rel=1e-3)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("film", "rate", "voltage", "electrostatic"),
    [(LSE, 1.0, 2.464e-3, 1.232e-3), (CONTRAST, 0.1, 40.40e-3, 20.198e-3), (CONTRAST, 0.2, 99.53e-3, 49.763e-3)],
)
def test_steady_voltages(film, rate, voltage, electrostatic, path):
    end = run(film, rate * ONE_C, 20 * film.time_constant, path=path, cells=100, tolerance=1e-4).terminals[-1]
    assert end.voltage == pytest.approx(voltage, rel=1e-3)
    assert end.potential_drop == pytest.approx(electrostatic, rel=1e-3)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("rate", "time"), [(0.4, 1676.0), (1.0, 259.8)])
def test_depletion(rate, time, path):
    found = run(CONTRAST, rate * ONE_C, 1.5 * time, path=path, tolerance=1e-4, times=(0.5 * time, 1.4 * time))
    assert found.depletion_time == pytest.approx(CONTRAST.depletion_time(rate * ONE_C), rel=2e-3)
    assert found.depletion_time == pytest.approx(time, rel=2e-3)
    assert found.times == (0.5 * time,)
    assert min(item.lowest for item in found.terminals) > 0
    assert np.min(found.concentration) > 0
    with pytest.raises(InputError, match=f"{found.depletion_time:.4g} s"):
        found.at(1.4 * time)


def test_early_depletion_is_sands():
    """At a high current the electrodes do not know of each other."""
    found = run(CONTRAST, 3 * ONE_C, 60.0, cells=400, ratio=50.0, tolerance=1e-4)
    assert found.depletion_time == pytest.approx(CONTRAST.sand_time(3 * ONE_C), rel=2e-3)


@pytest.mark.parametrize("path", PATHS)
def test_just_below_the_limiting_current_it_becomes_steady(path):
    current = 0.99 * CONTRAST.limiting_current
    found = run(CONTRAST, current, 30 * CONTRAST.time_constant, path=path, tolerance=1e-5)
    assert found.depletion_time == np.inf
    assert found.terminals[-1].drop == pytest.approx(CONTRAST.steady_drop(current), rel=1e-4)
    assert found.terminals[-1].voltage == pytest.approx(CONTRAST.steady_voltage(current), rel=5e-3)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("solver", ["direct", "by modes"])
@pytest.mark.parametrize(
    "lateral",
    [(even_edges(1.2e-5, 12),), (graded_edges(1.2e-5, 9, 3.0),), (even_edges(1.2e-5, 6), graded_edges(1e-5, 5, 2.0))],
    ids=["even", "graded", "three dimensions"],
)
def test_more_dimensions_give_what_one_gives(lateral, path, solver, monkeypatch):
    if path == "decoupled" and solver == "direct":
        pytest.skip("the decoupled path has one solver")
    monkeypatch.setattr(coupled, "_MANY", 0 if solver == "by modes" else 10**9)
    options = {"cells": 16, "path": path, "times": (0.1, 1.0), "tolerance": 1e-3}
    line = run(LSE, ONE_C, 1.0, **options)
    film = run(LSE, ONE_C, 1.0, lateral=lateral, **options)
    for one, more in zip(line.concentration, film.concentration, strict=True):
        rows = more.reshape(len(one), -1)
        assert np.ptp(rows, axis=1).max() < 1e-7
        assert rows[:, 0] == pytest.approx(one, rel=1e-9)
    assert film.at(1.0).voltage == pytest.approx(line.at(1.0).voltage, rel=1e-9)


@pytest.mark.parametrize("path", PATHS)
def test_conservation(path):
    found = run(
        CONTRAST, ONE_C, 60.0, lateral=(even_edges(1e-4, 5),), cells=20, path=path, times=(1.0, 60.0), tolerance=1e-4
    )
    volumes = found.grid.volumes / found.grid.volumes.sum()
    for field in found.concentration:
        assert np.sum(field * volumes) == pytest.approx(CONTRAST.concentration, rel=1e-11)
    assert found.series("current") == pytest.approx(ONE_C, rel=1e-10)


def test_both_paths_agree():
    one, other = (run(CONTRAST, ONE_C, 30.0, path=path, cells=60, tolerance=1e-4) for path in PATHS)
    assert one.concentration == pytest.approx(other.concentration, rel=1e-9)
    inside = [item.potential - item.potential[:, :1] for item in (one, other)]
    assert inside[0] == pytest.approx(inside[1], abs=1e-9)
    assert one.terminals[-1].voltage == pytest.approx(other.terminals[-1].voltage, rel=5e-4)


@pytest.mark.parametrize("path", PATHS)
def test_charge_transfer_adds_its_overpotential(path):
    """Twice (2RT/F) arsinh(j/2i0), which the exchange current's dependence on concentration leaves out here."""
    kinetics = from_resistance(24.5e-4 / 2, 298.15)
    plain = run(LSE, ONE_C, 10.0, cells=40, path=path).terminals[-1]
    slow = run(LSE, ONE_C, 10.0, cells=40, path=path, kinetics=kinetics).terminals[-1]
    thermal = 8.314462618 * 298.15 / 96485.33212
    expected = 4 * thermal * np.arcsinh(ONE_C * 24.5e-4 / 4 / thermal)
    assert slow.voltage - plain.voltage == pytest.approx(expected, rel=1e-8)
    assert slow.drop == pytest.approx(plain.drop, rel=1e-8)


def test_an_uneven_field_spreads_as_its_modes_do():
    """A cosine across the film decays with D q2, here in the discrete form that finite volumes have."""
    grid = TensorGrid((even_edges(9e-6, 6), even_edges(1.2e-5, 24)))
    medium = uniform(grid, dilute(LSE))
    wave = np.cos(np.pi * grid.centres[1] / 1.2e-5)
    start = 2000.0 + 300.0 * np.broadcast_to(wave, grid.shape)
    found = simulate(medium, step(0.0, 1.0), start, stepping=Stepping(1e-7), path="decoupled")
    rate = LSE.salt_diffusivity * (2 * np.sin(np.pi / 48) / (1.2e-5 / 24)) ** 2
    assert found.concentration[-1] == pytest.approx(2000.0 + (start - 2000.0) * np.exp(-rate), rel=1e-5)


@pytest.mark.parametrize("lateral", [(), (even_edges(1e-5, 5),)])
def test_salt_is_kept_over_many_time_constants(lateral):
    """Thirty years: a step of a hundred million time constants all but forgets how much salt there is."""
    found = run(LSE, ONE_C, 1e9, cells=50, lateral=lateral, times=(1e9,))
    volumes = found.grid.volumes / found.grid.volumes.sum()
    assert np.sum(found.concentration[-1] * volumes) == pytest.approx(LSE.concentration, rel=1e-11)


def test_the_current_through_an_uneven_field_is_conserved():
    """The potential by conjugate gradients satisfies the equations of the whole grid."""
    grid = TensorGrid((even_edges(9e-6, 10), graded_edges(1.2e-5, 12, 2.0)))
    medium = uniform(grid, dilute(LSE))
    c = 2000.0 + 1500.0 * np.broadcast_to(np.cos(np.pi * grid.centres[1] / 1.2e-5), grid.shape)
    film = DecoupledFilm(medium, REVERSIBLE, lambda _: ONE_C)
    weight = float(medium.materials[0].diffusion_voltage(np.ones(1))[0])
    psi = film.potential(c, 0.0) - weight * np.log(c)
    outflow = (diffusion_matrix(grid, [LSE.conductivity * c / 2000.0] * 2) @ psi.ravel()).reshape(grid.shape)
    assert outflow[0] == pytest.approx(ONE_C * grid.widths[1], rel=1e-8)
    assert outflow[-1] == pytest.approx(-ONE_C * grid.widths[1], rel=1e-8)
    assert np.max(np.abs(outflow[1:-1])) < 1e-8 * ONE_C * grid.widths[1].min()


def test_nonsense_is_refused():
    with pytest.raises(InputError, match="1e\\+09 cells"):
        check_cells(1e9)
    with pytest.raises(InputError, match="-5 mol/m3"):
        simulate(uniform(TensorGrid((even_edges(9e-6, 4),)), dilute(LSE)), step(1.0, 1.0), -5.0)
    with pytest.raises(InputError, match="70 s"):
        run(LSE, 1.0, 60.0, times=(70.0,), cells=10)
    with pytest.raises(InputError, match="1e\\+05 mA/cm2"):
        run(CONTRAST, 1e6, 60.0, cells=10)
