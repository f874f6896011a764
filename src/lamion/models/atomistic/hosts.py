"""The hosts of adsorption: cut-outs of a metal-porphyrin sheet, each with the places where a molecule can sit.

A cut-out ends in hydrogen. The paddlewheel M2(RCOO)4 carries R = H (formate) or phenyl (benzoate); the porphyrin is
the metal in porphine. Two paddlewheels that face each other stand for neighbouring layers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lamion.models.atomistic import bond_lengths as bonds
from lamion.models.atomistic.paddlewheel import carboxylate, phenylene
from lamion.models.atomistic.porphyrin import porphine
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
    sites : tuple of Site
        One of each kind.
    """

    name: str
    meaning: str
    molecule: Molecule
    sites: tuple[Site, ...]


def host(name: str, *, multiplicity: int | None = None, gap: float = 8.0) -> Host:
    """Build a host by name.

    Parameters
    ----------
    name : str
        A key of :data:`HOSTS`.
    multiplicity : int, optional
        Instead of the default, which is that of the largest spin: one unpaired electron per copper.
    gap : float
        Angstrom between the facing metals of ``"two-paddlewheels"``; without a meaning for other hosts.

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
    built, sites = build(gap)
    built = replace(built, name=name, multiplicity=multiplicity or built.multiplicity)
    return Host(name, meaning, built, sites)


_Built = tuple[Molecule, tuple[Site, ...]]
_UP = np.array([0.0, 0.0, 1.0])


def _paddlewheel(rest: str) -> Callable[[float], _Built]:
    def build(gap: float) -> _Built:
        symbols, positions = _paddlewheel_atoms(rest)
        return Molecule("paddlewheel", symbols, positions, 0, 3), (Site(0, _UP),)

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


def _porphyrin(gap: float) -> _Built:
    symbols, positions = porphine("Cu")
    return Molecule("porphyrin", symbols, positions, 0, 2), (Site(0, _UP),)


def _two_paddlewheels(gap: float) -> _Built:
    """Two formate paddlewheels on one axis, facing metals `gap` apart: what two layers offer a bridging molecule."""
    symbols, positions = _paddlewheel_atoms("formate")
    lift = np.array([0.0, 0.0, bonds.metal_metal_and_oxygen("Cu")[0] + gap])
    both = np.vstack([positions, positions + lift])
    return Molecule("two paddlewheels", symbols * 2, both, 0, 5), (Site(0, _UP),)


HOSTS: dict[str, tuple[str, Callable[[float], _Built]]] = {
    "paddlewheel": ("Cu2(HCOO)4, copper paddlewheel ended by formate", _paddlewheel("formate")),
    "benzoate": ("Cu2(PhCOO)4, copper paddlewheel with its phenylenes", _paddlewheel("benzoate")),
    "porphyrin": ("copper porphine, the sheet's Cu-N4 site", _porphyrin),
    "two-paddlewheels": ("two facing Cu2(HCOO)4, for a bridge between layers", _two_paddlewheels),
}
"""The name on the command line: what it is, and how it is built."""
