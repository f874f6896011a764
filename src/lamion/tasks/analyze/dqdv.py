"""Differential capacity and voltage of one cycle, and its peaks.

FILE is a cycler's record of charges and discharges. What passed at a held voltage is left out.
"""

from __future__ import annotations

from typing import Annotated

from lamion.quantities import Answer, Quantity
from lamion.records.measurements import CyclingRecord
from lamion.tasks.declaring import File, Option, Result, task
from lamion.techniques.cycling.differential import differential


@task(
    results={
        "charge_peak.*": Result("V", "of dQ/dV in the charge, by rising voltage", headline=True),
        "discharge_peak.*": Result("V", "of dQ/dV in the discharge, by rising voltage", headline=True),
    },
    evidence="measured",
    example="staged_cycle.csv",
    cites=("bloom2005",),
)
def dqdv(
    file: Annotated[File, Option("a cycler's record", positional=True, record="CyclingRecord")],
    cycle_number: Annotated[int | None, Option("which cycle", otherwise="the first with both halves")] = None,
    width: Annotated[
        Quantity | None,
        Option(
            "of the smoothing of dQ/dV",
            of="voltage_difference",
            example="5 mV",
            otherwise="found by halves of the samples",
        ),
    ] = None,
) -> Answer:
    """Take the derivatives."""
    return differential(file.read().the(CyclingRecord), cycle_number, width=None if width is None else width.si)
