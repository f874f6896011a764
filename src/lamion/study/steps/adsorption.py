"""The energy with which a molecule sits on a cut-out of a sheet."""

from __future__ import annotations

from lamion.models.atomistic.adsorption import Search, adsorption_answer
from lamion.models.atomistic.dft import DFT_CALCULATORS
from lamion.quantities import Answer, InputError
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.study.stored_answers import stored_answer


def run(inputs: Inputs) -> Answer:
    """Search the best complex, or take the kept answer where the run is quick or the engine takes hours.

    Parameters
    ----------
    inputs : Inputs
        ``host``, ``adsorbate``; ``calculator``, ``contacts``, ``multiplicity`` of the host, how many
        ``starts`` are relaxed, and the file of answers
        that were ``stored``.
    """
    options = inputs.options
    calculator = options.get("calculator", "gfn2")
    slow = calculator in DFT_CALCULATORS
    kept = stored_answer(inputs.file("stored"), "adsorption", options) if inputs.quick or slow else None
    if kept is not None:
        return kept
    if slow:
        raise InputError(
            f"No stored answer of {calculator} has these inputs.",
            "Density-functional theory takes hours and is not run within a study.",
            "Compute it with `lamion simulate adsorption`, or leave the step away.",
        )
    search = Search(calculator, options.get("contacts", 1), options.get("multiplicity"), kept=options.get("starts", 4))
    return adsorption_answer(options["host"], options["adsorbate"], search)


KIND = StepKind(
    run,
    evidence="predicted",
    options={
        "host": Option("text"),
        "adsorbate": Option("text"),
        "calculator": Option("text", required=False),
        "contacts": Option("integer", required=False, at_least=1, at_most=3),
        "multiplicity": Option("integer", required=False, at_least=1),
        "starts": Option("integer", required=False, at_least=1, at_most=50),
        "stored": Option("file", required=False),
    },
    quick=True,
    heavy=True,
)
