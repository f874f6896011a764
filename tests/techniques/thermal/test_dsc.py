"""Events of heat flow: exact curves, how often intervals cover the truth, and what is refused."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lamion.formats import read
from lamion.quantities import InputError, Quantity
from lamion.records import ThermalCurve
from lamion.synthetic.thermal import DscTruth, Transition
from lamion.techniques.thermal.dsc import DscChoice, dsc
from lamion.techniques.thermal.event import largest_event
from lamion.techniques.thermal.glass import glass_transition_raw
from lamion.techniques.thermal.heat import heat_of
from lamion.techniques.thermal.peak_area import peak_raw
from lamion.techniques.thermal.ramps import ramps_raw

_RATE = 10.0 / 60.0
_T = np.arange(260.0, 400.0, 1.0 / 6.0)
_MELTING = Transition(330.0, 60e3, 4.0, 4.0)
_TRUTH = DscTruth([_MELTING], noise=8.0)


def _within(hits: np.ndarray, seeds: int) -> bool:
    """68.3 ± 7 % of 400, ± 4 % of 2000."""
    return bool(np.all(np.abs(hits - 0.683) <= (0.07 if seeds < 1000 else 0.04)))


def _flow(truth: DscTruth, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    run = truth.curve(_T, _RATE, seed)
    return run.time, run.temperature, -run.specific_heat_flow


def test_an_exact_peak() -> None:
    time, T, q = _flow(replace(_TRUTH, noise=0.0), 1)
    for baseline in ("linear", "sigmoidal"):
        peak = peak_raw(time, T, q, 308.0, 352.0, baseline)
        assert peak.enthalpy.value == pytest.approx(60e3, rel=1e-5)
        assert peak.top.value == pytest.approx(330.0, abs=0.01)
        # The tangent at a Gaussian's inflection meets zero two standard deviations before its top.
        assert peak.onset.value == pytest.approx(330.0 - 2 * 4.0, abs=0.1)


def test_a_step_below_the_peak_is_taken_by_a_sigmoidal_baseline_and_counted_by_a_linear_one() -> None:
    lopsided = Transition(330.0, 60e3, 6.0, 3.0)
    truth = DscTruth([lopsided], step=100.0, slope=0.0)
    time, T, q = _flow(truth, 1)
    sigmoidal = peak_raw(time, T, q, 300.0, 347.0, "sigmoidal")
    linear = peak_raw(time, T, q, 300.0, 347.0, "linear")
    assert sigmoidal.enthalpy.value == pytest.approx(60e3, rel=3e-4)
    assert abs(linear.enthalpy.value - 60e3) > 300.0
    assert abs(linear.enthalpy.value - 60e3) < 2.0 * linear.enthalpy.std


@pytest.mark.parametrize("seeds", [400, pytest.param(2000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("baseline", ["linear", "sigmoidal"])
def test_enthalpy_onset_and_peak_are_covered_as_often_as_stated(baseline: str, seeds: int) -> None:
    exact = peak_raw(*_flow(replace(_TRUTH, noise=0.0), 1), 308.0, 352.0, baseline)
    truth = np.array([60e3, exact.onset.value, 330.0])
    hits = np.zeros(3)
    for seed in range(seeds):
        peak = peak_raw(*_flow(_TRUTH, seed), 308.0, 352.0, baseline)
        found = (peak.enthalpy, peak.onset, peak.top)
        hits += [abs(one.value - true) < one.std for one, true in zip(found, truth, strict=True)]
    print(baseline, seeds, (hits / seeds).round(3))  # noqa: T201
    assert _within(hits / seeds, seeds)


@pytest.mark.parametrize("seeds", [400, pytest.param(2000, marks=pytest.mark.slow)])
def test_noise_that_neighbours_share_is_counted(seeds: int) -> None:
    hits = 0
    for seed in range(seeds):
        time, T, q = _flow(replace(_TRUTH, noise=0.0), seed)
        white = np.random.default_rng(seed).normal(0.0, 2.0, len(q) + 40)
        shared = np.convolve(white, np.full(5, 1.0 / math.sqrt(5.0)), mode="same")[20:-20]
        peak = peak_raw(time, T, q + shared, 308.0, 352.0, "linear")
        hits += abs(peak.enthalpy.value - 60e3) < peak.enthalpy.std
    print(seeds, hits / seeds)  # noqa: T201
    assert _within(np.array([hits / seeds]), seeds)


@pytest.mark.parametrize("seeds", [400, pytest.param(2000, marks=pytest.mark.slow)])
def test_a_glass_transition_is_covered_as_often_as_stated(seeds: int) -> None:
    truth = DscTruth(glass=(330.0, 480.0, 1.5), slope=1.0, noise=1.0)
    kept = slice(240, 600)
    hits = np.zeros(2)
    for seed in range(seeds):
        _, T, q = _flow(truth, seed)
        found = glass_transition_raw(T[kept], q[kept], _RATE)
        hits += [
            abs(found.temperature.value - 330.0) < found.temperature.std,
            abs(found.capacity.value - 480.0) < found.capacity.std,
        ]
    print(seeds, (hits / seeds).round(3))  # noqa: T201
    assert _within(hits / seeds, seeds)


def test_the_largest_event_is_found_and_noise_is_none() -> None:
    for seed in range(20):
        _, T, q = _flow(_TRUTH, seed)
        event = largest_event(T, q)
        assert 300.0 < event.low < 320.0
        assert 340.0 < event.high < 360.0
    _, T, q = _flow(DscTruth(noise=2.0), 1)
    with pytest.raises(InputError, match="No peak stands out"):
        largest_event(T, q)


def test_ramps_of_a_programme_with_holds() -> None:
    t = np.arange(0.0, 3600.0, 1.0)
    T = 300.0 + np.interp(t, [0, 600, 1200, 1800, 2400, 3600], [0, 100, 100, 0, 0, 200])
    found = ramps_raw(t, T)
    assert [round(60 * ramp.rate, 1) for ramp in found] == [10.0, -10.0, 10.0]
    assert [round(ramp.low) for ramp in found] == [300, 300, 300]


def _run(**changed) -> ThermalCurve:
    return replace_curve(DscTruth([_MELTING], noise=0.5).curve(_T, _RATE, 1), **changed)


def replace_curve(run: ThermalCurve, **changed) -> ThermalCurve:
    kept = {name: getattr(run, name) for name in ("temperature", "time", "specific_heat_flow", "exothermic")}
    return ThermalCurve(**(kept | changed))


def test_which_way_is_exothermic_is_read_said_or_asked_for() -> None:
    up, down = dsc(_run()), dsc(_run(), DscChoice(exothermic="down", low=308.0, high=352.0))
    assert up["enthalpy"].value == pytest.approx(60.0, rel=0.02)
    assert down["enthalpy"].value == pytest.approx(-60.0, rel=0.02)
    assert "every enthalpy has the other sign" in down.warnings[0]
    assert "endothermic" in up.method
    assert "exothermic is up in the file" in up.method
    with pytest.raises(InputError, match="vendors differ"):
        dsc(_run(exothermic=None))


def test_a_heat_flow_in_watt_needs_the_samples_mass() -> None:
    watts = _run(specific_heat_flow=None, heat_flow=4e-6 * _run().specific_heat_flow)
    with pytest.raises(InputError, match=r'--mass "4.2 mg"'):
        dsc(watts)
    said = dsc(watts, DscChoice(mass=Quantity("4.0 ± 0.2 mg")))
    assert said["enthalpy"].value == pytest.approx(60.0, rel=0.02)
    assert said["enthalpy"].std == pytest.approx(3.0, rel=0.1)
    assert heat_of(ThermalCurve(_T, heat_flow=_T, sample_mass=2.0, exothermic="down")).taken_up[0] == 130.0
    voltage = ThermalCurve(_T, sensor_voltage=_T, exothermic="up")
    with pytest.raises(InputError, match="nobody calibrated"):
        heat_of(voltage)


def test_crystallinity_of_the_polymers_mass_with_cold_crystallisation_subtracted() -> None:
    truth = DscTruth([_MELTING, Transition(285.0, -12e3, 2.0, 2.0)], noise=0.5)
    share, whole = Quantity("0.30 ± 0.01"), Quantity("200 ± 10 J/g")
    choice = DscChoice(low=308.0, high=352.0, cold=(274.0, 296.0), polymer=share, whole=whole)
    answer = dsc(truth.curve(_T, _RATE, 1), choice)
    assert answer["cold_crystallisation"].value == pytest.approx(-12.0, rel=0.02)
    assert answer["enthalpy_of_polymer"].value == pytest.approx(160.0, rel=0.02)
    assert answer["crystallinity"].value == pytest.approx(0.8, rel=0.02)
    assert answer["crystallinity"].std == pytest.approx(0.8 * math.hypot(1 / 30, 1 / 20), rel=0.05)
    with pytest.raises(InputError, match="needs the polymer's share"):
        dsc(_run(), DscChoice(whole=whole))
    much = dsc(_run(), DscChoice(polymer=Quantity("0.1"), whole=whole))
    assert "which cannot be" in " ".join(much.warnings)
    with pytest.raises(InputError, match="takes heat up"):
        dsc(_run(), DscChoice(cold=(308.0, 352.0)))


def test_without_time_the_rate_is_asked_for() -> None:
    bare = _run(time=None)
    with pytest.raises(InputError, match="--rate"):
        dsc(bare)
    assert dsc(bare, DscChoice(rate=_RATE))["enthalpy"].value == pytest.approx(60.0, rel=0.02)


def test_calibrations_are_parts_of_their_own() -> None:
    plain = dsc(_run(), DscChoice(low=308.0, high=352.0))
    answer = dsc(_run(), DscChoice(low=308.0, high=352.0, temperature_error=0.5, enthalpy_error=0.05))
    assert answer["onset"].std == pytest.approx(math.hypot(plain["onset"].std, 0.5))
    assert answer["enthalpy"].std == pytest.approx(math.hypot(plain["enthalpy"].std, 0.05 * 60.0), rel=0.01)


def test_of_several_ramps_one_is_asked_for_and_a_glass_transition_needs_no_event() -> None:
    one = DscTruth(glass=(330.0, 480.0, 1.5), noise=0.5).curve(_T, _RATE, 1)
    back = one.temperature[::-1]
    T = np.concatenate([one.temperature, back, one.temperature])
    q = np.concatenate([one.specific_heat_flow, -one.specific_heat_flow[::-1], one.specific_heat_flow])
    run = ThermalCurve(T, np.arange(len(T)), specific_heat_flow=q, exothermic="up")
    with pytest.raises(InputError, match=r"Say its number: --ramp 2"):
        dsc(run, DscChoice(glass=(300.0, 360.0)))
    answer = dsc(run, DscChoice(glass=(300.0, 360.0), ramp=3))
    assert answer["glass_transition"].value == pytest.approx(330.0 - 273.15, abs=0.3)
    assert answer["enthalpy"] is None
    assert "No event was read" in answer.warnings[0]


def test_a_crystallisation_on_cooling_begins_at_the_higher_temperature() -> None:
    heating = DscTruth([_MELTING], noise=0.5).curve(_T, _RATE, 1)
    run = ThermalCurve(_T[::-1], heating.time, specific_heat_flow=-heating.specific_heat_flow[::-1], exothermic="up")
    answer = dsc(run)
    assert answer["enthalpy"].value == pytest.approx(-60.0, rel=0.02)
    assert answer["onset"].value == pytest.approx(330.0 + 8.0 - 273.15, abs=0.3)
    assert "given off (exothermic)" in answer.method
    assert "cooling" in answer.method


def test_the_real_polymer_is_amorphous_and_its_broken_end_is_left_out(real_data: Path) -> None:
    (record,) = read(real_data / "polymer_electrolytes" / "dsc" / "HA_exp203_dsc_s97.txt").records
    with pytest.raises(InputError, match="5 ramps") as refusal:
        dsc(record)
    assert "4: heating from -50 to 120 degC at 10 K/min" in str(refusal.value)
    with pytest.raises(InputError, match="No peak stands out"):
        dsc(record, DscChoice(ramp=4))


def test_the_real_decomposition_of_pmma(real_data: Path) -> None:
    (record,) = read(real_data / "thermal" / "UMD_DSC_N2_10K.csv").records
    answer = dsc(record, DscChoice(exothermic="down"))
    assert answer["peak"].value == pytest.approx(367.0, abs=3.0)
    assert 500.0 < answer["enthalpy"].value < 1000.0
