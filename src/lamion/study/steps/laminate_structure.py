"""What the printed conductivity and transference ask of a laminate's galleries and sheets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lamion.models.laminate.bricks import Bricks
from lamion.models.laminate.gallery import galleries
from lamion.models.laminate.structural_reading import Observed, structural_reading
from lamion.quantities import Answer
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.study.recipes import FACTS, formulation_of, substances_named


def run(inputs: Inputs) -> Answer:
    """Map the feasible set for every structural case of the composition.

    Parameters
    ----------
    inputs : Inputs
        ``recipe``; ``sheet_thickness``, ``sheet_width`` and ``gap`` (the gallery's height by default); ``ratio``,
        ``transference``, ``contrast_transference``, ``conductivity``, ``activation_energy``.
    """
    thickness, width = inputs.quantity("sheet_thickness"), inputs.quantity("sheet_width").si
    gap = inputs.optional_quantity("gap")
    found = galleries(formulation_of(inputs, "recipe"), thickness)
    structures = {}
    for name, item in found.items():
        height = item.height.si
        structures[name] = Bricks(width, thickness.si, height, height if gap is None else gap.si)
    observed = Observed(
        inputs.quantity("ratio"),
        inputs.quantity("transference"),
        inputs.quantity("contrast_transference"),
        inputs.quantity("conductivity"),
        inputs.optional_quantity("activation_energy"),
    )
    return structural_reading(observed, structures)


def _substances(options: Mapping[str, Any]) -> list[str]:
    return substances_named(options["recipe"])


KIND = StepKind(
    run,
    evidence="derived from printed numbers",
    options={
        "recipe": Option("table", from_subject=True),
        "sheet_thickness": Option("quantity", "m"),
        "sheet_width": Option("quantity", "m"),
        "gap": Option("quantity", "m", required=False),
        "ratio": Option("quantity"),
        "transference": Option("quantity"),
        "contrast_transference": Option("quantity"),
        "conductivity": Option("quantity", "S/m"),
        "activation_energy": Option("quantity", "eV", required=False),
    },
    substances=_substances,
    facts=FACTS,
    heavy=True,
)
