"""Energy density against the electrolyte's thickness."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lamion.report.figures.style import PALETTE, Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MARKS = ("o", "s", "D", "^")


def energy_thickness(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw a curve with its band for each cell, and the printed points.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``thickness_um``; ``cells``, a list with ``name``, ``energy_Wh_kg``, ``lowest_Wh_kg``, ``highest_Wh_kg``,
        and ``printed``, a list of ``thickness_um`` and ``energy_Wh_kg``.
    theme : Theme
        The paper.
    """
    page.set_size_inches(6.5, 4.2)
    axes = page.subplots()
    x = data["thickness_um"]
    for index, cell in enumerate(data["cells"]):
        color = PALETTE[(0, 5, 2, 3)[index % 4]]
        axes.fill_between(x, cell["lowest_Wh_kg"], cell["highest_Wh_kg"], color=color, alpha=0.16, lw=0)
        axes.plot(x, cell["energy_Wh_kg"], color=color, ls=("-", "--", "-.", ":")[index % 4], label=cell["name"])
        for point in cell["printed"]:
            axes.plot(
                point["thickness_um"],
                point["energy_Wh_kg"],
                _MARKS[index % 4],
                color=color,
                mec=theme.ink,
                ms=7,
                label=f"printed, {cell['name']}",
            )
    axes.set_xscale("log")
    marks = [mark for mark in (1, 2, 5, 10, 20, 50, 100, 200, 500) if 0.999 * min(x) <= mark <= 1.001 * max(x)]
    axes.set_xticks(marks, [f"{mark:g}" for mark in marks])
    axes.minorticks_off()
    axes.set_ylim(bottom=0)
    axes.grid(visible=True)
    axes.set_xlabel("electrolyte thickness / um")
    axes.set_ylabel("energy density / Wh/kg")
    axes.legend(fontsize=9, loc="lower left")
