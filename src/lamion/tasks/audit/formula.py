"""A formula of printed or computed numbers, with units and errors.

It holds names, plain numbers, + - * / **, brackets, sqrt, exp, log, log10, abs, min and max; what the names stand for
is given with --values. Dimensions are checked: a conductivity and a length cannot be added, and the result must have
the dimension of --unit. A temperature enters in kelvin.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from lamion.quantities import Answer, Quantity
from lamion.quantities.expression import evaluate
from lamion.tasks.declaring import Option, Result, task


@task(
    results={"value": Result("", "what the formula gives", headline=True)},
    evidence="derived from printed numbers",
    example=(
        '--formula "sigma * area / thickness" --values "sigma=5.62e-4 S/cm" "area=2.01 cm2" "thickness=9 ± 0.3 um" '
        '--unit S --means "the conductance of the film"'
    ),
    uncited="it computes the formula that is given",
)
def formula(
    formula: Annotated[str, Option("what to compute", example="sigma * area / thickness")],
    values: Annotated[
        Mapping[str, Quantity],
        Option("what its names stand for", unit="", example="sigma=5.62e-4 S/cm", positive=False),
    ],
    unit: Annotated[str, Option("of the result", example="S")],
    means: Annotated[
        str, Option("what the result is", example="the conductance of the film", otherwise="the formula")
    ] = "",
) -> Answer:
    """Evaluate the formula."""
    return Answer({"value": evaluate(formula, values, unit)}, means=means or formula)
