"""Is the printed current of 1C the printed loading times the active material's capacity?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from lamion.quantities import Answer, InputError, Quantity, propagate
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind


def run(inputs: Inputs) -> Answer:
    """Hold current over loading against the capacity, in two readings of the loading.

    Parameters
    ----------
    inputs : Inputs
        ``current`` of 1C and ``loading``; the ``capacity`` to expect, or the ``material`` whose theoretical
        capacity it is; ``active_fraction`` of the dry electrode.

    Returns
    -------
    Answer
        ``specific_capacity`` if the loading is that of active mass, ``specific_capacity_if_electrode`` if it is
        that of the whole electrode, ``expected_capacity``; the verdict says whether the first agrees.
    """
    current, loading = inputs.quantity("current"), inputs.quantity("loading")
    expected = _expected(inputs)
    active = propagate(lambda i, m: 3600 * i / m, current, loading, unit="mAh/g", source="current / loading")
    fraction = inputs.quantity("active_fraction").value
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


def _expected(inputs: Inputs) -> Quantity:
    capacity = inputs.optional_quantity("capacity")
    if capacity is not None:
        return capacity.to("mAh/g")
    if "material" not in inputs.options:
        raise InputError("neither 'capacity' nor 'material' says what to expect.", "", "Give one of them.")
    return inputs.substances("substances")[inputs.options["material"]].theoretical_capacity


def _close(one: Quantity, other: Quantity) -> bool:
    return abs(one.value - other.value) <= 2 * math.hypot(one.std or 0.0, other.std or 0.0)


def _materials(options: Mapping[str, Any]) -> list[str]:
    return [options["material"]] if "material" in options and "capacity" not in options else []


KIND = StepKind(
    run,
    evidence="derived from printed numbers",
    options={
        "current": Option("quantity", "A/m2", from_subject=True),
        "loading": Option("quantity", "kg/m2", from_subject=True),
        "capacity": Option("quantity", "mAh/g", required=False),
        "material": Option("text", required=False),
        "active_fraction": Option("quantity", "1"),
    },
    substances=_materials,
    facts=("electrons",),
)
