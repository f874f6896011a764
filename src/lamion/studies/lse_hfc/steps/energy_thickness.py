"""Energy density against the electrolyte's thickness, and whether the printed points lie within what is not stated.

Agrees where every curve falls and every printed value lies within its band.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import numpy as np

from lamion.models.cells.energy_density import LithiumCell
from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.tasks.declaring import Option, Result, task
from lamion.tasks.options.design import DESIGN

from ._energy_vs_thickness import EnergyCurve, Unstated, energy_vs_thickness
from ._shared import check_names

_POINTS = 60


@task(
    results={"energy.*": Result("Wh/kg", "at the cell's own thickness, and the ends of its band", headline=True)},
    evidence="mass budgets",
    example="",
)
def energy_thickness(
    designs: Annotated[Mapping[str, LithiumCell], Option("the cells, by name", noun=DESIGN)],
    printed: Annotated[Mapping[str, Quantity], Option("their energy densities", unit="Wh/kg")],
    lithium: Annotated[tuple[Quantity, ...], Option("its two ends, not stated", unit="m", example="3 um, 50 um")],
    density: Annotated[
        tuple[Quantity, ...],
        Option("of the electrolyte, its two ends", unit="kg/m3", example="0.8 g/cm3, 1.4 g/cm3"),
    ],
    voltage: Annotated[
        tuple[Quantity, ...],
        Option(
            "two ends, as differences from each cell's own",
            of="voltage_difference",
            example="-0.03 V, 0.03 V",
            positive=False,
        ),
    ],
    thickness: Annotated[tuple[Quantity, ...], Option("two ends of the chart", unit="m", example="1 um, 100 um")],
) -> Answer:
    """Vary the thickness of every cell's electrolyte."""
    check_names(designs, printed)
    cells, unstated = designs, {"lithium": lithium, "density": density, "voltage": voltage}
    ends = [item.si for item in thickness]
    if len(ends) != 2 or not ends[0] < ends[1]:
        raise InputError("'thickness' does not hold two rising lengths.", "", 'Write ["1 um", "100 um"].')
    lengths = np.geomspace(ends[0], ends[1], _POINTS)
    curves, results, said, inside = {}, {}, [], True
    for name, cell in cells.items():
        band = _unstated(unstated, cell)
        curves[name] = energy_vs_thickness(cell.design(), lengths, band)
        own = energy_vs_thickness(cell.design(), [cell.electrolyte_thickness.si], band)
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


def _unstated(given: Mapping[str, tuple[Quantity, ...]], cell: LithiumCell) -> Unstated:
    pairs = {name: [item.si for item in ends] for name, ends in given.items()}
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
