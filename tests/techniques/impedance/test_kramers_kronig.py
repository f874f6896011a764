"""Lin-KK against exact circuits, its criterion, its verdict on faults and on drift; and real cells."""

import contextlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamion.quantities import InputError
from lamion.records.impedance import ImpedanceSpectrum
from lamion.techniques.impedance.kramers_kronig import lin_kk, neighbour_correlation
from lamion.techniques.impedance.validity import validity, validity_raw

F = np.geomspace(0.1, 1e5, 60)
S = 2j * np.pi * F


def noisy(impedance, noise, seed):
    random = np.random.default_rng(seed)
    parts = random.standard_normal((2, len(impedance)))
    return impedance + noise * np.abs(impedance) * (parts[0] + 1j * parts[1])


def cell(seed, tail=True, growth=0.0):
    """Two arcs, perhaps a blocking tail; the slower arc grows in proportion to time while the sweep goes down."""
    random = np.random.default_rng(seed)
    r0, r1, r2 = 10 ** random.uniform([0, 1, 1], [2, 3, 3])
    t1, t2 = 10 ** random.uniform([-4.5, -2.5], [-3.5, -1.5])
    n1, n2, n3 = random.uniform([0.8, 0.8, 0.7], [1, 1, 0.95])
    elapsed = np.cumsum(2 / F[::-1] + 0.5)
    r = 1 + growth * (elapsed / elapsed[-1])[::-1]
    z = r0 + r1 / (1 + (S * t1) ** n1) + r2 * r / (1 + r * (S * t2) ** n2)
    return z + 1 / (10 ** random.uniform(-4, -3) * S**n3) if tail else z


def test_one_rc_element_is_exact():
    """The middle one of three time constants is the cell's: mu is 1 and the residuals are rounding."""
    tau = 1 / (2 * np.pi * np.sqrt(F[0] * F[-1]))
    tested = lin_kk(F, 3 + 40 / (1 + S * tau) + 1e-6 * S + 1 / (1e-3 * S), elements=3)
    assert tested.mu == pytest.approx(1, abs=1e-12)
    assert tested.residual_rms < 1e-14
    assert tested.resistances == pytest.approx([0, 40, 0], abs=1e-10)
    assert tested.series_resistance == pytest.approx(3)
    assert tested.inductance == pytest.approx(1e-6)
    assert 1 / tested.inverse_capacitance == pytest.approx(1e-3)
    assert tested.impedance == pytest.approx(3 + 40 / (1 + S * tau) + 1e-6 * S + 1 / (1e-3 * S))


def test_mu_is_that_of_its_definition_and_ends_the_search():
    tested = lin_kk(F, noisy(cell(1), 0.01, 1))
    negative, positive = -tested.resistances.clip(max=0).sum(), tested.resistances.clip(min=0).sum()
    assert tested.mu == pytest.approx(1 - negative / positive)
    assert tested.mu < 0.85
    before = lin_kk(F, noisy(cell(1), 0.01, 1), elements=tested.elements - 1)
    assert before.mu >= 0.85


def test_the_solution_is_that_of_a_general_solver():
    z = noisy(cell(2), 0.01, 2)
    tested = lin_kk(F, z)
    rows = [1 / (1 + S * tau) for tau in tested.time_constants] + [np.ones(60), 1 / S, S]
    design = np.stack(rows, axis=1) / np.abs(z)[:, None]
    scale = np.abs(design).max(axis=0)
    stacked = np.concatenate([design.real, design.imag]) / scale
    x = np.linalg.lstsq(stacked, np.concatenate([(z / abs(z)).real, (z / abs(z)).imag]), rcond=None)[0] / scale
    assert tested.resistances == pytest.approx(x[:-3], rel=1e-6)


def test_structure_is_standard_normal_for_noise():
    found = [neighbour_correlation(lin_kk(F, noisy(cell(i), 0.01, i), elements=15)) for i in range(120)]
    found_by_noise = np.array(found)
    assert abs(np.median(found_by_noise)) < 0.6
    assert np.mean(found_by_noise > 3) < 0.1


@pytest.mark.parametrize("tail", [False, True])
def test_valid_cells_pass_by_default(tail):
    """Blocking or not, 1 % or 0.1 % noise: at most one in fifty is called not valid."""
    verdicts = [validity_raw(F, noisy(cell(i, tail), n, i)).valid for i in range(50) for n in (0.01, 0.001)]
    assert np.mean(verdicts) >= 0.98


