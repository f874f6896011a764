"""Whatever is a plot of numbers against numbers, drawn from its specification."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lamion.quantities.figure import (
    Axis,
    Band,
    Bars,
    Figure,
    Labels,
    Line,
    Note,
    Numbers,
    Panel,
    Points,
    Rule,
    Span,
    figure_of,
)
from lamion.report.figures.style import PALETTE, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Page

_DASHES = {"solid": "-", "dashed": "--", "dotted": ":", "dashdot": "-."}
_MARKERS = {
    "circle": ("o", 4.2), "square": ("s", 4.2), "diamond": ("D", 4.2), "up": ("^", 4.8), "down": ("v", 4.8),
    "star": ("*", 11.0), "bar": ("|", 12.0), "dot": (".", 3.0),
}  # fmt: skip
_POWERS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SHADES = (0.2, 0.85)
_FEW = 30.0
"""Times: a logarithmic axis that spans less needs its fine lines."""
_MANY = 60
"""Points that need smaller marks."""

Paint = Callable[[Any], Any]
"""Gives a trace its colour."""


def xy(page: Page, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw a figure of panels."""
    figure = figure_of(data)
    rows = math.ceil(len(figure.panels) / figure.columns)
    page.set_size_inches(*figure.size)
    grid = page.subplots(
        rows,
        figure.columns,
        squeeze=False,
        sharex=figure.share_x,
        sharey=figure.share_y,
        width_ratios=list(figure.widths) or None,
        height_ratios=list(figure.heights) or None,
    )
    paint = painter(figure, theme)
    together = figure.share_y and rows > 1
    if together:
        page.supylabel(axis_text(figure.panels[0].y), fontsize="medium")
    for number, (axes, panel) in enumerate(zip(grid.flat, figure.panels, strict=False)):
        row, column = divmod(number, figure.columns)
        below = not figure.share_x or row == rows - 1
        first = not figure.share_y or (column == 0 and not together)
        _panel(axes, panel, theme, paint, x=below, y=first, own=not figure.legend)
    for axes in grid.flat[len(figure.panels) :]:
        axes.set_visible(False)
    if figure.legend:
        _page_legend(page, list(grid.flat), figure)


def _panel(axes: Axes, panel: Panel, theme: Theme, paint: Paint, *, x: bool, y: bool, own: bool) -> None:
    for number, trace in enumerate(panel.traces):
        _DRAWERS[type(trace)](axes, trace, paint(trace), theme, 2.0 + 0.01 * number)
    _axis(axes.xaxis, panel.x, named=x)
    _axis(axes.yaxis, panel.y, named=y)
    if panel.x.opposite is not None:
        _opposite(axes, panel.x.opposite)
    if panel.equal:
        limits = (panel.x.low, panel.x.high, panel.y.low, panel.y.high)
        axes.set_aspect("equal", adjustable="datalim" if None in limits else "box")
    if panel.grid:
        axes.set_axisbelow(True)
        axes.grid(visible=True, axis=panel.grid)  # type: ignore[arg-type]
        low, high = axes.get_ylim()
        if panel.y.scale == "log" and high < _FEW * low:
            axes.grid(visible=True, which="minor", axis="y", alpha=0.5)
    if panel.title:
        axes.set_title(panel.title)
    if own and panel.legend and axes.get_legend_handles_labels()[1]:
        _legend(axes, panel.legend)


def painter(figure: Figure, theme: Theme) -> Paint:
    """Return what gives each trace its colour: its number's, or that of its value among all values."""
    inks = {"ink": theme.ink, "faint": theme.faint, "paper": theme.paper}
    traces = [trace for panel in figure.panels for trace in panel.traces]
    values = [trace.value for trace in traces if isinstance(trace, Points | Line) and trace.value is not None]
    along: Callable[[float], float] = math.log if figure.colors and figure.colors.scale == "log" else float

    def paint(trace: Any) -> Any:
        value = getattr(trace, "value", None)
        if value is not None:
            import matplotlib as mpl

            first, last = along(min(values)), along(max(values))
            share = (along(value) - first) / ((last - first) or 1.0)
            return mpl.colormaps["viridis"](_SHADES[0] + share * (_SHADES[1] - _SHADES[0]))
        color = getattr(trace, "color", "ink")
        return inks[color] if isinstance(color, str) else PALETTE[color % len(PALETTE)]

    return paint


def _floats(numbers: Numbers) -> list[float]:
    return [math.nan if number is None else number for number in numbers]


