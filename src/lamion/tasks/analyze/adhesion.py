"""Adhesion over maps, and whether samples differ in it.

FILE is a map of the force that holds a probe back, or a table with the headers `X / um`, `Y / um` and `Adhesion / nN`.
Each further file is another sample, compared with the first: by one probe, whose spring constant then cancels.
"""

from __future__ import annotations

from typing import Annotated

from lamion.quantities import Answer, Quantity
from lamion.records import AdhesionMap
from lamion.tasks.declaring import File, Option, Result, task
from lamion.tasks.declaring.file import by_name
from lamion.tasks.options.microscopy import relative
from lamion.techniques.microscopy.adhesion import adhesion as measure


@task(
    results={
        "adhesion": Result("nN", "of the first sample, mean over its map", headline=True),
        "*.ratio": Result("1", "of another sample's mean over that of the first", headline=True),
    },
    evidence="measured",
    example="adhesion.csv",
    cites=("anderson1971",),
    usual=True,
)
def adhesion(
    files: Annotated[tuple[File, ...], Option("a map of each sample", positional=True, record="AdhesionMap")],
    places: Annotated[
        Quantity | None,
        Option("scatter from place to place of a sample, relative", unit="1", example="20 %", otherwise="not counted"),
    ] = None,
    scale_uncertainty: Annotated[
        Quantity | None, Option("of all forces, relative", unit="1", example="10 %", otherwise="exact")
    ] = None,
) -> Answer:
    """Compare the maps."""
    named = by_name(files)
    maps = [file.read().the(AdhesionMap) for file in named.values()]
    return measure(maps, list(named), scale=relative(scale_uncertainty), places=None if places is None else places.si)
