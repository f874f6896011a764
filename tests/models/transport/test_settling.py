"""The exact settling of a film against its limits and against the modes that fits use."""

import numpy as np
import pytest

from lamion.models.transport.cell_response import hold
from lamion.models.transport.settling import settled_share


@pytest.mark.parametrize("biot", [0.0, 0.02, 1.0, 20.0])
def test_both_solutions_meet(biot):
    below, above = settled_share(biot, np.array([0.02 - 1e-9, 0.02 + 1e-9]))
    assert above - below == pytest.approx(0.0, abs=1e-6)


def test_at_constant_current_the_share_is_the_series_of_the_galvanostatic_film():
    """drop/steady drop = 1 - sum over odd n of 8/(n pi)^2 exp(-n^2 pi^2 D t/L^2)."""
    n = np.arange(1, 400, 2)
    share = 1 - np.sum(8 / (n * np.pi) ** 2 * np.exp(-(n**2) * np.pi**2 * 0.07))
    assert settled_share(0.0, np.array([4 * 0.07]))[0] == pytest.approx(share, abs=1e-9)


@pytest.mark.parametrize(("resistance", "diffusion"), [(26.1, 0.45), (42.3, 33.0), (1.0, 20.0)])
def test_the_modes_of_the_fits_tend_to_it(resistance, diffusion):
    """Modes that are too fast to be seen are taken at their end, which shows at short times only."""
    rate = 1e-2
    time = np.geomspace(1e-4, 10.0, 60) / rate
    bias, biot = 0.01, diffusion / resistance
    first, last = bias / resistance, bias / (resistance + diffusion)
    exact = first - (first - last) * settled_share(biot, 4.0 * rate * time)
    error = np.abs(hold("voltage", bias, time, resistance, diffusion, rate).current / exact - 1)
    assert error[time * rate > 0.02].max() < 1e-4 * max(1.0, biot)
    assert error[time * rate > 0.5].max() < 1e-8
