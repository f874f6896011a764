"""A crystal: a cell and the atoms in it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import InputError
from lamion.substances.elements import ATOMIC_NUMBERS, check_atoms

Array = NDArray[np.float64]
_LARGEST = 1000.0
_FLATTEST = 1e-3
_ONE_PLACE = 0.1

OCCUPANCY_SLACK = 0.02
"""How far the occupancies of one place may sum to more than one, for what is lost in printing them."""


@dataclass(frozen=True, eq=False)
class Crystal:
    """A periodic structure, every atom of the cell listed.

    Parameters
    ----------
    name : str
        For messages and files.
    cell : array, shape (3, 3)
        The vectors a, b and c as rows, angstrom.
    symbols : tuple of str
        Elements.
    fractions : array, shape (n, 3)
        Places as fractions of a, b and c.
    metadata : Mapping of str to str
        What a file says of it beside its atoms.
    source : SourceFile, optional
        The file it was read from.
    occupancies : array, shape (n,), optional
        Which share of the cells has each atom, 0 to 1; every cell has all of them, where it is not given.

    Raises
    ------
    InputError
        When the cell is flat, left-handed or absurd, an element is unknown, two whole atoms coincide, or the
        occupancies of one place sum to more than one.

    Examples
    --------
    >>> salt = Crystal("NaCl", 5.64 * np.eye(3), ("Na", "Cl"), np.array([[0.0, 0, 0], [0.5, 0.5, 0.5]]))
    >>> round(salt.volume, 1), salt.lengths_and_angles[3]
    (179.4, 90.0)
    """

    name: str
    cell: Array
    symbols: tuple[str, ...]
    fractions: Array
    metadata: Mapping[str, str] = field(default_factory=dict)
    source: Any = None
    occupancies: Array | None = None

    def __post_init__(self) -> None:
        _check_cell(self.name, self.cell)
        if self.fractions.ndim != 2 or self.fractions.shape[1] != 3:
            raise InputError(f"The places of {self.name} have the shape {self.fractions.shape}, not (n, 3).")
        check_atoms(self.name, self.symbols, self.positions, alone=self.shares >= 1.0)
        _check_images(self)
        _check_occupancies(self)

    @property
    def shares(self) -> Array:
        """Occupancies, one where none are given, shape (n,)."""
        return np.ones(len(self.symbols)) if self.occupancies is None else self.occupancies

    def check_whole(self, what: str) -> None:
        """Refuse a crystal with shared or partly occupied sites.

        Parameters
        ----------
        what : str
            What needs whole atoms, for the message.

        Raises
        ------
        InputError
            When an occupancy is below one.
        """
        if np.any(self.shares < 1.0):
            raise InputError(
                f"{what} of {self.name} would need whole atoms; some of its sites are shared or partly occupied.",
                "",
                "Give a crystal in which one of the alternatives is chosen.",
            )

    @property
    def positions(self) -> Array:
        """Places in angstrom, shape (n, 3)."""
        return np.asarray(self.fractions @ self.cell)

    @property
    def volume(self) -> float:
        """Of the cell, cubic angstrom."""
        return float(np.linalg.det(self.cell))

    @property
    def lengths_and_angles(self) -> tuple[float, float, float, float, float, float]:
        """The parameters a, b and c in angstrom and alpha, beta and gamma in degrees."""
        lengths = np.linalg.norm(self.cell, axis=1)
        cosines = [float(self.cell[i] @ self.cell[j] / (lengths[i] * lengths[j])) for i, j in ((1, 2), (0, 2), (0, 1))]
        angles = [round(math.degrees(math.acos(max(-1.0, min(1.0, c)))), 10) for c in cosines]
        return (float(lengths[0]), float(lengths[1]), float(lengths[2]), angles[0], angles[1], angles[2])

    def __len__(self) -> int:
        return len(self.symbols)

    def columns(self) -> dict[str, list[float]]:
        """Return the atoms as a table: their atomic numbers and their places as fractions of the cell."""
        found = {"Atomic Number / 1": [float(ATOMIC_NUMBERS[symbol]) for symbol in self.symbols]}
        found.update({f"{axis} / 1": self.fractions[:, k].tolist() for k, axis in enumerate("abc")})
        return found


def cell_from_parameters(a: float, b: float, c: float, alpha: float, beta: float, gamma: float) -> Array:
    """Return the vectors of a cell, a along x and b in the plane of x and y.

    Parameters
    ----------
    a, b, c : float
        Angstrom.
    alpha, beta, gamma : float
        Degrees.

    Returns
    -------
    array, shape (3, 3)

    Raises
    ------
    InputError
        When no cell has these angles.

    Examples
    --------
    >>> np.round(cell_from_parameters(2.0, 2.0, 3.0, 90.0, 90.0, 120.0)[1], 3).tolist()
    [-1.0, 1.732, 0.0]
    """
    ca, cb, cg = (math.cos(math.radians(angle)) for angle in (alpha, beta, gamma))
    sg = math.sin(math.radians(gamma))
    along = (ca - cb * cg) / sg if abs(sg) > _FLATTEST else math.inf
    height = 1.0 - cb**2 - along**2
    if not (math.isfinite(height) and height > 0):
        raise InputError(f"No cell has the angles {alpha:g}, {beta:g} and {gamma:g} degrees.", "", "Check them.")
    cell = np.array([[a, 0.0, 0.0], [b * cg, b * sg, 0.0], [c * cb, c * along, c * math.sqrt(height)]])
    return np.where(np.abs(cell) < 1e-12, 0.0, cell)


def _check_cell(name: str, cell: Array) -> None:
    if cell.shape != (3, 3) or not np.all(np.isfinite(cell)):
        raise InputError(f"The cell of {name} is not three vectors of finite numbers.")
    lengths = np.linalg.norm(cell, axis=1)
    if not (np.all(lengths > 0.5) and np.all(lengths < _LARGEST)):
        raise InputError(
            f"The cell of {name} has edges of {', '.join(f'{length:.4g}' for length in lengths)} angstrom.",
            "",
            f"Give 0.5 to {_LARGEST:g} angstrom.",
        )
    if np.linalg.det(cell) / math.prod(lengths) < _FLATTEST:
        raise InputError(f"The cell of {name} is flat or left-handed.", "", "Give its vectors in a right-handed order.")


def _check_images(crystal: Crystal) -> None:
    """Refuse an atom that stands on another one's copy in a neighbouring cell."""
    wrapped = crystal.fractions % 1.0 % 1.0
    edge = np.minimum(wrapped, 1.0 - wrapped) @ np.diag(np.linalg.norm(crystal.cell, axis=1)) < 0.5
    near = np.where(np.any(edge, axis=1) & (crystal.shares >= 1.0))[0]
    for k in near:
        apart = crystal.fractions[near] - crystal.fractions[k]
        apart -= np.round(apart)
        distances = np.linalg.norm(apart @ crystal.cell, axis=1)
        distances[near == k] = np.inf
        if distances.size > 1 and distances.min() < 0.4:
            other = int(near[int(np.argmin(distances))])
            raise InputError(
                f"The atoms {k + 1} and {other + 1} of {crystal.name} coincide in neighbouring cells.",
                "An atom at the cell's edge may stand there twice.",
                "Keep one of them.",
            )


def _check_occupancies(crystal: Crystal) -> None:
    """Refuse occupancies that are no shares, or that put more than one atom on a place."""
    shares = crystal.shares
    if shares.shape != (len(crystal),) or not np.all((shares >= -1e-3) & (shares <= 1.0 + 1e-3)):
        raise InputError(f"The occupancies of {crystal.name} are not a number from 0 to 1 for each of its atoms.")
    for k in np.flatnonzero(shares < 1.0):
        apart = crystal.fractions - crystal.fractions[k]
        here = np.linalg.norm((apart - np.round(apart)) @ crystal.cell, axis=1) < _ONE_PLACE
        if shares[here].sum() > 1.0 + OCCUPANCY_SLACK:
            raise InputError(
                f"The occupancies of {crystal.name} put {shares[here].sum():.3g} atoms on the place of atom {k + 1}.",
                "A site may be listed twice, or an occupancy be wrong.",
                "Correct them: they sum to one at most.",
            )
