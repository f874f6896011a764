"""Energy density against the electrolyte's thickness, and whether the printed points lie within what is not stated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from lamion.models.cells.energy_density import LithiumCell
from lamion.models.cells.energy_vs_thickness import EnergyCurve, Unstated, energy_vs_thickness
from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.study.lithium_cells import FACTS, cathodes, cells_and_printed

_POINTS = 60


def run(inputs: Inputs) -> Answer:
    """Vary the thickness of every cell's electrolyte.

    Parameters
    ----------
    inputs : Inputs
        ``designs``, cells by name, and ``printed``, their energy densities; ``lithium``, ``density`` and ``voltage``,
        two ends each: what is not stated, the voltages as differences from each cell's own; ``thickness``, the two
        ends of the chart.

    Returns
    -------
    Answer
        ``energy.NAME`` at the cell's own thickness, and the ends of its band, ``energy.NAME.lowest`` and
        ``.highest``. Agrees where every curve falls
        and every printed value lies within its band.
    """
    cells, printed = cells_and_printed(
        inputs.options["designs"], inputs.options["printed"], inputs.substances("substances")
    )
    ends = [item.si for item in inputs.quantities("thickness")]
    if len(ends) != 2 or not ends[0] < ends[1]:
        raise InputError("'thickness' does not hold two rising lengths.", "", 'Write ["1 um", "100 um"].')
    lengths = np.geomspace(ends[0], ends[1], _POINTS)
    curves, results, said, inside = {}, {}, [], True
    for name, cell in cells.items():
        unstated = _unstated(inputs, cell)
        curves[name] = energy_vs_thickness(cell.design(), lengths, unstated)
        own = energy_vs_thickness(cell.design(), [cell.electrolyte_thickness.si], unstated)
        low, value, high = (float(part[0]) / 3600 for part in (own.lowest, own.energy, own.highest))
        for end, number in (("", value), (".lowest", low), (".highest", high)):
            results[f"energy.{name}{end}"] = Quantity(number, None, "Wh/kg", "mass budget")
        said.append(f"{name}: {printed[name].to('Wh/kg').value:g} in {low:.0f} to {high:.0f} Wh/kg")
        inside = inside and curves[name].falls and low <= printed[name].to("Wh/kg").value <= high
    reason = (
        "The curve's own numbers are not in the text; the printed points are. "
        f"Against the band of what is not stated, each alone: {'; '.join(said)}. That they lie "
        "in it together is another question."
    )
    return Answer(
        results,
        _series(curves),
        warnings=("The band is the envelope of the ranges given, not a confidence interval.",),
        figures={"energy": _figure(cells, curves, printed)},
        verdict="agrees" if inside else "disagrees",
        reason=reason,
    )


def _unstated(inputs: Inputs, cell: LithiumCell) -> Unstated:
    pairs = {name: [item.si for item in inputs.quantities(name)] for name in ("lithium", "density", "voltage")}
    for name, pair in pairs.items():
        if len(pair) != 2:
            raise InputError(f"'{name}' does not hold two ends.", "", "Write a list of two quantities.")
    low, high = pairs["voltage"]
    own = cell.voltage.si
    return Unstated(
        (pairs["lithium"][0], pairs["lithium"][1]), (pairs["density"][0], pairs["density"][1]), (own + low, own + high)
    )


def _series(curves: Mapping[str, EnergyCurve]) -> dict[str, list[float]]:
    first = next(iter(curves.values()))
    series = {"Thickness / um": (1e6 * first.thickness).tolist()}
    for name, curve in curves.items():
        series |= {
            f"{name} / Wh/kg": (curve.energy / 3600).tolist(),
            f"{name}, Lowest / Wh/kg": (curve.lowest / 3600).tolist(),
            f"{name}, Highest / Wh/kg": (curve.highest / 3600).tolist(),
        }
    return series


def _figure(
    cells: Mapping[str, LithiumCell], curves: Mapping[str, EnergyCurve], printed: Mapping[str, Quantity]
) -> FigureData:
    first = next(iter(curves.values()))
    data = {
        "thickness_um": (1e6 * first.thickness).tolist(),
        "cells": [
            {
                "name": name,
                "energy_Wh_kg": (curve.energy / 3600).tolist(),
                "lowest_Wh_kg": (curve.lowest / 3600).tolist(),
                "highest_Wh_kg": (curve.highest / 3600).tolist(),
                "printed": [
                    {
                        "thickness_um": 1e6 * cells[name].electrolyte_thickness.si,
                        "energy_Wh_kg": printed[name].to("Wh/kg").value,
                    }
                ],
            }
            for name, curve in curves.items()
        ],
    }
    return FigureData("energy-thickness", "Energy density against the electrolyte's thickness", data)


def _substances(options: Mapping[str, Any]) -> list[str]:
    return cathodes(options, "designs")


KIND = StepKind(
    run,
    evidence="mass budgets",
    options={
        "designs": Option("table"),
        "printed": Option("table"),
        "lithium": Option("quantities", "m"),
        "density": Option("quantities", "kg/m3"),
        "voltage": Option("quantities", "V", positive=False),
        "thickness": Option("quantities", "m"),
    },
    substances=_substances,
    facts=FACTS,
)
