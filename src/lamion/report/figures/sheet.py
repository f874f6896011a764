"""Layers of a framework from above and from the side, atom by atom, and where two layers come closest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lamion.report.figures.atoms import disc, draw_atoms, element_legend
from lamion.report.figures.style import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Array = NDArray[np.float64]

_SEEN = (-0.25, 1.75)
_ABOVE, _BELOW = 4.0, 7.0
_SIDEWAYS = (0, 2)
_EDGE = 1.6


def sheet(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw one layer over two by two cells from above, and the stack from the side.

    Its data are ``lattice``, ``symbols``, ``positions`` of one layer, and ``layers``: slip in cells and height of each;
    optionally ``name``, ``spacing`` and ``contact``: ``pair``, ``distance``, ``clash`` and the two ``ends``.
    """
    page.set_size_inches(8.0, 4.7)
    above, side = page.subplots(1, 2, width_ratios=(1, 1.05))
    for axes in (above, side):
        axes.set_aspect("equal")
        axes.set_anchor("N")
        axes.grid(visible=False)
        axes.set_xlim(*(end * data["lattice"] for end in _SEEN))
        axes.set_xlabel("along a / Å")
    _from_above(above, data, theme)
    _from_the_side(side, data, theme)
    if "name" in data:
        page.suptitle(f"{data['name']}, layers {data['spacing']:.3g} Å apart", fontsize=11)
    element_legend(page, data["symbols"], theme)


def _from_above(axes: Axes, data: Mapping[str, Any], theme: Theme) -> None:
    a, positions = data["lattice"], np.array(data["positions"])
    axes.set_ylim(*(end * a for end in _SEEN))
    _draw(axes, data["symbols"] * 9, _cells(positions, a, (-1, 0, 1), (-1, 0, 1)), theme)
    axes.plot([0, a, a, 0, 0], [0, 0, a, a, 0], color=theme.ink, lw=0.8, ls="--", zorder=5)
    axes.set_ylabel("along b / Å")
    axes.set_title("one layer, from above", fontsize=9)


def _from_the_side(axes: Axes, data: Mapping[str, Any], theme: Theme) -> None:
    a, positions = data["lattice"], np.array(data["positions"])
    heights = [layer[2] for layer in data["layers"]]
    axes.set_ylim(-_BELOW, max(heights) + _ABOVE)
    stack = np.vstack(
        [_cells(positions + np.array([x * a, y * a, z]), a, (-2, -1, 0, 1), (0,)) for x, y, z in data["layers"]]
    )
    # Seen along b: a to the right, height upwards, and towards the reader what has the smaller b.
    turned = np.column_stack([stack[:, 0], stack[:, 2], -(stack[:, 1] % a)])
    _draw(axes, data["symbols"] * (4 * len(heights)), turned, theme)
    axes.set_ylabel("height / Å")
    axes.set_title(f"{len(heights)} layers, from the side", fontsize=9)
    if "contact" in data:
        _contact(axes, data["contact"], a, theme)


def _draw(axes: Axes, symbols: Sequence[str], places: Array, theme: Theme) -> None:
    """Draw the atoms that the axes show, and those that a bond leads to from there."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    shown = (places[:, 0] > left - _EDGE) & (places[:, 0] < right + _EDGE)
    shown &= (places[:, 1] > low - _EDGE) & (places[:, 1] < high + _EDGE)
    draw_atoms(axes, [symbols[k] for k in np.flatnonzero(shown).tolist()], places[shown], theme)


def _cells(positions: Array, a: float, along_a: tuple[int, ...], along_b: tuple[int, ...]) -> Array:
    return np.vstack([positions + np.array([i * a, j * a, 0.0]) for i in along_a for j in along_b])


def _contact(axes: Axes, contact: Mapping[str, Any], a: float, theme: Theme) -> None:
    """Ring the two atoms that come closest, and say whether they clash."""
    from matplotlib.patches import Circle

    ends = np.array(contact["ends"])
    ends[:, 0] -= a * np.floor(ends[:, 0].mean() / a)
    flat = ends[:, _SIDEWAYS]
    bold = 2.0 if contact["clash"] else 0.9
    for place, symbol in zip(flat, contact["pair"], strict=True):
        axes.add_patch(Circle(tuple(place), disc(symbol) + 0.15, fill=False, ec=theme.ink, lw=bold, zorder=6))
    axes.plot(*flat.T, color=theme.ink, lw=bold, ls=":", zorder=6)
    said = "clash" if contact["clash"] else "closest contact"
    axes.annotate(
        f"{said}: {'–'.join(contact['pair'])} {contact['distance']:.2f} Å",
        tuple(flat.mean(axis=0)),
        (0.5, 0.03),
        textcoords="axes fraction",
        ha="center",
        va="bottom",
        fontsize=9,
        weight="bold" if contact["clash"] else "normal",
        arrowprops={"arrowstyle": "-", "color": theme.ink, "lw": 0.8, "shrinkB": 4},
        bbox={"facecolor": theme.paper, "edgecolor": "none", "pad": 1.0},
        zorder=7,
    )
