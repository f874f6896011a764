"""Would a measurement resolve the digits a paper prints? The question left where raw data were never published."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, FigureData, Quantity
from lamion.quantities.formatting import format_number


def resolution_answer(
    name: str, values: NDArray[np.float64], printed: Quantity, budget: Mapping[str, float], conditions: str
) -> Answer:
    """Judge simulated measurements of a printed number by the rounding of its digits.

    The digits count as resolved when one standard uncertainty of the measurement is no larger than half of the last
    printed digit, so that about two of three repetitions would print the same.

    Parameters
    ----------
    name : str
        The result's name, such as ``"conductivity"``.
    values : array, shape (n,)
        What n simulated measurements gave, in the unit of `printed`.
    printed : Quantity
        The printed number with the standard uncertainty of its rounding.
    budget : Mapping of str to float
        Relative standard uncertainty that each source alone would give.
    conditions : str
        What was simulated, for the reason.

    Returns
    -------
    Answer
        ``simulated_<name>``, mean and standard deviation, and ``relative_uncertainty``; never a comparison with the
        printed value, which was the truth of the simulation.
    """
    spread = float(np.std(values, ddof=1))
    half = (printed.std or 0.0) * math.sqrt(3)
    resolved = spread <= half
    largest = max(budget, key=lambda source: budget[source])
    simulated = Quantity(float(np.mean(values)), spread, printed.unit, "synthetic")
    reason = (
        f"Synthetic: {conditions}, {len(values)} simulated measurements scatter by {format_number(spread, None)} "
        f"{printed.unit} ({100 * spread / printed.value:.2g} %), {'no more' if resolved else 'more'} than half "
        f"of the last printed digit ({format_number(half, None)} {printed.unit}). Largest source: {largest}, "
        f"{100 * budget[largest]:.2g} %."
    )
    return Answer(
        results={
            f"simulated_{name}": simulated,
            "relative_uncertainty": Quantity(spread / printed.value, None, "1", "synthetic"),
        },
        notes={
            "verdict": "resolvable" if resolved else "not resolvable",
            "reason": reason,
            "budget, relative": dict(budget),
        },
        figures={
            "resolution": FigureData(
                "resolution",
                f"Synthetic: {name} as {conditions} would give it, against the printed digits",
                {
                    "values": values.tolist(),
                    "printed": printed.value,
                    "half_last_digit": half,
                    "label": f"{name} / {printed.unit}",
                },
            )
        },
    )
