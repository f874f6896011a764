"""Is the printed current of 1C the printed loading times the active material's capacity.

Current over loading is held against the capacity, in two readings of the loading: that of active mass, and that of the
whole electrode.
"""

from __future__ import annotations

import math
from typing import Annotated

from lamion.quantities import Answer, InputError, Quantity, propagate
from lamion.substances import Substance
from lamion.tasks.declaring import Option, Result, task


@task(
    results={
        "specific_capacity": Result("mAh/g", "if the loading is that of active mass", headline=True),
        "specific_capacity_if_electrode": Result("mAh/g", "if it is that of the whole electrode"),
        "expected_capacity": Result("mAh/g", "of the active material", headline=True),
    },
    evidence="derived from printed numbers",
    example="",
)
def one_c(
    current: Annotated[Quantity, Option("of 1C", subject=True)],
    loading: Annotated[Quantity, Option("as printed", subject=True)],
    active_fraction: Annotated[Quantity, Option("of the dry electrode", example="0.8")],
    capacity: Annotated[Quantity | None, Option("to expect")] = None,
    material: Annotated[
        Substance | None, Option("whose theoretical capacity to expect, instead of a capacity", example="lfp")
    ] = None,
) -> Answer:
    """Hold current over loading against the capacity."""
    expected = _expected(capacity, material)
    active = propagate(lambda i, m: 3600 * i / m, current, loading, unit="mAh/g", source="current / loading")
    fraction = active_fraction.value
    whole = Quantity(active.value / fraction, (active.std or 0.0) / fraction, "mAh/g", "current / active mass")
    if not active.std:
        raise InputError("current and loading have no uncertainty.", "", "Give one, as in '4.0 ± 0.3 mg/cm2'.")
    holds, rejected = _close(active, expected), not _close(whole, expected)
    reading = "the loading is that of active mass" if rejected else "whether the loading is active mass is not decided"
    reason = (
        f"1C over the loading is {active}; expected {expected} ({expected.source}). If the loading were that of "
        f"the whole electrode it would be {whole}: {reading}."
    )
    return Answer(
        {"specific_capacity": active, "specific_capacity_if_electrode": whole, "expected_capacity": expected},
        verdict=_verdict(holds, rejected),
        reason=reason,
    )


def _verdict(holds: bool, rejected: bool) -> str:
    if not holds:
        return "does not hold"
    return "holds" if rejected else "not computed"


def _expected(capacity: Quantity | None, material: Substance | None) -> Quantity:
    if capacity is not None:
        return capacity.to("mAh/g")
    if material is None:
        raise InputError("neither 'capacity' nor 'material' says what to expect.", "", "Give one of them.")
    return material.theoretical_capacity


def _close(one: Quantity, other: Quantity) -> bool:
    return abs(one.value - other.value) <= 2 * math.hypot(one.std or 0.0, other.std or 0.0)
