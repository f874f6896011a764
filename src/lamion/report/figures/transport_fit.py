"""A polarisation with the current or voltage of the film that was fitted to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from lamion.report.figures.style import PALETTE, Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_PREFIXES = ((1.0, ""), (1e-3, "m"), (1e-6, "u"), (1e-9, "n"))


def transport_fit(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw the record and the fit, and beside them the residuals.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``time_s`` and ``current_A`` or ``voltage_V``, and ``curve`` with the same.
    theme : Theme
        The paper.
    """
    page.set_size_inches(7.6, 3.4)
    axes, beside = page.subplots(1, 2, width_ratios=(3, 2))
    name, symbol = ("current", "A") if "current_A" in data else ("voltage", "V")
    time = np.array(data["time_s"])
    measured, fitted = np.array(data[f"{name}_{symbol}"]), np.array(data["curve"][f"{name}_{symbol}"])
    size, prefix = _scale(measured)
    axes.plot(time, measured / size, "o", ms=3, mfc="none", color=PALETTE[0], label="measured")
    axes.plot(time, fitted / size, "-", color=PALETTE[5], label="fit")
    axes.set_ylabel(f"{name} / {prefix}{symbol}")
    axes.legend(fontsize=9, labelcolor=theme.ink)
    size, prefix = _scale(measured - fitted)
    beside.plot(time, (measured - fitted) / size, "o", ms=3, mfc="none", color=PALETTE[0])
    beside.axhline(0.0, color=theme.ink, lw=1)
    beside.set_ylabel(f"measured less fit / {prefix}{symbol}")
    for panel in (axes, beside):
        panel.set_xlabel("time / s")
        panel.grid(visible=True)


def _scale(values: np.ndarray[Any, np.dtype[np.float64]]) -> tuple[float, str]:
    largest = float(np.max(np.abs(values)))
    return next(((size, prefix) for size, prefix in _PREFIXES if largest >= size), _PREFIXES[-1])
