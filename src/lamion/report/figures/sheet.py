"""Layers of a framework from above and from the side, atom by atom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lamion.report.figures.style import PALETTE, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Array = NDArray[np.float64]

_COLORS = {"C": PALETTE[6], "N": PALETTE[0], "O": PALETTE[5], "Cu": PALETTE[1], "Zn": PALETTE[3], "Co": PALETTE[3]}
_SIZES = {"H": 0.25, "C": 0.45, "N": 0.45, "O": 0.45}
_BOND = 1.75
_METAL_BOND = 2.2


def sheet(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw one layer over two by two cells from above, and the stack from the side.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``lattice``, ``symbols``, ``positions`` of one layer, and ``layers``: slip in cells and height of each.
    theme : Theme
        The paper.
    """
    page.set_size_inches(8.0, 4.9)
    above, side = page.subplots(1, 2, width_ratios=(1, 1.05))
    a, symbols, positions = data["lattice"], data["symbols"], np.array(data["positions"])
    for axes in (above, side):
        axes.set_aspect("equal")
        axes.grid(visible=False)
    draw_atoms(above, symbols, _cells(positions, a, (-1, 0, 1), (-1, 0, 1)), (0, 1, 2), theme)
    above.plot([0, a, a, 0, 0], [0, 0, a, a, 0], color=theme.ink, lw=0.8, ls="--")
    above.set_xlim(-0.25 * a, 1.75 * a)
    above.set_ylim(-0.25 * a, 1.75 * a)
    above.set_xlabel("along a / Å")
    above.set_ylabel("along b / Å")
    above.set_title("one layer, from above", fontsize=9)
    for x, y, height in data["layers"]:
        moved = positions + np.array([x * a, y * a, height])
        draw_atoms(side, symbols, _cells(moved, a, (-1, 0, 1), (0,)), (0, 2, 1), theme)
    side.set_xlim(-0.25 * a, 1.75 * a)
    heights = [layer[2] for layer in data["layers"]]
    side.set_ylim(-4.5, max(heights) + 4.5)
    side.set_xlabel("along a / Å")
    side.set_ylabel("height / Å")
    side.set_title(f"{len(heights)} layers, from the side", fontsize=9)
    element_legend(page, symbols, theme)


def _cells(positions: Array, a: float, along_a: tuple[int, ...], along_b: tuple[int, ...]) -> list[Array]:
    return [positions + np.array([i * a, j * a, 0.0]) for i in along_a for j in along_b]


def draw_atoms(axes: Axes, symbols: list[str], cells: list[Array], order: tuple[int, int, int], theme: Theme) -> None:
    """Draw bonds as lines and atoms as discs, the nearer to the reader the later.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    symbols : list of str
        Elements of one cell.
    cells : list of array, shape (n, 3)
        Places of each cell's atoms.
    order : (int, int, int)
        The axes to the right, upwards and towards the reader.
    theme : Theme
        The paper.
    """
    from matplotlib.collections import EllipseCollection, LineCollection
    from scipy.spatial import cKDTree

    places = np.vstack(cells)
    names = symbols * len(cells)
    metal = np.array([name not in ("H", "C", "N", "O") for name in names])
    pairs = cKDTree(places).query_pairs(_METAL_BOND, output_type="ndarray")
    length = np.linalg.norm(places[pairs[:, 0]] - places[pairs[:, 1]], axis=1)
    hydrogens = np.array([name == "H" for name in names])
    kept = (length < _BOND) | (metal[pairs].any(axis=1) & ~hydrogens[pairs].any(axis=1))
    flat = places[:, order[:2]]
    axes.add_collection(LineCollection(flat[pairs[kept]].tolist(), colors=theme.faint, linewidths=0.8, zorder=1))
    depth = np.argsort(places[:, order[2]], kind="stable")
    sizes = np.array([2 * _SIZES.get(name, 0.8) for name in names])[depth]
    colors = [_COLORS.get(names[k], theme.paper) for k in depth]
    axes.add_collection(
        EllipseCollection(
            sizes,
            sizes,
            np.zeros(len(sizes)),
            units="xy",
            offsets=flat[depth],
            offset_transform=axes.transData,
            facecolors=colors,
            edgecolors=theme.ink,
            linewidths=0.3,
            zorder=2,
        )
    )


def element_legend(page: Figure, symbols: list[str], theme: Theme) -> None:
    """Say which colour is which element.

    Parameters
    ----------
    page : Figure
        Where to draw.
    symbols : list of str
        Elements, each as often as it comes.
    theme : Theme
        The paper.
    """
    from matplotlib.lines import Line2D

    shown = list(dict.fromkeys(symbols))
    marks = [
        Line2D([], [], ls="", marker="o", mfc=_COLORS.get(name, theme.paper), mec=theme.ink, mew=0.4, label=name)
        for name in shown
    ]
    page.legend(handles=marks, loc="outside lower center", ncols=len(marks), fontsize=9, labelcolor=theme.ink)
