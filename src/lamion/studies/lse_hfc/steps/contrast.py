"""How many things change at once between a sample and the one it is compared with.

Two recipes are compared component by component, per repeat unit of the polymer. Shown where exactly the
expected things change, and by as much.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from lamion.quantities import Answer, InputError, Quantity, propagate
from lamion.substances import Formulation
from lamion.substances.membrane import membrane_of
from lamion.tasks.declaring import Option, Result, task
from lamion.tasks.options.recipe import RECIPE, RECIPE_TABLE

_NEARLY = 0.05
"""A relative change of a ratio that counts as none."""


@task(
    results={
        "differences": Result("1", "things that change at once", headline=True),
        "ratio.*": Result("1", "of each component, in the sample over in the other"),
    },
    evidence="composition",
    example="",
)
def contrast(
    recipe: Annotated[Formulation, Option("of the sample", subject=True, noun=RECIPE)],
    against: Annotated[Formulation, Option("of the one it is compared with", noun=RECIPE_TABLE)],
    expected: Annotated[
        Mapping[str, Any],
        Option("the changes said: by component a ratio, 'added' or 'removed'", example='{ sn = 3, lidfob = "added" }'),
    ],
) -> Answer:
    """Compare the recipes."""
    here, there = _per_repeat_unit(recipe), _per_repeat_unit(against)
    ratios = {
        key: propagate(lambda a, b: a / b, here[key], there[key], unit="1", source="recipes")
        for key in here
        if key in there
    }
    found: dict[str, Quantity | str] = {key: q for key, q in ratios.items() if abs(q.value - 1) > _NEARLY}
    found |= {key: "added" for key in here if key not in there}
    found |= {key: "removed" for key in there if key not in here}
    said = "; ".join(
        f"{key} {change}" if isinstance(change, str) else f"{change} times the {key}" for key, change in found.items()
    )
    reason = (
        f"Per repeat unit of the polymer, {len(found)} things change at once: {said or 'nothing'}. A difference "
        "between the two samples is not the effect of any one of them."
    )
    holds = _as_expected(found, expected)
    return Answer(
        {
            **{f"ratio.{key}": quantity for key, quantity in ratios.items() if quantity.std},
            "differences": Quantity(float(len(found)), None, "1"),
        },
        verdict="shown" if holds else "not shown",
        reason=reason,
    )


def _as_expected(found: Mapping[str, Quantity | str], expected: Mapping[str, Any]) -> bool:
    if found.keys() != expected.keys():
        return False
    return all(_matches(change, expected[key]) for key, change in found.items())


def _matches(change: Quantity | str, expected: Any) -> bool:
    if isinstance(change, str) or not isinstance(expected, int | float):
        return bool(change == expected)
    return abs(change.value - expected) <= max(2 * (change.std or 0.0), _NEARLY * expected)


def _per_repeat_unit(formulation: Formulation) -> dict[str, Quantity]:
    """Return moles of each component, framework included, per mole of the polymer's repeat units."""
    amount, polymer = membrane_of(formulation).amount, formulation.polymer
    if polymer is None:
        raise InputError("a recipe without a polymer has no repeat units to count from.", "", "Give the polymer.")
    found = {
        key: propagate(lambda n, p: n / p, amount[key], amount[polymer.key], unit="1", source="recipe")
        for key in formulation.keys
        if key != polymer.key and amount[key].value > 0
    }
    # The polymer itself is a component too: another one in the other recipe is a change.
    return {**found, polymer.key: Quantity(1.0, None, "1", "recipe")}
