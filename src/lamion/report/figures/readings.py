"""Computed readings as bars beside the printed number they are held against."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lamion.report.figures.style import PALETTE, Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def readings(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw one panel per printed number.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``unit``; ``groups``, each with ``name``, ``labels``, ``values`` and, where there is one, ``printed``.
    theme : Theme
        The paper.
    """
    groups = data["groups"]
    sizes = [len(group["labels"]) for group in groups]
    page.set_size_inches(7.0, 0.9 + 0.55 * len(groups) + 0.24 * sum(sizes))
    panels = page.subplots(len(groups), 1, sharex=True, squeeze=False, height_ratios=sizes)[:, 0]
    for axes, group, color in zip(panels, groups, PALETTE, strict=False):
        places = range(len(group["labels"]))
        axes.barh(places, group["values"], color=color, height=0.7)
        for place, value in zip(places, group["values"], strict=True):
            axes.annotate(
                f"{value:.2f}",
                (value, place),
                xytext=(4 if value < 0 else -4, 0),
                textcoords="offset points",
                ha="left" if value < 0 else "right",
                va="center",
                fontsize=7,
                color="#000000",
            )
        title = group["name"]
        if "printed" in group:
            axes.axvline(group["printed"], color=theme.ink, ls="--", lw=1.2)
            title += f"; dashed: printed, {group['printed']:g} {data['unit']}"
        axes.set_yticks(list(places), group["labels"], fontsize=8)
        axes.invert_yaxis()
        axes.axvline(0, color=theme.ink, lw=0.8)
        axes.set_title(title, loc="left", fontsize=9)
        axes.tick_params(axis="y", length=0)
    low = min(min([*group["values"], group.get("printed", 0.0)]) for group in groups)
    panels[-1].set_xlim(1.12 * low, max([0.0, *(value for group in groups for value in group["values"])]))
    panels[-1].set_xlabel(f"binding energy / {data['unit']}")
