"""Concentration fields of films: maps, profiles, spreads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from lamion.report.figures.style import PALETTE, Theme
from lamion.report.figures.xy import printed_unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLOURS = "viridis"


def film_transport(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw the field of one film, its profiles over time and the concentrations at its electrodes.

    Its data are ``map`` with ``x_um``, ``y_um``, ``size_um``, ``concentration_mol_m3``; ``profiles``, each
    with ``time_s``, ``position_um``, ``concentration_mol_m3``; ``ends`` with ``time_s``, ``low_mol_m3``,
    ``high_mol_m3``; and ``initial_mol_m3``.
    """
    page.set_size_inches(10.8, 3.4)
    field, profiles, ends = page.subplots(1, 3)
    _map(page, field, data["map"])
    shades = np.linspace(0.35, 1.0, len(data["profiles"]))
    for shade, line in zip(shades, data["profiles"], strict=True):
        profiles.plot(
            line["position_um"],
            line["concentration_mol_m3"],
            color=PALETTE[0],
            alpha=shade,
            label=f"{line['time_s']:.4g} s",
        )
    profiles.axhline(data["initial_mol_m3"], ls=":", lw=1, color=theme.ink)
    profiles.set_xlabel("position / µm")
    profiles.set_ylabel(f"concentration / {printed_unit('mol/m3')}")
    ends.plot(data["ends"]["time_s"], data["ends"]["low_mol_m3"], color=PALETTE[5], label="dissolving electrode")
    ends.plot(data["ends"]["time_s"], data["ends"]["high_mol_m3"], "--", color=PALETTE[0], label="plating electrode")
    ends.set_xlabel("time / s")
    ends.set_ylabel(f"concentration / {printed_unit('mol/m3')}")
    for axes in (profiles, ends):
        axes.grid(visible=True)
        axes.legend(fontsize=8, labelcolor=theme.ink)


def _map(page: Figure, axes: Axes, data: Mapping[str, Any]) -> None:
    width, height = data["size_um"]
    mesh = axes.pcolormesh(
        data["x_um"], data["y_um"], data["concentration_mol_m3"], cmap=_COLOURS, shading="nearest", rasterized=True
    )
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    axes.set_aspect("equal")
    axes.set_xlabel("x / µm")
    axes.set_ylabel("y / µm")
    page.colorbar(mesh, ax=axes, label=f"concentration / {printed_unit('mol/m3')}", format="%g")
