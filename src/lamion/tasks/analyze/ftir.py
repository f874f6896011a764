"""Bands of an infrared spectrum, in absorbance.

FILE holds absorbance or transmittance against wavenumber; a transmittance is turned into absorbance. --position says
where bands are, --number how many; without both their number is found.
"""

from __future__ import annotations

from typing import Annotated

from lamion.quantities import Answer, Quantity
from lamion.records import InfraredSpectrum
from lamion.tasks.declaring import File, Option, Result, task
from lamion.tasks.options.spectrum import Bands, only_one
from lamion.techniques.spectra.infrared import infrared


@task(
    results={
        "*.position": Result("1/cm", "of a band", headline=True),
        "*.width": Result("1/cm", "full width at half maximum"),
        "*.area": Result("1", "absorbance times 1/cm"),
    },
    evidence="measured",
    example="infrared.csv --position 1400",
    cites=("griffiths2007",),
    usual=True,
)
def ftir(
    file: Annotated[File, Option("a spectrum", positional=True, record="InfraredSpectrum")],
    bands: Bands,
    scale_uncertainty: Annotated[
        Quantity | None, Option("of the wavenumbers as a whole", unit="1/cm", example="0.5 1/cm")
    ] = None,
) -> Answer:
    """Fit the bands."""
    accuracy = 0.0 if scale_uncertainty is None else scale_uncertainty.to("1/cm").value
    return infrared(only_one(file, InfraredSpectrum), bands.choice(), accuracy)
