"""The specification of a figure as the page takes it: plots as their data, what is no plot as the report's picture."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from lamion.quantities import FigureData
from lamion.quantities.bode import bode
from lamion.quantities.figure import figure_of
from lamion.report.figures.draw import draw
from lamion.report.figures.style import DARK, LIGHT, PALETTE, for_both_schemes
from lamion.report.figures.xy import axis_text, painter

JSON = dict[str, Any]

STYLE: JSON = {"palette": PALETTE, "light": vars(LIGHT), "dark": vars(DARK)}
"""The colours of every figure, the report's."""
_SPECTRA = "spectra"


def drawings(figures: Mapping[str, FigureData]) -> list[JSON]:
    """Return what the page draws of an answer; figures of spectra have one against frequency beside them."""
    found = []
    for name, figure in figures.items():
        found.append(drawing(name, figure))
        spectra = figure.data.get(_SPECTRA)
        if spectra and all("frequency" in one for one in spectra):
            found.append(drawing(f"{name}-bode", bode(f"{figure.title}, against frequency", spectra)))
    return found


def drawing(name: str, figure: FigureData) -> JSON:
    """Return one figure."""
    head: JSON = {"name": name, "title": figure.title, "kind": figure.kind}
    if figure.kind != "xy":
        return head | {"svg": _uri(figure)}
    return head | {"data": _with_texts(figure)}


def _uri(figure: FigureData) -> str:
    picture = for_both_schemes(draw(figure, "svg"), figure.kind)
    return "data:image/svg+xml;base64," + base64.b64encode(picture).decode()


def _with_texts(figure: FigureData) -> JSON:
    """Return the specification, with each axis' title as it is printed and each value as its colour."""
    shape = figure_of(figure.data)
    paint = painter(shape, LIGHT)
    panels = []
    for written, panel in zip(figure.data["panels"], shape.panels, strict=True):
        traces = [
            item | {"paint": _hex(paint(trace))} if "value" in item else item
            for item, trace in zip(written["traces"], panel.traces, strict=True)
        ]
        axes = {}
        for side in ("x", "y"):
            axis = getattr(panel, side)
            axes[side] = dict(written[side]) | {"text": axis_text(axis)}
            if axis.opposite:
                axes[side]["opposite"] = dict(written[side]["opposite"]) | {"text": axis_text(axis.opposite)}
        panels.append(dict(written) | {"traces": traces} | axes)
    return dict(figure.data) | {"panels": panels}


def _hex(color: Any) -> str:
    red, green, blue = (round(255 * part) for part in color[:3])
    return f"#{red:02x}{green:02x}{blue:02x}"
