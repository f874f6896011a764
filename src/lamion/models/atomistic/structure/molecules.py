"""The molecules and ions of polymer electrolytes, with the conformers that a search begins from.

Chains are built from bond lengths and dihedrals, small molecules are taken from ASE's copy of the G2 set. All are
starting points: a calculator relaxes them.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from lamion.models.atomistic.structure.zmatrix import Row, places
from lamion.quantities import InputError, MissingExtraError
from lamion.substances.molecule import Molecule

_TRANS, _GAUCHE = 180.0, 65.0
_MOST_CONFORMERS = 12


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
    """Build a molecule by name.

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
    meaning, build = SPECIES[known]
    conformers, donors = build()
    symmetric = build in _CHAINS
    return Species(known, meaning, tuple(replace(one, name=known) for one in conformers), donors, symmetric)


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


_Built = tuple[list[Molecule], tuple[int, ...]]


def _glyme(units: int) -> _Built:
    """CH3-(O-CH2-CH2)n-O-CH3: all trans, then gauche C-C bonds, up to the mirror image; a dozen of many, evenly."""
    heavy = [*(["C", "O", "C"] + ["C", "O", "C"] * units)]
    choices = [c for c in itertools.product((_TRANS, _GAUCHE, -_GAUCHE), repeat=units) if _first_turn(c) >= 0]
    every = math.ceil(len(choices) / _MOST_CONFORMERS)
    conformers = [_chain(heavy, _dihedrals(heavy, choice)) for choice in choices[::every]]
    oxygens = [k for k, symbol in enumerate(heavy) if symbol == "O"]
    return conformers, tuple(oxygens)


def _first_turn(choice: Sequence[float]) -> float:
    return next((angle for angle in choice if angle != _TRANS), 0.0)


def _dihedrals(heavy: Sequence[str], about_carbon: Sequence[float]) -> list[float]:
    """Return the dihedral of each backbone bond: given about C-C, trans about C-O."""
    wanted = iter(about_carbon)
    bonds = itertools.pairwise(heavy[1:-1])
    return [next(wanted) if pair == ("C", "C") else _TRANS for pair in bonds]


def _chain(heavy: Sequence[str], dihedrals: Sequence[float]) -> Molecule:
    lengths = {("C", "O"): 1.41, ("O", "C"): 1.41, ("C", "C"): 1.52}
    rows = [Row(heavy[0])]
    for k in range(1, len(heavy)):
        angle = 112.0 if k > 1 and heavy[k - 1] == "O" else 109.0
        at = tuple(range(k - 1, max(-1, k - 4), -1))
        rows.append(Row(heavy[k], at, lengths[heavy[k - 1], heavy[k]], angle, dihedrals[k - 3] if k > 2 else 0.0))
    for k, symbol in enumerate(heavy):
        if symbol == "C":
            rows += _hydrogens(k, len(heavy))
    return _molecule(rows)


def _hydrogens(k: int, size: int) -> list[Row]:
    """CH3 at an end, staggered; CH2 inside, at +-120 degrees from the backbone."""
    if k == 0:
        return [Row("H", (0, 1, 2), 1.09, 109.5, turn) for turn in (60.0, 180.0, 300.0)]
    if k == size - 1:
        return [Row("H", (k, k - 1, k - 2), 1.09, 109.5, turn) for turn in (60.0, 180.0, 300.0)]
    return [Row("H", (k, k - 1, k + 1), 1.09, 109.5, turn) for turn in (120.0, 240.0)]


def _succinonitrile() -> _Built:
    """N#C-CH2-CH2-C#N, gauche and trans."""
    return [_dinitrile(turn) for turn in (_GAUCHE, _TRANS)], (4, 5)


def _stretched_succinonitrile() -> _Built:
    """N#C-CH2-CH2-C#N, trans alone: its nitriles point apart, so one binds."""
    return [_dinitrile(_TRANS)], (4, 5)


def _dinitrile(turn: float) -> Molecule:
    rows = [
        Row("C"),
        Row("C", (0,), 1.53),
        Row("C", (0, 1), 1.46, 112.0),
        Row("C", (1, 0, 2), 1.46, 112.0, turn),
        Row("N", (2, 0, 1), 1.16, 179.5, 0.0),
        Row("N", (3, 1, 0), 1.16, 179.5, 0.0),
        *(Row("H", (0, 1, 2), 1.09, 109.5, angle) for angle in (120.0, 240.0)),
        *(Row("H", (1, 0, 3), 1.09, 109.5, angle) for angle in (120.0, 240.0)),
    ]
    return _molecule(rows)


