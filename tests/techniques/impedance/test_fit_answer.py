"""Circuits as answers: names, units, intervals, choice, capacitance, series."""

from __future__ import annotations

import json

import numpy as np
import pytest

from lamion.quantities import InputError, Quantity
from lamion.records.impedance import ImpedanceSpectrum
from lamion.techniques.impedance.capacitance import effective_capacitances
from lamion.techniques.impedance.choice import choose_circuit
from lamion.techniques.impedance.circuit import Circuit
from lamion.techniques.impedance.circuit_fits import formal_deviations
from lamion.techniques.impedance.circuit_parameters import circuit_parameters
from lamion.techniques.impedance.families import BLOCKING_FAMILY, CELL_FAMILY
from lamion.techniques.impedance.fit import fit_circuit
from lamion.techniques.impedance.profile import circuit_profile_interval
from lamion.techniques.impedance.spectra import gather

FREQUENCY = np.geomspace(1e5, 0.1, 50)
TEXT = "R0-p(R1,CPE1)-CPE2"
TRUTH = np.array([8.0, 60.0, 3e-5, 0.85, 2e-3, 0.9])


def noisy(text, values, noise=0.01, seed=0, count=1):
    exact = Circuit.read(text).impedance(values, FREQUENCY)
    error = np.random.default_rng(seed).standard_normal((2, count, len(FREQUENCY)))
    return exact + noise * np.abs(exact) * (error[0] + 1j * error[1])


def records(count=1, seed=1):
    return [ImpedanceSpectrum(FREQUENCY, z) for z in noisy(TEXT, TRUTH, seed=seed, count=count)]


def test_results_of_one_spectrum():
    answer = circuit_parameters(records(), TEXT)
    assert list(answer.results) == ["R0", "R1", "CPE1.Q", "CPE1.n", "CPE2.Q", "CPE2.n", "C1"]
    for name, true in zip(answer.results, TRUTH, strict=False):
        quantity = answer.results[name]
        assert abs(quantity.value - true) < 3.5 * quantity.std
    assert answer.results["C1"].unit == "F"
    assert answer.results["C1"].value == pytest.approx((60 * 3e-5) ** (1 / 0.85) / 60, rel=0.05)
    assert answer.notes["units"]["CPE1.Q"] == "S s^n"
    assert answer.results["CPE1.Q"].unit == "S s^n"
    assert len(answer.series["Fitted Real Impedance / ohm"]) == 50
    assert np.shape(answer.notes["spectra"][0]["correlation"]) == (6, 6)
    assert not answer.warnings
    json.dumps(answer.to_json(), allow_nan=False)
    json.dumps(answer.to_store(), allow_nan=False)


def test_series_of_spectra():
    answer = circuit_parameters(records(5), TEXT)
    assert len(answer.series["File"]) == 5
    assert answer.results["R1"].value == pytest.approx(np.mean(answer.series["R1 / ohm"]))
    assert abs(answer.results["R1"].value - 60) < 4 * answer.results["R1"].std


def test_area_and_range():
    area = Quantity(2.0, 0.02, "cm2")
    plain = circuit_parameters(records(), TEXT, lowest=1.0)
    specific = circuit_parameters(records(), TEXT, lowest=1.0, area=area)
    assert specific.results["R1"].unit == "ohm cm2"
    assert specific.results["R1"].value == pytest.approx(2 * plain.results["R1"].value)
    relative = specific.results["R1"].std / specific.results["R1"].value
    assert relative == pytest.approx(np.hypot(plain.results["R1"].std / plain.results["R1"].value, 0.01))
    assert specific.results["C1"].value == pytest.approx(plain.results["C1"].value / 2)
    assert min(plain.series["Frequency / Hz"]) >= 1.0


