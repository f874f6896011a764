"""Lithium ions between the oxygens of PEO and the nitriles of SN."""

from __future__ import annotations

from lamion.models.atomistic.coordination import coordination_answer
from lamion.quantities import Answer
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind


def run(inputs: Inputs) -> Answer:
    """Relax the shells.

    Parameters
    ----------
    inputs : Inputs
        The ``calculator``.
    """
    return coordination_answer(inputs.options.get("calculator", "gfn2"))


KIND = StepKind(run, evidence="predicted", options={"calculator": Option("text", required=False)}, heavy=True)
