"""Bounds and mean-field estimates: limits that are known, and the order they must keep."""

import numpy as np
import pytest

from lamion.models.laminate.bounds import bruggeman, hashin_shtrikman, wiener_parallel, wiener_series


def test_order_of_the_bounds():
    rng = np.random.default_rng(5)
    for _ in range(50):
        fractions = rng.dirichlet(np.ones(3))
        conductivities = 10 ** rng.uniform(-3, 2, 3)
        for dimension in (2, 3):
            low, high = hashin_shtrikman(fractions, conductivities, dimension)
            medium = bruggeman(fractions, conductivities, dimension)
            series, parallel = (bound(fractions, conductivities) for bound in (wiener_series, wiener_parallel))
            assert series <= low * (1 + 1e-9)
            assert low <= medium * (1 + 1e-9)
            assert medium <= high * (1 + 1e-9)
            assert high <= parallel * (1 + 1e-9)


def test_maxwell_is_the_upper_bound_of_insulating_spheres():
    """Maxwell: k = 2(1 - phi)/(2 + phi) for insulating spheres, the upper Hashin-Shtrikman bound."""
    assert hashin_shtrikman([0.7, 0.3], [1.0, 0.0])[1] == pytest.approx(2 * 0.7 / 2.3)


def test_bruggeman_percolates_at_a_third():
    assert bruggeman([0.33, 0.67], [1.0, 0.0]) == 0.0
    assert bruggeman([0.4, 0.6], [1.0, 0.0]) == pytest.approx(0.1)


def test_keller_in_the_plane():
    """Keller 1964: half and half of two phases in the plane conduct like the geometric mean."""
    assert bruggeman([0.5, 0.5], [1.0, 0.04], 2) == pytest.approx(0.2)
