"""Activation energies against exact laws, closed forms and counted coverage."""

import json
from dataclasses import dataclass

import numpy as np
import pytest

from lamion.quantities import InputError
from lamion.quantities.constants import FARADAY, GAS
from lamion.quantities.level import LEVEL, LEVEL_95
from lamion.synthetic.temperature_series import arrhenius_series, two_segment_series, vtf_series
from lamion.techniques.conduction.arrhenius import activation, rank_models
from lamion.techniques.conduction.arrhenius_line import fit_arrhenius
from lamion.techniques.conduction.temperature_fit import TemperatureFit, temperature_series
from lamion.techniques.conduction.temperature_runs import temperature_runs
from lamion.techniques.conduction.two_segments import break_test, fit_two_segments
from lamion.techniques.conduction.vtf import apparent_activation_energy, fit_vtf

MELTING = 299.95


def kelvin(n: int, low: float = 20.0, high: float = 80.0) -> np.ndarray:
    return np.linspace(low, high, n) + 273.15


class TestExactLaws:
    def test_arrhenius_line_equals_the_closed_form_of_weighted_regression(self):
        """Textbook sums for slope and standard error, weights from the stated uncertainties."""
        data = arrhenius_series(kelvin(7), 24000.0, 900.0, noise=0.02, seed=4)
        line = fit_arrhenius(temperature_series(data.temperature, data.conductivity, data.std))
        w = (data.conductivity / data.std) ** 2
        x, y = 1 / data.temperature, np.log(data.conductivity)
        centre = np.sum(w * x) / np.sum(w)
        spread = np.sum(w * (x - centre) ** 2)
        assert line.activation_energy == pytest.approx(-GAS * np.sum(w * (x - centre) * y) / spread, rel=1e-9)
        assert line.activation_energy_error == pytest.approx(GAS / np.sqrt(spread), rel=1e-6)
        error = np.sqrt(1 / np.sum(w) + centre**2 / spread)
        assert line.log_prefactor_error == pytest.approx(error, rel=1e-6)

    @pytest.mark.parametrize("T0", [60.0, 150.0, 200.0, 240.0])
    @pytest.mark.parametrize("of", ["sigma", "sigma T"])
    def test_vtf_parameters_come_back(self, T0, of):
        data = vtf_series(kelvin(9), 900.0, T0, 30.0, noise=0.0, seed=0)
        vtf = fit_vtf(temperature_series(data.temperature, data.conductivity, of=of))
        assert [vtf.parameters[n] for n in ("A", "B", "T0")] == pytest.approx([30.0, 900.0, T0], rel=1e-4)
        extra = GAS * 323.15 if of == "sigma T" else 0.0
        expected = apparent_activation_energy(900.0, T0, 323.15) + extra
        assert vtf.activation_energy == pytest.approx(expected, rel=1e-7)

    def test_apparent_activation_energy_is_the_slope(self):
        law = [vtf_series([T], 900.0, 200.0, 30.0, noise=0.0, seed=0).conductivity[0] for T in (322.99, 323.01)]
        slope = -GAS * np.log(law[1] / law[0]) / (1 / 323.01 - 1 / 322.99)
        assert apparent_activation_energy(900.0, 200.0, 323.0) == pytest.approx(slope, rel=1e-6)

    def test_vtf_jacobian_fits_at_a_reference_at_either_end(self):
        data = vtf_series(kelvin(9), 900.0, 200.0, 30.0, noise=0.0, seed=0)
        for T in (293.15, 353.15):
            vtf = fit_vtf(temperature_series(data.temperature, data.conductivity, reference=T))
            assert vtf.activation_energy == pytest.approx(apparent_activation_energy(900.0, 200.0, T), rel=1e-6)

    @pytest.mark.parametrize("reference", [295.0, 330.0])
    @pytest.mark.parametrize("place", [MELTING, 310.0])
    def test_two_segments_come_back(self, reference, place):
        data = two_segment_series(kelvin(13), place, 60000.0, 25000.0, 0.01, noise=0.0, seed=0)
        series = temperature_series(data.temperature, data.conductivity, reference=reference)
        for two in (fit_two_segments(series, place), fit_two_segments(series)):
            assert two.parameters["E_below"] == pytest.approx(60000.0, rel=1e-5)
            assert two.parameters["E_above"] == pytest.approx(25000.0, rel=1e-5)
            assert two.parameters["break"] == pytest.approx(place, abs=1e-3)

    def test_sigma_times_temperature_adds_one_rt(self):
        data = arrhenius_series(kelvin(7), 24000.0, 900.0, noise=0.0, seed=0)
        plain = activation(data.temperature, data.conductivity)
        times_T = activation(data.temperature, data.conductivity, of="sigma T", model="arrhenius")
        gain = times_T.results["activation_energy"].value - plain.results["activation_energy"].value
        assert gain == pytest.approx(GAS * 323.15 / FARADAY, rel=1e-2)
        assert times_T.results["prefactor"].unit == "S K/cm"


