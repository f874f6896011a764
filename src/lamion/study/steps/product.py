"""A product or a quotient of printed or computed numbers: what one printed side implies for the other."""

from __future__ import annotations

import math

from lamion.quantities import Answer, InputError, propagate, units
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind


def run(inputs: Inputs) -> Answer:
    """Multiply and divide, the uncertainties included.

    Parameters
    ----------
    inputs : Inputs
        ``multiply`` and ``divide``, lists of quantities; ``unit``, of the result; ``means``, what the result is.

    Returns
    -------
    Answer
        ``value``.
    """
    above, below = inputs.quantities("multiply"), inputs.quantities("divide")
    unit = inputs.options["unit"]
    made = units.of_product([q.unit for q in above], [q.unit for q in below])
    if not units.same_dimension(made, unit):
        raise InputError(f"the product is {units.dimension_name(made)}, not {units.dimension_name(unit)}.")
    result = propagate(
        lambda *values: math.prod(values[: len(above)]) / math.prod(values[len(above) :]),
        *above,
        *below,
        unit=unit,
        source="product of printed numbers",
    )
    return Answer({"value": result}, means=inputs.options["means"])


KIND = StepKind(
    run,
    evidence="derived from printed numbers",
    options={
        "multiply": Option("quantities", unit=""),
        "divide": Option("quantities", unit="", required=False),
        "unit": Option("text"),
        "means": Option("text"),
    },
)
