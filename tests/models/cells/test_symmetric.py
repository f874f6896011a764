"""Symmetric lithium cells against the hand-checked budget, exact solutions and conservation."""

import math

import numpy as np
import pytest

from lamion.models.cells.charge_transfer import ohmic_overpotential, per_interface
from lamion.models.cells.critical_current import critical_current_raw
from lamion.models.cells.plating_stripping import CurrentStep, run_protocol, square_wave
from lamion.models.cells.symmetric_cell import SymmetricCell, symmetric_cell
from lamion.models.cells.symmetric_history import critical_current, cycled
from lamion.models.cells.voltage_budget import voltage_budget
from lamion.models.transport.electrodes import from_resistance
from lamion.models.transport.uniform_film import UniformFilm
from lamion.quantities import InputError, parse
from lamion.quantities.constants import FARADAY, GAS

LSE = {"thickness": "9 um", "conductivity": "1.366e-3 S/cm", "transference": "0.81", "rct": "24.5 ohm cm2"}
CONTRAST = {"thickness": "100 um", "conductivity": "2.17e-4 S/cm", "transference": "0.35", "rct": "284 ohm cm2"}


def cell(table, **changes):
    texts = {"concentration": "2 mol/L", "current": "0.4 mA/cm2", "temperature": "55 degC"} | table | changes
    return SymmetricCell(**{name: parse(text, None) for name, text in texts.items()})


def values(answer):
    return {name: quantity.value for name, quantity in answer.results.items()}


@pytest.mark.parametrize(("convention", "transfer", "left"), [("cell", 9.8, 31.9), ("interface", 19.5, 22.2)])
def test_the_laminate_by_hand(convention, transfer, left):
    """0.26 mV ohmic, 9.8 or 19.5 mV charge transfer, 0.06 mV concentration: 32 or 22 of 42 mV stay unexplained."""
    found = values(symmetric_cell(cell(LSE), convention=convention, measured=parse("42 mV", "V")))
    assert found["ohmic"] == pytest.approx(0.26, abs=0.005)
    assert found["concentration"] == pytest.approx(0.06, abs=0.005)
    assert found["charge_transfer"] == pytest.approx(transfer, abs=0.05)
    assert found["unexplained"] == pytest.approx(left, abs=0.06)
    assert found["overpotential"] == pytest.approx(
        found["ohmic"] + found["charge_transfer"] + found["concentration"], rel=1e-12
    )


@pytest.mark.parametrize(("convention", "butler_volmer", "linear"), [("cell", 106, 114), ("interface", 171, 227)])
def test_the_contrast_by_hand(convention, butler_volmer, linear):
    """At 0.466 of the limit, by hand: 56.55 mV times arsinh of 0.829 and 1.374, or of 1.659 and 2.749."""
    found = values(symmetric_cell(cell(CONTRAST), convention=convention))
    assert found["charge_transfer"] == pytest.approx(butler_volmer, abs=0.5)
    assert found["charge_transfer_linear"] == pytest.approx(linear, abs=0.5)
    assert found["limiting_current"] == pytest.approx(0.86, abs=0.005)


def test_a_convention_that_is_not_known_widens_the_answer():
    known = {name: values(symmetric_cell(cell(CONTRAST), convention=name)) for name in ("cell", "interface")}
    answer = symmetric_cell(cell(CONTRAST))
    found, low, high = (
        answer.results["overpotential"],
        known["cell"]["overpotential"],
        known["interface"]["overpotential.highest"],
    )
    assert found.value == pytest.approx((low + high) / 2)
    assert found.std == pytest.approx((high - low) / math.sqrt(12))
    assert "is not said" in answer.warnings[0]
    assert answer.series["Convention"] == ["cell", "interface"]
    for row, name in enumerate(("cell", "interface")):
        assert answer.series["Overpotential / mV"][row] == pytest.approx(known[name]["overpotential"])


def test_a_single_ion_conductor_has_no_concentration_part():
    answer = symmetric_cell(cell(CONTRAST, transference="1"), convention="cell")
    assert answer.results["concentration"].value == 0
    assert answer.to_json()["results"]["limiting_current"]["value"] is None
    assert answer.results["ohmic"].value == values(symmetric_cell(cell(CONTRAST)))["ohmic"]
    nearly = UniformFilm(100e-6, 2.17e-2, 1 - 1e-9, 2000.0, 328.15, diffusivity=1e-12)
    assert voltage_budget(nearly, 0.0142, 4.0).concentration == pytest.approx(0, abs=1e-9)


