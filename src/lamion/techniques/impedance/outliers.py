r"""Points of a spectrum that lie off what all the others say of them, and the scatter that they are held against.

.. math:: d_i = (1 - H_{ii})^{-1} r_i, \qquad q_i = r_i^T d_i, \qquad \sigma^2 = \mathrm{median}(q_i) / (2\ln 2)

:math:`d_i` is how far a point, its real and its imaginary part, lies from the fit of all others, :math:`H_{ii}` its block
of the projection onto the fit. Of normal noise :math:`q_i/\sigma^2` is chi squared with two degrees of freedom, at the
ends and beside gaps as elsewhere.

References
----------
R. D. Cook, S. Weisberg, Residuals and Influence in Regression, Chapman and Hall, London 1982.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lamion.techniques.impedance.kramers_kronig import LinKK
from lamion.techniques.impedance.points import OrderedPoints

Array = NDArray[np.float64]

_SIZE = 0.03
_SPREADS = 8.0
_MEDIAN = 2.0 * math.log(2.0)
"""Of chi squared with two degrees of freedom."""
_ALONE = 1e-9
_PROPORTIONAL = math.log(100.0)
"""By how much a noise with a constant part has to be more likely than one without."""
_CONSTANTS = 4
"""Constant parts of the noise that are tried in a decade."""
_FREEDOM = 4.0
_ROUNDS = 20


@dataclass(frozen=True, eq=False)
class Deleted:
    """How far each point lies from the fit of all others.

    Parameters
    ----------
    size : array, shape (n,)
        abs d, relative to abs Z.
    square : array, shape (n,)
        q, in units of the points' spread squared.
    """

    size: Array
    square: Array

    @property
    def scatter(self) -> float:
        """Standard deviation of a part in units of the points' spread; outliers hardly move it."""
        return math.sqrt(float(np.median(self.square)) / _MEDIAN)


def deleted(model: LinKK) -> Deleted:
    """Compare each point with the fit of all others, without fitting anew.

    A point that alone determines a term of the fit cannot be compared; it counts as following it.

    Parameters
    ----------
    model : LinKK
        The fit of all points.
    """
    basis = model.basis.reshape(2, len(model.points), -1)
    real, imaginary = (1.0 - np.einsum("nk,nk->n", part, part) for part in basis)
    mixed = np.einsum("nk,nk->n", *basis)
    free = real * imaginary - mixed**2
    left = model.scattered
    apart = np.array([imaginary * left[0] + mixed * left[1], mixed * left[0] + real * left[1]])
    apart = np.where(free > _ALONE, apart / np.maximum(free, _ALONE), left)
    size = np.hypot(*apart) * model.points.spread / model.points.modulus
    return Deleted(size, np.maximum(np.einsum("in,in->n", left, apart), 0.0))


def outlier(model: LinKK) -> int | None:
    """Return the point that lies farthest off the fit of all others, counted by their scatter, if it is an outlier.

    Parameters
    ----------
    model : LinKK
        The fit of all points.

    Returns
    -------
    int or None
        Its place in ascending order of frequency. None where none is off by 3 % of abs Z and by eight times the scatter.
    """
    found = deleted(model)
    off = np.where(found.size > _SIZE, found.square, 0.0)
    worst = int(np.argmax(off))
    return worst if off[worst] > (_SPREADS * found.scatter) ** 2 else None


def with_spread(model: LinKK) -> OrderedPoints:
    r"""Return a fit's points with the spread that its residuals show: in proportion to abs Z, or with a constant part.

    .. math:: s_i^2 = |\hat Z_i|^2 + c^2

    Parameters
    ----------
    model : LinKK
        The fit, by whatever spread.

    Returns
    -------
    OrderedPoints
        With c at its most likely, or as they are where a noise without c is less than a hundred times less likely.

    Notes
    -----
    The likelihood is that of Student's t with four degrees of freedom, which outliers hardly move.
    """
    points = model.points
    variance = deleted(model).square * points.spread**2
    if not np.median(variance) > 0:
        return points
    size = np.maximum(np.abs(model.impedance), np.finfo(float).tiny)
    decades = max(1.0, math.log10(float(size.max() / size.min())))
    constants = [0.0, *np.geomspace(size.min(), size.max(), math.ceil(_CONSTANTS * decades) + 1)]
    misfits = [_misfit(variance, size**2 + constant**2) for constant in constants]
    best = int(np.argmin(misfits))
    if misfits[0] - misfits[best] < _PROPORTIONAL:
        return points
    return replace(points, spread=np.sqrt(size**2 + constants[best] ** 2))


def _misfit(variance: Array, supposed: Array) -> float:
    """Return minus the logarithm of the likelihood of Student's t in two dimensions, its scale at the most likely."""
    ratio = variance / supposed
    scale = float(np.median(ratio)) / _MEDIAN
    for _ in range(_ROUNDS):
        scale = float(np.mean(ratio * (_FREEDOM + 2.0) / (_FREEDOM + ratio / scale))) / 2.0
    tails = 0.5 * (_FREEDOM + 2.0) * np.log1p(ratio / (_FREEDOM * scale))
    return float(np.sum(tails + np.log(scale * supposed)))
