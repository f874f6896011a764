"""A flat metal porphyrin of fourfold symmetry, nitrogens on the axes, meso carbons on the diagonals."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lamion.models.atomistic.structure import bond_lengths as bonds

Array = NDArray[np.float64]
Atom = tuple[str, float, float, float]


def ring(metal: str) -> tuple[list[Atom], float]:
    r"""Build the ring without what its meso carbons carry.

    The meso carbon at (m, m) closes the ring: :math:`(x_\alpha - m)^2 + (y_\alpha - m)^2 = d^2`.

    Parameters
    ----------
    metal : str
        In the middle.

    Returns
    -------
    atoms : list of (str, float, float, float)
        Element and place in angstrom, the metal first.
    meso : float
        Distance of the meso carbons from the metal.

    Examples
    --------
    >>> atoms, meso = ring("Cu")
    >>> len(atoms), round(meso, 2)
    (33, 3.43)
    """
    half = math.radians(bonds.ALPHA_NITROGEN_ALPHA / 2)
    n = bonds.metal_nitrogen(metal)
    xa, ya = n + bonds.NITROGEN_ALPHA * math.cos(half), bonds.NITROGEN_ALPHA * math.sin(half)
    yb = bonds.BETA_BETA / 2
    xb = xa + math.sqrt(bonds.ALPHA_BETA**2 - (ya - yb) ** 2)
    reach = math.radians(53.0)
    xh, yh = xb + bonds.CARBON_HYDROGEN * math.cos(reach), yb + bonds.CARBON_HYDROGEN * math.sin(reach)
    total = xa + ya
    m = (total + math.sqrt(2 * bonds.ALPHA_MESO**2 - (xa - ya) ** 2)) / 2
    quarter = [("N", n, 0.0), ("C", m, m)]
    quarter += [(s, x, sign * y) for s, x, y in (("C", xa, ya), ("C", xb, yb), ("H", xh, yh)) for sign in (1, -1)]
    atoms: list[Atom] = [(metal, 0.0, 0.0, 0.0)]
    for turn in range(4):
        atoms += [(symbol, *_turned(x, y, turn), 0.0) for symbol, x, y in quarter]
    return atoms, m * math.sqrt(2)


def _turned(x: float, y: float, quarters: int) -> tuple[float, float]:
    return ((x, y), (-y, x), (-x, -y), (y, -x))[quarters]


def porphine(metal: str) -> tuple[tuple[str, ...], Array]:
    """Build the porphyrin with hydrogen on its meso carbons.

    Parameters
    ----------
    metal : str
        In the middle.

    Returns
    -------
    symbols : tuple of str
        The metal first.
    positions : array, shape (37, 3)
        Angstrom.

    Examples
    --------
    >>> symbols, positions = porphine("Cu")
    >>> symbols.count("H"), positions.shape
    (12, (37, 3))
    """
    atoms, meso = ring(metal)
    r = (meso + bonds.CARBON_HYDROGEN) / math.sqrt(2)
    atoms += [("H", *_turned(r, r, turn), 0.0) for turn in range(4)]
    return tuple(atom[0] for atom in atoms), np.array([atom[1:] for atom in atoms])
