"""Least squares of complex data: every complex point counts as two real ones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.numerics.least_squares import Fit, fit
from lamion.numerics.residual_correlation import block_jackknife, is_correlated

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

_JACKKNIFE_BLOCKS = 8


def real_over_imaginary(values: ComplexArray) -> Array:
    """Put the imaginary parts below the real parts.

    Parameters
    ----------
    values : array of complex, shape (n,) or (n, k)
        Complex rows.

    Returns
    -------
    array, shape (2n,) or (2n, k)

    Examples
    --------
    >>> real_over_imaginary(np.array([1 + 3j, 2 + 4j]))
    array([1., 2., 3., 4.])
    """
    return np.concatenate([values.real, values.imag])


def fit_complex(
    model: Callable[[Array], ComplexArray],
    derivatives: Callable[[Array], ComplexArray],
    data: ComplexArray,
    weights: Array,
    start: ArrayLike,
    *,
    tolerance: float = 1e-12,
    most_evaluations: int | None = None,
) -> Fit:
    r"""Fit a complex model to complex data.

    .. math:: \hat p = \arg\min \sum_i w_i^2 \left[(\Re\Delta_i)^2 + (\Im\Delta_i)^2\right],
              \quad \Delta_i = Z_i(p) - Z_i

    Parameters
    ----------
    model : callable
        Parameters, shape (k,), to values, shape (n,).
    derivatives : callable
        Parameters to the derivatives of the values, shape (n, k).
    data : array of complex, shape (n,)
        What was measured.
    weights : array, shape (n,)
        One over the standard deviation of each part of each point, up to a common factor.
    start : array-like, shape (k,)
        Where to begin.
    tolerance, most_evaluations
        As in :func:`~lamion.numerics.least_squares.fit`.

    Returns
    -------
    Fit
        Its residuals hold the n real parts first, then the n imaginary parts.

    References
    ----------
    J. R. Macdonald, J. Schoonman, A. P. Lehnen, J. Electroanal. Chem. 131 (1982) 77,
    doi:10.1016/0022-0728(82)87062-9.

    Examples
    --------
    >>> w = np.array([1.0, 2.0, 4.0])
    >>> data = 2.0 + 3.0j * w
    >>> columns = np.stack([np.ones(3), 1j * w], axis=1)
    >>> fit_complex(lambda p: columns @ p, lambda p: columns, data, np.ones(3), [1.0, 1.0]).parameters.round(6)
    array([2., 3.])
    """
    return fit(
        lambda p: real_over_imaginary(weights * (model(p) - data)),
        start,
        jacobian=lambda p: real_over_imaginary(weights[:, None] * derivatives(p)),
        tolerance=tolerance,
        most_evaluations=most_evaluations,
    )


def channels(fitted: Fit) -> Array:
    """Return the residuals of a complex fit as two rows, real and imaginary.

    Parameters
    ----------
    fitted : Fit
        From :func:`fit_complex`.

    Returns
    -------
    array, shape (2, n)
    """
    return fitted.residuals.reshape(2, -1)


def covariance_with_misfit(fitted: Fit) -> Array:
    """Return the covariance of a complex fit, widened where the residuals are correlated.

    Then the formal covariance, which takes residuals for independent noise, is too small, and the one from leaving
    out eight blocks of neighbouring points, one after another, is taken; where that gives a parameter less
    than its formal error, it is scaled up to it.

    Parameters
    ----------
    fitted : Fit
        From :func:`fit_complex`, its points in the order of frequency.

    Returns
    -------
    array, shape (k, k)

    Examples
    --------
    >>> x = np.linspace(0.0, 1.0, 40)
    >>> columns = np.ones((40, 1), dtype=np.complex128)
    >>> fitted = fit_complex(lambda p: columns @ p, lambda p: columns, 1.0 + x + 0j, np.ones(40), [1.0])
    >>> bool(covariance_with_misfit(fitted)[0, 0] > 3 * fitted.covariance[0, 0])
    True
    """
    if not is_correlated(channels(fitted)) or not np.isfinite(fitted.covariance).all():
        return fitted.covariance
    points = len(fitted.residuals) // 2
    parts = np.array_split(np.arange(points), min(_JACKKNIFE_BLOCKS, points // 2))
    blocks = [np.concatenate([part, part + points]) for part in parts]
    jackknife = block_jackknife(fitted.jacobian, fitted.residuals, blocks)
    smallest = np.finfo(float).tiny
    ratio = np.sqrt(np.maximum(np.diag(fitted.covariance) / np.maximum(np.diag(jackknife), smallest), 1.0))
    return np.asarray(jackknife * np.outer(ratio, ratio))
