"""Broad and narrow part of a static NMR line, over temperature.

FILE is a decay of a sample that does not spin. Several, at several temperatures, are rows of one table, and say between
which of them the line narrows to half.
"""

from __future__ import annotations

from typing import Annotated

from lamion.quantities import Answer, Quantity
from lamion.records import InductionDecay
from lamion.tasks.declaring import File, Option, Result, task
from lamion.tasks.options.spectrum import only_one
from lamion.techniques.spectra.line_width import line_width, line_widths


@task(
    results={
        "narrow.width": Result("kHz", "full width at half maximum of the narrow part", headline=True),
        "broad.width": Result("kHz", "of the broad part", headline=True),
        "mobile_fraction": Result("1", "the narrow part's share of the area", headline=True),
        "narrowing_temperature": Result("degC", "where the line is half as wide as the coldest", headline=True),
    },
    evidence="measured",
    example='decay.csv --frequency "155 MHz"',
    cites=("bloembergen1948",),
)
def linewidth(
    files: Annotated[tuple[File, ...], Option("a decay at each temperature", positional=True, record="InductionDecay")],
    frequency: Annotated[
        Quantity | None, Option("of the spectrometer for this nucleus, where the file is silent", example="155 MHz")
    ] = None,
) -> Answer:
    """Fit the lines."""
    decays = [only_one(file, InductionDecay) for file in files]
    megahertz = None if frequency is None else frequency.si
    return line_width(decays[0], megahertz) if len(decays) == 1 else line_widths(decays, megahertz)
