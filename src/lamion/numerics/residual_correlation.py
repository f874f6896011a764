"""What the residuals of a fit tell about the model: structure, local noise, an uncertainty that allows for both.

The functions take the residuals of one or several channels (real and imaginary parts), each in the order of the
independent variable.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def autocorrelation(channels: Array) -> float:
    r"""Return the correlation of neighbouring residuals.

    .. math:: \rho = \frac{\sum_c \sum_i r_{c,i}\, r_{c,i+1}}{\sum_c \sum_i r_{c,i}^2}

    Parameters
    ----------
    channels : array, shape (c, n)
        Residuals in the order of the independent variable.

    Returns
    -------
    float
        Near zero (slightly below, for fitted residuals) when only noise is left, near one when the model misses
        the data's shape; its standard deviation for pure noise is 1/sqrt(c n).

    References
    ----------
    J. Durbin, G. S. Watson, Biometrika 37 (1950) 409, doi:10.1093/biomet/37.3-4.409 (their d is about 2 - 2 rho).

    Examples
    --------
    >>> round(autocorrelation(np.array([[1.0, -1.0, 1.0, -1.0]])), 2)
    -0.75
    """
    total = float(np.sum(channels**2))
    return float(np.sum(channels[:, :-1] * channels[:, 1:])) / total if total > 0 else 0.0


def is_correlated(channels: Array) -> bool:
    """Tell whether neighbouring residuals are more alike than noise leaves them.

    Parameters
    ----------
    channels : array, shape (c, n)
        Residuals in the order of the independent variable.

    Returns
    -------
    bool
        Whether their autocorrelation exceeds 2.5 standard deviations of what noise gives, 2.5/sqrt(c n): noise
        alone does so in 0.6 % of cases or fewer.

    Examples
    --------
    >>> is_correlated(np.sin(np.linspace(0.0, 6.0, 50))[None, :])
    True
    """
    return autocorrelation(channels) > 2.5 / math.sqrt(channels.size)


def variance_growth(channels: Array) -> float:
    r"""Return by how much the variance of a mean grows since neighbouring residuals share their noise.

    .. math:: 1 + 2 \sum_{k=1}^{K} \rho_k

    with the correlations :math:`\rho_k` of residuals k apart, up to the first that noise alone could leave.

    Parameters
    ----------
    channels : array, shape (c, n)
        Residuals in the order of the independent variable.

    Returns
    -------
    float
        1 where neighbours are no more alike than noise leaves them (:func:`is_correlated`).

    References
    ----------
    C. J. Geyer, Statist. Sci. 7 (1992) 473, doi:10.1214/ss/1177011137.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> variance_growth(rng.standard_normal((1, 400)))
    1.0
    >>> smooth = np.convolve(rng.standard_normal(4004), np.ones(5), mode="valid")
    >>> 4.0 < variance_growth(smooth[None, :]) < 6.0
    True
    """
    if not is_correlated(channels):
        return 1.0
    total = float(np.sum(channels**2))
    grown, least = 1.0, 2.0 / math.sqrt(channels.size)
    for apart in range(1, channels.shape[1] // 2):
        alike = float(np.sum(channels[:, :-apart] * channels[:, apart:])) / total
        if alike < least:
            break
        grown += 2.0 * alike
    return grown


def local_noise(channels: Array) -> float:
    r"""Return the standard deviation of the part of the residuals that neighbours do not share.

    .. math:: s^2 = \frac{1}{6} \left\langle (r_{i-1} - 2 r_i + r_{i+1})^2 \right\rangle

    Parameters
    ----------
    channels : array, shape (c, n)
        Residuals in the order of the independent variable, n at least 3.

    Returns
    -------
    float
        The noise, whatever smooth misfit lies under it.

    References
    ----------
    T. Gasser, L. Sroka, C. Jennen-Steinmetz, Biometrika 73 (1986) 625, doi:10.1093/biomet/73.3.625.

    Examples
    --------
    >>> round(local_noise(np.linspace(0.0, 1.0, 9)[None, :]), 9)
    0.0
    """
    second = channels[:, :-2] - 2.0 * channels[:, 1:-1] + channels[:, 2:]
    return float(np.sqrt(np.mean(second**2) / 6.0))


def block_jackknife(jacobian: Array, residuals: Array, blocks: list[NDArray[np.intp]]) -> Array:
    r"""Return the covariance of fitted parameters from leaving out one block of points after another.

    .. math:: \theta_{(b)} - \hat\theta = (J^T J - J_b^T J_b)^{-1} J_b^T r_b, \qquad
              \mathrm{cov} = \frac{B-1}{B} \sum_b (\theta_{(b)} - \bar\theta)(\theta_{(b)} - \bar\theta)^T

    Parameters
    ----------
    jacobian : array, shape (n, k)
        Derivatives of the weighted residuals (model minus data) at the minimum.
    residuals : array, shape (n,)
        The weighted residuals there.
    blocks : list of arrays of int
        The rows of each block: neighbours whose residuals belong together.

    Returns
    -------
    array, shape (k, k)
        The covariance; it stays right when residuals within a block are correlated, for instance because the
        model misses the data's shape. With few blocks it is itself uncertain by a factor 1/sqrt(2 (B - 1)).

    Notes
    -----
    Each refit is one Gauss-Newton step from the full fit. A block without which a parameter is undetermined is
    left out by the pseudo-inverse.

    References
    ----------
    H. R. Kuensch, Ann. Statist. 17 (1989) 1217, doi:10.1214/aos/1176347265.

    Examples
    --------
    >>> ones = np.ones((4, 1))
    >>> blocks = [np.array([i]) for i in range(4)]
    >>> block_jackknife(ones, np.array([-1.5, -0.5, 0.5, 1.5]), blocks).round(4)
    array([[0.4167]])
    """
    size = np.linalg.norm(jacobian, axis=0)
    scale = np.where(size > 0, size, 1.0)
    scaled = jacobian / scale
    gram = scaled.T @ scaled
    left = [
        np.linalg.pinv(gram - scaled[b].T @ scaled[b], rcond=1e-10, hermitian=True) @ (scaled[b].T @ residuals[b])
        for b in blocks
    ]
    shifts = np.array(left) / scale
    centred = shifts - shifts.mean(axis=0)
    covariance: Array = (len(blocks) - 1) / len(blocks) * centred.T @ centred
    return covariance
