"""Resistances read off spectra that no circuit of a blocking cell describes, on cells whose resistance is known."""

import numpy as np
import pytest

from lamion.quantities import InputError, Quantity
from lamion.records.impedance import ImpedanceSpectrum
from lamion.techniques.conduction.conductivity import conductivity
from lamion.techniques.conduction.plain_reading import OpenArcError, plain_reading

F = np.geomspace(1e-1, 1e6, 71)
S = 2j * np.pi * F
ARC = 1000 / (1 + (S * 1e-5) ** 0.9)


def noisy(z, seed=0, noise=2e-3):
    parts = np.random.default_rng(seed).standard_normal((2, len(z)))
    return z + noise * np.abs(z) * (parts[0] + 1j * parts[1])


SHAPES = {
    "valley": (ARC + 1 / (1e-4 * S**0.8), 1000),
    "closed arc": (ARC + 0j, 1000),
    "shallow valley": (ARC + 1 / (2e-5 * S**0.5), 1000),
    "intercept": (30 + 1 / (1e-3 * S**0.5), 30),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_gives_its_resistance_within_the_width(shape):
    z, true = SHAPES[shape]
    found = plain_reading(F, z)
    assert found.shape == shape
    assert abs(found.resistance - true) < 2 * found.width
    assert found.width < (0.25 if shape == "shallow valley" else 0.1) * true


@pytest.mark.parametrize("shape", SHAPES)
def test_noise_moves_the_reading_within_its_width(shape):
    z, true = SHAPES[shape]
    found = [plain_reading(F, noisy(z, seed)) for seed in range(50)]
    assert np.mean([abs(one.resistance - true) < 2 * one.width for one in found]) > 0.9


def test_a_flat_tail_is_the_width():
    """Behind the arc Z' creeps from 1000 to 1200 ohm while -Z'' stays near nothing."""
    creep = 200 * np.clip(np.log10(100 / F) / 3, 0, 1)
    found = plain_reading(F, ARC + creep)
    assert found.resistance == pytest.approx(1000, rel=0.02)
    assert 50 < found.width < 150


def test_an_open_arc_has_a_bound_and_the_true_remedy():
    with pytest.raises(OpenArcError, match="The arc does not close") as caught:
        plain_reading(F, 1e8 / (1 + S * 3.0))
    assert caught.value.at_least == pytest.approx(abs(1e8 / (1 + S[0] * 3.0)), rel=0.02)
    assert "Measure to lower frequencies" in str(caught.value)


@pytest.mark.parametrize("seed", range(20))
def test_the_bound_of_a_noisy_open_arc_lies_below_its_resistance(seed):
    """Whatever its depression: abs Z of an arc is below R at every frequency, and the noise is taken off."""
    rng = np.random.default_rng(seed)
    n = rng.uniform(0.6, 1.0)
    true = 10 ** rng.uniform(3, 9)
    z = true / (1 + (S * rng.uniform(0.2, 5.0) / S[0].imag) ** n)
    with pytest.raises(OpenArcError) as caught:
        plain_reading(F, noisy(z, seed))
    assert 0.3 * abs(z[0]) < caught.value.at_least < true


def test_a_spike_alone_bounds_nothing():
    """The electrodes' spike, with its resistance far below the range: abs Z says nothing of the electrolyte."""
    with pytest.raises(InputError, match="grows against Z' towards it") as caught:
        plain_reading(F, 1e-6 + 1 / (1e-9 * S**0.9))
    assert not isinstance(caught.value, OpenArcError)


def test_a_closed_arc_gives_a_conductivity_and_says_that_no_spike_was_seen():
    answer = conductivity([ImpedanceSpectrum(F, noisy(ARC))], Quantity(100, None, "um"), Quantity(1, None, "cm2"))
    assert answer["resistance"].value == pytest.approx(1000, rel=0.02)
    assert "read off" in answer.method
    assert any("Without a spike nothing shows that the electrodes block" in text for text in answer.warnings)


def test_what_a_circuit_describes_is_not_read_off():
    z = 50 + 1 / (1e-5 * S**0.9)
    answer = conductivity([ImpedanceSpectrum(F, z)], Quantity(100, None, "um"), Quantity(1, None, "cm2"))
    assert "from the fit of R0-CPE1" in answer.method
