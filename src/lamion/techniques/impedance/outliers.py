r"""Points of a spectrum that lie off what all the others say of them, and the scatter that they are held against.

.. math:: d_i = (1 - H_{ii})^{-1} r_i, \qquad q_i = r_i^T d_i, \qquad \sigma^2 = \mathrm{median}(q_i) / (2\ln 2)

:math:`d_i` is how far a point, its real and its imaginary part, lies from the fit of all others, :math:`H_{ii}` its
block of the projection onto the fit. Of normal noise :math:`q_i/\sigma^2` is chi squared with two degrees of freedom,
at the ends and beside gaps as elsewhere.

References
----------
R. D. Cook, S. Weisberg, Residuals and Influence in Regression, Chapman and Hall, London 1982.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.techniques.impedance.kramers_kronig import LinKK
from lamion.techniques.impedance.noise import Noise, noise_of

Array = NDArray[np.float64]

_SIZE = 0.03
_SPREADS = 8.0
_MEDIAN = 2.0 * math.log(2.0)
"""Of chi squared with two degrees of freedom."""
_ALONE = 1e-9


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


def lying_off(closest: LinKK) -> NDArray[np.bool_]:
    """Tell which points lie off the fit of all others by 3 % of abs Z and by eight times the scatter.

    Parameters
    ----------
    closest : LinKK
        A fit of so many elements that it misses nothing of the cell: few miss the start of an arc.

    Returns
    -------
    array of bool, shape (n,)
        Beside a bad point its good neighbours may lie off, too: leave out one and look again.
    """
    found = deleted(closest)
    return (found.size > _SIZE) & (found.square > (_SPREADS * found.scatter) ** 2)


def noise_left(model: LinKK, *, doubted: bool = False) -> Noise:
    """Return the noise that a fit, of points without outliers, shows.

    Parameters
    ----------
    model : LinKK
        A fit by any spread.
    doubted : bool
        Whether there were outliers, which may be such noise: then the most likely one is taken.
    """
    square = deleted(model).square * model.points.spread**2
    return noise_of(square, model.points.modulus, doubted=doubted)
