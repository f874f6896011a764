"""Powder pattern of stacked sheets or of a crystal, textured or not.

Sites of the crystal may be shared or partly occupied: occupancy times form factor is summed over their species.
"""

from __future__ import annotations

from typing import Annotated

from lamion.formats.diffraction_columns import drawn_pattern
from lamion.models.atomistic.diffraction.powder_pattern import powder_pattern
from lamion.models.atomistic.diffraction.reflections import PatternSettings
from lamion.models.atomistic.diffraction.scattering import WAVELENGTHS
from lamion.quantities import Answer, InputError, Quantity, parse_positive
from lamion.records.measurements import Pattern
from lamion.tasks.declaring import File, Option, Result, task
from lamion.tasks.options.sheet import CrystalOptions
from lamion.tasks.options.spectrum import only_one

_LOWEST, _HIGHEST, _WIDTH = Quantity(3.0, None, "deg"), Quantity(40.0, None, "deg"), Quantity(0.3, None, "deg")


@task(
    results={
        "peak*.two_theta": Result("deg", "of a strong peak, the strongest first", headline=True),
        "peak*.d": Result("angstrom", "between its planes", headline=True),
        "peak*.relative_intensity": Result("1", "over the strongest", headline=True),
    },
    evidence="geometry",
    example='--stacking slip --slip 0.5,0.3 --spacing "4.64 angstrom" --march 0.2',
    cites=("dollase1986", "waasmaier1995", "henke1993"),
    extra="atomistic",
)
def diffraction(
    crystal: CrystalOptions,
    march: Annotated[float, Option("March-Dollase parameter: 1 a powder, 0.2 flat plates")] = 1.0,
    normal: Annotated[tuple[int, ...], Option("the planes that lie flat")] = (0, 0, 1),
    wavelength: Annotated[str, Option(f"{', '.join(WAVELENGTHS)}, or a length", example="0.7 angstrom")] = "CuKa",
    displacement: Annotated[
        Quantity | None,
        Option(
            "B of every atom",
            unit="m2",
            example="4 angstrom2",
            otherwise="none: the atoms are static",
            positive=False,
        ),
    ] = None,
    lowest: Annotated[Quantity, Option("2 theta", unit="deg")] = _LOWEST,
    highest: Annotated[Quantity, Option("2 theta", unit="deg")] = _HIGHEST,
    width: Annotated[Quantity, Option("of the drawn peaks", unit="deg")] = _WIDTH,
    measured: Annotated[File | None, Option("angle and intensity in two columns, drawn too", record="Pattern")] = None,
) -> Answer:
    """Compute the pattern."""
    settings = PatternSettings(
        wavelength=_wavelength(wavelength),
        lowest=lowest.to("deg").value,
        highest=highest.to("deg").value,
        march=march,
        normal=_indices(normal),
        displacement=0.0 if displacement is None else 1e20 * displacement.si,
    )
    drawn = None if measured is None else drawn_pattern(only_one(measured, Pattern), measured.name)
    return powder_pattern(crystal.crystals(partial=True), settings, measured=drawn, width=width.to("deg").value)


def _wavelength(text: str) -> float:
    if text in WAVELENGTHS:
        return WAVELENGTHS[text]
    if text.strip()[:1].isalpha():
        raise InputError(f"There is no wavelength '{text}'.", "", f"Known are: {', '.join(WAVELENGTHS)}; or a length.")
    return 1e10 * parse_positive(text, "m", name="The wavelength").si


def _indices(normal: tuple[int, ...]) -> tuple[int, int, int]:
    if len(normal) != 3:
        said = ",".join(map(str, normal))
        raise InputError(f"The planes '{said}' are not three whole numbers.", "", "Write them like 0,0,1.")
    return normal[0], normal[1], normal[2]
