"""The keys under which relaxed structures and their energies are kept: inputs, engines and the method, not the code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lamion import hashing
from lamion.store import of_method
from lamion.substances.molecule import Molecule

DECIMALS = 5
"""Of positions in angstrom and energies in eV, as they are kept."""


METHOD = 1
"""Raise it when a change of the code brings the same inputs to another structure or energy: another start, another
optimiser or stopping rule, another basis or correction. Everything kept before is then computed again."""


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
            "positions": kept_places(molecule.positions),
            "charge": molecule.charge,
            "multiplicity": molecule.multiplicity,
            **options,
            **of_method(METHOD),
            "engines": {name: _version(name) for name in engines},
        }
    )


def kept_places(places: NDArray[np.float64]) -> list[list[float]]:
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
