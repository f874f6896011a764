"""Would a measurement resolve the digits a paper prints? The question left where raw data were never published."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, InputError, Quantity
from lamion.quantities.figure import Axis, Bars, Figure, Panel, Span
from lamion.quantities.level import LEVEL_95, central_percentiles, coverage_factor

_SEEN = (0.5, 99.5)
"""Per cent: the part of the values that a figure shows."""


_UNITS = 3
_PART = 0.25
_NEAR_ONE = 0.9
"""Reporting practice: digits down to one or two of the uncertainty's own (JCGM 100:2008, 7.2.6)."""


def central_half_width(values: NDArray[np.float64]) -> float:
    """Return half the width of the central part of some values: a standard deviation that outliers do not move.

    Parameters
    ----------
    values : array, shape (n,)
        Such as what simulated measurements gave; the share of lamion's level counts.

    Examples
    --------
    >>> round(central_half_width(np.random.default_rng(1).normal(0.0, 2.0, 100_000)), 1)
    2.0
    """
    low, high = np.percentile(values, central_percentiles())
    return float(high - low) / 2


@dataclass(frozen=True, eq=False)
class Difference:
    """What is argued from: a printed number beside another one, measured in the same way.

    Parameters
    ----------
    other : Quantity
        The other printed number.
    values : array, shape (n,)
        Simulated measurements of the first less the other, errors that both share being the same.
    """

    other: Quantity
    values: NDArray[np.float64]


def resolution_answer(
    name: str,
    values: NDArray[np.float64],
    printed: Quantity,
    budget: Mapping[str, float],
    conditions: str,
    difference: Difference | None = None,
    *,
    zero: bool = True,
) -> Answer:
    """Judge simulated measurements of a printed number by the rounding of its digits.

    The digits count as resolved when one standard uncertainty of the measurement is at most three units of the last
    printed digit and a quarter of the value, or of what is left to 1 for a share near it. Where a difference from
    another number is argued from, that is judged instead: its uncertainty is at most half of it. The answer never
    compares with the printed value, which was the truth of the simulation. `budget` holds the relative standard
    uncertainty that each source alone would give. Without `zero` the scale has no natural zero: nothing is taken over
    the value, and the budget is in the printed unit.
    """
    half, allowed = _rounding(printed), allowed_uncertainty(printed, zero=zero)
    spread = central_half_width(values)
    resolved = spread <= allowed
    relative = f" ({100 * spread / printed.value:.2g} %)" if zero else ""
    reason = (
        f"Synthetic: {conditions}, {len(values)} simulated measurements scatter by {spread:.2g}{_unit(printed)}"
        f"{relative}, {'no more' if resolved else 'more'} than three units of the last printed digit "
        f"{'and a quarter of the value allow' if zero else 'allow'} ({allowed:.2g}{_unit(printed)}). "
        f"{_largest(budget, '' if zero else printed.unit)}"
    )
    results = {f"simulated_{name}": Quantity(float(np.median(values)), spread, printed.unit, "synthetic")}
    if zero:
        results["relative_uncertainty"] = Quantity(spread / printed.value, None, "1", "synthetic")
    if difference is not None:
        resolved, said = _judged(difference, printed)
        reason += said
    return Answer(
        results=results,
        notes={f"budget, {'relative' if zero else printed.unit}": dict(budget)},
        verdict="resolvable" if resolved else "not resolvable",
        reason=reason,
        synthetic=True,
        computed="" if difference is not None else f"simulated_{name}",
        figures={
            "resolution": _figure(name, values, printed, half).entitled(
                f"Synthetic: {name} as {conditions} would give it, against the printed digits"
            )
        },
    )


