"""One of the simulated measurements, drawn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import FigureData
from lamion.quantities.figure import prefixed

Array = NDArray[np.float64]
_MOST = 96
"""Points in a row of a drawn map."""


def map_figure(values: Array, size: tuple[float, float], what: str, unit: str, title: str) -> FigureData:
    """Return a map as a figure.

    Parameters
    ----------
    values : array, shape (rows, points)
        In the order of y, each in the order of x.
    size : (float, float)
        Width and height, m.
    what, unit : str
        What is mapped.
    title : str
        Of the figure.
    """
    every = -(-max(values.shape) // _MOST)
    scale, length = prefixed(max(size), "m")
    rows = [[float(f"{value:.4g}") for value in row] for row in values[::every, ::every].tolist()]
    data = {"values": rows, "size": [size[0] / scale, size[1] / scale], "length": length, "what": what, "unit": unit}
    return FigureData("map", title, data)
