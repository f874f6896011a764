"""Infrared bands of known place, in absorbance and in transmittance."""

import numpy as np
import pytest

from lamion.quantities import InputError
from lamion.records import InfraredSpectrum
from lamion.synthetic.spectra import Line, Truth
from lamion.techniques.peaks.peaks import Choice, at_positions
from lamion.techniques.spectra.infrared import infrared

X = np.arange(1340.0, 1461.0, 1.0)
TRUTH = Truth([Line(1401.0, 18.0, 9.0)], [0.08, 0.01], noise=0.002)


def test_a_band_is_found_alike_in_absorbance_and_transmittance():
    A = TRUTH.measured(X, 1)
    by_absorbance = infrared(InfraredSpectrum(X, A), Choice(at_positions([1400.0])))
    by_transmittance = infrared(InfraredSpectrum(X, transmittance=10.0**-A), Choice(at_positions([1400.0])))
    assert by_absorbance["1400.position"].value == pytest.approx(1401.0, abs=0.2)
    for name in by_absorbance:
        assert by_transmittance[name].value == pytest.approx(by_absorbance[name].value, rel=1e-9)
    assert "1400.area_fraction" not in by_absorbance


def test_the_scale_of_the_instrument_counts_in_a_position():
    record = InfraredSpectrum(X, TRUTH.measured(X, 1))
    found = infrared(record, Choice(at_positions([1400.0])), accuracy=2.0)["1400.position"]
    assert found.std == pytest.approx(2.0, rel=0.02)


def test_a_band_without_light_is_said_and_one_elsewhere_does_not_matter():
    A = Truth([Line(1401.0, 18.0, 90.0)], [0.08], noise=0.002).measured(X, 1)
    assert any("little light" in text for text in infrared(InfraredSpectrum(X, A), Choice(number=1)).warnings)
    T = 10.0 ** -TRUTH.measured(X, 1)
    T[:3] = -0.01
    record = InfraredSpectrum(X, transmittance=T)
    assert infrared(record, Choice(at_positions([1400.0]), low=1345.0))["1400.position"].value == pytest.approx(
        1401, abs=1
    )
    with pytest.raises(InputError, match="not above zero"):
        infrared(record, Choice(at_positions([1400.0])))


def test_a_total_reflection_is_said():
    record = InfraredSpectrum(X, TRUTH.measured(X, 1), attenuated=True)
    assert any("total reflection" in text for text in infrared(record, Choice(number=1)).warnings)
