"""Thickness and lateral size of sheets on a flat substrate.

FILE is a height map of a scanning probe, not levelled, with bare substrate around the sheets, or a table with the
headers `X / um`, `Y / um` and `Height / nm`.
"""

from __future__ import annotations

from typing import Annotated

from lamion.quantities import Answer
from lamion.records import HeightMap
from lamion.tasks.declaring import File, Option, Result, task
from lamion.tasks.options.microscopy import HeightScale, relative
from lamion.techniques.microscopy.sheets import sheets as find_sheets


@task(
    results={
        "thickness": Result("nm", "above the substrate, mean over the sheets", headline=True),
        "size": Result("um", "longest extent, median of the whole sheets", headline=True),
        "smallest": Result("um", "of them", headline=True),
        "largest": Result("um", "of them", headline=True),
    },
    evidence="measured",
    example="sheets.csv",
    uncited="its reading of a height map is lamion's own, and described with the task",
)
def sheets(
    file: Annotated[File, Option("a height map", positional=True, record="HeightMap")],
    scale_uncertainty: HeightScale = None,
) -> Answer:
    """Find the sheets."""
    return find_sheets(file.read().the(HeightMap), relative(scale_uncertainty))