class TestChoice:
    def test_the_papers_numbers_are_one_line(self):
        """0.25 eV from 5.62e-4 S/cm at 25 degC gives 1.37e-3 S/cm at 55 degC."""
        T = kelvin(7)
        sigma = 5.62e-2 * np.exp(-0.25 * FARADAY / GAS * (1 / T - 1 / 298.15))
        answer = activation(T, sigma, 0.01 * sigma, break_temperature=MELTING)
        assert answer.notes["model"] == "arrhenius"
        assert answer.results["activation_energy"].value == pytest.approx(0.25, abs=1e-6)
        assert "rest on it alone" in answer.warnings[0]
        prefactor = answer.results["prefactor"].value
        at_55 = prefactor * np.exp(-0.25 * FARADAY / (GAS * 328.15))
        assert at_55 == pytest.approx(1.37e-3, rel=0.01)

    @pytest.mark.parametrize("seed", range(5))
    def test_vtf_is_chosen_where_it_is_true(self, seed):
        data = vtf_series(kelvin(9), 900.0, 200.0, 30.0, noise=0.01, seed=seed)
        answer = activation(data.temperature, data.conductivity, data.std)
        assert answer.notes["model"] == "vtf"
        assert answer.method.endswith("; activation_energy and prefactor are those at 50 degC.")
        assert answer.notes["models"]["vtf"]["T0"] == "determined"
        low, high = answer.notes["models"]["vtf"]["T0 interval 95 % / K"]
        assert 150.0 < low < high < 250.0

    def test_two_segments_are_chosen_where_they_are_true(self):
        data = two_segment_series(kelvin(13), 315.0, 90000.0, 30000.0, 0.01, noise=0.01, seed=3)
        answer = activation(data.temperature, data.conductivity, data.std)
        assert answer.notes["model"] == "two-segment"
        assert answer.notes["break"]["verdict"] == "one straight line is excluded"
        assert "; activation_energy and prefactor are those at 50 degC, above the break at 4" in answer.method
        below = answer.results["activation_energy_below_break"]
        assert abs(below.value * FARADAY - 90000.0) < 4 * below.std * FARADAY

    def test_points_and_temperatures_are_counted_apart(self):
        T = np.tile(kelvin(4), 2)
        sigma = 100.0 * np.exp(-0.3 * FARADAY / (GAS * T)) * np.repeat([1.0, 1.1], 4)
        assert "of 8 points at 4 temperatures" in activation(T, sigma, model="arrhenius").method

    @pytest.mark.parametrize(("reference", "side"), [(303.15, "30 degC, below"), (343.15, "70 degC, above")])
    def test_the_energy_of_two_lines_is_said_to_be_that_of_one(self, reference, side):
        data = two_segment_series(kelvin(13), 315.0, 90000.0, 30000.0, 0.01, noise=0.0, seed=3)
        answer = activation(data.temperature, data.conductivity, model="two-segment", reference_temperature=reference)
        assert answer.method.endswith(f"; activation_energy and prefactor are those at {side} the break at 41.85 degC.")

    def test_the_model_choice_is_added_in_quadrature(self):
        data = vtf_series(kelvin(13), 1500.0, 100.0, 300.0, noise=0.01, seed=2)
        answer = activation(data.temperature, data.conductivity, data.std)
        parts = answer.notes["uncertainty"]
        assert parts["total_eV"] == pytest.approx(np.hypot(parts["fit_eV"], parts["model_choice_eV"]))
        assert answer.results["activation_energy"].std == pytest.approx(parts["total_eV"])
        assert parts["model_choice_eV"] > 0

    def test_vogel_temperature_is_not_identifiable_from_few_noisy_points(self):
        flags = [
            fit_vtf(temperature_series(d.temperature, d.conductivity, d.std)).identifiable
            for d in (vtf_series(kelvin(6, 40.0, 80.0), 1500.0, 130.0, 300.0, noise=0.03, seed=s) for s in range(20))
        ]
        assert sum(flags) <= 4

    def test_a_forced_vtf_says_what_is_open(self):
        data = vtf_series(kelvin(7, 40.0, 80.0), 1500.0, 130.0, 300.0, noise=0.03, seed=1)
        answer = activation(data.temperature, data.conductivity, data.std, model="vtf")
        assert answer.notes["models"]["vtf"]["T0"] == "not identifiable"
        assert any("T0 is not identifiable" in w and "Eight temperatures" in w for w in answer.warnings)

    def test_more_temperatures_are_asked_for_only_where_there_are_few(self):
        data = vtf_series(kelvin(10, 0.0, 110.0), 1500.0, 100.0, 300.0, noise=0.2, seed=1)
        answer = activation(data.temperature, data.conductivity, data.std, model="vtf")
        (said,) = (w for w in answer.warnings if "T0 is not identifiable" in w)
        assert "Eight temperatures" not in said
        assert "The scatter leaves T0 open" in said

    def test_understated_uncertainties_are_replaced_by_the_scatter(self):
        data = arrhenius_series(kelvin(13), 24000.0, 900.0, noise=0.05, seed=5)
        answer = activation(data.temperature, data.conductivity, data.std / 10)
        assert answer.notes["noise"] == "scatter about the fit"
        assert any("scatter more" in w for w in answer.warnings)
        assert answer.results["activation_energy"].std * FARADAY > 500

    def test_the_answer_is_json_and_draws(self):
        data = arrhenius_series(kelvin(4), 24000.0, 900.0, noise=0.01, seed=5)
        answer = activation(data.temperature, data.conductivity)
        json.dumps(answer.to_store(), allow_nan=False)
        figure = answer.figures["arrhenius"]
        assert figure.kind == "xy"
        measured = figure.data["panels"][0]["traces"][-1]
        assert measured["label"] == "measured"
        assert "y_error" not in measured
        assert len({len(column) for column in answer.series.values()}) == 1
        assert answer.notes["not_compared"]["vtf"].startswith("It needs six points")


