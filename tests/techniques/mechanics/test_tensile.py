"""Tensile curves of known truth."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lamion.quantities import InputError, Quantity
from lamion.records import ElongationCurve, TensileCurve
from lamion.synthetic.tensile import PulledStrip, tensile_curve
from lamion.techniques.mechanics.tensile import Strip, tensile
from lamion.techniques.mechanics.tensile_raw import engineering, tensile_raw

STRIP = PulledStrip(90e6, 3e6, 6e6, 0.8, slack=0.004)
RANGE = {"low": 0.005, "high": 0.025}


def test_the_truth_is_read_back() -> None:
    curve = tensile_curve(STRIP, points=4000)
    found = tensile_raw(curve.strain, curve.stress, **RANGE)
    assert found.slope.modulus == pytest.approx(90e6, rel=1e-9)
    assert found.slope.zero == pytest.approx(0.004, abs=1e-9)
    assert found.strength == pytest.approx(6e6, rel=1e-6)
    assert found.strain_at_break == pytest.approx(0.8, abs=3e-4)
    yielded, left = 3e6 / 90e6, 3e6
    plastic = 0.8 - yielded
    work = 0.5 * 3e6 * yielded + 6e6 * plastic - left**2 / 90e6 * (1 - math.exp(-90e6 * plastic / left))
    assert found.toughness == pytest.approx(work, rel=2e-3)
    assert found.true_strength == pytest.approx(6e6 * 1.8, rel=1e-3)
    assert found.broke


@pytest.mark.parametrize(("count", "allowed"), [(400, 7.0), pytest.param(2000, 4.0, marks=pytest.mark.slow)])
def test_the_statistical_part_covers_the_truth(count, allowed) -> None:
    inside = 0
    for seed in range(count):
        curve = tensile_curve(STRIP, points=2000, noise=2e4, seed=seed)
        slope = tensile_raw(curve.strain, curve.stress, **RANGE).slope
        inside += abs(slope.modulus - 90e6) < slope.modulus_std
    assert abs(100 * inside / count - 68.3) < allowed


def test_parts_of_several_strips() -> None:
    curves = [tensile_curve(PulledStrip(one * 1e6, 3e6, 6e6, 0.5), points=2000) for one in (85, 90, 95)]
    answer = tensile(curves, Strip(**RANGE))
    assert answer["modulus"].value == pytest.approx(90.0, rel=1e-6)
    budget = answer.notes["budget of the modulus, MPa"]
    assert budget["scatter"] == pytest.approx(1.32 * 5.0 / math.sqrt(3), rel=0.01)
    assert len(answer.series["Strip"]) == 3


def test_force_and_elongation_need_the_strip() -> None:
    curve = tensile_curve(PulledStrip(90e6, 3e6, 6e6, 0.5), points=2000)
    pulled = ElongationCurve(0.02 * curve.strain, 0.05e-6 * curve.stress)
    with pytest.raises(InputError, match="--length"):
        tensile([pulled], Strip(**RANGE))
    size = {"length": Quantity("20 mm"), "section": Quantity("0.0500 ± 0.0025 mm2")}
    answer = tensile([pulled], Strip(**RANGE, **size))
    assert answer["modulus"].value == pytest.approx(90.0, rel=1e-6)
    assert answer.notes["budget of the modulus, MPa"]["cross-section"] == pytest.approx(4.5, rel=1e-6)
    assert "lower bound" in " ".join(answer.warnings)


def test_true_curves_become_engineering_ones() -> None:
    strain = np.linspace(0.0, 1.0, 500)
    stress = 1e6 * strain
    back = engineering(np.log1p(strain), stress * (1 + strain))
    assert np.allclose(back[0], strain)
    assert np.allclose(back[1], stress)
    given = TensileCurve(np.log1p(strain), stress * (1 + strain))
    assert tensile([given], Strip(0.01, 0.2, true=True))["modulus"].value == pytest.approx(1.0, rel=1e-9)


def test_a_strip_that_did_not_break_has_no_elongation_at_break() -> None:
    whole = tensile_curve(STRIP, points=800)
    answer = tensile([TensileCurve(whole.strain[:700], whole.stress[:700])], Strip(**RANGE))
    assert answer["elongation_at_break"] is None
    assert answer["toughness"] is None
    assert "did not break" in " ".join(answer.warnings)


def test_a_range_without_a_straight_part_is_told() -> None:
    strain = np.linspace(0.0, 0.5, 800)
    answer = tensile([TensileCurve(strain, 1e6 * np.sqrt(strain))], Strip(0.01, 0.1))
    assert "no part of the curve is straight" in " ".join(answer.warnings)
    assert answer["modulus"].std > 0.1 * answer["modulus"].value


@pytest.mark.parametrize(
    ("strain", "low", "high", "expected"),
    [
        (np.linspace(0.0, 100.0, 500), 0.0005, 0.0025, "its strain is in percent"),
        (np.linspace(0.0, 1.0, 500), 0.3, 0.2, "--low below --high"),
    ],
)
def test_refused(strain, low, high, expected) -> None:
    with pytest.raises(InputError, match=expected):
        tensile_raw(strain, 1e6 * strain, low, high)


def test_a_slack_strip_is_refused() -> None:
    strain = np.linspace(0.0, 1.0, 500)
    stress = np.where(strain < 0.5, -strain, strain) * 1e6
    with pytest.raises(InputError, match="does not rise"):
        tensile_raw(strain, stress, 0.01, 0.2)
