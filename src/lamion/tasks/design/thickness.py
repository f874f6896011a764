"""Whether a picture of a cross-section resolves a printed thickness.

Pictures of a layer are simulated with the noise, blur and waviness that are stated, each with other errors of its scale
and tilt, and read as `analyze thickness` reads them. Digits count as resolved where one standard uncertainty is at most
three units of the last of them and a quarter of the value.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.synthetic.surfaces import Layer, layer_picture
from lamion.tasks.declaring import Context, Option, Result, task
from lamion.tasks.design._drawn import map_figure
from lamion.tasks.design._resolution import central_half_width, resolution_answer
from lamion.techniques.microscopy.cross_section import faces_raw, thickness_raw

Array = NDArray[np.float64]
_DRAWS = 20
"""Errors of scale, tilt and place that are drawn for each picture."""
_CONTRAST = 100.0
_MOST_PIXELS = 4000
_NONE = Quantity(0.0, None, "1")
_LEVEL = Quantity(0.0, None, "deg")


@task(
    results={
        "simulated_thickness": Result("", "median and scatter of the simulated measurements", headline=True),
        "relative_uncertainty": Result("1", "of one of them"),
    },
    evidence="synthetic",
    example='--printed "9 um" --pixel "40 nm" --width "20 um" --waviness "200 nm" --scale-uncertainty "3 %" --quick',
    uncited="it simulates pictures and reads them as `analyze thickness` does",
    random=True,
    quick=True,
)
def thickness(
    printed: Annotated[
        Quantity, Option("with the digits that are asked about", unit="m", example="9 um", printed=True)
    ],
    pixel: Annotated[Quantity, Option("the length of one", unit="m", example="40 nm")],
    width: Annotated[Quantity, Option("of the picture along the layer", unit="m", example="20 um")],
    context: Context,
    noise: Annotated[float, Option("of a pixel, over the contrast of the layer", minimum=0.0, maximum=2.0)] = 0.2,
    blur: Annotated[Quantity | None, Option("standard deviation", unit="m", example="50 nm", positive=False)] = None,
    waviness: Annotated[
        Quantity | None, Option("Rq of each face", unit="m", example="200 nm", otherwise="none", positive=False)
    ] = None,
    length: Annotated[
        Quantity | None, Option("over which that is alike", unit="m", example="1 um", otherwise="a tenth of the width")
    ] = None,
    scale_uncertainty: Annotated[Quantity, Option("of the scale bar, relative", unit="1", positive=False)] = _NONE,
    tilt_uncertainty: Annotated[Quantity, Option("of the cut", unit="deg", positive=False)] = _LEVEL,
    places: Annotated[
        Quantity, Option("scatter from place to place of the sample, relative", unit="1", positive=False)
    ] = _NONE,
) -> Answer:
    """Simulate the pictures."""
    alike = 0.1 * width.si if length is None else length.si
    layer = Layer(
        printed.si,
        (60.0, 60.0 + _CONTRAST, 60.0),
        noise * _CONTRAST,
        blur=0.0 if blur is None else blur.si,
        waviness=0.0 if waviness is None else waviness.si,
        length=alike,
    )
    shape = _shape(printed.si, width.si, pixel.si)
    seen = _Seen(layer, pixel.si, shape, 40 if context.quick else 200, context.seed)
    answer = seen.judged(printed, scale_uncertainty.si, tilt_uncertainty.si, places.si)
    return replace(answer, figures={**answer.figures, "picture": seen.drawn()})


def _shape(thickness: float, width: float, pixel: float) -> tuple[int, int]:
    rows, columns = int(2.0 * thickness / pixel), int(width / pixel)
    if not (16 <= rows <= _MOST_PIXELS and 16 <= columns <= _MOST_PIXELS):
        raise InputError(
            f"A picture of twice the layer has {rows} rows and {columns} columns.",
            "The pixel may be in another unit.",
            f"Give a pixel and a width that make 16 to {_MOST_PIXELS} of each.",
        )
    return rows, columns


@dataclass(frozen=True)
class _Seen:
    """Pictures of a layer that are taken again and again."""

    layer: Layer
    pixel: float
    shape: tuple[int, int]
    count: int
    seed: int

    def readings(self) -> Array:
        """Return the thickness as each picture gives it, m."""
        expected = (0.25 * self.shape[0], 0.75 * self.shape[0])
        pictures = (layer_picture(self.layer, self.pixel, self.shape, [self.seed, k]) for k in range(self.count))
        faces = (faces_raw(np.asarray(one.brightness, np.float64), expected) for one in pictures)
        return np.array([thickness_raw(one, self.pixel, self.pixel).mean for one in faces])

    def drawn(self) -> FigureData:
        """Draw one of the pictures."""
        picture = np.asarray(layer_picture(self.layer, self.pixel, self.shape, [self.seed, 0]).brightness, np.float64)
        size = (self.pixel * self.shape[1], self.pixel * self.shape[0])
        return map_figure(picture, size, "brightness", "1", "Synthetic: one of the simulated pictures")

    def judged(self, printed: Quantity, scale: float, tilt: float, places: float) -> Answer:
        """Add what the picture does not show, and judge."""
        read = np.tile(self.readings() / self.layer.thickness, _DRAWS)
        normal = np.random.default_rng([self.seed, self.count]).standard_normal((3, len(read)))
        tilted = np.cos(np.minimum(np.abs(tilt * normal[1]), 1.5))
        values = printed.value * read * (1.0 + scale * normal[0]) * tilted * (1.0 + places * normal[2])
        parts = {
            "the picture": read,
            "the scale": scale * normal[0],
            "the tilt": tilted,
            "the places": places * normal[2],
        }
        budget = {source: size for source, one in parts.items() if (size := central_half_width(np.asarray(one))) > 0}
        conditions = f"a picture of {self.shape[0]} x {self.shape[1]} pixels, its scale known to {100 * scale:.2g} %"
        return resolution_answer("thickness", values, printed, budget, conditions)
