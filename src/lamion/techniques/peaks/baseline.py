r"""Baselines that are fitted together with the components.

.. math:: b(x) = \sum_j b_j P_j(u), \qquad u = 2\,\frac{x - x_\mathrm{min}}{x_\mathrm{max} - x_\mathrm{min}} - 1

with Legendre's polynomials.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Baseline = Literal["none", "constant", "linear", "quadratic", "cubic"]
BASELINES: tuple[Baseline, ...] = get_args(Baseline)


def columns(baseline: Baseline, x: Array) -> Array:
    """Return what a baseline is made of, shape (b, n).

    Parameters
    ----------
    baseline : str
        One of :data:`BASELINES`.
    x : array, shape (n,)
        The abscissa.

    Examples
    --------
    >>> columns("linear", np.array([0.0, 1.0, 2.0])).tolist()
    [[1.0, 1.0, 1.0], [-1.0, 0.0, 1.0]]
    """
    u = 2.0 * (x - x.min()) / (x.max() - x.min()) - 1.0
    count = BASELINES.index(baseline)
    return np.asarray(np.polynomial.legendre.legvander(u, count - 1).T if count else np.empty((0, len(x))))
