"""What several tests of energies compute."""

import numpy as np
import pytest

from lamion.models.atomistic.structure.sheet import sheet
from lamion.substances.molecule import Molecule


@pytest.fixture(scope="module")
def layer():
    """The sheet at the literature's lattice."""
    return sheet(lattice=16.70)


@pytest.fixture
def water_dimer():
    """The water dimer of S22, and its two molecules as they stand in it."""
    places = np.array(
        [
            [-1.551007, -0.114520, 0.0],
            [-1.934259, 0.762503, 0.0],
            [-0.599677, 0.040712, 0.0],
            [1.350625, 0.111469, 0.0],
            [1.680398, -0.373741, -0.758561],
            [1.680398, -0.373741, 0.758561],
        ]
    )
    symbols = ("O", "H", "H")
    return (
        Molecule("dimer", symbols * 2, places),
        Molecule("one", symbols, places[:3]),
        Molecule("two", symbols, places[3:]),
    )
