"""An energy density from its own printed inputs and the lithium that other cells' energy densities imply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lamion.models.cells.shared_lithium import predicted_energy
from lamion.quantities import Answer
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.study.lithium_cells import FACTS, cathodes, cells_and_printed, lithium_cell


def run(inputs: Inputs) -> Answer:
    """Leave one cell out: fit the lithium to the others and predict it.

    Parameters
    ----------
    inputs : Inputs
        ``design``, the cell asked about; ``others``, by name at least two cells, and ``printed``, their
        energy densities. The lithium of none of them is used.

    Returns
    -------
    Answer
        ``gravimetric_energy``, and ``lithium_thickness``, which is fitted.
    """
    substances = inputs.substances("substances")
    cell = lithium_cell(inputs.options["design"], substances, "design")
    others, printed = cells_and_printed(inputs.options["others"], inputs.options["printed"], substances)
    answer = predicted_energy(cell, others, printed)
    each = ", ".join(f"{answer.results[f'lithium_thickness.{name}'].value:.0f} um by {name}" for name in others)
    reason = (
        "Basis: dry cathode, electrolyte and lithium, no collectors. The lithium, printed for none of these cells, is "
        f"fitted to the others' energy densities, {each}; the uncertainty holds their scatter. {_doubt(answer)}"
    )
    return replace(answer, reason=reason.strip())


def _doubt(answer: Answer) -> str:
    foil = answer.results["lithium_thickness"]
    if (foil.std or 0.0) < 0.4 * abs(foil.value):
        return ""
    return "The others do not agree on it, so this is a weak test."


def _substances(options: Mapping[str, Any]) -> list[str]:
    return cathodes(options, "design", "others")


KIND = StepKind(
    run,
    evidence="fitted to other printed numbers",
    options={"design": Option("table", from_subject=True), "others": Option("table"), "printed": Option("table")},
    substances=_substances,
    facts=FACTS,
)
