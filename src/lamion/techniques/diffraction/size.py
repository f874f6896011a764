r"""Sizes of crystallites and strain from the widths of peaks.

.. math:: D = \frac{K \lambda}{\beta \cos\theta}, \qquad
    \beta \cos\theta = \frac{K \lambda}{D} + 4 \varepsilon \sin\theta, \qquad
    \beta = B - \frac{b^2}{B}

with the width B of a peak at half its height, the instrument's b and Scherrer's constant K.

References
----------
P. Scherrer, Nachr. Ges. Wiss. Göttingen (1918) 98; A. L. Patterson, Phys. Rev. 56 (1939) 978,
doi:10.1103/PhysRev.56.978; G. K. Williamson, W. H. Hall, Acta Metall. 1 (1953) 22, doi:10.1016/0001-6160(53)90006-6;
J. I. Langford, A. J. C. Wilson, J. Appl. Cryst. 11 (1978) 102, doi:10.1107/S0021889878012844 (Scherrer's constant).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.quantities.level import coverage_factor

Array = NDArray[np.float64]

CONSTANT, CONSTANT_UNCERTAINTY = 0.9, 0.05
"""Scherrer's constant of widths at half maximum: 0.83 to 1.0 by the shape of the crystallites."""


@dataclass(frozen=True)
class Breadth:
    """What the sample adds to a peak's width.

    Parameters
    ----------
    value : float
        Radians; not a number where the peak is no broader than the instrument's.
    noise, instrument, convention : float
        Standard uncertainties: from that of the peak's width, from that of the instrument's, and from how the one is
        taken off the other.
    """

    value: float
    noise: float
    instrument: float
    convention: float

    @property
    def deviation(self) -> float:
        """All together."""
        return math.hypot(self.noise, self.instrument, self.convention)


def breadth(observed: float, deviation: float, instrument: float, uncertain: float) -> Breadth:
    r"""Take the instrument's width from a peak's.

    .. math:: \beta = B - \frac{b^2}{B}

    which a Lorentzian breadth of the sample and a Gaussian one of the instrument have to 2 %. The convention's part is
    that of a number anywhere between :math:`B - b`, of two Lorentzians, and :math:`\sqrt{B^2 - b^2}`, of two Gaussians.

    Parameters
    ----------
    observed, deviation : float
        B and its standard uncertainty, radians.
    instrument, uncertain : float
        b and its standard uncertainty, radians.

    References
    ----------
    N. C. Halder, C. N. J. Wagner, Acta Cryst. 20 (1966) 312, doi:10.1107/S0365110X66000628.

    Examples
    --------
    >>> found = breadth(5e-3, 1e-4, 3e-3, 1e-4)
    >>> round(1e3 * found.value, 2), round(1e3 * found.convention, 2)
    (3.2, 0.58)
    """
    if not observed > instrument:
        return Breadth(math.nan, math.nan, math.nan, math.nan)
    ratio = instrument / observed
    ends = [without(observed, instrument, convention) for convention in ("lorentzian", "gaussian")]
    convention = (ends[1] - ends[0]) / math.sqrt(12.0)
    value = without(observed, instrument, "parabolic")
    return Breadth(value, (1.0 + ratio**2) * deviation, 2.0 * ratio * uncertain, convention)


def without(observed: float, instrument: float, convention: str) -> float:
    """Return a width without the instrument's, in the unit of both.

    Parameters
    ----------
    observed, instrument : float
        Widths, the first the larger one.
    convention : {"parabolic", "lorentzian", "gaussian"}
        How it is taken off.
    """
    if convention == "lorentzian":
        return observed - instrument
    if convention == "gaussian":
        return math.sqrt(observed**2 - instrument**2)
    return observed - instrument**2 / observed


@dataclass(frozen=True)
class Line:
    """A straight line through broadened peaks.

    Parameters
    ----------
    size : float
        D, in the wavelength's unit; infinite where the line meets zero or less.
    intercept, intercept_deviation : float
        K lambda / D and its standard uncertainty, radians.
    strain, strain_deviation : float
        The strain and its standard uncertainty.
    scatter : float
        Root of the reduced sum of squares: one where the peaks lie on the line.
    """

    size: float
    intercept: float
    intercept_deviation: float
    strain: float
    strain_deviation: float
    scatter: float


def scherrer_raw(breadths: ArrayLike, two_theta: ArrayLike, wavelength: float, constant: float = CONSTANT) -> Array:
    """Return sizes, in the wavelength's unit.

    Parameters
    ----------
    breadths : array-like, shape (n,)
        The sample's part of widths at half maximum, radians.
    two_theta : array-like, shape (n,)
        Radians.
    wavelength : float
        Any unit.
    constant : float
        K.

    Examples
    --------
    >>> round(float(scherrer_raw(np.radians(0.3), np.radians(19.1), 0.154)), 1)
    26.8
    """
    cosine = np.cos(np.asarray(two_theta, dtype=np.float64) / 2.0)
    return np.asarray(constant * wavelength / (np.asarray(breadths, dtype=np.float64) * cosine))


def williamson_hall_raw(
    breadths: ArrayLike, deviations: ArrayLike, two_theta: ArrayLike, wavelength: float, constant: float = CONSTANT
) -> Line:
    """Fit a straight line to the breadths of several peaks.

    Parameters
    ----------
    breadths, deviations : array-like, shape (n,)
        The sample's part of widths with standard uncertainties, radians; three at least.
    two_theta : array-like, shape (n,)
        Radians.
    wavelength, constant : float
        As for :func:`scherrer_raw`.

    Notes
    -----
    The uncertainty takes the scatter about the line where it is larger than the breadths' own, with Student's factor.

    Examples
    --------
    >>> theta = np.radians([10.0, 20.0, 30.0, 40.0])
    >>> beta = (0.9 * 0.154 / 30.0 + 4 * 2e-3 * np.sin(theta)) / np.cos(theta)
    >>> found = williamson_hall_raw(beta, np.full(4, 1e-5), 2 * theta, 0.154)
    >>> round(found.size, 2), round(found.strain, 6)
    (30.0, 0.002)
    """
    beta, sigma = np.asarray(breadths, dtype=np.float64), np.asarray(deviations, dtype=np.float64)
    theta = np.asarray(two_theta, dtype=np.float64) / 2.0
    y, u = beta * np.cos(theta), sigma * np.cos(theta)
    design = np.stack([np.ones_like(theta), 4.0 * np.sin(theta)], axis=1) / u[:, None]
    covariance = np.linalg.inv(design.T @ design)
    intercept, strain = covariance @ design.T @ (y / u)
    freedom = len(y) - 2
    scatter = math.sqrt(float(np.sum((y / u - design @ [intercept, strain]) ** 2)) / freedom)
    larger = scatter > 1.0
    widened = max(scatter, 1.0) * (coverage_factor(freedom=freedom) if larger else 1.0)
    of_intercept, of_strain = (widened * math.sqrt(covariance[k, k]) for k in (0, 1))
    size = constant * wavelength / intercept if intercept > 0 else math.inf
    return Line(float(size), float(intercept), of_intercept, float(strain), of_strain, scatter)
