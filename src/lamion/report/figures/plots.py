"""Plots whose makers hand over numbers alone: what is drawn of them is said here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from lamion.quantities import FigureData
from lamion.quantities.figure import Axis, Bars, Figure, Panel, Rule, Span, Trace
from lamion.report.figures.style import Theme
from lamion.report.figures.xy import xy

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Page

Data = Mapping[str, Any]

_ROOM = 0.14
"""Of the axis, beside the longest bar, for its number."""


def as_plot(figure: FigureData) -> FigureData:
    """Return the specification of a figure, or the figure itself where it has none."""
    made = _PLOTS.get(figure.kind)
    return figure if made is None else made(figure.data).entitled(figure.title)


def composition(page: Page, data: Data, theme: Theme) -> None:
    """Draw ``mass_fraction`` of ``components`` as one bar."""
    xy(page, _composition(data).entitled("").data, theme)


def resolution(page: Page, data: Data, theme: Theme) -> None:
    """Draw simulated ``values`` beside what rounds to ``printed``; ``half_last_digit``, and the axis' ``label``."""
    xy(page, _resolution(data).entitled("").data, theme)


def readings(page: Page, data: Data, theme: Theme) -> None:
    """Draw ``groups`` (``name``, ``labels``, ``values``, maybe ``printed``) of a ``quantity`` with its ``unit``."""
    xy(page, _readings(data).entitled("").data, theme)


def _composition(data: Data) -> Figure:
    traces: list[Trace] = []
    start = 0.0
    for number, (name, fraction) in enumerate(zip(data["components"], data["mass_fraction"], strict=True)):
        end = start + 100.0 * fraction
        traces.append(Bars([0.0], [start], [end], f"{name} {100 * fraction:.1f} %", number, across=True))
        start = end
    panel = Panel(traces, Axis("mass fraction of the whole", "%", low=0.0, high=100.0), Axis(hidden=True), grid="")
    return Figure([panel], size=(7.0, 1.6), legend="above")


def _resolution(data: Data) -> Figure:
    values = np.array(data["values"])
    low, high = np.percentile(values, [0.5, 99.5])
    counts, edges = np.histogram(values, min(40, max(8, len(values) // 12)), (low, high))
    label, _, unit = data["label"].partition(" / ")
    printed, half = data["printed"], data["half_last_digit"]
    simulated = Bars(
        (edges[1:] + edges[:-1]) / 2,
        np.zeros(len(counts)),
        counts.astype(float),
        "synthetic: simulated measurements",
        width=float(edges[1] - edges[0]),
        opacity=0.75,
    )
    rounds = Span(printed - half, printed + half, label="rounds to the printed digits", color=5)
    panel = Panel([simulated, rounds], Axis(label, unit or "1"), Axis("simulated cells"), grid="")
    return Figure([panel], size=(6.4, 3.0), legend="above")


def _readings(data: Data) -> Figure:
    groups, unit = data["groups"], data["unit"]
    sizes = [len(group["labels"]) for group in groups]
    printed = [group["printed"] for group in groups if "printed" in group]
    every = [0.0, *(value for group in groups for value in group["values"]), *printed]
    low, high = min(every), max(every)
    room = _ROOM * (high - low or 1.0)
    x = Axis(data["quantity"], unit, low=low - room * (low < 0), high=high + room * (high > 0 or low == high))
    panels = [_group(group, number, x, unit) for number, group in enumerate(groups)]
    size = (7.0, 0.9 + 0.55 * len(groups) + 0.24 * sum(sizes))
    return Figure(panels, size=size, heights=sizes, share_x=True)


def _group(group: Data, number: int, x: Axis, unit: str) -> Panel:
    places = [float(place) for place in range(len(group["labels"]))]
    values = group["values"]
    texts = [f"{value:.2f}" for value in values]
    traces: list[Trace] = [
        Bars(places, [0.0] * len(values), values, color=number, width=0.7, across=True, texts=texts),
        Rule(0.0, dash="solid"),
    ]
    title = group["name"]
    if "printed" in group:
        traces.append(Rule(group["printed"], dash="dashed"))
        title += f"; dashed: printed, {group['printed']:g} {unit}"
    y = Axis(ticks=list(zip(places, group["labels"], strict=True)), backwards=True)
    return Panel(traces, x, y, title, grid="")


_PLOTS: Mapping[str, Callable[[Data], Figure]] = {
    "composition": _composition,
    "readings": _readings,
    "resolution": _resolution,
}
