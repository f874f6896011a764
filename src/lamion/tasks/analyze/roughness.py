"""Roughness of a surface, and how it depends on the levelling.

FILE is a height map of a scanning probe, or a table with the headers `X / um`, `Y / um` and `Height / nm`. Several
files are several places of one sample. What is taken away first decides Rq: the answer says how much.
"""

from __future__ import annotations

from typing import Annotated

from lamion.quantities import Answer
from lamion.records import HeightMap
from lamion.tasks.declaring import File, Option, Result, task
from lamion.tasks.options.microscopy import HeightScale, relative
from lamion.techniques.microscopy.levelling import Levelling
from lamion.techniques.microscopy.roughness import roughness as measure


@task(
    results={
        "Rq": Result("nm", "root mean square height", headline=True),
        "Ra": Result("nm", "mean distance from the mean height", headline=True),
    },
    evidence="measured",
    example="surface.csv",
    cites=("anderson1971",),
    usual=True,
)
def roughness(
    files: Annotated[tuple[File, ...], Option("height maps of one sample", positional=True, record="HeightMap")],
    levelling: Annotated[Levelling, Option("what is taken away first")] = "plane",
    scale_uncertainty: HeightScale = None,
) -> Answer:
    """Level the maps."""
    maps = [file.read().the(HeightMap) for file in files]
    return measure(maps, levelling, relative(scale_uncertainty))