class TestBreak:
    @pytest.mark.parametrize("known", [True, False])
    @pytest.mark.parametrize("place", [MELTING, None])
    def test_false_alarms_come_as_often_as_stated(self, known, place):
        """One line is true: p < 0.05 in 5 % of 100 draws (binomial, four standard deviations)."""
        alarms = 0
        for seed in range(100):
            d = arrhenius_series(kelvin(9), 24000.0, 900.0, noise=0.01, seed=seed)
            series = temperature_series(d.temperature, d.conductivity, d.std if known else None)
            alarms += break_test(series, place).p_value < 0.05
        assert alarms <= 14

    def test_a_melting_point_is_seen(self):
        d = two_segment_series(kelvin(13, 0.0, 60.0), MELTING, 60000.0, 25000.0, 0.01, noise=0.02, seed=1)
        test = break_test(temperature_series(d.temperature, d.conductivity, d.std))
        assert test.p_value < 0.001
        assert test.temperature == pytest.approx(MELTING, abs=2.0)

    def test_two_sided_slopes_cover(self):
        inside = 0
        for seed in range(200):
            d = two_segment_series(kelvin(13, 0.0, 60.0), MELTING, 60000.0, 25000.0, 0.01, noise=0.02, seed=seed)
            two = fit_two_segments(temperature_series(d.temperature, d.conductivity), MELTING)
            inside += abs(two.parameters["E_below"] - 60000.0) <= two.margin("below")
            inside += abs(two.parameters["E_above"] - 25000.0) <= two.margin("above")
        assert inside / 400 == pytest.approx(LEVEL, abs=0.07)


