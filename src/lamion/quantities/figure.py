"""A figure as data: panels of traces on axes with units, in JSON values, which every place draws alike.

Whoever computes something says here what is to be seen: which points with which uncertainty, which line through them,
what the axes are called. How it looks (ink, sizes, dashes, light and dark) is the drawer's. What is no plot of one
number against another (atoms, fields, laminates) has a kind of :class:`FigureData` and a drawer of its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, ClassVar

Numbers = Iterable[float | None]
"""A list or an array; None, infinite and not a number alike mean that there is none."""


@dataclass(frozen=True)
class FigureData:
    """The data of one figure; ``report.figures`` knows how to draw each kind.

    Parameters
    ----------
    kind : str
        ``"xy"`` for a :class:`Figure`; others, such as ``"sheet"``, for what is no plot.
    title : str
        What it shows, one line.
    data : Mapping
        JSON values that the kind asks for.
    """

    kind: str
    title: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Axis:
    """One axis.

    Parameters
    ----------
    label : str
        What is drawn along it.
    unit : str
        Its unit; ``"1"`` for a number without one.
    scale : str
        ``"linear"`` or ``"log"``.
    low, high : float, optional
        Where it begins and ends; as the data ask where not given.
    ticks : sequence of (float, str)
        Places and their names, where they are not numbers or should be few.
    backwards : bool
        From high to low, as for categories that are read from the top.
    hidden : bool
        Not drawn: the numbers along it mean nothing.
    opposite : Axis, optional
        The same places by other names at the other side; it needs `ticks`.
    results : sequence of str
        The results of the answer that are places on this axis, by name or pattern: where one of them is held against a
        printed number, a report draws that number across the panel.
    """

    label: str = ""
    unit: str = "1"
    scale: str = "linear"
    low: float | None = None
    high: float | None = None
    ticks: Sequence[tuple[float, str]] = ()
    backwards: bool = False
    hidden: bool = False
    opposite: Axis | None = None
    results: Sequence[str] = ()

    @property
    def title(self) -> str:
        """The label with the unit, as ``"voltage / V"``."""
        return self.label if self.unit == "1" or not self.label else f"{self.label} / {self.unit}"


class Trace:
    """What is drawn in a panel; each kind has its word in the JSON."""

    mark: ClassVar[str]


@dataclass(frozen=True)
class Points(Trace):
    """Points with their uncertainties.

    Parameters
    ----------
    x, y : Numbers
        Where they are.
    label : str
        For the legend; empty: not in it.
    color : int or str
        The number of the series, or ``"ink"``.
    x_error, y_error : Numbers
        Standard uncertainties, one a point.
    low, high : Numbers
        Ends of an interval of y, one of each a point, in place of `y_error`.
    marker : str
        ``"circle"``, ``"square"``, ``"diamond"``, ``"up"``, ``"down"``, ``"star"``, ``"bar"`` or ``"dot"``.
    open : bool
        Not filled.
    joined : bool
        With a line from point to point.
    dash : str
        Of that line: ``"solid"``, ``"dashed"``, ``"dotted"`` or ``"dashdot"``.
    used : sequence of bool
        False for a point that is shown but was left out; empty: all used.
    value : float, optional
        What gives it its colour in place of its number; see :class:`Figure`.
    also : Mapping of str to sequence of float, str or None
        What else is known of each point, by titles with units.
    results : sequence of str
        The results of the answer that the points' y are, one of each: a report draws printed numbers beside them.
    """

    mark: ClassVar[str] = "points"

    x: Numbers
    y: Numbers
    label: str = ""
    color: int | str = 0
    x_error: Numbers = ()
    y_error: Numbers = ()
    low: Numbers = ()
    high: Numbers = ()
    marker: str = "circle"
    open: bool = False
    joined: bool = False
    dash: str = "solid"
    used: Sequence[bool] = ()
    value: float | None = None
    also: Mapping[str, Iterable[float | str | None]] = field(default_factory=dict)
    results: Sequence[str] = ()


@dataclass(frozen=True)
class Line(Trace):
    """A line; it breaks where there is no number.

    Parameters
    ----------
    x, y, label, color, value
        As for points.
    dash : str
        As for points.
    opacity : float
        Of the ink, from 0 to 1.
    """

    mark: ClassVar[str] = "line"

    x: Numbers
    y: Numbers
    label: str = ""
    color: int | str = 0
    dash: str = "solid"
    opacity: float = 1.0
    value: float | None = None


@dataclass(frozen=True)
class Band(Trace):
    """The room between two lines, such as an uncertainty.

    Parameters
    ----------
    x, low, high : Numbers
        Its two edges.
    label, color
        As for points.
    """

    mark: ClassVar[str] = "band"

    x: Numbers
    low: Numbers
    high: Numbers
    label: str = ""
    color: int | str = 0


@dataclass(frozen=True)
class Bars(Trace):
    """Bars from one number to another.

    Parameters
    ----------
    at, low, high : Numbers
        The place of each bar, where it begins and where it ends.
    label, color
        As for points.
    width : float
        Across.
    across : bool
        Lying: `at` counts along y.
    hatch : bool
        Striped.
    hollow : bool
        Not filled.
    opacity : float
        Of the ink, from 0 to 1.
    error : Numbers
        Standard uncertainties of the ends.
    texts : sequence of str
        What is written at the ends.
    """

    mark: ClassVar[str] = "bars"

    at: Numbers
    low: Numbers
    high: Numbers
    label: str = ""
    color: int | str = 0
    width: float = 0.8
    across: bool = False
    hatch: bool = False
    hollow: bool = False
    opacity: float = 1.0
    error: Numbers = ()
    texts: Sequence[str] = ()


@dataclass(frozen=True)
class Rule(Trace):
    """A line across the whole panel, at one number.

    Parameters
    ----------
    at : float
        The number.
    axis : str
        The axis on which it stands, ``"x"`` or ``"y"``.
    label, color
        As for points; ``"faint"`` is one more colour.
    dash : str
        As for a line.
    text : str
        What is written beside its upper end.
    """

    mark: ClassVar[str] = "rule"

    at: float
    axis: str = "x"
    label: str = ""
    color: int | str = "ink"
    dash: str = "dotted"
    text: str = ""


@dataclass(frozen=True)
class Span(Trace):
    """A stripe across the whole panel.

    Parameters
    ----------
    low, high : float
        Its edges.
    axis, label, color
        As for a rule.
    """

    mark: ClassVar[str] = "span"

    low: float
    high: float
    axis: str = "x"
    label: str = ""
    color: int | str = 0


@dataclass(frozen=True)
class Note(Trace):
    """A text at a place.

    Parameters
    ----------
    x, y : float
        The place, on the axes.
    text : str
        What is written.
    align : str
        Which side of the text is at x: ``"left"``, ``"center"`` or ``"right"``.
    """

    mark: ClassVar[str] = "note"

    x: float
    y: float
    text: str
    align: str = "center"


@dataclass(frozen=True)
class Labels(Trace):
    """Names of points, written above them, where they cover neither each other nor a line of the panel.

    Parameters
    ----------
    x, y : Numbers
        The points.
    texts : sequence of str
        Their names, the most telling first: it is the later of two that is left out.
    """

    mark: ClassVar[str] = "labels"

    x: Numbers
    y: Numbers
    texts: Sequence[str]


_MARKS: Mapping[str, type[Any]] = {kind.mark: kind for kind in (Points, Line, Band, Bars, Rule, Span, Note, Labels)}


@dataclass(frozen=True)
class Panel:
    """Traces on two axes.

    Parameters
    ----------
    traces : sequence of Trace
        In the order in which they are drawn.
    x, y : Axis
        The axes.
    title : str
        Above it.
    equal : bool
        One unit of x is as long as one of y.
    legend : str
        The corner in which it stands, such as ``"lower left"``, ``"above"`` the panel, or empty for none.
    grid : str
        Lines of the grid on ``"both"`` axes, on ``"x"``, ``"y"``, or empty for none.
    """

    traces: Sequence[Trace]
    x: Axis
    y: Axis
    title: str = ""
    equal: bool = False
    legend: str = "best"
    grid: str = "both"


@dataclass(frozen=True)
class Figure:
    """Panels in a grid, filled row by row.

    Parameters
    ----------
    panels : sequence of Panel
        What is seen.
    columns : int
        Panels beside each other.
    size : (float, float)
        Width and height on paper, inches.
    widths, heights : sequence of float
        How wide the columns and how tall the rows are, relative to each other.
    share_x, share_y : bool
        All panels begin and end alike.
    legend : str
        One for all panels, ``"above"`` or ``"below"`` them; empty: each has its own.
    colors : Axis, optional
        What a trace's `value` is, and whether colours go along with it or with its logarithm.

    Examples
    --------
    >>> points = Points([0.0, 1.0], [2.0, 3.0], "measured", y_error=[0.1, float("nan")])
    >>> figure = Figure([Panel([points], Axis("time", "s"), Axis("voltage", "V"))])
    >>> figure.entitled("Rest").data["panels"][0]["traces"][0]["y_error"]
    [0.1, None]
    >>> figure_of(figure.entitled("Rest").data).panels[0].y.title
    'voltage / V'
    """

    panels: Sequence[Panel]
    columns: int = 1
    size: tuple[float, float] = (6.0, 3.7)
    widths: Sequence[float] = ()
    heights: Sequence[float] = ()
    share_x: bool = False
    share_y: bool = False
    legend: str = ""
    colors: Axis | None = None

    def entitled(self, title: str, **also: Any) -> FigureData:
        """Return the figure as JSON values.

        Parameters
        ----------
        title : str
            What it shows, one line.
        **also
            JSON values to keep beside it for who reads the numbers; they are not drawn.
        """
        return FigureData("xy", title, {**_json(self), **also})


def figure_of(data: Mapping[str, Any]) -> Figure:
    """Return the figure that JSON values describe.

    Parameters
    ----------
    data : Mapping
        As :meth:`Figure.entitled` wrote them; what does not belong to the figure is passed over.
    """
    panels = [
        Panel(
            **{**panel, "traces": [_trace(item) for item in panel["traces"]]}
            | {"x": _axis(panel["x"]), "y": _axis(panel["y"])}
        )
        for panel in data["panels"]
    ]
    known = {one.name: data[one.name] for one in fields(Figure) if one.name in data}
    colors = _axis(data["colors"]) if data.get("colors") else None
    return Figure(**{**known, "panels": panels, "colors": colors})


def _trace(item: Mapping[str, Any]) -> Trace:
    given = dict(item)
    found: Trace = _MARKS[given.pop("mark")](**given)
    return found


def _axis(item: Mapping[str, Any]) -> Axis:
    opposite = item.get("opposite")
    return Axis(**{**item, "opposite": _axis(opposite) if opposite else None})


def _json(value: Any) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        head = {"mark": value.mark} if hasattr(value, "mark") else {}
        return head | {
            one.name: _json(own) for one in fields(value) if not _default(own := getattr(value, one.name), one)
        }
    if hasattr(value, "tolist"):
        return _json(value.tolist())
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, str | int) or value is None:
        return value
    if isinstance(value, Mapping):
        return {key: _json(own) for key, own in value.items()}
    return [_json(own) for own in value]


def _default(own: Any, one: Any) -> bool:
    """Tell whether a field is as it would be without being written."""
    if isinstance(own, str | float | int | tuple) or own is None:
        return one.default is not MISSING and bool(own == one.default)
    return isinstance(own, Mapping) and not own


_PREFIXES = ((1e6, "M"), (1e3, "k"), (1.0, ""), (1e-3, "m"), (1e-6, "u"), (1e-9, "n"), (1e-12, "p"))


def prefixed(largest: float, unit: str) -> tuple[float, str]:
    """Return the size of a unit, and its name, in which a number is neither large nor small.

    Parameters
    ----------
    largest : float
        The number.
    unit : str
        Its unit, without a prefix.

    Examples
    --------
    >>> prefixed(2.5e-6, "A")
    (1e-06, 'uA')
    """
    size, prefix = next(((s, p) for s, p in _PREFIXES if abs(largest) >= s), _PREFIXES[-1])
    return (size, f"{prefix}{unit}") if largest else (1.0, unit)


def reciprocal_temperature(temperatures: Iterable[float]) -> Axis:
    """Return the axis of 1000 K / T, with degrees Celsius at the other side.

    Parameters
    ----------
    temperatures : iterable of float
        What is drawn on it, K.

    Examples
    --------
    >>> reciprocal_temperature([293.15, 353.15]).opposite.ticks[0][1]
    '20'
    """
    ends = [1000.0 / T for T in temperatures]
    room = 0.045 * ((max(ends) - min(ends)) or 0.1 * max(ends))
    low, high = min(ends) - room, max(ends) + room
    coldest, hottest = 1000.0 / high - 273.15, 1000.0 / low - 273.15
    step = next((s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500) if (hottest - coldest) / s <= 8), 1000)
    marks = range(math.ceil(coldest / step) * step, math.ceil(hottest), step)
    celsius = Axis("temperature", "°C", ticks=[(1000.0 / (mark + 273.15), f"{mark}") for mark in marks])
    return Axis("1000 K / T", low=low, high=high, opposite=celsius)
