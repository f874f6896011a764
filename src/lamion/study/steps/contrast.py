"""How many things change at once between a sample and the one it is compared with?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lamion.quantities import Answer, Quantity, propagate
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.study.recipes import FACTS, formulation_of, substances_named
from lamion.substances import Formulation
from lamion.substances.membrane import membrane


def run(inputs: Inputs) -> Answer:
    """Compare two recipes, component by component of the guest, per polymer repeat unit.

    Parameters
    ----------
    inputs : Inputs
        ``recipe``, of the sample, and ``against``, of the one it is compared with; ``expected``, how many
        differences the statement under test names.

    Returns
    -------
    Answer
        ``ratio.<component>``, of moles per repeat unit in the sample over those in the other; ``differences``, the
        count. The verdict says whether as many things change as the statement says.
    """
    sample, other = formulation_of(inputs, "recipe"), formulation_of(inputs, "against")
    here, there = _per_repeat_unit(sample), _per_repeat_unit(other)
    ratios = {
        f"ratio.{key}": propagate(lambda a, b: a / b, here[key], there[key], unit="1", source="recipes")
        for key in here
        if key in there
    }
    changed = [
        *(
            f"{ratio.value:.2g} times the {name.partition('.')[2]} per repeat unit"
            for name, ratio in ratios.items()
            if abs(ratio.value - 1) > 0.05
        ),
        *(f"{key} only in the sample" for key in here if key not in there),
        *(f"{key} only in the other" for key in there if key not in here),
        *(["a framework only in the sample"] if sample.framework and not other.framework else []),
    ]
    expected = inputs.options["expected"]
    reason = (
        f"{len(changed)} things change at once: {'; '.join(changed)}. "
        "The ratio of the two conductivities is not the effect of any one of them."
    )
    return Answer(
        {**ratios, "differences": Quantity(float(len(changed)), None, "1")},
        notes={"verdict": "holds" if len(changed) == expected else "does not hold", "reason": reason},
    )


def _per_repeat_unit(formulation: Formulation) -> dict[str, Quantity]:
    """Return moles of each guest component per mole of the polymer's repeat units."""
    amount = membrane(formulation).amount
    polymer = formulation.polymer
    guest = [item.key for item in formulation.guest if polymer is not None and item.key != polymer.key]
    return {
        key: propagate(lambda n, p: n / p, amount[key], amount[polymer.key], unit="1", source="recipe")
        for key in guest
        if polymer is not None
    }


def _substances(options: Mapping[str, Any]) -> list[str]:
    return sorted({*substances_named(options["recipe"]), *substances_named(options["against"])})


KIND = StepKind(
    run,
    evidence="composition",
    options={
        "recipe": Option("table", from_subject=True),
        "against": Option("table"),
        "expected": Option("integer"),
    },
    substances=_substances,
    facts=FACTS,
)