class TestRefusals:
    @pytest.mark.parametrize(
        ("temperature", "conductivity", "words"),
        [
            ([20.0, 40.0, 60.0], [1.0, 2.0, 3.0], "look like degrees Celsius"),
            ([300.0, 300.0, 300.0], [1.0, 2.0, 3.0], "All temperatures are equal"),
            ([300.0, 310.0], [1.0, 2.0], "three different temperatures; 2 given"),
            ([], [], "three different temperatures; 0 given"),
            ([300.0, 310.0, 320.0], [1.0, 0.0, 2.0], "not a positive number"),
            ([300.0, 310.0, 320.0], [1.0, float("nan"), 2.0], "not a positive number"),
            ([300.0, 310.0, float("inf")], [1.0, 2.0, 3.0], "not a finite number"),
            ([300.0, 310.0, 320.0], [1.0, 2.0], "one conductivity"),
            ([300.0, 300.001, 300.002], [1e-9, 1.0, 1e9], "no activation energy of a possible size"),
        ],
    )
    def test_what_a_user_can_cause(self, temperature, conductivity, words):
        with pytest.raises(InputError, match=words):
            activation(temperature, conductivity)

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            ({"std": [0.1, -0.1, 0.1, 0.1]}, "uncertainty of a conductivity is not"),
            ({"of": "rho"}, "'rho' is not known"),
            ({"model": "cubic"}, "'cubic' is not known"),
            ({"model": "vtf"}, "'vtf' cannot be chosen"),
            ({"reference_temperature": 400.0}, "outside the measured range"),
            ({"break_temperature": 400.0}, "no temperature on one side"),
        ],
    )
    def test_options(self, options, words):
        with pytest.raises(InputError, match=words):
            activation([300.0, 310.0, 320.0, 330.0], [1.0, 1.2, 1.5, 1.9], **options)


@dataclass(frozen=True)
class Truth:
    name: str
    points: int
    known: bool

    def draw(self, seed: int) -> TemperatureFit:
        T = kelvin(self.points)
        if self.name == "arrhenius":
            d = arrhenius_series(T, 30000.0, 100.0, noise=0.01, seed=seed)
            return fit_arrhenius(temperature_series(T, d.conductivity, d.std if self.known else None))
        d = vtf_series(T, 900.0, 200.0, 30.0, noise=0.01, seed=seed)
        return fit_vtf(temperature_series(T, d.conductivity, d.std if self.known else None))

    @property
    def energy(self) -> float:
        return 30000.0 if self.name == "arrhenius" else apparent_activation_energy(900.0, 200.0, 323.15)


TRUTHS = [Truth(name, n, known) for name in ("arrhenius", "vtf") for n in (7, 13) for known in (True, False)]


def covered(truth: Truth, seeds: int) -> tuple[float, float]:
    fits = [truth.draw(seed) for seed in range(seeds)]
    misses = np.array([abs(f.activation_energy - truth.energy) for f in fits])
    at_68 = np.array([f.activation_energy_margin(LEVEL) for f in fits])
    at_95 = np.array([f.activation_energy_margin(LEVEL_95) for f in fits])
    return float(np.mean(misses <= at_68)), float(np.mean(misses <= at_95))


def holds(truth: Truth, found: tuple[float, float], allowed: tuple[float, float]) -> bool:
    """Tell whether shares are those stated; few points whose noise is not known may cover more."""
    more = (0.0, 0.0) if truth.known else (0.12, 0.02)
    return all(
        level - room < share < level + room + extra
        for share, level, room, extra in zip(found, (LEVEL, LEVEL_95), allowed, more, strict=True)
    )


@pytest.mark.parametrize("truth", TRUTHS, ids=str)
def test_intervals_cover(truth):
    found = covered(truth, 400)
    assert holds(truth, found, (0.07, 0.035)), found


@pytest.mark.slow
@pytest.mark.parametrize("truth", TRUTHS, ids=str)
def test_intervals_cover_with_many_seeds(truth):
    found = covered(truth, 2000)
    assert holds(truth, found, (0.04, 0.02)), found


