"""Z-HIT: the modulus at low frequencies against the phase."""

from __future__ import annotations

import numpy as np
import pytest

from lamion.records.impedance import ImpedanceSpectrum
from lamion.techniques.impedance.circuit import Circuit
from lamion.techniques.impedance.drift import elapsed
from lamion.techniques.impedance.kramers_kronig import lin_kk
from lamion.techniques.impedance.validity import validity
from lamion.techniques.impedance.z_hit import low_frequency_drift

FREQUENCY = np.geomspace(1e6, 0.01, 81)
CELL = Circuit.read("R0-p(R1,CPE1)-p(R2,CPE2)").impedance([20.0, 100.0, 1e-7, 0.9, 100.0, 1e-3, 0.8], FREQUENCY)


def noisy(z, noise, random):
    normal = random.standard_normal((2, len(z)))
    return z + noise * np.abs(z) * (normal[0] + 1j * normal[1])


def test_the_uncertainty_covers_what_noise_makes():
    random = np.random.default_rng(2)
    found = [low_frequency_drift(lin_kk(FREQUENCY, noisy(CELL, 0.01, random), elements=16)) for _ in range(200)]
    apart = np.array([one.size / one.std for one in found])
    assert abs(apart.mean()) < 0.4
    assert 0.75 < apart.std() < 1.2


@pytest.mark.parametrize("sign", [1, -1])
def test_a_drift_is_told_with_its_sign(sign):
    random = np.random.default_rng(3)
    drifted = noisy(CELL * (1 + sign * 0.06 * elapsed(FREQUENCY)), 0.001, random)
    answer = validity(ImpedanceSpectrum(FREQUENCY, drifted))
    assert np.sign(answer.results["low_frequency_drift"].value) == sign
    told = [*answer.warnings, answer.reason]
    assert any("drifted" in one or "changed" in one for one in told)


def test_a_steady_cell_is_not_told_of():
    random = np.random.default_rng(4)
    for _ in range(20):
        assert not validity(ImpedanceSpectrum(FREQUENCY, noisy(CELL, 0.003, random))).warnings


def test_a_short_range_cannot_tell():
    short = FREQUENCY > 1e4
    assert low_frequency_drift(lin_kk(FREQUENCY[short], CELL[short])) is None
    assert "low_frequency_drift" not in validity(ImpedanceSpectrum(FREQUENCY[short], CELL[short])).results


def test_repeated_frequencies_count_once():
    f = np.concatenate([FREQUENCY, FREQUENCY])
    twice = low_frequency_drift(lin_kk(f, np.concatenate([CELL, CELL]), elements=12))
    once = low_frequency_drift(lin_kk(FREQUENCY, CELL, elements=12))
    assert twice.size == pytest.approx(once.size, abs=1e-6)
