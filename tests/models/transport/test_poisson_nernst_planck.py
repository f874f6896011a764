"""Space charge against the exact linear solution, and against the neutral film as the Debye length shrinks."""

import math

import numpy as np
import pytest
from tests.engines.poisson_nernst_planck import debye_length, poisson_nernst_planck

from lamion.models.transport.uniform_film import UniformFilm
from lamion.quantities import InputError

FILM = UniformFilm(9e-6, 5.62e-2, 0.78, 2000.0, 298.15)
LARGE, SMALL = 300.0, 0.01


def permittivity(relative_length):
    return (relative_length * FILM.thickness / debye_length(FILM, 1.0)) ** 2


@pytest.mark.parametrize("relative_length", [0.1, 0.03, 0.01])
def test_small_current_against_the_exact_solution(relative_length):
    """E'' = (E - E_inf)/lambda^2 with no field at the electrodes."""
    found = poisson_nernst_planck(FILM, SMALL, [60.0], permittivity(relative_length))
    neutral = SMALL * FILM.thickness / (2 * FILM.transference * FILM.conductivity)
    share = 1 - 2 * relative_length * math.tanh(1 / (2 * relative_length))
    assert found.debye_length == pytest.approx(relative_length * FILM.thickness, rel=1e-9)
    assert found.potential_drop[0] == pytest.approx(neutral * share, rel=3e-5)
    assert found.voltage[0] == pytest.approx(FILM.voltage(60.0, SMALL), rel=5e-5)


def test_tends_to_the_neutral_film():
    """Second order in the voltage and the salt while they change, first order in the electrostatic potential."""
    times = np.array([0.3, 1.0, 3.0])
    voltage = np.array([FILM.voltage(t, LARGE) for t in times])
    drop = np.array([FILM.potential_drop(t, LARGE) for t in times])
    errors = []
    for relative_length in (9e-3, 3e-3, 1e-3):
        found = poisson_nernst_planck(FILM, LARGE, times, permittivity(relative_length))
        salt = np.array([FILM.concentration_at(found.position, t, LARGE) for t in times])
        errors.append(
            (
                np.abs(found.voltage / voltage - 1).max(),
                np.abs(found.salt - salt).max(),
                np.abs(found.potential_drop / drop - 1).max(),
            )
        )
    orders = np.log(np.array(errors)[:-1] / np.array(errors)[1:]) / math.log(3)
    assert np.all(orders[0, :2] > 1.9)
    assert orders[:, 2] == pytest.approx(1.0, abs=0.08)
    assert errors[-1][0] < 2e-5


def test_ions_are_conserved():
    found = poisson_nernst_planck(FILM, LARGE, [0.1, 10.0], permittivity(0.03))
    assert found.cation.min() > 0
    assert found.anion.min() > 0
    means = np.average([found.cation, found.anion], axis=2, weights=found.widths)
    assert means == pytest.approx(2000.0, rel=1e-9)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((FILM, 600.0, [60.0], 1e8), "used up"),
        ((FILM, 12.0, [60.0], 10.0), "Debye lengths"),
        ((FILM, 12.0, [60.0], -1.0), "permittivity is -1"),
        ((FILM, 12.0, [60.0, 1.0], 1e8), "rising"),
        ((UniformFilm(9e-6, 5.62e-2, 0.78, 2000.0, 298.15, diffusivity=1e-12), 1.0, [1.0], 1e8), "dilute"),
    ],
)
def test_refusals(arguments, said):
    with pytest.raises(InputError, match=said):
        poisson_nernst_planck(*arguments)
