"""What of a framework and its guests lithium would reduce."""

from __future__ import annotations

from lamion.models.atomistic.energies.redox import redox_answer
from lamion.quantities import Answer
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind


def run(inputs: Inputs) -> Answer:
    """Compare electron affinities.

    Parameters
    ----------
    inputs : Inputs
        The ``parts``: names of hosts and molecules, with commas between.
    """
    if "parts" not in inputs.options:
        return redox_answer()
    return redox_answer([name.strip() for name in inputs.options["parts"].split(",")])


KIND = StepKind(run, evidence="predicted", options={"parts": Option("text", required=False)}, heavy=True)