def test_a_given_diffusivity_and_thermodynamic_factor_count():
    """A hundred times the D of Nernst and Einstein carries a hundred times the current; t+ may then be negative."""
    film = cell(CONTRAST).film()
    fast = symmetric_cell(cell(CONTRAST, diffusivity=f"{100 * film.salt_diffusivity} m2/s"), convention="cell")
    assert fast.results["limiting_current"].value == pytest.approx(100 * film.limiting_current / 10)
    negative = cell(CONTRAST, transference="-0.4", diffusivity="1e-11 m2/s", thermodynamic_factor="1.5")
    found = values(symmetric_cell(negative, convention="cell"))
    film = UniformFilm(100e-6, 2.17e-2, -0.4, 2000.0, 328.15, 1e-11, 1.5)
    assert 1e-3 * (found["ohmic"] + found["concentration"]) == pytest.approx(film.steady_voltage(4.0))


def test_the_inputs_uncertainty_reaches_the_overpotential():
    """With charge transfer nearly linear, 2 % on R_ct is 2 % of its part."""
    found = symmetric_cell(cell(LSE, rct="24.50 ± 0.49 ohm cm2"), convention="cell").results
    assert found["charge_transfer"].std == pytest.approx(0.02 * found["charge_transfer"].value, rel=0.01)
    assert found["overpotential"].std == pytest.approx(found["charge_transfer"].std, rel=1e-6)
    assert found["ohmic"].std == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("current", [1e-3, 1.0, 100.0, 1e4])
def test_butler_volmer_is_inverted_exactly(current):
    resistance, temperature = 12.25e-4, 328.15
    kinetics = from_resistance(resistance, temperature)
    eta, turned = (float(kinetics.of_both(i, 1.0, 1.0)) / 2 for i in (current, -current))
    i0, f = kinetics.exchange_current, FARADAY / (GAS * temperature)
    assert i0 * (math.exp(f * eta / 2) - math.exp(-f * eta / 2)) == pytest.approx(current, rel=1e-10)
    assert 0 < eta <= ohmic_overpotential(current, resistance)
    assert turned == -eta


def test_small_currents_see_the_resistance_of_impedance():
    assert float(from_resistance(5e-3, 298.15).of_both(1e-4, 1.0, 1.0)) == pytest.approx(1e-6, rel=1e-9)


@pytest.mark.parametrize(("share", "whole"), [(0.6, 151.8), (0.9, 291.3), (0.97, 391.0)])
def test_charge_transfer_near_the_limit_follows_the_salt_at_each_electrode(share, whole):
    """Film 2 (2RT/F) artanh f and two interfaces of 200 ohm cm2 whose i0 goes with the root of 1 + f and of 1 - f."""
    film = UniformFilm(100e-6, 8.92e-3, 0.35, 1000.0, 298.15)
    volt, i0 = 2 * GAS * 298.15 / FARADAY, GAS * 298.15 / (FARADAY * 200e-4)
    current = share * film.limiting_current
    ends = [volt * math.asinh(current / (2 * i0 * math.sqrt(1 + sign * share))) for sign in (1, -1)]
    exact = 2 * volt * math.atanh(share) + sum(ends)
    budget = voltage_budget(film, 200e-4, current)
    assert budget.overpotential == pytest.approx(exact, rel=1e-10)
    assert 1e3 * budget.overpotential == pytest.approx(whole, abs=0.06)
    late = voltage_budget(film, 200e-4, current, 20 * film.time_constant)
    assert late.overpotential == pytest.approx(exact, rel=1e-6)


@pytest.mark.parametrize("convention", ["cell", "interface", None])
def test_the_parts_add_up_whatever_the_convention(convention):
    found = symmetric_cell(cell(CONTRAST), convention=convention).results
    parts = sum(found[name].value for name in ("ohmic", "charge_transfer", "concentration"))
    assert found["overpotential"].value == pytest.approx(parts, rel=1e-9)
    assert found["peak_to_peak"].value == pytest.approx(2 * parts, rel=1e-9)


def test_conventions():
    assert per_interface(4.0, "cell") == 2.0
    assert per_interface(4.0, "interface") == 4.0
    with pytest.raises(InputError, match="The convention 'both' is not known"):
        per_interface(4.0, "both")


FILM = UniformFilm(100e-6, 8.92e-3, 0.35, 2000.0, 298.15)
"""The contrast film at 25 degC: limiting current 0.321 mA/cm2, time constant 1875 s."""
NO_RCT = 1e-12


