"""What a lithium-metal cell's capacity and voltage depend on."""

from __future__ import annotations

from lamion.models.cells.cell_sensitivity import cell_sensitivity
from lamion.quantities import Answer
from lamion.study.cells import CELL_OPTIONS, cell_inputs, simulator
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind


def run(inputs: Inputs) -> Answer:
    """Change each property in turn.

    Parameters
    ----------
    inputs : Inputs
        The cell, the ``rate`` and the ``factor`` each property is divided and multiplied by.
    """
    rate, factor = inputs.quantity("rate").value, inputs.quantity("factor").value
    return cell_sensitivity(cell_inputs(inputs), rate, factor, simulator=simulator(inputs))


KIND = StepKind(
    run,
    evidence="predicted from published numbers",
    options={**CELL_OPTIONS, "rate": Option("quantity", "1"), "factor": Option("quantity", "1")},
    quick=True,
    heavy=True,
)
