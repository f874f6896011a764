r"""Meshes that crowd towards corners, where fields of conductors in contact are singular.

At a distance d from the corner the cells are

.. math:: H(d) = \frac{2 s}{n} \sqrt{d / s} \; (d < s), \qquad H(d) = \frac{2 d}{n} \; (d \ge s)

wide: n cells on the first length s, growing from there like the distance. Fields like :math:`d^\lambda` with
:math:`\lambda > 1/2`, as at every right-angled corner between two conductors, then cost no order: the error of an
energy falls with :math:`n^{-2}`, and can be extrapolated.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np

from lamion.numerics.tensor_grid import Array

_GRADING = 2.0


def cells_to(distance: float, scale: float) -> float:
    r"""Return how many cells lie on a distance from a corner, over n.

    .. math:: \xi = \sqrt{d/s} \; (d < s), \qquad \xi = 1 + \tfrac12 \ln(d/s) \; (d \ge s)

    Parameters
    ----------
    distance : float
        d, m.
    scale : float
        s, m.

    Examples
    --------
    >>> round(cells_to(math.exp(2), 1.0), 6)
    2.0
    """
    ratio = distance / scale
    return ratio ** (1 / _GRADING) if ratio < 1 else 1 + math.log(ratio) / _GRADING


def one_sided_edges(length: float, scale: float, resolution: float) -> Array:
    """Return edges that crowd towards the beginning of an interval.

    Parameters
    ----------
    length : float
        Of the interval, m.
    scale : float
        s, the length on which a corner's field changes, m.
    resolution : float
        n.

    Returns
    -------
    array
        From 0 to `length`.

    Examples
    --------
    >>> np.round(one_sided_edges(1.0, 1.0, 4), 4)
    array([0.    , 0.0625, 0.25  , 0.5625, 1.    ])
    """
    end = cells_to(length, scale)
    places = np.linspace(0.0, end, max(2, math.ceil(resolution * end)) + 1)
    edges = scale * np.where(places < 1, places**_GRADING, np.exp(_GRADING * (np.maximum(places, 1) - 1)))
    edges[-1] = length
    return np.asarray(edges, dtype=float)


def two_sided_edges(length: float, scale: float, resolution: float) -> Array:
    """Return edges that crowd towards both ends of an interval.

    Parameters
    ----------
    length, scale, resolution : float
        As in :func:`one_sided_edges`.

    Examples
    --------
    >>> np.round(two_sided_edges(2.0, 1.0, 2), 4)
    array([0.  , 0.25, 1.  , 1.75, 2.  ])
    """
    half = one_sided_edges(length / 2, scale, resolution)
    return np.concatenate([half, length - half[-2::-1]])


def edges_between(breaks: Sequence[float], scale: float, resolution: float) -> Array:
    """Return edges that crowd towards every one of several places.

    Parameters
    ----------
    breaks : sequence of float
        Increasing, m; the first and the last are the ends.
    scale, resolution : float
        As in :func:`one_sided_edges`.

    Examples
    --------
    >>> edges_between([0.0, 2.0, 4.0], 1.0, 2).tolist()
    [0.0, 0.25, 1.0, 1.75, 2.0, 2.25, 3.0, 3.75, 4.0]
    """
    pieces = [np.asarray(breaks[:1], dtype=float)]
    for low, high in itertools.pairwise(breaks):
        inner = low + two_sided_edges(high - low, scale, resolution)[1:]
        inner[-1] = high
        pieces.append(inner)
    return np.concatenate(pieces)
