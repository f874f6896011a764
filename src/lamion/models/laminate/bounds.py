"""What any mixture of phases can conduct at least and at most, and mean-field estimates of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import brentq


def wiener_series(fractions: Sequence[float], conductivities: Sequence[float]) -> float:
    r"""Return the lowest conductivity of any mixture: its phases as layers in series.

    .. math:: 1/k = \sum_i f_i / k_i

    Parameters
    ----------
    fractions : sequence of float
        Volume fractions, one in sum.
    conductivities : sequence of float
        Of the phases, not negative, in any one unit.

    References
    ----------
    O. Wiener, Abh. Math.-Phys. Kl. Saechs. Ges. Wiss. 32 (1912) 509.

    Examples
    --------
    >>> round(wiener_series([0.5, 0.5], [1.0, 0.1]), 4)
    0.1818
    """
    present = [(f, k) for f, k in zip(fractions, conductivities, strict=True) if f > 0]
    if any(k == 0 for _, k in present):
        return 0.0
    return 1 / sum(f / k for f, k in present)


def wiener_parallel(fractions: Sequence[float], conductivities: Sequence[float]) -> float:
    r"""Return the highest conductivity of any mixture: its phases side by side, :math:`k = \sum_i f_i k_i`.

    Parameters
    ----------
    fractions, conductivities : sequence of float
        As in :func:`wiener_series`.

    References
    ----------
    O. Wiener, Abh. Math.-Phys. Kl. Saechs. Ges. Wiss. 32 (1912) 509.

    Examples
    --------
    >>> wiener_parallel([0.5, 0.5], [1.0, 0.1])
    0.55
    """
    return float(np.dot(fractions, conductivities))


def hashin_shtrikman(
    fractions: Sequence[float], conductivities: Sequence[float], dimension: int = 3
) -> tuple[float, float]:
    r"""Return the bounds on an isotropic mixture.

    .. math:: K(z) = \Big[\sum_i \frac{f_i}{k_i + (d-1) z}\Big]^{-1} - (d-1) z

    at z = the lowest and the highest conductivity of a phase.

    Parameters
    ----------
    fractions, conductivities : sequence of float
        As in :func:`wiener_series`.
    dimension : int
        d: 3, or 2 for a cross-section that does not change along the third axis.

    Returns
    -------
    (float, float)
        Lower and upper bound. They hold for isotropic mixtures alone: a laminate lies outside.

    References
    ----------
    Z. Hashin, S. Shtrikman, J. Appl. Phys. 33 (1962) 3125, doi:10.1063/1.1728579.

    Examples
    --------
    >>> [round(k, 4) for k in hashin_shtrikman([0.5, 0.5], [1.0, 0.0])]
    [0.0, 0.4]
    """
    present = [(f, k) for f, k in zip(fractions, conductivities, strict=True) if f > 0]

    def at(z: float) -> float:
        shifted = [(f, k + (dimension - 1) * z) for f, k in present]
        if any(k == 0 for _, k in shifted):
            return 0.0
        return 1 / sum(f / k for f, k in shifted) - (dimension - 1) * z

    phases = [k for _, k in present]
    return at(min(phases)), at(max(phases))


def bruggeman(fractions: Sequence[float], conductivities: Sequence[float], dimension: int = 3) -> float:
    r"""Return Bruggeman's symmetric effective medium.

    .. math:: \sum_i f_i \frac{k_i - k}{k_i + (d-1) k} = 0

    Parameters
    ----------
    fractions, conductivities : sequence of float
        As in :func:`wiener_series`.
    dimension : int
        d.

    References
    ----------
    D. A. G. Bruggeman, Ann. Phys. 416 (1935) 636, doi:10.1002/andp.19354160705.

    Examples
    --------
    >>> round(bruggeman([0.5, 0.5], [1.0, 0.0]), 6)
    0.25
    """
    f, k = np.asarray(fractions, dtype=float), np.asarray(conductivities, dtype=float)
    f, k = f[f > 0], k[f > 0]
    low, high = float(k.min()), float(k.max())
    if low == high:
        return high

    def imbalance(x: float) -> float:
        return float(np.sum(f * (k - x) / (k + (dimension - 1) * x)))

    floor = max(low, 1e-15 * high)
    return 0.0 if imbalance(floor) <= 0 else float(brentq(imbalance, floor, high, xtol=1e-15 * high, rtol=1e-12))


def bruggeman_exponent(fraction: float, exponent: float = 1.5) -> float:
    r"""Return the conductivity of a fluid between obstacles by Bruggeman's exponent, :math:`k = \varepsilon^{3/2}`.

    Parameters
    ----------
    fraction : float
        Of the fluid, :math:`\varepsilon`.
    exponent : float
        1.5 for spheres in a fluid.

    References
    ----------
    D. A. G. Bruggeman, Ann. Phys. 416 (1935) 636, doi:10.1002/andp.19354160705.

    Examples
    --------
    >>> bruggeman_exponent(0.25)
    0.125
    """
    return float(fraction**exponent)
