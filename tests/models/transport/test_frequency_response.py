"""The linearised film against its closed form, steady states, and analyses of simulated experiments."""

import numpy as np
import pytest
from tests.engines.frequency_response import FilmState, at_rest, frequency_response, response_spectrum

from lamion.models.transport.binary_electrolyte import by_laws, dilute
from lamion.models.transport.electrodes import from_resistance
from lamion.models.transport.film_impedance import Interface, film_impedance_raw, film_spectrum
from lamion.models.transport.medium import layers, uniform
from lamion.models.transport.protocol import polarise_and_relax, step
from lamion.models.transport.simulation import simulate
from lamion.models.transport.uniform_film import UniformFilm
from lamion.numerics.tensor_grid import TensorGrid, even_edges, graded_edges, joined_edges
from lamion.numerics.time_steps import Stepping
from lamion.quantities import InputError, Quantity
from lamion.records.measurements import CurrentTransient, VoltageTransient
from lamion.substances import published_electrolyte
from lamion.techniques.conduction.restricted_diffusion import diffusion_coefficient
from lamion.techniques.conduction.transference import transference_from_records
from lamion.techniques.impedance.circuit_parameters import circuit_parameters

THICK = UniformFilm(1e-4, 8.92e-3, 0.35, 2000.0, 298.15)
THIN = UniformFilm(9e-6, 5.62e-2, 0.78, 2000.0, 298.15)
AREA = 1e-4


def medium_of(film, cells=60, ratio=20.0):
    return uniform(TensorGrid((graded_edges(film.thickness, cells, ratio),)), dilute(film))


def test_at_rest_it_is_the_closed_form_to_second_order():
    frequency = np.geomspace(1e-6, 1e-2, 25)
    exact = film_impedance_raw(THICK, frequency, interfaces=(Interface(10e-4, 0.1),) * 2, relative_permittivity=10.0)
    errors = []
    for cells in (100, 200):
        found = frequency_response(
            at_rest(medium_of(THICK, cells, 1.0), 2000.0),
            frequency,
            kinetics=from_resistance(10e-4, 298.15),
            double_layer=0.1,
            relative_permittivity=10.0,
        )
        errors.append(np.abs(found / exact - 1).max())
    assert errors[1] < 1e-4
    assert np.log2(errors[0] / errors[1]) > 1.8


@pytest.mark.parametrize("share", [0.3, 0.8])
def test_about_a_steady_current_it_tends_to_the_slope_of_the_voltage(share):
    current = share * THICK.limiting_current
    medium = medium_of(THICK, 400, 10.0)
    c = THICK.concentration_at(medium.grid.centres[0], 50 * THICK.time_constant, current)
    found = frequency_response(FilmState(medium, c, current), [1e-9])[0]
    difference = 1e-4 * current
    slope = (THICK.steady_voltage(current + difference) - THICK.steady_voltage(current - difference)) / 2 / difference
    assert found.real == pytest.approx(slope, rel=2e-4)
    assert abs(found.imag) < 1e-3 * found.real


def test_coefficients_that_depend_on_the_concentration():
    """The engine, at rest after a long time at two currents, gives the slope that low frequencies tend to."""
    electrolyte = by_laws(published_electrolyte("litfsi-peo"))
    kinetics = from_resistance(20e-4, 358.15, concentration=1000.0)
    medium = uniform(TensorGrid((graded_edges(5e-5, 50, 10.0),)), electrolyte)
    found = {}
    for current in (3.8, 4.0, 4.2):
        solution = simulate(
            medium, step(current, 4e4), 1000.0, kinetics=kinetics, path="coupled", stepping=Stepping(tolerance=1e-4)
        )
        found[current] = solution
    slope = (found[4.2].terminals[-1].voltage - found[3.8].terminals[-1].voltage) / 0.4
    state = FilmState(medium, found[4.0].concentration[-1], 4.0)
    assert frequency_response(state, [1e-8], kinetics=kinetics)[0].real == pytest.approx(slope, rel=2e-3)


