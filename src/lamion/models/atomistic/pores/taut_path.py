"""A way through a crystal, pulled to where it keeps the most clearance."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lamion.models.atomistic.pores.free_space import FreeSpace

Array = NDArray[np.float64]

_MOST_POINTS = 400
_SMALLEST_STEP = 1e-4
_GOLDEN = math.pi * (3 - math.sqrt(5))
_AROUND = 2 * math.pi * np.arange(8) / 8


def pulled_clearance(space: FreeSpace, loop: Array, tolerance: float) -> float:
    """Pull the tightest places of an endless path aside and return the clearance that it then keeps everywhere.

    The tightest straight piece is divided at its middle, and the new point climbs, across the piece, to where the
    clearance is highest; so does an end that is tight itself. It ends where no piece is tighter than its ends, which
    have climbed.

    Parameters
    ----------
    space : FreeSpace
        Of the crystal.
    loop : array, shape (n, 3)
        Its corners in turn, as fractions of the cell; from each to the next and from the last to the first it is
        the shortest way.
    tolerance : float
        How much a piece may be tighter than its ends, angstrom.

    Returns
    -------
    float
        Angstrom: of a path that exists, so never more than the widest passage has.
    """
    points = loop[0] + np.concatenate([np.zeros((1, 3)), np.cumsum(_steps(loop), axis=0)])
    turn = points[-1] - points[0]
    points = points[:-1]
    climbed = np.zeros(len(points), dtype=bool)
    kept = np.array([_kept(space, points, turn, k) for k in range(len(points))])
    while len(points) < _MOST_POINTS:
        k = int(np.argmin(kept))
        after = (k + 1) % len(points)
        ends = space.clearance(points[[k, after]] % 1.0)
        tight = (k, after)[int(np.argmin(ends))]
        if ends.min() - kept[k] > tolerance:
            place, way = points[k] + _step(points, turn, k) / 2, _step(points, turn, k)
            points = np.insert(points, k + 1, _climbed(space, place, way), axis=0)
            climbed, kept = np.insert(climbed, k + 1, True), np.insert(kept, k + 1, 0.0)
            changed = (k, k + 1)
        elif not climbed[tight]:
            way = _step(points, turn, tight - 1) + _step(points, turn, tight)
            points[tight] = _climbed(space, points[tight], way)
            climbed[tight] = True
            changed = (tight - 1, tight)
        else:
            break
        for one in changed:
            kept[one] = _kept(space, points, turn, one)
    return float(kept.min())


def _steps(loop: Array) -> Array:
    step = np.roll(loop, -1, axis=0) - loop
    return np.asarray(step - np.round(step))


def _step(points: Array, turn: Array, k: int) -> Array:
    """Return the way from a corner to the next; the first comes again, a turn further, after the last."""
    k %= len(points)
    return np.asarray(points[k + 1] - points[k] if k + 1 < len(points) else points[0] + turn - points[k])


def _kept(space: FreeSpace, points: Array, turn: Array, k: int) -> float:
    return space.clearance_along(points[k], _step(points, turn, k))


def _climbed(space: FreeSpace, start: Array, way: Array) -> Array:
    """Climb within the plane across a way: eight steps around are tried, turned a little each time."""
    direction = way @ space.cell
    helper = np.eye(3)[int(np.argmin(np.abs(direction)))]
    u = np.cross(direction, helper)
    u /= np.linalg.norm(u)
    v = np.cross(direction, u) / np.linalg.norm(direction)
    inverse = np.linalg.inv(space.cell)
    reach = space.half_diagonal
    place, moved = start, np.zeros(3)
    atoms, radii = space.limiting(place, reach)
    best = float((np.linalg.norm(atoms, axis=1) - radii).min())
    step, turn = reach / 2, 0.0
    while step > _SMALLEST_STEP:
        if math.hypot(*moved) + step > reach:
            place, moved = place + moved @ inverse, np.zeros(3)
            atoms, radii = space.limiting(place, reach)
        tried = moved + step * (np.cos(_AROUND + turn)[:, None] * u + np.sin(_AROUND + turn)[:, None] * v)
        found = (np.linalg.norm(tried[:, None, :] - atoms, axis=2) - radii).min(axis=1)
        turn += _GOLDEN
        if found.max() > best:
            moved, best = tried[int(np.argmax(found))], float(found.max())
        else:
            step /= 1.6
    return np.asarray(place + moved @ inverse)
