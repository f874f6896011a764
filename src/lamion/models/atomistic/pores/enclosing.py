"""The smallest circle around discs, for many sets of discs at once."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

_SLACK = 1e-9
_FLAT = 1e-12
_MOST_ROUNDS = 60
_PAIRS = tuple(itertools.combinations(range(3), 2))


def enclosing_radii(points: Array, radii: Array) -> Array:
    r"""Return the radius of the smallest circle that holds all discs of each set.

    .. math:: R = \min_{c} \max_j \left(|x_j - c| + r_j\right)

    Parameters
    ----------
    points : array, shape (m, n, 2)
        Middles of the n discs of each of the m sets.
    radii : array, shape (n,)
        Of the discs.

    Returns
    -------
    array, shape (m,)
        Exact but for rounding: the circle is held by at most three discs, and the disc that sticks out farthest enters
        these three until none does.

    References
    ----------
    J. Matoušek, M. Sharir, E. Welzl, Algorithmica 16 (1996) 498, doi:10.1007/BF01940877.

    Examples
    --------
    >>> enclosing_radii(np.array([[[0.0, 0.0], [3.0, 0.0]]]), np.array([1.0, 2.0])).tolist()
    [3.0]
    """
    sets = np.arange(len(points))
    held = np.repeat(np.argmax(np.broadcast_to(radii, points.shape[:2]), axis=1)[:, None], 3, axis=1)
    centre, size = points[sets, held[:, 0]].copy(), radii[held[:, 0]].copy()
    for _ in range(_MOST_ROUNDS):
        reach = np.linalg.norm(points - centre[:, None, :], axis=2) + radii
        far = np.argmax(reach, axis=1)
        out = np.nonzero(reach[sets, far] > size + _SLACK)[0]
        if not len(out):
            break
        tried = np.stack([np.column_stack([held[out][:, pair], far[out]]) for pair in _PAIRS])
        found, sizes = _around_three(points[out[:, None], tried], radii[tried])
        best = np.argmax(sizes, axis=0), np.arange(len(out))
        held[out], centre[out], size[out] = tried[best], found[best], sizes[best]
    return np.asarray(np.max(np.linalg.norm(points - centre[:, None, :], axis=2) + radii, axis=1))


def _around_three(points: Array, radii: Array) -> tuple[Array, Array]:
    """Return the middle and the radius of the smallest circle around three discs, the last axes being (3, 2) and 3."""
    circles = [_around_two(points[..., i, :], points[..., j, :], radii[..., i], radii[..., j]) for i, j in _PAIRS]
    centres, sizes = np.stack([c for c, _ in circles]), np.stack([r for _, r in circles])
    widest = np.argmax(sizes, axis=0)
    centre = np.take_along_axis(centres, widest[None, ..., None], axis=0)[0]
    size = np.take_along_axis(sizes, widest[None, ...], axis=0)[0]
    out = np.any(np.linalg.norm(points - centre[..., None, :], axis=-1) + radii > size[..., None] + _SLACK, axis=-1)
    centre[out], size[out] = _touching_three(points[out], radii[out], size[out])
    return centre, size


def _around_two(one: Array, other: Array, r: Array, s: Array) -> tuple[Array, Array]:
    apart = np.linalg.norm(other - one, axis=-1)
    size = np.maximum(np.maximum(r, s), (apart + r + s) / 2)
    share = np.clip((size - r) / np.maximum(apart, 1e-300), 0.0, 1.0)
    return one + share[..., None] * (other - one), size


def _touching_three(points: Array, radii: Array, least: Array) -> tuple[Array, Array]:
    """Return the circle that three discs touch from within: |c - x_j| = R - r_j, solved for c = u + R v first."""
    first = points[:, 0]
    q, r = points[:, 1:] - first[:, None, :], radii[:, 1:] - radii[:, :1]
    determinant = q[:, 0, 0] * q[:, 1, 1] - q[:, 0, 1] * q[:, 1, 0]
    q = q + np.where(np.abs(determinant) < _FLAT, _FLAT, 0.0)[:, None, None] * np.array([[1.0, 0.3], [0.2, -1.0]])
    known = (np.sum(q**2, axis=2) - radii[:, 1:] ** 2 + radii[:, :1] ** 2) / 2
    solved = np.linalg.solve(q, np.stack([known, r], axis=2))
    u, v = solved[..., 0], solved[..., 1]
    a = np.sum(v**2, axis=1) - 1
    b = np.sum(u * v, axis=1) + radii[:, 0]
    c = np.sum(u**2, axis=1) - radii[:, 0] ** 2
    root = np.sqrt(np.maximum(b**2 - a * c, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        roots = np.stack([(-b - root) / a, (-b + root) / a, -c / (2 * b)])
    straight = np.abs(a) < _FLAT
    fits = (roots >= least - _SLACK) & np.stack([~straight, ~straight, straight])
    size = np.min(np.where(fits, roots, np.inf), axis=0)
    size = np.where(np.isfinite(size), size, least)
    return first + u + size[:, None] * v, size
