"""Could conductivities over the stated range show a break at a transition inside it?"""

from __future__ import annotations

import math

import numpy as np

from lamion.quantities import Answer, Quantity
from lamion.quantities.constants import AVOGADRO
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.synthetic.temperature_series import two_segment_series
from lamion.techniques.conduction.temperature_fit import temperature_series
from lamion.techniques.conduction.two_segments import break_test

_LEVEL = 0.05
_POINTS_FOR_A_LINE = 3


def run(inputs: Inputs) -> Answer:
    """Find how often a test for a break would see one, at its printed place and at a stated size.

    Parameters
    ----------
    inputs : Inputs
        The printed ``activation_energy``, taken above the ``transition``; the ``factor`` by which it would be larger
        below; ``lowest`` and ``highest`` temperature, the number of ``points``, evenly spaced, and their ``noise``.

    Returns
    -------
    Answer
        ``points_below``, and ``power``, the share of simulated series in which a test at the 5 % level notices the
        break. One line across the transition is not shown where fewer than three temperatures lie on either side: two
        points have a slope but no check of it. With more, only the conductivities themselves could tell.
    """
    energy, factor = inputs.quantity("activation_energy"), inputs.quantity("factor").value
    place, noise = inputs.quantity("transition"), inputs.quantity("noise").value
    T = np.linspace(inputs.quantity("lowest").si, inputs.quantity("highest").si, inputs.options["points"])
    below = int(np.sum(place.si > T))
    molar = energy.si * AVOGADRO
    random = np.random.default_rng(inputs.generator_seed())
    found = []
    for _ in range(50 if inputs.quick else 200):
        seed = int(random.integers(2**31))
        series = two_segment_series(T, place.si, factor * molar, molar, 0.05, noise=noise, seed=seed)
        test = break_test(temperature_series(T, series.conductivity), place.si)
        found.append(test.p_value < _LEVEL)
    power = float(np.mean(found))
    enough = min(below, len(T) - below) >= _POINTS_FOR_A_LINE
    span, side = T[-1] - T[0], min(place.si - T[0], T[-1] - place.si)
    count = math.ceil(span * (_POINTS_FOR_A_LINE - 1) / side) + 1 if side > 0 else None
    shown = "both sides have them" if enough else f"one line across it is not shown; {count} temperatures would show it"
    reason = (
        f"The number of temperatures is not printed. Of {len(T)} evenly spaced ones {below} would lie below the "
        f"transition at {place}, and a line that can be checked needs {_POINTS_FOR_A_LINE} on each side: {shown}. "
        f"The points below would notice an activation energy {factor:g} times larger there in {100 * power:.0f} % of "
        "simulated series, but a single one could not tell it from a wrong temperature or a poor contact."
    )
    return Answer(
        {"power": Quantity(power, None, "1", "synthetic"), "points_below": Quantity(float(below), None, "1")},
        verdict="not computed" if enough else "does not hold",
        reason=reason,
    )


KIND = StepKind(
    run,
    evidence="printed range",
    options={
        "activation_energy": Option("quantity", "eV"),
        "transition": Option("quantity", "K"),
        "factor": Option("quantity", "1"),
        "lowest": Option("quantity", "K"),
        "highest": Option("quantity", "K"),
        "points": Option("integer", at_least=3, at_most=1000),
        "noise": Option("quantity", "1"),
    },
    random=True,
    quick=True,
    heavy=True,
)
