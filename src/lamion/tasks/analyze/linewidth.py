"""Broad and narrow part of a static NMR line: spins that rest and spins that move.

FILE is a decay of a sample that does not spin; several, at several temperatures, are rows of one table.
"""

from __future__ import annotations

from typing import Annotated

from lamion.quantities import Answer, Quantity
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
    example='decay.csv --frequency "155 MHz"',
    sources=("10.1103/PhysRev.73.679",),
)
def linewidth(
    file: Annotated[File, Option("a decay", positional=True, record="InductionDecay")],
    frequency: Annotated[
        Quantity | None, Option("of the spectrometer for this nucleus, where the file is silent", example="155 MHz")
    ] = None,
) -> Answer:
    """Fit the line."""
    decay = file.read(InductionDecay).the(InductionDecay)
    return line_width(decay, None if frequency is None else frequency.si)
