"""Powder patterns above each other, with the indices of their peaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lamion.report.figures.style import PALETTE, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Array = NDArray[np.float64]

_STEP = 1.35
_NAMED = 5
_INDEX, _LABEL = 7.0, 8.0
_ACROSS = 430.0
"""The axes' width in points, about."""


@dataclass(frozen=True)
class _Box:
    """The place of a text, in the axes' own units."""

    left: float
    right: float
    low: float
    high: float

    def meets(self, other: _Box) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.low < other.high and other.low < self.high


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
    page.set_size_inches(6.4, 1.5 + 1.1 * len(curves) + 0.6 * ("measured" in data))
    axes = page.subplots()
    angles = np.array(data["two_theta_deg"])
    top = (len(curves) - 1) * _STEP
    axes.set_xlim(angles[0], angles[-1])
    axes.set_ylim(-0.08, top + 1.18)
    if "measured" in data:
        _measured(axes, data["measured"], theme)
    for index, curve in enumerate(curves):
        _curve(axes, angles, curve, top - index * _STEP, PALETTE[index % 6], theme, alone=len(curves) == 1)
    if "marked_deg" in data:
        axes.axvline(data["marked_deg"], ls=":", lw=1, color=theme.ink, zorder=0)
        place = (data["marked_deg"], 1.0)
        axes.annotate(
            data["marked"], place, (0, 3), ("data", "axes fraction"), "offset points", ha="center", fontsize=_LABEL
        )
    if len(curves) == 1:
        axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, fontsize=_LABEL, borderaxespad=0.0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("2θ / deg")
    axes.set_ylabel("relative intensity")


def _curve(
    axes: Axes, angles: Array, curve: Mapping[str, Any], base: float, color: str, theme: Theme, *, alone: bool
) -> None:
    """Draw one pattern, the names of its peaks and, where there are several patterns, its label."""
    heights = base + np.array(curve["intensity"])
    axes.plot(angles, heights, color=color, lw=1.2, label=curve["label"])
    taken = [] if alone else [_label(axes, angles, heights, base, curve["label"], theme)]
    named = 0
    for angle, _, hkl in sorted(curve["sticks"], key=lambda stick: -stick[1]):
        height = float(np.interp(angle, angles, heights))
        text = hkl.replace(" ", "\u2009")
        box = _box(axes, angle, height + 0.03, text.replace("\u2009", ""), _INDEX)
        if named == _NAMED or _highest(angles, heights, box) > height + 0.05 or any(map(box.meets, taken)):
            continue
        taken.append(box)
        named += 1
        paper = {"facecolor": theme.paper, "edgecolor": "none", "pad": 0.4}
        axes.text(angle, box.low, text, ha="center", va="bottom", fontsize=_INDEX, color=theme.ink, bbox=paper)


def _label(axes: Axes, angles: Array, heights: Array, base: float, text: str, theme: Theme) -> _Box:
    """Write a pattern's name at the side where its peaks are lower, above them."""
    half = _box(axes, 0.0, 0.0, text, _LABEL).right
    sides = [_box(axes, x, base + 0.55, text, _LABEL) for x in (angles[-1] - half, angles[0] + half)]
    box = min(sides, key=lambda side: _highest(angles, heights, side))
    low = max(box.low, _highest(angles, heights, box) + 0.1)
    side, place = ("right", angles[-1]) if box is sides[0] else ("left", angles[0])
    axes.text(place, low, text, ha=side, va="bottom", fontsize=_LABEL, color=theme.ink)
    return _Box(box.left, box.right, low, low + box.high - box.low)


def _box(axes: Axes, centre: float, low: float, text: str, size: float) -> _Box:
    """Estimate the place of a text from its letters: the page is not laid out yet."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    tall = axes.figure.get_window_extent().height * 72 / axes.figure.dpi - 65
    half = (0.58 * len(text) + 0.5) * size / 2 / _ACROSS * (right - left)
    return _Box(centre - half, centre + half, low, low + 1.2 * size / tall * (top - bottom))


def _highest(angles: Array, heights: Array, box: _Box) -> float:
    return float(heights[(angles >= box.left) & (angles <= box.right)].max(initial=-1.0))


def _measured(axes: Axes, measured: Mapping[str, Any], theme: Theme) -> None:
    intensity = np.array(measured["intensity"])
    shown = intensity - intensity.min()
    shown = shown / max(float(shown.max()), 1e-30)
    axes.plot(measured["two_theta_deg"], shown, ".", ms=2, color=theme.ink, label="measured")
