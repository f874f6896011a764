"""Could conductivities over the stated range show a break at a transition inside it.

Undecided where fewer than three of the temperatures, whose number is assumed, lie on either side: two points have a
slope but no check of it. With more, only the conductivities themselves could tell.
"""

from __future__ import annotations

import math
from typing import Annotated

import numpy as np

from lamion.quantities import Answer, Quantity
from lamion.quantities.constants import AVOGADRO
from lamion.synthetic.temperature_series import two_segment_series
from lamion.tasks.declaring import Context, Option, Result, task
from lamion.techniques.conduction.temperature_fit import temperature_series
from lamion.techniques.conduction.two_segments import break_test

_LEVEL = 0.05
_POINTS_FOR_A_LINE = 3


@task(
    results={
        "power": Result(
            "1", "share of simulated series in which a test at the 5 % level sees the break", headline=True
        ),
        "points_below": Result("1", "temperatures below the transition", headline=True),
    },
    evidence="printed range",
    example="",
    random=True,
    quick=True,
    heavy=True,
)
def arrhenius_break(
    activation_energy: Annotated[Quantity, Option("above the transition", unit="eV", example="0.25 eV")],
    transition: Annotated[Quantity, Option("its temperature", unit="K", example="40 degC")],
    factor: Annotated[Quantity, Option("by which the energy would be larger below", example="2")],
    lowest: Annotated[Quantity, Option("temperature", unit="K", example="20 degC")],
    highest: Annotated[Quantity, Option("temperature", unit="K", example="80 degC")],
    points: Annotated[int, Option("temperatures, evenly spaced", example="7", minimum=3, maximum=1000)],
    noise: Annotated[Quantity, Option("of each conductivity, relative", example="2 %")],
    context: Context,
) -> Answer:
    """Find how often a test for a break would see one, at its printed place and at a stated size."""
    T = np.linspace(lowest.si, highest.si, points)
    below = int(np.sum(transition.si > T))
    molar = activation_energy.si * AVOGADRO
    random = np.random.default_rng(context.seed)
    found = []
    for _ in range(50 if context.quick else 200):
        seed = int(random.integers(2**31))
        series = two_segment_series(T, transition.si, factor.value * molar, molar, 0.05, noise=noise.value, seed=seed)
        test = break_test(temperature_series(T, series.conductivity), transition.si)
        found.append(test.p_value < _LEVEL)
    power = float(np.mean(found))
    enough = min(below, len(T) - below) >= _POINTS_FOR_A_LINE
    span, side = T[-1] - T[0], min(transition.si - T[0], T[-1] - transition.si)
    count = math.ceil(span * (_POINTS_FOR_A_LINE - 1) / side) + 1 if side > 0 else None
    shown = "both sides have them" if enough else f"one line across it is not shown; {count} temperatures would show it"
    reason = (
        f"The number of temperatures is not printed. Of {len(T)} evenly spaced ones {below} would lie below the "
        f"transition at {transition}, and a line that can be checked needs {_POINTS_FOR_A_LINE} on each side: {shown}. "
        f"The points below would notice an activation energy {factor.value:g} times larger there in {100 * power:.0f} "
        "% of simulated series, but a single one could not tell it from a wrong temperature or a poor contact."
    )
    return Answer(
        {"power": Quantity(power, None, "1", "synthetic"), "points_below": Quantity(float(below), None, "1")},
        verdict="not computed" if enough else "undecided",
        reason=reason,
    )
