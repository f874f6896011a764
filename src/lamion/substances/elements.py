"""The elements by symbol, and the checks that any set of atoms must pass."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from molmass import ELEMENTS
from numpy.typing import NDArray

from lamion.quantities import InputError

_HEAVIEST = 86
ATOMIC_NUMBERS = {element.symbol: element.number for element in ELEMENTS if element.number <= _HEAVIEST}
"""Symbol to atomic number, up to radon."""

_CLOSEST = 0.4
_FARTHEST = 1e4
_MOST_ATOMS = 5000


def check_atoms(
    name: str, symbols: Sequence[str], positions: NDArray[np.float64], *, alone: NDArray[np.bool_] | None = None
) -> None:
    """Refuse atoms that cannot be.

    Parameters
    ----------
    name : str
        What they are, for the message.
    symbols : sequence of str
        Elements.
    positions : array, shape (n, 3)
        Angstrom.
    alone : array of bool, shape (n,), optional
        Which atoms let no other be where they are; all, where it is not given.

    Raises
    ------
    InputError
        When there are none or more than 5000, an element is unknown, the shapes differ, a position is not finite or
        beyond a micrometre, or two such atoms are nearer than 0.4 angstrom.

    Examples
    --------
    >>> check_atoms("a", ["He"], np.zeros((1, 3)))
    """
    if not 1 <= len(symbols) <= _MOST_ATOMS:
        raise InputError(f"{name} has {len(symbols)} atoms.", "", f"Give 1 to {_MOST_ATOMS}.")
    unknown = [symbol for symbol in symbols if symbol not in ATOMIC_NUMBERS]
    if unknown:
        raise InputError(f"{name} holds '{unknown[0]}', which is no element lamion knows.", "", "Check the symbol.")
    if positions.shape != (len(symbols), 3):
        raise InputError(f"{name} has {len(symbols)} elements and positions of shape {positions.shape}.")
    if not np.all(np.abs(positions) < _FARTHEST):
        raise InputError(f"{name} has an atom at no finite place, or farther than {_FARTHEST:g} angstrom away.")
    own = np.arange(len(symbols)) if alone is None else np.flatnonzero(alone)
    pair = _nearest_pair(positions[own])
    if pair is not None and pair[2] < _CLOSEST:
        raise InputError(
            f"The atoms {own[pair[0]] + 1} and {own[pair[1]] + 1} of {name} are {pair[2]:.2g} angstrom apart.",
            "An atom may stand there twice.",
            "Keep one of them.",
        )


def _nearest_pair(positions: NDArray[np.float64]) -> tuple[int, int, float] | None:
    from scipy.spatial import cKDTree

    if len(positions) < 2:
        return None
    distance, index = cKDTree(positions).query(positions, k=2)
    first = int(np.argmin(distance[:, 1]))
    return first, int(index[first, 1]), float(distance[first, 1])
