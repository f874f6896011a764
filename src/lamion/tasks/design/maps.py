"""Which difference between samples maps of their surfaces would show.

Maps of two samples that are alike are simulated, and their roughness or adhesion compared: what differs by less than
the smallest factor that comes out so rarely by chance cannot be told. --factor says how far an order reaches that is
argued from in words.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, InputError, Quantity
from lamion.quantities.figure import Axis, Figure, FigureData, Line, Panel, Rule
from lamion.quantities.level import LEVEL_95
from lamion.synthetic.surfaces import rough_surface
from lamion.tasks.declaring import Context, Option, Result, task
from lamion.tasks.design._drawn import map_figure
from lamion.techniques.microscopy.adhesion import adhesion_raw
from lamion.techniques.microscopy.roughness import roughness_raw

Array = NDArray[np.float64]
Of = Literal["roughness", "adhesion"]
_POINT_SCATTER = 0.3
"""Of the adhesion from point to point, relative."""
_DRAWS = 50
"""Places that are drawn for each pair of maps."""
_BINS = 50


@task(
    results={
        "smallest_factor": Result("1", "between two samples that would show at 95 %", headline=True),
        "scatter": Result("1", "of the ratio of two samples that are alike, relative"),
    },
    evidence="synthetic",
    example='--of adhesion --field "5 um" --length "100 nm" --places "20 %" --quick',
    cites=("anderson1971",),
    random=True,
    quick=True,
)
def maps(
    of: Annotated[Of, Option("what is compared")],
    field: Annotated[Quantity, Option("width and height of a map", unit="m", example="5 um")],
    length: Annotated[Quantity, Option("over which neighbouring points are alike", unit="m", example="100 nm")],
    places: Annotated[Quantity, Option("scatter from place to place of a sample, relative", unit="1", example="20 %")],
    context: Context,
    points: Annotated[int, Option("in a row of the map", minimum=32, maximum=1024)] = 256,
    number: Annotated[int, Option("of places mapped on each sample", minimum=1, maximum=100)] = 1,
    factor: Annotated[
        float | None, Option("by which the samples differ at least, as is said", minimum=1.0, maximum=1000.0)
    ] = None,
) -> Answer:
    """Simulate the maps."""
    step = field.si / points
    if length.si < 2 * step or length.si > field.si / 4:
        raise InputError(
            f"What is alike over {length} is not seen on a map of {field} with {points} points in a row.",
            "",
            "Give a length between two steps and a quarter of the map.",
        )
    count = 40 if context.quick else 200
    seen = np.array([_read(of, points, length.si / step, [context.seed, k]) for k in range(2 * count)]).reshape(
        2, count
    )
    rng = np.random.default_rng([context.seed, 2 * count])
    shape = (2, _DRAWS * count)
    beyond = places.si * rng.standard_normal(shape)
    within = np.log(seen[np.arange(2)[:, None], rng.integers(count, size=shape)])
    ratio = np.diff((within + beyond) / math.sqrt(number), axis=0)[0]
    answer = _answer(
        of, ratio, factor, f"{number} map{'s' * (number > 1)} of {field} of each sample, places scattering by {places}"
    )
    return replace(answer, figures={**answer.figures, "map": _drawn(of, points, field.si, length.si, context.seed)})


def _drawn(of: Of, points: int, field: float, length: float, seed: int) -> FigureData:
    """Draw one of the maps, over its mean or its roughness."""
    surface = rough_surface((points, points), 1.0, 1.0, length * points / field, [seed, 0])
    values = surface if of == "roughness" else 1.0 + _POINT_SCATTER * surface
    what = "height / Rq" if of == "roughness" else "adhesion / its mean"
    return map_figure(values, (field, field), what, "1", "Synthetic: one of the simulated maps")


def _read(of: Of, points: int, length: float, seed: list[int]) -> float:
    """Return what a map gives, over its truth."""
    surface = rough_surface((points, points), 1.0, 1.0, length, seed)
    if of == "roughness":
        return roughness_raw(surface).root_mean_square
    return adhesion_raw(1.0 + _POINT_SCATTER * surface).mean


def _answer(of: Of, ratio: Array, factor: float | None, conditions: str) -> Answer:
    smallest = math.exp(float(np.quantile(np.abs(ratio), LEVEL_95)))
    said = (
        f"Synthetic: with {conditions}, samples that are alike in {of} seem to differ by a factor of up to "
        f"{smallest:.2g} in nineteen of twenty comparisons; only what differs by more would show. "
    )
    if factor is None:
        verdict, said = "undecided", said + "The order is argued from in words, and how far it reaches is not said."
    else:
        verdict = "resolvable" if smallest <= factor else "not resolvable"
        said += f"A factor of {factor:g} {'would' if smallest <= factor else 'would not'}."
    return Answer(
        {
            "smallest_factor": Quantity(smallest, None, "1", "synthetic"),
            "scatter": Quantity(float(np.std(ratio)), None, "1", "synthetic"),
        },
        verdict=verdict,
        reason=said,
        synthetic=True,
        figures={"ratios": _figure(of, ratio, smallest)},
        assumptions=("Both samples are mapped by one probe, as large and as fine.",),
    )


def _figure(of: Of, ratio: Array, smallest: float) -> FigureData:
    density, edges = np.histogram(np.exp(ratio), _BINS, density=True)
    rules = [Rule(one, text=f"{one:.2g}") for one in (1.0 / smallest, smallest)]
    curve = Line((edges[1:] + edges[:-1]) / 2, density, "alike samples")
    panel = Panel([curve, *rules], Axis(f"ratio of the {of} of two samples"), Axis("density", low=0.0))
    return Figure([panel]).entitled(f"Synthetic: the {of} of two samples that are alike, as maps give it")
