"""The molecules and ions of polymer electrolytes, with the conformers that a search begins from.

They stand in molecules.toml; the smallest are taken from ASE's copy of the G2 set. All are starting points: a
calculator relaxes them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np

from lamion.quantities import InputError, MissingExtraError
from lamion.substances.molecule import Molecule

SPECIES: Mapping[str, Mapping[str, Any]] = tomllib.loads(
    files("lamion.models.atomistic.structure").joinpath("molecules.toml").read_text(encoding="utf-8")
)
"""The name on the command line: what it is, and where its atoms are."""
ETHERS = ("dme", "glyme", "diglyme", "triglyme", "tetraglyme")
"""Pieces of PEO, by length."""


@dataclass(frozen=True)
class Species:
    """A molecule or an ion with its conformers and the atoms it binds with.

    Parameters
    ----------
    name : str
        The name on the command line.
    meaning : str
        In words.
    conformers : tuple of Molecule
        The same atoms in the same order.
    donors : tuple of int
        Indices of the atoms that can sit on a metal, along the molecule.
    symmetric : bool
        Whether the molecule's two ends are alike, so that half of its donors stand for all.
    """

    name: str
    meaning: str
    conformers: tuple[Molecule, ...]
    donors: tuple[int, ...]
    symmetric: bool = False

    @property
    def distinct_donors(self) -> tuple[int, ...]:
        """The donors that no symmetry of the molecule makes equal."""
        return self.donors[: (len(self.donors) + 1) // 2] if self.symmetric else self.donors


def species(name: str) -> Species:
    """Look up a molecule.

    Parameters
    ----------
    name : str
        A key of :data:`SPECIES`.

    Returns
    -------
    Species

    Raises
    ------
    InputError
        When the name is unknown.
    MissingExtraError
        When it comes from ASE, which is not installed.

    Examples
    --------
    >>> sn = species("sn")
    >>> len(sn.conformers), sn.conformers[0].electrons
    (2, 42)
    """
    known = name.lower()
    if known not in SPECIES:
        names = ", ".join(SPECIES)
        raise InputError(f"There is no molecule '{name}'.", "", f"Known are: {names}; for adsorption also a file.")
    stored = SPECIES[known]
    if "g2" in stored:
        conformers = [_from_g2(known, stored["g2"])]
    else:
        conformers = [_printed(known, text, stored.get("charge", 0)) for text in stored["conformers"]]
    return Species(known, stored["meaning"], tuple(conformers), tuple(stored["donors"]), stored.get("symmetric", False))


def _printed(name: str, text: str, charge: int) -> Molecule:
    """Read the atoms of a conformer: element and place, a line each."""
    atoms = [line.split() for line in text.splitlines()]
    return Molecule(name, tuple(atom[0] for atom in atoms), np.array([atom[1:] for atom in atoms], dtype=float), charge)


def _from_g2(name: str, formula: str) -> Molecule:
    try:
        from ase.build import molecule
    except ImportError as error:
        raise MissingExtraError("atomistic", f"The molecule {formula}") from error
    atoms = molecule(formula)
    return Molecule(name, tuple(atoms.get_chemical_symbols()), np.array(atoms.positions))


def own_species(molecule: Molecule, donors: Sequence[int]) -> Species:
    """Make a species of any molecule, in the one conformer that it comes in.

    Parameters
    ----------
    molecule : Molecule
        Its atoms, charge and multiplicity.
    donors : sequence of int
        Indices of the atoms that bind.

    Raises
    ------
    InputError
        When there is no such atom, or no donor at all.

    Examples
    --------
    >>> own_species(species("h2o").conformers[0], [0]).donors
    (0,)
    """
    if not donors or not all(0 <= donor < len(molecule) for donor in donors):
        raise InputError(
            f"The atoms {', '.join(str(donor + 1) for donor in donors) or '(none)'} of {molecule.name} cannot bind.",
            f"It has the atoms 1 to {len(molecule)}.",
            "Name those that bind.",
        )
    return Species(molecule.name, f"{molecule.name}, as it was given", (molecule,), tuple(donors))
