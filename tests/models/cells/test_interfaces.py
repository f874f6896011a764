"""Mechanics at the lithium interface: the published criterion and scalings."""

import math

import pytest

from lamion.models.cells.contact_loss import CreepLaw, contact_loss, stripping_pressure
from lamion.models.cells.interface_stability import interface_stability
from lamion.quantities import InputError
from lamion.techniques.mechanics.indentation import flat_punch

LAW = CreepLaw(0.8e6, 1e-3, 298.15, 6.6, 37e3)


def test_the_criterion_of_monroe_and_newman():
    """A modulus of twice lithium's shear modulus, 6.8 GPa, is the limit; 1.38 GPa is a thirteenth of it."""
    found = interface_stability(1.38e9, 0.3, 3.4e9)
    assert found.shear_modulus == pytest.approx(0.53e9, rel=0.01)
    assert not found.suppressed
    at_the_limit = interface_stability(found.needed_modulus, 0.3, 3.4e9)
    assert at_the_limit.shear_modulus == pytest.approx(6.8e9)
    assert interface_stability(1.01 * found.needed_modulus, 0.3, 3.4e9).suppressed
    assert not interface_stability(0.99 * found.needed_modulus, 0.3, 3.4e9).suppressed


@pytest.mark.parametrize(
    "numbers", [(0.0, 0.3, 3e9), (1e9, 0.6, 3e9), (1e9, -1.0, 3e9), (1e9, 0.3, -1), (math.inf, 0.3, 1e9)]
)
def test_what_is_no_elastic_interface(numbers):
    with pytest.raises(InputError):
        interface_stability(*numbers)


def test_stripping_by_faraday():
    """0.4 mAh/cm2 of lithium at 0.534 g/cm3 and 3861 mAh/g is 1.94 um."""
    found = contact_loss(4.0, 14400.0, 50e-6, 328.15, 6.94e-3 / 534, LAW)
    assert found.depth == pytest.approx(0.4 / 3861 / 0.534 * 1e-2, rel=1e-3)
    assert found.depth == pytest.approx(found.recession * 3600)
    assert found.strain_rate * 50e-6 == pytest.approx(found.recession)


def test_creep_is_the_law_turned_round():
    stress = LAW.flow_stress(1e-5, 328.15)
    factor = math.exp(-37e3 / 8.314462618 * (1 / 328.15 - 1 / 298.15))
    assert 1e-3 * (stress / 0.8e6) ** 6.6 * factor == pytest.approx(1e-5, rel=1e-9)
    assert LAW.flow_stress(1e-3, 298.15) == pytest.approx(0.8e6)
    assert LAW.flow_stress(1e-5, 328.15) < LAW.flow_stress(1e-5, 298.15) < LAW.flow_stress(1e-3, 298.15)


def test_pressures_between_the_measured_points_alone():
    points = ((3e6, 2.0), (7e6, 10.0))
    assert stripping_pressure(2.0, *points) == pytest.approx(3e6)
    assert stripping_pressure(10.0, *points) == pytest.approx(7e6)
    assert 3e6 < stripping_pressure(4.0, *points) < 7e6
    assert stripping_pressure(1.0, *points) is None


@pytest.mark.parametrize("place", range(5))
def test_stripping_needs_positive_numbers(place):
    numbers = [4.0, 14400.0, 50e-6, 328.15, 13e-6]
    numbers[place] = 0.0
    with pytest.raises(InputError, match="not larger than zero"):
        contact_loss(*numbers, LAW)


def test_a_flat_punch_by_hand():
    """3 mN on 200 nm at 1.38 GPa and 0.3: 95 GPa and 9.9 um; pressure times area is the load."""
    punch = flat_punch(3e-3, 200e-9, 1.38e9 / (1 - 0.3**2))
    assert punch.pressure * math.pi * (100e-9) ** 2 == pytest.approx(3e-3)
    assert punch.pressure == pytest.approx(95e9, rel=0.01)
    assert punch.depth == pytest.approx(9.9e-6, rel=0.01)
    with pytest.raises(InputError, match="is no indentation"):
        flat_punch(0.0, 1e-7, 1e9)


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_no_indentation_without_finite_numbers(place, value):
    numbers = [3e-3, 200e-9, 1e9]
    numbers[place] = value
    with pytest.raises(InputError, match="is no indentation"):
        flat_punch(*numbers)


@pytest.mark.parametrize(("ratio", "words"), [(0.0, "a ratio of 0 asked for"), (math.inf, "not a finite")])
def test_a_criterion_of_no_sense(ratio, words):
    with pytest.raises(InputError, match=words):
        interface_stability(1e9, 0.3, 3e9, ratio)


@pytest.mark.parametrize(
    "change", [{"exponent": 0.0}, {"rate": 0.0}, {"activation_energy": 37e9}, {"stress": math.nan}]
)
def test_no_metal_creeps_so(change):
    law = {"stress": 8e5, "rate": 1e-3, "temperature": 298.15, "exponent": 6.6, "activation_energy": 37e3}
    with pytest.raises(InputError, match="is that of no metal"):
        CreepLaw(**law | change)
