"""Tensor grids in one, two or three dimensions: cells between edges, evenly spaced or graded."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class TensorGrid:
    """Cells of a box, the product of intervals along each axis.

    Parameters
    ----------
    edges : tuple of array, each shape (n_k + 1,)
        The cells' edges along each axis, increasing, m.

    Examples
    --------
    >>> grid = TensorGrid((np.linspace(0, 9e-6, 4), np.linspace(0, 12e-6, 3)))
    >>> grid.shape, grid.cells
    ((3, 2), 6)
    """

    edges: tuple[Array, ...]

    @property
    def dimension(self) -> int:
        """How many axes there are."""
        return len(self.edges)

    @property
    def shape(self) -> tuple[int, ...]:
        """Cells along each axis."""
        return tuple(edges.size - 1 for edges in self.edges)

    @property
    def cells(self) -> int:
        """Cells in all."""
        return int(np.prod(self.shape))

    @cached_property
    def widths(self) -> tuple[Array, ...]:
        """Widths of the cells along each axis, m."""
        return tuple(np.diff(edges) for edges in self.edges)

    @cached_property
    def centres(self) -> tuple[Array, ...]:
        """Centres of the cells along each axis, m."""
        return tuple((edges[:-1] + edges[1:]) / 2 for edges in self.edges)

    @cached_property
    def lengths(self) -> tuple[float, ...]:
        """Length of the box along each axis, m."""
        return tuple(float(edges[-1] - edges[0]) for edges in self.edges)

    @cached_property
    def volumes(self) -> Array:
        """Volume of each cell, m^dimension, shape `shape`."""
        return _outer(self.widths)

    def face_areas(self, axis: int) -> Array:
        """Return the cells' cross-sections seen along an axis.

        Parameters
        ----------
        axis : int
            The axis the faces look along.

        Returns
        -------
        array
            m^(dimension - 1), of size 1 along `axis`; multiplies arrays of any size along it.
        """
        return _outer(tuple(np.ones(1) if k == axis else width for k, width in enumerate(self.widths)))


def even_edges(length: float, cells: int) -> Array:
    """Return the edges of equal cells.

    Parameters
    ----------
    length : float
        m.
    cells : int
        How many.

    Examples
    --------
    >>> even_edges(3.0, 3)
    array([0., 1., 2., 3.])
    """
    return np.linspace(0.0, length, cells + 1)


def graded_edges(length: float, cells: int, ratio: float) -> Array:
    r"""Return edges that crowd towards both ends of an interval.

    The widths grow geometrically from either end to the middle; the middle cells are `ratio` times as wide as those
    at the ends.

    Parameters
    ----------
    length : float
        m.
    cells : int
        How many, at least 2.
    ratio : float
        Width in the middle over width at the ends, larger than zero; 1 is even.

    Examples
    --------
    >>> np.round(np.diff(graded_edges(10.0, 4, 4.0)), 3)
    array([1., 4., 4., 1.])
    """
    place = 1 - np.abs(np.linspace(-1, 1, cells))
    highest = place.max()
    widths = ratio ** (place / highest) if highest > 0 else np.ones(cells)
    edges = np.concatenate([[0.0], np.cumsum(widths)])
    return np.asarray(edges * (length / edges[-1]), dtype=float)


def joined_edges(*pieces: ArrayLike) -> Array:
    """Lay intervals one behind the other.

    Parameters
    ----------
    *pieces : array-like
        Edges of each interval, starting anywhere.

    Examples
    --------
    >>> joined_edges([0, 1, 2], [0, 0.5])
    array([0. , 1. , 2. , 2.5])
    """
    widths = np.concatenate([np.diff(np.asarray(piece, dtype=float)) for piece in pieces])
    return np.concatenate([[0.0], np.cumsum(widths)])


def _outer(factors: tuple[Array, ...]) -> Array:
    product = np.ones(())
    for factor in factors:
        product = product[..., np.newaxis] * factor
    return np.asarray(product, dtype=float)
