"""Current fraction of a Li|Li cell from its polarisation and its impedance before and after."""

from __future__ import annotations

from lamion.formats import read_raw
from lamion.quantities import Answer, InputError
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.study.measured import CONCENTRATED_SOLUTION, transference_answer, with_concentrated_solution


def run(inputs: Inputs) -> Answer:
    """Find the current fraction.

    Parameters
    ----------
    inputs : Inputs
        The files ``dc``, ``before`` and ``after``; optionally the ``bias``; and, all five or none, ``conductivity``,
        ``diffusivity``, ``concentration``, ``temperature`` and ``thermodynamic_factor`` for the reading with
        concentrated-solution theory.
    """
    dc, before, after = (read_raw(inputs.files[name][0]) for name in ("dc", "before", "after"))
    answer = transference_answer(dc, before, after, bias=inputs.optional_quantity("bias"))
    solution = {name: inputs.quantity(name) for name in CONCENTRATED_SOLUTION if name in inputs.options}
    if not solution:
        return answer
    missing = sorted(set(CONCENTRATED_SOLUTION) - set(solution))
    if missing:
        raise InputError(f"concentrated-solution theory also needs '{missing[0]}'.", "", "Give all five, or none.")
    return with_concentrated_solution(answer, **solution)


KIND = StepKind(
    run,
    evidence="measured",
    options={
        "dc": Option("file"),
        "before": Option("file"),
        "after": Option("file"),
        "bias": Option("quantity", "V", required=False),
        **{name: Option("quantity", unit, required=False) for name, unit in CONCENTRATED_SOLUTION.items()},
    },
    heavy=True,
)
