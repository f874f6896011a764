"""How wide a window a molecule needs."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lamion.models.atomistic.radii import radius
from lamion.substances.molecule import Molecule

Array = NDArray[np.float64]

IONIC_RADII = {"Li": 0.76}
"""Angstrom, six neighbours: R. D. Shannon, Acta Cryst. A32 (1976) 751, doi:10.1107/S0567739476001551."""

_DIRECTIONS = 400


def passing_diameter(molecule: Molecule) -> float:
    r"""Return the diameter of the narrowest round window that a rigid molecule can pass lengthwise.

    .. math:: d = 2 \min_{n} \min_{c} \max_j \left(|P_n x_j - c| + r_j\right)

    with the projection :math:`P_n` along the direction of travel n.

    Parameters
    ----------
    molecule : Molecule
        With van der Waals radii; a single ion has its ionic one.

    Returns
    -------
    float
        Angstrom, over 400 directions: at most some hundredths too large.

    Notes
    -----
    A bare lithium ion is meant, without its solvation shell; a molecule can also turn while it passes.

    Examples
    --------
    >>> passing_diameter(Molecule("li+", ("Li",), np.zeros((1, 3)), 1))
    1.52
    """
    if len(molecule) == 1 and molecule.symbols[0] in IONIC_RADII and molecule.charge != 0:
        return 2 * IONIC_RADII[molecule.symbols[0]]
    radii = np.array([radius(symbol) for symbol in molecule.symbols])
    return 2 * min(_enclosing_radius(_projected(molecule.positions, n), radii) for n in _hemisphere())


def _hemisphere() -> Array:
    """Spread directions evenly over half a sphere, along a spiral."""
    k = np.arange(_DIRECTIONS) + 0.5
    z, turn = 1 - k / _DIRECTIONS, math.pi * (1 + math.sqrt(5)) * k
    r = np.sqrt(1 - z**2)
    return np.column_stack([r * np.cos(turn), r * np.sin(turn), z])


def _projected(positions: Array, direction: Array) -> Array:
    helper = np.eye(3)[int(np.argmin(np.abs(direction)))]
    u = np.cross(direction, helper)
    u /= np.linalg.norm(u)
    return np.asarray(positions @ np.column_stack([u, np.cross(direction, u)]))


def _enclosing_radius(points: Array, radii: Array) -> float:
    """Move a circle's centre towards the farthest disc in ever smaller steps (Badoiu and Clarkson's iteration)."""
    centre = points.mean(axis=0)
    best = math.inf
    for step in range(1, 120):
        reach = np.linalg.norm(points - centre, axis=1) + radii
        far = int(np.argmax(reach))
        best = min(best, float(reach[far]))
        centre = centre + (points[far] - centre) * (1 - radii[far] / max(reach[far], 1e-9)) / (step + 1)
    return best
