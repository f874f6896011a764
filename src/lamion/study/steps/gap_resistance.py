"""What the gap between charge and discharge says of a cell's resistance, beside a resistance printed elsewhere."""

from __future__ import annotations

from lamion.quantities import Answer, InputError, Quantity, propagate
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind


def run(inputs: Inputs) -> Answer:
    r"""Divide half the gap by the current.

    .. math:: R = \frac{\Delta U}{2 r\, i_\mathrm{1C}}

    Parameters
    ----------
    inputs : Inputs
        ``gap`` between the plateaus of charge and discharge; ``rate`` and ``one_c``, whose product is the current;
        ``hysteresis`` of the open circuit, which is no resistance; ``bound``, the resistance printed elsewhere.

    Returns
    -------
    Answer
        ``resistance`` for each half cycle and ``ratio`` to the bound. Holds where the bound is not exceeded.
    """
    gap, rest = inputs.quantity("gap"), inputs.quantity("hysteresis")
    bound = inputs.quantity("bound")
    if rest.si >= gap.si:
        raise InputError(f"The hysteresis, {rest}, fills the gap, {gap}.", "", "Give a smaller hysteresis.")
    given = (gap, rest, inputs.quantity("rate"), inputs.quantity("one_c"))
    resistance = propagate(lambda u, h, r, i: (u - h) / (2 * r * i), *given, unit="ohm cm2", source="voltage gap")
    ratio = propagate(lambda a, b: a / b, resistance, bound, unit="1", source="voltage gap")
    reach: Quantity = bound.to("ohm cm2")
    holds = resistance.value - 2 * (resistance.std or 0.0) <= reach.value + 2 * (reach.std or 0.0)
    reason = (
        f"A gap of {gap}, {rest} of it hysteresis, at {inputs.quantity('rate').value:g}C is "
        f"{resistance.value:.0f} ohm cm2 for each half cycle, {ratio.value:.1f} times the {reach.value:g} printed for "
        "the other cathode with the same electrolyte and lithium. Film and lithium are common to both, so the rest "
        "would lie in one cathode alone, or in slow processes that impedance above 0.1 Hz does not see."
    )
    return Answer(
        {"resistance": resistance, "ratio": ratio},
        verdict="holds" if holds else "does not hold",
        reason=reason,
    )


KIND = StepKind(
    run,
    evidence="derived from printed numbers",
    options={
        "gap": Option("quantity", "V"),
        "hysteresis": Option("quantity", "V", positive=False, at_least=0.0),
        "rate": Option("quantity", "1"),
        "one_c": Option("quantity", "A/m2", from_subject=True),
        "bound": Option("quantity", "ohm m2"),
    },
)
