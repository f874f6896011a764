"""Quantities compute: by hand, against sampling, and by the laws of arithmetic."""

import copy
import dataclasses
import math
import operator
import pickle
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lamion.quantities import InputError, Quantity, parse, propagate, units
from lamion.quantities.arithmetic import correlated
from lamion.quantities.compound import compound

near = pytest.approx
A, B = Quantity(9.0, 0.3, "um"), Quantity(5.62e-4, 1.1e-5, "S/cm")


def same(quantity, value, std, unit):
    assert (quantity.value, quantity.std, quantity.unit) == (near(value), None if std is None else near(std), unit)


def test_a_difference_with_itself_is_exactly_zero():
    assert Quantity(0.0, 0.0, "um") == A - A
    assert Quantity(1.0, 0.0, "1") == A / A
    assert (A.to("cm") - A).std == 0
    assert (round(A, 0) - A).std == 0
    assert (copy.deepcopy(A) - A).std == 0


def test_equal_quantities_made_apart_are_independent():
    assert (Quantity(9.0, 0.3, "um") - Quantity(9.0, 0.3, "um")).std == pytest.approx(0.3 * math.sqrt(2))


def test_what_cancels_leaves_no_uncertainty():
    back = (A * B / A).to("S/cm")
    assert (back.value, back.std) == (pytest.approx(5.62e-4), pytest.approx(1.1e-5, rel=1e-12))


def test_a_resistance_per_area_by_hand():
    found = (A / B).to("ohm cm2")
    assert found.value == pytest.approx(9e-4 / 5.62e-4, rel=1e-14)
    assert found.std == pytest.approx(found.value * math.hypot(0.3 / 9, 1.1e-5 / 5.62e-4), rel=1e-12)


def test_sum_and_difference_by_hand():
    other = Quantity(1.0, 0.004, "mm")
    assert (A + other).value == pytest.approx(1009.0)
    assert (A + other).std == pytest.approx(math.hypot(0.3, 4.0))
    assert (other - A).unit == "mm"
    assert (other - A).value == pytest.approx(0.991)
    same(sum([A, A, A]), 27.0, 0.9, "um")


def test_powers_by_hand():
    same(A**2, 81.0, 2 * 9 * 0.3, "um2")
    same((Quantity(4.0, 0.2, "cm2") ** 0.5), 2.0, 0.05, "cm")
    assert (2 ** Quantity(3.0, 0.1, "1")).std == pytest.approx(8 * math.log(2) * 0.1)
    same((1 / Quantity(2.0, 0.1, "s")), 0.5, 0.025, "s-1")


def test_signs():
    assert Quantity(-9.0, 0.3, "um") == -A
    assert abs(-A) == A
    assert (abs(-A) - A).std == 0
    assert +A is A


def test_against_sampling():
    """1e6 draws of x, y and a shared z; first order is right within the draws' error and 1 % of curvature."""
    x, y, z = Quantity(2.0, 0.02, "V"), Quantity(3.0, 0.03, "ohm"), Quantity(0.5, 0.02, "A")
    found = (x / y + z) * z / (x / y)
    rng = np.random.default_rng(3)
    sx, sy, sz = (rng.normal(q.value, q.std, 1_000_000) for q in (x, y, z))
    sample = (sx / sy + sz) * sz / (sx / sy)
    assert found.to("A").value == pytest.approx(np.median(sample), rel=2e-3)
    assert found.to("A").std == pytest.approx(np.std(sample), rel=1e-2)


def test_an_input_without_uncertainty_leaves_none():
    assert Quantity(10.0, None, "um") == (A + "1 um")
    assert (Quantity(2.0, None, "1") * A).std is None
    assert (2 * A).std == pytest.approx(0.6)
    assert ((A - A) * "2 um").std is None


def test_what_is_not_determined_makes_its_results_so():
    lost = Quantity(5.87e-8, None, "ohm", interval=(None, None))
    assert str(lost) == f"{lost:.3g}" == "not determined"
    assert not lost.determined
    for result in (
        lost + "1 ohm",
        2 * lost,
        1 / lost,
        lost**2,
        -lost,
        abs(lost),
        A * lost,
        lost - lost,
        lost.to("kohm"),
    ):
        assert not result.determined
        assert str(result) == "not determined"
        assert result.std is None


