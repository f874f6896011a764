"""Current fraction of a Li|Li cell from its polarisation and its impedance before and after."""

from __future__ import annotations

from lamion.formats import read_raw
from lamion.quantities import Answer
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.study.measured import transference_answer


def run(inputs: Inputs) -> Answer:
    """Find the current fraction.

    Parameters
    ----------
    inputs : Inputs
        The files ``dc``, ``before`` and ``after``; optionally the ``bias``.
    """
    dc, before, after = (read_raw(inputs.files[name][0]) for name in ("dc", "before", "after"))
    return transference_answer(dc, before, after, bias=inputs.optional_quantity("bias"))


KIND = StepKind(
    run,
    evidence="measured",
    options={
        "dc": Option("file"),
        "before": Option("file"),
        "after": Option("file"),
        "bias": Option("quantity", "V", required=False),
    },
    heavy=True,
)
