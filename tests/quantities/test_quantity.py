"""Units, conversion and propagation against hand calculation."""

import math

import pytest

from lamion.quantities import Answer, FigureData, InputError, Quantity, propagate, units
from lamion.quantities.constants import FARADAY, GAS


@pytest.mark.parametrize(
    ("value", "std", "unit"), [(math.nan, None, "m"), (1, -1, "m"), (1, math.inf, "m"), (1, 1, "?")]
)
def test_impossible_quantities_are_refused(value, std, unit):
    with pytest.raises(InputError):
        Quantity(value, std, unit)


def test_conversion_keeps_the_zero_point_of_a_temperature_and_not_of_its_uncertainty():
    warm = Quantity(25.0, 0.5, "degC", interval=(24.0, None)).to("K")
    assert (warm.value, warm.std, warm.interval) == (298.15, 0.5, (297.15, None))


def test_conversion_between_dimensions_is_refused():
    with pytest.raises(InputError, match="they measure different things"):
        Quantity(1.0, None, "S/cm").to("S/cm2")


@pytest.mark.parametrize(
    ("one", "other", "factor"),
    [("S/cm", "S/m", 100.0), ("mAh/g", "A s/kg", 3600.0), ("mA/cm2", "A/m2", 10.0), ("ohm cm2", "ohm m2", 1e-4),
     ("wt%", "1", 0.01), ("eV", "J", 1.602176634e-19), ("g/cm3", "kg/m3", 1000.0), ("Wh/kg", "J/kg", 3600.0)],
)  # fmt: skip
def test_factors(one, other, factor):
    assert units.scale(one, other) == pytest.approx(factor, rel=1e-12)


def test_propagation_of_a_conductivity():
    L, R, A = Quantity(9.0, 0.3, "um"), Quantity(0.80, 0.02, "ohm"), Quantity(2.01, 0.02, "cm2")
    sigma = propagate(lambda L, R, A: L / (R * A), L, R, A, unit="S/cm")
    assert sigma.value == pytest.approx(9e-4 / (0.80 * 2.01))
    relative = math.sqrt((0.3 / 9) ** 2 + (0.02 / 0.80) ** 2 + (0.02 / 2.01) ** 2)
    assert sigma.std == pytest.approx(sigma.value * relative, rel=1e-6)


def test_unknown_uncertainty_stays_unknown():
    assert propagate(lambda x: 2 * x, Quantity(1.0, None, "V"), unit="V").std is None


def test_an_answer_survives_its_store():
    answer = Answer(
        {"x": Quantity(1.5, 0.1, "mV", "a model", (1.4, None))},
        {"Time / s": [0.0, 1.0], "File": ["a", None]},
        {"model": "straight", "deep": {"list": [1, 2]}},
        ("A warning.",),
        {"plot": FigureData("nyquist", "A plot", {"x": [1.0]})},
    )
    back = Answer.from_store(answer.to_store())
    assert back.to_store() == answer.to_store()
    assert set(answer.to_json()) == {"results", "series", "notes", "warnings"}
    assert answer.to_json()["results"]["x"] == {
        "value": 1.5,
        "uncertainty": 0.1,
        "unit": "mV",
        "interval": [1.4, None],
    }


def test_the_95_percent_interval_is_the_quantitys_own_or_follows():
    """1.959964 standard uncertainties of a normal distribution."""
    assert Quantity(1.0, 0.1, "V").at_95 == pytest.approx((0.8040036, 1.1959964))
    assert Quantity(1.0, 0.1, "V", interval=(0.9, None)).at_95 == (pytest.approx(0.8040036), None)
    own = Quantity(1.0, 0.1, "V", interval_95=(0.5, 1.1))
    assert own.at_95 == (0.5, 1.1)
    assert own.to("mV").at_95 == pytest.approx((500.0, 1100.0))
    assert (2 * own).interval_95 is None
    back = Answer.from_store(Answer({"x": own}).to_store()).results["x"]
    assert back.at_95 == own.at_95
    with pytest.raises(InputError, match="is no interval"):
        Quantity(1.0, 0.1, "V", interval_95=(1.1, 0.5))


def test_constants_are_codata():
    assert pytest.approx(96485.33212, abs=1e-5) == FARADAY
    assert pytest.approx(8.314462618, abs=1e-9) == GAS