def test_drift_is_found():
    """The slower arc grows during the sweep; what is found of it is the power that the documentation states."""
    found = {
        (growth, noise): np.mean(
            [not validity_raw(F, noisy(cell(i, False, growth), noise, i)).valid for i in range(25)]
        )
        for growth, noise in ((0.5, 0.003), (1.0, 0.01), (2.0, 0.003))
    }
    assert found[0.5, 0.003] >= 0.3
    assert found[1.0, 0.01] >= 0.4
    assert found[2.0, 0.003] >= 0.7


def test_a_structure_too_small_to_matter_is_mentioned():
    answer = validity(ImpedanceSpectrum(F, noisy(cell(3, False), 1e-4, 3) * (1 + 1e-3 * np.sin(np.log(F)))))
    assert answer.verdict == "valid"
    assert "slight drift" in answer.warnings[0]


def test_an_outlier_is_named():
    z = noisy(cell(5), 0.003, 5)
    z[30] *= 1.3
    found = validity_raw(F, z)
    assert not found.valid
    assert found.outliers.tolist() == [30]
    assert found.rest_valid
    answer = validity(ImpedanceSpectrum(F, z))
    assert answer.verdict == f"valid but for point 31 ({F[30]:.4g} Hz)"
    assert answer.notes["outliers"] == [31]


@pytest.mark.parametrize("tail", [False, True])
@pytest.mark.parametrize("factor", [0.3, 1.15, 3.0, 1e6, 1j])
@pytest.mark.parametrize("place", [0, 1, 30, 58, 59])
def test_a_bad_point_is_named_wherever_it_stands(place, factor, tail):
    """At the first and the last frequency, too, where the fit bends to the point; of clean cells with 0.2 % noise."""
    for seed in range(4):
        z = noisy(cell(seed, tail), 0.002, seed)
        z[place] *= factor
        found = validity_raw(F, z)
        assert found.outliers.tolist() == [place]
        assert found.rest_valid, found.reason


def spectra_of_two_kinds_of_noise(count, constant, proportional, seed):
    """Cells of 40 to 60 points; the constant part of the noise is in units of the smallest abs Z."""
    for number in range(count):
        random = np.random.default_rng([number, seed])
        f = np.geomspace(0.1, 1e5, int(random.integers(40, 61)))
        s = 2j * np.pi * f
        r0, r1, r2 = 10 ** random.uniform([0, 1, 1], [2, 3, 3])
        t1, t2 = 10 ** random.uniform([-4.5, -2.5], [-3.5, -1.5])
        n1, n2, n3 = random.uniform([0.8, 0.8, 0.7], [1, 1, 0.95])
        z = r0 + r1 / (1 + (s * t1) ** n1) + r2 / (1 + (s * t2) ** n2)
        z = z + (1 / (10 ** random.uniform(-4, -3) * s**n3) if number % 2 else 0)
        parts = random.standard_normal((4, len(f)))
        z = z + proportional * np.abs(z) * (parts[0] + 1j * parts[1])
        yield f, z + constant * np.abs(z).min() * (parts[2] + 1j * parts[3])


NOISES = [(0, 0), (0, 0.001), (0, 0.01), (0.01, 0), (0.05, 0), (0.01, 0.002), (0.05, 0.01)]


def share_with_a_fault(count, constant, proportional, seed):
    found = [validity_raw(f, z) for f, z in spectra_of_two_kinds_of_noise(count, constant, proportional, seed)]
    return np.mean([not one.valid for one in found]), np.mean([len(one.outliers) > 0 for one in found])


@pytest.mark.parametrize(("constant", "proportional"), NOISES)
def test_valid_spectra_have_no_outliers_whatever_their_noise(constant, proportional):
    faults, outliers = share_with_a_fault(60, constant, proportional, seed=7)
    assert faults <= 0.05
    assert outliers <= 0.05


@pytest.mark.slow
@pytest.mark.parametrize(("constant", "proportional"), NOISES)
def test_many_valid_spectra_have_no_outliers_whatever_their_noise(constant, proportional):
    faults, outliers = share_with_a_fault(1000, constant, proportional, seed=8)
    assert faults <= 0.02
    assert outliers <= 0.01


@pytest.mark.parametrize("noise", [0.2, 0.5])
def test_a_valid_cell_with_the_same_noise_at_every_impedance_is_valid(noise):
    """10 to 160 ohm with 0.2 and 0.5 ohm of noise on each part."""
    z = 10 + 50 / (1 + (S * 1e-4) ** 0.9) + 100 / (1 + (S * 3e-2) ** 0.85)
    for seed in range(60):
        parts = np.random.default_rng(seed).standard_normal((2, len(z)))
        found = validity_raw(F, z + noise * (parts[0] + 1j * parts[1]))
        assert found.valid, found.reason