def test_a_budget_at_a_time_and_in_the_end():
    early, late = voltage_budget(FILM, 0.0142, 2.0, 60.0), voltage_budget(FILM, 0.0142, 2.0)
    assert early.ohmic == late.ohmic == pytest.approx(2.0 * 100e-6 / 8.92e-3)
    assert 0 < early.concentration < late.concentration
    whole = 2 * GAS * 298.15 / FARADAY * 2 * math.atanh(2.0 / FILM.limiting_current)
    assert late.ohmic + late.concentration == pytest.approx(whole, rel=1e-12)


def test_a_single_step_follows_the_series_solution():
    history = run_protocol(FILM, NO_RCT, [CurrentStep(2.0, 3000.0)])
    exact = [FILM.voltage(float(t), 2.0) for t in history.time[1:]]
    np.testing.assert_allclose(history.voltage[1:], exact, atol=2e-8)
    ends = [FILM.concentration_at([0.0, 100e-6], float(t), 2.0) for t in history.time[1:]]
    np.testing.assert_allclose(np.c_[history.first, history.second][1:], ends, atol=1e-6)


def test_two_steps_superpose():
    """What follows a reversal is the first step's solution less twice the same solution begun later."""
    history = run_protocol(FILM, NO_RCT, [CurrentStep(2.0, 900.0), CurrentStep(-2.0, 900.0)])
    late = history.time > 901.0
    expected = [
        2000.0
        + (FILM.concentration_at([0.0], t, 2.0)[0] - 2000.0)
        - 2 * (FILM.concentration_at([0.0], t - 900.0, 2.0)[0] - 2000.0)
        for t in history.time[late].tolist()
    ]
    np.testing.assert_allclose(history.first[late], expected, atol=1e-6)


def test_salt_is_conserved_and_rests_relax():
    history = run_protocol(FILM, 0.0142, [*square_wave(2.0, 900.0, 3), CurrentStep(0.0, 60000.0)])
    np.testing.assert_allclose(history.first + history.second, 4000.0, rtol=1e-12)
    assert history.voltage[-1] == pytest.approx(0, abs=1e-12)
    assert history.first[-1] == pytest.approx(2000.0, abs=1e-9)


def test_a_reversal_remembers():
    """Just after a reversal the old gradient still drives the current, so the voltage is below a fresh cell's."""
    history = run_protocol(FILM, NO_RCT, square_wave(2.0, 3600.0, 1))
    fresh, turned = history.voltage[history.step == 0][2], -history.voltage[history.step == 1][2]
    assert turned < fresh


@pytest.mark.parametrize("current", [4.8, 7.2, 12.0])
def test_depletion_is_where_the_series_solution_puts_it(current):
    """Hand check of 0.4C, 0.6C, 1C: 1676, 721.9 and 259.8 s."""
    history = run_protocol(FILM, 0.0142, [CurrentStep(current, 4000.0)])
    assert history.depleted_at == pytest.approx(FILM.depletion_time(current), rel=1e-6)
    assert history.depleted_at == pytest.approx({4.8: 1676, 7.2: 721.9, 12.0: 259.8}[current], rel=1e-3)
    assert history.time[-1] < history.depleted_at
    assert history.depleted_step == 0
    assert history.at_end_of(0) is None
    assert np.all(history.second > 0)


def test_a_staircase_stops_above_the_limiting_current():
    found = critical_current_raw(FILM, 0.0142, [1.0, 2.0, 3.0, 4.0], 3600.0)
    assert 3.0 < found.limiting_current < 4.0
    assert found.largest_carried == 3.0
    assert found.levels[-1].overpotential is None
    assert 0 < found.levels[-1].depleted_after < 3600.0
    rising = [level.overpotential for level in found.levels[:-1]]
    assert rising == sorted(rising)


def test_short_half_cycles_pass_above_the_limiting_current():
    found = critical_current_raw(FILM, 0.0142, [1.0, 4.0], 60.0)
    assert found.largest_carried == 4.0 > found.limiting_current


def test_a_film_that_carries_nothing():
    assert critical_current_raw(FILM, 0.0142, [40.0], 3600.0).largest_carried is None


