"""Raman: bands of known share, spikes, maps, and polystyrene on real instruments."""

import os
from pathlib import Path

import numpy as np
import pytest

from lamion.quantities import InputError
from lamion.records import RamanSpectrum
from lamion.synthetic.spectra import Line, Truth
from lamion.tasks.declaring import File
from lamion.tasks.options.spectrum import only_one
from lamion.techniques.peaks.peaks import Choice, at_positions
from lamion.techniques.spectra.raman import Measured, anion_bands, raman
from lamion.techniques.spectra.raman_calibration import raman_calibration
from lamion.techniques.spectra.shift_calibration import calibrate, measured_lines
from lamion.techniques.spectra.spikes import spikes_of
from lamion.techniques.spectra.standards import STANDARDS

X = np.arange(715.0, 775.0, 0.4)
TRUTH = Truth([Line(740.2, 6.0, 9000.0), Line(746.8, 7.0, 4500.0)], [900.0, -60.0], noise=20.0)
BANDS = Measured(Choice(anion_bands(740.0, 747.0, "pseudo-voigt")))


def polystyrene(off: float = 0.0, stretch: float = 0.0) -> RamanSpectrum:
    lines = STANDARDS["polystyrene"].lines[:8]
    shift = np.arange(560.0, 1700.0, 1.5)
    truth = Truth([Line(at + off + stretch * (at - 1000.0), 7.0, 3000.0) for at in lines], [300.0], noise=3.0)
    return RamanSpectrum(shift, truth.measured(shift, 11))


def test_the_coordinated_fraction_is_covered_as_often_as_stated():
    inside = []
    for seed in range(200):
        found = raman([RamanSpectrum(X, TRUTH.measured(X, seed))], BANDS)["apparent_coordinated_fraction"]
        low, high = found.interval or (found.value - found.std, found.value + found.std)
        inside.append(low <= TRUTH.share(1) <= high)
    # The spread over baselines and shapes comes on top of the noise, so it may only cover more often.
    assert 0.61 <= np.mean(inside) <= 0.90


def test_the_fraction_is_called_apparent_and_says_what_it_takes_for_granted():
    answer = raman([RamanSpectrum(X, TRUTH.measured(X, 1))], BANDS)
    assert any("apparent" in text for text in answer.assumptions)
    assert any("no standard" in text for text in answer.assumptions)


def test_spikes_are_found_and_bands_are_none():
    rng = np.random.default_rng(3)
    missed = false = 0
    for seed in range(200):
        y = TRUTH.measured(X, seed)
        false += int(spikes_of(y).sum())
        place, height = int(rng.integers(5, len(X) - 5)), float(rng.uniform(400.0, 5000.0))
        y[place] += height
        missed += not spikes_of(y)[place]
    assert false <= 2
    assert missed <= 4


def test_a_narrow_line_of_silicon_is_no_spike():
    x = np.arange(480.0, 560.0, 1.0)
    y = Truth([Line(520.5, 3.0, 2e4)], [200.0], noise=5.0).measured(x, 1)
    assert not spikes_of(y).any()


def test_a_spike_does_not_move_the_fraction():
    y = TRUTH.measured(X, 1)
    clean = raman([RamanSpectrum(X, y)], BANDS)["apparent_coordinated_fraction"].value
    y[70] += 3000.0
    answer = raman([RamanSpectrum(X, y)], BANDS)
    assert answer["apparent_coordinated_fraction"].value == pytest.approx(clean, abs=0.01)
    assert answer.notes["spikes_removed"] == 1
    assert any("cosmic ray" in text for text in answer.warnings)


def test_a_map_is_a_row_for_each_point_and_its_median():
    shares = np.linspace(0.1, 0.4, 7)
    points = []
    for place, share in enumerate(shares):
        truth = Truth([Line(740.2, 6.0, 13500 * (1 - share)), Line(746.8, 7.0, 13500 * share)], [900.0], noise=5.0)
        points.append(RamanSpectrum(X, truth.measured(X, place), x=1e-6 * place, y=0.0))
    answer = raman(points, BANDS)
    assert answer.series["x / um"] == pytest.approx(list(range(7)))
    assert answer.series["apparent_coordinated_fraction"] == pytest.approx(shares, abs=0.03)
    assert answer["apparent_coordinated_fraction"].value == pytest.approx(0.25, abs=0.02)


def test_points_of_a_map_with_other_abscissae_are_refused():
    other = RamanSpectrum(X + 1.0, TRUTH.measured(X, 2))
    with pytest.raises(InputError, match="several abscissae"):
        raman([RamanSpectrum(X, TRUTH.measured(X, 1)), other], BANDS)


def test_a_shift_that_is_off_is_found_named_and_corrected():
    answer = raman_calibration(polystyrene(3.0, 0.002), check=(1001.4,))
    assert answer.verdict == "not calibrated"
    assert answer["1001.4.position"].value == pytest.approx(1004.4, abs=0.05)
    assert answer["1001.4.calibrated"].value == pytest.approx(1001.4, abs=0.1)
    assert raman_calibration(polystyrene()).verdict == "calibrated"


def test_a_calibrated_band_stands_where_it_is():
    calibration = calibrate(measured_lines(polystyrene(3.0), "polystyrene"), "polystyrene")
    moved = RamanSpectrum(X + 3.0, TRUTH.measured(X, 1))
    answer = raman([moved], Measured(Choice(at_positions([740.0, 747.0])), calibration))
    assert answer["740.position"].value == pytest.approx(740.2, abs=0.2)
    assert answer["740.position"].std > 0.15  # that of the standard


@pytest.mark.parametrize(
    ("lines", "said"), [((1234.0,), "no line at 1234"), ((2852.4,), "shows no line of polystyrene")]
)
def test_lines_that_are_not_there_are_refused(lines: tuple[float, ...], said: str):
    with pytest.raises(InputError, match=said):
        raman_calibration(polystyrene(), lines=lines)


REAL = {
    "PST10_iR532_Probe_100_3000msx7.txt": (1001.3, True),
    "PST10_iR532_Probe_100_3000msx7.spc": (1001.3, True),
    "PST_Reflex532_Z050_010_10000msx2.txt": (1001.6, True),
    "PST_Reflex532_Z050_010_10000msx2.spc": (1001.6, True),
    "PST02_iRPlus532_Z050_100_2500msx5.txt": (1001.9, True),
    "PST10_iR785_OP01_8000msx8.txt": (1005.6, False),
    "PST_WiICV532_Z050OP02_075_800msx10.txt": (1006.0, False),
}


@pytest.mark.skipif("LAMION_TEST_DATA" not in os.environ, reason="needs real files")
@pytest.mark.parametrize("name", REAL)
def test_polystyrene_on_five_spectrometers(name: str):
    position, is_calibrated = REAL[name]
    file = Path(os.environ["LAMION_TEST_DATA"]) / "raman" / name
    record = only_one(File.of(file), RamanSpectrum)
    answer = raman_calibration(record, lines=(620.9, 1031.8, 1602.3), check=(1001.4,))
    assert answer["1001.4.position"].value == pytest.approx(position, abs=0.3)
    assert answer["1001.4.calibrated"].value == pytest.approx(1001.4, abs=0.6)
    assert (answer.verdict == "calibrated") is is_calibrated
