"""Pores of a crystal by a grid probe: the largest sphere that fits, and the largest that can travel through."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.models.atomistic.radii import radius
from lamion.quantities import InputError
from lamion.substances.crystal import Crystal

Array = NDArray[np.float64]

_MOST_POINTS = 4_000_000


@dataclass(frozen=True)
class Pores:
    """The pores of a crystal.

    Parameters
    ----------
    largest : float
        Diameter of the largest included sphere, angstrom.
    limiting : float
        Diameter of the largest sphere that can travel from cell to cell without end, angstrom; zero where nothing can.
    spacing : float
        Of the grid, angstrom.
    """

    largest: float
    limiting: float
    spacing: float


def pores(crystal: Crystal, spacing: float = 0.25, *, radii: Mapping[str, float] | None = None) -> Pores:
    r"""Probe the space between a crystal's atoms.

    .. math:: D(x) = 2 \min_j \left(|x - x_j| - r_j\right)

    The largest value of D is the largest included sphere. The limiting sphere is the largest D0 for which the points
    with D > D0 hold a path that winds round the cell.

    Parameters
    ----------
    crystal : Crystal
        Every atom of its cell.
    spacing : float
        Of the grid, angstrom.
    radii : Mapping of str to float, optional
        r by element, angstrom; by default van der Waals radii.

    Returns
    -------
    Pores
        The largest sphere is climbed to between the grid's points; the limiting one is right to about one spacing,
        since D changes by at most that between two neighbours.

    Raises
    ------
    InputError
        When the grid would have more than four million points or the spacing is not positive.

    References
    ----------
    T. F. Willems et al., Microporous Mesoporous Mater. 149 (2012) 134, doi:10.1016/j.micromeso.2011.08.020.

    Examples
    --------
    >>> argon = Crystal("simple cubic", 6.0 * np.eye(3), ("Cl",), np.zeros((1, 3)))
    >>> found = pores(argon)
    >>> round(found.largest, 2), round(found.limiting, 1)
    (6.89, 5.0)
    """
    if not (math.isfinite(spacing) and spacing > 0):
        raise InputError(f"A grid spacing of {spacing:g} angstrom is not positive.")
    shape = tuple(max(2, math.ceil(length / spacing)) for length in np.linalg.norm(crystal.cell, axis=1))
    if math.prod(shape) > _MOST_POINTS:
        raise InputError(f"The grid would have {math.prod(shape)} points.", "", "Give a wider spacing.")
    places, sizes = _images(crystal, radii)
    field = _free_diameter(crystal, shape, places, sizes)
    return Pores(_refined_largest(crystal, field, places, sizes), _limiting(field), spacing)


def _images(crystal: Crystal, radii: Mapping[str, float] | None) -> tuple[Array, Array]:
    """Return the places and radii of all atoms near the cell: every point of it has one within its longest edge."""
    reach = float(np.linalg.norm(crystal.cell, axis=1).max())
    heights = 1.0 / np.linalg.norm(np.linalg.inv(crystal.cell).T, axis=1)
    ranges = [np.arange(-math.ceil(reach / height), math.ceil(reach / height) + 1) for height in heights]
    shifts = np.stack(np.meshgrid(*ranges, indexing="ij"), axis=-1).reshape(-1, 3)
    fractions = (crystal.fractions % 1.0)[None, :, :] + shifts[:, None, :]
    own = [radius(symbol) if radii is None else radii[symbol] for symbol in crystal.symbols]
    sizes = np.broadcast_to(own, fractions.shape[:2])
    margin = reach / heights
    inside = np.all((fractions >= -margin) & (fractions <= 1.0 + margin), axis=2)
    return fractions[inside] @ crystal.cell, sizes[inside]


def _free_diameter(crystal: Crystal, shape: tuple[int, ...], places: Array, sizes: Array) -> Array:
    axes = [np.arange(n) / n for n in shape]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3) @ crystal.cell
    return _diameter_at(points, places, sizes).reshape(shape)


def _diameter_at(points: Array, places: Array, sizes: Array) -> Array:
    from scipy.spatial import cKDTree

    nearest = np.full(len(points), np.inf)
    for size in np.unique(sizes):
        distance, _ = cKDTree(places[sizes == size]).query(points)
        nearest = np.minimum(nearest, distance - size)
    return np.asarray(2 * nearest)


def _refined_largest(crystal: Crystal, field: Array, places: Array, sizes: Array) -> float:
    """Climb from the best grid point to the top beside it."""
    from scipy.optimize import minimize

    best = np.array(np.unravel_index(int(np.argmax(field)), field.shape)) / np.array(field.shape)
    found = minimize(
        lambda x: -float(_diameter_at(x[None, :], places, sizes)[0]),
        best @ crystal.cell,
        method="Nelder-Mead",
        options={"xatol": 1e-4, "fatol": 1e-5, "initial_simplex": best @ crystal.cell + 0.2 * _SIMPLEX},
    )
    return float(-found.fun)


_SIMPLEX = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]])


def _limiting(field: Array) -> float:
    """Halve the interval of diameters until a percolating one is found within 1e-3 angstrom."""
    low, high = 0.0, float(field.max())
    if high <= 0 or not _percolates(field > low):
        return 0.0
    while high - low > 1e-3:
        middle = (low + high) / 2
        low, high = (middle, high) if _percolates(field > middle) else (low, middle)
    return low


def _percolates(free: NDArray[np.bool_]) -> bool:
    """Tell whether free points are joined to their own copies in another cell.

    The cell is labelled without periodic bonds; then each bond across a face carries the step to the next cell, and a
    label reached twice with different steps lies on an endless path.
    """
    from scipy.ndimage import label

    labels, count = label(free)
    bonds: dict[int, list[tuple[int, tuple[int, ...]]]] = {k: [] for k in range(1, count + 1)}
    for axis in range(3):
        first, last = labels.take(0, axis=axis).ravel(), labels.take(-1, axis=axis).ravel()
        step = tuple(int(axis == k) for k in range(3))
        for here, there in sorted(set(zip(last.tolist(), first.tolist(), strict=True))):
            if here and there:
                bonds[here].append((there, step))
                bonds[there].append((here, tuple(-s for s in step)))
    return any(_winds(start, bonds, set()) for start in bonds)


def _winds(start: int, bonds: dict[int, list[tuple[int, tuple[int, ...]]]], seen: set[int]) -> bool:
    reached: dict[int, tuple[int, ...]] = {start: (0, 0, 0)}
    waiting = [start]
    while waiting:
        here = waiting.pop()
        for there, step in bonds[here]:
            cell = tuple(a + b for a, b in zip(reached[here], step, strict=True))
            if there not in reached:
                reached[there] = cell
                waiting.append(there)
            elif reached[there] != cell:
                return True
    return False