@pytest.mark.parametrize(
    ("compute", "interval"),
    [
        (lambda q: 2 * q, (1.4, None)),
        (lambda q: q / 2, (0.35, None)),
        (lambda q: -q, (None, -0.7)),
        (lambda q: 1 - q, (None, pytest.approx(0.3))),
        (lambda q: 1 / q, (None, pytest.approx(1 / 0.7))),
        (lambda q: q**2, (pytest.approx(0.49), None)),
        (lambda q: (-q) ** 3, (None, pytest.approx(-0.343))),
        (lambda q: q**-1, (None, pytest.approx(1 / 0.7))),
        (lambda q: 2**q, (pytest.approx(2**0.7), None)),
        (abs, (0.7, None)),
        (lambda q: abs(-q), (0.7, None)),
        (lambda q: abs(q - 1), (None, None)),
        (lambda q: 1 / (q - 1), (None, None)),
        (lambda q: (q - 1) ** 2, (None, None)),
        (lambda q: q * 0, (None, None)),
        (lambda q: q + Quantity(1.0, 0.1, "1"), (None, None)),
        (lambda q: q * Quantity(1.0, None, "1"), (None, None)),
        (lambda q: q + q, (None, None)),
    ],
)
def test_an_open_end_goes_where_it_must(compute, interval):
    assert compute(Quantity(0.9, 0.1, "1", interval=(0.7, None))).interval == interval


@pytest.mark.parametrize(
    ("compute", "interval"),
    [
        (lambda q: 3 - q, (1.0, 2.5)),
        (lambda q: 1 / q, (0.5, 2.0)),
        (lambda q: 1 / (q - 0.5), (pytest.approx(1 / 1.5), None)),
        (lambda q: 1 / (q - 0.75), (None, None)),
        (lambda q: abs(q - 1.5), (0.0, 1.0)),
        (lambda q: (q - 0.75) ** 2, None),
        (lambda q: (q - 0.75) ** 3, (pytest.approx(-(0.25**3)), pytest.approx(1.25**3))),
        (lambda q: q * Quantity(1.0, 0.1, "1"), None),
        (lambda q: q * 0, None),
    ],
)
def test_a_closed_interval_is_carried_where_all_else_is_exact(compute, interval):
    assert compute(Quantity(1.0, 0.5, "1", interval=(0.5, 2.0))).interval == interval


def test_one_open_end_is_unmistakable():
    assert str(Quantity(0.886, None, "1", interval=(0.7, None))) == "0.886 (68 %: 0.7 or more)"
    assert str(Quantity(0.886, None, "V", interval=(None, 0.9))) == "0.886 V (68 %: 0.9 or less)"
    assert f"{Quantity(0.88612, 0.1, 'V', interval=(None, 0.9)):.2f}" == "0.89 V (68 %: 0.9 or less)"
    assert str(Quantity(0.4, 0.01, "1", interval=(0.39, 0.42))) == "0.400(10) (68 %: 0.39 to 0.42)"


def test_temperatures_enter_in_kelvin():
    warm, cold = Quantity(25.0, 0.5, "degC"), Quantity(20.0, 0.2, "degC")
    same(warm - cold, 5.0, math.hypot(0.5, 0.2), "K")
    assert (warm - warm).std == 0
    same(warm + cold, 591.3, math.hypot(0.5, 0.2), "K")
    assert warm * 2 == Quantity(596.3, 1.0, "K")
    assert (warm / cold).value == pytest.approx(298.15 / 293.15)
    assert (Quantity(8.314, 0.0, "J/(mol K)") * warm).to("J/mol").value == pytest.approx(8.314 * 298.15)
    assert float(warm) == 25.0
    assert warm > "290 K"
    assert abs(Quantity(-5.0, 0.1, "degC")) == Quantity(268.15, 0.1, "K")
    assert (warm.to("K") - warm).std == 0


def test_comparison_is_by_value():
    assert A < Quantity(1.0, None, "mm") <= "1 mm" < "2 mm"
    assert Quantity(1.0, None, "m") > A
    assert Quantity(1.0, None, "1") >= 1
    assert Quantity(60.0, None, "wt%") > 0.5
    assert max([A, Quantity(1.0, None, "mm")], key=lambda q: q.si).unit == "mm"
    assert sorted([Quantity(1.0, None, "mm"), A]) == [A, Quantity(1.0, None, "mm")]
    assert Quantity(1.0, None, "m") != Quantity(100.0, None, "cm")
    assert A != "9 um"


