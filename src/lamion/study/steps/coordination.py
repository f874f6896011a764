"""Lithium ions between the oxygens of PEO and the nitriles of SN."""

from __future__ import annotations

from lamion.models.atomistic.energies.coordination import SHELLS, coordination_answer, parse_shells
from lamion.quantities import Answer
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind


def run(inputs: Inputs) -> Answer:
    """Relax the shells.

    Parameters
    ----------
    inputs : Inputs
        The ``calculator``, and the ``shells``, such as ``"dme, glyme, dme + sn"``.
    """
    options = inputs.options
    shells = parse_shells(options["shells"]) if "shells" in options else SHELLS
    return coordination_answer(options.get("calculator", "gfn2"), shells)


KIND = StepKind(
    run,
    evidence="predicted",
    options={"calculator": Option("text", required=False), "shells": Option("text", required=False)},
    heavy=True,
)
