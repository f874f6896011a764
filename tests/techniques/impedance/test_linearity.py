"""Linearity from two amplitudes and from harmonics: a Butler-Volmer charge transfer, and how often noise alarms."""

import numpy as np
import pytest
from tests.engines.butler_volmer_cell import ButlerVolmerCell

from lamion.quantities import InputError, Quantity
from lamion.records.impedance import ImpedanceSpectrum
from lamion.synthetic.blocking_cell import with_noise
from lamion.techniques.impedance.linearity import compare_amplitudes, harmonic_distortion, linearity
from lamion.techniques.impedance.validity import validity_raw

F = np.geomspace(1e5, 0.1, 61)
CELL = ButlerVolmerCell(5.0, 100.0, 1e-5)


def pair(seed, noise=0.003, large=0.050, frequency=F):
    random = np.random.default_rng(seed)
    one, two = (with_noise(CELL.impedance(frequency, a), noise, random) for a in (0.005, large))
    return compare_amplitudes((frequency, one), (frequency, two))


def test_the_resistance_and_the_harmonics_are_those_of_the_sampled_current():
    """The Bessel series against a Fourier transform of the sinh itself."""
    a, n = 0.080, 256
    u = a * np.sin(2 * np.pi * np.arange(n) / n)
    thermal = 0.0256926  # R T/F at 298.15 K in V
    current = 2 * thermal / 100.0 * np.sinh(u / (2 * thermal))
    bins = 2 * np.abs(np.fft.rfft(current)) / n
    assert CELL.harmonics(a, 7) == pytest.approx(bins[1:8], rel=1e-5, abs=1e-12)
    assert CELL.resistance(a) == pytest.approx(a / bins[1], rel=1e-5)
    assert CELL.resistance(0.050) == pytest.approx(89.0, abs=0.1)


def test_kramers_kronig_passes_what_the_pair_finds():
    z = with_noise(CELL.impedance(F, 0.050), 0.003, np.random.default_rng(0))
    assert validity_raw(F, z).valid
    assert pair(0).nonlinear


@pytest.mark.parametrize("noise", [0.001, 0.01])
def test_noise_alone_alarms_as_rarely_as_it_says(noise):
    """1000 pairs of a linear cell: one in a hundred passes the F test's limit."""
    alarms = sum(pair(seed, noise, large=0.005).probability < 0.01 for seed in range(1000))
    assert 2 <= alarms <= 21


def test_probabilities_are_even():
    values = [pair(seed, 0.003, large=0.005).probability for seed in range(400)]
    assert np.quantile(values, [0.25, 0.5, 0.75]) == pytest.approx([0.25, 0.5, 0.75], abs=0.08)


def test_what_is_said_to_be_detectable_is_detected():
    """An amplitude that makes as much difference as would be found nine times in ten, in expectation."""
    wanted = pair(0, 0.01, large=0.005).detectable
    sizes = {a: np.sqrt(np.mean(np.abs(CELL.impedance(F, a) / CELL.impedance(F, 0.005) - 1) ** 2))
             for a in np.linspace(0.01, 0.2, 96)}  # fmt: skip
    amplitude = min(a for a, size in sizes.items() if size >= wanted)
    found = np.mean([pair(seed, 0.01, large=amplitude).probability < 0.01 for seed in range(100)])
    assert found > 0.75


def test_the_error_of_the_smaller_amplitude_is_estimated():
    one, two = (ImpedanceSpectrum(F, with_noise(CELL.impedance(F, a), 1e-4, np.random.default_rng(i)))
                for i, a in enumerate((0.020, 0.040)))  # fmt: skip
    answer = linearity(one, two, (Quantity(20.0, None, "mV"), Quantity(40.0, None, "mV")))
    exact = np.abs(CELL.impedance(F, 0.020) / CELL.impedance(F, 1e-6) - 1).max()
    assert answer.results["largest_error_of_first"].value == pytest.approx(exact, rel=0.15)
    assert answer.notes["linearity"]["verdict"] == "not linear"
    assert any("not linear" in warning for warning in answer.warnings)


def test_spectra_may_differ_in_order_and_length():
    z = CELL.impedance(F, 0.005)
    turned = compare_amplitudes((F, z), (F[::-1][5:], z[::-1][5:]))
    assert len(turned.frequency) == 56
    assert turned.size == 0.0
    assert not turned.nonlinear


def test_what_cannot_be_compared_is_refused():
    z = CELL.impedance(F, 0.005)
    with pytest.raises(InputError, match="share 0 frequencies"):
        compare_amplitudes((F, z), (F * 1.1, z))
    spectra = ImpedanceSpectrum(F, z), ImpedanceSpectrum(F, z)
    with pytest.raises(InputError, match="no smaller and larger one"):
        linearity(*spectra, (Quantity(50.0, None, "mV"), Quantity(10.0, None, "mV")))
    with pytest.raises(InputError, match="no smaller and larger one"):
        linearity(*spectra, (Quantity(5.0, None, "mV"), Quantity(10.0, None, "mA")))


def measured_harmonics(amplitude, floor, seed, count=5):
    """Amplitudes of noisy Fourier bins: each complex amplitude has a mean square noise of floor squared."""
    exact = CELL.harmonics(amplitude, count)
    error = np.random.default_rng(seed).standard_normal((2, count)) * floor / np.sqrt(2)
    return np.hypot(exact + error[0], error[1])


def test_the_distortion_is_the_known_one():
    exact = CELL.harmonics(0.050, 5)
    floor = 2e-3 * exact[0]
    found = [harmonic_distortion(measured_harmonics(0.050, floor, seed), floor) for seed in range(400)]
    truth = np.sqrt(np.sum(exact[1:] ** 2)) / exact[0]
    assert truth == pytest.approx(0.0373, abs=1e-4)
    inside = np.mean([abs(one.total - truth) < one.std for one in found])
    assert inside == pytest.approx(0.683, abs=0.07)
    assert all(one.nonlinear for one in found)


@pytest.mark.parametrize("bins", [None, 8])
def test_harmonics_of_noise_alarm_as_rarely_as_they_say(bins):
    floor, alarms = 1e-6, 0
    for seed in range(1000):
        amplitudes = measured_harmonics(1e-6, floor, seed)
        known = floor
        if bins is not None:
            rest = np.random.default_rng(10_000 + seed).standard_normal((2, bins)) * floor / np.sqrt(2)
            known = float(np.sqrt(np.mean(rest**2) * 2))
        alarms += harmonic_distortion([1.0, *amplitudes[1:]], known, bins).nonlinear
    assert 2 <= alarms <= 21


@pytest.mark.parametrize(("amplitudes", "floor"), [([1.0], 1e-3), ([1.0, -0.1], 1e-3), ([1.0, 0.1], 0.0)])
def test_harmonics_without_meaning_are_refused(amplitudes, floor):
    with pytest.raises(InputError):
        harmonic_distortion(amplitudes, floor)
