"""Energy density against the electrolyte's thickness, and whether the printed points lie within what is not stated.

Agrees where every curve falls and every printed value lies within its band.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import numpy as np

from lamion.models.cells.energy_density import WeighedCell
from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.quantities.figure import Axis, Band, Figure, Line, Panel, Points, Trace
from lamion.tasks.declaring import Option, Result, task
from lamion.tasks.options.design import DESIGN

from ._energy_vs_thickness import EnergyCurve, Unstated, energy_vs_thickness
from ._shared import check_names

_POINTS = 60


@task(
    results={"energy.*": Result("Wh/kg", "at the cell's own thickness, and the ends of its band", headline=True)},
    evidence="mass budgets",
    cites=("schmuch2018",),
    example="",
)
def energy_thickness(
    designs: Annotated[Mapping[str, WeighedCell], Option("the cells, by name", noun=DESIGN)],
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


def _unstated(given: Mapping[str, tuple[Quantity, ...]], cell: WeighedCell) -> Unstated:
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
    cells: Mapping[str, WeighedCell], curves: Mapping[str, EnergyCurve], printed: Mapping[str, Quantity]
) -> FigureData:
    um = 1e6 * next(iter(curves.values())).thickness
    traces: list[Trace] = []
    for number, (name, curve) in enumerate(curves.items()):
        color, dash, marker = _LOOKS[number % len(_LOOKS)]
        energy = printed[name].to("Wh/kg")
        error = [energy.std] if energy.std else []
        at = [1e6 * cells[name].electrolyte_thickness.si]
        traces += [
            Band(um, curve.lowest / 3600, curve.highest / 3600, color=color),
            Line(um, curve.energy / 3600, name, color, dash),
            Points(at, [energy.value], f"printed, {name}", "ink", y_error=error, marker=marker),
        ]
    low, high = float(um.min()), float(um.max())
    ticks = [(float(mark), f"{mark:g}") for mark in _MARKS if 0.999 * low <= mark <= 1.001 * high]
    x = Axis("electrolyte thickness", "um", "log", low=0.95 * low, high=1.05 * high, ticks=ticks)
    panel = Panel(traces, x, Axis("energy density", "Wh/kg", low=0.0), legend="lower left")
    return Figure([panel], size=(6.5, 4.2)).entitled("Energy density against the electrolyte's thickness")


_LOOKS = ((0, "solid", "circle"), (5, "dashed", "square"), (2, "dashdot", "diamond"), (3, "dotted", "up"))
_MARKS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