def test_what_is_not_determined_has_no_uncertainty_but_an_interval():
    z = noisy("R0-C1", [10.0, 1e-4], seed=3)[0]
    answer = circuit_parameters([ImpedanceSpectrum(FREQUENCY, z)], "R0-p(R1,C1)")
    assert answer.results["R1"].std is None
    low, high = answer.results["R1"].interval
    assert low > 1e4
    assert high is None or high > 1e6
    assert "not identifiable" in answer.warnings[0]
    assert answer.notes["spectra"][0]["not_identifiable"] == ["R1"]
    json.dumps(answer.to_json(), allow_nan=False)


def test_profile_agrees_with_the_quadratic_picture_where_it_holds():
    fits = fit_circuit(Circuit.read(TEXT), gather(FREQUENCY, noisy(TEXT, TRUTH, 0.002)))
    for place, name in enumerate(fits.circuit.names):
        interval = circuit_profile_interval(fits, 0, name)
        formal = formal_deviations(fits, 0)[place] * fits.std[0, place] / fits.deviations[0, place]
        assert (interval.high - interval.low) / 2 == pytest.approx(formal, rel=0.1)


def test_profile_covers_where_the_quadratic_picture_fails():
    """A resistance of which only the start of the arc is seen: 68 % of its profiles hold the truth."""
    text, truth, frequency = "R0-p(R1,C1)", [10.0, 30.0, 0.02], np.geomspace(1e4, 0.3, 20)
    circuit = Circuit.read(text)
    exact = circuit.impedance(truth, frequency)
    error = np.random.default_rng(7).standard_normal((2, 60, 20))
    fits = fit_circuit(circuit, gather(frequency, exact + 0.03 * np.abs(exact) * (error[0] + 1j * error[1])))
    inside = 0
    for index in range(60):
        interval = circuit_profile_interval(fits, index, "R1")
        inside += (interval.low or 0.0) < 30.0 < (interval.high or np.inf)
    assert abs(inside / 60 - 0.683) < 0.16


@pytest.mark.parametrize(
    ("family", "text", "values"),
    [
        (CELL_FAMILY, "R0-p(R1,CPE1)", [5.0, 40.0, 1e-5, 0.9]),
        (CELL_FAMILY, "R0-p(R1,CPE1)-p(R2,CPE2)", [5.0, 40.0, 1e-5, 0.9, 60.0, 1e-3, 0.9]),
        (CELL_FAMILY, "L0-R0-p(R1,CPE1)", [3e-6, 5.0, 40.0, 1e-5, 0.9]),
        (CELL_FAMILY, "R0-p(R1,CPE1)-Ws2", [5.0, 40.0, 1e-5, 0.9, 60.0, 1.0]),
        (BLOCKING_FAMILY, "R0-CPE1", [5.0, 1e-3, 0.9]),
        (BLOCKING_FAMILY, "R0-p(R1,CPE1)-CPE2", TRUTH),
    ],
)
def test_the_true_circuit_wins(family, text, values):
    choice = choose_circuit(gather(FREQUENCY, noisy(text, values, 0.005, seed=5)), family)
    assert choice.ranked[0].circuit == text
    assert text in choice.reason
    assert len(choice.ranked) == len(family)


@pytest.mark.parametrize("family", [CELL_FAMILY, BLOCKING_FAMILY])
def test_a_wrong_sign_is_not_taken_for_the_inductance_of_leads(family):
    with pytest.raises(InputError, match="probably holds -Z''"):
        choose_circuit(gather(FREQUENCY, np.conj(noisy(TEXT, TRUTH))), family)


