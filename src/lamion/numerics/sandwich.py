r"""Covariances that do not trust the weights of a least-squares fit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_LEAST_LEFT = 1e-3


def sandwich(slopes: Array, inverse: Array, residuals: Array) -> Array:
    r"""Return the covariance in which each residual is its own estimate of the noise (HC3).

    .. math:: V = G^{-1} \left(\sum_i j_i j_i^T \frac{r_i^2}{(1 - h_i)^2}\right) G^{-1}, \qquad h_i = j_i^T G^{-1} j_i

    Parameters
    ----------
    slopes : array, shape (k, n)
        Derivatives of the residuals by the parameters.
    inverse : array, shape (k, k)
        Of G, the sum of the products of the slopes.
    residuals : array, shape (n,)
        Weighted.

    Returns
    -------
    array, shape (k, k)

    References
    ----------
    J. G. MacKinnon, H. White, J. Econometrics 29 (1985) 305, doi:10.1016/0304-4076(85)90158-7.

    Examples
    --------
    >>> slopes = np.ones((1, 4))
    >>> sandwich(slopes, np.array([[0.25]]), np.array([1.0, -1.0, 3.0, -3.0])).round(3)
    array([[2.222]])
    """
    leverage = np.einsum("kn,kl,ln->n", slopes, inverse, slopes)
    alone = residuals / np.maximum(1.0 - leverage, _LEAST_LEFT)
    spread = inverse @ (slopes * alone)
    return np.asarray(spread @ spread.T)


def shared_sandwich(slopes: Array, inverse: Array, residuals: Array, shared: NDArray[np.bool_]) -> Array:
    """Return the same for m problems that have parameters in common, one block a problem.

    A problem's own points move all its parameters; those of the others move the common ones, and through them its own.

    Parameters
    ----------
    slopes : array, shape (m, k, n)
        Derivatives of the residuals by the parameters.
    inverse : array, shape (m, k, k)
        Each problem's block of the inverse of the whole Gram matrix; finite.
    residuals : array, shape (m, n)
        Weighted.
    shared : array of bool, shape (k,)
        Which parameters are common; one at least.

    Returns
    -------
    array, shape (m, k, k)

    Examples
    --------
    >>> slopes, residuals = np.ones((2, 1, 2)), np.array([[1.0, -1.0], [3.0, -3.0]])
    >>> shared_sandwich(slopes, np.full((2, 1, 1), 0.25), residuals, np.array([True])).round(3).ravel()
    array([2.222, 2.222])
    """
    influence = inverse @ slopes
    leverage = np.einsum("mkn,mkn->mn", slopes, influence)
    moved = influence * (residuals / np.maximum(1.0 - leverage, _LEAST_LEFT))[:, None, :]
    own = moved @ moved.transpose(0, 2, 1)
    common = own[:, shared][:, :, shared]
    reach = inverse[:, :, shared] @ np.linalg.inv(inverse[0][np.ix_(shared, shared)])
    return np.asarray(own + reach @ (common.sum(axis=0) - common) @ reach.transpose(0, 2, 1))
