"""Printed numbers against each other, as points.

Nothing is drawn between them. Each point has the uncertainty of its rounding, or of what it was derived from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from lamion.quantities import Answer, InputError, Quantity
from lamion.quantities.figure import Axis, Figure, Panel, Points, Trace
from lamion.tasks.declaring import Noun, Option, task


@dataclass(frozen=True)
class PrintedSeries:
    """Numbers that belong together."""

    x: Annotated[tuple[float, ...], Option("where each holds, such as its cycle", example="1, 600")]
    y: Annotated[
        tuple[Quantity, ...], Option("the numbers", unit="", example="157.8 mAh/g, 135.2 mAh/g", positive=False)
    ]
    half_width: Annotated[
        tuple[float, ...], Option("of x, where a number is a mean over a range", example="150", otherwise="none")
    ] = ()


_ROOM = 0.04
_MARKERS = ("circle", "square", "diamond", "up", "down")


@task(results={}, evidence="printed values", uncited="it draws the numbers that are given", example="")
def points(
    series: Annotated[Mapping[str, PrintedSeries], Option("numbers by name", noun=Noun.of(PrintedSeries))],
    across: Annotated[str, Option("what x is", example="cycle")],
    up: Annotated[str, Option("what the numbers are", example="discharge capacity")],
    across_unit: Annotated[str, Option("of x", example="h")] = "1",
    across_to: Annotated[float | None, Option("where x ends", otherwise="with the last number")] = None,
    from_zero: Annotated[bool, Option("begin the numbers' axis at zero")] = False,
) -> Answer:
    """Draw them."""
    if not series:
        raise InputError("no series is given.", "", "Give one or more, each with x and y.")
    unit = next(iter(series.values())).y[0].unit
    traces: list[Trace] = []
    rows: list[tuple[str, float, Quantity]] = []
    ends: list[float] = []
    for number, (name, one) in enumerate(series.items()):
        if len(one.x) != len(one.y) or len(one.half_width) not in (0, len(one.x)):
            raise InputError(f"'{name}' has {len(one.x)} places for {len(one.y)} numbers.", "", "Give as many of each.")
        found = [quantity.to(unit) for quantity in one.y]
        traces.append(_trace(name, number, one, found))
        ends += [place + half for place, half in zip(one.x, one.half_width or [0.0] * len(one.x), strict=True)]
        rows += [(name, x, quantity) for x, quantity in zip(one.x, found, strict=True)]
    panel = Panel(traces, *_axes(across, across_unit, across_to or max(ends), up, unit, rows, from_zero=from_zero))
    return Answer(
        {},
        {
            "Of": [row[0] for row in rows],
            f"{across.capitalize()} / {across_unit}": [row[1] for row in rows],
            f"{up.capitalize()} / {unit}": [row[2].value for row in rows],
        },
        method="Printed numbers as they stand; nothing is known between them.",
        figures={"points": Figure([panel]).entitled(f"{up.capitalize()} by {across}, where it is printed")},
    )


def _trace(name: str, number: int, one: PrintedSeries, found: list[Quantity]) -> Points:
    errors = [quantity.std for quantity in found] if all(quantity.std for quantity in found) else ()
    marker = _MARKERS[number % len(_MARKERS)]
    return Points(one.x, [q.value for q in found], name, number, x_error=one.half_width, y_error=errors, marker=marker)


def _axes(
    across: str,
    across_unit: str,
    end: float,
    up: str,
    unit: str,
    rows: list[tuple[str, float, Quantity]],
    *,
    from_zero: bool,
) -> tuple[Axis, Axis]:
    """Leave room around the outermost points."""
    x = Axis(across, across_unit, low=-_ROOM * end, high=(1 + _ROOM) * end)
    highest = max(row[2].value for row in rows)
    y = Axis(up, unit, low=-_ROOM * highest, high=(1 + 3 * _ROOM) * highest) if from_zero else Axis(up, unit)
    return x, y
