"""Verdicts by their definition."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamion.quantities import Answer, InputError, Quantity
from lamion.study.claims import Claim, half_last_digit
from lamion.study.results import results_of
from lamion.study.verdicts import compare, settle


def claim(route="predict", printed="0.78", unit="1"):
    return Claim("id", "sample", "quantity", printed, float(printed), unit, route)


@pytest.mark.parametrize(
    ("printed", "half"), [("5.62e-4", 0.005e-4), ("42", 0.5), ("0.78", 0.005), ("-1.67", 0.005), ("1.20", 0.005)]
)
def test_half_of_the_last_printed_digit(printed, half):
    assert half_last_digit(printed) == pytest.approx(half)


@settings(deadline=None)  # the first example reads the table of units
@given(st.floats(0.5, 1.0), st.floats(0.0, 0.1))
def test_the_tolerance_is_twice_the_combined_uncertainty(value, std):
    verdict = compare(claim(), Quantity(value, std, "1"), "model")
    tolerance = 2 * math.hypot(std, 0.005 / math.sqrt(3))
    assert verdict.tolerance == pytest.approx(tolerance)
    assert verdict.verdict == ("agrees" if abs(value - 0.78) <= tolerance else "disagrees")


def test_an_agreement_that_hardly_anything_could_miss_is_called_weak():
    wide, narrow = (compare(claim(), Quantity(0.7, std, "1"), "model") for std in (0.2, 0.04))
    assert wide.verdict == narrow.verdict == "agrees"
    assert "A weak test: anything from 0.3 to 1.1 would have agreed." in wide.reason
    assert "weak" not in compare(claim(), Quantity(0.78, 0.01, "1"), "model").reason


def test_units_are_converted():
    assert compare(claim(printed="42", unit="mV"), Quantity(0.0421, 1e-4, "V"), "model").verdict == "agrees"


@pytest.mark.parametrize(("value", "verdict"), [(0.78, "holds"), (0.9, "does not hold")])
def test_an_audit_has_its_own_words(value, verdict):
    assert compare(claim("audit"), Quantity(value, 0.01, "1"), "model").verdict == verdict


@pytest.mark.parametrize(("route", "word"), [("recover", "agrees"), ("audit", "resolvable"), ("predict", "holds")])
def test_a_verdict_that_does_not_go_with_the_route_is_refused(route, word):
    with pytest.raises(InputError, match="does not go with the claim"):
        settle(claim(route), Answer(verdict=word), "verdict", "model", "step")


def test_synthetic_data_cannot_agree():
    answer = Answer({"x": Quantity(0.78, 0.01, "1")})
    verdict = settle(claim("recover"), answer, "x", "synthetic", "step")
    assert verdict.verdict == "not computed"
    assert "synthetic" in verdict.reason


def test_an_input_says_what_it_implies(bench):
    verdicts = results_of(bench.run()).verdicts
    assert verdicts["ratio"].verdict == "input"
    assert "It implies a conductivity of 8.889(61)e-5 S/cm" in verdicts["ratio"].reason
    assert verdicts["ratio"].computed is None
    assert verdicts["twice"].verdict == "agrees"
    assert verdicts["current"].verdict == "holds"
    assert list(verdicts) == ["sigma", "ratio", "twice", "current"]
