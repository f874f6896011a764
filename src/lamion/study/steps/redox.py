"""What of a framework and its guests lithium would reduce."""

from __future__ import annotations

from lamion.models.atomistic.redox import redox_answer
from lamion.quantities import Answer
from lamion.study.inputs import Inputs
from lamion.study.kinds import StepKind


def run(inputs: Inputs) -> Answer:
    """Compare electron affinities.

    Parameters
    ----------
    inputs : Inputs
        Without options.
    """
    return redox_answer()


KIND = StepKind(run, evidence="predicted", heavy=True)
