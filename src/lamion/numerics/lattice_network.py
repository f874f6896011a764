r"""Networks of conductors on a lattice, solved by conjugate gradients behind a multigrid of connected blocks.

The nodes of a coarse level are the connected pieces of blocks of 2 x 2 x 2 nodes, so that no coarse node reaches
across a wall; a conductor between two of them is the sum of those it stands for, halved because it is twice as long.
Nodes whose coordinates add up to an even number touch odd ones only, which makes red-black Gauss-Seidel two products
with a sparse matrix.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import splu

from lamion.numerics.tensor_grid import Array
from lamion.progress import Progress, silent

Index = NDArray[np.int32]
_COARSEST = 600
_WEAK = 0.3
_DELAY = 4
_LEAST = 1e-15


@dataclass(frozen=True, eq=False)
class Links:
    """The conductors along one axis.

    Parameters
    ----------
    low, high : int array, shape (m,)
        The nodes each of them joins.
    conductance : array, shape (m,)
        Positive.
    """

    low: Index
    high: Index
    conductance: Array


@dataclass(frozen=True, eq=False)
class Network:
    """Nodes on a lattice, conductors between neighbours, and conductors to held potentials.

    Parameters
    ----------
    coordinates : int array, shape (axes, n)
        Place of each node.
    links : tuple of Links, one per axis
        Along each axis.
    held : array, shape (n,)
        Conductance to held potentials, not negative; every connected part touches one.
    """

    coordinates: Index
    links: tuple[Links, ...]
    held: Array

    @property
    def nodes(self) -> int:
        """How many there are."""
        return int(self.held.size)


@dataclass(frozen=True, eq=False)
class NetworkSolution:
    """Potentials of a network.

    Parameters
    ----------
    potential : array, shape (n,)
        At each node.
    iterations : int
        Of conjugate gradients.
    error : float
        Estimate of the dissipation that is still missing over the dissipation.
    """

    potential: Array
    iterations: int
    error: float


def solve_network(
    network: Network,
    source: Array,
    supply: float,
    *,
    tolerance: float = 1e-6,
    most: int = 2000,
    progress: Progress = silent,
) -> NetworkSolution:
    r"""Solve Kirchhoff's equations.

    .. math:: \Big(h_i + \sum_j g_{ij}\Big) u_i - \sum_j g_{ij} u_j = s_i

    Parameters
    ----------
    network : Network
        The nodes and the conductors.
    source : array, shape (n,)
        s: current fed into each node, such as the held conductance times the held potential.
    supply : float
        :math:`\sum_i h_i V_i^2` over the held potentials V: the dissipation is that less :math:`s \cdot u`.
    tolerance : float
        Largest :attr:`NetworkSolution.error`. The dissipation is quadratic in the error of the potential, so 1e-6 of
        it is about 1e-3 of the potential.
    most : int
        Iterations at most.
    progress : Progress
        Told the iterations.

    Returns
    -------
    NetworkSolution
        The error is above the tolerance where `most` iterations did not suffice.

    References
    ----------
    What is missing is the sum of the decrements to come: Z. Strakos, P. Tichy, BIT Numer. Math. 45 (2005) 789. The
    square of the current that is fed in and not drawn stands beside it, since both tend to the same order.

    Examples
    --------
    >>> chain = Links(np.array([0, 1], np.int32), np.array([1, 2], np.int32), np.ones(2))
    >>> network = Network(np.array([[0, 1, 2]], np.int32), (chain,), np.array([2.0, 0.0, 2.0]))
    >>> solve_network(network, np.array([0.0, 0.0, 2.0]), 2.0).potential.round(9).tolist()
    [0.166666667, 0.5, 0.833333333]
    """
    if network.nodes == 0:
        return NetworkSolution(np.zeros(0), 0, 0.0)
    level = _Level.of(network)
    order = level.order
    right = source[order]
    x = np.zeros_like(right)
    residual = right.copy()
    z = level.cycle(residual)
    direction, product = z, float(residual @ z)
    decrements: list[float] = []
    error = 0.0 if product == 0 else np.inf
    while error > tolerance and len(decrements) < most:
        image = level.times(direction)
        step = product / float(direction @ image)
        x = x + step * direction
        residual = residual - step * image
        decrements.append(step * product)
        z = level.cycle(residual)
        previous, product = product, float(residual @ z)
        if product <= 0:
            error = 0.0
            break
        direction = z + (product / previous) * direction
        dissipation = max(supply - float(right @ x), _LEAST * supply)
        unbalanced = float(residual.sum()) / dissipation
        error = max(_missing(decrements) / dissipation, unbalanced**2)
        progress(len(decrements), most, "conjugate gradients")
    potential = np.empty_like(x)
    potential[order] = x
    return NetworkSolution(potential, len(decrements), float(error))


def _missing(decrements: list[float]) -> float:
    """Estimate the dissipation that is still missing, the decrements falling on as they did; twice that, for safety."""
    if len(decrements) < 2 * _DELAY:
        return np.inf
    late, early = sum(decrements[-_DELAY:]), sum(decrements[-2 * _DELAY : -_DELAY])
    fall = min(late / early, 0.99) if early > 0 else 0.0
    return 2 * late * fall / (1 - fall)


class _Level:
    """One level of the multigrid: its matrix by rows of either colour, and the level below."""

    def __init__(self, network: Network, order: Index, reds: int, rows: tuple[sparse.csr_array, ...]) -> None:
        self.order = order
        self.reds = reds
        self.rows = rows
        degree = np.concatenate([np.asarray(part.sum(axis=1)).ravel() for part in rows])
        self.diagonal = degree + network.held[order]
        self.inverse = 1 / (self.diagonal + self._same_colour())
        self.below: _Level | None = None
        self.blocks: Index = np.zeros(0, np.int32)
        self.factors: Any = None
        if network.nodes <= _COARSEST:
            offdiagonal = sparse.vstack(rows)
            self.factors = splu(sparse.csc_array(sparse.diags_array(self.diagonal) - offdiagonal))
            return
        coarse, blocks = _coarsened(network)
        self.below = _Level.of(coarse)
        place = np.empty(coarse.nodes, np.int32)
        place[self.below.order] = np.arange(coarse.nodes, dtype=np.int32)
        self.blocks = place[blocks[order]]

    @classmethod
    def of(cls, network: Network) -> _Level:
        red = network.coordinates.sum(axis=0) % 2 == 0
        order = np.concatenate([np.flatnonzero(red), np.flatnonzero(~red)]).astype(np.int32)
        place = np.empty(network.nodes, np.int32)
        place[order] = np.arange(network.nodes, dtype=np.int32)
        low = np.concatenate([place[part.low] for part in network.links])
        high = np.concatenate([place[part.high] for part in network.links])
        values = np.concatenate([part.conductance for part in network.links])
        reds = int(red.sum())
        matrix = sparse.csr_array(
            sparse.coo_array(
                (np.concatenate([values, values]), (np.concatenate([low, high]), np.concatenate([high, low]))),
                shape=(network.nodes, network.nodes),
            )
        )
        return cls(network, order, reds, (matrix[:reds], matrix[reds:]))

    def _same_colour(self) -> Array:
        """Sum what joins nodes of one colour, as a lattice closed over an odd number of nodes does."""
        red = np.asarray(self.rows[0][:, : self.reds].sum(axis=1)).ravel()
        black = np.asarray(self.rows[1][:, self.reds :].sum(axis=1)).ravel()
        return np.concatenate([red, black])

    def times(self, x: Array) -> Array:
        return np.asarray(self.diagonal * x - np.concatenate([part @ x for part in self.rows]), dtype=float)

    def cycle(self, right: Array) -> Array:
        """Approximate the solution: the same positive definite map every time."""
        if self.below is None:
            return np.asarray(self.factors.solve(right), dtype=float)
        reds = self.reds
        x = right * self.inverse
        x[reds:] = 0.0
        x[reds:] = (right[reds:] + self.rows[1] @ x) * self.inverse[reds:]
        residual = right - self.times(x)
        restricted = np.asarray(np.bincount(self.blocks, residual, self.below.order.size), dtype=float)
        x += self.below.cycle(restricted)[self.blocks]
        for part, rows in ((slice(reds, None), self.rows[1]), (slice(reds), self.rows[0])):
            x[part] += (right[part] - self.diagonal[part] * x[part] + rows @ x) * self.inverse[part]
        return x


def _coarsened(network: Network) -> tuple[Network, Index]:
    """Join the connected pieces of blocks, along the axes that couple strongly."""
    axes = _strong_axes(network.links)
    places = network.coordinates.copy()
    for axis in axes:
        places[axis] //= 2
    inside = []
    for axis, part in enumerate(network.links):
        same = places[axis][part.low] == places[axis][part.high]
        inside.append((part.low[same], part.high[same]))
    low, high = (np.concatenate([pair[end] for pair in inside]) for end in (0, 1))
    joined = sparse.coo_array((np.ones(low.size, np.int8), (low, high)), shape=(network.nodes, network.nodes))
    count, blocks = connected_components(joined, directed=False)
    coordinates = np.empty((places.shape[0], count), np.int32)
    coordinates[:, blocks] = places
    links = tuple(_joined(part, blocks, count, 0.5 if axis in axes else 1.0) for axis, part in enumerate(network.links))
    held = np.bincount(blocks, network.held, count) / 2
    return Network(coordinates, links, held), blocks.astype(np.int32)


def _strong_axes(links: Sequence[Links]) -> set[int]:
    means = [float(part.conductance.mean()) if part.conductance.size else 0.0 for part in links]
    return {axis for axis, mean in enumerate(means) if mean >= _WEAK * max(means)}


def _joined(part: Links, blocks: Index, count: int, factor: float) -> Links:
    low, high = blocks[part.low], blocks[part.high]
    apart = low != high
    matrix = sparse.coo_array((part.conductance[apart] * factor, (low[apart], high[apart])), shape=(count, count))
    summed = sparse.coo_array(sparse.csr_array(matrix))
    return Links(summed.row.astype(np.int32), summed.col.astype(np.int32), summed.data)
