"""Measured points with the curve that was fitted to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from lamion.report.figures.style import PALETTE, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_VOLT = ((1.0, "V"), (1e-3, "mV"), (1e-6, "uV"))
_AMPERE = ((1.0, "A"), (1e-3, "mA"), (1e-6, "uA"), (1e-9, "nA"), (1e-12, "pA"))


def relaxation(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw an open-circuit voltage and the last mode of its relaxation.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``time_s``, ``voltage_V``, ``curve`` with the same two, ``window_start_s``.
    theme : Theme
        The paper.
    """
    axes = _axes(page)
    size, unit = _prefix(data["voltage_V"], _VOLT)
    _points_and_curve(axes, data, "time_s", "voltage_V", size, theme)
    axes.axvline(data["window_start_s"], ls=":", color=theme.ink, lw=1)
    axes.set_xlabel("time / s")
    axes.set_ylabel(f"voltage / {unit}")


def concentration_cell(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw the voltages of concentration cells.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``concentration_mol_m3``, ``voltage_V``, ``curve`` with the same two, ``at_mol_m3``.
    theme : Theme
        The paper.
    """
    axes = _axes(page)
    size, unit = _prefix(data["voltage_V"], _VOLT)
    _points_and_curve(axes, data, "concentration_mol_m3", "voltage_V", size, theme)
    axes.axvline(data["at_mol_m3"], ls=":", color=theme.ink, lw=1)
    axes.set_xscale("log")
    axes.minorticks_off()
    marks = sorted(set(data["concentration_mol_m3"]))
    axes.set_xticks(marks, [f"{mark:g}" for mark in marks])
    axes.set_xlabel("concentration / mol/m3")
    axes.set_ylabel(f"voltage / {unit}")


def leakage(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw the steady currents of an ion-blocking cell.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``voltage_V``, ``current_A``, ``curve`` with the same two.
    theme : Theme
        The paper.
    """
    axes = _axes(page)
    size, unit = _prefix(data["current_A"], _AMPERE)
    _points_and_curve(axes, data, "voltage_V", "current_A", size, theme)
    axes.set_xlabel("voltage / V")
    axes.set_ylabel(f"steady current / {unit}")


def _axes(page: Figure) -> Axes:
    page.set_size_inches(6.0, 3.6)
    axes = page.subplots()
    axes.grid(visible=True)
    return axes


def _prefix(values: Sequence[float], prefixes: tuple[tuple[float, str], ...]) -> tuple[float, str]:
    largest = float(np.max(np.abs(values)))
    return next(((size, unit) for size, unit in prefixes if largest >= size), prefixes[-1])


def _points_and_curve(axes: Axes, data: Mapping[str, Any], x: str, y: str, size: float, theme: Theme) -> None:
    axes.plot(data[x], np.array(data[y]) / size, "o", ms=3.5, mfc="none", color=PALETTE[0], label="measured")
    axes.plot(data["curve"][x], np.array(data["curve"][y]) / size, "-", color=PALETTE[5], label="fit")
    axes.legend(fontsize=9, labelcolor=theme.ink)
