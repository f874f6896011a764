"""Computed readings as bars beside the printed number they are held against."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lamion.report.figures.style import PALETTE, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ROOM = 0.14
"""Of the axis, beside the longest bar, for its number."""


def readings(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw one panel per printed number.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``unit`` and ``quantity``, for the axis; ``groups``, each with ``name``, ``labels``, ``values`` and, where there
        is one, ``printed``.
    theme : Theme
        The paper.
    """
    groups = data["groups"]
    sizes = [len(group["labels"]) for group in groups]
    page.set_size_inches(7.0, 0.9 + 0.55 * len(groups) + 0.24 * sum(sizes))
    panels = page.subplots(len(groups), 1, sharex=True, squeeze=False, height_ratios=sizes)[:, 0]
    for number, (axes, group) in enumerate(zip(panels, groups, strict=True)):
        _panel(axes, group, data["unit"], PALETTE[number % len(PALETTE)], theme)
    drawn = [0.0, *(value for group in groups for value in group["values"])]
    printed = [group["printed"] for group in groups if "printed" in group]
    low, high = min(drawn + printed), max(drawn + printed)
    room = _ROOM * (high - low or 1.0)
    panels[-1].set_xlim(low - room * (low < 0), high + room * (high > 0 or low == high))
    panels[-1].set_xlabel(f"{data['quantity']} / {data['unit']}")


def _panel(axes: Axes, group: Mapping[str, Any], unit: str, color: str, theme: Theme) -> None:
    places = range(len(group["labels"]))
    axes.barh(places, group["values"], color=color, height=0.7)
    for place, value in zip(places, group["values"], strict=True):
        axes.annotate(
            f"{value:.2f}",
            (value, place),
            xytext=(-4 if value < 0 else 4, 0),
            textcoords="offset points",
            ha="right" if value < 0 else "left",
            va="center",
            fontsize=7,
            color=theme.ink,
        )
    title = group["name"]
    if "printed" in group:
        axes.axvline(group["printed"], color=theme.ink, ls="--", lw=1.2)
        title += f"; dashed: printed, {group['printed']:g} {unit}"
    axes.set_yticks(list(places), group["labels"], fontsize=8)
    axes.invert_yaxis()
    axes.axvline(0, color=theme.ink, lw=0.8)
    axes.set_title(title, loc="left", fontsize=9)
    axes.tick_params(axis="y", length=0)
