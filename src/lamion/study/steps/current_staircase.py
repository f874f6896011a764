"""A critical-current test on an electrolyte film, and its limiting current."""

from __future__ import annotations

from lamion.models.cells.symmetric_history import staircase
from lamion.quantities import Answer
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.study.symmetric_cells import CONVENTIONS, OPTIONS, convention_of, from_inputs


def run(inputs: Inputs) -> Answer:
    """Run the staircase.

    Parameters
    ----------
    inputs : Inputs
        As for ``symmetric``; ``currents``, rising; ``half_cycle``, the time of each direction.

    Returns
    -------
    Answer
        As :func:`lamion.models.cells.symmetric_history.staircase`.
    """
    return staircase(
        from_inputs(inputs), convention_of(inputs), inputs.quantities("currents"), inputs.quantity("half_cycle")
    )


KIND = StepKind(
    run,
    evidence="model",
    options={
        **OPTIONS,
        "convention": Option("text", required=False, choices=CONVENTIONS),
        "currents": Option("quantities", "A/m2"),
        "half_cycle": Option("quantity", "s"),
    },
)
