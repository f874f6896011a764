"""A ramp's heat flow with the limits, the baseline, the tangent, the onset and the top of an event."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import FigureData
from lamion.quantities.constants import ZERO_CELSIUS
from lamion.quantities.figure import Axis, Figure, Line, Panel, Points, Rule, Span
from lamion.techniques.thermal.event import Event
from lamion.techniques.thermal.peak_area import Peak

Array = NDArray[np.float64]
Mark = Line | Rule | Span
_DRAWN = 1500
"""Points of a curve: more cannot be told apart."""


def dsc_figure(temperature: Array, flow: Array, drawn: Sequence[Mark], title: str) -> FigureData:
    """Return the figure of a ramp.

    Parameters
    ----------
    temperature, flow : array, shape (n,)
        K, and W/kg taken up.
    drawn : sequence
        Lines and marks.
    title : str
        One line.
    """
    kept = slice(None, None, max(1, len(flow) // _DRAWN))
    points = Points(temperature[kept] - ZERO_CELSIUS, 1e-3 * flow[kept], "measured", color="ink", marker="dot")
    places = ("onset", "peak", "glass_transition")
    axes = Axis("temperature", "degC", results=places), Axis("heat flow, taken up upwards", "W/g")
    return Figure([Panel([*drawn, points], *axes)], size=(6.0, 4.0)).entitled(title)


def marks(temperature: Array, peak: Peak, limits: Event, baseline: str) -> list[Mark]:
    """Return the limits, the baseline, the tangent, the onset and the top of an event.

    Parameters
    ----------
    temperature : array, shape (n,)
        Of the ramp, K.
    peak : Peak
        What was read.
    limits : Event
        Between which.
    baseline : str
        What it is called.
    """
    T = temperature[peak.rows] - ZERO_CELSIUS
    slope, at, height = peak.tangent
    sign = 1e-3 if peak.enthalpy.value >= 0 else -1e-3
    order = np.argsort(T)
    foot, top, where = (one - ZERO_CELSIUS for one in (peak.onset.value, peak.top.value, at))
    under = float(np.interp(where, T[order], 1e-3 * peak.baseline[order]))
    points = [1e-3 * peak.onset_level, under + sign * height, under + sign * (height + slope * (where - foot))]
    return [
        Span(limits.low - ZERO_CELSIUS, limits.high - ZERO_CELSIUS, label="limits", color="faint"),
        Line(T, 1e-3 * peak.baseline, f"baseline, {baseline}", color=0),
        Line([foot, where, 2 * where - foot], points, "tangent of the onset", color=1, dash="dashed"),
        Rule(foot, label=f"onset {foot:.1f} degC", color=1, dash="dotted"),
        Rule(top, label=f"peak {top:.1f} degC", color=2, dash="dotted"),
    ]


def step_mark(temperature: float) -> Mark:
    """Return the mark of a glass transition at a temperature in K."""
    where = temperature - ZERO_CELSIUS
    return Rule(where, label=f"glass transition {where:.1f} degC", color=3, dash="dotted")
