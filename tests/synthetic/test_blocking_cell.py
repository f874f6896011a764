"""The synthetic blocking cell against closed forms."""

import numpy as np
import pytest

from lamion.quantities import InputError
from lamion.synthetic.blocking_cell import (
    BlockingCell,
    blocking_cell_spectrum,
    short_circuit_spectrum,
    sweep,
    with_noise,
)


def test_a_series_rc_with_leads_is_the_closed_form():
    cell = BlockingCell(resistance=50.0, electrode_q=1e-5, electrode_n=1.0, lead_resistance=0.5, lead_inductance=1e-6)
    f = np.array([1e4])
    omega = 2 * np.pi * 1e4
    assert cell.impedance(f)[0] == pytest.approx(50.5 + 1j * (omega * 1e-6 - 1 / (omega * 1e-5)))
    assert cell.leads(f)[0] == pytest.approx(0.5 + 1j * omega * 1e-6)


def test_the_top_of_an_ideal_arc_is_half_its_resistance():
    cell = BlockingCell(resistance=100.0, bulk_q=1e-9, bulk_n=1.0, electrode_q=1e6)
    z = cell.impedance(np.array([1 / (2 * np.pi * 100.0 * 1e-9)]))[0]
    assert z == pytest.approx(50 - 50j, rel=1e-6)


def test_the_noise_is_the_stated_fraction_of_the_modulus_on_each_part():
    z = np.full(20000, 30 - 40j)
    error = with_noise(z, 0.01, np.random.default_rng(5)) - z
    assert np.std(error.real) == pytest.approx(0.5, rel=0.02)
    assert np.std(error.imag) == pytest.approx(0.5, rel=0.02)


def test_spectra_say_that_they_are_synthetic_and_repeat_with_their_seed():
    cell = BlockingCell(resistance=10.0, lead_resistance=0.3)
    one, again, other = (blocking_cell_spectrum(cell, seed=seed) for seed in (3, 3, 4))
    assert np.array_equal(one.impedance, again.impedance)
    assert not np.array_equal(one.impedance, other.impedance)
    for spectrum in (one, short_circuit_spectrum(cell)):
        assert spectrum.source.format == "synthetic"
        assert "synthetic" in spectrum.source.name
        assert spectrum.metadata["synthetic"] == "yes"


def test_the_default_sweep_is_that_of_a_chi660e():
    f = sweep()
    assert (f[0], f[-1], len(f)) == (pytest.approx(1e5), pytest.approx(0.1), 73)


@pytest.mark.parametrize("wrong", [{"resistance": -1.0}, {"resistance": 1.0, "electrode_n": 1.2}])
def test_an_impossible_cell_is_refused(wrong):
    with pytest.raises(InputError, match="synthetic blocking cell needs"):
        BlockingCell(**wrong)
    with pytest.raises(InputError, match="two frequencies"):
        sweep(1.0, 10.0)
    with pytest.raises(InputError, match="relative noise"):
        blocking_cell_spectrum(BlockingCell(1.0), noise=-0.1)