def test_layers_at_rest_add_up_when_fast_and_give_the_engines_steady_state_when_slow():
    second = UniformFilm(2e-5, 3e-2, 0.6, 2000.0, 298.15)
    grid = TensorGrid((joined_edges(graded_edges(1e-4, 80, 10.0), graded_edges(2e-5, 40, 10.0)),))
    medium = layers(grid, [(dilute(THICK), 1e-4), (dilute(second), 2e-5)])
    low, high = frequency_response(at_rest(medium, 2000.0), [1e-9, 1e9])
    assert high.real == pytest.approx(1e-4 / 8.92e-3 + 2e-5 / 3e-2, rel=1e-3)
    solution = simulate(medium, step(1e-3, 1e6), 2000.0, path="coupled")
    assert low.real == pytest.approx(solution.terminals[-1].voltage / 1e-3, rel=1e-3)


@pytest.mark.parametrize(("film", "rct", "lowest", "bias"), [(THICK, 10e-4, 1.0, 0.005), (THIN, 12.25e-4, 1e-3, 0.002)])
def test_a_simulated_bruce_vincent_experiment_returns_its_transference_number(film, rct, lowest, bias):
    tau, kinetics = film.time_constant, from_resistance(rct, 298.15)
    medium, frequency = medium_of(film, 40), np.geomspace(1e5, lowest, 60)
    times = list(np.linspace(0, 10 * tau, 120)[1:])
    solution = simulate(
        medium,
        step(bias, 10 * tau, control="voltage"),
        2000.0,
        times=times,
        kinetics=kinetics,
        stepping=Stepping(tolerance=1e-5),
    )
    asked = np.isin(solution.series("time"), times)
    current = solution.series("current")
    record = CurrentTransient(solution.series("time")[asked], AREA * current[asked], np.full(len(times), bias))
    before, after = (
        response_spectrum(state, frequency, AREA, kinetics=kinetics, double_layer=0.1)
        for state in (at_rest(medium, 2000.0), FilmState(medium, solution.concentration[-1], float(current[-1])))
    )
    answer = transference_from_records(record, before, after, bias=Quantity(1e3 * bias, None, "mV"))
    assert answer.results["current_fraction"].value == pytest.approx(film.transference, rel=0.01)


@pytest.mark.parametrize("film", [THICK, THIN])
def test_a_simulated_relaxation_returns_its_diffusion_coefficient(film):
    tau = film.time_constant
    protocol = polarise_and_relax(0.02 * film.limiting_current, polarise=8 * tau, relax=6 * tau)
    times = 8 * tau + np.linspace(0, 6 * tau, 300)[1:]
    solution = simulate(medium_of(film), protocol, 2000.0, times=list(times), stepping=Stepping(tolerance=1e-5))
    after = solution.series("time") > 8 * tau * (1 + 1e-9)
    record = VoltageTransient(solution.series("time")[after] - 8 * tau, solution.series("voltage")[after])
    answer = diffusion_coefficient(record, Quantity(1e6 * film.thickness, None, "um"))
    assert answer.results["diffusivity"].value == pytest.approx(1e4 * film.salt_diffusivity, rel=0.01)


def test_the_analysis_reads_the_grid_as_it_reads_the_closed_form():
    frequency = np.geomspace(1e4, 1e-5, 91)
    kinetics, interface = from_resistance(10e-4, 298.15), Interface(10e-4, 0.1)
    grid = response_spectrum(
        at_rest(medium_of(THICK, 120, 200.0), 2000.0), frequency, AREA, kinetics=kinetics, double_layer=0.1
    )
    exact = film_spectrum(THICK, frequency, AREA, interfaces=(interface, interface))
    found, wanted = (circuit_parameters([spectrum], "R0-p(R1,C1)-Ws1").results for spectrum in (grid, exact))
    for name, quantity in wanted.items():
        assert found[name].value == pytest.approx(quantity.value, rel=2e-3), name


def test_refusals():
    flat = uniform(TensorGrid((even_edges(1e-4, 4), even_edges(1e-4, 4))), dilute(THICK))
    with pytest.raises(InputError, match="2 dimensions"):
        at_rest(flat, 2000.0)
    with pytest.raises(InputError, match="-1 mol/m3"):
        at_rest(medium_of(THICK), -1.0)
    with pytest.raises(InputError, match="frequency"):
        frequency_response(at_rest(medium_of(THICK), 2000.0), [0.0])
    with pytest.raises(InputError, match="capacitance is -1"):
        frequency_response(at_rest(medium_of(THICK), 2000.0), [1.0], double_layer=-1.0)
