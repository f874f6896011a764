"""Fits of circuits: exact recovery, coverage of the uncertainties, odd data, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.circuit_draws import CIRCUITS, draw
from tests.engines.circuit_draws import FREQUENCY as WINDOW
from tests.engines.circuit_spectrum import CIRCUIT, two_arc_spectra

from lamion.quantities import InputError
from lamion.techniques.impedance.circuit import Circuit, Limits
from lamion.techniques.impedance.circuit_fits import CircuitFits, formal_deviations
from lamion.techniques.impedance.fit import fit_circuit
from lamion.techniques.impedance.spectra import gather

FREQUENCY = np.geomspace(1e5, 0.1, 50)
SIMPLE = Circuit.read("R0-p(R1,CPE1)-CPE2")
TRUTH = np.array([8.0, 60.0, 3e-5, 0.85, 2e-3, 0.9])


def simple_spectra(count: int, seed: int, noise: float = 0.01) -> np.ndarray:
    exact = SIMPLE.impedance(TRUTH, FREQUENCY)
    error = np.random.default_rng(seed).standard_normal((2, count, len(FREQUENCY)))
    return exact + noise * np.abs(exact) * (error[0] + 1j * error[1])


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("R0", [7.0]),
        ("R0-C1", [7.0, 1e-4]),
        ("L0-R0-p(R1,C1)", [1e-6, 5.0, 30.0, 1e-4]),
        ("R0-p(R1,CPE1)-CPE2", TRUTH),
        ("p(R1-Wo1,CPE1)", [40.0, 30.0, 2.0, 2e-5, 0.9]),
        ("R0-p(R1-W1,CPE1)", [4.0, 40.0, 10.0, 2e-5, 0.9]),
        ("R0-p(R1,CPE1)-Ws2", [4.0, 40.0, 2e-5, 0.9, 30.0, 3.0]),
        ("R0-G1", [3.0, 50.0, 1e-2]),
        ("R0-Zarc1-HN2", [3.0, 50.0, 1e-4, 0.85, 80.0, 0.05, 0.9, 0.7]),
        ("R0-TLM1", [3.0, 50.0, 2e-3, 0.9]),
        ("TLMi1", [30.0, 50.0, 2e-3, 0.9]),
        ("R0-p(R1-p(R2,C2),C1)", [3.0, 20.0, 50.0, 1e-3, 1e-5]),
        ("R0-La1-p(R1,C1)", [3.0, 2e-6, 0.95, 20.0, 1e-4]),
    ],
)
def test_finds_exact_parameters_without_a_guess(text, values):
    circuit = Circuit.read(text)
    fits = fit_circuit(circuit, gather(FREQUENCY, circuit.impedance(values, FREQUENCY)))
    np.testing.assert_allclose(fits.values[0], values, rtol=1e-4)


def covered(fits: CircuitFits, truth: np.ndarray, widths: float) -> np.ndarray:
    log = fits.logarithmic
    found = np.where(log, np.log(fits.values), fits.values)
    true = np.where(log, np.log(truth), truth)
    return np.mean(np.abs(found - true) < widths * fits.deviations, axis=0)


def test_coverage():
    fits = fit_circuit(SIMPLE, gather(FREQUENCY, simple_spectra(400, seed=11)))
    assert np.all(np.abs(covered(fits, TRUTH, 1.0) - 0.683) < 0.07)
    assert np.all(np.abs(covered(fits, TRUTH, 1.96) - 0.95) < 0.04)


@pytest.mark.slow
@pytest.mark.parametrize("weighting", ["modulus", "measured"])
def test_long_coverage(weighting):
    z = simple_spectra(2000, seed=12)
    std = 0.01 * np.abs(SIMPLE.impedance(TRUTH, FREQUENCY))
    fits = fit_circuit(SIMPLE, gather(FREQUENCY, z, weighting, std), absolute_weights=weighting == "measured")
    assert np.all(np.abs(covered(fits, TRUTH, 1.0) - 0.683) < 0.04)
    assert np.all(np.abs(covered(fits, TRUTH, 1.96) - 0.95) < 0.025)


@pytest.mark.parametrize("noise", ["proportional", "additive", "mixed"])
def test_coverage_whatever_the_noise(noise):
    """20 and 100 ohm, all four parameters: the weights are right for the first kind of noise alone."""
    circuit, truth = Circuit.read("R0-p(R1,CPE1)"), np.array([20.0, 100.0, 1e-5, 0.85])
    exact = circuit.impedance(truth, FREQUENCY)
    parts = {"proportional": (0.005, 0.0), "additive": (0.0, 0.5), "mixed": (0.003, 0.2)}[noise]
    error = np.random.default_rng(3).standard_normal((2, 400, len(FREQUENCY)))
    size = np.hypot(parts[0] * np.abs(exact), parts[1])
    fits = fit_circuit(circuit, gather(FREQUENCY, exact + size * (error[0] + 1j * error[1])))
    assert np.all(np.abs(covered(fits, truth, 1.0) - 0.683) < 0.06)


def test_coverage_of_two_arcs_where_the_data_determine_them():
    data = two_arc_spectra(400, seed=5)
    fits = fit_circuit(Circuit.read(CIRCUIT), gather(data.frequency, data.impedance))
    well = fits.deviations < 0.1
    log = fits.logarithmic
    error = np.where(log, np.log(fits.values / data.truth), fits.values - data.truth)
    inside = np.abs(error) < fits.deviations
    for place in range(len(log)):
        assert abs(inside[well[:, place], place].mean() - 0.683) < 0.07


def test_no_worse_than_starting_at_the_truth():
    data = two_arc_spectra(100, seed=0)
    circuit, spectra = Circuit.read(CIRCUIT), gather(data.frequency, data.impedance)
    found, floor = fit_circuit(circuit, spectra), fit_circuit(circuit, spectra, start=data.truth)
    wrong = [np.sum(np.abs(f.values / data.truth - 1).max(axis=1) > 0.25) for f in (found, floor)]
    median = [np.median(np.abs(f.values / data.truth - 1)) for f in (found, floor)]
    assert found.converged.all()
    assert wrong[0] <= wrong[1]
    assert median[0] <= 1.05 * median[1]


def test_arcs_come_in_the_order_of_their_times():
    circuit = Circuit.read("p(R1,C1)-p(R2,C2)")
    data = circuit.impedance([50.0, 1e-3, 20.0, 1e-6], FREQUENCY)
    np.testing.assert_allclose(
        fit_circuit(circuit, gather(FREQUENCY, data)).values[0], [20.0, 1e-6, 50.0, 1e-3], rtol=1e-6
    )


def test_many_spectra_agree_with_each_alone_and_with_another_engine():
    from scipy.optimize import least_squares

    z = simple_spectra(3, seed=4)
    together = fit_circuit(SIMPLE, gather(FREQUENCY, z))
    for index in range(3):
        alone = fit_circuit(SIMPLE, gather(FREQUENCY, z[index]))
        np.testing.assert_allclose(alone.values[0], together.values[index], rtol=1e-5)

        def residuals(p, index=index):
            off = (SIMPLE.impedance(p * TRUTH, FREQUENCY) - z[index]) / np.abs(z[index])
            return np.concatenate([off.real, off.imag])

        other = least_squares(residuals, np.ones(6), xtol=1e-12, ftol=1e-12)
        np.testing.assert_allclose(other.x * TRUTH, together.values[index], rtol=1e-4)
        inverse = np.linalg.inv(other.jac.T @ other.jac)
        leverage = np.sum((other.jac @ inverse) * other.jac, axis=1)
        each = inverse @ (other.jac.T * (other.fun / (1 - leverage)))
        std = np.sqrt(np.diag(each @ each.T)) * TRUTH
        np.testing.assert_allclose(std, together.std[index], rtol=1e-2)
        formal = np.sqrt(np.diag(inverse) * 2 * other.cost / 94) * np.where(together.logarithmic, 1 / other.x, TRUTH)
        np.testing.assert_allclose(formal, formal_deviations(together, index), rtol=1e-2)


def test_spectra_of_different_grids_and_lengths():
    f = [FREQUENCY, FREQUENCY[5:40], FREQUENCY[::-1]]
    z = [SIMPLE.impedance(TRUTH * s, x) for s, x in zip((1.0, 1.02, 0.98), f, strict=True)]
    fits = fit_circuit(SIMPLE, gather(f, z))
    np.testing.assert_allclose(fits.values, TRUTH * np.array([[1.0], [1.02], [0.98]]), rtol=1e-5)


def test_no_local_minimum_is_taken_for_the_best():
    """Draws in which a bulk arc split in two once hid the small second arc."""
    data = two_arc_spectra(600, seed=77)
    circuit, spectra = Circuit.read(CIRCUIT), gather(data.frequency, data.impedance)
    found, floor = fit_circuit(circuit, spectra), fit_circuit(circuit, spectra, start=data.truth)
    assert np.all(found.sum_of_squares < 1.001 * floor.sum_of_squares)


def stops_short(text: str, count: int, seed: int) -> int:
    """Count the fits that end above the sum of squares of the truth itself."""
    draws, circuit = draw(text, count, seed), Circuit.read(text)
    spectra = gather(WINDOW, draws.impedance)
    off = circuit.impedance(draws.truth, WINDOW) - draws.impedance
    floor = np.sum((np.stack([off.real, off.imag], axis=2) * spectra.weights) ** 2, axis=(1, 2))
    return int(np.sum(fit_circuit(circuit, spectra).sum_of_squares > floor))


@pytest.mark.parametrize("text", CIRCUITS)
def test_random_draws_arrive(text):
    assert stops_short(text, 40, seed=1) == 0


@pytest.mark.slow
@pytest.mark.parametrize("text", CIRCUITS)
def test_many_random_draws_arrive(text):
    assert stops_short(text, 2000, seed=2026) == 0


@pytest.mark.parametrize(
    ("text", "seed", "place"),
    [
        ("R0-p(R1,CPE1)-p(R2,CPE2)-CPE3", 11, 1081),
        ("R0-p(CPE1,R1-p(CPE2,R2))", 2026, 141),
        ("R0-p(R1,CPE1)-Ws2", 2026, 1172),
        ("R0-p(R1,CPE1)-Ws2", 7, 209),
        ("L0-R0-p(R1,CPE1)-p(R2,CPE2)", 2026, 1808),
    ],
)
def test_hidden_minima_are_found(text, seed, place):
    """Draws of which a coarse scan alone found another minimum: elements exchanged, or an arc that went to nothing."""
    draws, circuit = draw(text, 2000, seed), Circuit.read(text)
    spectra = gather(WINDOW, draws.impedance[[place]])
    floor = fit_circuit(circuit, spectra, start=draws.truth[[place]])
    assert fit_circuit(circuit, spectra).sum_of_squares[0] < 1.001 * floor.sum_of_squares[0]


def test_a_nested_arc_is_found_in_its_place():
    """Once the inner arc ended flat at an exponent of 0.1 and the outer one lost its resistance."""
    circuit, truth = Circuit.read("R0-p(CPE1,R1-p(CPE2,R2))"), [2.0, 5e-7, 0.78, 190.0, 3.7e-3, 0.75, 80.0]
    exact = circuit.impedance(truth, WINDOW)
    error = np.random.default_rng(3).standard_normal((2, 20, len(WINDOW)))
    found = fit_circuit(circuit, gather(WINDOW, exact + 0.01 * np.abs(exact) * (error[0] + 1j * error[1])))
    np.testing.assert_allclose(found.values[:, 1:], np.tile(truth[1:], (20, 1)), rtol=0.3)


def test_a_parameter_without_effect_does_not_hold_up_the_others():
    """The arc does not close: its resistance runs away, and Q and n must arrive all the same."""
    circuit = Circuit.read("R0-p(R1,CPE1)")
    exact = circuit.impedance([2.0, 1e9, 2.0, 0.84], WINDOW)
    found = fit_circuit(circuit, gather(WINDOW, exact), start=np.array([2.0, 1e3, 1.0, 0.7]))
    np.testing.assert_allclose(found.values[0, [0, 2, 3]], [2.0, 2.0, 0.84], rtol=1e-4)


def test_bounds_hold_and_let_a_series_resistance_be_negative():
    circuit = Circuit.read("R0-p(R1,C1)")
    exact = circuit.impedance([-15.0, 500.0, 1e-6], FREQUENCY)
    allowed = circuit.within([Limits("R0", -50.0, 100.0)])
    found = fit_circuit(allowed, gather(FREQUENCY, exact))
    np.testing.assert_allclose(found.values[0], [-15.0, 500.0, 1e-6], rtol=1e-5)
    held = fit_circuit(circuit.within([Limits("R1", 600.0, 1e4)]), gather(FREQUENCY, exact + 15.0))
    assert held.values[0, 1] == pytest.approx(600.0)


def test_a_negative_resistance_has_the_uncertainty_of_a_shifted_positive_one():
    z = Circuit.read("R0-p(R1,C1)").impedance([35.0, 500.0, 1e-6], FREQUENCY)
    error = np.random.default_rng(5).standard_normal((2, len(FREQUENCY)))
    z, std = z + 0.3 * (error[0] + 1j * error[1]), np.full(len(FREQUENCY), 0.3)
    circuit = Circuit.read("R0-p(R1,C1)")
    plain = fit_circuit(circuit, gather(FREQUENCY, z, "measured", std))
    shifted = fit_circuit(circuit.within([Limits("R0", -80.0, 1e30)]), gather(FREQUENCY, z - 50.0, "measured", std))
    assert shifted.values[0, 0] == pytest.approx(plain.values[0, 0] - 50.0, rel=1e-4)
    np.testing.assert_allclose(shifted.std, plain.std, rtol=1e-3)


@pytest.mark.parametrize(
    ("name", "low", "high", "said"),
    [
        ("R7", 0.0, 1.0, "no parameter 'R7'"),
        ("R1", -5.0, 1.0, "Only a resistance in series"),
        ("R0", 5.0, 1.0, "leave no value"),
        ("CPE1.n", 1.2, 1.5, "lie outside"),
    ],
)
def test_bounds_that_make_no_sense_are_refused(name, low, high, said):
    with pytest.raises(InputError, match=said):
        SIMPLE.within([Limits(name, low, high)])


def test_equal_grids_are_taken_for_one():
    data = [SIMPLE.impedance(TRUTH, FREQUENCY)] * 3
    assert len(gather([FREQUENCY] * 3, data).frequency) == 1


def test_grids_of_very_different_width():
    f = [np.geomspace(1e5, 0.1, 30), np.geomspace(20.0, 5.0, 30)]
    circuit = Circuit.read("R0-p(R1,C1)")
    random = np.random.default_rng(0)
    z = [circuit.impedance([1.0, 5.0, 1e-3], x) + 0.01 * random.standard_normal(30) for x in f]
    assert np.isfinite(fit_circuit(circuit, gather(f, z)).values).all()


def test_fixed_parameter():
    fits = fit_circuit(SIMPLE, gather(FREQUENCY, simple_spectra(2, 1)), fixed={"CPE2.n": 0.9})
    assert np.all(fits.values[:, 5] == 0.9)
    assert np.all(fits.std[:, 5] == 0)
    np.testing.assert_allclose(fits.values, np.tile(TRUTH, (2, 1)), rtol=0.1)
    with pytest.raises(InputError, match="no parameter 'R7'"):
        fit_circuit(SIMPLE, gather(FREQUENCY, simple_spectra(2, 1)), fixed={"R7": 1.0})


def test_shared_parameters_of_a_series():
    """Exponents in common: the truth within its uncertainty, which is smaller than alone, for every one of a series."""
    factors = np.array([[1, f, 1, 1, 1, 1] for f in np.geomspace(0.3, 3.0, 8)])
    exact = np.array([SIMPLE.impedance(TRUTH * f, FREQUENCY) for f in factors])
    inside = np.zeros(6)
    for seed in range(200):
        error = np.random.default_rng(seed).standard_normal((2, *exact.shape))
        spectra = gather(FREQUENCY, exact + 0.01 * np.abs(exact) * (error[0] + 1j * error[1]))
        together = fit_circuit(SIMPLE, spectra, shared=["CPE1.n", "CPE2.n"])
        assert together.converged.all()
        assert np.ptp(together.values[:, [3, 5]], axis=0).max() == 0
        inside += covered(together, TRUTH * factors, 1.0)
    assert np.all(np.abs(inside / 200 - 0.683) < 0.07)
    alone = fit_circuit(SIMPLE, spectra)
    formal = np.array([formal_deviations(alone, index) for index in range(len(alone))])
    smaller = np.median(together.deviations / formal, axis=0)
    assert np.all(smaller < 1.05)
    assert np.all(smaller[[3, 5]] < 0.6)
    with pytest.raises(InputError, match="cannot be shared"):
        fit_circuit(SIMPLE, spectra, shared=["X"])


def test_what_the_data_do_not_determine_is_said():
    """An arc far beyond the last frequency has no resistance and no capacitance of its own."""
    circuit = Circuit.read("R0-p(R1,CPE1)")
    exact = circuit.impedance([10.0, 5.0, 1e-12, 0.9], FREQUENCY)
    error = np.random.default_rng(0).standard_normal((2, 50, len(FREQUENCY)))
    fits = fit_circuit(circuit, gather(FREQUENCY, exact + 0.15 * (error[0] + 1j * error[1])))
    assert np.mean(fits.identifiable.all(axis=1)) < 0.1


def test_robust_loss_forgets_outliers():
    z = simple_spectra(20, seed=8, noise=0.003)
    z[:, 7] *= 3.0
    z[:, 30] *= 0.2 + 0.5j
    plain = fit_circuit(SIMPLE, gather(FREQUENCY, z))
    robust = fit_circuit(SIMPLE, gather(FREQUENCY, z), loss="robust")
    off = [np.abs(f.values / TRUTH - 1).max(axis=1) for f in (plain, robust)]
    assert np.median(off[0]) > 0.1
    assert off[1].max() < 0.05


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(20)), st.integers(0, 19), st.sampled_from(["linear", "robust"]))
def test_order_and_duplicates_do_not_matter(order, twice, loss):
    f = np.geomspace(1e4, 0.1, 20)
    z = SIMPLE.impedance(TRUTH, f)
    places = [*order, twice]
    fits = fit_circuit(SIMPLE, gather(f[places], z[places]), loss=loss)
    np.testing.assert_allclose(fits.values[0], TRUTH, rtol=1e-3)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.floats(1e-3, 1e6), st.floats(-1e4, 1e4), st.floats(-1e4, 1e4)), min_size=1, max_size=12),
    st.sampled_from(["R0-p(R1,CPE1)-CPE2", "R0-p(R1,C1)", "R0-p(R1-Wo1,C1)"]),
    st.sampled_from(["linear", "robust"]),
)
def test_any_points_are_fitted_or_refused(points, text, loss):
    f, re, im = np.array(points).T
    try:
        fits = fit_circuit(Circuit.read(text), gather(f, re + 1j * im), loss=loss)
    except InputError:
        return
    assert np.isfinite(fits.values).all()


def test_five_points_are_enough_for_few_parameters_and_refused_for_many():
    circuit, f = Circuit.read("R0-p(R1,C1)"), np.geomspace(1e4, 1.0, 5)
    fits = fit_circuit(circuit, gather(f, circuit.impedance([1.0, 10.0, 1e-4], f)))
    np.testing.assert_allclose(fits.values[0], [1.0, 10.0, 1e-4], rtol=1e-5)
    with pytest.raises(InputError, match="5 points cannot determine the 9 parameters"):
        fit_circuit(Circuit.read(CIRCUIT), gather(f, np.ones(5) - 1j))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda z: z * 0, "zero impedance"),
        (np.conj, "positive imaginary part"),
        (lambda z: z * np.nan, "not finite"),
        (lambda z: z[:-1], "one impedance per frequency"),
    ],
)
def test_refuses_bad_spectra(change, why):
    z = SIMPLE.impedance(TRUTH, FREQUENCY)
    with pytest.raises(InputError, match=why):
        fit_circuit(SIMPLE, gather(FREQUENCY, change(z)))


@pytest.mark.parametrize("weighting", ["modulus", "proportional", "unit", "measured"])
def test_weightings_all_find_the_truth(weighting):
    z = simple_spectra(1, seed=2, noise=0.001)
    fits = fit_circuit(SIMPLE, gather(FREQUENCY, z, weighting, np.abs(z) * 0.001))
    np.testing.assert_allclose(fits.values[0], TRUTH, rtol=0.2)
    with pytest.raises(InputError, match="no weighting"):
        gather(FREQUENCY, z, "other")
    with pytest.raises(InputError, match="need the points' standard deviations"):
        gather(FREQUENCY, z, "measured")


@pytest.mark.parametrize(
    ("file", "values"), [("Circuit1_EIS_1.z", [29.1, 46.7, 1.04e-5]), ("Circuit2_EIS_1.z", [150, 502, 3.12e-8])]
)
def test_dummy_cells(real_data, file, values):
    """The built circuits of impedance.py's examples, against its published fits."""
    from lamion.formats.reading import read

    spectrum = read(real_data / "impedance" / file).records[0]
    fits = fit_circuit(Circuit.read("R0-p(R1,C1)"), gather(spectrum.frequency, spectrum.impedance))
    np.testing.assert_allclose(fits.values[0], values, rtol=0.01)


