"""The resistance of synthetic blocking cells of known truth: error, coverage, symmetries, refusals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamion.quantities import InputError
from lamion.synthetic.blocking_cell import BlockingCell, sweep, with_noise
from lamion.techniques.conduction.blocking_resistance import blocking_resistance, blocking_resistances
from lamion.techniques.conduction.short_circuit import leads_from_short
from lamion.techniques.impedance.circuit import Circuit

NOISE = 0.003
SPIKE = BlockingCell(3.0, electrode_q=1e-5, electrode_n=0.9)
ARC = BlockingCell(300.0, bulk_q=1e-8, bulk_n=1.0, electrode_q=1e-5, electrode_n=0.9)
DEPRESSED = BlockingCell(3000.0, bulk_q=2e-8, bulk_n=0.85, electrode_q=1e-5, electrode_n=0.9)
LEADED = BlockingCell(3.0, electrode_q=1e-5, electrode_n=0.9, lead_inductance=1e-6)


def measured(cell, seed, frequency=None, noise=NOISE):
    f = sweep() if frequency is None else frequency
    return f, with_noise(cell.impedance(f), noise, np.random.default_rng(seed))


def standardised_errors(cell, seeds, frequency=None):
    f = measured(cell, 0, frequency)[0]
    found = blocking_resistances(f, [measured(cell, seed, frequency)[1] for seed in range(seeds)])
    return np.array([(one.resistance - cell.resistance) / one.fit_std for one in found])


def coverage(errors):
    return 100 * np.mean(np.abs(errors) < 1.0), 100 * np.mean(np.abs(errors) < 1.95996)


@pytest.mark.parametrize("noise", [1e-5, NOISE])
@pytest.mark.parametrize("resistance", [3.0, 30.0, 300.0, 3000.0])
@pytest.mark.parametrize("top", [None, 1e3, 1e4, 1e5, 1e6], ids=lambda top: f"top {top}")
def test_the_error_is_below_one_percent(resistance, top, noise):
    """Truth: the synthetic cell's own resistance, with the arc's top nowhere, in range, at its edge, and above."""
    q = 0.0 if top is None else 1 / (2 * np.pi * top * resistance)
    cell = BlockingCell(resistance, bulk_q=q, electrode_q=max(1e-5, 300 * q))
    found = blocking_resistance(*measured(cell, 7, noise=noise))
    assert found.resistance == pytest.approx(resistance, rel=0.01 if noise == NOISE else 1e-4)
    assert abs(found.resistance - resistance) < 4 * found.std


@pytest.mark.parametrize("cell", [SPIKE, ARC], ids=["spike", "arc and spike"])
def test_intervals_cover_the_truth_as_often_as_they_say(cell):
    one, two = coverage(standardised_errors(cell, 400))
    assert 61.3 < one < 75.3
    assert 91.5 < two < 98.5


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cell", "frequency"),
    [(SPIKE, None), (LEADED, None), (ARC, None), (DEPRESSED, None), (ARC, sweep(1e4))],
    ids=["spike", "spike with inductance", "arc", "depressed arc", "low-frequency side of an arc"],
)
def test_intervals_cover_the_truth_in_the_long_run(cell, frequency):
    one, two = coverage(standardised_errors(cell, 2000, frequency))
    assert 64.3 < one < 72.3
    assert 93.0 < two < 97.0


@settings(max_examples=10, deadline=None)
@given(factor=st.floats(1e-3, 1e3), seed=st.integers(0, 50))
def test_a_scaled_impedance_has_the_scaled_resistance(factor, seed):
    f, z = measured(ARC, seed)
    one, scaled = blocking_resistance(f, z), blocking_resistance(f, factor * z)
    assert scaled.resistance == pytest.approx(factor * one.resistance, rel=1e-6)
    assert scaled.fit_std == pytest.approx(factor * one.fit_std, rel=1e-3)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 50))
def test_the_order_of_the_points_does_not_matter(seed):
    f, z = measured(SPIKE, seed)
    order = np.random.default_rng(seed).permutation(len(f))
    assert blocking_resistance(f[order], z[order]).resistance == blocking_resistance(f, z).resistance


def test_the_method_is_said():
    assert blocking_resistance(*measured(SPIKE, 1)).method.startswith("spike extrapolation to Z''=0")
    with_arc = blocking_resistance(*measured(ARC, 1))
    assert with_arc.method.startswith("arc end")
    assert "AICc" in with_arc.method
    assert {reading.name for reading in with_arc.readings} >= {"minimum of -Z''", "spike extrapolated to Z''=0"}


def test_a_tail_of_diffusion_is_not_taken_for_a_spike_in_silence():
    """Two lithium electrodes: 20 ohm of electrolyte, an interface of 40 ohm, and diffusion, which never blocks."""
    f = np.geomspace(1e5, 0.1, 61)
    diffusing = Circuit.read("R0-p(R1,CPE1)-W1").impedance([20.0, 40.0, 5e-5, 0.9, 2.0], f)
    found = blocking_resistance(f, diffusing)
    assert found.resistance > 50.0, "three times the electrolyte's"
    assert any("exponent 0.50" in warning for warning in found.warnings)
    for cell in (SPIKE, ARC):
        assert not any("exponent" in warning for warning in blocking_resistance(*measured(cell, 1)).warnings)


def test_an_arc_above_the_range_is_said_and_still_right():
    cell = BlockingCell(1000.0, bulk_q=8e-10, bulk_n=1.0)
    found = blocking_resistance(*measured(cell, 2))
    assert found.arc == "electrolyte"
    assert any("top of the arc lies above" in warning for warning in found.warnings)
    assert abs(found.resistance - 1000.0) < 3 * found.std


def test_a_partly_visible_fast_interior_counts_as_electrolyte():
    """Grain interior 200 ohm, too fast to show an arc, and a grain-boundary arc of 300 ohm: 500 ohm together."""
    f = sweep(1e6, 0.1)
    s = 2j * np.pi * f
    z = 200 + 300 / (1 + (s * 1e-6) ** 0.9) + 1 / (1e-6 * s**0.9)
    found = blocking_resistance(f, with_noise(z, NOISE, np.random.default_rng(3)))
    assert found.values["R0"] == pytest.approx(200, rel=0.02)
    assert abs(found.resistance - 500) < 3 * found.std


def test_an_electrode_arc_is_not_counted():
    f = sweep()
    s = 2j * np.pi * f
    z = 99 + 500 / (1 + (s * 6e-3) ** 0.8) + 1 / (8e-5 * s**0.8)
    found = blocking_resistance(f, with_noise(z, NOISE, np.random.default_rng(4)))
    assert found.arc == "electrode"
    assert abs(found.resistance - 99) < 3 * found.std


def test_a_misfit_widens_the_uncertainty_to_cover_the_truth():
    """A leak beside the electrodes and a second, slower spike: no candidate is the true circuit."""
    f = sweep()
    s = 2j * np.pi * f
    z = 50 + 1 / (1e-5 * s**0.9) + 200 / (1 + (s * 0.02) ** 0.7)
    found = blocking_resistance(f, with_noise(z, 1e-3, np.random.default_rng(5)))
    assert abs(found.resistance - 50) < 3 * found.std


GRAINS = np.array([200.0, 2e-8, 1.0, 300.0, 9e-7, 0.9])


def two_arcs(parameters, f):
    """Grain interior and grain boundaries (R, tau and n of each), then the spike: a sintered electrolyte."""
    r1, t1, n1, r2, t2, n2 = parameters
    s = 2j * np.pi * f
    return r1 / (1 + (s * t1) ** n1) + r2 / (1 + (s * t2) ** n2) + 1 / (1e-6 * s**0.9)


def test_grains_and_grain_boundaries_count_together():
    f = sweep(1e7, 0.1)
    found = blocking_resistance(f, with_noise(two_arcs(GRAINS, f), NOISE, np.random.default_rng(6)))
    assert [arc.is_electrolyte for arc in found.arcs] == [True, True]
    assert [arc.resistance for arc in found.arcs] == pytest.approx([200, 300], rel=0.05)
    assert found.arcs[1].time_constant == pytest.approx(9e-7, rel=0.05)
    assert abs(found.resistance - 500) < 3 * found.std
    assert found.std < 5
    assert "second arc" in found.method


def test_an_arc_that_may_be_anybodys_is_refused_where_it_matters():
    """The second arc's capacitance, 1.6e-8 F, is 25 times smaller than the spike's: the limit is 20."""
    f = sweep(1e7, 0.1)
    z = with_noise(two_arcs([200.0, 2e-8, 1.0, 300.0, 5e-6, 0.9], f), NOISE, np.random.default_rng(6))
    with pytest.raises(InputError, match="may be the electrolyte's or an electrode's"):
        blocking_resistance(f, z)
    slow = with_noise(two_arcs([200.0, 2e-8, 1.0, 300.0, 9e-6, 0.9], f), NOISE, np.random.default_rng(6))
    with pytest.raises(InputError, match="more arcs"):
        blocking_resistance(f, slow)


@pytest.mark.slow
def test_intervals_cover_where_two_arcs_are_seen():
    """400 draws of a cell whose two arcs lie 1.7 decades apart."""
    f = sweep(1e7, 0.1, 8)
    drawn = [with_noise(two_arcs(GRAINS, f), NOISE, np.random.default_rng(seed)) for seed in range(400)]
    errors = [(one.resistance - 500) / one.fit_std for one in blocking_resistances(f, drawn)]
    one, two = coverage(np.array(errors))
    assert 61.3 < one < 75.3
    assert 91.5 < two < 98.5


def test_leads_are_subtracted_with_their_uncertainty():
    cell = BlockingCell(0.8, lead_resistance=0.4, lead_inductance=5e-7)
    errors, stds = [], []
    for seed in range(60):
        f, z = measured(cell, seed)
        short = leads_from_short(f, with_noise(cell.leads(f), 0.01, np.random.default_rng(1000 + seed)))
        found = blocking_resistance(f, z, leads=short)
        errors.append(found.resistance - 0.8)
        stds.append(np.hypot(found.fit_std, found.lead_std))
        assert found.lead_std > 0
        assert not any("Leads" in warning for warning in found.warnings)
    assert np.std(errors) == pytest.approx(np.mean(stds), rel=0.35)
    assert abs(np.mean(errors)) < 4 * np.std(errors) / np.sqrt(60)


def test_unmeasured_leads_are_warned_of_where_they_matter():
    assert any("Leads and contacts" in warning for warning in blocking_resistance(*measured(SPIKE, 1)).warnings)
    assert not any("Leads and contacts" in warning for warning in blocking_resistance(*measured(ARC, 1)).warnings)


S = 2j * np.pi * sweep()
REFUSED = {
    "at least 8 are needed": (sweep()[:7], SPIKE.impedance(sweep()[:7])),
    "does not end in a capacitive spike": (sweep(), 10 + 50 / (1 + S * 1e-4) + 30 / (1 + S * 0.1)),
    "is inductive": (sweep(), 10 + S * 1e-6),
    "real part of the impedance is negative": (sweep(), SPIKE.impedance(sweep()) - 2e6),
    "cannot be told from zero": measured(BlockingCell(0.01, electrode_q=1e-6), 0, sweep(1e3)),
    "impedance of zero": (sweep(), np.zeros(73, dtype=complex)),
}


@pytest.mark.parametrize("message", REFUSED)
def test_what_gives_no_resistance_is_refused(message):
    with pytest.raises(InputError, match=message):
        blocking_resistance(*REFUSED[message])


def test_a_resistance_made_negative_by_the_short_is_refused():
    f, z = measured(SPIKE, 1)
    short = leads_from_short(f, np.full(len(f), 4.0 + 0j) + 1e-9j * f)
    with pytest.raises(InputError, match=r"negative|cannot be told from zero|No circuit"):
        blocking_resistance(f, z, leads=short)
