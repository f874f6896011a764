"""The hosts of adsorption: cut-outs of a metal-porphyrin sheet, each with the places where a molecule can sit.

A cut-out ends in hydrogen. The paddlewheel M2(RCOO)4 carries R = H (formate) or phenyl (benzoate); the porphyrin is
the metal in porphine. The whole sheet is periodic: one cell of it, with empty space above.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lamion.models.atomistic import bond_lengths as bonds
from lamion.models.atomistic.paddlewheel import carboxylate, phenylene
from lamion.models.atomistic.porphyrin import porphine
from lamion.models.atomistic.sheet import sheet
from lamion.quantities import InputError
from lamion.substances.molecule import Molecule

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Site:
    """A place on a host.

    Parameters
    ----------
    metal : int
        The index of the atom that a donor sits on.
    normal : array, shape (3,)
        The direction away from the host, of length one.
    """

    metal: int
    normal: Array


@dataclass(frozen=True, eq=False)
class Host:
    """A cut-out of a sheet.

    Parameters
    ----------
    name, meaning : str
        On the command line, and in words.
    molecule : Molecule
        Its atoms, charge and default multiplicity.
    site : Site
        Where a donor sits.
    cell : array, shape (3, 3), or None
        Of a periodic host, angstrom; its atoms stay where they are.
    """

    name: str
    meaning: str
    molecule: Molecule
    site: Site
    cell: Array | None = None


def host(name: str, *, multiplicity: int | None = None) -> Host:
    """Build a host by name.

    Parameters
    ----------
    name : str
        A key of :data:`HOSTS`.
    multiplicity : int, optional
        Instead of the default, which is that of the largest spin: one unpaired electron per copper.

    Returns
    -------
    Host

    Raises
    ------
    InputError
        When the name is unknown or the multiplicity impossible.

    Examples
    --------
    >>> paddlewheel = host("paddlewheel")
    >>> len(paddlewheel.molecule), paddlewheel.molecule.multiplicity
    (18, 3)
    """
    if name not in HOSTS:
        raise InputError(f"There is no host '{name}'.", "", f"Known are: {', '.join(HOSTS)}.")
    meaning, build = HOSTS[name]
    built, site, cell = build()
    built = replace(built, name=name, multiplicity=multiplicity or built.multiplicity)
    return Host(name, meaning, built, site, cell)


_Built = tuple[Molecule, Site, Array | None]
_EMPTY = 25.0
_UP = np.array([0.0, 0.0, 1.0])


def _paddlewheel(rest: str) -> Callable[[], _Built]:
    def build() -> _Built:
        symbols, positions = _paddlewheel_atoms(rest)
        return Molecule("paddlewheel", symbols, positions, 0, 3), Site(0, _UP), None

    return build


def _paddlewheel_atoms(rest: str) -> tuple[tuple[str, ...], Array]:
    arm, carbon = carboxylate("Cu")
    if rest == "formate":
        arm.append(("H", carbon + bonds.CARBON_HYDROGEN, 0.0))
    else:
        ring, end = phenylene(carbon + bonds.ARYL_CARBOXYLATE)
        arm += [*ring, ("H", end + bonds.CARBON_HYDROGEN, 0.0)]
    half = bonds.metal_metal_and_oxygen("Cu")[0] / 2
    symbols, positions = ["Cu", "Cu"], [(0.0, 0.0, half), (0.0, 0.0, -half)]
    for x, y in ((1, 0), (0, 1), (-1, 0), (0, -1)):
        symbols += [symbol for symbol, _, _ in arm]
        positions += [(x * r, y * r, z) for _, r, z in arm]
    return tuple(symbols), np.array(positions)


def _porphyrin() -> _Built:
    symbols, positions = porphine("Cu")
    return Molecule("porphyrin", symbols, positions, 0, 2), Site(0, _UP), None


def _sheet() -> _Built:
    built = sheet()
    metal = next(k for k, place in enumerate(built.positions) if built.symbols[k] == "Cu" and place[2] > 0)
    cell = np.diag([built.lattice, built.lattice, _EMPTY])
    return Molecule("sheet", built.symbols, built.positions, 0, 4), Site(metal, _UP), cell


HOSTS: dict[str, tuple[str, Callable[[], _Built]]] = {
    "paddlewheel": ("Cu2(HCOO)4, copper paddlewheel ended by formate", _paddlewheel("formate")),
    "benzoate": ("Cu2(PhCOO)4, copper paddlewheel with its phenylenes", _paddlewheel("benzoate")),
    "porphyrin": ("copper porphine, the sheet's Cu-N4 site", _porphyrin),
    "sheet": ("one cell of the Cu-TCPP(Cu) sheet, periodic and rigid", _sheet),
}
"""The name on the command line: what it is, and how it is built."""
