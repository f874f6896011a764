"""Components under a spectrum: positions, widths, areas, shares.

FILE is an instrument's spectrum, or a table of two columns. --position says where components are, --number how many;
without both Akaike's criterion decides. --components names a table with a line for each: `name`, `shape`, `position`,
`width`, `area`, `mixing`; a cell holds a start (740), a fixed value (740 fixed), a range (738 to 742), or what it
follows (0.5 other; other + 5.1). The answer's table has the same form.
"""

from __future__ import annotations

from typing import Annotated, Literal

from lamion.quantities import Answer
from lamion.tasks.declaring import File, Option, Result, task
from lamion.tasks.options.spectrum import Bands, spectrum_of
from lamion.techniques.peaks.peaks import peaks as find_peaks


@task(
    results={
        "*.position": Result("", "of a component, in the abscissa's unit", headline=True),
        "*.width": Result("", "full width at half maximum"),
        "*.area": Result("1", "in the units of both axes"),
        "*.area_fraction": Result("1", "of all components", headline=True),
        "*.maximum": Result("", "where a shape that leans is largest"),
    },
    evidence="measured",
    example="raman.csv --position 740 --position 747",
    cites=("bates1988", "hurvich1989", "olivero1977"),
)
def peaks(
    file: Annotated[
        File,
        Option(
            "a spectrum",
            positional=True,
            record=(
                "Spectrum",
                "RamanSpectrum",
                "InfraredSpectrum",
                "PhotoelectronSpectrum",
                "ResonanceSpectrum",
                "Pattern",
            ),
        ),
    ],
    bands: Bands,
    noise: Annotated[
        Literal["constant", "counts"] | None,
        Option("which noise weighs the points", otherwise="as the residuals show"),
    ] = None,
) -> Answer:
    """Fit components."""
    return find_peaks(spectrum_of(file), bands.choice(noise=noise))