def test_many_spectra_are_fitted_in_blocks_that_say_how_far_they_are():
    """Blocks give what a single batch gives, and an interruption from the caller's progress is passed on."""
    data = two_arc_spectra(230, seed=3)
    block, circuit = gather(data.frequency, data.impedance), Circuit.read(CIRCUIT)
    told = []
    whole = fit_circuit(circuit, block, progress=lambda done, total, what: told.append((done, total)))
    assert told == [(0, 230), (100, 230), (200, 230)]
    last = fit_circuit(circuit, gather(data.frequency, data.impedance[200:]))
    assert whole.values[200:] == pytest.approx(last.values, rel=1e-5)

    def stop(done, total, what):
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit_circuit(circuit, block, progress=stop)


def test_a_series_is_begun_from_its_neighbours():
    """From a hopeless start that only some spectra survive, neighbours lead the others to the minimum."""
    data = two_arc_spectra(40, seed=5, same=True)
    block, circuit = gather(data.frequency, data.impedance), Circuit.read(CIRCUIT)
    start = np.tile(data.truth[0], (40, 1))
    start[1::2, [1, 2, 4, 5]] *= [1e6, 1e-6, 1e-6, 1e6]
    alone = fit_circuit(circuit, block, start=start)
    followed = fit_circuit(circuit, block, start=start, in_order=True)
    best = fit_circuit(circuit, block, start=data.truth)
    assert (alone.sum_of_squares > 1.05 * best.sum_of_squares).any()
    assert (followed.sum_of_squares < 1.001 * best.sum_of_squares).all()


