"""Thermodynamic factor from the voltages of concentration cells.

FILE is a table with the headers `concentration / mol/L` and `voltage / mV`, all against one reference.
"""

from __future__ import annotations

from typing import Annotated

from lamion.quantities import Answer, Quantity
from lamion.records.measurements import ConcentrationCells
from lamion.tasks.declaring import File, Option, Result, task
from lamion.techniques.conduction.concentration_cell import thermodynamic_factor


@task(
    results={
        "thermodynamic_factor": Result("1", "at the concentration asked for", headline=True),
        "slope_product": Result("1", "(1 - t+) times the factor", headline=True),
        "slope": Result("mV", "dU/dln c"),
    },
    evidence="measured",
    example='concentration_cells.csv --at "1 mol/L" --temperature "25 degC" --transference 0.4',
    cites=("pesko2017",),
)
def concentration_cell(
    file: Annotated[File, Option("voltages against concentration", positional=True, record="ConcentrationCells")],
    at: Annotated[Quantity, Option("the concentration asked for", of="concentration", example="1 mol/L")],
    temperature: Annotated[Quantity, Option("of the cells", subject=True)],
    transference: Annotated[
        Quantity | None,
        Option("t+; without it only the product with 1 - t+ is known", positive=False),
    ] = None,
) -> Answer:
    """Fit the cells' voltages."""
    cells = file.read().the(ConcentrationCells)
    return thermodynamic_factor(cells.concentration, cells.voltage, at, temperature, transference=transference)
