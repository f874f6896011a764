"""Laminates: the potential in a piece of one, its rows; and slices of images."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from lamion.report.figures.style import PALETTE, Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def laminate_cell(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw the potential, stretched: cells by their number, so that both rows and their gaps can be seen.

    Its data are ``along_m`` and ``through_m``, edges of cells; ``potential`` and ``sheet`` of each cell.
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


def voxel_slice(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw ``labels`` of a slice of a segmented image along ``axes``; ``aspect``: a drawn voxel's height over width."""
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
    axes.set_xlabel(f"{data['axes'][1]} / drawn voxels")
    axes.set_ylabel(f"{data['axes'][0]} / drawn voxels")
    handles = [Patch(color=color, label=f"phase {phase}") for phase, color in zip(phases[:8], colors, strict=False)]
    axes.legend(handles=handles, fontsize=9, labelcolor=theme.ink, loc="upper left", bbox_to_anchor=(1.01, 1.0))


def laminate_rows(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw the sheets of an irregular laminate.

    Its data are ``rows_um``, the beginning and end of each sheet by row, ``length_um``, ``thickness_nm`` and
    ``repeat_nm``.
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
