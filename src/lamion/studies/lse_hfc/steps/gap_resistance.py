r"""What the gap between charge and discharge says of a cell's resistance, beside a resistance printed elsewhere.

.. math:: R = \frac{\Delta U}{2 r\, i_\mathrm{1C}}

Shown, that the gap holds more than that resistance, where it lies above it by two standard uncertainties. What
impedance leaves out, diffusion slower than its lowest frequency, is in the gap: the two need not contradict each other.
"""

from __future__ import annotations

from typing import Annotated

from lamion.quantities import Answer, InputError, Quantity, propagate
from lamion.tasks.declaring import Option, Result, task


@task(
    results={
        "resistance": Result("ohm cm2", "for each half cycle", headline=True),
        "ratio": Result("1", "to the resistance printed elsewhere", headline=True),
    },
    evidence="derived from printed numbers",
    example="",
)
def gap_resistance(
    gap: Annotated[Quantity, Option("between the plateaus of charge and discharge", unit="V", example="60 mV")],
    hysteresis: Annotated[
        Quantity,
        Option("of the open circuit, no resistance", unit="V", example="10 mV", positive=False, minimum=0.0),
    ],
    rate: Annotated[Quantity, Option("of the cycle", example="0.2")],
    one_c: Annotated[Quantity, Option("the current of 1C", of="current", example="1.2 mA/cm2", subject=True)],
    bound: Annotated[Quantity, Option("the resistance printed elsewhere", unit="ohm m2", example="80 ohm cm2")],
) -> Answer:
    """Divide half the gap by the current."""
    if hysteresis.si >= gap.si:
        raise InputError(f"The hysteresis, {hysteresis}, fills the gap, {gap}.", "", "Give a smaller hysteresis.")
    given = (gap, hysteresis, rate, one_c)
    resistance = propagate(lambda u, h, r, i: (u - h) / (2 * r * i), *given, unit="ohm cm2", source="voltage gap")
    ratio = propagate(lambda a, b: a / b, resistance, bound, unit="1", source="voltage gap")
    reach: Quantity = bound.to("ohm cm2")
    holds = resistance.value - 2 * (resistance.std or 0.0) <= reach.value + 2 * (reach.std or 0.0)
    reason = (
        f"A gap of {gap}, {hysteresis} of it hysteresis, at {rate.value:g}C is "
        f"{resistance.value:.0f} ohm cm2 for each half cycle, {ratio.value:.1f} times the {reach.value:g} printed for "
        "the other cathode with the same electrolyte and lithium. Film and lithium are common to both, so the rest "
        "lies in one cathode, or in diffusion that impedance above 0.1 Hz leaves out: no contradiction."
    )
    return Answer(
        {"resistance": resistance, "ratio": ratio},
        verdict="not shown" if holds else "shown",
        reason=reason,
    )
