"""Peaks of dQ/dV and dV/dQ against those of known curves."""

import numpy as np
import pytest

from lamion.quantities import InputError
from lamion.synthetic.staged_cell import StagedCell, staged_record
from lamion.techniques.cycling.differential import differential, differential_capacity_raw, differential_voltage_raw

CELL = StagedCell()
PLACES = [at for at, _, _ in CELL.peaks]
HEIGHTS = [CELL.base + Q / (s * np.sqrt(2 * np.pi)) for _, s, Q in CELL.peaks]


def half(points, noise=0.0, seed=0, step=0.0):
    """The charge alone, without its drop."""
    V = np.linspace(*CELL.window, 100001)
    Q = CELL.charge(V) - CELL.charge(V[0])
    passed = np.linspace(0.0, Q[-1], points)
    voltage = np.interp(passed, Q, V) + noise * np.random.default_rng(seed).standard_normal(points)
    return passed, np.round(voltage / step) * step if step else voltage


@pytest.mark.parametrize("width", [None, 0.005, 0.01])
def test_smoothing_moves_no_peak_and_hardly_lowers_it(width):
    found = differential_capacity_raw(*half(3000), width=width)
    assert [peak.place for peak in found.peaks] == pytest.approx(PLACES, abs=1e-4)
    assert [peak.height for peak in found.peaks] == pytest.approx(HEIGHTS, rel=0.03)


def test_all_charge_is_there():
    passed, voltage = half(1000, noise=2e-3, seed=1)
    found = differential_capacity_raw(passed, voltage)
    assert np.trapezoid(found.value, found.place) == pytest.approx(passed[-1], rel=0.01)


def test_a_coarse_converter_makes_no_peaks():
    found = differential_capacity_raw(*half(1000, step=2e-3))
    assert [peak.place for peak in found.peaks] == pytest.approx(PLACES, abs=3e-3)


def test_peaks_are_covered_and_noise_makes_few_more():
    draws = [differential_capacity_raw(*half(1000, noise=5e-4, seed=seed)).peaks for seed in range(200)]
    nearest = [[min(peaks, key=lambda peak: abs(peak.place - at)) for at in PLACES] for peaks in draws]
    place = np.array([[abs(p.place - at) < p.place_std for p, at in zip(row, PLACES, strict=True)] for row in nearest])
    height = np.array(
        [[abs(p.height - y) < p.height_std for p, y in zip(row, HEIGHTS, strict=True)] for row in nearest]
    )
    assert np.all(place.mean(axis=0) > 0.61), place.mean(axis=0)
    assert np.all(height.mean(axis=0) > 0.61), height.mean(axis=0)
    assert np.mean([len(peaks) for peaks in draws]) < 2.2


def test_dv_dq_finds_a_step_between_two_plateaus():
    Q = np.linspace(0.0, 10.0, 1000)
    voltage = 3.4 + 0.01 * Q + 0.05 * np.tanh((Q - 4.0) / 0.3)
    noisy = voltage + 1e-4 * np.random.default_rng(1).standard_normal(1000)
    for some in (noisy, noisy[::-1]):
        found = differential_voltage_raw(Q, some)
        at = 4.0 if some is noisy else 6.0
        highest = max(found.peaks, key=lambda peak: peak.height)
        assert highest.place == pytest.approx(at, abs=0.05)
        assert highest.height == pytest.approx(0.01 + 0.05 / 0.3, rel=0.05)


def test_what_passes_at_a_held_voltage_is_no_peak():
    plain, held = (differential(staged_record(noise=1e-4, held=held, seed=2)) for held in (False, True))
    assert list(held) == list(plain)
    assert held["charge_peak.2"].value == pytest.approx(plain["charge_peak.2"].value, abs=0.01)


def test_charge_and_discharge_lie_apart_by_the_resistance():
    answer = differential(staged_record(points=2000, noise=1e-4, seed=3))
    apart = answer["charge_peak.1"].value - answer["discharge_peak.1"].value
    assert apart == pytest.approx(2 * 5e-4 * CELL.resistance, abs=2e-3)


def test_few_samples_and_no_such_cycle_are_refused():
    with pytest.raises(InputError, match="at least 32"):
        differential(staged_record(points=20))
    with pytest.raises(InputError, match="no cycle 7"):
        differential(staged_record(), cycle=7)