def test_uncertainties_in_time():
    """At depletion by Sand i^2 t is constant for a thick film, and what i_lim owes to 10 % of thickness is 10 %."""
    thick = cell(CONTRAST, thickness="2.0 ± 0.2 cm", current="10.0 ± 0.1 mA/cm2")
    found = cycled(thick, "cell", parse("1000 h", "s"), 1)
    assert found.results["depletion_time"].std == pytest.approx(0.02 * found.results["depletion_time"].value, rel=1e-3)
    assert found.results["concentration_swing"].value == pytest.approx(4.0)
    assert found.to_json()["results"]["overpotential.last"]["value"] is None
    limit = symmetric_cell(cell(CONTRAST, thickness="100 ± 10 um"), convention="cell").results["limiting_current"]
    assert limit.std == pytest.approx(0.1 * limit.value, rel=1e-6)
    slow = cycled(cell(LSE, rct="24.5 ± 0.49 ohm cm2"), "cell", parse("1 h", "s"), 1)
    steady = symmetric_cell(cell(LSE, rct="24.5 ± 0.49 ohm cm2"), convention="cell").results["overpotential"]
    assert slow.results["overpotential.first"].std == pytest.approx(steady.std, rel=1e-6)
    assert slow.to_json()["results"]["depletion_time"]["value"] is None


def test_a_convention_that_is_taken_is_said():
    hour, current = parse("1 h", "s"), [parse("0.4 mA/cm2", "A/m2")]
    assert "the cell's is taken" in cycled(cell(LSE), None, hour, 1).warnings[0]
    assert "the cell's is taken" in critical_current(cell(LSE), None, current, hour).warnings[0]
    assert not cycled(cell(LSE), "cell", hour, 1).warnings


def test_answers_in_time():
    answer = cycled(cell(LSE), "cell", parse("1 h", "s"), 2)
    assert answer.results["overpotential.last"].value == pytest.approx(10.11, abs=0.01)
    assert len({len(column) for column in answer.series.values()}) == 1
    stairs = critical_current(
        cell(CONTRAST), "cell", [parse(f"{i} mA/cm2", "A/m2") for i in (0.4, 0.8, 1.2)], parse("1 h", "s")
    )
    assert stairs.results["largest_carried"].value == pytest.approx(0.8)
    assert stairs.series["Overpotential / mV"][-1] is None
    assert "depletion_time" in stairs.results


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"current": "0 mA/cm2"}, "The current is 0"),
        ({"current": "0.4 mA"}, "is a current, not a current density"),
        ({"current": "2 mA/cm2"}, "is not below the limiting current"),
        ({"thickness": "0 um"}, "The thickness is 0 um"),
        ({"conductivity": "-1 S/cm"}, "The conductivity is -1"),
        ({"transference": "1.2"}, "The transference number is 1.2"),
        ({"rct": "0 ohm cm2"}, "The charge-transfer resistance is zero"),
        ({"temperature": "3000 K"}, "The temperature is 3000 K, not from"),
        ({"transference": "1e-300"}, "The transference number is 1e-300"),
        ({"thermodynamic_factor": "1e300"}, "The thermodynamic factor is"),
        ({"diffusivity": "1e30 m2/s"}, "The diffusivity is"),
        ({"thickness": "5 ± 1e308 um"}, "An uncertainty is larger"),
        ({"rct": "24.5 ohm"}, "is a resistance, not an area-specific"),
    ],
)
def test_numbers_of_no_sense_are_refused(changes, words):
    with pytest.raises(InputError, match=words):
        symmetric_cell(cell(CONTRAST, **changes))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: run_protocol(FILM, 1.0, []), "0 steps"),
        (lambda: run_protocol(FILM, 1.0, [CurrentStep(1.0, 0.0)]), "for 0 s"),
        (lambda: run_protocol(FILM, 1.0, [CurrentStep(1.0, 1e33)]), "1e.33 s. A step lasts"),
        (lambda: run_protocol(FILM, 1.0, [CurrentStep(1.0, 1e-30)]), "1e-30 s. A step lasts"),
        (lambda: run_protocol(FILM, 1.0, [CurrentStep(math.nan, 1.0)]), "nan mA/cm2"),
        (lambda: run_protocol(FILM, 1.0, [CurrentStep(1.0, 1.0)] * 10**4), "10000 steps"),
        (lambda: square_wave(1.0, 1.0, 10**9), "number of cycles is 1000000000"),
        (lambda: square_wave(1.0, 1.0, 0), "number of cycles is 0"),
        (lambda: critical_current_raw(FILM, 1.0, [2.0, 1.0], 1.0), "do not rise"),
        (lambda: critical_current_raw(FILM, 1.0, [], 1.0), "do not rise"),
        (lambda: critical_current(cell(LSE), "cell", [], parse("1 h", "s")), "no currents"),
    ],
)
def test_protocols_of_no_sense_are_refused(call, words):
    with pytest.raises(InputError, match=words):
        call()
