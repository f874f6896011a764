"""Pores of a framework's stacked sheets, whatever slip lies between them."""

from __future__ import annotations

from lamion.models.atomistic.pores.pores_answer import slipped_pores_answer
from lamion.models.atomistic.structure.sheet import sheet
from lamion.quantities import Answer
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind


def run(inputs: Inputs) -> Answer:
    """Probe the pores of every slip without a clash.

    Parameters
    ----------
    inputs : Inputs
        ``lattice`` of the sheet and ``spacing`` of its layers.
    """
    built = sheet(lattice=1e10 * inputs.quantity("lattice").si)
    return slipped_pores_answer(built, 1e10 * inputs.quantity("spacing").si)


KIND = StepKind(
    run,
    evidence="geometry",
    options={"lattice": Option("quantity", "m", from_subject=True), "spacing": Option("quantity", "m")},
    heavy=True,
)
