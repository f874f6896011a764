"""The mass fractions of a sample, as one bar."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lamion.report.figures.style import PALETTE, Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def composition(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw the bar.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``components``, names, and ``mass_fraction``, numbers that sum to 1.
    theme : Theme
        The paper.
    """
    page.set_size_inches(7.0, 1.5)
    axes = page.subplots()
    left = 0.0
    for index, (name, fraction) in enumerate(zip(data["components"], data["mass_fraction"], strict=True)):
        percent = 100 * fraction
        color = PALETTE[index % len(PALETTE)]
        axes.barh(0, percent, left=left, color=color, label=f"{name} {percent:.1f} %", edgecolor=theme.paper)
        left += percent
    axes.set_xlim(0, 100)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("mass fraction of the whole / %")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=min(5, len(data["components"])), fontsize=9)
