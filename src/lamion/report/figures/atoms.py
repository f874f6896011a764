"""Atoms as discs and bonds as lines, the nearer to the reader the later and the darker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lamion.report.figures.style import PALETTE, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Array = NDArray[np.float64]
_Color = tuple[float, float, float]

_COLORS = {
    "C": PALETTE[6],
    "N": PALETTE[0],
    "O": PALETTE[5],
    "Cu": PALETTE[1],
    "Zn": PALETTE[3],
    "Co": PALETTE[2],
    "Ni": PALETTE[4],
    "Fe": PALETTE[7],
    "F": "#00543d",
    "Li": "#7d3c66",
    "S": "#8a7f00",
    "B": "#2c5f7c",
    "P": "#8a5f00",
}
_OTHER = "#3d3d3d"
_SIZES = {"H": 0.25, "C": 0.45, "N": 0.45, "O": 0.45, "F": 0.45, "B": 0.45, "Li": 0.45}
_LARGE = 0.75
_BOND, _METAL_BOND = 1.75, 2.2
_SLICES = 24
_FAINTEST, _DEEP = 0.65, 10.0
_NONMETALS = frozenset(("H", "B", "C", "N", "O", "F", "P", "S", "Cl"))


def is_metal(symbol: str) -> bool:
    """Tell whether an element is a metal, among those of frameworks and electrolytes."""
    return symbol not in _NONMETALS


def disc(symbol: str) -> float:
    """Return the radius with which an element is drawn, angstrom."""
    return _SIZES.get(symbol, _LARGE)


def draw_atoms(axes: Axes, symbols: Sequence[str], places: Array, theme: Theme, line: float = 0.8) -> None:
    """Draw atoms and their bonds; what lies behind fades into the paper.

    Places, of shape (n, 3), are to the right, upwards and towards the reader, in angstrom; `line` is the bonds' width
    in points.
    """
    bonds = _bonds(symbols, places)
    depth = places[:, 2]
    span = max(float(np.ptp(depth)), 1e-9)
    level = np.minimum((_SLICES * (depth - depth.min()) / span).astype(int), _SLICES - 1)
    faded = _FAINTEST * (depth.max() - depth) / max(span, _DEEP)
    farther = level[bonds].min(axis=1) if len(bonds) else np.empty(0, dtype=int)
    for now in range(_SLICES):
        _draw_bonds(axes, places, bonds[farther == now], faded, line, 1 + 0.1 * now, theme)
        _draw_discs(axes, symbols, places, np.flatnonzero(level == now), faded, 1.05 + 0.1 * now, theme)


def _bonds(symbols: Sequence[str], places: Array) -> NDArray[np.int64]:
    """Return pairs of atoms near enough to be bound."""
    from scipy.spatial import cKDTree

    pairs = cKDTree(places).query_pairs(_METAL_BOND, output_type="ndarray")
    length = np.linalg.norm(places[pairs[:, 0]] - places[pairs[:, 1]], axis=1)
    metal = np.array([is_metal(symbol) for symbol in symbols])[pairs].any(axis=1)
    hydrogen = np.array([symbol == "H" for symbol in symbols])[pairs]
    kept = np.where(hydrogen.any(axis=1), (length < 1.3) & ~hydrogen.all(axis=1), (length < _BOND) | metal)
    return np.asarray(pairs[kept])


def _draw_bonds(
    axes: Axes, places: Array, bonds: NDArray[np.int64], faded: Array, line: float, zorder: float, theme: Theme
) -> None:
    from matplotlib.collections import LineCollection

    if len(bonds):
        colors = [_mixed(theme.ink, theme.paper, 0.35 + 0.65 * faded[pair].max()) for pair in bonds]
        segments = places[:, :2][bonds].tolist()
        axes.add_collection(LineCollection(segments, colors=colors, linewidths=line, zorder=zorder))


def _draw_discs(
    axes: Axes,
    symbols: Sequence[str],
    places: Array,
    chosen: NDArray[np.int64],
    faded: Array,
    zorder: float,
    theme: Theme,
) -> None:
    from matplotlib.collections import EllipseCollection

    if not len(chosen):
        return
    chosen = chosen[np.argsort(places[chosen, 2], kind="stable")]
    sizes = [2 * disc(symbols[k]) for k in chosen]
    axes.add_collection(
        EllipseCollection(
            sizes,
            sizes,
            np.zeros(len(sizes)),
            units="xy",
            offsets=places[chosen, :2],
            offset_transform=axes.transData,
            facecolors=[_mixed(_color(symbols[k], theme), theme.paper, faded[k]) for k in chosen],
            edgecolors=[_mixed(theme.ink, theme.paper, faded[k]) for k in chosen],
            linewidths=0.3,
            zorder=zorder,
        )
    )


def _color(symbol: str, theme: Theme) -> str:
    return theme.paper if symbol == "H" else _COLORS.get(symbol, _OTHER)


def _mixed(color: str, paper: str, share: float) -> _Color:
    from matplotlib.colors import to_rgb

    one, other = np.array(to_rgb(color)), np.array(to_rgb(paper))
    red, green, blue = (float(value) for value in one + min(share, 1.0) * (other - one))
    return red, green, blue


def element_legend(page: Figure, symbols: Sequence[str], theme: Theme) -> None:
    """Say which colour is which element."""
    from matplotlib.lines import Line2D

    marks = [
        Line2D([], [], ls="", marker="o", mfc=_color(name, theme), mec=theme.ink, mew=0.4, ms=7, label=name)
        for name in dict.fromkeys(symbols)
    ]
    page.legend(
        handles=marks,
        loc="outside lower center",
        ncols=len(marks),
        fontsize=9,
        labelcolor=theme.ink,
        handletextpad=0.1,
        columnspacing=1.2,
        borderaxespad=0.2,
    )
