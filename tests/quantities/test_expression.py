"""Formulas of quantities: what they give, and that nothing but a formula is ever read."""

import math
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lamion.quantities import InputError, Quantity, propagate
from lamion.quantities.expression import evaluate

NAMES = {"a": 1.7, "b": 0.4, "c": 23.0}
PLAIN = {name: Quantity(value, None, "1") for name, value in NAMES.items()}
FUNCTIONS = {
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
    "log10": math.log10,
    "abs": abs,
    "min": min,
    "max": max,
}
FILM = {
    "sigma": Quantity(5.62e-4, 1.1e-5, "S/cm"),
    "area": Quantity(2.01, 0.02, "cm2"),
    "thickness": Quantity(9.0, 0.3, "um"),
}

numbers = st.floats(0.01, 50.0).map(lambda x: f"{x:.4g}") | st.integers(1, 9).map(str)


def _larger(parts):
    return (
        st.tuples(parts, st.sampled_from(["+", "-", "*", "/"]), parts).map(lambda t: f"({t[0]} {t[1]} {t[2]})")
        | st.tuples(st.sampled_from(["sqrt", "exp", "log", "log10", "abs"]), parts).map(lambda t: f"{t[0]}({t[1]})")
        | st.tuples(st.sampled_from(["min", "max"]), parts, parts).map(lambda t: f"{t[0]}({t[1]}, {t[2]})")
        | st.tuples(parts, st.sampled_from(["2", "0.5", "-1", "(1/3)"])).map(lambda t: f"{t[0]}**{t[1]}")
        | parts.map(lambda part: f"-{part}")
    )


formulas = st.recursive(numbers | st.sampled_from(list(NAMES)), _larger, max_leaves=12)


@given(formulas)
def test_a_formula_is_what_python_makes_of_it(formula):
    used = {name: quantity for name, quantity in PLAIN.items() if name in _words(formula)}
    try:
        expected = eval(formula, {"__builtins__": {}}, {**FUNCTIONS, **NAMES})  # noqa: S307
    except (ArithmeticError, ValueError, TypeError):
        expected = math.nan
    if isinstance(expected, complex) or not math.isfinite(expected):
        with pytest.raises(InputError, match="no finite value"):
            evaluate(formula, used, "1")
    else:
        assert evaluate(formula, used, "1").value == pytest.approx(expected, rel=1e-12, abs=1e-300)


def _words(formula):
    return "".join(c if c.isalnum() else " " for c in formula).split()


@given(st.lists(st.floats(0.5, 2.0), min_size=3, max_size=3), st.lists(st.floats(0.0, 0.02), min_size=3, max_size=3))
def test_uncertainties_are_those_of_linear_propagation_by_hand(values, relative):
    x, y, z = values
    u = [r * v for r, v in zip(relative, values, strict=True)]
    given_ = {name: Quantity(v, s, "1") for name, v, s in zip("xyz", values, u, strict=True)}
    found = evaluate("x**2 * sqrt(y) / z + exp(-x)", given_, "1")
    by_x, by_y, by_z = 2 * x * y**0.5 / z - math.exp(-x), x**2 / (2 * y**0.5 * z), -(x**2) * y**0.5 / z**2
    assume(abs(by_x) > 1e-3)
    assert found.std == pytest.approx(math.hypot(by_x * u[0], by_y * u[1], by_z * u[2]), rel=1e-5, abs=1e-12)


def test_units_are_carried_and_the_result_is_in_the_one_asked_for():
    """By hand: 5.62e-4 S/cm times 2.01 cm2 over 9e-4 cm is 1.2551 S."""
    found = evaluate("sigma * area / thickness", FILM, "mS")
    assert found.value == pytest.approx(1255.13, abs=0.01)
    assert found.std / found.value == pytest.approx(math.hypot(1.1 / 56.2, 0.02 / 2.01, 0.3 / 9.0), rel=1e-6)
    same = propagate(lambda s, a, d: s * a / d, *FILM.values(), unit="mS")
    assert (found.value, found.std) == (same.value, same.std)


def test_an_unknown_uncertainty_counts_as_exact_and_a_shared_one_once():
    bare = {**FILM, "area": Quantity(2.01, None, "cm2")}
    assert evaluate("sigma * area / thickness", bare, "S").std == pytest.approx(
        evaluate("sigma * area / thickness", {**FILM, "area": Quantity(2.01, 0.0, "cm2")}, "S").std
    )
    assert evaluate("2 * 3", {}, "1").std is None
    assert evaluate("sigma / sigma", {"sigma": FILM["sigma"]}, "1").std == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(
    ("formula", "unit", "expected"),
    [
        ("volume**(1/3)", "mm", 2.0),
        ("sqrt(volume / length)", "mm", 2.0),
        ("T - T0", "K", 30.0),
        ("T / T0", "1", 328.15 / 298.15),
        ("exp(-energy / (k * T))", "1", math.exp(-0.25 / (8.617333e-5 * 328.15))),
        ("max(length, 3 * length, length / 2)", "mm", 6.0),
        ("abs(-length)", "mm", 2.0),
        ("angle", "1", math.radians(90)),
        ("share * length", "um", 200.0),
        ("µ * 2", "1", 2.0),
    ],
)
def test_dimensions_of_powers_temperatures_angles_and_shares(formula, unit, expected):
    every = {
        "volume": Quantity(8.0, None, "mm3"),
        "length": Quantity(2.0, None, "mm"),
        "T": Quantity(55.0, None, "degC"),
        "T0": Quantity(25.0, None, "degC"),
        "energy": Quantity(0.25, None, "eV"),
        "k": Quantity(8.617333e-5, None, "eV/K"),
        "angle": Quantity(90.0, None, "deg"),
        "share": Quantity(10.0, None, "%"),
        "µ": Quantity(1.0, None, "1"),
    }
    used = {name: quantity for name, quantity in every.items() if name in _words(formula)}
    assert evaluate(formula, used, unit).value == pytest.approx(expected)


