"""Symmetric lithium cells in time, and along a staircase of currents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from lamion.report.figures.style import PALETTE, Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def voltage_history(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw a voltage in time.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``time_s`` and ``voltage_mV``.
    theme : Theme
        The paper.
    """
    page.set_size_inches(6.5, 3.4)
    axes = page.subplots()
    axes.plot(np.array(data["time_s"]) / 3600, data["voltage_mV"], color=PALETTE[0])
    axes.axhline(0, color=theme.ink, lw=0.8)
    axes.grid(visible=True)
    axes.set_xlabel("time / h")
    axes.set_ylabel("voltage / mV")


def staircase(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw the overpotential of each current, the steady state and the limiting current.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``current_mA_cm2``, ``overpotential_mV`` (None where the salt is used up), ``limiting_mA_cm2``, ``steady``
        with the first two.
    theme : Theme
        The paper.
    """
    page.set_size_inches(6.0, 3.8)
    axes = page.subplots()
    points = list(zip(data["current_mA_cm2"], data["overpotential_mV"], strict=True))
    carried = [(x, y) for x, y in points if y is not None]
    steady = data["steady"]
    axes.plot(steady["current_mA_cm2"], steady["overpotential_mV"], color=PALETTE[4], label="steady state")
    if carried:
        axes.plot(*zip(*carried, strict=True), "o", color=PALETTE[0], label="end of the half cycle")
    for x, y in points:
        if y is None:
            axes.axvline(x, color=PALETTE[5], ls="-", lw=1.2, label=f"salt used up at {x:g} mA/cm$^2$")
    if data["limiting_mA_cm2"] <= 1.3 * max(data["current_mA_cm2"]):
        axes.axvline(data["limiting_mA_cm2"], color=theme.ink, ls=":", label="limiting current")
    axes.grid(visible=True)
    axes.set_ylim(bottom=0)
    axes.set_xlim(left=0)
    axes.set_xlabel("current / mA/cm$^2$")
    axes.set_ylabel("overpotential / mV")
    axes.legend(fontsize=9)
