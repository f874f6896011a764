"""Thermodynamic factor from the voltages of concentration cells."""

from __future__ import annotations

from lamion.formats import read_raw
from lamion.quantities import Answer
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.study.measured import concentration_cell_answer


def run(inputs: Inputs) -> Answer:
    """Fit the voltages.

    Parameters
    ----------
    inputs : Inputs
        The ``file``, the concentration ``at`` which the factor is asked for, the ``temperature``; optionally the
        ``transference`` number.
    """
    return concentration_cell_answer(
        read_raw(inputs.files["file"][0]),
        at=inputs.quantity("at"),
        temperature=inputs.quantity("temperature"),
        transference=inputs.optional_quantity("transference"),
    )


KIND = StepKind(
    run,
    evidence="measured",
    options={
        "file": Option("file"),
        "at": Option("quantity", "mol/m3"),
        "temperature": Option("quantity", "K", from_subject=True),
        "transference": Option("quantity", "1", required=False),
    },
)
