"""Lithium-metal cells: voltage profiles, rate tables, sensitivities, films that run out of salt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from lamion.quantities.level import level_text
from lamion.report.figures.style import PALETTE, Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_GROUPS = {"electrolyte": ("film and lithium", 0), "catholyte": ("catholyte", 2), "cathode": ("active material", 1)}
_MARKERS = "osD^v"


def voltage_profiles(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw voltage against capacity, one curve a rate.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``curves``, each with ``label``, ``capacity_mAh_g`` and ``voltage_V``.
    theme : Theme
        The paper.
    """
    import matplotlib as mpl

    page.set_size_inches(6.0, 3.8)
    axes = page.subplots()
    axes.grid(visible=True)
    colors = mpl.colormaps["viridis"](np.linspace(0.05, 0.85, len(data["curves"])))
    for color, curve in zip(colors, data["curves"], strict=True):
        axes.plot(curve["capacity_mAh_g"], curve["voltage_V"], color=color, label=curve["label"])
    axes.set_xlabel("capacity / mAh/g")
    axes.set_ylabel("voltage / V")
    axes.set_xlim(left=0)
    axes.legend(fontsize=9, labelcolor=theme.ink)


def rate_table(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw capacities against rate: blind with its band, and where given measured and fitted.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``rate``, ``blind_mAh_g``, ``interval_mAh_g`` (pairs, maybe of None) and, optionally, ``measured_mAh_g`` (None
        where there is none), ``fitted_mAh_g``, ``fitted_label``, ``band_label``.
    theme : Theme
        The paper.
    """
    page.set_size_inches(6.0, 3.8)
    axes = page.subplots()
    axes.grid(visible=True)
    rate, blind = data["rate"], data["blind_mAh_g"]
    bands = [(low, high) for low, high in data["interval_mAh_g"] if low is not None and high is not None]
    if len(bands) == len(rate):
        low, high = zip(*bands, strict=True)
        axes.fill_between(
            rate, low, high, color=PALETTE[0], alpha=0.2, lw=0, label=data.get("band_label", f"blind, {level_text()}")
        )
    axes.plot(rate, blind, "-o", ms=4, color=PALETTE[0], label="blind, published diffusion")
    if "fitted_mAh_g" in data:
        axes.plot(rate, data["fitted_mAh_g"], "--s", ms=4, color=PALETTE[5], label=data["fitted_label"])
        measured = [(x, y) for x, y in zip(rate, data["measured_mAh_g"], strict=True) if y is not None]
        axes.plot(*zip(*measured, strict=True), "D", ms=6, mfc="none", mew=1.4, color=theme.ink, label="measured")
    axes.set_xlabel("rate / C")
    axes.set_ylabel("capacity / mAh/g")
    axes.set_ylim(bottom=0)
    axes.legend(fontsize=9, labelcolor=theme.ink, loc="lower left")


def cell_sensitivity(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw what each property does to capacity and voltage, the largest on top.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``factor`` and ``rows``, each with ``label``, ``group``, ``capacity_mAh_g`` and ``voltage_mV``: pairs of changes
        with the property divided and multiplied.
    theme : Theme
        The paper.
    """
    page.set_size_inches(7.6, 3.9)
    row = page.subplots(1, 2, sharey=True)
    places = np.arange(len(data["rows"]))
    for axes, key, label in zip(
        row, ("capacity_mAh_g", "voltage_mV"), ("capacity / mAh/g", "voltage / mV"), strict=True
    ):
        axes.grid(visible=True, axis="x")
        axes.set_axisbelow(True)
        for place, item in zip(places, data["rows"], strict=True):
            color = PALETTE[_GROUPS[item["group"]][1]]
            axes.barh(place + 0.2, item[key][0], 0.38, color=color, alpha=0.45)
            axes.barh(place - 0.2, item[key][1], 0.38, color=color)
        axes.axvline(0, color=theme.ink, lw=0.8)
        axes.set_xlabel(f"change of {label}")
    row[0].set_yticks(places, [item["label"] for item in data["rows"]])
    handles = [row[0].barh(0, 0, color=PALETTE[number], label=name) for name, number in _GROUPS.values()]
    factor = data["factor"]
    handles.append(row[0].barh(0, 0, color=theme.ink, alpha=0.4, label=f"divided by {factor:g}"))
    handles.append(row[0].barh(0, 0, color=theme.ink, label=f"times {factor:g}"))
    page.legend(handles=handles, loc="outside upper center", ncols=5, fontsize=9)


def depleted_cell(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw capacity against transference number: the cell and its bare film, one colour a salt concentration.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``curves``, each with ``label``, ``transference``, ``cell_mAh_g``, ``bare_mAh_g`` (None where never depleted);
        ``best`` with ``transference``, ``capacity_mAh_g`` and ``interval_mAh_g``; ``rate``.
    theme : Theme
        The paper.
    """
    page.set_size_inches(6.0, 3.8)
    axes = page.subplots()
    axes.grid(visible=True)
    for number, curve in enumerate(data["curves"]):
        color, marker = PALETTE[(0, 5, 2, 3, 1)[number % 5]], _MARKERS[number % 5]
        axes.plot(
            curve["transference"], curve["cell_mAh_g"], f"-{marker}", ms=5, color=color, label=f"cell, {curve['label']}"
        )
        bare = [np.nan if value is None else value for value in curve["bare_mAh_g"]]
        axes.plot(curve["transference"], bare, ":", color=color, label=f"bare film, {curve['label']}")
    best = data["best"]
    low, high = best["interval_mAh_g"]
    spread = [[best["capacity_mAh_g"] - low], [high - best["capacity_mAh_g"]]]
    axes.errorbar(
        best["transference"],
        best["capacity_mAh_g"],
        spread,
        fmt="*",
        ms=11,
        capsize=4,
        color=theme.ink,
        label=f"best guess, {level_text()}",
    )
    axes.set_xlabel("transference number of lithium")
    axes.set_ylabel(f"capacity at {data['rate']} / mAh/g")
    axes.set_ylim(bottom=0)
    axes.legend(fontsize=8.5, labelcolor=theme.ink)
