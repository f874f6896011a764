"""Overpotentials against current, beside the straight lines that fit them best."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lamion.report.figures.style import PALETTE, Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def polarisation_line(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw the overpotentials.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``current_mA_cm2``; ``readings``, each with ``name``, ``overpotential_mV`` and ``line_mV``.
    theme : Theme
        The paper.
    """
    page.set_size_inches(6.0, 3.6)
    axes = page.subplots()
    for colour, marker, one in zip((PALETTE[0], PALETTE[5]), "os", data["readings"], strict=False):
        label = f"resistance of the {one['name']}"
        axes.plot(data["current_mA_cm2"], one["overpotential_mV"], marker, ms=4, color=colour, label=label)
        axes.plot(data["current_mA_cm2"], one["line_mV"], "-", lw=1, color=colour)
    axes.set_xlabel("current / mA/cm2")
    axes.set_ylabel("overpotential / mV")
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)
    axes.grid(visible=True)
    axes.legend(fontsize=9, labelcolor=theme.ink)
