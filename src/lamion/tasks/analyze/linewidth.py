"""Broad and narrow part of a static NMR line: spins that rest and spins that move.

FILE is a decay of a sample that does not spin; several, at several temperatures, are rows of one table.
"""

from __future__ import annotations

from typing import Annotated

from lamion.quantities import Answer
from lamion.records import InductionDecay
from lamion.tasks.declaring import File, Option, Result, task
from lamion.techniques.spectra.line_width import line_width


@task(
    results={
        "narrow.width": Result("kHz", "full width at half maximum of the narrow part", headline=True),
        "broad.width": Result("kHz", "of the broad part", headline=True),
        "mobile_fraction": Result("1", "the narrow part's share of the area", headline=True),
    },
    evidence="measured",
    example="decay.csv",
    sources=("10.1103/PhysRev.73.679",),
)
def linewidth(
    file: Annotated[File, Option("a decay", positional=True, record="InductionDecay")],
) -> Answer:
    """Fit the line."""
    return line_width(file.read(InductionDecay).the(InductionDecay))