def test_the_ranking_is_the_same_for_any_unit_of_conductivity():
    data = vtf_series(kelvin(9), 900.0, 200.0, 30.0, noise=0.01, seed=7)
    one = rank_models(temperature_series(data.temperature, data.conductivity, data.std))
    other = rank_models(temperature_series(data.temperature, 1e4 * data.conductivity, 1e4 * data.std))
    assert [r.weight for r in one.ranked] == pytest.approx([r.weight for r in other.ranked], rel=1e-5)


def heated_and_cooled(up, down):
    """25 to 85 degC and back, in eV; the sample changes at the top."""
    T = 273.15 + np.array([25, 40, 55, 70, 85, 70, 55, 40, 25.0])
    energy = np.array([up] * 5 + [down] * 4) * FARADAY / GAS
    top = 1.0 / T[4]
    return T, 0.2 * np.exp(-energy * (1 / T - top))


def test_heating_and_cooling_are_two_runs():
    answer = activation(*heated_and_cooled(0.38, 0.24))
    assert answer["activation_energy.heating"].value == pytest.approx(0.38, abs=1e-6)
    assert answer["activation_energy.cooling"].value == pytest.approx(0.24, abs=1e-6)
    assert answer["activation_energy"].std > 0.07
    assert any("these are 2 runs" in text for text in answer.warnings)


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 2, 1, 0], [0, 2, 1, 3], [0, 1, 1, 2]])
def test_one_run_or_none_is_not_split(order):
    assert temperature_runs(np.array([25.0, 40.0, 55.0, 70.0])[order]) == {}


def test_a_second_heating_has_a_name_of_its_own():
    T = np.array([25.0, 45, 65, 60, 40, 20, 30, 50, 70])
    assert list(temperature_runs(T)) == ["heating", "cooling", "heating_2"]


@pytest.mark.parametrize("of", ["sigma", "sigma T"])
def test_the_law_at_a_temperature_is_the_law(of):
    """30 kJ/mol by hand, in and beyond the range."""
    T = np.linspace(293.15, 353.15, 7)
    power = T if of == "sigma T" else 1.0
    sigma = 5e3 * np.exp(-30000.0 / (GAS * T)) / power
    for at in (303.15, 400.0):
        found = activation(T, sigma, of=of, at=at, model="arrhenius")
        exact = 5e3 * np.exp(-30000.0 / (GAS * at)) / (at if of == "sigma T" else 1.0)
        assert found["conductivity"].si == pytest.approx(exact, rel=1e-6)
        assert any("extrapolated" in text for text in found.warnings) == (at == 400.0)


def test_the_interval_of_the_law_at_a_temperature_covers():
    T, inside = np.linspace(293.15, 353.15, 7), []
    exact = 5.0 * np.exp(-30000.0 / (GAS * T))
    for seed in range(300):
        noise = np.exp(0.02 * np.random.default_rng(seed).standard_normal(7))
        low, high = activation(T, exact * noise, at=318.15, model="arrhenius")["conductivity"].interval
        inside.append(low < 1e-2 * 5.0 * np.exp(-30000.0 / (GAS * 318.15)) < high)
    assert 0.64 < np.mean(inside) < 0.85  # the choice between the laws is in it


def test_energies_in_three_units():
    """0.3 eV is 28.95 kJ/mol and 6.918 kcal/mol."""
    T = np.linspace(293.15, 353.15, 5)
    answer = activation(T, np.exp(-0.3 * FARADAY / (GAS * T)))
    assert answer["activation_energy_molar"].value == pytest.approx(28.9456, abs=1e-3)
    assert answer.notes["activation_energy_kcal_mol"] == pytest.approx(6.918, abs=1e-3)


@pytest.mark.parametrize(("energy", "words"), [(-0.3, "falls as it gets warmer"), (3.0, "at most about 2 eV")])
def test_what_no_ion_does_is_asked_about(energy, words):
    T = np.linspace(293.15, 353.15, 5)
    answer = activation(T, 1e-2 * np.exp(-energy * FARADAY / GAS * (1 / T - 1 / 353.15)))
    assert any(words in text for text in answer.warnings)
