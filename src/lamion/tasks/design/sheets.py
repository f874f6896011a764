"""Whether a height map resolves the thickness or size of sheets.

Maps of sheets on a substrate are simulated with the noise, tilt and roughness that are stated, the sizes drawn between
the smallest and the largest, and read as `analyze sheets` reads them. Digits count as resolved where one standard
uncertainty is at most three units of the last of them and a quarter of the value.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.quantities.figure import Axis, Figure, Line, Panel
from lamion.records.surface import Raster
from lamion.synthetic.surfaces import Sheets, sheets_map
from lamion.tasks.declaring import Context, Option, Result, task
from lamion.tasks.design._drawn import map_figure
from lamion.tasks.design._resolution import central_half_width, resolution_answer
from lamion.techniques.microscopy.sheets import sheets_raw

Array = NDArray[np.float64]
Of = Literal["thickness", "smallest", "largest"]
_DRAWS = 20
"""Errors of the scales that are drawn for each map."""
_ROUGH = Quantity(0.2, None, "nm")
_NONE = Quantity(0.0, None, "1")


@task(
    results={
        "simulated_*": Result("", "median and scatter of the simulated measurements", headline=True),
        "relative_uncertainty": Result("1", "of one of them"),
    },
    evidence="synthetic",
    example=(
        '--printed "4.5 nm" --of thickness --thickness "4.5 nm" --smallest "1 um" --largest "3 um" --field "12 um" '
        '--scale-uncertainty "2 %" --quick'
    ),
    uncited="it simulates maps and reads them as `analyze sheets` does",
    random=True,
    quick=True,
)
def sheets(
    printed: Annotated[
        Quantity, Option("with the digits that are asked about", unit="m", example="4.5 nm", printed=True)
    ],
    of: Annotated[Of, Option("what the number is")],
    thickness: Annotated[Quantity, Option("of every sheet", unit="um", example="4.5 nm")],
    smallest: Annotated[Quantity, Option("diameter", unit="m", example="1 um")],
    largest: Annotated[Quantity, Option("diameter", unit="m", example="3 um")],
    field: Annotated[Quantity, Option("width and height of a map", unit="m", example="12 um")],
    context: Context,
    points: Annotated[int, Option("in a row of the map", minimum=32, maximum=2048)] = 256,
    number: Annotated[int, Option("of sheets on it", minimum=1, maximum=200)] = 8,
    scatter: Annotated[
        Quantity, Option("of the thickness from sheet to sheet, relative", unit="1", positive=False)
    ] = _NONE,
    roughness: Annotated[Quantity, Option("Rq of the substrate", unit="m", positive=False)] = _ROUGH,
    scale_uncertainty: Annotated[Quantity, Option("of both scales, relative", unit="1", positive=False)] = _NONE,
) -> Answer:
    """Simulate the maps."""
    if smallest.si >= largest.si or largest.si > 0.5 * field.si:
        raise InputError(
            "The sheets do not fit.", "", "Give a smallest below the largest, and a map twice as wide as that."
        )
    planned = _Planned(
        of, thickness.si, (smallest.si, largest.si), field.si, points, number, scatter.si, roughness.si, context.seed
    )
    read = np.tile(planned.readings(20 if context.quick else 100), _DRAWS)
    error = scale_uncertainty.si * np.random.default_rng([context.seed, 3]).standard_normal(len(read))
    values = read * (1.0 + error) / printed.si * printed.value
    parts = {"maps and sheets": read / printed.si, "the scale": error}
    budget = {source: size for source, one in parts.items() if (size := central_half_width(one)) > 0}
    conditions = f"a map of {field} with {points} points in a row and {number} sheets"
    answer = resolution_answer(of, values, printed, budget, conditions)
    return replace(answer, figures={**answer.figures, **planned.drawn()})


@dataclass(frozen=True)
class _Planned:
    """Maps of sheets that are taken again and again; lengths in m."""

    of: Of
    thickness: float
    ends: tuple[float, float]
    size: float
    points: int
    number: int
    scatter: float
    roughness: float
    seed: int

    def readings(self, count: int) -> Array:
        """Return the number as each map gives it; maps that show no whole sheet give none."""
        found = [self._reading(k) for k in range(count)]
        return np.array([one for one in found if one is not None])

    def drawn(self) -> dict[str, FigureData]:
        """Draw one of the maps, and the heights along the row that crosses most of its sheets."""
        heights = 1e9 * self._map(0).values
        covered = heights > 0.5e9 * self.thickness
        row = heights[int(np.argmax(np.abs(np.diff(covered.astype(int), axis=1)).sum(axis=1) + covered.mean(axis=1)))]
        places = 1e6 * self.size * np.arange(len(row)) / len(row)
        panel = Panel([Line(places, row, "synthetic", "ink")], Axis("position", "um"), Axis("height", "nm"), legend="")
        size = (self.size, self.size)
        return {
            "map": map_figure(heights, size, "height", "nm", "Synthetic: one of the simulated maps"),
            "profile": Figure([panel]).entitled("Synthetic: heights along a row of that map"),
        }

    def _map(self, repeat: int) -> Raster:
        rng = np.random.default_rng([self.seed, repeat])
        mean = self.thickness * (1.0 + self.scatter * rng.standard_normal() / math.sqrt(self.number))
        sizes = tuple(float(one) for one in rng.uniform(*self.ends, self.number))
        truth = Sheets(mean, sizes, self.roughness)
        return sheets_map(truth, self.size, self.points, [self.seed, repeat]).raster

    def _reading(self, repeat: int) -> float | None:
        raster = self._map(repeat)
        found = [one for one in sheets_raw(raster.values, raster.step_x, raster.step_y).found if one.whole]
        if not found:
            return None
        if self.of == "thickness":
            return float(np.mean([one.thickness for one in found]))
        longest = [one.longest for one in found]
        return min(longest) if self.of == "smallest" else max(longest)
