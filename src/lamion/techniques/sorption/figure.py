"""An isotherm with its window, the straight line through it, and the widths of pores."""

from __future__ import annotations

import numpy as np

from lamion.quantities import FigureData
from lamion.quantities.figure import Axis, Figure, Line, Panel, Points, Rule, Span, Trace
from lamion.records.isotherm import Isotherm
from lamion.techniques.sorption.adsorbates import Branch
from lamion.techniques.sorption.pore_width import PoreWidths
from lamion.techniques.sorption.surface_area import SurfaceArea


def isotherm_figure(record: Isotherm, branch: Branch, found: SurfaceArea, pores: PoreWidths | None) -> FigureData:
    """Return the figure: both branches with the window, the straight line, and the widths where there is one."""
    panels = [_of_isotherm(record, branch, found), _of_line(branch, found)]
    if pores is not None and pores.mode is not None:
        traces: list[Trace] = [Points(pores.width, pores.density, "by Horvath and Kawazoe", joined=True, color="ink")]
        traces.append(Rule(pores.mode, text=f"{pores.mode:.2f} nm"))
        panels.append(Panel(traces, Axis("free width of slits", "nm"), Axis("volume per width", "cm3/g/nm"), legend=""))
    return Figure(panels, size=(6.2, 3.0 * len(panels))).entitled("Isotherm and its straight line")


def _of_isotherm(record: Isotherm, branch: Branch, found: SurfaceArea) -> Panel:
    x = branch.relative
    traces: list[Trace] = [
        Span(float(x[found.chosen.first]), float(x[found.chosen.last]), label="window"),
        Points(x, branch.loading, "pressure raised", color="ink", marker="dot", joined=True),
    ]
    lowered = record.desorption
    if lowered is not None and record.relative is not None and np.any(lowered > 0.0):
        kept = lowered > 0.0
        traces.append(Points(record.relative[kept], record.loading[kept], "lowered", color=1, joined=True))
    return Panel(traces, Axis("p/p0", low=0.0, high=1.0), Axis("loading", "mmol/g"))


def _of_line(branch: Branch, found: SurfaceArea) -> Panel:
    own = found.chosen
    last = found.beyond.last if found.beyond is not None else min(own.last + 4, len(branch.relative) - 1)
    every = slice(0, last + 1)
    x, n = branch.relative[every], branch.loading[every]
    kept = n > 0.0
    used = (np.arange(len(x)) >= own.first) & (np.arange(len(x)) <= own.last)
    y = x[kept] / (n[kept] * (1.0 - x[kept]))
    slope, intercept = (own.constant - 1.0) / (own.monolayer * own.constant), 1.0 / (own.monolayer * own.constant)
    ends = np.array([0.0, float(x[-1])])
    traces: list[Trace] = [
        Points(x[kept], y, "measured", color="ink", used=used[kept].tolist()),
        Line(ends, intercept + slope * ends, "BET equation", color=1),
    ]
    return Panel(traces, Axis("p/p0"), Axis("p/p0 over n (1 - p/p0)", "g/mmol"))
