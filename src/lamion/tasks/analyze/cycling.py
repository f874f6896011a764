"""Capacity, efficiency, retention and polarisation of a cycled cell.

FILE is a cycler's record of charges and discharges. Cycles are the file's own, or counted by the turns of the current.
Several files are several cells of one kind: a row each, and the median with how far the next such cell would lie off.
"""

from __future__ import annotations

from typing import Annotated

from lamion.quantities import Answer, Quantity
from lamion.records.measurements import CyclingRecord
from lamion.tasks.declaring import File, Option, Result, task
from lamion.tasks.declaring.file import by_name
from lamion.techniques.cycling.accuracy import Accuracy
from lamion.techniques.cycling.cells import of_cells
from lamion.techniques.cycling.cycling import cycling as analysed


@task(
    results={
        "capacity": Result("mAh", "discharged in the reference cycle", headline=True),
        "specific_capacity": Result("mAh/g", "per mass of active material", headline=True),
        "areal_capacity": Result("mAh/cm2", "per area of the electrode", headline=True),
        "retention": Result("1", "of the last complete cycle over the reference", headline=True),
        "coulombic_efficiency": Result("1", "discharge over charge, mean from the reference on", headline=True),
        "first_efficiency": Result("1", "of the reference cycle"),
        "energy_efficiency": Result("1", "mean from the reference on"),
        "polarisation": Result("mV", "charge above discharge at half capacity, in the reference cycle", headline=True),
        "fade": Result("1", "share of the capacity that a cycle takes on average"),
        "knee": Result("1", "the cycle where the fading bends"),
    },
    evidence="measured",
    example='cycles.csv --mass "6.4 mg"',
    cites=("smith2011", "attia2022", "hahn1991"),
    usual=True,
)
def cycling(
    files: Annotated[
        tuple[File, ...], Option("a cycler's record of each cell", positional=True, record="CyclingRecord")
    ],
    reference_cycle: Annotated[
        int | None, Option("retention is of its capacity", otherwise="the first complete one")
    ] = None,
    mass: Annotated[
        Quantity | None, Option("of active material", unit="mg", example="6.4 mg", otherwise="not per mass")
    ] = None,
    area: Annotated[
        Quantity | None,
        Option("of the electrode", otherwise="the file's, or not per area"),
    ] = None,
    current_accuracy: Annotated[
        Quantity | None,
        Option("standard uncertainty of the current's offset", unit="A", example="0.2 uA", otherwise="left out"),
    ] = None,
    current_gain: Annotated[
        Quantity | None,
        Option("standard uncertainty of its gain", unit="1", example="0.05 %", otherwise="left out"),
    ] = None,
    voltage_accuracy: Annotated[
        Quantity | None,
        Option("standard uncertainty of the voltage", of="voltage_difference", example="1 mV", otherwise="left out"),
    ] = None,
    voltage_repeatability: Annotated[
        Quantity | None,
        Option("the same, from one cycle to the next", of="voltage_difference", example="0.1 mV", otherwise="left out"),
    ] = None,
) -> Answer:
    """Analyse the cycles."""
    given = (current_accuracy, current_gain, voltage_accuracy, voltage_repeatability)
    accuracy = Accuracy(*(0.0 if one is None else one.si for one in given))
    answers = {
        name: analysed(
            file.read().the(CyclingRecord),
            reference=reference_cycle,
            mass=mass,
            area=area,
            accuracy=accuracy,
        )
        for name, file in by_name(files).items()
    }
    return of_cells(answers) if len(answers) > 1 else next(iter(answers.values()))
