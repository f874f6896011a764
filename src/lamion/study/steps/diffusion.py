"""Salt diffusion coefficient from the relaxation of an open-circuit voltage."""

from __future__ import annotations

from lamion.formats import read_raw
from lamion.quantities import Answer
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.study.measured import diffusion_answer


def run(inputs: Inputs) -> Answer:
    """Fit the relaxation.

    Parameters
    ----------
    inputs : Inputs
        The ``file`` and the ``thickness``.
    """
    return diffusion_answer(read_raw(inputs.files["file"][0]), inputs.quantity("thickness"))


KIND = StepKind(
    run,
    evidence="measured",
    options={"file": Option("file"), "thickness": Option("quantity", "m", from_subject=True)},
)
