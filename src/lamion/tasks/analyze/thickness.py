"""Thickness of a layer from a picture of its cross-section.

FILE is a grey picture (TIFF or PNG) in which the layer lies across: --upright turns one in which it stands. The length
of a pixel is given, from the scale bar, where the file does not say it. --rows leaves out a bar of text below.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import numpy as np

from lamion.quantities import Answer, InputError, Quantity
from lamion.records import Micrograph
from lamion.records.voxel_image import VoxelImage
from lamion.tasks.declaring import File, Option, Result, task
from lamion.tasks.options.microscopy import relative
from lamion.techniques.microscopy.cross_section import Seen
from lamion.techniques.microscopy.cross_section import thickness as measure


@task(
    results={
        "thickness": Result("um", "mean over the picture", headline=True),
        "scatter": Result("um", "standard deviation from place to place", headline=True),
    },
    evidence="measured",
    example="layer.tif",
    uncited="its reading of a picture is lamion's own, and described with the task",
    usual=True,
)
def thickness(
    file: Annotated[File, Option("a picture", positional=True, record=("Micrograph", "VoxelImage"))],
    pixel: Annotated[
        Quantity | None, Option("the length of one", unit="m", example="20 nm", otherwise="as the file says")
    ] = None,
    scale_uncertainty: Annotated[
        Quantity | None, Option("of that length, relative", unit="1", example="3 %", otherwise="exact")
    ] = None,
    tilt: Annotated[
        Quantity | None, Option("of the cut away from facing the lens", unit="deg", example="0 ± 2 deg", positive=False)
    ] = None,
    faces: Annotated[
        tuple[float, ...], Option("about where they are, in pixels", example="120,840", otherwise="found")
    ] = (),
    rows: Annotated[str | None, Option("which count, from the upper one", example="1-700", otherwise="all")] = None,
    upright: Annotated[bool, Option("the layer stands in the picture")] = False,
) -> Answer:
    """Measure the layer."""
    picture = _picture(file)
    if len(faces) not in (0, 2):
        raise InputError(f"A layer has two faces; {len(faces)} are given.", "", "Give both as in --faces 120,840.")
    first, last = _rows(rows, len(picture.brightness))
    brightness, spacing = picture.brightness[first:last], _pixel(pixel, picture, file.name)
    if upright:
        brightness, spacing = brightness.T, spacing[::-1]
    expected = (min(faces) - first, max(faces) - first) if faces else None
    angle, uncertain = (0.0, 0.0) if tilt is None else (tilt.si, 0.0 if tilt.std is None else tilt.si_std)
    scale = relative(scale_uncertainty)
    return measure(
        replace(picture, brightness=np.asarray(brightness)), Seen(spacing, scale, angle, uncertain, expected)
    )


def _picture(file: File) -> Micrograph:
    """Return the picture; one of few grey values reads as labels."""
    (record, *others) = file.read().records
    if isinstance(record, VoxelImage) and record.labels.ndim == 2:
        spacing = None if record.spacing is None else (record.spacing[0], record.spacing[1])
        return Micrograph(record.labels, spacing)
    if not isinstance(record, Micrograph) or others:
        raise InputError(f"{file.name} is no picture.", "", "Give one grey picture as TIFF or PNG.")
    return record


def _pixel(given: Quantity | None, picture: Micrograph, name: str) -> tuple[float, float]:
    if given is not None:
        return given.si, given.si
    if picture.spacing is None:
        raise InputError(
            f"{name} does not say how long a pixel is.",
            "A picture's scale stands in its bar.",
            "Give the length of a pixel with --pixel: the bar's length over the pixels that it spans.",
        )
    return picture.spacing


def _rows(text: str | None, count: int) -> tuple[int, int]:
    """Return the first and the end of the rows that count."""
    if text is None:
        return 0, count
    first, dash, last = text.partition("-")
    if not dash or not (first.strip().isdigit() and last.strip().isdigit()) or not 1 <= int(first) < int(last) <= count:
        raise InputError(f"The rows '{text}' cannot be used.", f"The picture has {count}.", "Write them like 1-700.")
    return int(first) - 1, int(last)
