"""Whether thermal analyses resolve printed digits: against the scatter that follows from what was stated."""

from __future__ import annotations

import math

import pytest

import lamion
from lamion.quantities import InputError

_MELTING = {"printed": "26.8 degC", "width": 8, "enthalpy": "20 J/g", "rate": "10 K/min", "noise": "2e-3 W/g"}
_WEIGHED = {"mass": "5 mg", "drift": "10 ug", "noise": "0.5 ug"}


def test_the_calibration_decides_a_melting_point_whose_rule_is_known() -> None:
    good = lamion.design.melting(**_MELTING, temperature_uncertainty="0.2 K")
    poor = lamion.design.melting(**_MELTING, temperature_uncertainty="0.5 K")
    assert (good.verdict, poor.verdict) == ("resolvable", "not resolvable")
    assert good["simulated_melting"].std == pytest.approx(0.2, rel=0.15)
    assert good["simulated_melting"].value == pytest.approx(26.8, abs=0.05)
    assert "Largest source: the calibration" in good.reason


def test_a_melting_point_whose_rule_is_not_said_is_no_better_than_the_rules_differ() -> None:
    answer = lamion.design.melting(**_MELTING, temperature_uncertainty="0.2 K", reading="either")
    # The tangent at a Gaussian's inflection: two standard deviations before its top.
    assert answer["onset_before_peak"].value == pytest.approx(2 * 8 / 2.3548, rel=0.02)
    assert answer["simulated_melting"].std == pytest.approx(answer["onset_before_peak"].value / 2, rel=0.1)
    assert answer.verdict == "not resolvable"
    assert "which of onset and peak it is" in answer.reason
    assert answer.synthetic


def test_a_fraction_by_residues_scatters_as_the_balance_does() -> None:
    f, own, rest = 0.497, 0.245, 0.02
    answer = lamion.design.thermogram(printed="0.497", stays=own, others_stay=rest, **_WEIGHED)
    drifted = 10.0 / 5000.0 * math.sqrt(1 + f**2 + (1 - f) ** 2) / (own - rest)
    assert answer["simulated_mass_fraction"].std == pytest.approx(drifted, rel=0.15)
    assert answer["simulated_mass_fraction"].value == pytest.approx(f, abs=0.002)
    assert answer.verdict == "not resolvable"
    fine = lamion.design.thermogram(
        printed="0.497", stays=own, others_stay=rest, mass="50 mg", drift="10 ug", noise="0.5 ug"
    )
    assert fine.verdict == "resolvable"


def test_what_the_mixture_leaves_more_is_a_source_of_its_own() -> None:
    answer = lamion.design.thermogram(
        printed="0.497", stays=0.245, others_stay="0.02 ± 0.03", mass="50 mg", drift="1 ug", noise="0.1 ug"
    )
    assert answer["simulated_mass_fraction"].std == pytest.approx((1 - 0.497) * 0.03 / (0.245 - 0.02), rel=0.15)
    assert "Largest source: what the mixture leaves" in answer.reason


def test_a_fraction_by_its_step() -> None:
    answer = lamion.design.thermogram(printed="0.123", reading="step", **_WEIGHED)
    assert answer["simulated_mass_fraction"].value == pytest.approx(0.123, abs=5e-4)
    assert answer.verdict == "resolvable"


def test_what_cannot_be_simulated_is_refused() -> None:
    with pytest.raises(InputError, match="says nothing of a component"):
        lamion.design.thermogram(printed="0.497", **_WEIGHED)
    with pytest.raises(InputError, match="points over the peak"):
        lamion.design.melting(**(_MELTING | {"rate": "900 K/min"}), temperature_uncertainty="0.2 K")
