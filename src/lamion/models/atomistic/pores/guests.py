"""How wide a window a molecule needs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from lamion.models.atomistic.pores.enclosing import enclosing_radii
from lamion.models.atomistic.structure.radii import sizes
from lamion.substances.molecule import Molecule

Array = NDArray[np.float64]

IONIC_RADII = {"Li": 0.76}
"""Angstrom, six neighbours: R. D. Shannon, Acta Cryst. A32 (1976) 751, doi:10.1107/S0567739476001551."""

_DIRECTIONS = 600
_STARTS = 6
_CONE = 60
_FIRST_ANGLE = 0.15
_NARROWINGS = 8


def passing_diameter(molecule: Molecule, own: Mapping[str, float] | None = None) -> float:
    r"""Return the diameter of the narrowest round window that a rigid molecule can pass lengthwise.

    .. math:: d = 2 \min_{n} \min_{c} \max_j \left(|P_n x_j - c| + r_j\right)

    with the projection :math:`P_n` along the direction of travel n.

    Parameters
    ----------
    molecule : Molecule
        With van der Waals radii; a single ion has its ionic one.
    own : Mapping of str to float, optional
        The user's radii by element, angstrom.

    Returns
    -------
    float
        Angstrom. The circle of each direction is exact; the best of 600 directions are narrowed down to 0.001 radian.

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
    radii = np.array(sizes(molecule.symbols, own))
    directions = _spiral(_DIRECTIONS, 0.0)
    found = enclosing_radii(_projected(molecule.positions, directions), radii)
    best, angle = float(found.min()), _FIRST_ANGLE
    for _ in range(_NARROWINGS):
        directions = np.concatenate([_cone(n, angle) for n in directions[np.argsort(found)[:_STARTS]]])
        found = enclosing_radii(_projected(molecule.positions, directions), radii)
        best, angle = min(best, float(found.min())), angle / 2
    return 2 * best


def narrowest_window(conformers: Sequence[Molecule], own: Mapping[str, float] | None = None) -> float:
    """Return the narrowest window that a molecule can pass in one of its conformers, angstrom.

    Parameters
    ----------
    conformers : sequence of Molecule
        At least one.
    own : Mapping of str to float, optional
        The user's radii by element, angstrom.

    Examples
    --------
    >>> bent, straight = (np.array([[0, 0, 0], [0, 0, 3.0], [0, x, z]]) for x, z in ((3.0, 3.0), (0.0, 6.0)))
    >>> chains = [Molecule("argon", ("Ar",) * 3, places) for places in (bent, straight)]
    >>> round(narrowest_window(chains), 3)
    3.76
    """
    return min(passing_diameter(one, own) for one in conformers)


def _spiral(count: int, lowest: float) -> Array:
    """Spread directions evenly over the cap of a sphere above a height, along a spiral; the pole comes first."""
    k = np.arange(count)
    z, turn = 1 - (1 - lowest) * k / count, math.pi * (1 + math.sqrt(5)) * k
    r = np.sqrt(1 - z**2)
    return np.column_stack([r * np.cos(turn), r * np.sin(turn), z])


def _cone(axis: Array, angle: float) -> Array:
    u, v = _across(axis[None, :])
    return np.asarray(_spiral(_CONE, math.cos(angle)) @ np.vstack([u, v, axis]))


def _across(directions: Array) -> tuple[Array, Array]:
    """Return two unit vectors that are normal to each direction and to each other."""
    helper = np.eye(3)[np.argmin(np.abs(directions), axis=1)]
    u = np.cross(directions, helper)
    u /= np.linalg.norm(u, axis=1)[:, None]
    return u, np.cross(directions, u)


def _projected(positions: Array, directions: Array) -> Array:
    """Return the atoms' shadows along each direction, shape (directions, atoms, 2)."""
    return np.stack([positions @ side.T for side in _across(directions)], axis=-1).transpose(1, 0, 2)
