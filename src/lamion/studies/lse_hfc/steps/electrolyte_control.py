"""Does the electrolyte, or does the cathode, decide the capacities of rate tables.

What the electrolyte moves is held against what cathode and catholyte move, cell by cell, the contrast's among them.
What is shown is which of them decides each table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from lamion.quantities import Answer, Quantity
from lamion.tasks.declaring import Noun, Option, Result, task

_GROUPS = {"electrolyte": "film and lithium", "catholyte": "catholyte", "cathode": "active material"}


@dataclass(frozen=True)
class Changes:
    """The largest changes of a cell's capacity that one property makes."""

    electrolyte: Annotated[Quantity, Option("of film and lithium interface", unit="mAh/g", positive=False)]
    catholyte: Annotated[Quantity, Option("of what fills the pores", unit="mAh/g", positive=False)]
    cathode: Annotated[Quantity, Option("of the active material", unit="mAh/g", positive=False)]


@task(
    results={"*": Result("mAh/g", "the largest change, by cell and part", headline=True)},
    evidence="predicted from published numbers",
    cites=("doyle1993", "sulzer2021"),
    example="",
)
def electrolyte_control(
    cells: Annotated[
        Mapping[str, Changes],
        Option("the largest changes of the capacity, by the name of each cell", noun=Noun.of(Changes)),
    ],
) -> Answer:
    """Hold what the electrolyte moves against what cathode and catholyte move."""
    changes = {
        name: {group: getattr(found, group).to("mAh/g").value for group in _GROUPS} for name, found in cells.items()
    }
    deciding = {name: max(found, key=lambda group: found[group]) for name, found in changes.items()}
    said = "; ".join(
        f"{name}: " + ", ".join(f"{_GROUPS[group]} {value:.2g}" for group, value in found.items())
        for name, found in changes.items()
    )
    most = "; ".join(f"{_GROUPS[group]} in {name}" for name, group in deciding.items())
    reason = (
        f"The largest change of the capacity in mAh/g when one property is divided or multiplied by the same factor: "
        f"{said}. It is decided by {most}. With pores full of electrolyte and full charge before each discharge "
        "(both assumed)."
    )
    return Answer(
        {
            f"{name}.{group}": Quantity(value, None, "mAh/g")
            for name, g in changes.items()
            for group, value in g.items()
        },
        verdict="shown",
        reason=reason,
    )
