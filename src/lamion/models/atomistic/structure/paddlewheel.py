"""A paddlewheel M2(OOC-)4: two metals along z, four carboxylates in planes that hold z."""

from __future__ import annotations

import math

from lamion.models.atomistic.structure import bond_lengths as bonds

Atom2 = tuple[str, float, float]
"""Element, distance from the axis, height; in angstrom."""


def carboxylate(metal: str) -> tuple[list[Atom2], float]:
    """Return one carboxylate's atoms and the distance of its carbon from the axis.

    Parameters
    ----------
    metal : str
        Of the paddlewheel.

    Returns
    -------
    atoms : list of (str, float, float)
        Two oxygens and the carbon: element, distance from the axis, height.
    carbon : float
        Distance of the carbon from the axis, angstrom.

    Examples
    --------
    >>> round(carboxylate("Cu")[1], 2)
    2.54
    """
    apart, oxygen = bonds.metal_metal_and_oxygen(metal)
    bite = bonds.CARBOXYLATE_HALF_BITE
    out = math.sqrt(oxygen**2 - (apart / 2 - bite) ** 2)
    carbon = out + math.sqrt(bonds.CARBOXYLATE_OXYGEN**2 - bite**2)
    return [("O", out, bite), ("O", out, -bite), ("C", carbon, 0.0)], carbon


def phenylene(start: float) -> tuple[list[Atom2], float]:
    """Return a ring C6H4 upright in the plane of the axis.

    Parameters
    ----------
    start : float
        Distance of its first carbon from the axis, angstrom.

    Returns
    -------
    atoms : list of (str, float, float)
        Its carbons, first and last at height zero, and the four hydrogens between.
    end : float
        Distance of its last carbon from the axis.

    Examples
    --------
    >>> atoms, end = phenylene(4.0)
    >>> len(atoms), round(end, 2)
    (10, 6.78)
    """
    centre = start + bonds.AROMATIC
    turns = [k * math.pi / 3 for k in range(6)]
    atoms = [("C", centre + bonds.AROMATIC * math.cos(t), bonds.AROMATIC * math.sin(t)) for t in turns]
    far = bonds.AROMATIC + bonds.CARBON_HYDROGEN
    atoms += [("H", centre + far * math.cos(t), far * math.sin(t)) for t in turns if abs(math.sin(t)) > 0.1]
    return atoms, start + 2 * bonds.AROMATIC
