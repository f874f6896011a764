"""How many things change at once between a sample and the one it is compared with?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lamion.quantities import Answer, InputError, Quantity, propagate
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.study.recipes import FACTS, formulation_of, substances_named
from lamion.substances import Formulation
from lamion.substances.membrane import membrane

_NEARLY = 0.05
"""A relative change of a ratio that counts as none."""


def run(inputs: Inputs) -> Answer:
    """Compare two recipes, component by component, per polymer repeat unit.

    Parameters
    ----------
    inputs : Inputs
        ``recipe``, of the sample, and ``against``, of the one it is compared with; ``expected``, the changes that the
        statement under test names: by component a ratio, ``"added"`` or ``"removed"``.

    Returns
    -------
    Answer
        ``ratio.<component>``, of moles per repeat unit in the sample over those in the other; ``differences``, their
        number. The verdict says whether exactly the expected things change, and by as much.
    """
    sample, other = formulation_of(inputs, "recipe"), formulation_of(inputs, "against")
    here, there = _per_repeat_unit(sample), _per_repeat_unit(other)
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
    holds = _as_expected(found, inputs.options["expected"])
    return Answer(
        {
            **{f"ratio.{key}": quantity for key, quantity in ratios.items() if quantity.std},
            "differences": Quantity(float(len(found)), None, "1"),
        },
        verdict="holds" if holds else "does not hold",
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
    amount, polymer = membrane(formulation).amount, formulation.polymer
    if polymer is None:
        raise InputError("a recipe without a polymer has no repeat units to count from.", "", "Give the polymer.")
    found = {
        key: propagate(lambda n, p: n / p, amount[key], amount[polymer.key], unit="1", source="recipe")
        for key in formulation.keys
        if key != polymer.key and amount[key].value > 0
    }
    # The polymer itself is a component too: another one in the other recipe is a change.
    return {**found, polymer.key: Quantity(1.0, None, "1", "recipe")}


def _substances(options: Mapping[str, Any]) -> list[str]:
    return sorted({*substances_named(options["recipe"]), *substances_named(options["against"])})


KIND = StepKind(
    run,
    evidence="composition",
    options={
        "recipe": Option("table", from_subject=True),
        "against": Option("table"),
        "expected": Option("table"),
    },
    substances=_substances,
    facts=FACTS,
)
