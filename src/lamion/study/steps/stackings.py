"""Which ways of stacking a framework's sheets explain one diffraction peak?"""

from __future__ import annotations

from lamion.models.atomistic.diffraction.stacking_answer import stacking_answer
from lamion.models.atomistic.structure.sheet import sheet
from lamion.quantities import Answer
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind


def run(inputs: Inputs) -> Answer:
    """Build, stack and diffract the sheet.

    Parameters
    ----------
    inputs : Inputs
        ``lattice`` of the sheet, ``spacing`` of the planes, ``angle`` of the peak, ``march``; ``linker``, and the
        metals ``node`` of its paddlewheels and ``centre`` of its porphyrins, by default Cu-TCPP(Cu)'s.
    """
    built = sheet(
        inputs.options.get("linker", "tcpp"),
        node=inputs.options.get("node", "Cu"),
        centre=inputs.options.get("centre", "Cu"),
        lattice=1e10 * inputs.quantity("lattice").si,
    )
    spacing, angle = 1e10 * inputs.quantity("spacing").si, inputs.quantity("angle").to("deg").value
    return stacking_answer(built, spacing, angle, inputs.quantity("march").value)


KIND = StepKind(
    run,
    evidence="geometry",
    options={
        "lattice": Option("quantity", "m", from_subject=True),
        "spacing": Option("quantity", "m"),
        "angle": Option("quantity", "deg"),
        "march": Option("quantity", "1", at_least=0.01, at_most=10.0),
        "linker": Option("text", required=False),
        "node": Option("text", required=False),
        "centre": Option("text", required=False),
    },
)
