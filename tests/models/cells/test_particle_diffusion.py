"""The surface's excess against finite volumes and against the known limits."""

import numpy as np
import pytest
from tests.engines.particle import VolumeParticle

from lamion.models.cells.particle_diffusion import LAYER, SPHERE

BOTH = pytest.mark.parametrize("particle", [SPHERE, LAYER], ids=lambda one: one.name)


@BOTH
@pytest.mark.parametrize("length", [0.002, 0.05, 1.0])
def test_the_excess_is_that_of_finite_volumes(particle, length):
    diffusion_time, points = 1000.0, 20
    duration = length * diffusion_time
    surface = VolumeParticle(particle.dimension, diffusion_time).surface([1.0], [duration], points)[0]
    t = duration * np.arange(1, points + 1) / points
    exact = t + diffusion_time / particle.dimension * particle.excess(t / diffusion_time)
    assert surface[1:] == pytest.approx(exact[1:], rel=1e-3)


@BOTH
def test_both_expansions_meet(particle):
    below, above = particle.excess(np.array([0.05 * (1 - 1e-12), 0.05]))
    assert below == pytest.approx(above, rel=1e-8)
    assert particle.excess(1e-8) == pytest.approx(2 * np.sqrt(1e-8 / np.pi), rel=2e-4)
