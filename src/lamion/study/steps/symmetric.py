"""The overpotential of a symmetric lithium cell, part by part."""

from __future__ import annotations

from dataclasses import replace

from lamion.models.cells.symmetric_cell import symmetric_cell
from lamion.quantities import Answer
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.study.symmetric_cells import CONVENTIONS, OPTIONS, convention_of, from_inputs


def run(inputs: Inputs) -> Answer:
    """Predict the overpotential.

    Parameters
    ----------
    inputs : Inputs
        The electrolyte at the test's temperature, ``rct`` and whose it is (``convention``, left out where that is
        not known), ``current``; optionally ``measured``, an overpotential to compare with, and ``time``.

    Returns
    -------
    Answer
        As :func:`lamion.models.cells.symmetric_cell.symmetric_cell`.
    """
    answer = symmetric_cell(
        from_inputs(inputs),
        convention=convention_of(inputs),
        measured=inputs.optional_quantity("measured"),
        time=inputs.optional_quantity("time"),
    )
    low, high = (answer.results[f"overpotential.{end}"].value for end in ("lowest", "highest"))
    part = {name: answer.results[name].value for name in ("ohmic", "charge_transfer", "concentration")}
    said = ", ".join(f"{name.replace('_', ' ')} {value:.3g} mV" for name, value in part.items())
    reason = (
        f"{said}. All readings of R_ct (the cell's or one interface's, Butler-Volmer or ohmic) lie in {low:.3g} to "
        f"{high:.3g} mV."
    )
    return replace(answer, reason=reason[0].upper() + reason[1:])


KIND = StepKind(
    run,
    evidence="model",
    options={
        **OPTIONS,
        "convention": Option("text", required=False, choices=CONVENTIONS),
        "measured": Option("quantity", "V", required=False),
        "time": Option("quantity", "s", required=False),
    },
)
