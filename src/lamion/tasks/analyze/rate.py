"""Capacity at each rate of measured cycles, and what comes back.

FILE is a cycler's record in which cycles at one rate follow cycles at another. A fit of diffusion to such a table is
`analyze rate-table`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from lamion.quantities import Answer, Quantity
from lamion.records.measurements import CyclingRecord
from lamion.tasks.declaring import File, Option, Result, task
from lamion.techniques.cycling.rates import rates


@task(
    results={
        "capacity.*": Result("", "at a rate, median of its cycles", headline=True),
        "rate_back": Result("1", "capacity when the first rate comes back, over the first", headline=True),
    },
    evidence="measured",
    example='rates.csv --nominal "1 mAh"',
    uncited="it counts and divides what the record holds",
)
def rate(
    file: Annotated[File, Option("a cycler's record", positional=True, record="CyclingRecord")],
    nominal: Annotated[
        Quantity | None,
        Option(
            "what 1C passes in an hour, of the cell or per mass",
            unit=("mAh", "mAh/g"),
            example="1 mAh",
            otherwise="the capacity at the lowest current",
        ),
    ] = None,
    mass: Annotated[
        Quantity | None, Option("of active material", unit="mg", example="6.4 mg", otherwise="not per mass")
    ] = None,
    half: Annotated[Literal["discharge", "charge"], Option("whose current and capacity")] = "discharge",
) -> Answer:
    """Group the cycles by their current."""
    return rates(file.read().the(CyclingRecord), half=half, nominal=nominal, mass=mass)
