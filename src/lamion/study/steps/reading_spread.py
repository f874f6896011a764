"""A prediction from several readings of what was computed: their mean, and their spread as its uncertainty."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from typing import Any

from lamion.quantities import Answer, InputError, Quantity
from lamion.study.inputs import Inputs, quantity_from_json
from lamion.study.kinds import Option, StepKind


def run(inputs: Inputs) -> Answer:
    r"""Average the readings.

    .. math:: \bar x = \frac{1}{n}\sum_i x_i, \qquad u^2 = \frac{1}{n-1}\sum_i (x_i - \bar x)^2

    Parameters
    ----------
    inputs : Inputs
        ``readings``: a label and a result each; ``means``: what they are readings of.
    """
    readings = {name: _quantity(item, name) for name, item in inputs.options["readings"].items()}
    if len(readings) < 2:
        raise InputError("one reading has no spread.", "", "Give two or more.")
    unit = next(iter(readings.values())).unit
    values = [quantity.to(unit).value for quantity in readings.values()]
    mean = Quantity(statistics.fmean(values), statistics.stdev(values), unit, f"mean of {len(values)} readings")
    low, high = min(values), max(values)
    return Answer(
        {"value": mean, "lowest": Quantity(low, None, unit), "highest": Quantity(high, None, unit)},
        {"Reading": list(readings), f"Value / {unit}": values},
        means=inputs.options["means"],
        reason=f"It is {inputs.options['means']}; its uncertainty is the standard deviation of {len(values)} "
        f"readings between {low:.3g} and {high:.3g} {unit}, so it covers these choices and nothing else.",
    )


def _quantity(item: Any, name: str) -> Quantity:
    if not isinstance(item, Mapping) or "value" not in item:
        raise InputError(f"the reading '{name}' is no result.", "", 'Write { step = "...", result = "..." }.')
    return quantity_from_json(item)


KIND = StepKind(run, evidence="predicted", options={"readings": Option("table"), "means": Option("text")})
