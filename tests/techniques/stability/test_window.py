"""Onsets of sweeps whose onset is known, and of a real voltammogram."""

from __future__ import annotations

import numpy as np
import pytest

import lamion
from lamion.quantities import InputError, Quantity
from lamion.records.measurements import PolarisationCurve, Voltammogram
from lamion.techniques.stability.window import Conditions, window

E = np.linspace(2.5, 5.5, 601)
CM2 = Conditions(area=Quantity("1 cm2"), electrode="steel", scan_rate=Quantity("1 mV/s"))


def ramp(potential=E, onset=4.8, slope=1e-4, background=2e-7, noise=0.0, seed=1):
    """Return a current that rises from its onset on along a straight line."""
    rng = np.random.default_rng(seed)
    return background * potential + slope * np.clip(potential - onset, 0, None) + noise * rng.standard_normal(601)


def test_threshold_and_tangent_of_a_ramp():
    answer = window(Voltammogram(E, ramp()), CM2)
    assert answer["onset.tangent"].value == pytest.approx(4.8, abs=0.005)
    assert answer["onset.threshold"].value == pytest.approx(4.9, abs=0.005)
    # Half and twice 10 uA/cm2 of 100 uA/(cm2 V).
    assert answer["onset.threshold"].interval[0] <= 4.855
    assert answer["onset.threshold"].interval[1] >= 4.995
    assert answer.warnings == []


def test_the_resistance_is_taken_away():
    current = ramp()
    answer = window(
        Voltammogram(E + 1e3 * current, current), Conditions(area=Quantity("1 cm2"), resistance=Quantity("1 kohm"))
    )
    assert answer["onset.threshold"].value == pytest.approx(4.9, abs=0.005)


def test_a_smaller_area_has_a_larger_current_density():
    small = window(Voltammogram(E, ramp()), Conditions(area=Quantity("0.1 cm2")))
    assert small["onset.threshold"].value == pytest.approx(4.81, abs=0.005)


def test_reduction_goes_the_other_way():
    way = np.linspace(3.0, 0.0, 601)
    current = -1e-4 * np.clip(0.8 - way, 0, None) - 2e-7
    answer = window(Voltammogram(way, current), Conditions(area=Quantity("1 cm2"), reduction=True))
    assert answer["onset.tangent"].value == pytest.approx(0.8, abs=0.005)
    assert answer["onset.threshold"].value == pytest.approx(0.7, abs=0.005)


def test_the_first_sweep_of_a_cycle_counts():
    back = E[::-1]
    cycle = Voltammogram(np.concatenate([E, back]), np.concatenate([ramp(), ramp(back, onset=4.0)]))
    assert window(cycle, CM2)["onset.tangent"].value == pytest.approx(4.8, abs=0.005)


def test_a_window_that_is_not_left():
    answer = window(PolarisationCurve(E, 1e-7 + 1e-8 * np.sin(40 * E)), CM2)
    assert answer["onset.threshold"] is None
    assert any("at least to there" in doubt for doubt in answer.warnings)


def test_without_an_area_only_the_tangent():
    answer = window(Voltammogram(E, ramp()))
    assert "onset.threshold" not in answer
    assert any("--area" in doubt for doubt in answer.warnings)


def test_what_it_belongs_to_is_carried_along():
    record = Voltammogram(E, ramp(), time=(E - E[0]) / 5e-4)
    answer = window(record, Conditions(area=Quantity("1 cm2"), electrode="carbon", reference="Li/Li+"))
    assert answer.notes["scan_rate_mV_s"] == pytest.approx(0.5)
    assert (answer.notes["electrode"], answer.notes["potential_against"]) == ("carbon", "Li/Li+")
    assert any("--electrode" in doubt for doubt in window(record, Conditions(area=Quantity("1 cm2"))).warnings)


def test_noise_as_large_as_the_threshold_is_said():
    noisy = window(Voltammogram(E, ramp(noise=4e-6)), CM2)
    assert any("noise's" in doubt for doubt in noisy.warnings)


def test_the_interval_holds_the_onset_of_a_noisy_ramp():
    hits = 0
    for seed in range(100):
        ends = window(Voltammogram(E, ramp(noise=2e-7, seed=seed)), CM2)["onset.threshold"].interval
        hits += ends[0] <= 4.9 <= ends[1]
    assert hits >= 95


def test_no_sweep_in_that_direction():
    with pytest.raises(InputError, match="no sweep"):
        window(Voltammogram(E[::-1][:15], ramp()[:15]), CM2)


def test_a_peak_has_its_onset_before_it():
    current = 1e-4 * np.exp(-(((E - 4.5) / 0.1) ** 2))
    value = window(Voltammogram(E, current), CM2)["onset.threshold"].value
    assert value == pytest.approx(4.5 - 0.1 * np.sqrt(np.log(10)), abs=0.01)


def test_a_real_sweep_on_silver(real_data):
    record = lamion.read(real_data / "eclab" / "lsv.mpt").records[0]
    answer = window(record, Conditions(area=Quantity("1 cm2"), reduction=True))
    assert answer.notes["scan_rate_mV_s"] == pytest.approx(20.0, abs=0.01)
    assert answer.notes["potential_against"].startswith("SCE")
    assert -2.2 < answer["onset.tangent"].value < answer["onset.threshold"].value < -1.0
    assert any("noise's" in doubt for doubt in answer.warnings)
