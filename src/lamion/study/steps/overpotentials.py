"""Do measured overpotentials of symmetric cells follow from film, interfaces and concentrations?"""

from __future__ import annotations

import math
from typing import Any

from lamion.models.cells.symmetric_cell import Parts, budget_figure, parts_of, symmetric_cell, unexplained
from lamion.quantities import Answer, InputError, Quantity
from lamion.study.inputs import Inputs, quantity_from_json
from lamion.study.kinds import Option, StepKind
from lamion.study.symmetric_cells import from_table


def run(inputs: Inputs) -> Answer:
    """Hold measured overpotentials against every reading of the charge-transfer resistance.

    Parameters
    ----------
    inputs : Inputs
        ``cells``, by name symmetric cells with ``measured``.

    Returns
    -------
    Answer
        ``unexplained.NAME.cell`` and ``.interface`` in mV, the measured value less the budget with charge transfer
        by Butler and Volmer. Holds where every measured value lies between the smallest and the largest reading,
        two standard uncertainties allowed.
    """
    figures: dict[str, tuple[Parts, Quantity | None]] = {}
    results, said, holds = {}, [], True
    for name, table in inputs.options["cells"].items():
        cell, measured = from_table(table, name), _measured(table, name)
        answer, parts = symmetric_cell(cell, measured=measured), parts_of(cell)
        low, high = answer.results["overpotential.lowest"], answer.results["overpotential.highest"]
        value = measured.to("mV").value
        own = measured.to("mV").std or 0.0
        below, above = (2 * math.hypot(end.std or 0.0, own) for end in (low, high))
        holds = holds and low.value - below <= value <= high.value + above
        for convention, row in parts.items():
            results[f"unexplained.{name}.{convention}"] = unexplained(measured, row["overpotential"])
        said.append(
            f"{name}: {low.value:.3g} to {high.value:.3g} mV by every reading of R_ct, {value:g} measured "
            f"({value / (0.1 * cell.current.si):.0f} ohm cm2)"
        )
        figures[name] = (parts, measured)
    words = "every measured value lies within" if holds else "no reading of R_ct gives every measured value"
    return Answer(
        results,
        verdict="holds" if holds else "does not hold",
        reason=f"{'; '.join(said)}: {words}.",
        figures={"budget": budget_figure(figures)},
    )


def _measured(table: dict[str, Any], name: str) -> Quantity:
    if not isinstance(table.get("measured"), dict):
        raise InputError(f"the cell '{name}' has no measured overpotential.", "", "Refer to it: { claim = ... }.")
    return quantity_from_json(table["measured"])


KIND = StepKind(run, evidence="model", options={"cells": Option("table")})