def _points(axes: Axes, trace: Points, color: Any, theme: Theme, order: float) -> None:
    x, y = _floats(trace.x), _floats(trace.y)
    used = list(trace.used) or [True] * len(x)
    marker, size = _MARKERS[trace.marker]
    many = len(x) > _MANY
    size *= 0.75 if many and trace.marker != "dot" else 1.0
    shown = [k for k, yes in enumerate(used) if yes]
    _errors(axes, trace, x, y, color, order)
    axes.plot(
        [x[k] for k in shown],
        [y[k] for k in shown],
        marker,
        ls=_DASHES[trace.dash] if trace.joined else "none",
        lw=0.8 if many else 1.2,
        ms=size,
        mew=1.8 if trace.marker == "bar" else 0.8 if many else 1.1,
        mfc="none" if trace.open else None,
        color=color,
        label=trace.label or None,
        zorder=order,
    )
    left_out = [k for k, yes in enumerate(used) if not yes]
    if left_out:
        axes.plot(
            [x[k] for k in left_out],
            [y[k] for k in left_out],
            "x",
            ms=size,
            mew=1.0,
            color=theme.faint,
            label="left out",
            zorder=order,
        )


def _errors(axes: Axes, trace: Points, x: list[float], y: list[float], color: Any, order: float) -> None:
    across, up = _floats(trace.x_error), _floats(trace.y_error)
    low, high = _floats(trace.low), _floats(trace.high)
    ends = [[b - a for a, b in zip(low, y, strict=True)], [b - a for a, b in zip(y, high, strict=True)]] if low else up
    if across or ends:
        axes.errorbar(
            x, y, ends or None, across or None, fmt="none", ecolor=color, elinewidth=1.1, capsize=2.5, zorder=order
        )


def _line(axes: Axes, trace: Line, color: Any, theme: Theme, order: float) -> None:
    dash = _DASHES[trace.dash]
    axes.plot(
        _floats(trace.x),
        _floats(trace.y),
        dash,
        color=color,
        alpha=trace.opacity,
        label=trace.label or None,
        zorder=order,
    )


def _band(axes: Axes, trace: Band, color: Any, theme: Theme, order: float) -> None:
    low, high = _floats(trace.low), _floats(trace.high)
    axes.fill_between(
        _floats(trace.x), low, high, color=color, alpha=0.22, lw=0, label=trace.label or None, zorder=order
    )


def _bars(axes: Axes, trace: Bars, color: Any, theme: Theme, order: float) -> None:
    at, low, high = _floats(trace.at), _floats(trace.low), _floats(trace.high)
    sizes = [b - a for a, b in zip(low, high, strict=True)]
    look: dict[str, Any] = {
        "label": trace.label or None,
        "color": "none" if trace.hollow else color,
        "alpha": None if trace.hollow else trace.opacity,
        "edgecolor": color if trace.hollow else theme.paper,
        "hatch": "///" if trace.hatch else None,
        "lw": 0.6,
        "zorder": order,
    }
    if trace.across:
        axes.barh(at, sizes, trace.width, left=low, **look)
    else:
        axes.bar(at, sizes, trace.width, bottom=low, **look)
    error = _floats(trace.error)
    if error:
        ends = {"xerr": error} if trace.across else {"yerr": error}
        x, y = (high, at) if trace.across else (at, high)
        axes.errorbar(x, y, **ends, fmt="none", ecolor=theme.ink, elinewidth=1.2, capsize=4, zorder=order)  # type: ignore[arg-type]
    for place, start, end, text in zip(at, low, high, trace.texts, strict=False):
        _beside(axes, place, end, text, -1 if end < start else 1, theme, across=trace.across)


def _beside(axes: Axes, place: float, end: float, text: str, way: int, theme: Theme, *, across: bool) -> None:
    """Write a text at the end of a bar."""
    sides = ("left" if way > 0 else "right", "center") if across else ("center", "bottom" if way > 0 else "top")
    axes.annotate(
        text,
        (end, place) if across else (place, end),
        (4 * way, 0) if across else (0, 3 * way),
        textcoords="offset points",
        ha=sides[0],
        va=sides[1],
        fontsize=8,
        color=theme.ink,
        bbox=_paper(theme),
    )


def _rule(axes: Axes, trace: Rule, color: Any, theme: Theme, order: float) -> None:
    dash = _DASHES[trace.dash]
    across = axes.axvline if trace.axis == "x" else axes.axhline
    across(trace.at, ls=dash, lw=0.8 if dash == "-" else 1.2, color=color, label=trace.label or None, zorder=order)
    if trace.text:
        axes.annotate(
            trace.text,
            (trace.at, 0.98),
            (3, 0),
            ("data", "axes fraction"),
            "offset points",
            va="top",
            fontsize=8,
            color=theme.ink,
        )


def _span(axes: Axes, trace: Span, color: Any, theme: Theme, order: float) -> None:
    across = axes.axvspan if trace.axis == "x" else axes.axhspan
    across(trace.low, trace.high, color=color, alpha=0.35, lw=0.8, label=trace.label or None, zorder=order)


