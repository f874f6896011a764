"""The current of a cell while it is polarised, with the initial and the steady current read from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from lamion.report.figures.style import PALETTE, Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_PREFIXES = ((1.0, "A"), (1e-3, "mA"), (1e-6, "uA"), (1e-9, "nA"))


def polarisation(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw the transient.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``time_s``, ``current_A``, ``initial_current_A`` (by Ohm's law), ``steady_current_A`` and its standard
        uncertainty ``steady_current_std_A``.
    theme : Theme
        The paper.
    """
    page.set_size_inches(6.0, 3.6)
    axes = page.subplots()
    current = np.array(data["current_A"])
    size, unit = next(((s, u) for s, u in _PREFIXES if np.max(np.abs(current)) >= s), _PREFIXES[-1])
    axes.plot(data["time_s"], current / size, ".", ms=3, color=PALETTE[0], label="current")
    axes.axhline(data["initial_current_A"] / size, ls="--", color=PALETTE[1], label="initial, by Ohm's law")
    steady, std = data["steady_current_A"] / size, data["steady_current_std_A"] / size
    axes.axhline(steady, ls="-", color=PALETTE[5], label="steady")
    axes.axhspan(steady - std, steady + std, color=PALETTE[5], alpha=0.25, lw=0)
    axes.set_xlabel("time / s")
    axes.set_ylabel(f"current / {unit}")
    axes.legend(fontsize=9, labelcolor=theme.ink)
    axes.grid(visible=True)