def difference_answer(
    name: str, values: NDArray[np.float64], printed: Quantity, budget: Mapping[str, float], conditions: str
) -> Answer:
    """Judge simulated measurements of a difference that a paper argues from, errors common to both cancelled.

    It counts as resolved where one standard uncertainty is at most half of it. `budget` holds the standard uncertainty,
    in the printed unit, that each source alone would give.
    """
    if not printed.value:
        raise InputError("The two printed numbers are equal.", "", "Give two that differ.")
    spread = central_half_width(values)
    resolved = spread <= abs(printed.value) / 2
    smallest = coverage_factor(LEVEL_95) * spread
    unit = _unit(printed)
    reason = (
        f"Synthetic: {conditions}, {len(values)} simulated differences of {printed.value:.3g}{unit} scatter by "
        f"{spread:.2g}{unit}, {'no more' if resolved else 'more'} than half of it; the smallest that would show at "
        f"95 % is {smallest:.2g}{unit}. {_largest(budget, printed.unit)}"
    )
    return Answer(
        results={
            f"simulated_{name}_difference": Quantity(float(np.median(values)), spread, printed.unit, "synthetic"),
            "smallest_difference": Quantity(smallest, None, printed.unit, "synthetic"),
        },
        notes={f"budget, {printed.unit}": dict(budget)},
        verdict="resolvable" if resolved else "not resolvable",
        reason=reason,
        synthetic=True,
        figures={
            "resolution": _figure(
                f"{name} difference", values, printed, abs(printed.value) / 2, "off by half or less"
            ).entitled(f"Synthetic: a difference of {name} as {conditions} would give it")
        },
    )


def _unit(printed: Quantity) -> str:
    return "" if printed.unit == "1" else f" {printed.unit}"


def _largest(budget: Mapping[str, float], unit: str) -> str:
    """Name the largest source: in a unit, or relative without one."""
    source = max(budget, key=lambda one: budget[one])
    size = f"{budget[source]:.2g} {unit}".removesuffix(" 1") if unit else f"{100 * budget[source]:.2g} %"
    return f"Largest source: {source}, {size}."


def allowed_uncertainty(printed: Quantity, *, zero: bool = True) -> float:
    """Return the largest standard uncertainty that leaves the digits of a printed number a meaning, in its unit.

    Parameters
    ----------
    printed : Quantity
        With the uncertainty of its rounding.
    zero : bool
        Whether its scale has a natural zero, so that a part of the value says something.

    Raises
    ------
    InputError
        When it is rounded nowhere.

    Examples
    --------
    >>> round(allowed_uncertainty(Quantity(182.0, 0.5 / math.sqrt(3), "h")), 6)
    3.0
    """
    units = _UNITS * 2 * _rounding(printed)
    return min(units, _share_of(printed)) if zero else units


def _rounding(printed: Quantity) -> float:
    """Return half a unit of the last printed digit."""
    if not printed.std:
        raise InputError(
            f"{printed} has no printed digits.",
            "A number that was computed, or weighed to a round ratio, is rounded nowhere.",
            "Type it as it is printed, or refer to its claim.",
        )
    return printed.std * math.sqrt(3)


def _judged(difference: Difference, printed: Quantity) -> tuple[bool, str]:
    """Tell whether a difference stands out of its uncertainty, and say so."""
    unit = _unit(printed)
    size, spread = abs(printed.value - difference.other.value), central_half_width(difference.values)
    resolved = spread <= size / 2
    return resolved, (
        f" Judged is what is argued from, the difference from {difference.other.value:.4g}{unit}, {size:.3g}{unit}: "
        f"with common errors cancelled it is uncertain by {spread:.2g}{unit}, {'no more' if resolved else 'more'} than "
        "half of it."
    )


def _share_of(printed: Quantity) -> float:
    """Return the largest uncertainty that leaves a number meaning: of the value, or of what is left to 1 near it."""
    near_one = printed.unit == "1" and _NEAR_ONE <= printed.value < 1
    return _PART * (1 - printed.value if near_one else abs(printed.value))


def _figure(
    name: str,
    values: NDArray[np.float64],
    printed: Quantity,
    half: float,
    inside: str = "rounds to the printed digits",
) -> Figure:
    """Draw the simulated values beside what they have to lie inside of."""
    low, high = np.percentile(values, _SEEN)
    room = max(half / 10 - (high - low), 0.0) / 2
    low, high = low - room, high + room
    counts, edges = np.histogram(values, min(40, max(8, len(values) // 12)), (low, high))
    simulated = Bars(
        (edges[1:] + edges[:-1]) / 2,
        np.zeros(len(counts)),
        counts.astype(float),
        "synthetic: simulated measurements",
        width=float(edges[1] - edges[0]),
        opacity=0.75,
    )
    rounds = Span(printed.value - half, printed.value + half, label=inside, color=5)
    panel = Panel([simulated, rounds], Axis(name, printed.unit), Axis("simulated cells"), grid="")
    return Figure([panel], size=(6.4, 3.0), legend="above")
