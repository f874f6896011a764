"""What cells weigh, component by component."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lamion.report.figures.style import PALETTE, Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def mass_budget(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw one stacked bar for each cell.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``cells``, their names; ``components``, names; ``mass_mg_cm2``, by component one number a cell;
        ``energy_Wh_kg``, one a cell; optionally ``printed_Wh_kg``, one a cell.
    theme : Theme
        The paper.
    """
    cells, components = data["cells"], data["components"]
    page.set_size_inches(7.0, 1.5 + 0.16 * (len(components) // 4) + 0.5 * len(cells))
    axes = page.subplots()
    left = [0.0] * len(cells)
    for index, name in enumerate(components):
        masses = data["mass_mg_cm2"][name]
        color = PALETTE[index % len(PALETTE)]
        hatch = "///" if index >= len(PALETTE) else None
        axes.barh(
            cells, masses, left=left, height=0.62, label=name, color=color, edgecolor=theme.paper, hatch=hatch, lw=0.6
        )
        left = [start + mass for start, mass in zip(left, masses, strict=True)]
    printed = data.get("printed_Wh_kg")
    for row, (end, energy) in enumerate(zip(left, data["energy_Wh_kg"], strict=True)):
        beside = "" if printed is None else f" (printed {printed[row]:g})"
        shown = f"{energy:.0f}" if energy >= 10 else f"{energy:.2g}"
        axes.annotate(f" {shown} Wh/kg{beside}", (end, row), va="center", fontsize=9, color=theme.ink)
    axes.set_xlim(0, (1.22 if printed is None else 1.42) * max(left))
    axes.invert_yaxis()
    axes.set_xlabel("mass per area / mg/cm$^2$")
    page.legend(loc="outside upper center", ncols=min(4, len(components)), fontsize=9)
