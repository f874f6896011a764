"""The sheet and its stacks, against hand values and the literature."""

import math
from collections import Counter

import numpy as np
import pytest

from lamion.models.atomistic.structure.clashes import tightest_contact
from lamion.models.atomistic.structure.sheet import sheet
from lamion.models.atomistic.structure.stacking import Stacking, aa, ab, slipped, stack
from lamion.quantities import InputError

LITERATURE = 16.70


def test_the_sheet_has_the_frameworks_formula_and_lattice():
    built = sheet()
    assert Counter(built.symbols) == {"Cu": 3, "C": 48, "H": 24, "N": 4, "O": 8}
    assert built.lattice == pytest.approx(16.62, abs=0.03)  # the hand-built sheet without strain


def test_the_sheet_has_the_symmetry_p4_mmm(layer):
    a = layer.lattice

    def canonical(positions):
        wrapped = positions.copy()
        wrapped[:, :2] = np.round(wrapped[:, :2] % a, 3) % round(a, 3)
        return sorted(
            (symbol, *map(float, np.round(place, 2) + 0.0))
            for symbol, place in zip(layer.symbols, wrapped, strict=True)
        )

    own = canonical(layer.positions)
    turned = layer.positions @ np.array([[0.0, 1, 0], [-1, 0, 0], [0, 0, 1]])
    mirrored = layer.positions * np.array([1.0, 1.0, -1.0])
    diagonal = layer.positions[:, [1, 0, 2]]
    assert canonical(turned) == own
    assert canonical(mirrored) == own
    assert canonical(diagonal) == own


@pytest.mark.parametrize(
    ("linker", "node", "centre"), [("tcpp", "Zn", "Zn"), ("tcbpp", "Cu", "Co"), ("tcpp", "Co", "Fe")]
)
def test_bonds_of_other_sheets_are_bonds(linker, node, centre):
    crystal = stack(sheet(linker, node=node, centre=centre), aa(12.0))
    apart = crystal.fractions[:, None, :] - crystal.fractions[None, :, :]
    apart -= np.round(apart)
    distance = np.linalg.norm(apart @ crystal.cell, axis=2) + 10 * np.eye(len(crystal))
    nearest = dict.fromkeys(crystal.symbols, 0.0)
    for symbol, value in zip(crystal.symbols, distance.min(axis=1), strict=True):
        nearest[symbol] = max(nearest[symbol], float(value))
    assert 1.05 < nearest["H"] < 1.12
    assert nearest["C"] < 1.45
    assert nearest["O"] == pytest.approx(1.26, abs=0.01)
    assert distance.min() > 1.0


def test_a_strained_lattice_keeps_the_rings(layer):
    assert layer.strain == pytest.approx(LITERATURE / sheet().lattice - 1)
    with pytest.raises(InputError, match="strain the sheet by"):
        sheet(lattice=18.0)


def test_contacts(layer):
    slip = tightest_contact(layer, slipped(4.64, (0.5, 0.3)))
    assert set(slip.pair) == {"C", "H"}
    assert slip.distance == pytest.approx(2.60, abs=0.02)  # the hand-built sheet's
    assert not slip.clash
    assert tightest_contact(layer, aa(4.64)).clash
    assert tightest_contact(layer, ab(4.64)).clash
    assert not tightest_contact(layer, aa(9.28)).clash


@pytest.mark.parametrize("spacing", [0.0, -4.64, math.nan, 500.0])
def test_impossible_spacings_are_refused(layer, spacing):
    with pytest.raises(InputError):
        stack(layer, Stacking(spacing))
