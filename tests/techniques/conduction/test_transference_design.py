"""The design of a measurement against the same equation, drawn with noise."""

import numpy as np
import pytest

from lamion.quantities import InputError, Quantity
from lamion.quantities.constants import FARADAY, GAS
from lamion.techniques.conduction.current_fraction import Polarisation
from lamion.techniques.conduction.transference_design import (
    bulk_for,
    fraction_sensitivity,
    fraction_std,
    largest_bias,
    transference_design,
)


def papers_film(thickness=9.0, **options):
    given = {
        "conductivity": Quantity(5.62e-4, None, "S/cm"),
        "interfacial_resistance": Quantity(24.5, None, "ohm cm2"),
        "current_fraction": Quantity(0.78, None, "1"),
        "thickness": Quantity(thickness, None, "um"),
        "bias": Quantity(10.0, None, "mV"),
        "temperature": Quantity(25.0, None, "degC"),
    }
    return transference_design(**(given | options))


@pytest.mark.parametrize("bulk", [1.6, 17.8])
def test_it_is_the_error_that_the_measurement_reports(bulk):
    first, last = 0.01 / (bulk + 24.5), 0.01 / (bulk / 0.78 + 24.5)
    p = 0.005
    measured = Polarisation(0.01, first, last, 24.5, 24.5, 0.0, p * first, p * last, p * 24.5, p * 24.5)
    assert fraction_std(bulk, 24.5, 0.78, p) == pytest.approx(measured.pair().ratio_error, rel=1e-6)


def test_the_film_it_asks_for_scatters_as_promised():
    bulk = bulk_for(0.02, 24.5, 0.78, 0.005)
    exact = np.array([0.01 / (bulk + 24.5), 0.01 / (bulk / 0.78 + 24.5), 24.5, 24.5])
    rng = np.random.default_rng(1)
    drawn = exact * (1 + 0.005 * rng.standard_normal((4000, 4)))
    fractions = [Polarisation(0.01, *row).pair().ratio for row in drawn]
    assert np.std(fractions) == pytest.approx(0.02, rel=0.05)


def test_two_digits_on_the_papers_film():
    """0.78 to half a unit of its last digit needs the interfacial resistance to 0.05 %."""
    answer = papers_film()
    needed = answer.results["steady_resistance_resolution_for_two_digits"].value
    assert needed == pytest.approx(0.005 / (0.78**2 * 24.5 / (9e-4 / 5.62e-4)), rel=1e-6)
    assert needed == pytest.approx(5.4e-4, rel=0.01)
    assert answer.results["uncertainty"].value == pytest.approx(0.111, abs=2e-3)
    assert answer.results["thickness_needed"].value == pytest.approx(60.8, abs=0.5)


def test_the_needed_film_needs_the_given_resolution():
    thickness = papers_film().results["thickness_needed"].value
    again = papers_film(thickness)
    assert again.results["uncertainty"].value == pytest.approx(0.02, rel=1e-9)
    assert again.results["resolution_needed"].value == pytest.approx(0.005, rel=1e-9)


def test_no_film_reaches_what_the_currents_exceed():
    answer = papers_film(resolution=0.05)
    assert "thickness_needed" not in answer.results
    assert any("no thickness" in w for w in answer.warnings)


def test_the_bias_limit_is_butler_volmers_bend():
    limit = largest_bias(1.6e-4, 24.5e-4, 298.15, 0.004)
    eta = limit / 2 * 24.5 / 26.1
    x = FARADAY * eta / (2 * GAS * 298.15)
    assert 1 - x / np.sinh(x) == pytest.approx(0.004, rel=0.01)
    assert any("Butler-Volmer" in w for w in papers_film(bias=Quantity(50.0, None, "mV")).warnings)


def test_sensitivities_add_up_to_nothing():
    """A factor common to both currents and a factor common to both resistances that undo each other."""
    s = fraction_sensitivity(1.6, 24.5, 0.78)
    currents, resistances = s.initial_current + s.steady_current, s.initial_resistance + s.steady_resistance
    assert currents == pytest.approx(resistances)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"conductivity": Quantity(1.0, None, "S")}, "not a conductivity"),
        ({"bias": Quantity(-1.0, None, "V")}, "not larger than zero"),
        ({"current_fraction": Quantity(1.2, None, "1")}, "above 1"),
    ],
)
def test_what_a_user_can_cause(options, words):
    with pytest.raises(InputError, match=words):
        papers_film(**options)
