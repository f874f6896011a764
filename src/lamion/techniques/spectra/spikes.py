r"""Cosmic rays in a Raman spectrum: spikes of one to three points that no line is narrow enough to be.

.. math:: z_i = 0.6745\, \frac{\nabla y_i - \mathrm{med}(\nabla y)}{\mathrm{med}\,|\nabla y - \mathrm{med}(\nabla y)|}

References
----------
D. A. Whitaker, K. Hayes, Chemom. Intell. Lab. Syst. 179 (2018) 82, doi:10.1016/j.chemolab.2018.06.009.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

_THRESHOLD = 8.0
_AROUND = 3
"""Points beside a spike of which the lowest noise around is taken."""
_WIDEST = 3


def spikes_of(y: ArrayLike) -> NDArray[np.bool_]:
    """Tell which points of a spectrum belong to a spike.

    Parameters
    ----------
    y : array-like, shape (n,)
        Counts in the order of the abscissa.

    Returns
    -------
    array of bool, shape (n,)

    Notes
    -----
    A spike rises and falls again within three points by more than eight standard deviations of the differences, and
    stands above its neighbourhood by twice what lies to its sides: a line of two points' half width or more is none.

    Examples
    --------
    >>> y = np.random.default_rng(1).normal(100.0, 1.0, 200)
    >>> y[50] += 80.0
    >>> np.flatnonzero(spikes_of(y)).tolist()
    [50]
    """
    counts = np.asarray(y, dtype=np.float64)
    steps = np.diff(counts)
    middle = np.median(steps)
    deviation = np.median(np.abs(steps - middle)) / 0.6745
    found = np.zeros(len(counts), dtype=bool)
    if deviation <= 0:
        return found
    z = (steps - middle) / deviation
    for place in np.flatnonzero(z > _THRESHOLD):
        falls = np.flatnonzero(z[place + 1 : place + 1 + _WIDEST] < -_THRESHOLD)
        if not len(falls):
            continue
        inside = slice(place + 1, place + 2 + int(falls[0]))
        found[inside] |= _stands_alone(counts, inside, deviation)
    return found


def _stands_alone(counts: NDArray[np.float64], inside: slice, deviation: float) -> bool:
    """Tell whether points stand above both sides by much more than these rise towards them."""
    left, right = counts[max(inside.start - _AROUND, 0) : inside.start], counts[inside.stop : inside.stop + _AROUND]
    if not len(left) or not len(right):
        return False
    sides = np.array([left[-1], right[0]])
    height = float(counts[inside].max() - sides.max())
    rising = max(float(left[-1] - left.min()), float(right[0] - right.min()))
    return height > _THRESHOLD * deviation and height > 2.0 * rising
