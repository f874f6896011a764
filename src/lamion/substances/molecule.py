"""A molecule, an ion or a cluster: atoms in space with a charge and a multiplicity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import InputError
from lamion.substances.elements import ATOMIC_NUMBERS, check_atoms

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Molecule:
    """Atoms in space.

    Parameters
    ----------
    name : str
        For messages and tables.
    symbols : tuple of str
        Elements.
    positions : array, shape (n, 3)
        Angstrom.
    charge : int
        In elementary charges.
    multiplicity : int
        2S + 1.
    metadata : Mapping of str to str
        What a file says of it beside its atoms.
    source : SourceFile, optional
        The file it was read from.

    Raises
    ------
    InputError
        When an element is unknown, a position is not finite, two atoms coincide, or the electrons cannot have that
        multiplicity.

    Examples
    --------
    >>> Molecule("hydrogen", ("H", "H"), np.array([[0.0, 0, 0], [0, 0, 0.74]])).electrons
    2
    """

    name: str
    symbols: tuple[str, ...]
    positions: Array
    charge: int = 0
    multiplicity: int = 1
    metadata: Mapping[str, str] = field(default_factory=dict)
    source: Any = None

    def __post_init__(self) -> None:
        check_atoms(self.name, self.symbols, self.positions)
        _check_spin(self)

    @property
    def electrons(self) -> int:
        """The number of electrons."""
        return sum(ATOMIC_NUMBERS[symbol] for symbol in self.symbols) - self.charge

    def __len__(self) -> int:
        return len(self.symbols)

    def columns(self) -> dict[str, list[float]]:
        """Return the atoms as a table: their atomic numbers and their places."""
        found = {"Atomic Number / 1": [float(ATOMIC_NUMBERS[symbol]) for symbol in self.symbols]}
        found.update({f"{axis} / angstrom": self.positions[:, k].tolist() for k, axis in enumerate("xyz")})
        return found


def _check_spin(molecule: Molecule) -> None:
    electrons, multiplicity = molecule.electrons, molecule.multiplicity
    if electrons < 0:
        raise InputError(
            f"The charge {molecule.charge:+d} of {molecule.name} takes away more electrons than it has.",
            "",
            "Check the charge.",
        )
    if multiplicity < 1 or multiplicity - 1 > electrons or (electrons - multiplicity) % 2 == 0:
        even = "an odd" if electrons % 2 == 0 else "an even"
        raise InputError(
            f"{molecule.name} with charge {molecule.charge:+d} has {electrons} electrons and cannot have the "
            f"multiplicity {multiplicity}.",
            "",
            f"Give {even} multiplicity of at least 1, or another charge.",
        )