def test_a_published_fit_of_a_cell(real_data):
    """impedance.py's fitting example: unit weights, the inductive points left out, R0 and tau as it left them."""
    from lamion.formats.reading import read

    spectrum = read(real_data / "impedance" / "exampleData.csv", columns="f=1,re=2,im=3").records[0]
    fixed = {"R0": 0.02, "Wo1.tau": 200.0}
    circuit = "R0-p(R1,C1)-p(R2-Wo1,C2)"
    found = circuit_parameters([spectrum], circuit, weighting="unit", fixed=fixed, highest=1500.0).results
    published = {"R1": 6.79e-3, "C1": 5.62, "R2": 3.91e-3, "C2": 1.36, "Wo1.R": 5.88e-2}
    for name, value in published.items():
        assert abs(found[name].value - value) < found[name].std, name
        assert found[name].value == pytest.approx(value, rel=0.15)


@pytest.mark.parametrize(
    ("name", "columns", "most"),
    [
        ("exampleData.csv", "f=1,re=2,im=3", 0.009),
        ("LIB_data.txt", "f=1,re=2,im=3", 0.001),
        ("exampleDataAutolab.txt", None, 0.007),
    ],
)
def test_real_cells_with_inductive_leads_are_described_without_a_guess(real_data, name, columns, most):
    from lamion.formats.reading import read

    spectrum = read(real_data / "impedance" / name, columns=columns).records[0]
    choice = choose_circuit(gather(spectrum.frequency, spectrum.impedance), CELL_FAMILY)
    assert choice.ranked[0].circuit.startswith("L0-")
    assert choice.ranked[0].noise < most


def test_choice_in_the_answer_and_its_refusals():
    answer = circuit_parameters(records(), BLOCKING_FAMILY)
    assert answer.notes["circuit"] == TEXT
    assert "AICc" in answer.notes["choice"]
    with pytest.raises(InputError, match="need one circuit"):
        circuit_parameters(records(), BLOCKING_FAMILY, fixed={"R0": 1.0})
    with pytest.raises(InputError, match="No impedance spectrum"):
        circuit_parameters([], TEXT)
    with pytest.raises(InputError, match="No circuit of the family"):
        choose_circuit(gather([1.0, 2.0], [1 - 1j, 1 - 2j]), CELL_FAMILY)


def test_effective_capacitance_of_brug_and_beside_the_resistance():
    """n = 1 gives the capacitance itself; Brug's with a large series resistance is the parallel one."""
    circuit = Circuit.read("R0-p(R1,CPE1)")
    ideal = effective_capacitances(circuit, np.array([[5.0, 50.0, 1e-6, 1.0]]), np.zeros((1, 4, 4)))[0]
    assert ideal.parallel[0] == pytest.approx(1e-6)
    assert ideal.brug[0] == pytest.approx(1e-6)
    far = effective_capacitances(circuit, np.array([[1e9, 50.0, 1e-6, 0.8]]), np.zeros((1, 4, 4)))[0]
    assert far.brug[0] == pytest.approx(far.parallel[0], rel=1e-5)


def test_structured_misfit_widens_the_uncertainty():
    z = Circuit.read("R0-p(R1,CPE1)-p(R2,CPE2)-CPE3").impedance(
        [8.0, 60.0, 3e-5, 0.85, 10.0, 1e-3, 0.9, 2e-2, 0.9], FREQUENCY
    )
    fits = fit_circuit(Circuit.read(TEXT), gather(FREQUENCY, z))
    answer = circuit_parameters([ImpedanceSpectrum(FREQUENCY, z)], TEXT)
    assert answer.results["R1"].std > 1.5 * fits.std[0, 1]
    assert any("does not describe the spectrum" in warning for warning in answer.warnings)


def test_noise_alone_is_no_misfit():
    answer = circuit_parameters(records(), TEXT)
    assert not answer.warnings


def test_a_parameter_that_the_misfit_leaves_open_is_not_identifiable(real_data):
    """The arc of a solid electrolyte at the end of the range: the noise alone would determine its CPE to 11 %."""
    from lamion.formats.reading import read

    spectrum = read(real_data / "impedance" / "PEIS_LPSCl_IonBlocking_-25C.mpr").records[0]
    text = "p(R1,CPE1)-CPE2"
    assert fit_circuit(Circuit.read(text), gather(spectrum.frequency, spectrum.impedance)).identifiable.all()
    answer = circuit_parameters([spectrum], text)
    assert answer.notes["spectra"][0]["not_identifiable"] == ["CPE1.Q"]
    assert answer.results["CPE1.Q"].std is None
    assert abs(answer.results["R1"].value - 1498) < answer.results["R1"].std


