"""Do measured overpotentials of symmetric cells follow from film, interfaces and concentrations.

Measured overpotentials are held against every reading of the charge-transfer resistance. Holds where every measured
value lies between the smallest and the largest reading, two standard uncertainties allowed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated

from lamion.models.cells.symmetric_cell import (
    Parts,
    SymmetricCell,
    budget_figure,
    parts_of,
    symmetric_cell,
    unexplained,
)
from lamion.quantities import Answer, InputError, Quantity
from lamion.tasks.declaring import Option, Result, task
from lamion.tasks.options.symmetric import SYMMETRIC


@task(
    results={"unexplained.*": Result("mV", "the measured value less the budget, by cell and reading", headline=True)},
    evidence="model",
    cites=("newman2004",),
    example="",
)
def overpotentials(
    cells: Annotated[Mapping[str, SymmetricCell], Option("symmetric cells, by name", noun=SYMMETRIC)],
    measured: Annotated[Mapping[str, Quantity], Option("their overpotentials, by the same names", unit="V")],
) -> Answer:
    """Hold measured overpotentials against every reading of the charge-transfer resistance."""
    if set(cells) != set(measured):
        raise InputError("the cells and their overpotentials do not have the same names.", "", "Name both alike.")
    figures: dict[str, tuple[Parts, Quantity | None]] = {}
    results, said, holds = {}, [], True
    for name, cell in cells.items():
        found = measured[name]
        answer, parts = symmetric_cell(cell, measured=found), parts_of(cell)
        low, high = answer.results["overpotential.lowest"], answer.results["overpotential.highest"]
        value = found.to("mV").value
        own = found.to("mV").std or 0.0
        below, above = (2 * math.hypot(end.std or 0.0, own) for end in (low, high))
        holds = holds and low.value - below <= value <= high.value + above
        for convention, row in parts.items():
            results[f"unexplained.{name}.{convention}"] = unexplained(found, row["overpotential"])
        said.append(
            f"{name}: {low.value:.3g} to {high.value:.3g} mV by every reading of R_ct, {value:g} measured "
            f"({value / (0.1 * cell.current.si):.0f} ohm cm2)"
        )
        figures[name] = (parts, found)
    words = "every measured value lies within" if holds else "no reading of R_ct gives every measured value"
    return Answer(
        results,
        verdict="holds" if holds else "does not hold",
        reason=f"{'; '.join(said)}: {words}.",
        figures={"budget": budget_figure(figures)},
    )
