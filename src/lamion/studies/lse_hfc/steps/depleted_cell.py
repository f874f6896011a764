"""A lithium-metal cell whose electrolyte runs out of salt, beside its bare film in closed form."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from lamion.models.cells.cell_simulator import rate_label
from lamion.models.cells.depleted_cell import depleted_cell_capacity
from lamion.quantities import Answer, Quantity
from lamion.tasks.declaring import Context, Option, Result, task
from lamion.tasks.options.cell import CellOptions, simulator


@task(
    results={
        "capacity.*": Result("mAh/g", "of the cell, at its best guess and over what is not known", headline=True),
        "limiting_current": Result("mA/cm2", "of the film", headline=True),
        "bare_film.*": Result("mAh/g", "until the film alone runs out of salt"),
        "*": Result("", "as the model gives it"),
    },
    evidence="predicted from published numbers",
    cites=("doyle1993", "sulzer2021"),
    example="",
    extra="cells",
    quick=True,
    heavy=True,
)
def depleted_cell(
    options: CellOptions,
    rate: Annotated[Quantity, Option("of the discharge", example="1")],
    transferences: Annotated[tuple[Quantity, ...], Option("to compare", example="0.2, 0.4, 0.6")],
    concentrations: Annotated[tuple[Quantity, ...], Option("to compare", unit="mol/m3", example="0.8 mol/L, 2 mol/L")],
    context: Context,
) -> Answer:
    """Simulate the cell at its best guess, and over transference numbers and salt concentrations."""
    cell, over = options.inputs(quick=context.quick), [quantity.value for quantity in transferences]
    answer = depleted_cell_capacity(
        cell, rate.value, over, list(concentrations), simulator=simulator(quick=context.quick)
    )
    capacities = [q.value for name, q in answer.results.items() if name.startswith("capacity.t")]
    reason = (
        f"At t+ {cell.transference}, {cell.concentration.to('mol/L')} and {cell.thickness} the limiting current is "
        f"{answer.results['limiting_current'].value:.3g} mA/cm2 of the {rate_label(rate.value)} current of "
        f"{rate.value * cell.one_c.to('mA/cm2').value:.3g}: the film runs out of salt, and the electrolyte decides. "
        f"Over t+ {min(over):g} to {max(over):g} and the concentrations compared it is "
        f"{min(capacities):.2g} to {max(capacities):.2g} mAh/g."
    )
    return replace(answer, reason=reason)
