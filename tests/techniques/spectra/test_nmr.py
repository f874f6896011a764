"""NMR: decays of known lines, side bands, recoveries; and the real files of two spectrometers."""

import os
from pathlib import Path

import numpy as np
import pytest

from lamion.formats import read
from lamion.quantities import InputError
from lamion.records import InductionDecay, RecoverySeries, ResonanceSpectrum
from lamion.synthetic.spectra import Line, Truth
from lamion.techniques.peaks.axes import curve_of
from lamion.techniques.peaks.peaks import Choice, at_positions
from lamion.techniques.spectra.decay_transform import transformed
from lamion.techniques.spectra.line_width import line_width
from lamion.techniques.spectra.recovery import recovery, recovery_raw
from lamion.techniques.spectra.resonance import Resonance, resonance
from lamion.techniques.spectra.side_bands import spinning_of, summed

FREQUENCY = 155.4e6
TIME = np.arange(2048) * 1e-5


def decay(*lines: tuple[float, float, float], noise: float = 0.0, seed: int = 0, begins: int = 0) -> InductionDecay:
    """Lorentzian lines of (Hz, width in Hz, area), behind so many empty points."""
    signal = sum(area * np.exp(2j * np.pi * at * TIME - np.pi * width * TIME) for at, width, area in lines)
    rng = np.random.default_rng(seed)
    signal = np.concatenate([np.zeros(begins), np.asarray(signal)])[: len(TIME)] * np.exp(0.7j)
    real, imaginary = signal.real, signal.imag
    white = noise * rng.standard_normal((2, len(TIME)))
    return InductionDecay(TIME, real + white[0], imaginary + white[1], frequency=FREQUENCY, carrier=1.0)


@pytest.mark.parametrize("begins", [0, 20])
def test_a_decay_becomes_lines_at_their_shifts_upright_and_of_their_width(begins: int):
    spectrum = transformed(decay((500.0, 80.0, 1.0), (-1200.0, 80.0, 0.5), begins=begins))
    curve = curve_of(spectrum)
    assert curve.x[np.argmax(curve.y)] == pytest.approx(1.0 + 1e6 * 500.0 / FREQUENCY, abs=0.2)
    assert curve.y.min() > -0.02 * curve.y.max()
    answer = resonance(spectrum, Resonance(Choice(number=2, shape="lorentzian")))
    assert answer["peak2.width"].value == pytest.approx(1e6 * 80.0 / FREQUENCY, rel=0.02)
    assert answer["peak2.area_fraction"].value == pytest.approx(2 / 3, abs=0.02)


def test_a_carrier_between_its_points_is_phased():
    early = decay((900.0, 60.0, 1.0), (-2500.0, 60.0, 1.0))
    moved = (early.real + 1j * early.imaginary) * 1.0
    moved = np.interp(TIME + 0.6e-5, TIME, moved.real) + 1j * np.interp(TIME + 0.6e-5, TIME, moved.imag)
    spectrum = transformed(InductionDecay(TIME, moved.real, moved.imag, frequency=FREQUENCY))
    assert spectrum.real.min() > -0.05 * spectrum.real.max()


def test_decays_without_frequency_or_signal_are_refused():
    with pytest.raises(InputError, match="no frequency"):
        transformed(InductionDecay(TIME, np.ones(2048), np.zeros(2048)))
    with pytest.raises(InputError, match="zero throughout"):
        transformed(InductionDecay(TIME, np.zeros(2048), np.zeros(2048), frequency=FREQUENCY))


def spinning(rate: float = 10e3, seed: int = 1) -> ResonanceSpectrum:
    """Two environments with side bands of their own heights."""
    x = np.arange(-250.0, 250.0, 0.1)
    distance = 1e6 * rate / FREQUENCY
    lines = []
    for order, weights in ((0, (5.0, 2.0)), (1, (2.0, 2.0)), (-1, (2.0, 1.0)), (2, (0.5, 0.5)), (-2, (0.5, 0.5))):
        lines += [Line(at + order * distance, 4.0, area) for at, area in zip((-5.0, 8.0), weights, strict=True)]
    y = Truth(lines, [0.0], noise=0.005).measured(x, seed)
    return ResonanceSpectrum(x, y, frequency=FREQUENCY, nucleus="7Li", spinning=rate, delay=20.0)


def test_the_rate_of_spinning_is_read_and_another_in_the_header_named():
    answer = resonance(spinning(), Resonance(Choice(number=2, low=-20.0, high=25.0)))
    assert answer["spinning"].value == pytest.approx(10e3, rel=0.02)
    assert not any("header" in text for text in answer.warnings)
    wrong = resonance(spinning(), Resonance(Choice(number=2, low=-20.0, high=25.0), spinning=7e3))
    assert any("The side bands are believed" in text for text in wrong.warnings)


def test_summed_side_bands_give_the_shares_that_the_centre_bands_do_not():
    said = Choice(at_positions([-5.0, 8.0]), low=-25.0, high=30.0)
    centre = resonance(spinning(), Resonance(said))
    whole = resonance(spinning(), Resonance(said, sum_side_bands=True, relaxation=2.0))
    assert centre["8.area_fraction"].value == pytest.approx(2 / 7, abs=0.02)
    assert whole["8.area_fraction"].value == pytest.approx(6 / 16, abs=0.01)
    assert any("apparent" in text for text in centre.assumptions)
    assert not any("apparent" in text for text in whole.assumptions)


def test_a_delay_shorter_than_five_relaxation_times_is_said():
    answer = resonance(spinning(), Resonance(Choice(number=2, low=-20.0, high=25.0), relaxation=10.0))
    assert any("shorter than five T1" in text for text in answer.warnings)


