"""Synthetic conductivities carry the law and the noise that were asked for."""

import numpy as np
import pytest

from lamion.quantities import InputError
from lamion.synthetic.temperature_series import arrhenius_series, two_segment_series, vtf_series

T = np.linspace(293.15, 353.15, 7)


def test_the_same_seed_gives_the_same_numbers():
    one, other = (arrhenius_series(T, 3e4, 100.0, noise=0.01, seed=5) for _ in range(2))
    assert one.conductivity.tolist() == other.conductivity.tolist()
    assert one.source.format == "synthetic"


def test_the_noise_has_its_stated_size():
    exact = vtf_series(T, 900.0, 200.0, 30.0, noise=0.0, seed=0).conductivity
    draws = np.array([vtf_series(T, 900.0, 200.0, 30.0, noise=0.02, seed=s).conductivity for s in range(500)])
    assert np.std(draws / exact - 1) == pytest.approx(0.02, rel=0.05)
    assert vtf_series(T, 900.0, 200.0, 30.0, noise=0.02, seed=0).std == pytest.approx(0.02 * exact)


def test_two_segments_meet():
    ends = two_segment_series([299.9999, 300.0001], 300.0, 6e4, 2e4, 0.01, noise=0.0, seed=0).conductivity
    assert ends == pytest.approx([0.01, 0.01], rel=1e-4)


def test_vtf_below_its_vogel_temperature_is_refused():
    with pytest.raises(InputError, match="no value at or below its T0"):
        vtf_series([190.0, 300.0], 900.0, 200.0, 30.0, noise=0.0, seed=0)
