"""The picture that opens a report: each computed range stands where its numbers say, whatever their sign."""

import math

import pytest

from lamion.quantities import Quantity
from lamion.report.ranges import DIFFERENCES, RATIO, Range, Scale, _of_a_claim, on_scale, scale_of
from lamion.study.claims import Claim
from lamion.study.verdicts import Verdict, compare

LIMIT, DIGITS = DIFFERENCES


def claim(printed, unit="mV", **said):
    return Claim("one", "film", "voltage", printed, float(printed), unit, "predict", **said)


def judged(printed, computed, unit="mV", **said):
    one = claim(printed, unit, **said)
    return _of_a_claim(one, compare(one, computed, "model"))


def test_a_number_stands_at_its_quotient_with_its_range_and_the_rounding():
    found = judged("42", Quantity(21.0, 2.1, "mV"))
    assert found.value == 0.5
    assert (found.low, found.high) == pytest.approx((0.5 - 1.96 * 0.05, 0.5 + 1.96 * 0.05), abs=1e-3)
    assert found.rounding == pytest.approx(1.96 * 0.5 / math.sqrt(3) / 42, rel=1e-3)


def test_a_skewed_range_stays_skewed():
    found = judged("10", Quantity(10.0, 1.0, "mV", interval_95=(9.5, 16.0)))
    assert (found.low, found.high) == (0.95, 1.6)


def test_what_is_printed_below_zero_turns_the_ends():
    found = judged("-1.67", Quantity(-2.0, 0.1, "eV"), "eV")
    assert found.low < found.value < found.high
    assert found.value == pytest.approx(2.0 / 1.67)


def test_an_open_end_becomes_an_arrow_and_is_said():
    found = judged("10", Quantity(12.0, None, "mV", interval_95=(9.0, None)))
    drawn = on_scale(found, Scale(RATIO, 5.0))
    assert found.said == "0.90 or more"
    assert drawn.beyond
    assert not drawn.before
    assert drawn.right == 100.0


@pytest.mark.parametrize(("value", "before", "beyond"), [(0.01, True, False), (90.0, False, True), (-2.0, True, False)])
def test_what_lies_out_of_view_is_an_arrow_and_no_mark(value, before, beyond):
    one = Range(("a",), "voltage", "film", Verdict("disagrees", "", ""), value, value, value, 0.0)
    drawn = on_scale(one, Scale(RATIO, 5.0))
    assert (drawn.before, drawn.beyond, drawn.at) == (before, beyond, None)


def test_equal_numbers_stand_in_the_middle_of_every_axis():
    for scale, value in ((Scale(RATIO, 2.0), 1.0), (LIMIT, 0.0), (DIGITS, 0.0)):
        one = Range(("a",), "voltage", "film", Verdict("agrees", "", ""), value, value, value, 0.1, scale.kind)
        drawn = on_scale(one, scale)
        assert drawn.at == 50.0
        assert drawn.band[0] < 50.0 < drawn.band[1]
        assert [place for place, _ in scale.ticks][len(scale.ticks) // 2] == 50.0


def test_a_scale_without_a_natural_zero_is_subtracted_in_its_limit():
    found = judged("25", Quantity(27.0, 0.5, "degC"), "degC", limit=4.0)
    assert found.scale == "limit"
    assert found.value == pytest.approx(0.5)


def test_a_zero_without_a_limit_is_left_out_and_says_why():
    one = claim("0")
    found = _of_a_claim(one, Verdict("holds", "model", "", computed=Quantity(0.1, 0.1, "mV")))
    assert "natural zero" in found


def test_a_simulated_measurement_scatters_in_units_of_the_last_digit():
    one = claim("147.3", "mAh/g")
    simulated = Quantity(147.5, 0.5, "mAh/g")
    found = _of_a_claim(one, Verdict("resolvable", "synthetic", "", simulated=simulated))
    assert found.scale == "digits"
    assert found.value == pytest.approx(2.0)
    assert found.high - found.low == pytest.approx(2 * 1.96 * 5.0, rel=1e-3)


def test_a_simulation_around_another_number_is_no_range_of_this_one():
    one = claim("400", "h")
    assert _of_a_claim(one, Verdict("resolvable", "synthetic", "", simulated=Quantity(700.0, 5.0, "h"))) == (
        "simulated around another number"
    )


def test_the_axis_is_the_narrowest_that_shows_most_ends():
    near = [judged("10", Quantity(10.0 + k / 10, 0.1, "mV")) for k in range(-5, 6)]
    assert scale_of(near).end == 1.25
    far = [judged("10", Quantity(70.0, 1.0, "mV"))]
    assert scale_of([*near, *far]).end == 1.25
    assert scale_of(far * 9).end == 10.0
    assert scale_of([]).end == 1.25


@pytest.mark.parametrize(
    ("value", "low", "high", "said"),
    [
        (1.0102, 1.0072, 1.0131, "1.0102 (1.0072 to 1.0131)"),
        (45.2, 0.0123, 6681.0, "45 (0.012 to 6681)"),
        (1.5, 1.5, 1.5, "1.50"),
        (1.0, -math.inf, math.inf, "not bounded"),
    ],
)
def test_numbers_have_the_digits_that_their_range_leaves(value, low, high, said):
    assert Range(("a",), "voltage", "film", Verdict("agrees", "", ""), value, low, high, 0.0).said == said
