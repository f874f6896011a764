"""Bands of an infrared spectrum, in absorbance.

FILE holds absorbance or transmittance against wavenumber; a transmittance is turned into absorbance. --position says
where bands are, --number how many; without both their number is found.
"""

from __future__ import annotations

from typing import Annotated, Literal

from lamion.quantities import Answer, Quantity
from lamion.records import InfraredSpectrum
from lamion.tasks.declaring import File, Option, Result, task
from lamion.tasks.options.spectrum import Baseline, High, Low, only_one
from lamion.techniques.peaks.peaks import Choice, at_positions
from lamion.techniques.spectra.infrared import infrared


@task(
    results={
        "*.position": Result("1/cm", "of a band", headline=True),
        "*.width": Result("1/cm", "full width at half maximum"),
        "*.area": Result("1", "absorbance times 1/cm"),
    },
    evidence="measured",
    example="infrared.csv --position 1400",
    sources=("10.1002/047010631X",),
)
def ftir(
    file: Annotated[File, Option("a spectrum", positional=True, record="InfraredSpectrum")],
    position: Annotated[tuple[float, ...], Option("where bands are, in 1/cm", example="1400")] = (),
    number: Annotated[int | None, Option("of bands", minimum=1, maximum=20, example="2")] = None,
    shape: Annotated[
        Literal["pseudo-voigt", "voigt", "gaussian", "lorentzian"], Option("of the bands")
    ] = "pseudo-voigt",
    baseline: Baseline = "linear",
    low: Low = None,
    high: High = None,
    scale_uncertainty: Annotated[
        Quantity | None, Option("of the wavenumbers as a whole", unit="1/cm", example="0.5 1/cm")
    ] = None,
) -> Answer:
    """Fit the bands."""
    components = at_positions(position, shape) if position else ()
    choice = Choice(components, number, shape, baseline, None, low, high)
    accuracy = 0.0 if scale_uncertainty is None else scale_uncertainty.to("1/cm").value
    return infrared(only_one(file, InfraredSpectrum), choice, accuracy)
