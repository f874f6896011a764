"""Concentration fields of films: maps, profiles, spreads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from lamion.report.figures.style import PALETTE, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLOURS = "viridis"


def film_transport(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw the field of one film, its profiles over time and the concentrations at its electrodes.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``map`` (or None) with ``x_um``, ``y_um``, ``size_um``, ``concentration_mol_m3``; ``profiles``, each with
        ``time_s``, ``position_um``, ``concentration_mol_m3``; ``ends`` with ``time_s``, ``low_mol_m3``,
        ``high_mol_m3``; ``initial_mol_m3``.
    theme : Theme
        The paper.
    """
    panels = 2 if data["map"] is None else 3
    page.set_size_inches(3.6 * panels, 3.4)
    every = page.subplots(1, panels)
    if data["map"] is not None:
        _map(page, every[0], data["map"])
    profiles, ends = every[-2:]
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
    profiles.set_xlabel("position / um")
    profiles.set_ylabel("concentration / mol/m3")
    ends.plot(data["ends"]["time_s"], data["ends"]["low_mol_m3"], color=PALETTE[5], label="dissolving electrode")
    ends.plot(data["ends"]["time_s"], data["ends"]["high_mol_m3"], "--", color=PALETTE[0], label="plating electrode")
    ends.set_xlabel("time / s")
    ends.set_ylabel("concentration / mol/m3")
    for axes in (profiles, ends):
        axes.grid(visible=True)
        axes.legend(fontsize=8, labelcolor=theme.ink)


def concentration_spread(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw profiles at several currents and how the spread grows with current and time.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``films``, each with ``name``, ``rate`` (of C), ``drop_mol_m3``, ``std_mol_m3``, ``profiles`` (``rate``,
        ``relative_position``, ``concentration_mol_m3``) and ``spreads`` (``time_s``, ``rate``,
        ``drop_mol_m3``, where None is depleted).
    theme : Theme
        The paper.
    """
    films = data["films"]
    page.set_size_inches(4.0 * (len(films) + 1), 3.6)
    every = page.subplots(1, len(films) + 1)
    for k, (axes, film) in enumerate(zip(every, films, strict=False)):
        _profiles(axes, film, PALETTE[(0, 5)[k % 2]], theme)
    _spreads(every[-1], films, theme)


def _profiles(axes: Axes, film: Mapping[str, Any], colour: str, theme: Theme) -> None:
    shades = np.linspace(0.3, 1.0, len(film["profiles"]))
    for shade, line in zip(shades, film["profiles"], strict=True):
        axes.plot(
            line["relative_position"],
            np.array(line["concentration_mol_m3"]) / 1000,
            color=colour,
            alpha=shade,
            label=f"{line['rate']:g}C",
        )
    axes.set_title(film["name"], color=theme.ink)
    axes.set_xlabel("position / thickness")
    axes.set_ylabel("concentration / mol/L")
    axes.set_ylim(bottom=0)
    axes.grid(visible=True)
    axes.legend(fontsize=8, labelcolor=theme.ink, ncols=2)


def _spreads(axes: Axes, films: Sequence[Mapping[str, Any]], theme: Theme) -> None:
    styles = ("-", "--", ":", "-.")
    for k, film in enumerate(films):
        colour = PALETTE[(0, 5)[k % 2]]
        for style, line in zip(styles, film["spreads"], strict=False):
            kept = [(r, d) for r, d in zip(line["rate"], line["drop_mol_m3"], strict=True) if d is not None]
            if kept:
                axes.plot(*zip(*kept, strict=True), style, color=colour, label=f"{film['name']}, {line['time_s']:g} s")
        axes.errorbar(film["rate"], film["drop_mol_m3"], film["std_mol_m3"], fmt="o", ms=3.5, color=colour, capsize=2)
    axes.set_yscale("log")
    axes.set_xlabel("current / C")
    axes.set_ylabel("concentration spread / mol/m3")
    axes.grid(visible=True)
    axes.legend(fontsize=7, labelcolor=theme.ink)


def _map(page: Figure, axes: Axes, data: Mapping[str, Any]) -> None:
    width, height = data["size_um"]
    mesh = axes.pcolormesh(
        data["x_um"], data["y_um"], data["concentration_mol_m3"], cmap=_COLOURS, shading="nearest", rasterized=True
    )
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    axes.set_aspect("equal")
    axes.set_xlabel("x / um")
    axes.set_ylabel("y / um")
    page.colorbar(mesh, ax=axes, label="concentration / mol/m3", format="%g")
