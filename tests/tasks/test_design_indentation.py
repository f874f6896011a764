"""Conditions of an indentation that cannot all hold, and what a measurement at those that can resolves."""

from __future__ import annotations

import math

import pytest

import lamion
from lamion.quantities import InputError, Quantity
from lamion.techniques.mechanics.stated_contact import bearable_load, stated_punch

FILM = {"poisson": "0.30 ± 0.08", "thickness": "9 um", "radius": "100 ± 5 nm"}


def _design(**changed):
    return lamion.design.indentation(**{"printed": "1.38 GPa", "load": "3 mN", **FILM, **changed}, quick=True)


def test_conditions_that_cannot_all_hold_are_printed_with_their_numbers() -> None:
    answer = _design()
    assert answer["pressure"].value == pytest.approx(3e-3 / (math.pi * 100e-9**2) / 1e9)
    assert answer["depth"].value == pytest.approx(1e6 * 3e-3 * (1 - 0.09) / (1.38e9 * 200e-9))
    said = " ".join(answer.warnings)
    assert "cannot all hold" in said
    assert "95.5 GPa, 69 times the modulus" in said
    assert "simulated at 4.34 uN" in said


def test_conditions_that_hold_are_taken_as_stated() -> None:
    answer = _design(load="3 uN")
    assert answer.warnings == ()
    assert answer["simulated_load"].value == pytest.approx(3e-3)


def test_digits_and_differences() -> None:
    """By hand: 5 % of the radius, 2 x 0.3 x 0.08 / 0.91 = 5.3 % of Poisson's ratio; together 7.3 % of 1.38 GPa."""
    digits = _design()
    assert digits.verdict == "not resolvable"
    assert digits["relative_uncertainty"].value == pytest.approx(0.073, abs=0.006)
    order = _design(against="103.8 MPa")
    assert order.verdict == "resolvable"
    assert "the difference from 0.1038 GPa" in order.reason
    near = _design(against="1.30 GPa")
    assert near.verdict == "not resolvable"


def test_a_sharp_tip_needs_a_hardness() -> None:
    with pytest.raises(InputError, match="--hardness"):
        _design(probe="berkovich", radius=None)
    answer = _design(probe="berkovich", radius=None, hardness="0.1 GPa", load="0.2 mN")
    assert "pressure" not in answer
    assert answer["simulated_modulus"].value == pytest.approx(1.38, rel=0.02)


def test_what_drowns_in_noise_is_refused() -> None:
    with pytest.raises(InputError, match="does not stand out"):
        _design(load_noise="5 uN")


def test_the_bearable_load_by_hand() -> None:
    radius, nu = Quantity("100 nm"), Quantity("0.3")
    thick = bearable_load(Quantity("3 mN"), radius, Quantity("1.38 GPa"), nu, Quantity("9 um"))
    assert thick.si == pytest.approx(0.1 * 1.38e9 * math.pi * 100e-9**2)
    thin = bearable_load(Quantity("3 mN"), radius, Quantity("1.38 GPa"), nu, Quantity("50 nm"))
    assert thin.si == pytest.approx(5e-9 * 200e-9 * 1.38e9 / 0.91)
    assert bearable_load(Quantity("1 nN"), radius, Quantity("1.38 GPa"), nu, Quantity("9 um")) == Quantity("1 nN")


@pytest.mark.parametrize(("load", "verdict"), [("3 mN", "does not hold"), ("10 uN", "holds")])
def test_the_verdict_on_stated_conditions(load, verdict) -> None:
    given = (Quantity("200 nm"), Quantity("1.38 GPa"), Quantity("0.3"), Quantity("9 um"))
    assert stated_punch(Quantity(load), *given).verdict == verdict
