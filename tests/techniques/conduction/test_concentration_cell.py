"""Thermodynamic factors against the ideal limit and a known activity."""

import numpy as np
import pytest

from lamion.quantities import InputError, Quantity
from lamion.quantities.constants import FARADAY, GAS
from lamion.quantities.level import LEVEL, LEVEL_95
from lamion.techniques.conduction.concentration_cell import cell_curve, thermodynamic_factor

C = np.geomspace(200.0, 3000.0, 9)
WARM = Quantity(85.0, None, "degC")
AT = Quantity(1.0, None, "mol/L")


def voltages(t_plus: float, slope: float = 0.0, temperature: float = 358.15) -> np.ndarray:
    """U for a factor 1 + slope ln(c/1000), integrated."""
    x = np.log(C / 1000.0)
    return -2 * GAS * temperature / FARADAY * (1 - t_plus) * (x + slope * x**2 / 2)


@pytest.mark.parametrize("t_plus", [-0.5, 0.0, 0.4])
def test_an_ideal_electrolyte_has_a_factor_of_one(t_plus):
    answer = thermodynamic_factor(C, voltages(t_plus), AT, WARM, transference=Quantity(t_plus, 0.05, "1"))
    assert answer.results["thermodynamic_factor"].value == pytest.approx(1.0, abs=1e-6)
    assert answer.results["slope_product"].value == pytest.approx(1 - t_plus, abs=1e-6)
    assert answer.notes["model"].startswith("polynomial of degree 1")


def test_a_factor_that_rises_is_followed():
    for at in (500.0, 2000.0):
        answer = thermodynamic_factor(
            C, voltages(0.3, 0.8), Quantity(at, None, "mol/m3"), WARM, transference=Quantity(0.3, None, "1")
        )
        expected = 1 + 0.8 * np.log(at / 1000)
        assert answer.results["thermodynamic_factor"].value == pytest.approx(expected, rel=1e-6)


def test_the_uncertainty_of_t_plus_comes_through():
    answer = thermodynamic_factor(C, voltages(0.4), AT, WARM, transference=Quantity(0.4, 0.06, "1"))
    assert answer.results["thermodynamic_factor"].std == pytest.approx(0.1, rel=1e-2)


@pytest.mark.parametrize("known", [True, False])
def test_intervals_cover(known):
    hits = np.zeros(2)
    truth = voltages(0.3, 0.8)
    for seed in range(400):
        drawn = truth + 5e-4 * np.random.default_rng(seed).standard_normal(len(C))
        curve = cell_curve(C, drawn, 1000.0, np.full(len(C), 5e-4) if known else None, degrees=(2,))
        miss = abs(curve.slope + 2 * GAS * 358.15 / FARADAY * 0.7)
        hits += [miss <= curve.margin(LEVEL), miss <= curve.margin(LEVEL_95)]
    assert hits[0] / 400 == pytest.approx(LEVEL, abs=0.07)
    assert hits[1] / 400 == pytest.approx(LEVEL_95, abs=0.035)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"concentration": C[:5]}, "Each concentration needs one voltage"),
        ({"std": np.zeros(9)}, "uncertainty larger than zero"),
        ({"concentration": -C}, "not a positive number"),
        ({"concentration": np.full(9, 500.0)}, "too few"),
        ({"at": Quantity(9.0, None, "mol/L")}, "outside the measured range"),
        ({"at": Quantity(9.0, None, "V")}, "asked for is not positive"),
        ({"temperature": Quantity(9.0, None, "V")}, "temperature is not one"),
        ({"transference": Quantity(1.0, None, "1")}, "no voltage to read"),
    ],
)
def test_what_a_user_can_cause(options, words):
    given = {"concentration": C, "voltage": voltages(0.3), "at": AT, "temperature": WARM} | options
    with pytest.raises(InputError, match=words):
        thermodynamic_factor(**given)
