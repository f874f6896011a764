"""Conductivity against temperature, in the plane where Arrhenius' law is a straight line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from lamion.report.figures.style import PALETTE, Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_STYLES = ("-", "--", ":", "-.")


def arrhenius(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw the conductivities with their uncertainties and every model's curve.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``temperature_K``, ``conductivity_S_cm``, ``uncertainty_S_cm`` (or None) and ``curves``, each with ``label``,
        ``temperature_K`` and ``conductivity_S_cm``.
    theme : Theme
        The paper.
    """
    page.set_size_inches(5.6, 4.0)
    axes = page.subplots()
    for index, curve in enumerate(data["curves"]):
        x = 1000 / np.array(curve["temperature_K"])
        style = _STYLES[index % len(_STYLES)]
        axes.plot(x, curve["conductivity_S_cm"], style, color=PALETTE[index + 1], label=curve["label"])
    x = 1000 / np.array(data["temperature_K"])
    spread = data["uncertainty_S_cm"]
    axes.errorbar(
        x, data["conductivity_S_cm"], yerr=spread, fmt="o", ms=4.5, color=PALETTE[0], capsize=2.5, label="measured"
    )
    axes.set_yscale("log")
    axes.set_xlabel("1000 K / T")
    axes.set_ylabel("conductivity / S/cm")
    axes.grid(visible=True, which="both", alpha=0.5)
    axes.legend(fontsize=9)
    _celsius_above(page, axes.get_xlim(), theme)


def _celsius_above(page: Figure, limits: tuple[float, float], theme: Theme) -> None:
    """Put the same axis in degrees Celsius on top."""
    axes = page.axes[0]
    above = axes.secondary_xaxis("top")
    low, high = 1000 / limits[1] - 273.15, 1000 / limits[0] - 273.15
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500) if (high - low) / s <= 8)
    marks = np.arange(np.ceil(low / step) * step, high, step)
    above.set_xticks(1000 / (marks + 273.15), [f"{mark:g}" for mark in marks])
    above.minorticks_off()
    above.set_xlabel("temperature / °C", color=theme.ink)
