"""Metal-porphyrin sheets built from bond lengths: porphyrins and paddlewheels on a square net.

The layer group is p4/mmm. The porphyrin is at the origin with its nitrogens along a and b, the paddlewheel at (1/2,
1/2) with its metals above and below the layer, the linker's arms along <110>.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.models.atomistic.structure import bond_lengths as bonds
from lamion.models.atomistic.structure.paddlewheel import Atom2, carboxylate, phenylene
from lamion.models.atomistic.structure.porphyrin import ring
from lamion.quantities import InputError

Array = NDArray[np.float64]

LINKERS = {"tcpp": 1, "tcbpp": 2}
"""The phenylene rings of each arm: tetrakis(4-carboxyphenyl)porphyrin and its biphenyl cousin."""

_LARGEST_STRAIN = 0.05


@dataclass(frozen=True, eq=False)
class Sheet:
    """One layer, periodic along a and b.

    Parameters
    ----------
    name : str
        Linker and metals.
    lattice : float
        The edge of the square cell, angstrom.
    symbols : tuple of str
        Elements.
    positions : array, shape (n, 3)
        Angstrom; the layer's middle plane is z = 0.
    strain : float
        By how much the arms were stretched, as a fraction of the lattice without strain.
    """

    name: str
    lattice: float
    symbols: tuple[str, ...]
    positions: Array
    strain: float

    @property
    def thickness(self) -> float:
        """Distance of the outermost nuclei, angstrom."""
        return float(np.ptp(self.positions[:, 2]))


def sheet(linker: str = "tcpp", *, node: str = "Cu", centre: str = "Cu", lattice: float | None = None) -> Sheet:
    r"""Build a sheet.

    .. math:: a_0 = \sqrt{2}\,(r_\mathrm{meso} + l_\mathrm{arm} + r_\mathrm{paddlewheel})

    Parameters
    ----------
    linker : str
        A key of :data:`LINKERS`.
    node : str
        The paddlewheels' metal: Cu, Zn or Co.
    centre : str
        The porphyrins' metal: Cu, Zn, Co, Ni or Fe.
    lattice : float, optional
        The cell's edge in angstrom; by default a0. The difference is shared by the bonds between the rings.

    Returns
    -------
    Sheet

    Raises
    ------
    InputError
        When a part is unknown or the lattice differs from a0 by more than 5 %.

    Examples
    --------
    >>> built = sheet()
    >>> len(built.symbols), round(built.lattice, 2)
    (87, 16.61)
    """
    if linker not in LINKERS:
        raise InputError(f"There is no linker '{linker}'.", "", f"Known are: {', '.join(LINKERS)}.")
    porphyrin, meso = ring(centre)
    rings = LINKERS[linker]
    without_strain = math.sqrt(2) * (meso + _paddlewheel_and_arm(node, rings, 0.0)[1])
    strain = 0.0 if lattice is None else lattice / without_strain - 1.0
    if not abs(strain) <= _LARGEST_STRAIN:
        raise InputError(
            f"A lattice of {lattice:g} angstrom would strain the sheet by {100 * strain:.1f} %.",
            f"Without strain it has {without_strain:.2f} angstrom.",
            "Choose a lattice within 5 % of that.",
        )
    a = without_strain if lattice is None else lattice
    stretch = (a - without_strain) / math.sqrt(2) / (rings + 1)
    atoms, _ = _paddlewheel_and_arm(node, rings, stretch)
    symbols = [atom[0] for atom in porphyrin]
    positions = [atom[1:] for atom in porphyrin]
    for symbol, place in _around(node, atoms):
        symbols.append(symbol)
        positions.append((place[0] + a / 2, place[1] + a / 2, place[2]))
    return Sheet(f"{node}-{linker.upper()}({centre})", a, tuple(symbols), np.array(positions), strain)


def _paddlewheel_and_arm(node: str, rings: int, stretch: float) -> tuple[list[Atom2], float]:
    """Return one arm seen from the paddlewheel, and the distance of the meso carbon it ends at."""
    atoms, end = carboxylate(node)
    bond = bonds.ARYL_CARBOXYLATE
    for _ in range(rings):
        ring_atoms, end = phenylene(end + bond + stretch)
        atoms += ring_atoms
        bond = bonds.ARYL_ARYL
    return atoms, end + bonds.MESO_ARYL + stretch


def _around(node: str, arm: Sequence[Atom2]) -> list[tuple[str, tuple[float, float, float]]]:
    half = bonds.metal_metal_and_oxygen(node)[0] / 2
    found = [(node, (0.0, 0.0, half)), (node, (0.0, 0.0, -half))]
    for x, y in ((1, 1), (-1, 1), (-1, -1), (1, -1)):
        found += [(s, (x * r / math.sqrt(2), y * r / math.sqrt(2), z)) for s, r, z in arm]
    return found
