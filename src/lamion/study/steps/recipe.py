"""What a recipe makes: mass fractions, salt concentrations, densities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lamion.quantities import Answer
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.study.recipes import FACTS, formulation_of, substances_named
from lamion.substances.recipe import recipe_answer


def run(inputs: Inputs) -> Answer:
    """Compute a composition.

    Parameters
    ----------
    inputs : Inputs
        ``recipe``, and optionally the structural ``case`` that the membrane's numbers are for.
    """
    return recipe_answer(formulation_of(inputs, "recipe"), case=inputs.options.get("case"))


def _substances(options: Mapping[str, Any]) -> list[str]:
    return substances_named(options["recipe"])


KIND = StepKind(
    run,
    evidence="composition",
    options={
        "recipe": Option("table", from_subject=True),
        "case": Option("text", required=False, from_subject=True),
    },
    substances=_substances,
    facts=FACTS,
)
