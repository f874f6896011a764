"""What every figure holds to, whoever made it."""

import json
import math

import numpy as np

from lamion.quantities.figure import Band, Bars, Line, Points, figure_of
from lamion.report.figures.csv_table import csv_table
from lamion.report.figures.draw import KINDS, draw, page_of
from lamion.report.figures.xy import axis_text


def hold(figure):
    """Check one figure: a drawer, JSON values, the same picture twice, and what holds for plots."""
    assert figure.title
    assert not figure.title.endswith(".")
    assert figure.kind in KINDS.names()
    assert json.loads(json.dumps(figure.data, allow_nan=False)) == figure.data
    header, *rows = csv_table(figure).splitlines()
    assert header
    assert rows
    assert draw(figure, "svg") == draw(figure, "svg")
    if figure.kind == "xy":
        _plot(figure)


def _plot(figure):
    specification = figure_of(figure.data)
    page = page_of(figure)
    assert len(page.axes) == len(specification.panels)
    for panel, axes in zip(specification.panels, page.axes, strict=True):
        for axis in (panel.x, panel.y):
            assert axis.label or axis.ticks or axis.hidden, "an axis without a name"
            assert axis.unit
            assert axis.unit not in axis.label.split()
        assert axes.get_xlabel() in (axis_text(panel.x), "")
        assert axes.get_ylabel() in (axis_text(panel.y), "")
        _finite(panel)
        _as_said(panel, axes)
        if "Im" in panel.y.label:
            assert panel.y.label == "−Im Z"
            assert panel.equal
            assert panel.x.unit == panel.y.unit


def _finite(panel):
    for trace in panel.traces:
        if isinstance(trace, Points | Line):
            x, y = list(trace.x), list(trace.y)
            assert len(x) == len(y)
            assert any(value is not None for value in y), "nothing to see"
            assert all(value is None or math.isfinite(value) for value in (*x, *y))
        if isinstance(trace, Points):
            for errors in (trace.x_error, trace.y_error, trace.low, trace.high, trace.used):
                assert len(list(errors)) in (0, len(x))
        if isinstance(trace, Band):
            assert len(list(trace.x)) == len(list(trace.low)) == len(list(trace.high))
        if isinstance(trace, Bars):
            assert len(list(trace.at)) == len(list(trace.low)) == len(list(trace.high))


def _as_said(panel, axes):
    """The drawn points are those of the data, and an uncertainty that is known has its bar."""
    drawn = [np.ma.filled(line.get_xydata(), np.nan) for line in axes.lines]
    for trace in panel.traces:
        if not isinstance(trace, Points | Line):
            continue
        used = getattr(trace, "used", ()) or [True] * len(trace.x)
        wanted = [
            [math.nan if value is None else value for value in point]
            for point, yes in zip(zip(trace.x, trace.y, strict=True), used, strict=True)
            if yes
        ]
        assert any(np.array_equal(one, np.array(wanted), equal_nan=True) for one in drawn), trace.label
    asked = sum(isinstance(t, Points) and bool(t.x_error or t.y_error or t.low) for t in panel.traces)
    asked += sum(isinstance(t, Bars) and bool(t.error) for t in panel.traces)
    assert sum("ErrorbarContainer" in type(one).__name__ for one in axes.containers) == asked
