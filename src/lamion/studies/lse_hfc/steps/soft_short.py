"""The smallest soft short that a Li|Li trace would have shown."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from lamion.quantities import Answer, Quantity
from lamion.synthetic.plating import RANGES, plating_trace
from lamion.tasks.declaring import Context, Option, Result, task
from lamion.techniques.plating.half_cycle import half_cycles
from lamion.techniques.plating.shorts import shorts_raw

_LOSSES = (0.02, 0.03, 0.05, 0.07, 0.10, 0.15, 0.25, 0.40)
_SEEN = 0.9
_NEAR = 0.1
"""Of a half-cycle, from where a short begins."""


@task(
    results={
        "smallest_short": Result("1", "share of the voltage that a short takes to be seen", headline=True),
        "recall.*": Result("1", "share of such shorts that are seen"),
    },
    evidence="synthetic",
    example="",
    random=True,
    quick=True,
)
def soft_short(
    overpotential: Annotated[Quantity, Option("of the cell", of="voltage_difference", example="42 mV")],
    context: Context,
) -> Answer:
    """Count the shorts that are found in synthetic traces."""
    count = 40 if context.quick else 200
    recall = {loss: np.mean([_is_seen(loss, context.seed + seed) for seed in range(count)]) for loss in _LOSSES}
    # From where on each larger one is seen too.
    enough = [loss for loss in _LOSSES if all(recall[more] >= _SEEN for more in _LOSSES if more >= loss)]
    results = {f"recall.{100 * loss:g}%": _share(float(recall[loss])) for loss in _LOSSES}
    if not enough:
        return Answer(results, verdict="not resolvable", reason="No soft short of up to 40 % of the voltage is seen.")
    least, smallest = enough[0], _LOSSES[0]
    lowest, highest = RANGES["half_cycles"]
    taken = f"{100 * least:g} % of the voltage ({least * overpotential.to('mV').value:.2g} mV of {overpotential})"
    reason = (
        f"Synthetic: of {count} traces each, of {lowest:g} to {highest:g} half-cycles at one current with the noise, "
        f"drift and changes of ordinary cells, a soft short that takes {taken} is seen in "
        f"{100 * recall[least]:.0f} %, one of {100 * smallest:g} % in {100 * recall[smallest]:.0f} %. The stated trace "
        "would have shown the former; a smaller one, or one from the first cycle on, stays open."
    )
    return Answer({"smallest_short": _share(least), **results}, verdict="resolvable", reason=reason, synthetic=True)


def _share(value: float) -> Quantity:
    return Quantity(value, None, "1", "synthetic")


def _is_seen(loss: float, seed: int) -> bool:
    trace = plating_trace("short", seed, amplitude=loss)
    cycles = half_cycles(trace.record)
    near = _NEAR * cycles[0].duration + trace.setting_in
    return any(abs(short.time - trace.at) < near for short in shorts_raw(cycles))
