"""Where the voltage of symmetric lithium cells goes, beside what was measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lamion.report.figures.style import PALETTE, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PARTS = (
    ("ohmic_mV", "film, ohmic", 0),
    ("charge_transfer_mV", "charge transfer", 1),
    ("concentration_mV", "concentration", 2),
)
_READINGS = {"cell": "R$_{ct}$ of the cell", "interface": "R$_{ct}$ of one interface"}


def voltage_budget(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw stacked bars, one for each reading of the charge-transfer resistance, with a measured value as a line.

    Parameters
    ----------
    page : Figure
        Where to draw.
    data : Mapping
        ``bars``, each with ``cell``, ``convention``, ``ohmic_mV``, ``charge_transfer_mV``,
        ``charge_transfer_linear_mV``, ``concentration_mV``, ``uncertainty_mV`` and ``measured_mV`` (both may be None).
    theme : Theme
        The paper.
    """
    cells = list(dict.fromkeys(bar["cell"] for bar in data["bars"]))
    page.set_size_inches(max(6.2, 3.6 * len(cells)), 4.2)
    row = page.subplots(1, len(cells), squeeze=False)[0]
    for axes, cell in zip(row, cells, strict=True):
        _bars(axes, [bar for bar in data["bars"] if bar["cell"] == cell], theme)
        axes.set_title(cell)
    row[0].set_ylabel("voltage / mV")
    handles: dict[str, Any] = {}
    for axes in row:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            handles.setdefault(label, handle)
    page.legend(handles.values(), handles.keys(), loc="outside upper center", ncols=3, fontsize=9)


def _bars(axes: Axes, bars: list[Mapping[str, Any]], theme: Theme) -> None:
    for place, bar in enumerate(bars):
        base = 0.0
        for key, label, color in _PARTS:
            axes.bar(
                place, bar[key], 0.6, bottom=base, color=PALETTE[color], label=label, edgecolor=theme.paper, lw=0.6
            )
            base += bar[key]
        if bar["uncertainty_mV"]:
            axes.errorbar(place, base, bar["uncertainty_mV"], color=theme.ink, capsize=4, lw=1.2)
        linear = base - bar["charge_transfer_mV"] + bar["charge_transfer_linear_mV"]
        axes.plot([place - 0.3, place + 0.3], [linear] * 2, ":", color=theme.ink, lw=1.4, label="with ohmic interphase")
        measured = bar["measured_mV"]
        if measured is not None and measured > base:
            axes.bar(
                place,
                measured - base,
                0.6,
                bottom=base,
                fill=False,
                hatch="///",
                edgecolor=PALETTE[6],
                lw=0.8,
                label="unexplained",
            )
    measured = bars[0]["measured_mV"]
    if measured is not None:
        axes.axhline(measured, color=PALETTE[5], lw=1.4, ls="--", label="measured")
    axes.set_xticks(range(len(bars)), [_READINGS.get(bar["convention"], bar["convention"]) for bar in bars], fontsize=9)
    axes.set_xlim(-0.6, len(bars) - 0.4)
