r"""What the plasticiser alone would make of the difference between two films.

.. math:: \lg \sigma = a + b\, w + \epsilon, \qquad \lg \frac{\sigma_1}{\sigma_2} = b\,(w_1 - w_2), \qquad
    f = r \, 10^{-b (w_1 - w_2)}

with the plasticiser's mass fraction w of polymer, salt and plasticiser, films of several laboratories that scatter by
epsilon, and the printed ratio r, of which f is left to everything else that differs.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.quantities.figure import Axis, Band, Figure, Labels, Line, Panel, Points, Rule
from lamion.quantities.level import LEVEL_95, coverage_factor
from lamion.tasks.declaring import Option, Result, task

Array = NDArray[np.float64]
_ENOUGH_POINTS, _ENOUGH_LABORATORIES = 8, 5
"""With fewer the scatter between laboratories is taken as stated, not from the points."""


@task(
    results={
        "plasticiser_factor": Result("1", "what the plasticiser alone would make of the ratio", headline=True),
        "left_factor": Result("1", "what is left of the printed ratio", headline=True),
        "per_ten_percent": Result("1", "factor of the conductivity for each 10 wt% of plasticiser"),
    },
    evidence="published values",
    example="",
)
def plasticiser_alone(
    ratio: Annotated[Quantity, Option("printed, of the first film's conductivity over the second's", unit="1")],
    first: Annotated[Quantity, Option("mass fraction of plasticiser in the first, without framework", unit="1")],
    second: Annotated[Quantity, Option("the same of the second", unit="1")],
    points: Annotated[
        Mapping[str, Any], Option("films by name: plasticiser, conductivity, laboratory, source", example="{ ... }")
    ],
    scatter: Annotated[float, Option("between laboratories, decades", minimum=0.0, maximum=3.0)] = 0.3,
    repeat: Annotated[float, Option("of one laboratory's films, decades", minimum=0.0, maximum=3.0)] = 0.1,
) -> Answer:
    """Fit the films by each reading of their plasticiser, and say what is left."""
    readings, conductivity, laboratories = _read(points)
    laws = [_fitted(share, np.log10(conductivity), len(laboratories), scatter) for share in readings]
    step = first.value - second.value
    left = [math.log10(ratio.value) - law.slope * step for law in laws]
    errors = [math.hypot(law.error * step, math.sqrt(2.0) * repeat) for law in laws]
    factor = coverage_factor(LEVEL_95)
    low = min(10 ** (one - factor * error) for one, error in zip(left, errors, strict=True))
    high = max(10 ** (one + factor * error) for one, error in zip(left, errors, strict=True))
    alone, log_error = 10 ** (laws[0].slope * step), math.log(10.0) * errors[0]
    reason = (
        f"Of the printed {ratio.value:g}-fold, {100 * step:.0f} wt% more plasticiser would by itself make {alone:.2g}, "
        f"by {len(conductivity)} published films of {len(laboratories)} laboratories that scatter by "
        f"{laws[0].spread:.2g} decades. {10 ** left[0]:.2g} is left, between {low:.2g} and {high:.2g} at 95 %, to "
        f"framework, additive and all else that differs{_and_so(low <= 1.0 <= high, len(laws))}"
    )
    return Answer(
        {
            "plasticiser_factor": Quantity(alone, alone * log_error, "1", "published films"),
            "left_factor": Quantity(10 ** left[0], 10 ** left[0] * log_error, "1", "published films"),
            "per_ten_percent": Quantity(10 ** (0.1 * laws[0].slope), None, "1", "published films"),
        },
        {
            "Film": list(points),
            "Plasticiser / wt%": (100 * readings[0]).tolist(),
            "Conductivity / S/cm": conductivity.tolist(),
            "Laboratory": [str(one["laboratory"]) for one in points.values()],
            "Source": [str(one["source"]) for one in points.values()],
        },
        verdict="undecided" if low <= 1.0 <= high else "shown",
        reason=reason,
        figures={"plasticiser": _figure(list(points), readings[0], conductivity, laws[0], (first, second))},
        assumptions=(
            "The conductivity grows by the same factor for each part of plasticiser, whatever the salt.",
            f"Two films of one laboratory differ by {repeat:g} decades.",
        ),
    )


def _and_so(open_: bool, readings: int) -> str:
    by = f", over {readings} readings of what is printed" if readings > 1 else ""
    if not open_:
        return f"{by}."
    return f"{by}: this includes 1, and whether anything is left only films of equal plasticiser would settle."


@dataclass(frozen=True)
class _Law:
    """A line in the logarithm of the conductivity, its error, and the scatter about it."""

    middle: float
    height: float
    slope: float
    error: float
    spread: float


def _fitted(share: Array, logs: Array, laboratories: int, stated: float) -> _Law:
    """Fit a line; the scatter is the stated one at least, and that where films or laboratories are few."""
    middle = float(share.mean())
    wide = float(np.sum((share - middle) ** 2))
    slope = float((share - middle) @ logs) / wide
    spread = stated
    if len(share) >= _ENOUGH_POINTS and laboratories >= _ENOUGH_LABORATORIES:
        rest = logs - logs.mean() - slope * (share - middle)
        spread = max(math.sqrt(float(rest @ rest) / (len(share) - 2)), stated)
    return _Law(middle, float(logs.mean()), slope, spread / math.sqrt(wide), spread)


def _read(points: Mapping[str, Any]) -> tuple[list[Array], Array, set[str]]:
    """Return every reading of the films' plasticiser, the first as printed, with conductivities and laboratories."""
    if len(points) < 3:
        raise InputError(f"{len(points)} films tell no law.", "", "Give three at least.")
    try:
        each = [one["plasticiser"] for one in points.values()]
        sigma = np.array([Quantity(str(one["conductivity"])).to("S/cm").value for one in points.values()])
        laboratories = {str(one["laboratory"]) for one in points.values()}
        _ = [one["source"] for one in points.values()]
    except KeyError as error:
        raise InputError(f"A film lacks its {error.args[0]}.", "", "Give it with the others, as text.") from None
    shares = [[Quantity(str(x)).to("1").value for x in (one if isinstance(one, list) else [one])] for one in each]
    readings = [np.array(one) for one in itertools.product(*shares)]
    if any(np.ptp(one) == 0 for one in readings):
        raise InputError("All films hold as much plasticiser.", "", "Give films that differ in it.")
    return readings, sigma, laboratories


def _figure(
    names: list[str], share: Array, conductivity: Array, law: _Law, films: tuple[Quantity, Quantity]
) -> FigureData:
    x = np.linspace(0.0, max(float(share.max()), films[0].value) * 1.1, 40)
    line = law.height + law.slope * (x - law.middle)
    wide = np.hypot(law.spread / math.sqrt(len(share)), law.error * (x - law.middle))
    traces = [
        Band(100 * x, 10 ** (line - wide), 10 ** (line + wide), "its uncertainty", 0),
        Line(100 * x, 10**line, "log-linear in the plasticiser", 0),
        Points(100 * share, conductivity, "published, without framework", 1, marker="square"),
        Labels(100 * share, conductivity, names),
        *(Rule(100 * one.value, text=name) for one, name in zip(films, ("first film", "second film"), strict=True)),
    ]
    across, up = Axis("plasticiser", "wt%", low=0.0), Axis("conductivity", "S/cm", scale="log")
    return Figure([Panel(traces, across, up, legend="lower right")]).entitled("What the plasticiser alone explains")
