"""Mean of several readings, with their spread as its uncertainty.

The uncertainty is the standard deviation of one reading (with n - 1), not that of the mean: the readings differ by
what was chosen, not by chance. The 95 % interval takes Student's factor for so few.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from typing import Annotated

from lamion.quantities import Answer, InputError, Quantity
from lamion.quantities.level import LEVEL_95, coverage_factor
from lamion.tasks.declaring import Option, Result, task


@task(
    results={
        "value": Result("", "mean of the readings, with their standard deviation", headline=True),
        "lowest": Result("", "of the readings"),
        "highest": Result("", "of the readings"),
    },
    evidence="predicted",
    example='--readings "GFN2=-0.52 eV" "GFN1=-0.61 eV" --means "the binding energy of one ether oxygen"',
    uncited="it takes the mean of the numbers that are given",
)
def spread(
    readings: Annotated[
        Mapping[str, Quantity],
        Option("of the same thing, two or more", unit="", example="GFN2=-0.52 eV", positive=False),
    ],
    means: Annotated[str, Option("what they are readings of", example="the binding energy of one ether oxygen")],
) -> Answer:
    """Average the readings."""
    if len(readings) < 2:
        raise InputError("one reading has no spread.", "", "Give two or more.")
    unit = next(iter(readings.values())).unit
    values = [quantity.to(unit).value for quantity in readings.values()]
    middle, scatter = statistics.fmean(values), statistics.stdev(values)
    margin = coverage_factor(LEVEL_95, len(values) - 1) * scatter
    source = f"mean of {len(values)} readings"
    mean = Quantity(middle, scatter, unit, source, interval_95=(middle - margin, middle + margin))
    low, high = min(values), max(values)
    return Answer(
        {"value": mean, "lowest": Quantity(low, None, unit), "highest": Quantity(high, None, unit)},
        {"Reading": list(readings), f"Value / {unit}": values},
        means=means,
        reason=f"It is {means}; its uncertainty is the standard deviation of {len(values)} "
        f"readings between {low:.3g} and {high:.3g} {unit}, so it covers these choices and nothing else.",
    )
