"""Fitted resistances along a series of spectra."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from lamion.report.figures.style import PALETTE, Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MARKERS = "os^Dv"


def resistance_series(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw each resistance with its uncertainty.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``kind`` (temperature, time or soc), ``x`` (K, s or a fraction), and ``curves``, each with ``label``, ``unit``,
        ``values`` and ``stds``.
    theme : Theme
        The paper.
    """
    page.set_size_inches(6.0, 3.8)
    axes = page.subplots()
    x, title = _axis(data["kind"], np.array(data["x"]))
    for index, curve in enumerate(data["curves"]):
        style = f"{_MARKERS[index % len(_MARKERS)]}-"
        color = PALETTE[index % len(PALETTE)]
        axes.errorbar(x, curve["values"], yerr=curve["stds"], fmt=style, ms=4.5, lw=1, capsize=2.5, color=color,
                      label=curve["label"])  # fmt: skip
    if data["kind"] == "temperature":
        axes.set_yscale("log")
    axes.set_xlabel(title)
    axes.set_ylabel(f"resistance / {data['curves'][0]['unit']}")
    axes.grid(visible=True)
    axes.legend(fontsize=9, labelcolor=theme.ink)


def _axis(kind: str, x: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], str]:
    if kind == "temperature":
        return 1000.0 / x, "1000 K / T"
    return (x / 3600.0, "time / h") if kind == "time" else (100.0 * x, "state of charge / %")
