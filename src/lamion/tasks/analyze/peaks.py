"""Components under any spectrum: positions, widths, areas, shares.

FILE is an instrument's spectrum, or a table of two columns. --position says where components are, --number how many;
without both Akaike's criterion decides. --components names a table with a line for each: `name`, `shape`, `position`,
`width`, `area`, `mixing`; a cell holds a start (740), a fixed value (740 fixed), a range (738 to 742), or what it
follows (0.5 other; other + 5.1). The answer's table has the same form.
"""

from __future__ import annotations

from typing import Annotated, Literal

from lamion.quantities import Answer, InputError
from lamion.tasks.declaring import File, Option, Result, task
from lamion.tasks.options.spectrum import Baseline, High, Low, spectrum_of
from lamion.techniques.peaks.component_table import read_components
from lamion.techniques.peaks.peaks import Choice, at_positions
from lamion.techniques.peaks.peaks import peaks as find_peaks

_SHAPES = Literal["gaussian", "lorentzian", "pseudo-voigt", "voigt", "split-pseudo-voigt", "doniach-sunjic"]


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
    sources=("10.1002/9780470316757", "10.1093/biomet/76.2.297", "10.1016/0022-4073(77)90161-3"),
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
    position: Annotated[tuple[float, ...], Option("where components are, in the file's unit", example="740")] = (),
    number: Annotated[int | None, Option("of components", minimum=1, maximum=20, example="2")] = None,
    components: Annotated[File | None, Option("a table with a line for each component")] = None,
    shape: Annotated[_SHAPES, Option("of components that no table names")] = "pseudo-voigt",
    baseline: Baseline = "linear",
    noise: Annotated[
        Literal["constant", "counts"] | None,
        Option("which noise weighs the points", otherwise="as the residuals show"),
    ] = None,
    low: Low = None,
    high: High = None,
) -> Answer:
    """Fit components."""
    if components is not None and position:
        raise InputError("Positions and a table of components are given.", "", "Write the positions into the table.")
    named = at_positions(position, shape) if position else ()
    if components is not None:
        named = read_components(components.raw.content, components.name)
    choice = Choice(named, number, shape, baseline, noise, low, high)
    return find_peaks(spectrum_of(file), choice)