def test_a_range_that_holds_side_bands_cannot_be_summed():
    with pytest.raises(InputError, match="wider than the distance"):
        summed(curve_of(spinning()), -100.0, 100.0, 64.0)


def test_lines_of_a_liquid_are_no_side_bands():
    x = np.arange(0.0, 200.0, 0.02)
    lines = [Line(at, 0.3, 1.0) for at in (14.0, 22.5, 29.1, 31.8, 60.2, 77.0, 115.3, 128.4, 156.0, 171.2)]
    y = Truth(lines, [0.0], noise=0.003).measured(x, 1)
    assert spinning_of(curve_of(ResonanceSpectrum(x, y)), 100e6) is None


def test_a_spectrum_out_of_phase_is_said():
    x = np.arange(-50.0, 50.0, 0.05)
    turned = (1 / (1 + 1j * x / 2.0)) * np.exp(1.2j)
    y = turned.real + np.random.default_rng(1).normal(0.0, 0.002, len(x))
    answer = resonance(ResonanceSpectrum(x, y, frequency=FREQUENCY), Resonance(Choice(number=1)))
    assert any("below zero" in text for text in answer.warnings)


def test_a_relaxation_time_is_covered_as_often_as_stated():
    tau = np.array([0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0])
    inside = 0
    for seed in range(400):
        noise = np.random.default_rng(seed).normal(0.0, 0.02, len(tau))
        found = recovery_raw(tau, 1 - 0.95 * np.exp(-tau / 6.0) + noise)
        low = -np.inf if found.low is None else found.low
        high = np.inf if found.high is None else found.high
        inside += low <= 6.0 <= high
    assert inside / 400 == pytest.approx(0.683, abs=0.07)


def test_a_recovery_of_decays_does_not_count_their_noise():
    tau = np.array([40.0, 20.0, 10.0, 5.0, 2.5, 1.2, 0.6])
    series = []
    for place, delay in enumerate(tau):
        one = decay((0.0, 300.0, 1 - np.exp(-delay / 6.0)), noise=0.3, seed=place)
        facts = {"frequency": FREQUENCY, "recovery": float(delay)}
        series.append(InductionDecay(one.time, one.real, one.imaginary, **facts))
    answer = recovery(series)
    assert answer["relaxation_time"].value == pytest.approx(6.0, abs=3 * answer["relaxation_time"].std)
    assert answer["relaxation_time"].std < 1.5


def test_a_recovery_that_was_not_waited_for_is_said():
    tau = np.array([0.5, 1.0, 2.0, 3.0, 4.0])
    answer = recovery(RecoverySeries(tau, 1 - np.exp(-tau / 6.0) + 1e-4 * np.cos(7 * tau)))
    assert any("extrapolated" in text for text in answer.warnings)
    with pytest.raises(InputError, match="0 decays with a time"):
        recovery([decay((0.0, 100.0, 1.0))])


@pytest.mark.parametrize("seed", range(4))
def test_the_broad_and_the_narrow_part_of_a_static_line(seed: int):
    broad = 60.0 * np.exp(-((np.pi * 9000.0 * TIME) ** 2) / (4 * np.log(2)))
    noise = 0.2 * np.random.default_rng(seed).standard_normal((2, len(TIME)))
    signal = broad + 40.0 * np.exp(-np.pi * 500.0 * TIME)
    answer = line_width(InductionDecay(TIME, signal + noise[0], noise[1]), FREQUENCY)
    for name, truth in (("narrow.width", 0.5), ("broad.width", 9.0), ("mobile_fraction", 0.4)):
        assert answer[name].value == pytest.approx(truth, abs=4 * answer[name].std), name
    one = line_width(decay((0.0, 500.0, 40.0), noise=0.2, seed=seed))
    assert "broad.width" not in one
    assert one["narrow.width"].value == pytest.approx(0.5, abs=4 * one["narrow.width"].std)


REAL = pytest.mark.skipif("LAMION_TEST_DATA" not in os.environ, reason="needs real files")


def real(name: str) -> tuple:
    return read(Path(os.environ["LAMION_TEST_DATA"]) / "nmr" / name).records


@REAL
def test_the_side_bands_of_two_spectrometers():
    bruker, *_ = real("71.zip")
    found = resonance(bruker, Resonance(Choice(number=1, low=-100.0, high=100.0)))
    # its title says 40 kHz, its header 7 kHz
    assert found["spinning"].value == pytest.approx(40e3, abs=2 * found["spinning"].std)
    assert any("7 kHz of spinning are said" in text for text in found.warnings)
    assert found.notes["side_bands_ppm"][2] == pytest.approx(-26.4, abs=1.0)
    jeol = resonance(real("jeol/7Li_MAS_8kHz.jdf")[0], Resonance(Choice(number=1)))
    assert jeol["spinning"].value == pytest.approx(8080.0, abs=1.5 * jeol["spinning"].std)
    assert jeol["spinning"].std < 200.0


@REAL
def test_the_line_narrows_as_it_warms():
    widths = [line_width(real(f"jeol/7Li_static_{at}C.jdf")[0])["narrow.width"].value for at in (40, 60, 80)]
    assert widths[0] > 2 * widths[1] > 2 * widths[2] > 0.5


@REAL
def test_lithium_recovers_after_saturation():
    answer = recovery(real("jeol/7Li_saturation_recovery_25C.jdf"))
    assert answer["saturated_fraction"].value == pytest.approx(1.0, abs=0.05)
    assert 5.0 < answer["relaxation_time"].value < 12.0
