"""Relaxation times: analytic distributions, how often peaks and intervals are right, strange input, real cells."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamion.quantities import InputError
from lamion.records.impedance import ImpedanceSpectrum
from lamion.techniques.impedance.drt import relaxation_times
from lamion.techniques.impedance.drt_tikhonov import non_negative, relaxation_times_raw
from lamion.techniques.impedance.inductive_loop import inductive_loop
from lamion.techniques.impedance.peaks import find_peaks

F = np.geomspace(0.1, 1e5, 60)
S = 2j * np.pi * F


def noisy(impedance, noise, seed):
    parts = np.random.default_rng(seed).standard_normal((2, len(impedance)))
    return impedance + noise * np.abs(impedance) * (parts[0] + 1j * parts[1])


def arc(resistance, tau, n):
    return resistance / (1 + (S * tau) ** n)


def analytic(time, resistance, tau, n):
    """The distribution of a Cole-Cole relaxation against ln tau."""
    x = n * np.log(time / tau)
    return resistance / (2 * np.pi) * np.sin((1 - n) * np.pi) / (np.cosh(x) - np.cos((1 - n) * np.pi))


def two_arcs(seed, tail):
    """Two arcs, 1.5 to 3 decades apart, exponents above 0.8, resistances within a factor of three."""
    random = np.random.default_rng(seed)
    apart = random.uniform(1.5, 3)
    tau = 10 ** random.uniform(-5, -0.8 - apart - (1 if tail else 0))
    n = random.uniform(0.8, 1, 2)
    r = 100 * 10 ** random.uniform(-0.5, 0.5)
    z = 10 ** random.uniform(0, 2) + arc(100.0, tau, n[0]) + arc(r, tau * 10**apart, n[1])
    return (z + 1 / (3e-3 * S**0.9) if tail else z), (100.0, r), (tau, tau * 10**apart)


@pytest.mark.parametrize("n", [0.7, 0.8])
def test_the_distribution_of_a_zarc_is_the_analytic_one(n):
    found = relaxation_times_raw(F, 10 + arc(50, 1e-3, n), regularisation=1e-6)
    truth = analytic(found.time_constants, 50, 1e-3, n)
    inside = (found.time_constants > 1e-5) & (found.time_constants < 1e-1)
    assert np.max(np.abs(found.gamma - truth)[inside]) < 0.06 * truth.max()
    assert found.polarisation_resistance == pytest.approx(50, rel=6e-3)
    assert found.series_resistance == pytest.approx(10, rel=5e-3)


def test_what_stands_beside_the_distribution_is_found():
    z = 10 + arc(50, 1e-4, 0.9) + 2e-6 * S + 1 / (1e-3 * S**0.87)
    found = relaxation_times_raw(F, z)
    assert found.tail.exponent == pytest.approx(0.87, abs=0.01)
    assert abs(1e3 * found.tail.Q - 1) < 0.03
    assert found.inductance == pytest.approx(2e-6, rel=0.05)
    peaks = find_peaks(found)
    assert peaks.from_relaxations
    assert [(p.resistance, p.time, p.exponent) for p in peaks.peaks] == [pytest.approx((50, 1e-4, 0.9), rel=1e-4)]


@pytest.mark.parametrize(("tail", "count"), [(False, 400), (True, 150)])
def test_two_arcs_give_two_peaks_that_cover_the_truth(tail, count):
    """At least 95 % of the draws show exactly two peaks; the intervals hold the truth as often as they say."""
    off, off_tau, two = [], [], 0
    for seed in range(count):
        clean, resistances, times = two_arcs(seed, tail)
        peaks = find_peaks(relaxation_times_raw(F, noisy(clean, 0.01, 1000 + seed))).peaks
        two += len(peaks) == 2
        for peak, r, tau in zip(peaks, resistances, times, strict=False):
            if len(peaks) == 2:
                off.append(abs(peak.resistance - r) / peak.resistance_std)
                off_tau.append(abs(np.log(peak.time / tau)) / peak.log_time_std)
    assert two >= 0.95 * count
    for distances in (np.array(off), np.array(off_tau)):
        assert np.mean(distances < 1) == pytest.approx(0.683, abs=0.07)
        assert np.mean(distances < 2) == pytest.approx(0.954, abs=0.04)


def test_the_automatic_lambda_is_near_the_best_one():
    """The error against the analytic distribution is at most a third above that of the best fixed lambda."""
    errors = {value: [] for value in (None, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1)}
    for seed in range(12):
        z = noisy(20 + arc(100, 1e-4, 0.85) + arc(80, 1e-2, 0.85), 0.01, seed)
        for value, collected in errors.items():
            found = relaxation_times_raw(F, z, regularisation=value)
            tau = found.time_constants
            truth = analytic(tau, 100, 1e-4, 0.85) + analytic(tau, 80, 1e-2, 0.85)
            collected.append(np.linalg.norm(found.gamma - truth) / np.linalg.norm(truth))
    medians = {value: np.median(collected) for value, collected in errors.items()}
    assert medians[None] < 1.34 * min(medians.values())


def test_pivoting_agrees_with_an_active_set():
    from scipy.optimize import nnls

    random = np.random.default_rng(2)
    for _ in range(10):
        rows, data = random.standard_normal((30, 12)), random.standard_normal(30)
        solution, _ = non_negative(rows.T @ rows, rows.T @ data, np.ones(12, dtype=bool))
        assert solution == pytest.approx(nnls(rows, data)[0], abs=1e-9)


def test_order_and_duplicates_do_not_matter():
    clean, _, _ = two_arcs(3, False)
    z = noisy(clean, 0.01, 3)
    plain = relaxation_times(ImpedanceSpectrum(F, z)).results
    turned = relaxation_times(ImpedanceSpectrum(F[::-1], z[::-1])).results
    assert {k: q.value for k, q in turned.items()} == {k: q.value for k, q in plain.items()}
    twice = relaxation_times_raw(np.concatenate([F, F]), np.concatenate([z, z]))
    assert len(find_peaks(twice).peaks) == 2


@settings(max_examples=15, deadline=None)
@given(exponent=st.integers(-9, 9), seed=st.integers(0, 20), tail=st.booleans())
def test_the_unit_of_impedance_does_not_matter(exponent, seed, tail):
    clean, _, _ = two_arcs(seed, tail)
    z = noisy(clean, 0.01, seed)
    plain, scaled = relaxation_times_raw(F, z), relaxation_times_raw(F, z * 10.0**exponent)
    assert scaled.regularisation == plain.regularisation
    assert scaled.polarisation_resistance == pytest.approx(plain.polarisation_resistance * 10.0**exponent, rel=1e-4)


@settings(max_examples=30, deadline=None)
@given(frequency=st.lists(st.floats(1e-4, 1e7), min_size=1, max_size=10), seed=st.integers(0, 1000))
def test_any_spectrum_gets_an_answer_or_a_refusal(frequency, seed):
    z = np.random.default_rng(seed).standard_normal((2, len(frequency)))
    try:
        answer = relaxation_times(ImpedanceSpectrum(frequency, z[0] + 1j * z[1]))
    except InputError:
        return
    assert np.isfinite([quantity.value for quantity in answer.results.values()]).all()
    assert np.isfinite(answer.series["Distribution / ohm"]).all()


def test_an_outlier_leaves_two_peaks_or_a_warning():
    clean, _, _ = two_arcs(5, False)
    z = noisy(clean, 0.003, 5)
    z[30] *= 1.5
    answer = relaxation_times(ImpedanceSpectrum(F, z))
    assert answer.warnings or answer.notes["peaks"] == 2


def test_a_wrong_sign_is_warned_of():
    clean, _, _ = two_arcs(6, False)
    assert "analyze kk" in relaxation_times(ImpedanceSpectrum(F, clean.conj())).warnings[0]


@pytest.mark.parametrize(
    ("impedance", "options", "said"),
    [
        ([1, 1, 0, 1, 1], {}, "zero beside"),
        ([1, 1, 1, 1, 1], {"regularisation": 0.0}, "larger than zero"),
        ([1, 1, 1, 1, 1], {"regularisation": np.nan}, "larger than zero"),
        ([1, 1, 1, 1, 1], {"tail": "warburg"}, "no tail 'warburg'"),
        ([1, 1, 1, 1], {}, "4 different frequencies"),
    ],
)
def test_refusals(impedance, options, said):
    with pytest.raises(InputError, match=said):
        relaxation_times_raw(np.arange(1.0, len(impedance) + 1), impedance, **options)


def read(path, columns=None):
    from lamion.formats import read

    return read(path, columns=columns).spectrum()


def test_a_published_zarc(real_data):
    """Made with R_inf = 10 and R_ct = 50."""
    results = relaxation_times(read(real_data / "impedance" / "zarc_data.txt", "f=1,re=2,im=3")).results
    assert results["series_resistance"].value == pytest.approx(10, abs=0.05)
    assert results["polarisation_resistance"].value == pytest.approx(50, abs=0.2)
    assert "peak2.time" not in results


def test_a_solid_electrolyte_shows_one_peak(real_data):
    """Li6PS5Cl between steel: one peak near 1e-7 s was published, and a tail of about 80 degrees."""
    answer = relaxation_times(read(real_data / "impedance" / "PEIS_LPSCl_IonBlocking_-25C.mpr"))
    assert answer.notes["peaks"] == 1
    assert 1100 < answer.results["polarisation_resistance"].value < 1500
    assert 5e-8 < answer.results["peak1.time"].value < 3e-7
    assert 90 * answer.notes["tail"]["exponent"] == pytest.approx(80.4, abs=1.5)


def test_a_dummy_cell(real_data):
    """29.1 ohm, and 46.7 ohm beside 10.4 uF: 0.486 ms."""
    results = relaxation_times(read(real_data / "impedance" / "Circuit1_EIS_1.z")).results
    assert results["peak1.resistance"].value == pytest.approx(46.7, rel=0.01)
    assert results["peak1.time"].value == pytest.approx(46.7 * 1.04e-5, rel=0.01)


def test_the_series_resistance_is_that_of_the_peaks_and_covers():
    """5 ohm before arcs of 100 and 40 ohm at 1e-5 and 1e-2 s, n 0.8, 0.5 % noise: the fast arc is cut by the range."""
    f = np.geomspace(1e5, 0.1, 61)
    s = 2j * np.pi * f
    exact = 5 + 100 / (1 + (s * 1e-5) ** 0.8) + 40 / (1 + (s * 1e-2) ** 0.8)
    found = []
    for seed in range(40):
        error = np.random.default_rng(seed).standard_normal((2, len(f)))
        noisy = exact + 0.005 * np.abs(exact) * (error[0] + 1j * error[1])
        found.append(relaxation_times(ImpedanceSpectrum(f, noisy)).results["series_resistance"])
    values = np.array([quantity.value for quantity in found])
    assert abs(values.mean() - 5) < 3 * values.std() / np.sqrt(40)
    assert np.mean([abs(q.value - 5) < q.std for q in found]) == pytest.approx(0.683, abs=0.16)


def test_series_and_polarisation_resistance_add_up():
    """From one model, they are the real part at the lowest frequency."""
    f = np.geomspace(1e6, 1e-2, 81)
    z = 7 + 50 / (1 + (2j * np.pi * f * 1e-3) ** 0.9)
    results = relaxation_times(ImpedanceSpectrum(f, z)).results
    assert results["series_resistance"].value + results["polarisation_resistance"].value == pytest.approx(57, rel=1e-6)


def test_no_inductance_is_negative():
    f = np.geomspace(1e5, 0.1, 61)
    for seed in range(10):
        error = np.random.default_rng(seed).standard_normal((2, len(f)))
        z = 5 + 100 / (1 + (2j * np.pi * f * 1e-5) ** 0.8)
        assert relaxation_times_raw(f, z * (1 + 0.005 * (error[0] + 1j * error[1]))).inductance >= 0


WIDE = np.geomspace(1e-2, 1e5, 71)
ARC = 10 + 50 / (1 + (2j * np.pi * WIDE * 1e-3) ** 0.9)
BRANCH = {"low": 2j * np.pi * WIDE * 20.0, "high": 2j * np.pi * WIDE * 1e-4}


@pytest.mark.parametrize("end", BRANCH)
def test_an_inductive_loop_is_refused_with_its_place(end):
    z = ARC + 20 * BRANCH[end] / (20 + BRANCH[end])
    loop = inductive_loop(WIDE, z)
    assert loop.end == end
    with pytest.raises(InputError, match=f"inductive loop {'below' if end == 'low' else 'above'}"):
        relaxation_times(ImpedanceSpectrum(WIDE, z))
    beyond = np.sign(WIDE - loop.frequency)
    outside = beyond == (1 if end == "low" else -1)
    assert relaxation_times(ImpedanceSpectrum(WIDE[outside], z[outside])).results["series_resistance"].value > 0


def test_a_leads_inductance_is_no_loop():
    z = ARC + 2j * np.pi * WIDE * 1e-5
    assert inductive_loop(WIDE, z) is None
    assert relaxation_times(ImpedanceSpectrum(WIDE, z)).results["series_resistance"].value == pytest.approx(
        10, rel=1e-3
    )