@pytest.mark.parametrize(
    ("compute", "message"),
    [
        (lambda: A + B, "cannot be added: they are a length and a conductivity"),
        (lambda: B - A, "cannot be subtracted: they are a conductivity and a length"),
        (lambda: A < B, "cannot be compared: they are a length and a conductivity"),
        (lambda: A + 1, "a length and a plain number"),
        (lambda: Quantity(90.0, 1.0, "deg") + 1, "an angle or a level and a plain number"),
        (lambda: A / 0, "division by zero"),
        (lambda: 0 ** Quantity(-1.0, 0.1, "1"), "division by zero"),
        (lambda: A**A, "The exponent .* is a length"),
        (lambda: 2**A, "The exponent .* is a length"),
        (lambda: A ** Quantity(2.0, 0.1, "1"), "uncertain power"),
        (lambda: (-A) ** 0.5, "no real power 0.5"),
        (lambda: A**0.3, "cannot be written"),
        (lambda: A**9 * A**2, "cannot be written"),
        (lambda: Quantity(0.0, 0.1, "m2") ** 0.5, "larger than can be carried through"),
        (lambda: Quantity(1.0, 1e200, "m") * Quantity(1.0, 1e200, "m"), "larger than can be carried through"),
        (lambda: Quantity(1e300, 1.0, "m") * Quantity(1e300, 1.0, "m"), "larger than a number can be"),
        (lambda: A * math.nan, "not a finite number"),
        (lambda: A + "9 bananas", "'bananas' cannot be read"),
        (lambda: Quantity(9.0, 0.3), "has no unit"),
        (lambda: Quantity(9), "has no unit"),
        (lambda: Quantity("9 um", 0.3, "um"), "stands beside"),
        (lambda: Quantity("nine"), "cannot be read"),
        (lambda: f"{A:zz}", "'zz' is no format"),
    ],
)
def test_refusals(compute, message):
    with pytest.raises(InputError, match=message):
        compute()


@pytest.mark.parametrize("relation", [operator.add, operator.mul, operator.lt, operator.pow, operator.sub])
def test_other_things_are_no_operands(relation):
    for other in ([1.0], None, np.ones(2)):
        with pytest.raises(TypeError):
            relation(A, other)
        with pytest.raises(TypeError):
            relation(other, A)


def test_numbers_of_numpy_are_numbers():
    for two in (np.float64(2), np.float32(2), np.int64(2)):
        assert two * A == A * two == Quantity(18.0, 0.6, "um")
        assert Quantity(3.0, None, "1") > two
        assert two < Quantity(3.0, None, "1")


def test_texts_are_quantities():
    assert Quantity("9 ± 0.3 um") == A
    assert Quantity("9 um", source="a ruler") == Quantity(9.0, None, "um", "a ruler")
    assert Quantity("10 wt%") == Quantity(0.1, None, "1")
    assert parse("9 ± 0.3 um") == A
    same("9 ± 0.3 um" + A, 18.0, 0.3 * math.sqrt(2), "um")
    same(Quantity("1 mm") - "1 um", 0.999, None, "mm")


def test_format_round_float():
    assert f"{A}" == format(A) == str(A) == "9.00(30) um"
    assert f"{Quantity(9.01234, 0.3, 'um'):.3g}" == "9.01 um"
    assert f"{Quantity(0.5, None, '1'):.2f}" == "0.50"
    assert round(Quantity(9.0567, 0.3, "um"), 2) == Quantity(9.06, 0.3, "um")
    assert round(Quantity(9.6, 0.3, "um")) == Quantity(10.0, 0.3, "um")
    assert float(Quantity(9, None, "um")) == 9.0


def test_sources_are_joined():
    one, other = Quantity(1.0, 0.1, "V", "a"), Quantity(2.0, 0.1, "V", "b")
    assert (one + other + one).source == "a; b"
    assert (2 * one).source == "a"


