"""The faces of a medium: between two cells that hold electrolyte, and between electrolyte and electrode."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from lamion.models.transport.medium import HIGH_METAL, LOW_METAL, Medium

Array = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Faces:
    """Faces by the numbers of the electrolyte's cells.

    Parameters
    ----------
    cells : array of int, shape (cells,)
        Place of each electrolyte cell in the raveled grid.
    material : array of int, shape (cells,)
        Of each cell.
    low, high : array of int, shape (faces,)
        The two cells of each inner face.
    low_geometry, high_geometry : array, shape (faces,)
        Area over half the cell's width, times the material's factor along that axis; m^(dimension - 2).
    electrode_cell : array of int, shape (electrode faces,)
        The cell at each electrode face.
    electrode_area : array, shape (electrode faces,)
        m^(dimension - 1).
    electrode_distance : array, shape (electrode faces,)
        From the cell's centre, over the material's factor, m.
    at_low : array of bool, shape (electrode faces,)
        Whether the electrode is the low one.
    volumes : array, shape (cells,)
        That hold electrolyte, m^dimension.
    """

    cells: Integers
    material: Integers
    low: Integers
    high: Integers
    low_geometry: Array
    high_geometry: Array
    electrode_cell: Integers
    electrode_area: Array
    electrode_distance: Array
    at_low: NDArray[np.bool_]
    volumes: Array


def faces_of(medium: Medium) -> Faces:
    """Find the faces of a medium.

    Parameters
    ----------
    medium : Medium
        The grid and what fills it.

    Returns
    -------
    Faces
    """
    grid, which = medium.grid, medium.which
    active = medium.active
    number = np.full(grid.shape, -1, dtype=np.int64)
    number[active] = np.arange(int(active.sum()))
    inner: list[tuple[Array | Integers, ...]] = []
    electrodes: list[tuple[Array | Integers, ...]] = []
    for axis in range(grid.dimension):
        half = _half_widths(medium, axis)
        area = np.broadcast_to(grid.face_areas(axis), grid.shape)
        first, second = _pair(axis, slice(None, -1)), _pair(axis, slice(1, None))
        both = active[first] & active[second]
        geometry = np.divide(area, half, out=np.zeros(grid.shape), where=active)
        inner.append((number[first][both], number[second][both], geometry[first][both], geometry[second][both]))
        for mine, other in ((first, second), (second, first)):
            for metal in (LOW_METAL, HIGH_METAL):
                touch = active[mine] & (which[other] == metal)
                electrodes.append(_electrode(number[mine], area[mine], half[mine], touch, metal == LOW_METAL))
        if axis == 0:
            for end, is_low in ((slice(0, 1), True), (slice(-1, None), False)):
                edge = _pair(0, end)
                electrodes.append(_electrode(number[edge], area[edge], half[edge], active[edge], is_low))
    low, high, low_geometry, high_geometry = (np.concatenate(parts) for parts in zip(*inner, strict=True))
    cell, area_, distance, at_low = (np.concatenate(parts) for parts in zip(*electrodes, strict=True))
    storage = medium.property(lambda material: material.storage)
    return Faces(
        np.flatnonzero(active),
        which[active],
        low.astype(np.int64),
        high.astype(np.int64),
        low_geometry,
        high_geometry,
        cell.astype(np.int64),
        area_,
        distance,
        at_low.astype(bool),
        (grid.volumes * storage)[active],
    )


@dataclass(frozen=True, eq=False)
class SparsityPattern:
    """Where the entries of the Jacobian go; unknowns are numbered 2 cell (concentration) and 2 cell + 1 (potential).

    Parameters
    ----------
    indices, pointers : array of int
        Of the compressed sparse columns.
    slot : array of int
        Of each entry, in the order of :func:`sparsity_pattern`.
    size : int
        Unknowns.
    """

    indices: Integers
    pointers: Integers
    slot: Integers
    size: int

    def matrix(self, entries: Array) -> sparse.csc_array:
        """Sum entries into a matrix.

        Parameters
        ----------
        entries : array
            One per place of the pattern, repeated ones added.
        """
        values = np.bincount(self.slot, entries, self.indices.size)
        return sparse.csc_array((values, self.indices, self.pointers), shape=(self.size, self.size))


def sparsity_pattern(faces: Faces) -> SparsityPattern:
    """Lay out the Jacobian.

    Parameters
    ----------
    faces : Faces
        Of the medium.

    Returns
    -------
    SparsityPattern
        Entries come as: the diagonal blocks of the cells (cc, cp, pc, pp), then for each inner face the salt flux by
        c_low, c_high, p_low, p_high and the current by the same, each first in the row of the low cell and then,
        negative, in that of the high one.
    """
    n = faces.cells.size
    own = np.arange(n)
    rows = [2 * own, 2 * own, 2 * own + 1, 2 * own + 1]
    columns = [2 * own, 2 * own + 1, 2 * own, 2 * own + 1]
    by = [2 * faces.low, 2 * faces.high, 2 * faces.low + 1, 2 * faces.high + 1]
    for equation in (0, 1):
        for column in by:
            rows += [2 * faces.low + equation, 2 * faces.high + equation]
            columns += [column, column]
    place = np.concatenate(columns) * (2 * n) + np.concatenate(rows)
    places, slot = np.unique(place, return_inverse=True)
    pointers = np.searchsorted(places // (2 * n), np.arange(2 * n + 1))
    return SparsityPattern((places % (2 * n)).astype(np.int32), pointers.astype(np.int32), slot, 2 * n)


def _half_widths(medium: Medium, axis: int) -> Array:
    shape = [1] * medium.grid.dimension
    shape[axis] = -1
    half = np.broadcast_to(medium.grid.widths[axis].reshape(shape) / 2, medium.grid.shape)
    factor = medium.property(lambda material: material.factor(axis))
    distance = np.full(medium.grid.shape, np.inf)
    np.divide(half, factor, out=distance, where=factor > 0)
    return distance


def _electrode(
    number: Integers, area: Array, distance: Array, touch: NDArray[np.bool_], is_low: bool
) -> tuple[Array | Integers, ...]:
    count = int(touch.sum())
    return number[touch], area[touch], distance[touch], np.full(count, is_low)


def _pair(axis: int, part: slice) -> tuple[slice, ...]:
    return (slice(None),) * axis + (part,)
