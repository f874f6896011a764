"""A pattern with its peaks, their sum, the baselines and what is left."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lamion.quantities import FigureData
from lamion.quantities.figure import Axis, Figure, Labels, Line, Panel, Points, Rule, Trace
from lamion.techniques.diffraction.lines import Fitted, peaks_of
from lamion.techniques.peaks.axes import Curve


def pattern_figure(
    curve: Curve, fitted: Sequence[Fitted], title: str, marks: Sequence[tuple[float, str]]
) -> FigureData:
    """Return the figure of a pattern.

    Parameters
    ----------
    curve : Curve
        The whole pattern.
    fitted : sequence of Fitted
        Its windows.
    title : str
        One line.
    marks : sequence of (float, str)
        Angles of computed reflections, and their indices.
    """
    traces: list[Trace] = [Points(curve.x, curve.y, "measured", color="ink", marker="dot")]
    left: list[Trace] = []
    for number, window in enumerate(fitted):
        parts = window.found.fit.curves()
        x, baseline = window.curve.x, parts[-1]
        for place, part in enumerate(parts[:-1]):
            traces.append(Line(x, baseline + part, "" if number or place else "components", color=0, dash="dashed"))
        traces.append(Line(x, baseline, "" if number else "baseline", color="ink", dash="dotted"))
        traces.append(Line(x, parts.sum(axis=0), "" if number else "sum", color=1))
        fit = window.found.fit
        scaled = fit.residuals() * fit.problem.weights[0] / np.sqrt(fit.variance[0])
        left.append(Points(x, scaled, marker="dot", color="ink"))
    traces += _labels(fitted)
    traces += [Rule(at, color="faint", text=name) for at, name in marks]
    x_axis = Axis(curve.label, curve.unit, results=("*.position",))
    return Figure(
        [
            Panel(traces, x_axis, Axis(curve.ordinate)),
            Panel([*left, Rule(0.0, axis="y")], x_axis, Axis("residual / noise"), legend=""),
        ],
        size=(6.8, 4.6),
        heights=(3.2, 1.0),
        share_x=True,
    ).entitled(title)


def _labels(fitted: Sequence[Fitted]) -> list[Trace]:
    """Return the peaks' names above them, the largest first."""
    found = []
    for peak in peaks_of(fitted):
        window = peak.window
        at = peak.value("position")
        top = float(np.interp(at, window.curve.x, window.found.fit.curves().sum(axis=0)))
        found.append((top, at, peak.name))
    found.sort(reverse=True)
    if not found:
        return []
    return [Labels([at for _, at, _ in found], [top for top, _, _ in found], [name for _, _, name in found])]
