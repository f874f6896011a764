"""Capacity and voltage of a lithium-metal cell at several rates.

Without --capacities everything about the cathode is as published for materials of its kind: a blind prediction. With
--capacities one number, the solid diffusion D/R2, is fitted to them, and the blind prediction stands beside it, as by
`lamion analyze rate-table`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from lamion.models.cells.rate_table import rate_table
from lamion.models.cells.stated_cell import PROTOCOL_TEXTS, StatedCell
from lamion.quantities import Answer, InputError, Quantity
from lamion.tasks.declaring import Context, Option, Result, task
from lamion.tasks.options.cell import CellOptions, simulator
from lamion.techniques.cycling.fitted_rate_table import fitted_rate_table


@task(
    results={
        "capacity.*": Result("mAh/g", "at a rate", headline=True),
        "average_voltage.*": Result("V", "of the discharge at a rate", headline=True),
        "middle_voltage.*": Result("V", "at half of the discharge at a rate"),
        "diffusion_rate": Result("s-1", "D/R2 in the particles, fitted", headline=True),
        "diffusion_rate.published": Result("s-1", "the same as known without the table"),
        "rms.*": Result("mAh/g", "from the measured capacities: fitted, blind, each left out"),
    },
    evidence="predicted from published numbers",
    example=(
        '--cathode ncm622 --loading "7 mg/cm2" --one-c "1.30 mA/cm2" --window "2.8 V" "4.3 V" --rates 1 --nominal '
        "--quick"
    ),
    cites=("doyle1993", "sulzer2021"),
    extra="cells",
    heavy=True,
    quick=True,
)
def cell(
    options: CellOptions,
    context: Context,
    rates: Annotated[tuple[float, ...], Option("in units of 1C", example="0.1, 1", suffix="C")] = (0.1, 0.2, 0.5, 1.0),
    capacities: Annotated[
        tuple[Quantity, ...],
        Option("measured, one a rate: fit D/R2 to them", of="capacity", example="180 mAh/g, 160 mAh/g"),
    ] = (),
    compare: Annotated[bool, Option("with capacities: what else would fit as well")] = False,
    nominal: Annotated[bool, Option("leave the uncertainties out; much faster")] = False,
) -> Answer:
    """Simulate the cell."""
    if compare and not capacities:
        raise InputError("There is no rate table to compare.", "", "Give measured capacities, one a rate.")
    if nominal and capacities:
        raise InputError("Nominal goes with a prediction; capacities ask for a fit.", "", "Leave one of the two out.")
    inputs, runs = options.inputs(quick=context.quick), simulator(quick=context.quick)
    if capacities:
        return fitted_rate_table(inputs, rates, capacities, compare=compare, simulator=runs, progress=context.progress)
    found = rate_table(inputs, rates, uncertainty=not nominal, simulator=runs, progress=context.progress)
    return found if nominal else replace(found, reason=_reason(found.notes["uncertainty_mAh_g"], inputs))


def _reason(shares: Mapping[str, Any], cell: StatedCell) -> str:
    """Name the input that contributes most at most of the rates."""
    largest = [max(parts, key=lambda name: parts[name]) for parts in shares.values() if parts] or ["nothing stated"]
    name = max(set(largest), key=largest.count).replace("_", " ")
    return (
        "Nothing was fitted: the cathode is as published for materials of its kind, and most of the uncertainty is of "
        f"{name}. Taken for granted: pores full of electrolyte; {PROTOCOL_TEXTS[cell.protocol]}."
    )
