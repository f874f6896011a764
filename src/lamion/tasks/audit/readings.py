"""Computed readings beside printed numbers, and what they mean.

The nearest reading is one way to come to the printed number, not a sign that it was meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from lamion.quantities import Answer, InputError, Quantity
from lamion.quantities.reading_bars import ReadingGroup, reading_bars
from lamion.tasks.declaring import Noun, Option, task


@dataclass(frozen=True)
class PrintedNumber:
    """A printed number and what it could mean."""

    printed: Annotated[Quantity, Option("the number", unit="", positive=False)]
    readings: Annotated[Mapping[str, Quantity], Option("what was computed, by a label", unit="", positive=False)]


@task(results={}, evidence="predicted", uncited="it puts the numbers that are given beside each other", example="")
def readings(
    groups: Annotated[
        Mapping[str, PrintedNumber], Option("printed numbers with their readings", noun=Noun.of(PrintedNumber))
    ],
    heading: Annotated[str, Option("of the figure", example="What the printed energies could mean")],
    quantity: Annotated[str, Option("what is computed and printed", example="binding energy")] = "value",
) -> Answer:
    """Draw up the table."""
    rows: list[tuple[str, str, float, float]] = []
    drawn, nearest, units = [], {}, set()
    for name, group in groups.items():
        printed = group.printed
        if not group.readings:
            raise InputError(f"the group '{name}' has no readings.", "", "Give one or more.")
        found = {label: reading.to(printed.unit).value for label, reading in group.readings.items()}
        rows += [(name, label, value, printed.value) for label, value in found.items()]
        label = min(found, key=lambda one: abs(found[one] - printed.value))
        nearest[name] = f"{label}: {found[label]:.3g} {printed.unit} against {printed.value:g} printed"
        drawn.append(ReadingGroup(name, found, printed.value))
        units.add(printed.unit)
    if len(units) != 1:
        raise InputError(
            f"the groups are printed in {' and '.join(sorted(units)) or 'no unit'}.",
            "",
            "Give each unit its own table.",
        )
    unit = units.pop()
    return Answer(
        {},
        {
            "Of": [row[0] for row in rows],
            "Reading": [row[1] for row in rows],
            f"Computed / {unit}": [row[2] for row in rows],
            f"Printed / {unit}": [row[3] for row in rows],
            "Computed over printed / 1": [row[2] / row[3] if row[3] else None for row in rows],
        },
        {
            "nearest": nearest,
            "meaning": "the nearest reading is one way to come to the printed number, not a sign that it was meant",
        },
        figures={"readings": reading_bars(heading, quantity, unit, drawn)},
    )
