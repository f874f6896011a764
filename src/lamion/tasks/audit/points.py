"""Printed numbers against each other, drawn as what they are: a point where a number is printed, and nothing between.

Each point has the uncertainty of its rounding, or of what it was derived from.
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


_MARKERS = ("circle", "square", "diamond", "up", "down")


@task(results={}, evidence="printed values", example="")
def points(
    series: Annotated[Mapping[str, PrintedSeries], Option("numbers by name", noun=Noun.of(PrintedSeries))],
    across: Annotated[str, Option("what x is", example="cycle")],
    up: Annotated[str, Option("what the numbers are", example="discharge capacity")],
    across_unit: Annotated[str, Option("of x", example="h")] = "1",
    from_zero: Annotated[bool, Option("begin the numbers' axis at zero")] = False,
) -> Answer:
    """Draw them."""
    if not series:
        raise InputError("no series is given.", "", "Give one or more, each with x and y.")
    unit = next(iter(series.values())).y[0].unit
    traces: list[Trace] = []
    rows: list[tuple[str, float, Quantity]] = []
    for number, (name, one) in enumerate(series.items()):
        if len(one.x) != len(one.y):
            raise InputError(f"'{name}' has {len(one.x)} places for {len(one.y)} numbers.", "", "Give as many of each.")
        found = [quantity.to(unit) for quantity in one.y]
        errors = [quantity.std for quantity in found] if all(quantity.std for quantity in found) else ()
        traces.append(
            Points(
                one.x, [q.value for q in found], name, number, y_error=errors, marker=_MARKERS[number % len(_MARKERS)]
            )
        )
        rows += [(name, x, quantity) for x, quantity in zip(one.x, found, strict=True)]
    wide = max(row[1] for row in rows)
    x = Axis(across, across_unit, low=0.0, high=1.06 * wide)
    panel = Panel(traces, x, Axis(up, unit, low=0.0 if from_zero else None))
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
