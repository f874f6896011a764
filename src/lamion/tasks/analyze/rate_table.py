"""Solid diffusion in a cathode from a measured rate table.

One number, D/R2 of the active material, is fitted to capacities at several rates, beside the blind prediction from
published numbers. What else would have fitted as well is said too, but for a quick run.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from lamion.quantities import Answer, Quantity
from lamion.tasks.declaring import Context, Option, Result, task
from lamion.tasks.options.cell import CellOptions, simulator
from lamion.techniques.cycling.fitted_rate_table import fitted_rate_table


@task(
    results={
        "diffusion_rate": Result("s-1", "D/R2 in the particles, fitted", headline=True),
        "diffusion_rate.published": Result("s-1", "the same as known without the table"),
        "rms.fitted": Result("mAh/g", "of the measured capacities from the fit", headline=True),
        "rms.blind": Result("mAh/g", "of the measured capacities from the blind prediction", headline=True),
        "rms.left_out": Result("mAh/g", "of each capacity from the fit to the others"),
        "capacity.*": Result("mAh/g", "at a rate, as fitted"),
    },
    evidence="fitted to a rate table",
    example=(
        '--cathode ncm622 --loading "7 mg/cm2" --one-c "1.30 mA/cm2" --window "2.8 V" "4.3 V" --rates 0.2,0.5,1 '
        '--capacities "170 mAh/g" "155 mAh/g" "140 mAh/g" --quick'
    ),
    cites=("doyle1993", "sulzer2021"),
    extra="cells",
    heavy=True,
    quick=True,
)
def rate_table(
    options: CellOptions,
    context: Context,
    rates: Annotated[tuple[float, ...], Option("in units of 1C", example="0.1, 1", suffix="C")],
    capacities: Annotated[
        tuple[Quantity, ...], Option("measured, one a rate", of="capacity", example="180 mAh/g, 160 mAh/g")
    ],
    also: Annotated[tuple[float, ...], Option("rates to predict from the fit", example="0.5", suffix="C")] = (),
) -> Answer:
    """Fit D/R2, and ask what else would have fitted as well."""
    answer = fitted_rate_table(
        options.inputs(quick=context.quick),
        rates,
        capacities,
        also=also,
        compare=not context.quick,
        simulator=simulator(quick=context.quick),
        progress=context.progress,
    )
    left, blind = answer.results["rms.fitted"].value, answer.results["rms.blind"].value
    reason = (
        f"D/R2 was fitted to {len(rates)} capacities of the same kind of cell; it leaves {left:.2g} mAh/g rms of "
        f"{blind:.2g} blind."
    )
    return replace(answer, reason=f"{reason} This capacity is not among them." if also else reason)
