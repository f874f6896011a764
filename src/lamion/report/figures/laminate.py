"""Laminates: the potential in a piece of one, and what it conducts beside bounds and models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from lamion.report.figures.style import PALETTE, Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_FLOOR = 1e-12
_NAMES = {
    "bruggeman_effective_medium_if_isotropic": "Bruggeman medium (isotropic)",
    "bruggeman_exponent_impermeable": "Bruggeman exponent (impermeable)",
    "nielsen_impermeable": "Nielsen (impermeable)",
    "cussler_impermeable": "Cussler (impermeable)",
    "thin_gallery": "thin gallery",
}


def laminate_cell(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw the potential, stretched: cells by their number, so that both rows and their gaps can be seen.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``along_m`` and ``through_m``, edges of cells; ``potential`` and ``sheet`` of each cell.
    theme : Theme
        The paper.
    """
    page.set_size_inches(6.4, 3.4)
    axes = page.subplots()
    potential = np.array(data["potential"], dtype=float).T
    sheet = np.array(data["sheet"]).T
    picture = axes.pcolormesh(potential, cmap="viridis", vmin=0, vmax=1, rasterized=True)
    axes.contour(
        np.arange(sheet.shape[1]) + 0.5, np.arange(sheet.shape[0]) + 0.5, sheet, levels=[0.5], colors=theme.paper
    )
    for setter, edges in ((axes.set_xticks, data["along_m"]), (axes.set_yticks, data["through_m"])):
        places = np.linspace(0, len(edges) - 1, 6).astype(int)
        setter(places, [f"{1e9 * edges[k]:.3g}" for k in places])
    axes.set_xlabel("along the sheets / nm (stretched near edges)")
    axes.set_ylabel("through / nm (stretched)")
    page.colorbar(picture, label="potential / drop across the piece")


