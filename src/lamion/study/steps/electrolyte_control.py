"""Does the electrolyte, or does the cathode, decide the capacities of rate tables?"""

from __future__ import annotations

from typing import Any

from lamion.quantities import Answer, InputError, Quantity
from lamion.study.inputs import Inputs, quantity_from_json
from lamion.study.kinds import Option, StepKind

_GROUPS = {"electrolyte": "film and lithium", "catholyte": "catholyte", "cathode": "active material"}


def run(inputs: Inputs) -> Answer:
    """Hold what the electrolyte moves against what cathode and catholyte move, cell by cell.

    Parameters
    ----------
    inputs : Inputs
        ``cells``: by the name of each, the largest change of the capacity that one property of the ``electrolyte``
        (film and lithium interface), of the ``catholyte`` and of the ``cathode``'s active material makes.

    Returns
    -------
    Answer
        Holds where the electrolyte moves the capacity of every cell the most.
    """
    changes = {name: _changes(name, groups) for name, groups in inputs.options["cells"].items()}
    decided = [name for name, found in changes.items() if found["electrolyte"] >= max(found.values())]
    said = "; ".join(
        f"{name}: " + ", ".join(f"{_GROUPS[group]} {value:.2g}" for group, value in found.items())
        for name, found in changes.items()
    )
    reason = (
        f"The largest change of the capacity in mAh/g when one property is divided or multiplied by the same factor: "
        f"{said}. The electrolyte decides {len(decided)} of {len(changes)} rate tables."
    )
    return Answer(
        {
            f"{name}.{group}": Quantity(value, None, "mAh/g")
            for name, g in changes.items()
            for group, value in g.items()
        },
        verdict="holds" if len(decided) == len(changes) else "does not hold",
        reason=reason,
    )


def _changes(name: str, groups: Any) -> dict[str, float]:
    if not isinstance(groups, dict) or set(groups) != set(_GROUPS):
        raise InputError(
            f"the cell '{name}' does not say what each group changes.", "", f"Give {', '.join(_GROUPS)} for it."
        )
    return {group: quantity_from_json(groups[group]).to("mAh/g").value for group in _GROUPS}


KIND = StepKind(run, evidence="predicted from published numbers", options={"cells": Option("table")})
