"""Verdicts by their definition."""

import math
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.study.conftest import STUDY

from lamion.formats.csv_table import spectrum_text
from lamion.quantities import Answer, InputError, Quantity
from lamion.study.claims import Claim, half_last_digit
from lamion.study.comparison import to_a_factor
from lamion.study.judgement import Reading, Together
from lamion.study.results import results_of
from lamion.study.verdicts import Verdict, compare, counted, judged_together, settle, with_readings
from lamion.synthetic.blocking_cell import BlockingCell, blocking_cell_spectrum


def claim(route="predict", printed="0.78", unit="1"):
    return Claim("id", "sample", "quantity", printed, float(printed), unit, route)


@pytest.mark.parametrize(
    ("printed", "half"), [("5.62e-4", 0.005e-4), ("42", 0.5), ("0.78", 0.005), ("-1.67", 0.005), ("1.20", 0.005)]
)
def test_half_of_the_last_printed_digit(printed, half):
    assert half_last_digit(printed) == pytest.approx(half)


@settings(deadline=None)  # the first example reads the table of units
@given(st.floats(0.5, 1.0), st.floats(0.0, 0.1))
def test_the_95_percent_range_widened_by_rounding_decides(value, std):
    verdict = compare(claim(), Quantity(value, std, "1"), "model")
    half = 1.959964 * math.hypot(std, 0.005 / math.sqrt(3))
    assert verdict.reach == pytest.approx(half / 0.78, rel=1e-6)
    assert verdict.verdict == ("agrees" if abs(value - 0.78) <= half else "disagrees")


def test_a_skewed_range_is_the_results_own():
    """The standard deviation, 0.3, would let 1.2 pass; the result cannot exceed 1."""
    bounded = Quantity(0.95, 0.3, "1", interval_95=(0.4, 1.0))
    assert compare(claim(printed="1.2"), bounded, "model").verdict == "disagrees"
    assert compare(claim(printed="0.9"), bounded, "model").verdict == "agrees"


@pytest.mark.parametrize("printed", ["100", "40"])
def test_a_test_that_could_not_have_noticed_decides_nothing(printed):
    """Half the range, 58.8, is more than half of what is printed."""
    verdict = compare(claim(printed=printed), Quantity(100.0, 30.0, "1"), "model")
    assert verdict.verdict == "undecided"
    assert verdict.reach > 0.5
    assert "could not have noticed" in verdict.reason


def test_far_outside_is_outside_whatever_the_reach():
    assert compare(claim(printed="10"), Quantity(100.0, 10.0, "1"), "model").verdict == "disagrees"


def test_a_scale_without_zero_needs_a_limit():
    warm = claim(printed="26.8", unit="degC")
    with pytest.raises(InputError, match="no scale of its own"):
        compare(warm, Quantity(27.0, 1.0, "degC"), "model")
    limited = replace(warm, limit=2.5)
    verdict = compare(limited, Quantity(27.0, 1.0, "degC"), "model")
    assert verdict.verdict == "agrees"
    assert verdict.reach == pytest.approx(0.5 * 1.96 / 2.5, rel=1e-2)
    assert compare(limited, Quantity(27.0, 2.0, "degC"), "model").verdict == "undecided"


def test_an_open_range_cannot_decide():
    verdict = compare(claim(), Quantity(0.7, None, "1", interval=(0.5, None)), "model")
    assert (verdict.verdict, verdict.reach) == ("undecided", None)
    assert "or more would have passed" in verdict.reason


def test_an_unknown_known_to_a_factor_is_compared_by_it():
    """Known to a factor of 2 at 95 %: 3 lies outside, 1.5 inside with a reach of 1."""
    known, exact = Quantity(1.0, None, "1/s", interval_95=(0.5, 2.0)), partial(Quantity, std=0.0, unit="1/s")
    assert not to_a_factor(exact(3.0), known).inside
    found = to_a_factor(exact(1.5), known)
    assert found.inside
    assert found.reach == pytest.approx(1.0)


def reading(result):
    return Reading("id", "read otherwise", "step", result, "both are usual")


@pytest.mark.parametrize(
    ("first", "other", "verdict"),
    [(0.78, 0.78, "agrees"), (0.9, 0.78, "undecided"), (0.78, 0.9, "undecided"), (0.9, 0.6, "disagrees")],
)
def test_readings_that_decide_differently_decide_nothing(first, other, verdict):
    answer = Answer({"other": Quantity(other, 0.001, "1")})
    own = compare(claim(), Quantity(first, 0.001, "1"), "model", step="step")
    found = with_readings(claim(), own, [reading("other")], {"step": answer})
    assert found.verdict == verdict
    assert "read otherwise (both are usual)" in found.reason


def test_claims_on_one_unknown_are_judged_and_counted_once():
    rows = {name: Verdict("agrees", "model", "", step="predict") for name in ("a", "b", "c")}
    fit = Answer({"fitted": Quantity(3.0, 0.0, "1/s"), "free": Quantity(1.0, None, "1/s", interval_95=(0.8, 1.25))})
    together = Together("rate", ("a", "b"), "fit", "fitted", "free")
    found = rows | judged_together([together], rows, {"fit": fit})
    assert [found[name].verdict for name in "abc"] == ["disagrees", "disagrees", "agrees"]
    assert counted(found) == {"agrees": 1, "disagrees": 1}


def test_an_agreement_out_of_a_refuted_set_is_void():
    rows = {"a": Verdict("agrees", "model", ""), "b": Verdict("does not hold", "model", "")}
    found = judged_together([Together("set", ("a", "b"))], rows, {})
    assert [found[name].verdict for name in "ab"] == ["undecided", "does not hold"]
    assert "rests on the same as b" in found["a"].reason


def test_a_finding_has_words_of_its_own():
    finding = claim("finding")
    assert compare(finding, Quantity(0.78, 0.01, "1"), "model").verdict == "shown"
    assert settle(finding, Answer(verdict="not shown"), "verdict", "model", "step").verdict == "not shown"
    with pytest.raises(InputError, match="does not go with the claim"):
        settle(finding, Answer(verdict="holds"), "verdict", "model", "step")


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


SPECTRUM = """
[[step]]
id = "sigma"
task = "analyze conductivity"
sample = "A"
files = ["cell.csv"]
settles = { "twice" = "conductivity" }
"""


@pytest.mark.parametrize(
    ("thickness", "area", "said"),
    [
        ("9 um", "2.01 cm2", " The thickness and the area were given without an uncertainty, and counted as exact."),
        ("9.0 ± 0.1 um", "2.01 cm2", " The area was given without an uncertainty, and counted as exact."),
        ("9.0 ± 0.1 um", "2.01 ± 0.01 cm2", ""),
    ],
)
def test_a_disagreement_says_which_sizes_were_counted_as_exact(bench, thickness, area, said):
    text = STUDY.replace('"9.0 ± 0.3 um"', f'"{thickness}"').replace('"2.01 cm2"', f'"{area}"')
    bench.write(text.replace('settles = { "twice" = "value" }', "") + SPECTRUM)
    spectrum = blocking_cell_spectrum(BlockingCell(0.8, electrode_q=2e-5), seed=1)
    (bench.folder / "cell.csv").write_text(spectrum_text(spectrum), encoding="utf-8")
    found = results_of(bench.run(only="sigma")).verdicts["twice"]
    assert found.verdict == "disagrees"
    assert found.reason.partition(" would have passed.")[2].endswith(said)
    assert ("counted as exact" in found.reason) == bool(said)
