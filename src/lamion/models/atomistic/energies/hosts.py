"""The hosts of adsorption: cut-outs of a metal-porphyrin sheet, each with the place where a molecule can sit.

A cut-out ends in hydrogen. The paddlewheel M2(RCOO)4 carries R = H (formate) or phenyl (benzoate); the porphyrin is
the metal in porphine. The whole sheet is periodic: one cell of it, with empty space above.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lamion.models.atomistic.structure import bond_lengths as bonds
from lamion.models.atomistic.structure.bonding import outward
from lamion.models.atomistic.structure.paddlewheel import carboxylate, phenylene
from lamion.models.atomistic.structure.porphyrin import porphine
from lamion.models.atomistic.structure.sheet import sheet
from lamion.quantities import InputError
from lamion.substances.molecule import Molecule

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Site:
    """A place on a host.

    Parameters
    ----------
    atom : int
        The index of the atom that the molecule sits on.
    normal : array, shape (3,)
        The direction away from the host, of length one.
    """

    atom: int
    normal: Array


@dataclass(frozen=True, eq=False)
class Host:
    """Something a molecule can sit on.

    Parameters
    ----------
    name, meaning : str
        On the command line, and in words.
    molecule : Molecule
        Its atoms, charge and multiplicity.
    site : Site
        Where the molecule sits.
    own_multiplicity : int or None
        The multiplicity of its ground state as far as it is known.
    cell : array, shape (3, 3), or None
        Of a periodic host, angstrom; its atoms stay where they are.
    """

    name: str
    meaning: str
    molecule: Molecule
    site: Site
    own_multiplicity: int | None = None
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
    known = name.lower()
    if known not in HOSTS:
        raise InputError(f"There is no host '{name}'.", "", f"Known are: {', '.join(HOSTS)}; or a file, NAME.xyz.")
    meaning, build = HOSTS[known]
    built = build()
    molecule = replace(built.molecule, name=known)
    named = replace(built, name=known, meaning=meaning, molecule=molecule, own_multiplicity=molecule.multiplicity)
    return with_multiplicity(named, multiplicity)


def own_host(molecule: Molecule, atom: int, *, multiplicity: int | None = None) -> Host:
    """Make a host of any cluster of atoms.

    Parameters
    ----------
    molecule : Molecule
        Its atoms and charge.
    atom : int
        The index of the atom that a molecule sits on, on the side where it has no bond; where its neighbours lie round
        it in a plane, on one of the two faces.
    multiplicity : int, optional
        Instead of the molecule's.

    Raises
    ------
    InputError
        When there is no such atom or the multiplicity is impossible.

    Examples
    --------
    >>> water = Molecule("water", ("O", "H", "H"), np.array([[0.0, 0, 0], [0.76, 0, -0.59], [-0.76, 0, -0.59]]))
    >>> own_host(water, 0).site.normal.tolist()
    [0.0, 0.0, 1.0]
    """
    if not 0 <= atom < len(molecule):
        raise InputError(f"{molecule.name} has no atom {atom + 1}.", "", f"Give 1 to {len(molecule)}.")
    place = Site(atom, outward(molecule, atom))
    meaning = f"{molecule.name}, on {molecule.symbols[atom]}{atom + 1}"
    return with_multiplicity(Host(molecule.name, meaning, molecule, place), multiplicity)


def with_multiplicity(place: Host, multiplicity: int | None) -> Host:
    """Return a host in another spin.

    Parameters
    ----------
    place : Host
        The host.
    multiplicity : int or None
        2S + 1; None leaves it.

    Raises
    ------
    InputError
        When its electrons cannot have it.
    """
    if multiplicity is None:
        return place
    return replace(place, molecule=replace(place.molecule, multiplicity=multiplicity))


_EMPTY = 25.0
_UP = np.array([0.0, 0.0, 1.0])


def _paddlewheel(rest: str) -> Callable[[], Host]:
    def build() -> Host:
        symbols, positions = _paddlewheel_atoms(rest)
        return Host("", "", Molecule("paddlewheel", symbols, positions, 0, 3), Site(0, _UP))

    return build


def _carboxylate() -> Host:
    wheel = _paddlewheel("formate")().molecule
    return own_host(replace(wheel, name="carboxylate"), wheel.symbols.index("O"))


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


def _porphyrin() -> Host:
    symbols, positions = porphine("Cu")
    return Host("", "", Molecule("porphyrin", symbols, positions, 0, 2), Site(0, _UP))


def _sheet(height: float) -> Callable[[], Host]:
    """Return what builds the sheet with a site on the copper nearest to a height, angstrom."""

    def build() -> Host:
        built = sheet()
        copper = [k for k, symbol in enumerate(built.symbols) if symbol == "Cu"]
        nearest = min(copper, key=lambda k: abs(built.positions[k, 2] - height))
        cell = np.diag([built.lattice, built.lattice, _EMPTY])
        return Host("", "", Molecule("sheet", built.symbols, built.positions, 0, 4), Site(nearest, _UP), cell=cell)

    return build


HOSTS: dict[str, tuple[str, Callable[[], Host]]] = {
    "paddlewheel": ("Cu2(HCOO)4, copper paddlewheel ended by formate", _paddlewheel("formate")),
    "benzoate": ("Cu2(PhCOO)4, copper paddlewheel with its phenylenes", _paddlewheel("benzoate")),
    "carboxylate": ("an oxygen of Cu2(HCOO)4, where cations sit", _carboxylate),
    "porphyrin": ("copper porphine, the sheet's Cu-N4 site", _porphyrin),
    "sheet": ("a paddlewheel of one cell of the Cu-TCPP(Cu) sheet, periodic and rigid", _sheet(1.3)),
    "sheet-porphyrin": ("a porphyrin of one cell of the Cu-TCPP(Cu) sheet, periodic and rigid", _sheet(0.0)),
}
"""The name on the command line: what it is, and how it is built."""
