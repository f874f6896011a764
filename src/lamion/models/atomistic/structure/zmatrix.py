"""Internal coordinates to places in space."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """One atom by its distance from a second, the angle with a third and the dihedral with a fourth.

    Parameters
    ----------
    symbol : str
        The element.
    at : tuple of int
        The indices of the second, third and fourth atom, as far as there are so many above it.
    distance : float
        Angstrom.
    angle, dihedral : float
        Degrees.
    """

    symbol: str
    at: tuple[int, ...] = ()
    distance: float = 0.0
    angle: float = 0.0
    dihedral: float = 0.0


def places(rows: Sequence[Row]) -> Array:
    r"""Place atoms one after the other.

    With :math:`u` along the bond from the third to the second atom, :math:`n` normal to the plane of the three and
    :math:`m = n \times u`,

    .. math:: x = x_2 + d \left(-u\cos\theta + m\sin\theta\cos\phi + n\sin\theta\sin\phi\right)

    Parameters
    ----------
    rows : sequence of Row
        The first atom has no reference, the second one, the third two, all others three.

    Returns
    -------
    array, shape (n, 3)
        Angstrom.

    Notes
    -----
    The three atoms that a fourth refers to must not lie on a line.

    References
    ----------
    J. Parsons et al., J. Comput. Chem. 26 (2005) 1063, doi:10.1002/jcc.20237.

    Examples
    --------
    >>> water = [Row("O"), Row("H", (0,), 0.96), Row("H", (0, 1), 0.96, 104.5)]
    >>> bool(abs(np.linalg.norm(places(water)[1] - places(water)[2]) - 1.518) < 1e-3)
    True
    """
    found = np.zeros((len(rows), 3))
    for index, row in enumerate(rows[1:], start=1):
        theta, phi = math.radians(row.angle), math.radians(row.dihedral)
        if index == 1:
            found[1] = (row.distance, 0.0, 0.0)
            continue
        second, third = (found[k] for k in row.at[:2])
        fourth = found[row.at[2]] if index > 2 else third + np.array([0.0, 1.0, 0.0])
        u = _unit(second - third)
        n = _unit(np.cross(third - fourth, u))
        m = np.cross(n, u)
        step = -u * math.cos(theta) + math.sin(theta) * (m * math.cos(phi) + n * math.sin(phi))
        found[index] = second + row.distance * step
    return found


def _unit(vector: Array) -> Array:
    return np.asarray(vector / np.linalg.norm(vector))
