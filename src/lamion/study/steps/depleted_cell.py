"""A lithium-metal cell whose electrolyte runs out of salt, beside its bare film in closed form."""

from __future__ import annotations

from dataclasses import replace

from lamion.models.cells.depleted_cell import simulate_depleted_cell
from lamion.models.cells.rate_table import rate_label
from lamion.quantities import Answer
from lamion.study.cells import CELL_OPTIONS, cell_inputs, simulator
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind


def run(inputs: Inputs) -> Answer:
    """Simulate the cell at its best guess, and over transference numbers and salt concentrations.

    Parameters
    ----------
    inputs : Inputs
        The cell, the ``rate``, the ``transferences`` and ``concentrations`` to compare.

    Returns
    -------
    Answer
        As :func:`~lamion.models.cells.depleted_cell.simulate_depleted_cell`.
    """
    cell, rate = cell_inputs(inputs), inputs.quantity("rate").value
    transferences = [quantity.value for quantity in inputs.quantities("transferences")]
    concentrations = inputs.quantities("concentrations")
    answer = simulate_depleted_cell(cell, rate, transferences, concentrations, simulator=simulator(inputs))
    over = {name: q.value for name, q in answer.results.items() if name.startswith("capacity.t")}
    reason = (
        f"At t+ {cell.transference}, {cell.concentration.to('mol/L')} and {cell.thickness} the limiting current is "
        f"{answer.results['limiting_current'].value:.3g} mA/cm2 of the {rate_label(rate)} current of "
        f"{rate * cell.one_c.to('mA/cm2').value:.3g}: the film runs out of salt, and the electrolyte decides. "
        f"Over t+ {min(transferences):g} to {max(transferences):g} and the concentrations compared it is "
        f"{min(over.values()):.2g} to {max(over.values()):.2g} mAh/g."
    )
    return replace(answer, reason=reason)


KIND = StepKind(
    run,
    evidence="predicted from published numbers",
    options={
        **CELL_OPTIONS,
        "rate": Option("quantity", "1"),
        "transferences": Option("quantities", "1"),
        "concentrations": Option("quantities", "mol/m3"),
    },
    quick=True,
    heavy=True,
)
