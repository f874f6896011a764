"""The lattice of polymer, plasticiser and interface: exact ends, symmetry, thresholds, Kirkpatrick's medium."""

import numpy as np
import pytest

from lamion.models.laminate.optimum import Mixture, mixture_optimum
from lamion.models.laminate.percolation import (
    Contacts,
    lattice_conductivity,
    medium_conductivity,
    medium_optimum,
    mixture_curve,
)
from lamion.quantities import InputError, Quantity


def test_pure_phases_and_layers_are_exact():
    contacts = Contacts(2.0, 5.0, 30.0)
    assert lattice_conductivity(np.zeros((6, 5, 4), bool), contacts) == pytest.approx(2.0)
    assert lattice_conductivity(np.ones((6, 5, 4), bool), contacts) == pytest.approx(5.0)
    layers = np.zeros((6, 4, 4), bool)
    layers[3:] = True
    # Two bonds within each phase, and one across.
    assert lattice_conductivity(layers, contacts) == pytest.approx(5 / (2 / 2 + 2 / 5 + 1 / 30))


def test_no_contrast_is_no_mixture():
    sites = np.random.default_rng(0).random((8, 8, 8)) < 0.4
    assert lattice_conductivity(sites, Contacts(3.0, 3.0, 3.0)) == pytest.approx(3.0, rel=1e-6)


def test_the_medium_is_close_for_moderate_contrast():
    """Kirkpatrick 1973: the effective medium of a bond network is good away from thresholds."""
    contacts = Contacts(1.0, 1.5, 2.0)
    curve = mixture_curve(contacts, [0.2, 0.5, 0.8], size=14, realisations=4)
    for x, mean in zip(curve.fractions, curve.mean, strict=True):
        assert mean == pytest.approx(medium_conductivity(float(x), contacts), rel=0.02)


def test_equal_phases_have_their_optimum_in_the_middle():
    assert medium_optimum(Contacts(1.0, 1.0, 100.0)) == pytest.approx(0.5, abs=1e-3)
    curve = mixture_curve(Contacts(1.0, 1.0, 100.0), np.linspace(0, 1, 11), size=10, realisations=4)
    assert abs(curve.optimum - 0.5) < 4 * curve.optimum_error + 0.02


def test_exchanging_the_phases_mirrors_the_optimum():
    one, other = Contacts(1.0, 0.1, 30.0), Contacts(0.1, 1.0, 30.0)
    assert medium_optimum(one) == pytest.approx(1 - medium_optimum(other), abs=1e-3)
    assert medium_optimum(one) < 0.5


def test_a_weak_interface_leaves_no_optimum():
    assert medium_optimum(Contacts(1.0, 10.0, 2.0)) == 1.0
    assert medium_optimum(Contacts(10.0, 1.0, 2.0)) == 0.0


def test_the_same_seed_gives_the_same_curve():
    runs = [mixture_curve(Contacts(1.0, 1.0, 30.0), [0, 0.5, 1], size=6, realisations=2, seed=3) for _ in range(2)]
    assert np.array_equal(runs[0].mean, runs[1].mean)


def test_what_the_optimum_rests_on_is_said():
    volumes = Quantity(39.0, None, "cm3/mol"), Quantity(80.0, None, "cm3/mol")
    answer = mixture_optimum(
        Mixture(*volumes, Quantity(30.0, None, "1"), Quantity(1.0, None, "1")), size=6, realisations=2
    )
    assert answer.notes["robust"] is False
    assert "not robust" in answer.warnings[0]
    fraction = answer.results["optimum_fraction"].value
    assert answer.results["optimum_ratio"].value == pytest.approx(fraction / (1 - fraction) * 39 / 80)


def test_nonsense_is_refused():
    with pytest.raises(InputError, match="conductance of the interface is -1"):
        Contacts(1.0, 1.0, -1.0)
    with pytest.raises(InputError, match="1 realisations"):
        mixture_curve(Contacts(1.0, 1.0, 1.0), [0, 1], realisations=1)
