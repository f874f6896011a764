"""A spectrum with its components, their sum, the baseline and what is left."""

from __future__ import annotations

import numpy as np

from lamion.quantities import FigureData
from lamion.quantities.figure import Axis, Figure, Line, Panel, Points, Rule
from lamion.techniques.peaks.axes import Curve
from lamion.techniques.peaks.fit import PeakFit

_DASHES = ("solid", "dashed", "dashdot")


def spectrum_figure(curve: Curve, fit: PeakFit, title: str, data: str = "measured") -> FigureData:
    """Return the figure of one spectrum.

    Parameters
    ----------
    curve : Curve
        The data.
    fit : PeakFit
        What is drawn beside them.
    title : str
        One line.
    data : str
        What the points are called.
    """
    parts = fit.curves()
    baseline = parts[-1]
    traces: list[Points | Line] = [Points(curve.x, curve.y, data, color="ink", marker="dot")]
    traces += [
        Line(curve.x, baseline + part, one.name, color=rank, dash=_DASHES[rank // 6 % 3])
        for rank, (one, part) in enumerate(zip(fit.layout.components, parts[:-1], strict=True))
    ]
    traces.append(Line(curve.x, baseline, "baseline", color="ink", dash="dotted"))
    traces.append(Line(curve.x, parts.sum(axis=0), "sum", color="ink", opacity=0.6))
    left = fit.residuals() * fit.problem.weights[0] / np.sqrt(fit.variance[0])
    x = Axis(curve.label, curve.unit, backwards=curve.backwards, results=("*.position", "simulated_position"))
    residuals = [Points(curve.x, left, marker="dot", color="ink"), Rule(0.0, axis="y")]
    return Figure(
        [
            Panel(traces, x, Axis(curve.ordinate)),
            Panel(residuals, x, Axis("residual / noise"), legend=""),
        ],
        size=(6.0, 4.6),
        heights=(3.2, 1.0),
        share_x=True,
    ).entitled(title)