def test_quantities_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        A.value = 2.0
    with pytest.raises((dataclasses.FrozenInstanceError, TypeError, AttributeError)):
        A.other = 2.0
    before = hash(A), repr(A)
    _ = A + A
    assert (hash(A), repr(A)) == before
    assert [field.name for field in dataclasses.fields(A)] == [
        *("value", "std", "unit", "source", "interval", "interval_95")
    ]
    assert repr(A) == "Quantity(value=9.0, std=0.3, unit='um', source='', interval=None)"


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_pickling_keeps_all_but_what_is_shared(protocol):
    total = A + A
    back = pickle.loads(pickle.dumps([A, total, A.to("m")], protocol))  # noqa: S301
    assert back == [A, total, A.to("m")]
    assert hash(back[0]) == hash(A)
    assert (back[0] - A).std == pytest.approx(0.3 * math.sqrt(2))


def test_results_of_one_fit_use_its_covariance():
    slope, offset = Quantity(2.0, 0.1, "V", "a fit"), Quantity(100.0, 200.0, "mV", "a fit")
    linked = correlated([slope, offset, Quantity(1.0, None, "s")], [[0.01, -16.0, 0], [-16.0, 4e4, 0], [0, 0, 7.0]])
    assert linked == [slope, offset, Quantity(1.0, None, "s")]
    # 0.1^2 + 0.2^2 - 2 * 0.016
    assert (linked[0] + linked[1]).std == pytest.approx(math.sqrt(0.018))
    assert (linked[0] - linked[1]).std == pytest.approx(math.sqrt(0.082))
    assert (slope + offset).std == pytest.approx(math.sqrt(0.05))
    assert (linked[0].to("mV") + linked[1]).std == pytest.approx(1e3 * math.sqrt(0.018))
    assert correlated([], np.zeros((0, 0))) == []
    assert correlated([Quantity(1.0, 0.0, "V")], [[0.0]]) == [Quantity(1.0, 0.0, "V")]


@pytest.mark.parametrize(
    ("covariance", "message"),
    [
        ([[0.01]], "does not fit"),
        ([[0.01, 0.1], [0.0, 0.04]], "not symmetric"),
        ([[0.01, math.nan], [math.nan, 0.04]], "not finite"),
        ([[0.01, 0.03], [0.03, 0.04]], "negative"),
        ([[0.02, 0.0], [0.0, 0.04]], "is not the 0.141 V that the covariance holds"),
    ],
)
def test_a_covariance_that_is_none_is_refused(covariance, message):
    with pytest.raises(InputError, match=message):
        correlated([Quantity(2.0, 0.1, "V"), Quantity(1.0, 0.2, "V")], covariance)


def test_propagation_shares_too():
    assert propagate(lambda x, y: x - y, A, A, unit="um").std == 0
    double = propagate(lambda x: 2 * x, A, unit="um")
    assert (double - 2 * A).std == pytest.approx(0, abs=1e-6)
    hot = propagate(lambda x: x + 10.0, Quantity(25.0, 0.5, "degC"), unit="degC")
    assert (hot.value, hot.std) == (pytest.approx(35.0), pytest.approx(0.5))


@pytest.mark.parametrize(
    ("parts", "unit", "factor"),
    [
        ([("um", 1), ("S/cm", -1)], "ohm cm2", 1e-4),
        ([("S/cm", 1), ("ohm", 1)], "cm-1", 1.0),
        ([("mS/cm", 1), ("ohm", 1)], "cm-1", 1e-3),
        ([("mA", 1), ("ohm", 1)], "V", 1e-3),
        ([("V", 1), ("ohm", -1)], "A", 1.0),
        ([("V", 1), ("mA/cm2", -1)], "ohm cm2", 1e3),
        ([("A", 1), ("m2", -1)], "A/m2", 1.0),
        ([("mA/cm2", 1), ("cm2", 1)], "mA", 1.0),
        ([("mA/cm2", 1), ("h", 1)], "mAh/cm2", 1.0),
        ([("mAh/g", 1), ("mg/cm2", 1)], "mAh/cm2", 1e-3),
        ([("V", 1), ("mAh/g", 1)], "Wh/kg", 1.0),
        ([("g/cm3", 1), ("um", 1)], "mg/cm2", 0.1),
        ([("um", 1), ("cm", -1)], "1", 1e-4),
        ([("Hz", 1), ("s", 1)], "1", 1.0),
        ([("kHz", -1)], "s", 1e-3),
        ([("ohm", 1), ("F", 1)], "s", 1.0),
        ([("wt%", 1), ("um", 1)], "um", 0.01),
        ([("wt%", 1), ("1", 1)], "wt%", 1.0),
        ([("µm", 2)], "um2", 1.0),
        ([("cm", 0.5)], "cm0.5", 1.0),
        ([("J/(mol K)", 1), ("K", 1)], "J/mol", 1.0),
        ([("K", -1), ("s", -1)], "K-1 s-1", 1.0),
        ([("W", 1), ("m", -1), ("K", -1)], "W/(K m)", 1.0),
        ([("S s^n", -1)], "ohm/s^n", 1.0),
        ([("M", 1), ("s", 1)], "M s", 1.0),
    ],
)
def test_units_of_products(parts, unit, factor):
    found = compound(*parts)
    assert found.unit == unit
    assert found.factor == pytest.approx(factor, rel=1e-12)
    units.check(found.unit)


