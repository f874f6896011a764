"""Would a measurement resolve a printed number: what it would give, simulated, against the printed rounding."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from lamion.report.figures.style import PALETTE, Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def resolution(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw the histogram of simulated answers and the band that rounds to the printed digits.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``values``, simulated answers; ``printed`` and ``half_last_digit``, in the same unit; ``label``, the axis
        with its unit.
    theme : Theme
        The paper.
    """
    page.set_size_inches(6.4, 3.0)
    axes = page.subplots()
    values = np.array(data["values"])
    shown = np.percentile(values, [0.5, 99.5])
    axes.hist(
        values,
        bins=min(40, max(8, len(values) // 12)),
        range=tuple(shown),
        color=PALETTE[0],
        alpha=0.75,
        label="synthetic: simulated measurements",
    )
    low, high = data["printed"] - data["half_last_digit"], data["printed"] + data["half_last_digit"]
    axes.axvspan(low, high, color=PALETTE[5], alpha=0.6, zorder=0, label="rounds to the printed digits")
    axes.set_xlabel(data["label"])
    axes.set_ylabel("simulated cells")
    axes.ticklabel_format(axis="x", style="sci", scilimits=(-2, 4), useMathText=True)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.18), ncols=2, fontsize=9, labelcolor=theme.ink)
