"""Local environments in an NMR spectrum: shifts, widths, shares.

FILE is a processed spectrum, or a decay, which is transformed and phased; side bands of a sample that spins are found.
--position says where environments are, in ppm, --number how many. Shares are those of the nuclei only where side bands
are summed (--sum-side-bands, with --low and --high about the centre bands) and the delay between scans reaches five T1
(--relaxation-time).
"""

from __future__ import annotations

from typing import Annotated

from lamion.quantities import Answer, InputError, Quantity
from lamion.records import InductionDecay, ResonanceSpectrum
from lamion.tasks.declaring import File, Option, Result, task
from lamion.tasks.options.spectrum import Bands
from lamion.techniques.spectra.resonance import Resonance, resonance


@task(
    results={
        "*.position": Result("ppm", "of an environment", headline=True),
        "*.width": Result("ppm", "full width at half maximum"),
        "*.area": Result("1", "intensity times ppm"),
        "*.area_fraction": Result("1", "of all environments", headline=True),
        "spinning": Result("Hz", "by the distance of side bands"),
    },
    evidence="measured",
    example="resonance.csv --position -1.88,-1.17",
    cites=("olivero1977", "bates1988"),
    usual=True,
)
def nmr(
    file: Annotated[
        File, Option("a spectrum or a decay", positional=True, record=("ResonanceSpectrum", "InductionDecay"))
    ],
    bands: Bands,
    spinning: Annotated[
        Quantity | None, Option("of the sample", unit="Hz", example="10 kHz", otherwise="by the side bands")
    ] = None,
    sum_side_bands: Annotated[bool, Option("add them to the centre bands")] = False,
    relaxation_time: Annotated[Quantity | None, Option("the longest T1", unit="s", example="2 s")] = None,
    broadening: Annotated[
        Quantity | None, Option("of a decay's lines", unit="Hz", example="20 Hz", positive=False, otherwise="none")
    ] = None,
    scale_uncertainty: Annotated[
        Quantity | None, Option("of the shift's reference", unit="ppm", example="0.05 ppm", otherwise="exact")
    ] = None,
) -> Answer:
    """Fit the environments."""
    said = Resonance(
        bands.choice(),
        None if spinning is None else spinning.si,
        sum_side_bands,
        None if relaxation_time is None else relaxation_time.si,
        0.0 if broadening is None else broadening.si,
        0.0 if scale_uncertainty is None else scale_uncertainty.to("ppm").value,
    )
    return resonance(_record(file), said)


def _record(file: File) -> ResonanceSpectrum | InductionDecay:
    """Return the processed spectrum, or else the decay."""
    records = file.read().records
    for kind in (ResonanceSpectrum, InductionDecay):
        found = [one for one in records if isinstance(one, kind)]
        if len(found) > 1:
            raise InputError(
                f"{file.name} holds {len(found)} measurements where one is needed.",
                "It may be a series over delays.",
                "Give one of them in a file of its own.",
            )
        if found:
            return found[0]
    raise InputError(f"{file.name} holds no NMR spectrum and no decay.", "", "Give a spectrometer's file.")
