"""Formulas against molmass, published volumes and each other."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from molmass import Formula

from lamion.quantities import InputError
from lamion.quantities.constants import AVOGADRO
from lamion.substances import known_substance
from lamion.substances.formula import (
    ATOMIC_VOLUMES,
    composition,
    dense_solid_density,
    molar_mass,
    theoretical_capacity,
)


@pytest.mark.parametrize("formula", ["LiN(SO2CF3)2", "Cu(NO3)2.3H2O", "LiB(C2O4)2", "Cu3C48H24N4O8", "Li7La3Zr2O12"])
def test_molar_mass_equals_molmass(formula):
    assert 1000 * molar_mass(formula) == pytest.approx(Formula(formula).mass, rel=1e-9)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(ATOMIC_VOLUMES)), st.integers(1, 40)), min_size=1, max_size=6))
def test_counts_are_read_back(parts):
    atoms = composition("".join(f"{element}{count}" for element, count in parts))
    assert sum(atoms.values()) == sum(count for _, count in parts)


def test_decimals_and_brackets():
    assert composition("Li1.3Al0.3Ti1.7(PO4)3") == {"Li": 1.3, "Al": 0.3, "Ti": 1.7, "P": 3, "O": 12}


def test_water_is_not_a_decimal():
    assert composition("CuSO4.5H2O") == composition("CuSO4·5H2O") == {"Cu": 1, "S": 1, "O": 9, "H": 10}


@pytest.mark.parametrize("formula", ["", "()", "C2H", "(C2", "C2)", "2C", "C0", "Zz", "c2h4o", "C-2"])
def test_what_is_not_a_formula(formula):
    if formula == "C2H":
        assert composition(formula) == {"C": 2, "H": 1}
        return
    with pytest.raises(InputError, match="cannot be read"):
        composition(formula)


def test_the_cell_of_lidfob_is_its_stored_density():
    """451.22 angstrom3 with Z = 4 at 110 K: J. Power Sources 196 (2011) 9737."""
    cell = 4 * molar_mass("LiBF2C2O4") / (AVOGADRO * 451.22e-30)
    assert known_substance("lidfob").quantity("density").si == pytest.approx(cell, rel=0.003)


@pytest.mark.parametrize(("formula", "density", "tolerance"), [("C14H10", 1280, 0.06), ("CuC32H16N8", 1610, 0.10)])
def test_average_volumes_on_known_crystals(formula, density, tolerance):
    """Anthracene and beta copper phthalocyanine, handbook densities: a flat macrocycle is the denser one."""
    assert dense_solid_density(formula) == pytest.approx(density, rel=tolerance)


def test_an_element_without_a_volume():
    with pytest.raises(InputError, match="no average atomic volume for La"):
        dense_solid_density("La2O3")


def test_no_electrons():
    with pytest.raises(InputError, match="not larger than zero"):
        theoretical_capacity("LiFePO4", 0)
