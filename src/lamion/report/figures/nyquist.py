"""Impedance spectra in the complex plane, with the fit and the resistance read from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from lamion.report.figures.style import PALETTE, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PREFIXES = ((1e6, "Mohm"), (1e3, "kohm"), (1.0, "ohm"), (1e-3, "mohm"))


def nyquist(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw the whole spectrum and, beside it, the part around the resistance.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``spectra``, each with ``label``, ``re``, ``im``, ``fit_re``, ``fit_im`` in ohm, ``resistance`` and
        ``resistance_std``.
    theme : Theme
        The paper.
    """
    page.set_size_inches(7.6, 3.6)
    whole, close = page.subplots(1, 2)
    spectra = data["spectra"]
    _plane(whole, spectra, max(_extent(s) for s in spectra), "whole spectrum")
    _plane(close, spectra, 2.2 * max(s["resistance"] for s in spectra), "around the resistance", theme)
    if len(spectra) > 1 or spectra[0]["label"]:
        handles, labels = whole.get_legend_handles_labels()
        page.legend(handles, labels, loc="outside lower center", ncols=min(4, len(labels)), fontsize=8)


def _extent(spectrum: Mapping[str, Any]) -> float:
    return float(max(np.max(np.abs(spectrum["re"])), np.max(np.abs(spectrum["im"]))))


def _plane(axes: Axes, spectra: list[Mapping[str, Any]], extent: float, title: str, theme: Theme | None = None) -> None:
    size, unit = next(((s, u) for s, u in PREFIXES if extent >= s), PREFIXES[-1])
    for index, spectrum in enumerate(spectra):
        color = PALETTE[index % len(PALETTE)]
        re, minus_im = np.array(spectrum["re"]) / size, -np.array(spectrum["im"]) / size
        axes.plot(re, minus_im, "o", ms=3.5, color=color, mfc="none", label=spectrum["label"])
        axes.plot(np.array(spectrum["fit_re"]) / size, -np.array(spectrum["fit_im"]) / size, "-", color=color)
        if theme is not None:
            _mark(axes, spectrum["resistance"] / size, spectrum["resistance_std"] / size, theme)
    span = 1.08 * extent / size
    low = min(0.0, *(float(np.min(-np.array(s["im"]))) / size for s in spectra))
    axes.set_xlim(0, span)
    axes.set_ylim(max(low, -0.3 * span) - 0.04 * span, span)
    axes.set_aspect("equal", adjustable="box")
    axes.set_xlabel(f"Re Z / {unit}")
    axes.set_ylabel(f"−Im Z / {unit}")
    axes.set_title(title)
    axes.grid(visible=True)


def _mark(axes: Axes, resistance: float, std: float, theme: Theme) -> None:
    axes.errorbar([resistance], [0], xerr=[std], fmt="|", ms=12, mew=1.8, color=theme.ink, capsize=3, zorder=5)