def test_a_further_start_is_taken_where_it_leads_closer():
    data = two_arc_spectra(4, seed=6)
    block, circuit = gather(data.frequency, data.impedance), Circuit.read(CIRCUIT)
    hopeless = np.tile([1e9, 1e-9, 1e-9, 0.5, 1e9, 1e3, 0.5, 1e9, 0.5], (4, 1))
    helped = fit_circuit(circuit, block, start=hopeless, further_start=data.truth)
    best = fit_circuit(circuit, block, start=data.truth)
    assert (helped.sum_of_squares <= best.sum_of_squares * (1 + 1e-9)).all()


@pytest.mark.parametrize("noise", ["proportional", "additive", "mixed"])
def test_coverage_of_shared_parameters_whatever_the_noise(noise):
    """Three spectra of one electrolyte, whose exponent and series resistance are common, 300 times."""
    circuit, random = Circuit.read("R0-p(R1,CPE1)"), np.random.default_rng(4)
    truth = np.array([[20.0, size, 1e-5, 0.85] for size in (60.0, 100.0, 200.0)])
    exact = circuit.impedance(truth, FREQUENCY)
    relative, constant = {"proportional": (0.005, 0.0), "additive": (0.0, 0.5), "mixed": (0.003, 0.2)}[noise]
    inside = []
    for _ in range(300):
        error = random.standard_normal((2, *exact.shape))
        z = exact + np.hypot(relative * np.abs(exact), constant) * (error[0] + 1j * error[1])
        fits = fit_circuit(circuit, gather(FREQUENCY, z), shared=["R0", "CPE1.n"])
        log = fits.logarithmic
        off = np.where(log, np.log(fits.values / truth), fits.values - truth)
        inside.append(np.abs(off) < fits.deviations)
    assert np.all(np.abs(np.mean(inside, axis=0) - 0.683) < 0.08)
