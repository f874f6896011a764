"""Which atoms are bonded, where an atom has room for one more, and whether bonds changed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import MissingExtraError
from lamion.substances.molecule import Molecule

_BONDED = 1.25
_APART = 1.5
_CENTRED = 0.1
"""Angstrom from an atom to the middle of its neighbours, below which they lie round it."""


def stretch(molecule: Molecule) -> NDArray[np.float64]:
    """Return every distance over the sum of the two covalent radii.

    Parameters
    ----------
    molecule : Molecule
        The atoms.

    Returns
    -------
    array, shape (n, n)
        Infinite on the diagonal.

    References
    ----------
    B. Cordero et al., Dalton Trans. (2008) 2832, doi:10.1039/b801115j, through ASE.
    """
    try:
        from ase.data import atomic_numbers, covalent_radii
    except ImportError as error:
        raise MissingExtraError("atomistic", "Telling bonds") from error
    radii = np.array([covalent_radii[atomic_numbers[symbol]] for symbol in molecule.symbols])
    distance = np.linalg.norm(molecule.positions[:, None] - molecule.positions[None, :], axis=2)
    np.fill_diagonal(distance, np.inf)
    return np.asarray(distance / (radii[:, None] + radii[None, :]))


def neighbours(molecule: Molecule, atom: int) -> list[int]:
    """Return the atoms bonded to one.

    Parameters
    ----------
    molecule : Molecule
        The atoms.
    atom : int
        Its index.
    """
    return [int(k) for k in np.where(stretch(molecule)[atom] < _BONDED)[0]]


def outward(molecule: Molecule, atom: int) -> NDArray[np.float64]:
    """Return the direction out of a molecule at an atom: away from the atoms bonded to it.

    Parameters
    ----------
    molecule : Molecule
        The molecule.
    atom : int
        The atom's index.

    Returns
    -------
    array, shape (3,)
        Of length one. Where the bonded atoms lie round the atom in a plane, the plane's normal, upwards; down for a
        lone atom.

    Examples
    --------
    >>> water = Molecule("water", ("O", "H", "H"), np.array([[0.0, 0, 0], [0.76, 0, -0.59], [-0.76, 0, -0.59]]))
    >>> outward(water, 0).tolist()
    [0.0, 0.0, 1.0]
    """
    bonded = neighbours(molecule, atom)
    if not bonded:
        return np.array([0.0, 0.0, -1.0])
    bonds = molecule.positions[bonded] - molecule.positions[atom]
    away = -bonds.mean(axis=0)
    if np.linalg.norm(away) > _CENTRED:
        return np.asarray(away / np.linalg.norm(away) + 0.0)
    normal = np.linalg.svd(bonds)[2][-1]
    return np.asarray(normal * (1.0 if normal[np.argmax(np.abs(normal))] > 0 else -1.0) + 0.0)


def changed_bonds(before: Molecule, after: Molecule, parts: Sequence[int] = ()) -> str:
    """Say which bond broke or formed; empty when none did.

    A bond is shorter than 1.25 times the sum of the covalent radii; it counts as broken beyond 1.5 times, and as formed
    when atoms from beyond 1.5 times come that near.

    Parameters
    ----------
    before, after : Molecule
        The same atoms in the same order.
    parts : sequence of int
        The sizes of the parts, in order, whose contacts with each other may open and close; by default it is one.

    Examples
    --------
    >>> near = Molecule("hydrogen", ("H", "H"), np.array([[0.0, 0, 0], [0, 0, 0.74]]))
    >>> far = Molecule("hydrogen", ("H", "H"), np.array([[0.0, 0, 0], [0, 0, 2.0]]))
    >>> changed_bonds(near, far)
    'the bond H1-H2 broke'
    """
    one, other = stretch(before), stretch(after)
    label = np.repeat(np.arange(len(parts)), parts) if parts else np.zeros(len(before))
    within = label[:, None] == label[None, :]
    for word, pairs in (
        ("broke", (one < _BONDED) & (other > _APART)),
        ("formed", (one > _APART) & (other < _BONDED)),
    ):
        found = np.argwhere(np.triu(pairs & within))
        if len(found):
            i, j = found[0]
            return f"the bond {before.symbols[i]}{i + 1}-{before.symbols[j]}{j + 1} {word}"
    return ""