@pytest.mark.parametrize(
    ("formula", "unit", "said"),
    [
        ("sigma + thickness", "S/cm", "In 'sigma + thickness' a conductivity and a length are added"),
        ("sigma - 1", "S/cm", "a conductivity and a plain number are subtracted"),
        ("min(sigma, area)", "S/cm", "are compared"),
        ("exp(thickness)", "1", "exp is taken of a length"),
        ("log10(area)", "1", "log10 is taken of an area"),
        ("area**thickness", "1", "the exponent is not a plain number"),
        ("sigma * thickness", "S/cm", "gives a conductance, not a conductivity"),
        ("sqrt(thickness)", "m", "gives something in 'm0.5', not a length"),
        ("thickness**0.3", "m", "gives something in"),
        ("area^2", "m4", "A power is written **"),
        ("sigma * areas", "S", "names 'areas', which is not given. Given are: sigma."),
        ("sqrt", "1", "'sqrt' is a function"),
        ("sqrt(area, area)", "cm", "sqrt takes one argument"),
        ("min(area)", "cm2", "min takes two arguments or more"),
        ("area / (thickness - thickness)", "m", "no finite value"),
        ("sqrt(-area)", "m", "no finite value"),
        ("exp(area / thickness**2)", "1", "no finite value"),
        ("", "1", "cannot be read"),
        ("sigma *", "S", "cannot be read"),
    ],
)
def test_what_has_no_meaning_is_refused_in_words(formula, unit, said):
    with pytest.raises(InputError) as caught:
        evaluate(formula, {name: q for name, q in FILM.items() if name in _words(formula)}, unit)
    assert said in str(caught.value)


def test_a_value_that_is_not_used_or_cannot_be_named_is_refused():
    with pytest.raises(InputError, match="'area' is given, and the formula does not use it"):
        evaluate("sigma / thickness", FILM, "S/m2")
    for name in ("sigma 1", "max", "1a", "a.b", ""):
        with pytest.raises(InputError, match="cannot be called"):
            evaluate("1", {name: FILM["area"]}, "1")
    with pytest.raises(InputError, match="one name"):
        evaluate("µ", {"µ": FILM["area"], "μ": FILM["area"]}, "cm2")


ATTACKS = [
    "__import__('os').system('true')",
    "__import__",
    "(1).__class__",
    "a.real",
    "a.__class__.__mro__",
    "[x for x in (1, 2)]",
    "sum(x for x in (1, 2))",
    "{1: 2}",
    "[1, 2][0]",
    "a[0]",
    "lambda: 1",
    "(lambda: 1)()",
    "(x := 1)",
    "1 if a else 2",
    "a and 1",
    "not a",
    "a < 1",
    "~1",
    "+a",
    "1 // 2",
    "1 % 2",
    "1 @ 2",
    "1 << 1000000000",
    "1j",
    "'a' * 10",
    "'a'",
    "b'a'",
    "f'{a}'",
    "True",
    "None",
    "...",
    "open('x')",
    "eval('1')",
    "exp(a, base=2)",
    "exp(*[1])",
    "max(*(1, 2))",
    "exp.__call__(1)",
    "yield 1",
    "await a",
    "import os",
    "a; b",
    "a = 1",
    "a\nb",
    "\0",
    "10**10**10",
    "9**9**9**9",
    "(10**10)**(10**10)",
    "exp(exp(exp(exp(9))))",
    "1e999",
    "9" * 999,
    "(" * 10_000 + "1" + ")" * 10_000,
    "(" * 450 + "1" + ")" * 450,
    "[" * 90 + "]" * 90,
    "-" * 999 + "1",
    "not " * 240 + "1",
    "a." * 300 + "b",
    "exp(" * 190 + "1" + ")" * 190,
    "1+" * 499 + "1",
    "2**" * 300 + "1",
    "b",
    "ａ",
    "os",
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda text: repr(text[:24]))
def test_an_attack_is_refused_quickly(attack):
    began = time.perf_counter()
    with pytest.raises(InputError) as caught:
        evaluate(attack, {"x1": Quantity(1.0, None, "1")}, "1")
    assert time.perf_counter() - began < 0.5
    assert len(str(caught.value)) < 600


@given(st.text(alphabet="ab12.+-*/() ,[]'_={}:<^%~eE\n", max_size=60))
def test_any_text_is_read_or_refused(text):
    try:
        found = evaluate(text, {name: q for name, q in PLAIN.items() if name in _words(text)}, "1")
    except InputError:
        return
    assert math.isfinite(found.value)
