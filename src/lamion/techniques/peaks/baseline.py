r"""Baselines that are fitted together with the components.

.. math:: b(x) = \sum_j b_j P_j(u), \qquad u = 2\,\frac{x - x_\mathrm{min}}{x_\mathrm{max} - x_\mathrm{min}} - 1

with Legendre's polynomials.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Baseline = Literal["none", "constant", "linear", "quadratic", "cubic"]
BASELINES: tuple[Baseline, ...] = get_args(Baseline)


@dataclass(frozen=True, eq=False)
class FromData:
    """A baseline of columns that were computed from the data, such as the integral of what lies above it.

    Parameters
    ----------
    name : str
        For people.
    columns : array, shape (b, n)
        Over the abscissa of the fit, each of size one or so; the fit finds how much of each there is.
    convention : bool
        Whether its field takes it for reasonable however it follows the data, so that it always counts as spread.
    """

    name: str
    columns: Array
    convention: bool = False

    def __str__(self) -> str:
        """Return its name."""
        return self.name


AnyBaseline = Baseline | FromData


def columns(baseline: AnyBaseline, x: Array) -> Array:
    """Return what a baseline is made of, shape (b, n).

    Parameters
    ----------
    baseline : str or FromData
        One of :data:`BASELINES`, or columns over this abscissa.
    x : array, shape (n,)
        The abscissa.

    Examples
    --------
    >>> columns("linear", np.array([0.0, 1.0, 2.0])).tolist()
    [[1.0, 1.0, 1.0], [-1.0, 0.0, 1.0]]
    """
    if isinstance(baseline, FromData):
        return baseline.columns
    u = 2.0 * (x - x.min()) / (x.max() - x.min()) - 1.0
    count = BASELINES.index(baseline)
    return np.asarray(np.polynomial.legendre.legvander(u, count - 1).T if count else np.empty((0, len(x))))
