"""The synthetic Li|Li cell against a finite-volume solution, its own limits and its own impedance."""

import numpy as np
import pytest

from lamion.synthetic.polarisation import PolarisedCell, polarisation, relaxation, spectrum

THIN = PolarisedCell(1.60, 24.5, 0.78, diffusion_time=31.5)
THICK = PolarisedCell(17.8, 24.5, 0.35, diffusion_time=3890.0)


def by_finite_volumes(cell: PolarisedCell, bias: float, times: np.ndarray, cells: int = 200) -> np.ndarray:
    """Crank-Nicolson on half the film: u = 0 in the middle, at the electrode a flux that follows the current."""
    from scipy.linalg import solve_banded

    h = 1.0 / cells
    total = cell.bulk_resistance + cell.interfacial_resistance
    biot = cell.newman_number * cell.bulk_resistance / total
    steps = 8000
    theta_end = 4.0 * times[-1] / cell.diffusion_time
    dt = theta_end / steps
    # du/dtheta = u'' on (0, 1); u'(1) = (1 + biot) - biot u(1), in units where the steady u(1) is 1
    upper = np.full(cells, 1.0 / h**2)
    diagonal = np.full(cells, -2.0 / h**2)
    lower = np.full(cells, 1.0 / h**2)
    source = np.zeros(cells)
    diagonal[0] = -3.0 / h**2
    # u(1) = u_last + (h/2) u'(1)
    slope_from_last = -biot / (1.0 + biot * h / 2)
    slope_constant = (1.0 + biot) / (1.0 + biot * h / 2)
    diagonal[-1] = -1.0 / h**2 + slope_from_last / h
    source[-1] = slope_constant / h
    banded = np.zeros((3, cells))
    banded[0, 1:], banded[1], banded[2, :-1] = -dt / 2 * upper[:-1], 1 - dt / 2 * diagonal, -dt / 2 * lower[1:]
    u, shares, clock = np.zeros(cells), [], 0
    for time in times:
        target = round(4.0 * time / cell.diffusion_time / dt)
        while clock < target:
            right = u + dt * source + dt / 2 * diagonal * u
            right[:-1] += dt / 2 * upper[:-1] * u[1:]
            right[1:] += dt / 2 * lower[1:] * u[:-1]
            u = solve_banded((1, 1), banded, right)
            clock += 1
        slope = slope_constant + slope_from_last * u[-1]
        shares.append(u[-1] + h / 2 * slope)
    first, last = cell.initial_current(bias), cell.steady_current(bias)
    return first - (first - last) * np.array(shares)


@pytest.mark.parametrize("cell", [THIN, THICK], ids=["thin", "thick"])
def test_the_series_agrees_with_finite_volumes(cell):
    times = cell.diffusion_time * np.array([0.02, 0.05, 0.1, 0.2, 0.4])
    first, last = cell.initial_current(0.01), cell.steady_current(0.01)
    error = cell.current(0.01, times) - by_finite_volumes(cell, 0.01, times)
    assert np.max(np.abs(error)) < 1e-4 * (first - last)


def test_the_current_goes_from_ohms_law_to_the_steady_state():
    current = THICK.current(0.01, np.array([0.0, 1e6]))
    assert current == pytest.approx([0.01 / 42.3, 0.01 / (24.5 + 17.8 / 0.35)])


def test_impedance_and_polarisation_have_the_same_ends():
    total = THICK.impedance(np.array([1e-9]))[0].real
    assert 0.01 / total == pytest.approx(THICK.steady_current(0.01), rel=1e-6)
    quick = 1.0 / (THICK.impedance(np.array([1e12]))[0].real - THICK.bulk_resistance + 1.0)
    assert quick == pytest.approx(1.0, abs=1e-3)


def test_noise_and_drift_have_their_stated_size():
    t = np.linspace(1e5, 2e5, 20001)
    drawn = polarisation(THIN, 0.01, t, noise=0.01, drift=0.1, seed=3)
    ratio = drawn.current / THIN.steady_current(0.01) - 0.1 * t / t[-1]
    assert np.mean(ratio) == pytest.approx(1.0, abs=3e-4)
    assert np.std(ratio) == pytest.approx(0.01, rel=0.03)
    f = np.geomspace(1e5, 1.0, 2000)
    z = spectrum(THIN, f, noise=0.01, seed=4).impedance / THIN.impedance(f) - 1
    assert np.std(z.real) == pytest.approx(0.01, rel=0.06)
    assert drawn.source is not None
    assert drawn.source.format == "synthetic"


def test_relaxation_starts_at_its_voltage_and_ends_at_its_offset():
    drawn = relaxation(100.0, 2e-3, [0.0, 10.0, 1e5], offset=1e-5)
    assert drawn.voltage[0] == pytest.approx(2.01e-3)
    assert drawn.voltage[-1] == pytest.approx(1e-5)
