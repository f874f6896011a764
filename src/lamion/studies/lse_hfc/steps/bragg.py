"""An angle from a distance of planes, or the distance from the angle, by Bragg's law."""

from __future__ import annotations

from typing import Annotated

from lamion.models.atomistic.diffraction.bragg import bragg_from_angle, bragg_from_spacing
from lamion.quantities import Answer, InputError, Quantity
from lamion.tasks.declaring import Option, Result, task


@task(
    results={
        "two_theta": Result("deg", "of the reflection", headline=True),
        "spacing": Result("nm", "of the planes", headline=True),
        "*": Result("", "the wavelength"),
    },
    evidence="geometry",
    example="",
)
def bragg(
    spacing: Annotated[Quantity | None, Option("of the planes", unit="m", example="4.64 angstrom")] = None,
    angle: Annotated[Quantity | None, Option("two theta, instead of a spacing", unit="deg", example="19.1 deg")] = None,
    wavelength: Annotated[str, Option("its name")] = "CuKa",
) -> Answer:
    """Apply Bragg's law."""
    if spacing is not None and angle is None:
        return bragg_from_spacing(spacing, wavelength)
    if angle is not None and spacing is None:
        return bragg_from_angle(angle, wavelength)
    raise InputError("either 'spacing' or 'angle' is needed.", "", "Give one of them.")
