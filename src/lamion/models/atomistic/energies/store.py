"""Where finished calculations are kept by the caller, and under which key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from lamion import hashing
from lamion.quantities import Answer
from lamion.substances.molecule import Molecule

DECIMALS = 5
"""Of positions in angstrom and energies in eV, as they are kept."""


class Store(Protocol):
    """Where finished calculations are kept, given by the caller."""

    def get(self, key: str) -> Answer | None:
        """Return what was kept under a key, or None."""

    def put(self, key: str, answer: Answer) -> None:
        """Keep an answer under a key."""


def key_of(molecule: Molecule, options: Mapping[str, Any], engines: Sequence[str]) -> str:
    """Return the hash of everything that a calculation depends on.

    Parameters
    ----------
    molecule : Molecule
        Its atoms, charge and multiplicity; not its name.
    options : Mapping
        How it is computed; JSON values.
    engines : sequence of str
        Packages whose versions count.

    Examples
    --------
    >>> hydrogen = Molecule("hydrogen", ("H", "H"), np.array([[0.0, 0, 0], [0, 0, 0.74]]))
    >>> key_of(hydrogen, {"steps": 0}, ["numpy"]) == key_of(hydrogen, {"steps": 1}, ["numpy"])
    False
    """
    return hashing.of_value(
        {
            "symbols": list(molecule.symbols),
            "positions": rounded(molecule.positions),
            "charge": molecule.charge,
            "multiplicity": molecule.multiplicity,
            **options,
            "engines": {name: _version(name) for name in engines},
        }
    )


def rounded(places: NDArray[np.float64]) -> list[list[float]]:
    """Return positions or cell vectors as they are kept.

    Parameters
    ----------
    places : array, shape (n, 3)
        Angstrom.
    """
    kept: list[list[float]] = np.round(places, DECIMALS).tolist()
    return kept


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