def physical():
    """Spectra that a point by point look might call odd, by name."""
    for time in 10.0 ** np.arange(-7, 2, 0.5):
        yield f"an arc that ends or starts at the edge, {time:g} s", F, 10 + 50 / (1 + S * time)
        yield f"an inductive arc, {time:g} s", F, 30 + 50 / (1 + S * 1e-3) - 20 / (1 + S * time)
        yield f"a negative arc, {time:g} s", F, 100 - 50 / (1 + S * time) + 1e-6 * S
        yield f"diffusion, {time:g} s", F, 10 + 50 * np.tanh(np.sqrt(S * time)) / np.sqrt(S * time)
    yield "a negative inductance", F, 10 + 50 / (1 + S * 1e-4) - 1e-5 * S
    gap = np.r_[F[:20], F[30], F[40:]]
    yield "a point alone in a gap", gap, 10 + 50 / (1 + 2j * np.pi * gap * 1e-4) + 100 / (1 + 2j * np.pi * gap * 0.01)
    far = np.r_[F[:-3], 30 * F[-1]]
    yield "a point far above", far, 10 + 50 / (1 + 2j * np.pi * far * 1e-4)


@pytest.mark.parametrize("noise", [0.0, 1e-4, 1e-2])
def test_what_is_physical_has_no_outliers(noise):
    for number, (name, f, z) in enumerate(physical()):
        found = validity_raw(f, noisy_at(z, noise, number))
        assert found.valid, f"{name}: {found.reason}"


def noisy_at(impedance, noise, seed):
    return noisy(impedance, noise, seed) if noise else impedance


def test_a_false_frequency_speaks_against_the_file():
    """Three frequencies of a good sweep typed a thousand times too high: the cell is good, the file is not."""
    f, z = F[::-1].copy(), noisy(cell(8), 0.001, 8)[::-1]
    f[[20, 33, 45]] *= 1000
    answer = validity(ImpedanceSpectrum(f, z))
    assert answer.verdict == "not valid"
    assert "false number" in answer.reason


def test_many_bad_points_speak_against_the_measurement():
    z = noisy(cell(9, False), 0.001, 9)
    z[5::10] *= 1.3
    answer = validity(ImpedanceSpectrum(F, z))
    assert answer.verdict == "not valid"
    assert "no fault of single points" in answer.reason


def test_nothing_is_said_of_noise_where_there_is_none():
    reason = validity(ImpedanceSpectrum(F, 10 + 50 / (1 + S * 1e-3))).reason
    assert "noise" not in reason
    assert "as closely as its numbers" in reason


def test_a_wrong_sign_is_named():
    found = validity_raw(F, noisy(cell(6), 0.003, 6).conj())
    assert not found.valid
    assert "-Im Z" in found.reason


def test_order_and_duplicates_do_not_matter():
    z = noisy(cell(7), 0.01, 7)
    plain, reversed_order = validity_raw(F, z), validity_raw(F[::-1], z[::-1])
    assert reversed_order.test.mu == plain.test.mu
    twice = validity_raw(np.concatenate([F, F[:10]]), np.concatenate([z, z[:10]]))
    assert twice.valid
    assert np.isfinite(twice.test.mu)


@settings(max_examples=25, deadline=None)
@given(exponent=st.integers(-12, 12), seed=st.integers(0, 20))
def test_the_unit_of_impedance_does_not_matter(exponent, seed):
    z = noisy(cell(seed), 0.01, seed)
    plain, scaled = validity_raw(F, z), validity_raw(F, z * 10.0**exponent)
    assert scaled.test.elements == plain.test.elements
    assert scaled.test.mu == pytest.approx(plain.test.mu, rel=1e-5)
    assert scaled.model.residual_rms == pytest.approx(plain.model.residual_rms, rel=1e-6)


@settings(max_examples=40, deadline=None)
@given(
    frequency=st.lists(st.floats(1e-4, 1e7), min_size=1, max_size=12),
    seed=st.integers(0, 1000),
    zero=st.booleans(),
)
def test_any_spectrum_gets_an_answer_or_a_refusal(frequency, seed, zero):
    z = np.random.default_rng(seed).standard_normal((2, len(frequency)))
    z = z[0] + 1j * z[1]
    if zero:
        z[0] = 0
    try:
        answer = validity(ImpedanceSpectrum(frequency, z))
    except InputError:
        return
    assert answer.verdict in ("valid", "not valid") or answer.verdict.startswith("valid but for point")
    assert np.isfinite([quantity.value for quantity in answer.results.values()]).all()


