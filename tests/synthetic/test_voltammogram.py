"""The current of a swept cell against its own equation."""

import numpy as np
import pytest

from lamion.synthetic.voltammogram import OxidisedCell, voltammogram

CELL = OxidisedCell(4.5, slope=0.2, resistance=0.05, capacitance=0.2, leakage=1e-3)


def test_the_current_solves_its_equation():
    sweep = voltammogram(CELL, 3.0, 6.0, 1e-3)
    oxidation = 1e4 * sweep.current - 0.2 * 1e-3 - 1e-3 * (sweep.voltage - 3.0)
    inner = 0.1 * 10 ** ((sweep.voltage - 0.05 * oxidation - 4.5) / 0.2)
    assert oxidation == pytest.approx(inner, rel=1e-6, abs=1e-9)
    assert np.diff(sweep.time) == pytest.approx(5.0)


def test_the_resistance_limits_it():
    slopes = np.diff(voltammogram(CELL, 3.0, 9.0, 1e-3).current) / 5e-3
    assert slopes[-1] == pytest.approx(1e-4 / 0.05, rel=0.05)


def test_noise_is_as_large_as_said():
    noisy, exact = (voltammogram(CELL, 3.0, 4.0, 1e-3, noise=size, seed=1).current for size in (1e-3, 0.0))
    assert np.std(noisy - exact) == pytest.approx(1e-7, rel=0.15)