@pytest.mark.parametrize(
    ("file", "values"), [("Circuit1_EIS_1.z", [29.1, 46.7, 1.04e-5]), ("Circuit2_EIS_1.z", [150, 502, 3.12e-8])]
)
def test_dummy_cells_within_their_stated_uncertainty(real_data, file, values):
    from lamion.formats.reading import read

    spectrum = read(real_data / "impedance" / file).records[0]
    answer = circuit_parameters([spectrum], "R0-p(R1,C1)")
    for (name, quantity), published in zip(answer.results.items(), values, strict=False):
        digit = 0.5 * 10 ** (np.floor(np.log10(published)) - 2)
        assert abs(quantity.value - published) < 2 * np.hypot(quantity.std, 2 * digit), (name, quantity)


def test_measured_deviations_weight_the_points():
    """Points of a tenfold stated deviation count a hundredth; given in the order of the record, and cut with it."""
    circuit, f = Circuit.read("R0-p(R1,C1)"), np.geomspace(1e5, 1.0, 50)
    z = circuit.impedance([10.0, 50.0, 1e-6], f)
    random = np.random.default_rng(1)
    std = np.where(np.arange(50) % 2 == 0, 0.01, 1.0)
    noisy = z + std * (random.standard_normal(50) + 1j * random.standard_normal(50))
    weighted = circuit_parameters(
        [ImpedanceSpectrum(f, noisy)], "R0-p(R1,C1)", weighting="measured", std=[std], lowest=2.0
    ).results
    plain = circuit_parameters([ImpedanceSpectrum(f, noisy)], "R0-p(R1,C1)", lowest=2.0).results
    assert weighted["R1"].std < 0.1 * plain["R1"].std
    assert abs(weighted["R1"].value - 50.0) < 4 * weighted["R1"].std
    with pytest.raises(InputError, match="standard deviations were given"):
        circuit_parameters([ImpedanceSpectrum(f, noisy)], "R0-p(R1,C1)", weighting="measured", std=[std[1:]])


def one_spectrum(text, values, noise=0.003, seed=0):
    return [ImpedanceSpectrum(FREQUENCY, noisy(text, values, noise, seed)[0])]


def test_fixed_values_and_bounds_take_units():
    spectra = one_spectrum("R0-p(R1,CPE1)", [30.0, 60.0, 3e-5, 0.85])
    answer = circuit_parameters(
        spectra, "R0-p(R1,CPE1)", fixed={"R0": Quantity(0.03, None, "kohm")}, bounds={"CPE1.n": "0.5..0.8"}
    )
    assert answer.results["R0"].value == pytest.approx(30.0, rel=1e-12)
    assert "held" in answer.results["R0"].source
    assert "R0 held at the given value" in answer.method
    assert "CPE1.n kept within 0.5 to 0.8" in answer.method
    assert answer.notes["fixed"] == ["R0"]
    assert answer.notes["bounds"] == {"CPE1.n": [0.5, 0.8]}
    assert answer.notes["spectra"][0]["at_bound"] == ["CPE1.n"]
    assert any("CPE1.n (0.5 to 0.8) stands at the end" in warning for warning in answer.warnings)
    json.dumps(answer.to_json(), allow_nan=False)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"fixed": {"R0": Quantity(30.0, None, "V")}}, "R0 is the resistance, in ohm, not a voltage"),
        ({"bounds": {"R0": "1..30 V"}}, "R0 is the resistance, in ohm, not a voltage"),
        ({"bounds": {"R0": "30 ohm"}}, "cannot be read"),
        ({"bounds": {"R9": "1..2 ohm"}}, "no parameter 'R9'"),
    ],
)
def test_wrong_units_and_names_are_refused(options, said):
    with pytest.raises(InputError, match=said):
        circuit_parameters(records(), TEXT, **options)


