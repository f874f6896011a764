"""A distribution of relaxation times with its uncertainty and its peaks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lamion.report.figures.style import PALETTE, Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_PREFIXES = ((1e6, "Mohm"), (1e3, "kohm"), (1.0, "ohm"), (1e-3, "mohm"))
_HEADROOM = 1.3


def relaxation_times(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw the distribution over the time constants that were measured.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``time_s``, ``gamma_ohm`` and ``gamma_std_ohm``; ``peaks`` with ``time_s``, ``resistance_ohm`` and
        ``resistance_std_ohm``; ``measured_s``, the spectrum's shortest and longest 1/omega.
    theme : Theme
        The paper.
    """
    page.set_size_inches(6.0, 3.4)
    axes = page.subplots()
    time, gamma, std = (np.array(data[name]) for name in ("time_s", "gamma_ohm", "gamma_std_ohm"))
    height = _height(time, gamma, data)
    size, unit = next(((s, u) for s, u in _PREFIXES if height >= s), _PREFIXES[-1])
    axes.fill_between(time, (gamma - std).clip(0) / size, (gamma + std) / size, color=PALETTE[0], alpha=0.25, lw=0)
    axes.plot(time, gamma / size, color=PALETTE[0])
    for peak in data["peaks"]:
        axes.axvline(peak["time_s"], ls=":", lw=1, color=theme.ink)
        text = f"{peak['time_s']:.2g} s\n{peak['resistance_ohm']:.3g} ohm"
        axes.annotate(text, (peak["time_s"], 0.98), xycoords=("data", "axes fraction"), xytext=(3, 0),
                      textcoords="offset points", va="top", fontsize=8)  # fmt: skip
    for end in data["measured_s"]:
        axes.axvline(end, lw=0.8, color=theme.faint)
    axes.set_xscale("log")
    axes.set_ylim(0, _HEADROOM * height / size)
    axes.set_xlabel("time constant / s (measured between the grey lines)")
    axes.set_ylabel(f"distribution / {unit}")
    axes.grid(visible=True)


def _height(time: NDArray[np.float64], gamma: NDArray[np.float64], data: Mapping[str, Any]) -> float:
    """Return the largest value near a peak, or anywhere without peaks: a tail may rise far above."""
    if not data["peaks"]:
        return float(max(gamma.max(), 1e-12))
    return max(float(np.interp(np.log(peak["time_s"]), np.log(time), gamma)) for peak in data["peaks"]) or 1.0
