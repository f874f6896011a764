"""Readings of printed numbers as bars, as audits and tables of computed energies show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lamion.quantities.figure import Axis, Bars, Figure, FigureData, Panel, Rule, Trace

_FREE = 0.14
"""Of the axis, beside the longest bar, for its number."""


@dataclass(frozen=True)
class ReadingGroup:
    """What was computed for one thing.

    Parameters
    ----------
    name : str
        The thing.
    readings : Mapping of str to float
        By what each varies.
    printed : float, optional
        The number that they are readings of.
    """

    name: str
    readings: Mapping[str, float]
    printed: float | None = None


def reading_bars(title: str, quantity: str, unit: str, groups: Sequence[ReadingGroup]) -> FigureData:
    """Return the figure of groups of readings below each other, each beside its printed number.

    Parameters
    ----------
    title : str
        What it shows.
    quantity, unit : str
        What all of them are, and in which unit.
    groups : sequence of ReadingGroup
        One or more, none of them empty.

    Examples
    --------
    >>> figure = reading_bars("Widths", "width", "nm", [ReadingGroup("sheet", {"one": 1.5}, 2.0)])
    >>> figure.data["panels"][0]["title"]
    'sheet; dashed: printed, 2 nm'
    """
    printed = [group.printed for group in groups if group.printed is not None]
    every = [0.0, *(value for group in groups for value in group.readings.values()), *printed]
    low, high = min(every), max(every)
    free = _FREE * (high - low or 1.0)
    x = Axis(quantity, unit, low=low - free * (low < 0), high=high + free * (high > 0 or low == high))
    sizes = [len(group.readings) for group in groups]
    panels = [_panel(group, number, x) for number, group in enumerate(groups)]
    size = (7.0, 0.9 + 0.55 * len(groups) + 0.24 * sum(sizes))
    return Figure(panels, size=size, heights=sizes, share_x=True).entitled(title)


def _panel(group: ReadingGroup, number: int, x: Axis) -> Panel:
    values = list(group.readings.values())
    places = [float(place) for place in range(len(values))]
    texts = [f"{value:.2f}".replace("-", "−") for value in values]
    bars = Bars(places, [0.0] * len(values), values, color=number, width=0.7, across=True, texts=texts)
    traces: list[Trace] = [bars, Rule(0.0, dash="solid")]
    title = group.name
    if group.printed is not None:
        traces.append(Rule(group.printed, dash="dashed"))
        title += f"; dashed: printed, {group.printed:g} {x.unit}".replace("-", "−")
    y = Axis(ticks=list(zip(places, group.readings, strict=True)), backwards=True)
    return Panel(traces, x, y, title, grid="")
