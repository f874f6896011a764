"""An energy density from its own printed inputs and the lithium that other cells' energy densities imply.

One cell is left out: the lithium is fitted to the others and predicts it. The lithium that stands in the cells' own
tables is not used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from lamion.models.cells.energy_density import WeighedCell
from lamion.quantities import Answer, Quantity
from lamion.tasks.declaring import Option, Result, task
from lamion.tasks.options.design import DESIGN

from ._shared import check_names
from ._shared_lithium import predicted_energy


@task(
    results={
        "gravimetric_energy": Result("Wh/kg", "of the cell asked about", headline=True),
        "lithium_thickness": Result("um", "fitted to the other cells", headline=True),
        "lithium_thickness.*": Result("um", "that one other cell implies"),
    },
    evidence="fitted to other printed numbers",
    cites=("schmuch2018",),
    example="",
)
def energy_prediction(
    design: Annotated[WeighedCell, Option("the cell asked about", subject=True, noun=DESIGN)],
    others: Annotated[Mapping[str, WeighedCell], Option("two cells or more, by name", noun=DESIGN)],
    printed: Annotated[Mapping[str, Quantity], Option("their energy densities", unit="Wh/kg")],
) -> Answer:
    """Fit the lithium to the other cells and predict this one."""
    check_names(others, printed)
    answer = predicted_energy(design, others, printed)
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
