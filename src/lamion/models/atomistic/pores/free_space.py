"""The space that a crystal's atoms leave free: how far is a point from the nearest atom's surface?"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lamion.models.atomistic.structure.radii import sizes
from lamion.quantities import InputError
from lamion.substances.crystal import Crystal

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

MOST_BOXES = 4_000_000
_FEWEST = 3
_NEAREST = 3
_HALF_DIAGONALS = np.array([(0.5, *rest) for rest in itertools.product((-0.5, 0.5), repeat=2)])
_FIRST_REACH = 8.0
_CHILDREN = np.array(list(itertools.product((0, 1), repeat=3)), dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Boxes:
    """Boxes that share out a part of the cell, each a piece of the cell's own shape.

    Parameters
    ----------
    level : array, shape (n,)
        How often the first box was halved.
    index : array, shape (n, 3)
        Place along a, b and c, counted in boxes of its own level.
    clearance : array, shape (n,)
        Of its middle, angstrom.
    most : array, shape (n,)
        No place in it has a larger clearance, angstrom.
    """

    level: Integers
    index: Integers
    clearance: Array
    most: Array

    def __len__(self) -> int:
        return len(self.level)

    def where(self, chosen: NDArray[np.bool_]) -> Boxes:
        """Return some of the boxes.

        Parameters
        ----------
        chosen : array of bool, shape (n,)
            Which.
        """
        return Boxes(self.level[chosen], self.index[chosen], self.clearance[chosen], self.most[chosen])

    def joined(self, other: Boxes) -> Boxes:
        """Return the boxes of both.

        Parameters
        ----------
        other : Boxes
            More of them.
        """
        return Boxes(
            np.concatenate([self.level, other.level]),
            np.concatenate([self.index, other.index]),
            np.concatenate([self.clearance, other.clearance]),
            np.concatenate([self.most, other.most]),
        )


@dataclass(frozen=True, eq=False)
class FreeSpace:
    r"""The clearance of a crystal, :math:`f(x) = \min_j (|x - x_j| - r_j)` over all atoms and their copies.

    No two points' clearances differ by more than their distance. In a box no clearance is larger than one atom leaves
    at the corner farthest from it, and the least of these over the nearest atoms holds too.

    Parameters
    ----------
    cell : array, shape (3, 3)
        Vectors as rows, angstrom.
    shape : array, shape (3,)
        Number of boxes of level 0 along a, b and c.
    trees : tuple of (float, KDTree)
        Radius, and the places of the atoms that have it.
    certain : float
        No atom that was left away limits the clearance of a point of the cell below this, angstrom.
    """

    cell: Array
    shape: Integers
    trees: tuple[tuple[float, Any], ...]
    certain: float

    @cached_property
    def _atoms(self) -> tuple[Array, Array]:
        """The places and the radii of all atoms."""
        radii = [np.full(tree.n, size) for size, tree in self.trees]
        return np.concatenate([tree.data for _, tree in self.trees]), np.concatenate(radii)

    @cached_property
    def half_diagonal(self) -> float:
        """Of a box of level 0, angstrom."""
        edges = self.cell / self.shape[:, None]
        signs = np.array(list(itertools.product((1, -1), repeat=2)))
        return float(np.linalg.norm(edges[0] + signs @ edges[1:], axis=1).max() / 2)

    def slack(self, boxes: Boxes) -> Array:
        """Return by how much the clearance can differ between a box's middle and the rest of it, angstrom.

        Parameters
        ----------
        boxes : Boxes
            Of any levels.
        """
        return np.asarray(self.half_diagonal / 2.0**boxes.level)

    def middles(self, level: Integers, index: Integers) -> Array:
        """Return the middles of boxes as fractions of the cell, shape (n, 3).

        Parameters
        ----------
        level : array, shape (n,)
            Of the boxes.
        index : array, shape (n, 3)
            Of the boxes.
        """
        return np.asarray((index + 0.5) / (self.shape * 2 ** level[:, None]))

    def clearance(self, fractions: Array) -> Array:
        """Return the clearance of points within the cell, angstrom.

        Parameters
        ----------
        fractions : array, shape (n, 3)
            Places as fractions of the cell.
        """
        nearest = np.full(len(fractions), np.inf)
        for size, tree in self.trees:
            distance, _ = tree.query(fractions @ self.cell)
            nearest = np.minimum(nearest, distance - size)
        return nearest

    def limiting(self, fraction: Array, reach: float) -> tuple[Array, Array]:
        """Return the atoms that can limit the clearance near a point: their places as seen from it, and their radii.

        Parameters
        ----------
        fraction : array, shape (3,)
            The point, as fractions of the cell.
        reach : float
            How far from it, angstrom; no more than half a box's diagonal.

        Returns
        -------
        array, shape (n, 3), and array, shape (n,)
            Angstrom.
        """
        place = fraction % 1.0 @ self.cell
        farthest = float(self.clearance(fraction[None, :] % 1.0)[0]) + 2 * reach
        near = [(size, tree.data[tree.query_ball_point(place, farthest + size)]) for size, tree in self.trees]
        radii = np.concatenate([np.full(len(places), size) for size, places in near])
        return np.concatenate([places for _, places in near]) - place, radii

    def clearance_along(self, start: Array, step: Array) -> float:
        """Return the least clearance of a straight way, angstrom.

        Parameters
        ----------
        start : array, shape (3,)
            Where it begins, as fractions of the cell.
        step : array, shape (3,)
            To its end, as fractions.
        """
        middle = (start + step / 2) % 1.0 @ self.cell
        half = step @ self.cell / 2
        square = max(float(half @ half), 1e-30)
        places, radii = self._atoms
        apart = places - middle
        across = apart - np.clip(apart @ half / square, -1.0, 1.0)[:, None] * half
        least = float((np.sqrt(np.einsum("ij,ij->i", across, across)) - radii).min())
        return min(least, self.certain - math.sqrt(square))

    def boxes(self) -> Boxes:
        """Return all boxes of level 0."""
        index = np.stack(np.meshgrid(*map(np.arange, self.shape), indexing="ij"), axis=-1).reshape(-1, 3)
        return self._boxes(np.zeros(len(index), dtype=np.int64), index.astype(np.int64))

    def halved(self, boxes: Boxes) -> Boxes:
        """Return the eight halves of each box.

        Parameters
        ----------
        boxes : Boxes
            To be halved along all three edges.
        """
        index = (2 * boxes.index[:, None, :] + _CHILDREN).reshape(-1, 3)
        return self._boxes(np.repeat(boxes.level + 1, len(_CHILDREN)), index)

    def _boxes(self, level: Integers, index: Integers) -> Boxes:
        middles = self.middles(level, index) @ self.cell
        half = _HALF_DIAGONALS @ (self.cell / self.shape[:, None])
        size = 0.5 ** level[:, None, None]
        clearance, most = np.full(len(level), np.inf), np.full(len(level), np.inf)
        for radius, tree in self.trees:
            distance, near = tree.query(middles, k=[*range(1, min(_NEAREST, tree.n) + 1)])
            apart = middles[:, None, :] - tree.data[near]
            # The corner farthest from an atom lies, of each diagonal, at the end that points away from it.
            beyond = (2 * size * np.abs(apart @ half.T) + size**2 * np.sum(half**2, axis=1)).max(axis=2)
            clearance = np.minimum(clearance, distance[:, 0] - radius)
            most = np.minimum(most, np.sqrt(distance**2 + beyond).min(axis=1) - radius)
        return Boxes(level, index, clearance, most)


def free_space(crystal: Crystal, spacing: float, radii: Mapping[str, float] | None = None) -> FreeSpace:
    """Return the space between a crystal's atoms.

    Parameters
    ----------
    crystal : Crystal
        Every atom of its cell.
    spacing : float
        Longest edge of a box of level 0, angstrom.
    radii : Mapping of str to float, optional
        By element, angstrom, in place of the stored ones.

    Returns
    -------
    FreeSpace
        With every copy of an atom that can be the nearest to a point of the cell.

    Raises
    ------
    InputError
        When there would be more than four million boxes, or an element has no radius.

    Examples
    --------
    >>> cubic = Crystal("cubic", 6.0 * np.eye(3), ("Cl",), np.zeros((1, 3)))
    >>> float(free_space(cubic, 0.5).clearance(np.array([[0.5, 0.0, 0.0]]))[0])
    1.25
    """
    crystal.check_whole("The free space")
    lengths = np.linalg.norm(crystal.cell, axis=1)
    shape = np.maximum(_FEWEST, np.ceil(lengths / spacing)).astype(np.int64)
    count = math.prod(shape.tolist())
    if count > MOST_BOXES:
        raise InputError(
            f"The grid would have {count} points.", "The cell is large for so fine a grid.", "Give a wider one."
        )
    own = np.array(sizes(crystal.symbols, radii))
    space = _space(crystal, shape, own, _FIRST_REACH)
    needed = float(space.boxes().clearance.max() + 3 * space.half_diagonal + own.max())
    return space if needed <= _FIRST_REACH else _space(crystal, shape, own, needed)


def _space(crystal: Crystal, shape: Integers, own: Array, reach: float) -> FreeSpace:
    return FreeSpace(crystal.cell, shape, _trees(crystal, own, reach), reach - float(own.max()))


def _trees(crystal: Crystal, own: Array, reach: float) -> tuple[tuple[float, Any], ...]:
    """Index the atoms within reach of the cell, by radius."""
    from scipy.spatial import cKDTree

    margin = reach * np.linalg.norm(np.linalg.inv(crystal.cell).T, axis=1)
    ranges = [np.arange(-math.ceil(m), math.ceil(m) + 1) for m in margin]
    shifts = np.stack(np.meshgrid(*ranges, indexing="ij"), axis=-1).reshape(-1, 3)
    fractions = (crystal.fractions % 1.0)[None, :, :] + shifts[:, None, :]
    inside = np.all((fractions >= -margin) & (fractions <= 1.0 + margin), axis=2)
    places, radii = fractions[inside] @ crystal.cell, np.broadcast_to(own, inside.shape)[inside]
    return tuple((float(size), cKDTree(places[radii == size])) for size in np.unique(radii))
