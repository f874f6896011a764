"""Computed readings beside printed numbers: what each could mean, and which comes near."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lamion.quantities import Answer, FigureData, InputError
from lamion.study.inputs import Inputs, quantity_from_json
from lamion.study.kinds import Option, StepKind


def run(inputs: Inputs) -> Answer:
    """Draw up the table.

    Parameters
    ----------
    inputs : Inputs
        ``groups``: by name, a table with ``printed`` and ``readings``, a label and a result each; ``title`` and
        ``quantity``, for the figure.
    """
    groups = inputs.options["groups"]
    rows: list[tuple[str, str, float, float]] = []
    drawn, nearest, units = [], {}, set()
    for name, group in groups.items():
        if not isinstance(group, Mapping) or not group.get("readings") or "printed" not in group:
            raise InputError(f"the group '{name}' has no readings or no printed number.")
        printed = quantity_from_json(group["printed"])
        readings = {label: quantity_from_json(item).to(printed.unit) for label, item in group["readings"].items()}
        rows += [(name, label, reading.value, printed.value) for label, reading in readings.items()]
        label = min(readings, key=lambda one: abs(readings[one].value - printed.value))
        nearest[name] = f"{label}: {readings[label].value:.3g} {printed.unit} against {printed.value:g} printed"
        drawn.append(_drawn(name, printed.value, {key: one.value for key, one in readings.items()}))
        units.add(printed.unit)
    if len(units) != 1:
        raise InputError(
            f"the groups are printed in {' and '.join(sorted(units)) or 'no unit'}.",
            "",
            "Give each unit its own table.",
        )
    unit = units.pop()
    data = {"quantity": inputs.options.get("quantity", "value"), "unit": unit, "groups": drawn}
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
        figures={"readings": FigureData("readings", inputs.options["title"], data)},
    )


def _drawn(name: str, printed: float, readings: Mapping[str, float]) -> dict[str, Any]:
    return {"name": name, "printed": printed, "labels": list(readings), "values": list(readings.values())}


KIND = StepKind(
    run,
    evidence="predicted",
    options={"groups": Option("table"), "title": Option("text"), "quantity": Option("text", required=False)},
)