def _tfsi() -> _Built:
    """(CF3SO2)2N-, trans and cis."""
    return [_imide(turn) for turn in (_TRANS, 30.0)], (5, 0)


def _imide(turn: float) -> Molecule:
    rows = [
        Row("N"),
        Row("S", (0,), 1.58),
        Row("S", (0, 1), 1.58, 126.0),
        Row("C", (1, 0, 2), 1.85, 103.0, 90.0),
        Row("C", (2, 0, 1), 1.85, 103.0, 90.0 if turn == _TRANS else -90.0),
        *(Row("O", (s, 0, c), 1.45, 111.0, angle) for s, c in ((1, 3), (2, 4)) for angle in (120.0, 240.0)),
        *(Row("F", (c, s, 0), 1.34, 110.0, angle) for c, s in ((3, 1), (4, 2)) for angle in (60.0, 180.0, 300.0)),
    ]
    return _molecule(rows, -1)


def _dfob() -> _Built:
    """BF2(C2O4)-, a planar five-ring with two fluorines across."""
    rows = [
        Row("B"),
        Row("O", (0,), 1.50),
        Row("C", (1, 0), 1.32, 110.0),
        Row("C", (2, 1, 0), 1.54, 108.0, 0.0),
        Row("O", (0, 1, 2), 1.50, 104.0, 0.0),
        Row("O", (2, 1, 0), 1.21, 127.0, 180.0),
        Row("O", (3, 2, 1), 1.21, 125.0, 180.0),
        Row("F", (0, 1, 4), 1.39, 111.0, 120.0),
        Row("F", (0, 1, 4), 1.39, 111.0, 240.0),
    ]
    return [_molecule(rows, -1)], (5, 7)


def _lithium() -> _Built:
    return [_molecule([Row("Li")], 1)], (0,)


def _molecule(rows: Sequence[Row], charge: int = 0) -> Molecule:
    return Molecule("a chain", tuple(row.symbol for row in rows), places(rows), charge)


def _from_g2(formula: str, donor: str) -> Callable[[], _Built]:
    def build() -> _Built:
        try:
            from ase.build import molecule
        except ImportError as error:
            raise MissingExtraError("atomistic", f"The molecule {formula}") from error
        atoms = molecule(formula)
        symbols = tuple(atoms.get_chemical_symbols())
        return [Molecule(formula, symbols, np.array(atoms.positions))], (symbols.index(donor),)

    return build


_CHAINS: tuple[Callable[[], _Built], ...] = (
    *(partial(_glyme, units) for units in range(5)),
    _succinonitrile,
    _stretched_succinonitrile,
)
SPECIES: dict[str, tuple[str, Callable[[], _Built]]] = {
    "dme": ("dimethyl ether, one oxygen of PEO", _CHAINS[0]),
    "glyme": ("1,2-dimethoxyethane, two oxygens of PEO", _CHAINS[1]),
    "diglyme": ("diglyme, three oxygens of PEO", _CHAINS[2]),
    "triglyme": ("triglyme, four oxygens of PEO", _CHAINS[3]),
    "tetraglyme": ("tetraglyme, five oxygens of PEO", _CHAINS[4]),
    "sn": ("succinonitrile", _CHAINS[5]),
    "sn-trans": ("succinonitrile held trans, so that one nitrile binds", _CHAINS[6]),
    "mecn": ("acetonitrile", _from_g2("CH3CN", "N")),
    "h2o": ("water", _from_g2("H2O", "O")),
    "co": ("carbon monoxide", _from_g2("CO", "C")),
    "nh3": ("ammonia", _from_g2("NH3", "N")),
    "li+": ("lithium ion", _lithium),
    "tfsi-": ("bis(trifluoromethanesulfonyl)imide", _tfsi),
    "dfob-": ("difluoro(oxalato)borate", _dfob),
}
"""The name on the command line: what it is, and how it is built."""
ETHERS = ("dme", "glyme", "diglyme", "triglyme", "tetraglyme")
"""Pieces of PEO, by length."""