def test_a_negative_series_resistance_is_said_with_its_value():
    spectra = one_spectrum("R0-p(R1,CPE1)", [-12.0, 3000.0, 2e-7, 0.9], 0.002)
    answer = circuit_parameters(spectra, "R0-p(R1,CPE1)")
    said = next(warning for warning in answer.warnings if "ask for R0 of about -1" in warning)
    assert "corrected" in said
    asked = answer.notes["spectra"][0]["asked_for"]
    assert asked["R0"] == pytest.approx(-12.0, rel=0.05)
    assert asked["R1"] == pytest.approx(3000.0, rel=0.01)
    assert not any("does not describe" in warning for warning in answer.warnings)
    allowed = circuit_parameters(spectra, "R0-p(R1,CPE1)", bounds={"R0": "-50..100 ohm"})
    assert abs(allowed.results["R0"].value + 12.0) < 4 * allowed.results["R0"].std
    assert not allowed.warnings


def test_a_misfit_with_a_series_resistance_asks_for_none_below_zero():
    z = Circuit.read("R0-p(R1,CPE1)-p(R2,CPE2)").impedance([10.0, 60.0, 3e-5, 0.85, 40.0, 1e-3, 0.9], FREQUENCY)
    answer = circuit_parameters([ImpedanceSpectrum(FREQUENCY, z)], "R0-p(R1,CPE1)")
    assert answer.notes["spectra"][0]["asked_for"] == {}
    assert any("does not describe" in warning for warning in answer.warnings)


def test_two_arcs_beside_a_series_resistance_that_does_not_show_are_chosen():
    """Once R0 went to nothing, the arcs ended 6.6 % off, and three arcs were chosen."""
    text = "R0-p(R1,CPE1)-p(R2,CPE2)"
    spectra = one_spectrum(text, [1.0, 4000.0, 1.2e-8, 0.996, 2750.0, 1.6e-6, 0.79], 0.01)
    for circuit in (text, CELL_FAMILY):
        answer = circuit_parameters(spectra, circuit)
        assert answer.notes["circuit"] == text
        assert answer.notes["spectra"][0]["relative_residual"] == pytest.approx(0.01, rel=0.2)
        assert answer.results["R2"].value == pytest.approx(2750.0, rel=0.15)
        assert answer.results["CPE2.n"].value == pytest.approx(0.79, abs=0.06)


def test_a_loop_at_low_frequencies_gets_an_inductive_branch():
    """20 ohm, then 100 beside 60 ohm with 8 H: 37.5 ohm at zero frequency."""
    text, values = "R0-p(R1,CPE1,R2-L2)", [20.0, 100.0, 2e-5, 0.95, 60.0, 8.0]
    answer = circuit_parameters(one_spectrum(text, values), CELL_FAMILY)
    assert answer.notes["circuit"] == text
    found = answer.results["R_polarisation"]
    assert abs(found.value - 37.5) < 4 * found.std
    assert found.std < 1.0


def test_conventions_and_goodness_stand_in_the_method():
    spectra = one_spectrum("R0-p(R1-W1,CPE1)", [4.0, 40.0, 10.0, 2e-5, 0.9], 0.01)
    answer = circuit_parameters(spectra, "R0-p(R1-W1,CPE1)")
    for said in ("CPE 1/(Q s^n)", "W A/sqrt(s) (sigma = A/sqrt(2))", "s = j omega", "% of abs Z (rms)", "chi-square"):
        assert said in answer.method
    assert answer.notes["spectra"][0]["rms_residual"] == pytest.approx(0.01, rel=0.2)
