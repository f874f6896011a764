"""The energy density of a lithium-metal cell, component by component."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lamion.models.cells.energy_density import energy_density
from lamion.quantities import Answer
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.study.lithium_cells import FACTS, cathodes, lithium_cell


def run(inputs: Inputs) -> Answer:
    """Weigh a cell.

    Parameters
    ----------
    inputs : Inputs
        ``design``, the cell; ``basis``, what counts, by default all that is given.

    Returns
    -------
    Answer
        As :func:`lamion.models.cells.energy_density.energy_density`.
    """
    cell = lithium_cell(inputs.options["design"], inputs.substances("substances"), "design")
    return energy_density(cell, inputs.options.get("basis", ""))


def _substances(options: Mapping[str, Any]) -> list[str]:
    return cathodes(options, "design")


KIND = StepKind(
    run,
    evidence="derived from printed numbers",
    options={"design": Option("table", from_subject=True), "basis": Option("text", required=False)},
    substances=_substances,
    facts=FACTS,
)
