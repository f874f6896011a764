"""A molecule on its host, from the side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from lamion.report.figures.sheet import draw_atoms, element_legend
from lamion.report.figures.style import Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MARGIN = 1.5


def complex_(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw the complex from two sides.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``complex`` with ``symbols`` and ``positions``.
    theme : Theme
        The paper.
    """
    symbols, positions = data["complex"]["symbols"], np.array(data["complex"]["positions"])
    spans = np.ptp(positions, axis=0) + 2 * _MARGIN
    width = float(spans[0] + spans[1])
    page.set_size_inches(7.0, min(7.0, 7.0 * float(spans[2]) / width + 1.3))
    panels = page.subplots(1, 2, width_ratios=(float(spans[0]), float(spans[1])), sharey=True)
    for axes, order, name in zip(panels, ((0, 2, 1), (1, 2, 0)), ("x", "y"), strict=True):
        axes.set_aspect("equal")
        draw_atoms(axes, symbols, [positions], order, theme)
        for low, high, limit in ((order[0], order[0], axes.set_xlim), (2, 2, axes.set_ylim)):
            limit(positions[:, low].min() - _MARGIN, positions[:, high].max() + _MARGIN)
        axes.set_xlabel(f"{name} / Å")
    panels[0].set_ylabel("z / Å")
    element_legend(page, symbols, theme)
