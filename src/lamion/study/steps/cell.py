"""Capacities and voltages of a lithium-metal cell, predicted blind."""

from __future__ import annotations

from dataclasses import replace

from lamion.models.cells.rate_table import simulate_rates
from lamion.quantities import Answer
from lamion.study.cells import CELL_OPTIONS, cell_inputs, simulator
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind


def run(inputs: Inputs) -> Answer:
    """Simulate the cell at each rate.

    Parameters
    ----------
    inputs : Inputs
        The cell and the ``rates``, in units of 1C.

    Returns
    -------
    Answer
        As :func:`~lamion.models.cells.rate_table.simulate_rates`; the reason names the largest uncertainty.
    """
    rates = [rate.value for rate in inputs.quantities("rates")]
    answer = simulate_rates(cell_inputs(inputs), rates, simulator=simulator(inputs))
    shares = {label: max(parts, key=lambda name: parts[name]) for label, parts in _shares(answer).items()}
    largest = max(set(shares.values()), key=list(shares.values()).count)
    reason = (
        "Nothing was fitted: the cathode is as published for materials of its kind, and most of the uncertainty is its "
        f"{largest.replace('_', ' ')}."
    )
    return replace(answer, reason=reason)


def _shares(answer: Answer) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = answer.notes["uncertainty_mAh_g"]
    return found


KIND = StepKind(
    run,
    evidence="predicted from published numbers",
    options={**CELL_OPTIONS, "rates": Option("quantities", "1")},
    quick=True,
    heavy=True,
)