def laminate_models(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw the resolved ratio of each ion between its bounds, and the models.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        By ion: ``resolved``, ``series``, ``parallel``, ``models`` by name.
    theme : Theme
        The paper.
    """
    names = list(dict.fromkeys(name for ion in data.values() for name in ion["models"]))
    page.set_size_inches(6.8, 1.6 + 0.34 * (len(names) + 1))
    axes = page.subplots()
    rows = ["resolved", *names]
    drawn = [v for ion in data.values() for v in (ion["resolved"], ion["series"], *ion["models"].values()) if v > 0]
    left = max(min(drawn, default=1e-3), _FLOOR) / 2
    for number, (ion, found) in enumerate(data.items()):
        shift = 0.16 * (2 * number - 1)
        color = PALETTE[(0, 5)[number]]
        axes.hlines(shift, max(found["series"], left), found["parallel"], color=color, lw=5, alpha=0.3)
        for row, name in enumerate(rows):
            value = found["resolved"] if name == "resolved" else found["models"].get(name)
            if value is not None and value > 0:
                marker = "o" if name == "resolved" else "D"
                label = ion if name == "resolved" else None
                axes.plot(value, row + shift, marker, ms=6, color=color, label=label)
    axes.set_yticks(range(len(rows)), ["resolved, in its bounds", *(_NAMES.get(name, name) for name in names)])
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlim(left=left)
    axes.set_xlabel("ratio through the thickness / 1")
    axes.grid(visible=True, axis="x")
    axes.legend(fontsize=9, labelcolor=theme.ink, loc="lower left")


def voxel_slice(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw one slice of a segmented image.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``labels`` of the slice, and ``aspect``: height over width of a drawn voxel.
    theme : Theme
        The paper.
    """
    from matplotlib.colors import ListedColormap
    from matplotlib.patches import Patch

    page.set_size_inches(5.6, 4.2)
    axes = page.subplots()
    labels = np.array(data["labels"])
    phases = np.unique(labels)
    colors = [PALETTE[k % len(PALETTE)] for k in range(len(phases))]
    axes.imshow(
        np.searchsorted(phases, labels), cmap=ListedColormap(colors), vmin=-0.5, vmax=len(phases) - 0.5,
        aspect=data["aspect"], interpolation="nearest",
    )  # fmt: skip
    axes.set_xlabel("x / drawn voxels")
    axes.set_ylabel("z / drawn voxels")
    handles = [Patch(color=color, label=f"phase {phase}") for phase, color in zip(phases[:8], colors, strict=False)]
    axes.legend(handles=handles, fontsize=9, labelcolor=theme.ink, loc="upper left", bbox_to_anchor=(1.01, 1.0))


def laminate_feasible(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw which sheets explain a film, for every conductivity of its gallery, and how anisotropic it would be.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``gallery``, ``cation``, ``anion``, ``anisotropy``; ``bands`` of both ions; ``least`` and ``largest`` gallery.
    theme : Theme
        The paper.
    """
    page.set_size_inches(6.4, 5.2)
    upper, lower = page.subplots(2, 1, sharex=True, height_ratios=[3, 2])
    x = np.array(data["gallery"], dtype=float)
    for ion, color in (("cation", PALETTE[0]), ("anion", PALETTE[5])):
        low, high = (np.array(band, dtype=float) for band in data["bands"][ion])
        upper.fill_between(x, low, high, color=color, alpha=0.2, lw=0)
        upper.plot(x, np.array(data[ion], dtype=float), color=color, label=f"{ion} in the sheets")
    lower.plot(x, np.array(data["anisotropy"], dtype=float), color=PALETTE[2])
    for axes in (upper, lower):
        axes.axvline(data["largest"], ls="--", color=theme.ink, lw=1)
        axes.axvline(data["least"], ls=":", color=theme.ink, lw=1)
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.grid(visible=True)
    upper.set_ylabel("sheet / gallery")
    lower.set_ylabel("along / through")
    lower.set_xlabel("gallery fluid / contrast film (dotted: the least, dashed: the best fluid)")
    upper.legend(fontsize=9, labelcolor=theme.ink)


def mixture_optimum(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw conductivity against composition, and where its optimum lies for other bonds.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``fraction``, ``mean``, ``error``, ``medium``; ``sensitivity``, rows of ``interface``, ``plasticiser`` and
        ``optimum_ratio``.
    theme : Theme
        The paper.
    """
    page.set_size_inches(8.0, 3.6)
    left, right = page.subplots(1, 2)
    left.errorbar(
        data["fraction"], data["mean"], data["error"], fmt="o", ms=3.5, mfc="none", color=PALETTE[0], label="lattice"
    )
    left.plot(data["fraction"], data["medium"], color=PALETTE[5], label="effective medium")
    left.set_yscale("log")
    left.set_xlabel("plasticiser / volume fraction")
    left.set_ylabel("conductivity / polymer's")
    left.legend(fontsize=9, labelcolor=theme.ink)
    rows = data["sensitivity"]
    for number, plasticiser in enumerate(sorted({row["plasticiser"] for row in rows})):
        own = [row for row in rows if row["plasticiser"] == plasticiser and row["optimum_ratio"] is not None]
        right.plot(
            [row["interface"] for row in own],
            [row["optimum_ratio"] for row in own],
            marker="osD^v"[number % 5],
            ms=4,
            color=PALETTE[number % len(PALETTE)],
            label=f"plasticiser {plasticiser:g}",
        )
    right.set_xscale("log")
    right.set_xlabel("interface / polymer")
    right.set_ylabel("optimum, molecules per repeat unit")
    right.legend(fontsize=8, labelcolor=theme.ink)
    for axes in (left, right):
        axes.grid(visible=True)


def laminate_rows(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw the sheets of an irregular laminate.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``rows_um``, the beginning and end of each sheet by row; ``length_um``, ``thickness_nm``, ``repeat_nm``.
    theme : Theme
        The paper.
    """
    page.set_size_inches(6.4, 2.8)
    axes = page.subplots()
    for number, row in enumerate(data["rows_um"]):
        bars = [(low, high - low) for low, high in row]
        axes.broken_barh(bars, (number * data["repeat_nm"], data["thickness_nm"]), color=PALETTE[0], lw=0)
    axes.set_xlim(0, data["length_um"])
    axes.set_ylim(0, len(data["rows_um"]) * data["repeat_nm"])
    axes.set_xlabel("along the sheets / um")
    axes.set_ylabel("through / nm")