UNITS = "um, cm2, S/cm, ohm, ohm cm2, mV, mA/cm2, mol/L, Hz, g/cm3, mAh/g, kg, 1, kJ/mol, h, M, wt%".split(", ")  # noqa: SIM905
numbers = st.floats(1e-6, 1e6) | st.floats(-1e6, -1e-6)
quantities = st.builds(Quantity, numbers, st.floats(1e-9, 1e3), st.sampled_from(UNITS))
lengths = st.builds(Quantity, numbers, st.floats(0, 1e3), st.sampled_from(["um", "mm", "cm", "m", "angstrom"]))


def alike(one, other, through=0.0):
    """Compare; what went through a number of that relative uncertainty lost its last digits to it."""
    other = other.to(one.unit)
    assert one.value == pytest.approx(other.value, rel=1e-9, abs=1e-300)
    assert one.std == pytest.approx(other.std, rel=1e-6, abs=1e-9 * (abs(one.value) * (1 + through) + one.std))


@settings(deadline=None)
@given(quantities)
def test_nothing_is_left_of_a_difference_with_itself(a):
    assert (a - a) == Quantity(0.0, 0.0, a.unit)
    assert (a / a).value == pytest.approx(1.0)
    assert (a / a).std == pytest.approx(0.0, abs=1e-12 * a.std / abs(a.value))


@settings(deadline=None)
@given(quantities, quantities)
def test_products_commute_and_are_undone(a, b):
    alike(a * b, b * a)
    through = b.std / abs(b.value)
    alike(a * b / b, a, through)
    alike(a / b * b, a, through)
    assert (a * b).si == pytest.approx(a.si * b.si, rel=1e-9)
    assert (a / b).si == pytest.approx(a.si / b.si, rel=1e-9)


@settings(deadline=None)
@given(quantities, quantities)
def test_units_of_products_are_read_back(a, b):
    for result in (a * b, a / b, b / a, a**2, 1 / a):
        assert result.unit.isascii()
        assert units.same_dimension(result.unit, units.si_unit(result.unit))
        typed = f"{result.value!r} ± {result.std!r} {'' if result.unit == '1' else result.unit}"
        alike(parse(typed), result.to("1") if units.is_plain(result.unit) else result)


@settings(deadline=None)
@given(lengths, lengths, lengths)
def test_sums_commute_associate_and_distribute(a, b, c):
    scale = abs(a.si) + abs(b.si) + abs(c.si)
    for one, other in ((a + b, b + a), ((a + b) + c, a + (b + c)), (a - b, -(b - a))):
        assert one.si == pytest.approx(other.si, abs=1e-12 * scale)
        assert one.si_std == pytest.approx(other.si_std, rel=1e-6, abs=1e-9 * scale)
    one, other = a * (b + c), a * b + a * c
    assert one.si == pytest.approx(other.si, abs=1e-10 * scale**2)


@settings(deadline=None)
@given(lengths, st.sampled_from(["um", "mm", "cm", "m", "angstrom"]))
def test_units_go_round(a, unit):
    there = a.to(unit)
    alike(there.to(a.unit), a)
    assert (there - a).si_std <= 1e-9 * a.si_std


@settings(deadline=None)
@given(lengths, lengths)
def test_order_is_that_of_si_values(a, b):
    assume(abs(a.si - b.si) > 1e-12 * abs(a.si))
    assert (a < b) == (a.si < b.si) == (b > a) == (not a >= b) == (not b <= a)


def test_importing_loads_nothing_heavy():
    code = (
        "import sys, lamion.quantities as q; q.Quantity; "
        "assert not {'numpy', 'pint', 'scipy', 'uncertainties'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
