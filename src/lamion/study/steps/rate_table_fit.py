"""One number of the cathode fitted to a rate table, beside the blind prediction."""

from __future__ import annotations

from dataclasses import replace

from lamion.models.cells.fitted_rate_table import fitted_rate_table
from lamion.quantities import Answer
from lamion.study.cells import CELL_OPTIONS, cell_inputs, simulator
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind


def run(inputs: Inputs) -> Answer:
    """Fit D/R2 and ask what else would have fitted as well.

    Parameters
    ----------
    inputs : Inputs
        The cell; ``rates`` and ``capacities``, one each; ``also``, rates to predict from the fit.

    Returns
    -------
    Answer
        As :func:`~lamion.models.cells.fitted_rate_table.fitted_rate_table`.
    """
    rates = [rate.value for rate in inputs.quantities("rates")]
    capacities = inputs.quantities("capacities")
    answer = fitted_rate_table(
        cell_inputs(inputs),
        rates,
        capacities,
        also=[rate.value for rate in inputs.quantities("also")],
        compare=not inputs.quick,
        simulator=simulator(inputs),
    )
    left, blind = answer.results["rms.fitted"].value, answer.results["rms.blind"].value
    reason = (
        f"D/R2 was fitted to {len(rates)} capacities of the same kind of cell; it leaves {left:.2g} mAh/g rms of "
        f"{blind:.2g} blind. This capacity is not among them."
    )
    return replace(answer, reason=reason)


KIND = StepKind(
    run,
    evidence="fitted to a rate table",
    options={
        **CELL_OPTIONS,
        "rates": Option("quantities", "1"),
        "capacities": Option("quantities", "mAh/g"),
        "also": Option("quantities", "1", required=False),
    },
    quick=True,
    heavy=True,
)
