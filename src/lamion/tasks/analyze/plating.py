"""Overpotential, resistance, shorts and critical current of a Li|Li cell.

FILE is a galvanostatic trace: `Test Time / s`, `Voltage / V`, `Current / A`, or without the current, which --current
says then; its direction is the voltage's. Where neither sign says when a half-cycle ends, --half-cycle does, to the
next interruption. Spectra between the half-cycles (--spectra) show whether an ohmic path opened beside the cell. The
currents, their time, area, pressure and temperature stand with every critical current.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from lamion.quantities import Answer, Quantity
from lamion.records import ImpedanceSpectrum
from lamion.records.measurements import MetalSignal
from lamion.tasks.declaring import File, Option, Result, task
from lamion.tasks.options.points import PointsOfSweeps
from lamion.tasks.options.trace import TraceCurrent, TraceFile, trace_of
from lamion.techniques.plating.plating import Conditions
from lamion.techniques.plating.plating import plating as read_plating


@task(
    results={
        "overpotential": Result("mV", "of the last cycle before a short, the mean of its plateaus", headline=True),
        "overpotential.first": Result("mV", "of the first cycle"),
        "overpotential.immediate": Result("mV", "at the first sample of the last half-cycle before a short"),
        "overpotential.growing": Result("mV", "from there to its end"),
        "area_specific_resistance.cell": Result("ohm cm2", "of the whole cell, in that cycle", headline=True),
        "area_specific_resistance.interface": Result("ohm cm2", "of one interface, without the electrolyte"),
        "short_time": Result("h", "from the first half-cycle to the first short", headline=True),
        "critical_current_density": Result("mA/cm2", "between the steps that held and shorted", headline=True),
    },
    evidence="measured",
    example='plating.csv --area "1 cm2"',
    cites=("flatscher2020",),
)
def plating(
    file: TraceFile,
    points: PointsOfSweeps,
    area: Annotated[Quantity | None, Option("of one electrode", subject=True)] = None,
    current: TraceCurrent = None,
    half_cycle: Annotated[
        Quantity | None, Option("time of one, where no sign says it", of="time", example="1 h")
    ] = None,
    electrolyte_resistance: Annotated[
        Quantity | None, Option("of the cell's electrolyte, from impedance", unit="ohm", example="20 ohm")
    ] = None,
    pressure: Annotated[Quantity | None, Option("on the cell", unit="MPa", example="3 MPa")] = None,
    temperature: Annotated[Quantity | None, Option("of the cell", subject=True)] = None,
    spectra: Annotated[
        File | None, Option("one before each half-cycle; all of a file's, unless chosen", record="ImpedanceSpectrum")
    ] = None,
    metal: Annotated[
        File | None, Option("the metal's signal against time, as of operando NMR", record="MetalSignal")
    ] = None,
) -> Answer:
    """Read the trace."""
    given = Conditions(area, current, half_cycle, electrolyte_resistance, pressure, temperature)
    counted = None if metal is None else metal.read(MetalSignal).the(MetalSignal)
    return read_plating(trace_of(file), given, spectra=_swept(points, spectra), metal=counted)


def _swept(points: PointsOfSweeps, spectra: File | None) -> list[ImpedanceSpectrum]:
    if spectra is None:
        points.refuse_any("no spectra")
        return []
    chosen = replace(points, cycle=points.cycle or ("all",))
    return [one.within(points.lowest, points.highest) for one in chosen.of_all([spectra])]
