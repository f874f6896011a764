"""The numbers of a figure as one CSV table, a row for each point."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from lamion.quantities import FigureData
from lamion.quantities.figure import Axis, Band, Bars, Labels, Line, Panel, Points, Rule, Span, Trace, figure_of
from lamion.texts import cell

Row = Mapping[str, Any]


def csv_table(figure: FigureData) -> str:
    """Return a figure's numbers; one that is no plot has a column for each of its lists.

    Examples
    --------
    >>> from lamion.quantities.figure import Axis, Figure, Line, Panel
    >>> panel = Panel([Line([0.0, 1.0], [2.0, None], "model")], Axis("time", "s"), Axis("voltage", "V"))
    >>> print(csv_table(Figure([panel]).entitled("Rest")), end="")
    panel,trace,mark,time / s,voltage / V
    1,model,line,0.0,2.0
    1,model,line,1.0,
    """
    if figure.kind != "xy":
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        columns = dict(_lists(figure.data, ""))
        writer.writerow(columns)
        writer.writerows(map(cell, row) for row in zip_longest(*columns.values()))
        return text.getvalue()
    panels = figure_of(figure.data).panels
    x, y = _one([panel.x for panel in panels], "x"), _one([panel.y for panel in panels], "y")
    return _written(list(_rows(panels, x, y)))


def plate_csv(panels: Iterable[tuple[Row, FigureData]]) -> str:
    """Return the numbers of several figures as one table; each row begins with what is given of its figure."""
    return _written([{**head, **row} for head, figure in panels for row in _any_rows(figure)])


def _any_rows(figure: FigureData) -> Iterator[Row]:
    """Return the rows of a figure; of one that is no plot each list is a trace."""
    if figure.kind == "xy":
        yield from _rows(figure_of(figure.data).panels, "x", "y")
        return
    for name, items in _lists(figure.data, ""):
        for number, item in enumerate(items):
            yield {
                "panel": 1,
                "trace": name,
                "mark": figure.kind,
                "x": number,
                "text" if isinstance(item, str) else "y": item,
            }


def _written(rows: Sequence[Row]) -> str:
    """Write rows; those that lack a column have an empty cell there."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    titles = list(dict.fromkeys(title for row in rows for title in row))
    writer.writerow(titles)
    writer.writerows([cell(row.get(title)) for title in titles] for row in rows)
    return text.getvalue()


def _rows(panels: Sequence[Panel], x: str, y: str) -> Iterator[Row]:
    for number, panel in enumerate(panels, start=1):
        axes = {f"{name} axis": axis.title for name, axis in (("x", panel.x), ("y", panel.y)) if name in (x, y)}
        for trace in panel.traces:
            head = {"panel": number, "trace": getattr(trace, "label", "") or panel.title, "mark": trace.mark, **axes}
            for row in _numbers(trace, x, y):
                yield {**head, **row, **_names(panel, row, x, y)}


def _one(axes: Sequence[Axis], name: str) -> str:
    """Return the title that all panels share, or the axis' name where they differ."""
    titles = {axis.title for axis in axes}
    return titles.pop() or name if len(titles) == 1 else name


def _names(panel: Panel, row: Row, x: str, y: str) -> Row:
    """Return the names of places that have some, in place of their numbers."""
    found = {}
    for title, axis in ((x, panel.x), (y, panel.y)):
        names = dict(axis.ticks)
        if not axis.label and row.get(title) in names:
            found[title] = names[row[title]]
    return found


def _numbers(trace: Trace, x: str, y: str) -> Iterator[Row]:
    columns: dict[str, Iterable[Any]] = {}
    if isinstance(trace, Points):
        columns = {
            x: trace.x, y: trace.y, f"{x} uncertainty": trace.x_error, f"{y} uncertainty": trace.y_error,
            f"{y} low": trace.low, f"{y} high": trace.high, "used": trace.used, **trace.also,
        }  # fmt: skip
    elif isinstance(trace, Line):
        columns = {x: trace.x, y: trace.y}
    elif isinstance(trace, Labels):
        columns = {x: trace.x, y: trace.y, "text": trace.texts}
    elif isinstance(trace, Band):
        columns = {x: trace.x, f"{y} low": trace.low, f"{y} high": trace.high}
    elif isinstance(trace, Bars):
        at, along = (y, x) if trace.across else (x, y)
        columns = {
            at: trace.at, f"{along} low": trace.low, f"{along} high": trace.high, f"{along} uncertainty": trace.error,
            "text": trace.texts,
        }  # fmt: skip
    elif isinstance(trace, Rule):
        columns = {x if trace.axis == "x" else y: [trace.at], "text": [trace.text] if trace.text else []}
    elif isinstance(trace, Span):
        along = x if trace.axis == "x" else y
        columns = {f"{along} low": [trace.low], f"{along} high": [trace.high]}
    given = {title: list(column) for title, column in columns.items()}
    kept = {title: column for title, column in given.items() if column}
    return (dict(zip(kept, row, strict=True)) for row in zip_longest(*kept.values()))


def _lists(data: Any, name: str) -> Iterator[tuple[str, list[Any]]]:
    """Go through what lies in JSON values: every list of plain values by its path, a single one as a list of one."""
    if isinstance(data, Mapping):
        for key, item in data.items():
            yield from _lists(item, f"{name}.{key}" if name else str(key))
    elif isinstance(data, list) and any(isinstance(item, list | Mapping) for item in data):
        for number, item in enumerate(data):
            yield from _lists(item, f"{name}.{number}")
    else:
        yield name, data if isinstance(data, list) else [data]
