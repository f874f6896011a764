"""Residual structure, against closed forms and brute force."""

import numpy as np
import pytest

from lamion.numerics.residual_correlation import autocorrelation, block_jackknife, local_noise


def test_autocorrelation_of_white_noise_is_near_zero_and_of_a_slow_wave_near_one():
    white = np.random.default_rng(1).standard_normal((2, 200))
    assert abs(autocorrelation(white)) < 3 / np.sqrt(400)
    assert autocorrelation(np.sin(np.linspace(0, 6, 200))[None, :]) > 0.97
    assert autocorrelation(np.zeros((1, 5))) == 0.0


def test_local_noise_sees_through_a_smooth_misfit():
    random = np.random.default_rng(2)
    channels = 0.3 * random.standard_normal((2, 4000)) + 5 * np.sin(np.linspace(0, 6, 4000))
    assert local_noise(channels) == pytest.approx(0.3, rel=0.05)


def test_jackknife_of_a_mean_with_single_points_is_the_exact_standard_error():
    residuals = np.array([-1.5, -0.5, 0.5, 1.5])
    blocks = [np.array([i]) for i in range(4)]
    covariance = block_jackknife(np.ones((4, 1)), residuals, blocks)
    assert covariance[0, 0] == pytest.approx(np.var(residuals, ddof=1) / 4)


def test_jackknife_of_a_linear_fit_is_that_of_refitting_without_each_block():
    random = np.random.default_rng(3)
    x = np.linspace(0, 1, 30)
    design = np.stack([np.ones(30), x], axis=1)
    data = 1 + 2 * x + 0.1 * random.standard_normal(30)
    full = np.linalg.lstsq(design, data, rcond=None)[0]
    blocks = np.array_split(np.arange(30), 6)
    kept = [np.setdiff1d(np.arange(30), block) for block in blocks]
    refits = np.array([np.linalg.lstsq(design[k], data[k], rcond=None)[0] for k in kept])
    centred = refits - refits.mean(axis=0)
    expected = 5 / 6 * centred.T @ centred
    assert block_jackknife(design, design @ full - data, blocks) == pytest.approx(expected)
