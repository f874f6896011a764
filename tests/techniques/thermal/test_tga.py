"""Steps of mass: exact curves, how often intervals cover the truth, drift, blanks, compositions, kinetics."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from lamion.formats import read
from lamion.quantities import InputError, Quantity
from lamion.records import ThermalCurve
from lamion.synthetic.thermal import MassTruth, Reaction
from lamion.techniques.thermal.blank import without_blank
from lamion.techniques.thermal.composition import Assigned, assigned, share_left
from lamion.techniques.thermal.conversion import conversion_of
from lamion.techniques.thermal.isoconversional import isoconversional
from lamion.techniques.thermal.kissinger import kissinger, kissinger_raw
from lamion.techniques.thermal.mass_steps import thermogram_raw
from lamion.techniques.thermal.tga import TgaChoice, tga

_T = np.arange(303.15, 1003.15, 0.5)
_LOSSES = (Reaction(0.12, 90e3, 430.0), Reaction(0.25, 200e3, 610.0), Reaction(0.30, 280e3, 800.0))
_RATE = 10.0 / 60.0


def _within(hits: np.ndarray, seeds: int) -> bool:
    return bool(np.all(np.abs(hits - 0.683) <= (0.07 if seeds < 1000 else 0.04)))


def test_exact_steps() -> None:
    answer = tga(MassTruth(_LOSSES).curve(_T, _RATE, 1))
    assert [answer[f"step{k}.loss"].value for k in (1, 2, 3)] == pytest.approx([0.12, 0.25, 0.30], abs=2e-4)
    assert [answer[f"step{k}.fastest"].value + 273.15 for k in (1, 2, 3)] == pytest.approx([430, 610, 800], abs=1.0)
    assert answer["total_loss"].value == pytest.approx(0.67, abs=1e-5)
    assert answer["residue"].value == pytest.approx(0.33, abs=1e-5)
    assert "apparent_gain" not in answer


@pytest.mark.parametrize("seeds", [400, pytest.param(2000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("noise", [1e-4, 1e-3])
def test_steps_are_covered_as_often_as_stated(noise: float, seeds: int) -> None:
    hits = np.zeros(4)
    drift = 1e-3
    for seed in range(seeds):
        own = drift * np.random.default_rng([seed, 1]).standard_normal()
        run = MassTruth(_LOSSES, 1.0, noise, own).curve(_T, _RATE, seed)
        found = thermogram_raw(run.time, run.mass, 90.0, drift)
        assert len(found.steps) == 3
        pairs = [*zip((step.loss for step in found.steps), (0.12, 0.25, 0.30), strict=True), (found.total, 0.67)]
        # A drift upwards is seen as a gain where it is larger than the noise, and counted once more.
        stds = [math.hypot(*(one.parts.get(part, 0.0) for part in ("noise", "bounds", "drift"))) for one, _ in pairs]
        hits += [abs(one.value - true) < std for (one, true), std in zip(pairs, stds, strict=True)]
    print(noise, seeds, (hits / seeds).round(3))  # noqa: T201
    assert _within(hits / seeds, seeds)


def test_a_gain_is_named_and_stands_in_the_uncertainty() -> None:
    run = MassTruth(_LOSSES, noise=1e-9).curve(_T, _RATE, 1)
    lifted = run.mass + 5e-7 * (1.0 - np.exp(-(_T - _T[0]) / 20.0))
    answer = tga(ThermalCurve(_T, run.time, mass=lifted, sample_mass=1e-5))
    assert answer["apparent_gain"].value == pytest.approx(0.05, abs=0.01)
    assert answer["total_loss"].value == pytest.approx(0.62, abs=1e-3)
    assert answer["total_loss"].std >= 0.04
    assert "drift or buoyancy" in answer.warnings[0]
    assert "--blank" in answer.warnings[0]


def test_a_blank_takes_the_gain_away() -> None:
    run = MassTruth(_LOSSES, noise=1e-9).curve(_T, _RATE, 1)
    lift = 5e-7 * (1.0 - np.exp(-(_T - _T[0]) / 20.0))
    blank = ThermalCurve(_T, run.time, mass=lift - 2e-7)
    lifted = ThermalCurve(_T, run.time, mass=run.mass + lift, sample_mass=1e-5)
    answer = tga(lifted, TgaChoice(blank=blank))
    assert answer["total_loss"].value == pytest.approx(0.67, abs=1e-3)
    assert "apparent_gain" not in answer
    assert "a blank taken off" in answer.method
    with pytest.raises(InputError, match="another programme"):
        without_blank(lifted, ThermalCurve(_T, 2.0 * run.time, mass=lift))
    with pytest.raises(InputError, match="shorter"):
        without_blank(lifted, ThermalCurve(_T[:700], run.time[:700], mass=lift[:700]))
    with pytest.raises(InputError, match="no mass in mg"):
        without_blank(lifted, ThermalCurve(_T, run.time, mass_fraction=lift))


def test_composition_by_what_is_said_of_steps_and_residue() -> None:
    share = share_left("Cu3C48H24N4O8", "CuO")
    assert share == pytest.approx(3 * 79.545 / 975.36, rel=1e-3)
    framework = 0.33 / share
    answer = tga(
        MassTruth(_LOSSES).curve(_T, _RATE, 1), TgaChoice(components=tuple(assigned(["sn=1", "mof=residue"], share)))
    )
    assert answer["mass_fraction.sn"].value == pytest.approx(0.12, abs=2e-4)
    assert answer["mass_fraction.mof"].value == pytest.approx(framework, abs=1e-3)
    assert "more than all of it" in " ".join(answer.warnings)
    assert any("does not tell what leaves" in text for text in answer.assumptions)
    with pytest.raises(InputError, match="step 9"):
        tga(MassTruth(_LOSSES).curve(_T, _RATE, 1), TgaChoice(components=(Assigned("sn", 9),)))
    for texts, stays in ((["sn"], None), (["sn=0"], None), (["a=residue"], None), (["a=1", "a=2"], None)):
        with pytest.raises(InputError):
            assigned(texts, stays)
    with pytest.raises(InputError, match="does not leave"):
        share_left("C2H4O", "CuO")


def test_what_is_no_thermogram_is_refused() -> None:
    with pytest.raises(InputError, match="holds no mass"):
        tga(ThermalCurve(_T, _T, heat_flow=_T))
    with pytest.raises(InputError, match="begins with 0"):
        tga(ThermalCurve(_T, _T, mass=_T - _T[0]))
    with pytest.raises(InputError, match="says nothing of a mass that is a fraction"):
        tga(ThermalCurve(_T, _T, mass_fraction=np.ones(len(_T))), TgaChoice(drift=Quantity("10 ug")))
    still = tga(ThermalCurve(_T, _T, mass_fraction=1.0 + 1e-5 * np.random.default_rng(1).standard_normal(len(_T))))
    assert "No step stands out" in " ".join(still.warnings)


def test_kissinger_of_exact_first_order() -> None:
    for energy in (70e3, 200e3):
        rates = np.array([2.0, 5.0, 10.0, 20.0]) / 60.0
        runs = [conversion_of(MassTruth([Reaction(0.5, energy, 600.0)]).curve(_T, rate, 1), 10.0) for rate in rates]
        found = kissinger([run.rate for run in runs], [run.peak for run in runs])
        assert found["activation_energy"].value == pytest.approx(energy / 1000.0, rel=0.01)
        factor = Reaction(0.5, energy, 600.0).factor
        assert math.log(found["frequency_factor"].value) == pytest.approx(math.log(factor), rel=0.02)


def test_kissinger_of_heat_flows() -> None:
    truth = Reaction(1.0, 150e3, 600.0)
    runs = []
    for rate in np.array([2.0, 5.0, 10.0, 20.0]) / 60.0:
        time = (_T - _T[0]) / rate
        speed = np.gradient(truth.conversion(time, _T), time)
        record = ThermalCurve(_T, time, heat_flow=2e-6 * 100e3 * speed + 1e-5, exothermic="up")
        runs.append(conversion_of(record, 10.0))
    assert kissinger([run.rate for run in runs], [run.peak for run in runs])[
        "activation_energy"
    ].value == pytest.approx(150.0, rel=0.01)
    assert isoconversional(runs)["activation_energy"].value == pytest.approx(150.0, rel=0.01)


@pytest.mark.parametrize("seeds", [400, pytest.param(2000, marks=pytest.mark.slow)])
def test_kissingers_energy_is_covered_as_often_as_stated(seeds: int) -> None:
    rates = np.array([2.0, 5.0, 10.0, 20.0]) / 60.0
    truth = Reaction(0.5, 150e3, 600.0)
    peaks = []
    for rate in rates:  # the exact condition of first order
        T = np.linspace(500.0, 700.0, 200001)
        peaks.append(T[np.argmin(np.abs(np.log(rate / T**2 * truth.energy / (8.314462618 * truth.factor))
                                        + truth.energy / (8.314462618 * T)))])  # fmt: skip
    hits = 0
    for seed in range(seeds):
        off = 0.5 * np.random.default_rng(seed).standard_normal(4)
        found = kissinger(rates, np.array(peaks) + off)["activation_energy"]
        hits += abs(found.value - 150.0) < found.std
    print(seeds, hits / seeds)  # noqa: T201
    assert _within(np.array([hits / seeds]), seeds)


def test_what_no_kissinger_line_is() -> None:
    with pytest.raises(InputError, match="3 different rates"):
        kissinger_raw(np.array([0.1, 0.2]), np.array([500.0, 510.0]))
    with pytest.raises(InputError, match="do not rise with the rate"):
        kissinger([0.1, 0.2, 0.3], [520.0, 510.0, 500.0])


@pytest.mark.parametrize("method", ["kas", "friedman", "ofw"])
def test_isoconversional_energies_are_those_of_the_truth(method: str) -> None:
    truth = MassTruth([Reaction(0.5, 160e3, 600.0)])
    runs = [conversion_of(truth.curve(_T, rate / 60.0, 1), 10.0) for rate in (2.0, 5.0, 10.0, 20.0)]
    answer = isoconversional(runs, method)
    found = answer["activation_energy"]
    assert found.value == pytest.approx(160.0, rel=0.002 if method == "kas" else 0.01)
    assert abs(found.value - 160.0) < max(3.0 * found.std, 0.5)
    assert answer["spread"].value < 8.0


def test_two_reactions_show_in_the_spread() -> None:
    truth = MassTruth([Reaction(0.25, 100e3, 590.0), Reaction(0.25, 250e3, 610.0)])
    runs = [conversion_of(truth.curve(_T, rate / 60.0, 1), 40.0) for rate in (2.0, 5.0, 10.0, 20.0)]
    assert "more than one reaction" in " ".join(isoconversional(runs).warnings)


def test_the_real_netzsch_run_names_its_gain(real_data: Path) -> None:
    pytest.importorskip("pyngb")
    (record,) = read(real_data / "thermal" / "RO_FILED_STA_N2_10K_250129_R29.ngb-ss3").records
    answer = tga(record)
    total = answer["total_loss"]
    assert total.value == pytest.approx(0.7354, abs=5e-5)
    assert total.value + total.std > 0.841
    assert "gains 0.43 mg (10.6 %) until 189 degC" in answer.warnings[0]
    assert "the loss is 84.2 %" in answer.warnings[0]
    assert "not 73.54 %" in answer.warnings[0]


def test_the_real_wood_and_oxide(real_data: Path) -> None:
    (wood,) = read(real_data / "thermal" / "Aalto_Wood_TGA_N2_10K_R1.csv").records
    answer = tga(wood)
    assert answer["total_loss"].value == pytest.approx(1.0 - wood.mass[-1] / wood.mass[0])
    assert answer["step1.fastest"].value == pytest.approx(368.0, abs=3.0)
    (oxide,) = read(real_data / "thermal" / "mp2028_281122_LNO+C.txt").records
    answer = tga(oxide)
    assert abs(answer["total_loss"].value) < answer["total_loss"].std * 1.01