def test_five_points_get_an_answer_and_a_warning():
    f = np.geomspace(1, 30, 5)
    answer = validity(ImpedanceSpectrum(f, 10 + 50 / (1 + 2j * np.pi * f * 1e-2)))
    assert answer.verdict == "valid"
    assert any("5 points" in warning for warning in answer.warnings)


@pytest.mark.parametrize("exponent", [1.0, 0.9, 0.7])
@pytest.mark.parametrize("decades", [1, 2, 3, 5])
@pytest.mark.parametrize("count", [5, 6, 8, 10, 14, 19])
def test_few_points_of_a_good_cell_are_refused_or_valid(count, decades, exponent):
    f = np.geomspace(1, 10.0**decades, count)
    for time in np.geomspace(1 / f[-1], 1.0, 5) / (2 * np.pi):
        z = 10 + 50 / (1 + (2j * np.pi * f * time) ** exponent)
        if count >= 2 * decades + 2:
            assert validity_raw(f, z).valid
            continue
        with contextlib.suppress(InputError):
            assert validity_raw(f, z).valid


@pytest.mark.parametrize(
    ("frequency", "impedance", "said"),
    [
        ([1, 2, 3, 4], [1, 1, 1, 1], "4 different frequencies"),
        ([1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1], "1 different frequencies"),
        ([1, 2, 3, 4, 5], [1, 1, 0, 1, 1], "zero beside"),
        ([1, 2, 3, 4, 5], [0, 0, 0, 0, 0], "zero beside"),
        ([1, 2, 3, 4, 5], [1, 1, np.nan, 1, 1], "not finite"),
        ([1, 2, 3], [1, 2], "one impedance per frequency"),
    ],
)
def test_refusals(frequency, impedance, said):
    with pytest.raises(InputError, match=said):
        validity_raw(frequency, impedance)


def test_a_limit_and_a_number_of_elements_are_checked():
    with pytest.raises(InputError, match="limit of mu"):
        lin_kk(F, cell(1), mu_limit=1.5)
    with pytest.raises(InputError, match="determines 1 to 58"):
        lin_kk(F, cell(1), elements=59)


def read(path, columns=None):
    from lamion.formats import read

    return read(path, columns=columns).spectrum()


def test_a_published_mu(real_data):
    """A lithium-ion cell without the points above the axis, mu limit 0.5: M = 27, mu = 0.31 were published."""
    spectrum = read(real_data / "impedance" / "exampleData.csv", "f=1,re=2,im=3")
    kept = spectrum.impedance.imag < 0
    tested = lin_kk(spectrum.frequency[kept], spectrum.impedance[kept], mu_limit=0.5)
    assert tested.elements == 27
    assert tested.mu == pytest.approx(0.31, abs=0.015)


@pytest.mark.parametrize(
    "name",
    ["PEIS_LPSCl_IonBlocking_-25C.mpr", "PEIS_LPSCl_IonBlocking_-25C.txt", "Circuit1_EIS_1.z", "Circuit2_EIS_1.z"],
)
def test_real_cells_are_valid(real_data, name):
    found = validity_raw(*(lambda s: (s.frequency, s.impedance))(read(real_data / "impedance" / name)))
    assert found.valid, found.reason
    assert found.model.residual_rms < 0.003


@pytest.mark.parametrize("terms", [(True, True), (False, False)])
def test_the_correlation_of_neighbours_is_that_of_the_whole_projection(terms):
    """The traces without the n x n matrix P, against those with it."""
    from lamion.techniques.impedance import kramers_kronig as kk

    capacitor, inductance = terms
    random = np.random.default_rng(3)
    f = np.logspace(5, -1, 61)
    noise = 1 + 0.01 * (random.standard_normal(61) + 1j * random.standard_normal(61))
    tested = kk.lin_kk(f, (5 + 50 / (1 + 2j * np.pi * f * 1e-3)) * noise, capacitor=capacitor, inductance=inductance)
    design = kk._design(tested.points.frequency.tobytes(), tested.elements, capacitor, inductance)
    basis, _ = np.linalg.qr((design.columns * tested.points.weights).T)
    rest = np.eye(122) - basis @ basis.T
    linked = np.array([[0.5 * (abs(i - j) == 1 and i // 61 == j // 61) for j in range(122)] for i in range(122)])
    product, freedom = linked @ rest, 122 - tested.parameters
    residuals = tested.residuals.ravel()
    found = residuals @ linked @ residuals * freedom / (residuals @ residuals)
    expected = np.trace(product)
    variance = 2 * (np.trace(product @ product) - expected**2 / freedom)
    assert kk.neighbour_correlation(tested) == pytest.approx((found - expected) / np.sqrt(variance), rel=1e-9)
