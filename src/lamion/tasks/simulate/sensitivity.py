"""What a lithium-metal cell's capacity and voltage depend on most."""

from __future__ import annotations

from typing import Annotated

from lamion.models.cells.cell_sensitivity import cell_sensitivity
from lamion.quantities import Answer
from lamion.tasks.declaring import Context, Option, Result, task
from lamion.tasks.options.cell import CellOptions, simulator


@task(
    results={
        "largest.*": Result("mAh/g", "what electrolyte, catholyte or cathode moves the capacity by", headline=True),
        "gain.capacity": Result("mAh/g", "what a perfect film and interface would buy", headline=True),
        "gain.voltage": Result("mV", "what a perfect film and interface would buy", headline=True),
        "capacity": Result("mAh/g", "at the rate"),
        "average_voltage": Result("V", "at the rate"),
    },
    evidence="predicted from published numbers",
    example='--cathode lfp --loading "7 mg/cm2" --one-c "1.30 mA/cm2" --window "2.5 V" "4.0 V" --quick',
    cites=("doyle1993", "sulzer2021"),
    extra="cells",
    heavy=True,
    quick=True,
)
def sensitivity(
    options: CellOptions,
    context: Context,
    rate: Annotated[float, Option("in units of 1C", suffix="C")] = 1.0,
    factor: Annotated[float, Option("each property is divided by and multiplied with")] = 2.0,
) -> Answer:
    """Change each property in turn."""
    return cell_sensitivity(
        options.inputs(quick=context.quick),
        rate,
        factor,
        simulator=simulator(quick=context.quick),
        progress=context.progress,
    )
