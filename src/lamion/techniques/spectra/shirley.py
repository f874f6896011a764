r"""Shirley's background: at each binding energy as much as the counts above it at lower ones.

.. math:: B(E) = I_\mathrm{low} + (I_\mathrm{high} - I_\mathrm{low})\, S(E), \qquad
    S(E) = \frac{\int_{E_\mathrm{low}}^{E} (I - B)\,\mathrm{d}E'}
    {\int_{E_\mathrm{low}}^{E_\mathrm{high}} (I - B)\,\mathrm{d}E'}

solved by iteration.

References
----------
D. A. Shirley, Phys. Rev. B 5 (1972) 4709, doi:10.1103/PhysRevB.5.4709; A. Proctor, P. M. A. Sherwood, Anal. Chem. 54
(1982) 13, doi:10.1021/ac00238a008 (the iteration).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.quantities.errors import InputError

Array = NDArray[np.float64]

_ENDS = 3
"""Points that are averaged at each end."""
_MOST = 100
_SMALL = 1e-6
"""Of the step: a change of the background that ends the iteration."""


@dataclass(frozen=True, eq=False)
class Shirley:
    """A background with how it was reached.

    Parameters
    ----------
    background : array, shape (n,)
        B, in the ordinate's unit.
    shape : array, shape (n,)
        S, from 0 to 1.
    iterations : int
        How many it took.
    change : float
        The last change, over the step.
    """

    background: Array
    shape: Array
    iterations: int
    change: float


def shirley(energy: Array, counts: Array) -> Shirley:
    """Return Shirley's background.

    Parameters
    ----------
    energy : array, shape (n,)
        Binding energy in eV, rising.
    counts : array, shape (n,)
        In any unit.

    Raises
    ------
    InputError
        When nothing stands above a line between the ends, or the iteration does not arrive.

    Examples
    --------
    >>> x = np.linspace(0.0, 20.0, 401)
    >>> line = np.exp(-4 * np.log(2) * ((x - 10) / 2) ** 2)
    >>> step = np.cumsum(line) / line.sum()
    >>> bool(np.abs(shirley(x, line + 0.1 * step).background - 0.1 * step).max() < 2e-3)
    True
    """
    low, high = float(np.mean(counts[:_ENDS])), float(np.mean(counts[-_ENDS:]))
    background, change = np.full(len(counts), low), np.inf
    scale = max(abs(high - low), _SMALL * float(np.ptp(counts)))
    for count in range(1, _MOST + 1):
        above = counts - background
        integral = np.concatenate([[0.0], np.cumsum(np.diff(energy) * (above[1:] + above[:-1]) / 2)])
        if not integral[-1] > 0.0:
            raise InputError(
                "Nothing stands above the background that Shirley's integral needs.",
                "The range may hold no line, or reach far beyond it, where the counts rise for other reasons.",
                "Choose a range that ends beside the line (--low, --high), or a linear background.",
            )
        shape = integral / integral[-1]
        following = low + (high - low) * shape
        change = float(np.abs(following - background).max()) / scale
        background = following
        if change < _SMALL:
            return Shirley(background, shape, count, change)
    raise InputError(
        f"Shirley's background still changes by {change:.1g} of its step after {_MOST} iterations.",
        "The ends of the range may stand on lines, or the step is larger than the line.",
        "Choose ends that are flat, or another background.",
    )