def _note(axes: Axes, trace: Note, color: Any, theme: Theme, order: float) -> None:
    axes.text(
        trace.x,
        trace.y,
        trace.text,
        ha=trace.align,
        va="bottom",
        fontsize=7.5,
        color=theme.ink,
        bbox=_paper(theme),
        zorder=order,
    )


def _labels(axes: Axes, trace: Labels, color: Any, theme: Theme, order: float) -> None:
    from lamion.report.figures.apart import KeptApart

    texts = [
        axes.annotate(
            text,
            (x, y),
            (0, 3),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=7,
            color=theme.ink,
            bbox=_paper(theme),
            zorder=order,
        )
        for x, y, text in zip(_floats(trace.x), _floats(trace.y), trace.texts, strict=True)
    ]
    axes.add_artist(KeptApart(axes, texts))


def _paper(theme: Theme) -> dict[str, Any]:
    """Return the ground of a text that may stand on a line."""
    return {"facecolor": theme.paper, "edgecolor": "none", "pad": 0.4}


_DRAWERS: Mapping[type[Any], Callable[..., None]] = {
    Points: _points,
    Line: _line,
    Band: _band,
    Bars: _bars,
    Rule: _rule,
    Span: _span,
    Note: _note,
    Labels: _labels,
}


def _axis(side: Any, axis: Axis, *, named: bool) -> None:
    # The page asks this file for titles and colours alone, and does not wait for matplotlib.
    from lamion.report.figures.ticks import Powers, Scaled

    axes, name = side.axes, side.axis_name
    if axis.scale == "log":
        getattr(axes, f"set_{name}scale")("log")
        side.set_major_formatter(Powers())
        side.set_minor_formatter(Powers())
    elif not axis.ticks:
        side.set_major_formatter(Scaled())
    if axis.ticks:
        side.set_ticks([place for place, _ in axis.ticks], [text for _, text in axis.ticks])
        side.set_minor_locator(_none())
        if not axis.label:
            side.set_tick_params(labelsize=9)
    low, high = axis.low, axis.high
    if low is not None or high is not None:
        getattr(axes, f"set_{name}lim")(low, high)
    if axis.backwards and not side.get_inverted():
        side.set_inverted(True)
    if axis.hidden:
        side.set_ticks([])
        axes.spines["left" if name == "y" else "bottom"].set_visible(False)
    if named:
        side.set_label_text(axis_text(axis))


def _none() -> Any:
    from matplotlib.ticker import NullLocator

    return NullLocator()


def _opposite(axes: Axes, axis: Axis) -> None:
    above = axes.secondary_xaxis("top")
    above.set_xticks([place for place, _ in axis.ticks], [text for _, text in axis.ticks])
    above.minorticks_off()
    above.set_xlabel(axis_text(axis))


def axis_text(axis: Axis) -> str:
    """Return an axis' title as it is printed: ``"current / mA/cm²"``."""
    if axis.unit == "1" or not axis.label:
        return axis.label
    return f"{axis.label} / {printed_unit(axis.unit)}"


def printed_unit(unit: str) -> str:
    """Return a unit with its powers raised and its prefix in Greek.

    Examples
    --------
    >>> printed_unit("mol/m3"), printed_unit("um"), printed_unit("kohm cm2")
    ('mol/m³', 'µm', 'kΩ cm²')
    """
    raised = re.sub(r"(?<=[A-Za-z])-?\d+", lambda found: found.group().translate(_POWERS), unit)
    greek = re.sub(r"\bu(?=[A-Za-z])", "µ", raised)
    degrees = re.sub(r"\bdegC\b", "°C", greek)
    return re.sub(r"ohm\b|ohm(?=[⁻⁰-⁹²³¹])", "Ω", degrees)


def _legend(axes: Axes, place: str) -> None:
    if place == "above":
        columns = _columns(len(axes.get_legend_handles_labels()[1]), 4)
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=columns, fontsize=8.5)
    else:
        axes.legend(loc=place, fontsize=8.5)  # type: ignore[call-overload]


def _columns(count: int, most: int) -> int:
    """Return the columns of a legend whose rows are as long as each other, but for the last."""
    return math.ceil(count / math.ceil(count / most))


def _page_legend(page: Page, every: Sequence[Axes], figure: Figure) -> None:
    """Draw one legend for all panels, each name once."""
    handles: dict[str, Any] = {}
    for axes in every:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            handles.setdefault(label, handle)
    side = "upper" if figure.legend == "above" else "lower"
    columns = _columns(len(handles), 4 if figure.size[0] > 6.2 else 3)
    page.legend(  # type: ignore[call-overload]
        list(handles.values()),
        list(handles),
        loc=f"outside {side} center",
        ncols=columns,
        fontsize=8.5,
    )
