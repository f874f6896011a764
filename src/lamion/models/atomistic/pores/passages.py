"""The widest passage through a crystal: between which two diameters lies its narrowest place?"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.models.atomistic.pores.free_space import Boxes, FreeSpace, Integers
from lamion.models.atomistic.pores.taut_path import pulled_clearance

Array = NDArray[np.float64]

_SIDES = np.array([side for side in itertools.product((-1, 0, 1), repeat=3) if any(side)], dtype=np.int64)
_MOST_ROUNDS = 45
_PLACES = 57
_PULLED = 3
_RINGS = 2


@dataclass(frozen=True)
class Bracket:
    """Two numbers that a third surely lies between.

    Parameters
    ----------
    low, high : float
        Its ends.
    """

    low: float
    high: float

    @property
    def middle(self) -> float:
        """Halfway between them."""
        return (self.low + self.high) / 2

    @property
    def half(self) -> float:
        """Half their distance: no more can the middle be wrong."""
        return (self.high - self.low) / 2


@dataclass(frozen=True, eq=False)
class _Loops:
    """The contacts that close a loop which winds round the cell, the widest of these loops, and how wide it seems."""

    closing: Integers
    widest: Integers
    seems: float


def widest_passage(space: FreeSpace, tolerance: float) -> Bracket | None:
    r"""Enclose the largest clearance that some endless path keeps everywhere.

    The lower bound is the clearance of a path: the widest loop through the boxes' middles, pulled taut. For the upper
    one, a box lets nothing in that is wider than the clearance can be in it. Any tree that joins touching boxes
    leaves some contacts over, each of which closes one loop; an endless path uses at least one whose loop winds round
    the cell, so it is no wider than the widest of these. Their boxes and those beside them are halved until no such
    contact is wider than the path.

    Parameters
    ----------
    space : FreeSpace
        Of the crystal.
    tolerance : float
        Between the bounds, angstrom.

    Returns
    -------
    Bracket or None
        Of the clearance, angstrom, its low end zero where less than a point may pass; None where nothing does. It is
        wider than the tolerance where many passages of nearly the same width compete.

    Examples
    --------
    >>> from lamion.models.atomistic.pores.free_space import free_space
    >>> from lamion.substances.crystal import Crystal
    >>> cubic = Crystal("cubic", 6.0 * np.eye(3), ("Cl",), np.zeros((1, 3)))
    >>> found = widest_passage(free_space(cubic, 0.5), 0.005)
    >>> found.low <= 3.0 * np.sqrt(2.0) - 1.75 <= found.high < found.low + 0.005
    True
    """
    boxes, low, high = space.boxes(), 0.0, np.inf
    for turn in range(_MOST_ROUNDS):
        boxes = boxes.where(boxes.most > low)
        contacts = _contacts(space, boxes)
        loops = _loops(space, boxes, contacts)
        if loops is None:
            return Bracket(low, low) if low > 0 else None
        if loops.seems > low or turn % _PULLED == 0:
            fractions = space.middles(boxes.level, boxes.index)[loops.widest]
            low = max(low, pulled_clearance(space, fractions, tolerance / 8))
        bound = boxes.most[loops.closing].min(axis=1)
        high = max(low, float(bound.max()))
        chosen = np.zeros(len(boxes), dtype=bool)
        chosen[loops.closing[bound > low + tolerance]] = True
        slack = space.slack(boxes)
        undecided = (boxes.clearance - slack < low) & (slack > tolerance / 8)
        for _ in range(_RINGS):
            beside = chosen[contacts]
            chosen[contacts[beside[:, 1], 0]] = chosen[contacts[beside[:, 0], 1]] = True
            chosen &= undecided
        if not chosen.any():
            break
        boxes = boxes.where(~chosen).joined(space.halved(boxes.where(chosen)))
    return Bracket(low, high)


def _contacts(space: FreeSpace, boxes: Boxes) -> Integers:
    """Find the boxes that share a corner, an edge or a face, each pair once."""
    keys = _keys(space, boxes.level, boxes.index)
    order = np.argsort(keys)
    found = [np.empty((0, 2), dtype=np.int64)]
    for level in np.unique(boxes.level):
        own = np.nonzero(boxes.level == level)[0]
        beside = (boxes.index[own][:, None, :] + _SIDES).reshape(-1, 3) % (space.shape * 2**level)
        for coarser in np.unique(boxes.level[boxes.level <= level]):
            wanted = _keys(space, np.full(len(beside), coarser), beside >> (level - coarser))
            place = np.minimum(np.searchsorted(keys, wanted, sorter=order), len(keys) - 1)
            there = keys[order[place]] == wanted
            found.append(np.column_stack([np.repeat(own, len(_SIDES))[there], order[place][there]]))
    pairs = np.sort(np.concatenate(found), axis=1)
    codes = np.unique(pairs[:, 0] * len(boxes) + pairs[:, 1])
    pairs = np.column_stack(np.divmod(codes, max(1, len(boxes))))
    return np.asarray(pairs[pairs[:, 0] != pairs[:, 1]])


def _keys(space: FreeSpace, level: Integers, index: Integers) -> Integers:
    size = space.shape * 2 ** level[:, None]
    return (level << _PLACES) + (index[:, 0] * size[:, 1] + index[:, 1]) * size[:, 2] + index[:, 2]


def _loops(space: FreeSpace, boxes: Boxes, pairs: Integers) -> _Loops | None:
    """Grow the tree of the contacts that seem widest, and find the contacts that wind with it."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import breadth_first_order, connected_components, minimum_spanning_tree

    n = len(boxes)
    if not len(pairs):
        return None
    seems = boxes.clearance[pairs].min(axis=1)
    tree = minimum_spanning_tree(coo_array((seems.max() + 1.0 - seems, pairs.T), shape=(n, n)).tocsr()).tocoo()
    _, first = np.unique(connected_components(tree, directed=False)[1], return_index=True)
    ends = np.concatenate([np.vstack([tree.row, tree.col]), np.vstack([np.full(len(first), n), first])], axis=1)
    rooted = coo_array((np.ones(ends.shape[1]), ends), shape=(n + 1, n + 1)).tocsr()
    above = breadth_first_order(rooted, n, directed=False)[1].astype(np.int64)
    fractions = np.vstack([space.middles(boxes.level, boxes.index), np.zeros((1, 3))])
    cells = _unwrapped(fractions, above, n)
    here, there = pairs.T
    turns = cells[here] - np.round(fractions[there] - fractions[here]) - cells[there]
    winds = np.any(turns != 0, axis=1)
    if not winds.any():
        return None
    closing, seems = pairs[winds], seems[winds]
    best = int(np.argmax(seems))
    return _Loops(closing, _loop(above, n, *closing[best].tolist()), float(seems[best]))


def _unwrapped(fractions: Array, above: Integers, root: int) -> Array:
    """Return the cell that each box lies in when the tree is followed from its root without jumping back."""
    parent = above.copy()
    parent[root] = root
    cells = -np.round(fractions - fractions[parent])
    cells[parent == root] = 0.0
    while np.any(parent != root):
        cells, parent = cells + cells[parent], parent[parent]
    return cells


def _loop(above: Integers, root: int, start: int, end: int) -> Integers:
    """Return the boxes from one to another along the tree; the contact of the two closes the loop."""
    lines = []
    for place in (start, end):
        line = [place]
        while line[-1] != root:
            line.append(int(above[line[-1]]))
        lines.append(line)
    while len(lines[0]) > 1 and len(lines[1]) > 1 and lines[0][-2] == lines[1][-2]:
        lines[0].pop()
        lines[1].pop()
    return np.array(lines[0] + lines[1][-2::-1], dtype=np.int64)
