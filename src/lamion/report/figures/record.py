"""Raw records as they were read: spectra in the complex plane, other columns against the first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from lamion.report.figures.nyquist import PREFIXES
from lamion.report.figures.style import PALETTE, Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def spectra(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw spectra with -Im upwards and equal scales.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``spectra``, each with ``label``, ``re`` and ``im`` in ohm.
    theme : Theme
        The paper.
    """
    page.set_size_inches(4.6, 4.2)
    axes = page.subplots()
    largest = max(float(np.max(np.hypot(one["re"], one["im"]))) for one in data["spectra"])
    size, unit = next(((s, u) for s, u in PREFIXES if largest >= s), PREFIXES[-1])
    for index, one in enumerate(data["spectra"]):
        re, minus_im = np.array(one["re"]) / size, -np.array(one["im"]) / size
        axes.plot(re, minus_im, "o-", ms=3.5, lw=0.6, mfc="none", color=_color(index), label=one["label"])
    axes.set_xlabel(f"Re Z / {unit}")
    axes.set_ylabel(f"−Im Z / {unit}")
    axes.set_aspect("equal", adjustable="datalim")
    axes.grid(visible=True)
    if len(data["spectra"]) > 1:
        axes.legend(fontsize=8)


def record(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw every column against the first, one panel each.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``records``, each with ``label`` and ``columns``, by titles with units.
    theme : Theme
        The paper.
    """
    x, *others = data["records"][0]["columns"]
    page.set_size_inches(5.6, 1.0 + 2.2 * len(others))
    panels = page.subplots(len(others), 1, sharex=True, squeeze=False)[:, 0]
    for axes, name in zip(panels, others, strict=True):
        for index, one in enumerate(data["records"]):
            axes.plot(one["columns"][x], one["columns"][name], ".-", ms=3, color=_color(index), label=one["label"])
        axes.set_ylabel(name)
        axes.grid(visible=True)
    panels[-1].set_xlabel(x)
    if len(data["records"]) > 1:
        panels[0].legend(fontsize=8)


def _color(index: int) -> str:
    return PALETTE[index % len(PALETTE)]
