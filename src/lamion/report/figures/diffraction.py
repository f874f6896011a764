"""Powder patterns above each other, with the indices of their peaks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from lamion.report.figures.style import PALETTE, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_STEP = 1.35
_NAMED = 5
_APART = 1.2


def diffraction(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw patterns.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``two_theta_deg``; ``curves``, each with ``label``, ``intensity`` and ``sticks`` (angle, intensity, hkl);
        optionally ``measured`` with ``two_theta_deg`` and ``intensity``, and ``marked_deg`` with ``marked``.
    theme : Theme
        The paper.
    """
    curves = data["curves"]
    page.set_size_inches(6.4, 1.6 + 1.1 * len(curves) + 0.6 * ("measured" in data))
    axes = page.subplots()
    angles = np.array(data["two_theta_deg"])
    top = (len(curves) - 1) * _STEP
    if "marked_deg" in data:
        axes.axvline(data["marked_deg"], ls=":", lw=1, color=theme.ink, zorder=0)
        axes.annotate(
            data["marked"], (data["marked_deg"], top + 1.22), xytext=(4, 0), textcoords="offset points", fontsize=8
        )
    for index, curve in enumerate(curves):
        base = top - index * _STEP
        color = PALETTE[0] if len(curves) == 1 else PALETTE[index % 6]
        axes.plot(angles, base + np.array(curve["intensity"]), color=color, lw=1.2)
        axes.text(angles[-1], base + 0.62, curve["label"], ha="right", fontsize=8, color=theme.ink)
        _indices(axes, curve["sticks"], base, theme)
    if "measured" in data:
        _measured(axes, data["measured"], (angles[0], angles[-1]), theme)
    axes.set_xlim(angles[0], angles[-1])
    axes.set_ylim(-0.08, top + 1.4)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("2θ / deg")
    axes.set_ylabel("relative intensity")


def _indices(axes: Axes, sticks: list[list[Any]], base: float, theme: Theme) -> None:
    """Name the strongest peaks that do not stand on a name already written."""
    written: list[float] = []
    for angle, height, hkl in sorted(sticks, key=lambda stick: -stick[1]):
        if len(written) == _NAMED or any(abs(angle - other) < _APART for other in written):
            continue
        written.append(angle)
        axes.text(angle, base + height + 0.04, hkl.replace(" ", "\u2009"), ha="center", fontsize=7, color=theme.ink)


def _measured(axes: Axes, measured: Mapping[str, Any], limits: tuple[float, float], theme: Theme) -> None:
    angle, intensity = np.array(measured["two_theta_deg"]), np.array(measured["intensity"])
    inside = (angle >= limits[0]) & (angle <= limits[1])
    if not inside.any():
        return
    shown = intensity[inside] - intensity[inside].min()
    axes.plot(angle[inside], shown / max(float(shown.max()), 1e-30), ".", ms=2, color=theme.ink, label="measured")
    axes.legend(loc="upper left", fontsize=8)
