"""Residuals of a spectrum against frequency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from lamion.report.figures.style import PALETTE, Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def residuals(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw the real and the imaginary residuals with the band of the noise.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``frequency_Hz``, ``real`` and ``imaginary`` relative to abs Z, ``noise`` likewise, ``outliers_Hz``; ``label``
        of the axis where it is no residual.
    theme : Theme
        The paper.
    """
    page.set_size_inches(6.0, 3.4)
    axes = page.subplots()
    noise = 100 * float(data["noise"])
    axes.axhspan(-noise, noise, color=theme.faint, alpha=0.35, lw=0, label="noise, one standard deviation")
    axes.axhline(0.0, color=theme.ink, lw=0.8)
    for index, (name, label) in enumerate((("real", "real part"), ("imaginary", "imaginary part"))):
        marker = "o-" if index == 0 else "s-"
        values = 100 * np.array(data[name])
        axes.plot(data["frequency_Hz"], values, marker, ms=3.5, lw=0.8, color=PALETTE[(0, 5)[index]], label=label)
    for frequency in data["outliers_Hz"]:
        axes.axvline(frequency, color=theme.ink, ls=":", lw=1)
    axes.set_xscale("log")
    axes.set_xlabel("frequency / Hz")
    axes.set_ylabel(data.get("label", "residual / % of |Z|"))
    axes.grid(visible=True)
    page.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=8)
