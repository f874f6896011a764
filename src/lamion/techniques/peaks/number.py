r"""How many components a spectrum needs, by Akaike's criterion for small samples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.quantities.errors import InputError
from lamion.techniques.peaks.baseline import AnyBaseline
from lamion.techniques.peaks.component import Component, alike
from lamion.techniques.peaks.fit import fit_peaks

Array = NDArray[np.float64]
MOST = 8
CLEARLY = 10.0
"""Of AICc: one more component may go wherever the noise stands out most, so that little is gained by chance."""


@dataclass(frozen=True)
class Number:
    """How many components, and what was tried.

    Parameters
    ----------
    count : int
        The fewest whose criterion is not clearly above the smallest.
    criteria : Mapping of int to float
        AICc of each number less the smallest.
    """

    count: int
    criteria: Mapping[int, float]


def unnamed(count: int, shape: str) -> tuple[Component, ...]:
    """Return so many components, called peak1, peak2 and so on by rising position, all with one mixing."""
    return alike(Component(f"peak{rank}", shape) for rank in range(1, count + 1))


def number_of_components(x: Array, y: Array, shape: str, baseline: AnyBaseline) -> Number:
    """Add components until the criterion rises twice, and take the fewest that it does not clearly reject.

    Parameters
    ----------
    x, y : array, shape (n,)
        The spectrum, x rising.
    shape, baseline : str
        Of every component; fitted with them.

    Notes
    -----
    The criterion compares descriptions by equal weights. It tells how many components the noise allows to be told
    apart, not how many species there are.

    Examples
    --------
    >>> x, rng = np.linspace(0.0, 60.0, 181), np.random.default_rng(1)
    >>> line = lambda centre: np.exp(-4 * np.log(2) * ((x - centre) / 5) ** 2)
    >>> y = line(20.0) + 0.5 * line(35.0) + rng.normal(0.0, 0.02, len(x))
    >>> number_of_components(x, y, "gaussian", "linear").count
    2
    """
    criteria: dict[int, float] = {}
    for count in range(1, MOST + 1):
        try:
            criteria[count] = fit_peaks(x, y, unnamed(count, shape), baseline=baseline, noise="constant").aicc()
        except InputError:
            break
        best = min(criteria, key=lambda one: criteria[one])
        if count >= best + 2:
            break
    if not criteria:
        raise InputError(f"{len(x)} points are too few for one component.", "", "Widen the range.")
    least = min(criteria.values())
    fewest = min(count for count, value in criteria.items() if value <= least + CLEARLY)
    return Number(fewest, {count: value - least for count, value in criteria.items()})
