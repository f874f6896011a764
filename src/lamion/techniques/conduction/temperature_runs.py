"""Heating and cooling: the runs of a table whose temperatures turn."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_FEWEST = 3


def temperature_runs(temperature: Array) -> dict[str, slice]:
    """Return the runs of rising and of falling temperatures by name, in their order; empty where there is one.

    The temperature at which they turn belongs to the run that reaches it. Each run needs three temperatures; where one
    has fewer, or a temperature stands twice in a row, this is no such series.

    Parameters
    ----------
    temperature : array, shape (n,)
        In the order of the file.

    Examples
    --------
    >>> list(temperature_runs(np.array([25.0, 40.0, 55.0, 45.0, 40.0, 25.0])))
    ['heating', 'cooling']
    >>> temperature_runs(np.array([25.0, 40.0, 55.0]))
    {}
    """
    steps = np.sign(np.diff(temperature))
    if len(steps) == 0 or np.any(steps == 0):
        return {}
    # The point at a turn was measured on the way to it.
    turns = [-1, *(np.flatnonzero(steps[1:] != steps[:-1]) + 1).tolist(), len(temperature) - 1]
    runs = [slice(before + 1, last + 1) for before, last in pairwise(turns)]
    if len(runs) < 2 or any(run.stop - run.start < _FEWEST for run in runs):
        return {}
    found: dict[str, slice] = {}
    for run in runs:
        word = "heating" if steps[run.start] > 0 else "cooling"
        count = sum(name.startswith(word) for name in found)
        found[word if not count else f"{word}_{count + 1}"] = run
    return found
