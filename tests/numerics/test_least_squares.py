"""Least squares against exact solutions and NIST's certified data."""

import numpy as np
import pytest

from lamion.numerics.complex_least_squares import fit_complex, real_over_imaginary
from lamion.numerics.least_squares import aicc, fit

# NIST Statistical Reference Datasets, Misra1a (nonlinear regression, lower difficulty): data and certified values.
MISRA1A_Y = [10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78]
MISRA1A_X = [77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0]


@pytest.mark.parametrize("bounds", [(-np.inf, np.inf), (0.0, 1e4)], ids=["free", "bounded"])
def test_nist_misra1a(bounds):
    x, y = np.array(MISRA1A_X), np.array(MISRA1A_Y)
    result = fit(lambda b: b[0] * (1 - np.exp(-b[1] * x)) - y, [250.0, 5e-4], lower=bounds[0], upper=bounds[1])
    assert result.converged
    assert result.parameters == pytest.approx([2.3894212918e2, 5.5015643181e-4], rel=1e-6)
    assert result.standard_errors == pytest.approx([2.7070075241, 7.2668688436e-6], rel=1e-4)
    assert result.sum_of_squares == pytest.approx(1.2455138894e-1, rel=1e-8)


def test_a_line_has_the_textbook_covariance():
    x = np.arange(6.0)
    y = 1 + 2 * x + np.array([0.1, -0.2, 0.05, 0.1, -0.1, 0.05])
    result = fit(lambda p: p[0] + p[1] * x - y, [0.0, 0.0])
    design = np.stack([np.ones(6), x], axis=1)
    variance = result.sum_of_squares / 4
    assert result.covariance == pytest.approx(variance * np.linalg.inv(design.T @ design), rel=1e-6)


def test_an_undetermined_parameter_has_an_infinite_variance():
    x = np.arange(5.0)
    result = fit(lambda p: p[0] * x - x**1.1 + 0.0 * p[1], [1.0, 1.0])
    assert np.isinf(result.covariance[1, 1])
    assert np.isfinite(result.covariance[0, 0])


def test_giving_up_is_said():
    x, y = np.array(MISRA1A_X), np.array(MISRA1A_Y)
    result = fit(lambda b: b[0] * (1 - np.exp(-b[1] * x)) - y, [500.0, 1e-4], most_evaluations=2)
    assert not result.converged


def test_complex_fit_of_a_linear_model_solves_the_normal_equations():
    random = np.random.default_rng(4)
    columns = random.standard_normal((20, 3)) + 1j * random.standard_normal((20, 3))
    data = columns @ [1.0, -2.0, 0.5] + 0.1 * (random.standard_normal(20) + 1j * random.standard_normal(20))
    weights = random.uniform(0.5, 2.0, 20)
    result = fit_complex(lambda p: columns @ p, lambda p: columns, data, weights, np.zeros(3))
    expected = np.linalg.lstsq(
        real_over_imaginary(columns * weights[:, None]), real_over_imaginary(data * weights), rcond=None
    )[0]
    assert result.parameters == pytest.approx(expected, rel=1e-8)


def test_aicc_prefers_the_simpler_of_two_equal_fits_and_needs_enough_points():
    assert aicc(1.0, 20, 2) < aicc(1.0, 20, 3)
    assert aicc(1.0, 4, 2) == np.inf
