"""A Raman spectrometer's shift against lines of polystyrene or silicon.

FILE is a spectrum of the standard. --check names lines that are corrected by the others, so that the correction is
tried on what it does not know.
"""

from __future__ import annotations

from typing import Annotated, Literal

from lamion.quantities import Answer
from lamion.records import RamanSpectrum
from lamion.tasks.declaring import File, Option, Result, task
from lamion.tasks.options.spectrum import only_one
from lamion.techniques.spectra.raman_calibration import raman_calibration as hold_against


@task(
    results={
        "off": Result("1/cm", "by which the shift is too large, at the middle of the lines", headline=True),
        "*.calibrated": Result("1/cm", "a line to check, corrected by the others", headline=True),
        "*.position": Result("1/cm", "of a line as the instrument gives it", headline=True),
    },
    evidence="measured",
    example="polystyrene.csv --check 1001.4",
    cites=("itoh2021", "itoh2021silicon"),
)
def raman_calibration(
    file: Annotated[File, Option("a spectrum of the standard", positional=True, record="RamanSpectrum")],
    standard: Annotated[Literal["polystyrene", "silicon"], Option("what was measured")] = "polystyrene",
    lines: Annotated[
        tuple[float, ...], Option("that the correction rests on, in 1/cm", example="620.9,1031.8", otherwise="all seen")
    ] = (),
    check: Annotated[tuple[float, ...], Option("lines to leave out and correct", example="1001.4")] = (),
) -> Answer:
    """Find the lines."""
    return hold_against(only_one(file, RamanSpectrum), standard, lines, check)
