"""Several cells of one kind: their middle and how far the next one would lie off, not the best of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from lamion.quantities import Answer, FigureData, Quantity
from lamion.quantities.figure import Axis, Figure, Line, Panel
from lamion.quantities.level import LEVEL, coverage_factor


def of_cells(answers: Mapping[str, Answer]) -> Answer:
    r"""Combine the answers on several cells.

    .. math:: u = t\, s \sqrt{1 + 1/n}

    Parameters
    ----------
    answers : Mapping of str to Answer
        On each cell, by its name; two at least.

    Returns
    -------
    Answer
        Each result's median over the cells, with the interval in which the next cell of the kind would lie; a row a
        cell.

    References
    ----------
    G. J. Hahn, W. Q. Meeker, Statistical Intervals, Wiley 1991, doi:10.1002/9780470316771, chapter 4 (prediction
    intervals).

    Examples
    --------
    >>> cells = {str(n): Answer({"capacity": Quantity(n, 0.1, "mAh")}) for n in (1.0, 1.1, 1.2)}
    >>> str(of_cells(cells).results["capacity"])
    '1.10(15) mAh'
    """
    several = list(answers.values())
    names = [name for name in several[0].results if all(name in one.results for one in several)]
    results = {name: _next(name, [one.results[name] for one in several]) for name in names}
    return Answer(
        results,
        _series(answers, names),
        {"cells": {name: dict(one.notes) for name, one in answers.items()}, "replicates": len(several)},
        [f"{name}: {text}" for name, one in answers.items() for text in one.warnings],
        {"cycles": _figure(answers)},
        method=f"Median of {len(several)} cells; its uncertainty is how far the next such cell would lie off.",
        synthetic=any(one.synthetic for one in several),
        headline=several[0].headline,
    )


def _next(name: str, cells: Sequence[Quantity]) -> Quantity:
    """Return the median and the interval of one more cell."""
    first = cells[0]
    values = np.array([one.to(first.unit).value for one in cells])
    spread = coverage_factor(LEVEL, len(values) - 1) * float(np.std(values, ddof=1)) * math.sqrt(1 + 1 / len(values))
    own = float(np.median([one.to(first.unit).std or 0.0 for one in cells]))
    return replace(first, value=float(np.median(values)), std=max(spread, own), interval=None)


def _series(answers: Mapping[str, Answer], names: Sequence[str]) -> dict[str, list[float | str | None]]:
    rows: dict[str, list[float | str | None]] = {"File": list(answers)}
    for name in names:
        unit = next(iter(answers.values())).results[name].unit
        title = f"{name.replace('_', ' ').title()} / {unit}"
        rows[title] = [one.results[name].to(unit).value for one in answers.values()]
        rows[title.replace(" / ", " Uncertainty / ")] = [one.results[name].to(unit).std for one in answers.values()]
    return rows


def _figure(answers: Mapping[str, Answer]) -> FigureData:
    capacity = "Discharge Capacity / mAh"
    traces = [
        Line(_numbers(one, "Cycle Count / 1"), _numbers(one, capacity), name, color)
        for color, (name, one) in enumerate(answers.items())
        if capacity in one.series
    ]
    return Figure([Panel(traces, Axis("cycle"), Axis("discharge capacity", "mAh"))]).entitled("Capacity of each cell")


def _numbers(answer: Answer, column: str) -> list[float | None]:
    return [value if isinstance(value, float) else None for value in answer.series[column]]
