"""Pictures of indentations: load against depth with the fitted unloadings, and moduli against depth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lamion.quantities import FigureData
from lamion.quantities.figure import Axis, Figure, Line, Panel, Points, Rule
from lamion.records.mechanics import IndentationCurve
from lamion.techniques.mechanics.cycle_reading import CycleReading, Settings, undrifted
from lamion.techniques.mechanics.summary import Summary

_MOST = 4000
"""Points of a curve that are drawn; of more, every so many."""


def curve_figure(curve: IndentationCurve, readings: Sequence[CycleReading], settings: Settings) -> FigureData:
    """Draw a curve with its fitted unloadings, and what the fits leave.

    Parameters
    ----------
    curve : IndentationCurve
        The measurement.
    readings : sequence of CycleReading
        Its unloadings.
    settings : Settings
        Those of the reading.
    """
    depth = 1e9 * undrifted(curve, settings)
    every = -(-len(depth) // _MOST)
    traces: list[Points | Line] = [
        Points(depth[::every], 1e3 * curve.load[::every], "measured", color="ink", marker="dot")
    ]
    left: list[Points | Rule] = [Rule(0.0, axis="y")]
    for rank, one in enumerate(readings):
        share = np.linspace(float(curve.load[one.fit.points].min()) / one.fit.peak, 1.0, 60)
        load = share * one.fit.peak
        label = "fitted unloading" if rank == 0 else ""
        traces.append(Line(1e9 * one.fit.depth_at(load), 1e3 * load, label, color=1))
        residuals = Points(1e3 * curve.load[one.fit.points], 1e9 * one.fit.residuals, marker="dot", color=rank)
        left.append(residuals)
    named = f"Test {curve.test}" if curve.test else "An indentation"
    return Figure(
        [
            Panel(traces, Axis("depth", "nm"), Axis("load", "mN")),
            Panel(left, Axis("load", "mN"), Axis("residual", "nm"), legend=""),
        ],
        size=(6.0, 5.2),
        heights=(3.2, 1.2),
    ).entitled(f"{named}: load against depth, and what the fits leave")


def depth_figure(summary: Summary) -> FigureData:
    """Draw the modulus of each unloading against its depth of contact, with its statistical uncertainty.

    Parameters
    ----------
    summary : Summary
        Of all unloadings.
    """
    depth = [1e9 * one.contact.depth for one in summary.every]
    modulus = [one.contact.modulus / 1e9 for one in summary.every]
    error = [float(one.parts["fit"][0]) / 1e9 for one in summary.every]
    mean, std = float(summary.values[0]) / 1e9, float(summary.uncertainty[0]) / 1e9
    traces: list[Points | Rule] = [
        Points(depth, modulus, "each unloading, with its noise", y_error=error),
        Rule(mean, axis="y", label="mean", dash="solid"),
        Rule(mean - std, axis="y", label="with all that is open", dash="dashed"),
        Rule(mean + std, axis="y", dash="dashed"),
    ]
    panel = Panel(traces, Axis("depth of contact", "nm"), Axis("Young's modulus", "GPa", results=("modulus",)))
    return Figure([panel]).entitled("The modulus of each unloading")
