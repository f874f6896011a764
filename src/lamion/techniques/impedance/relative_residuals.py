"""The figure of what a spectrum leaves over, relative to abs Z, against frequency."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import FigureData
from lamion.quantities.figure import Axis, Figure, Panel, Points, Rule, Span


def residual_figure(
    title: str,
    frequency: NDArray[np.float64],
    left_over: NDArray[np.complex128],
    noise: float,
    outliers: NDArray[np.float64] | None = None,
    label: str = "residual",
) -> FigureData:
    """Return the real and the imaginary part with the band of the noise.

    Parameters
    ----------
    title : str
        What it shows.
    frequency : array
        Hz.
    left_over : array
        Relative to abs Z.
    noise : float
        Its standard deviation, relative to abs Z.
    outliers : array, optional
        Frequencies of points that stand out, Hz; they are marked.
    label : str
        What is drawn upwards.
    """
    percent = 100.0 * left_over
    panel = Panel(
        [
            Span(-100.0 * noise, 100.0 * noise, "y", "noise, one standard deviation", "faint"),
            Rule(0.0, "y", dash="solid"),
            Points(frequency, percent.real, "real part", 0, joined=True),
            Points(frequency, percent.imag, "imaginary part", 5, marker="square", joined=True),
            *(
                Rule(float(one), label="" if number else "left out")
                for number, one in enumerate([] if outliers is None else outliers)
            ),
        ],
        Axis("frequency", "Hz", "log"),
        Axis(label, "% of |Z|"),
    )
    return Figure([panel], size=(6.0, 3.4), legend="below").entitled(title)
