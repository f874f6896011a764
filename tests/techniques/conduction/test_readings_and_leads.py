"""Resistances read off a diagram by construction; the leads from a short circuit."""

import numpy as np
import pytest

from lamion.quantities import InputError
from lamion.synthetic.blocking_cell import BlockingCell, sweep, with_noise
from lamion.techniques.conduction.readings import (
    arc_on_real_axis,
    crossing_of_real_axis,
    minimum_of_imaginary_part,
    spike_on_real_axis,
)
from lamion.techniques.conduction.short_circuit import leads_from_short

FREQUENCY = np.geomspace(0.1, 1e6, 40)


def test_readings_of_an_ideal_diagram_are_its_resistance():
    s = 2j * np.pi * FREQUENCY
    arc = 300 / (1 + s * 3e-6) + 1 / (1e-3 * s)
    assert minimum_of_imaginary_part(FREQUENCY, arc) == pytest.approx(300, rel=1e-3)
    assert arc_on_real_axis(FREQUENCY, arc) == pytest.approx(300, rel=1e-3)
    assert spike_on_real_axis(FREQUENCY, arc) == pytest.approx(300, rel=1e-3)
    assert crossing_of_real_axis(FREQUENCY, arc) is None
    spike = 5 + s * 1e-6 + 1 / (1e-3 * s)
    assert crossing_of_real_axis(FREQUENCY, spike) == pytest.approx(5, rel=1e-9)
    assert spike_on_real_axis(FREQUENCY, spike) == pytest.approx(5, rel=1e-9)
    assert minimum_of_imaginary_part(FREQUENCY, spike) is None
    assert arc_on_real_axis(FREQUENCY, spike) is None


def test_a_depressed_arc_is_read_by_its_circle():
    s = 2j * np.pi * FREQUENCY
    z = 20 + 300 / (1 + (s * 3e-5) ** 0.8) + 1 / (1e-2 * s)
    assert arc_on_real_axis(FREQUENCY, z) == pytest.approx(320, rel=5e-3)


def test_a_short_gives_leads_with_the_covariance_that_repetition_shows():
    cell = BlockingCell(1.0, lead_resistance=0.3, lead_inductance=5e-7)
    f = sweep(1e5, 10.0)
    z = cell.leads(f)
    fits = [leads_from_short(f, with_noise(z, 0.01, np.random.default_rng(seed))) for seed in range(200)]
    r = np.array([one.resistance for one in fits])
    inductance = np.array([one.inductance for one in fits])
    assert r.mean() == pytest.approx(0.3, abs=4 * r.std() / np.sqrt(200))
    assert inductance.mean() == pytest.approx(5e-7, abs=4 * inductance.std() / np.sqrt(200))
    assert np.mean([one.resistance_std for one in fits]) == pytest.approx(r.std(), rel=0.15)


def test_a_short_whose_resistance_grows_with_frequency_is_less_certain():
    f = np.geomspace(10.0, 1e5, 49)
    clean = 0.3 + 2j * np.pi * f * 5e-7
    skin = clean + 0.1 * np.sqrt(f / 1e5)
    noise = np.random.default_rng(1)
    assert (
        leads_from_short(f, with_noise(skin, 1e-3, noise)).resistance_std
        > 5 * leads_from_short(f, with_noise(clean, 1e-3, noise)).resistance_std
    )


def test_what_is_not_a_short_is_refused():
    f = sweep(1e5, 10.0)
    with pytest.raises(InputError, match="capacitive"):
        leads_from_short(f, BlockingCell(10.0).impedance(f))
    with pytest.raises(InputError, match="not positive"):
        leads_from_short(f, -0.1 + 1e-8j * f)
    with pytest.raises(InputError, match="at least 4"):
        leads_from_short(f[:3], np.ones(3, dtype=complex))
