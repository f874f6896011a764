"""An angle from a distance of planes, or the distance from the angle."""

from __future__ import annotations

from lamion.models.atomistic.diffraction.bragg import bragg_from_angle, bragg_from_spacing
from lamion.quantities import Answer, InputError
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind


def run(inputs: Inputs) -> Answer:
    """Apply Bragg's law.

    Parameters
    ----------
    inputs : Inputs
        ``spacing`` or ``angle``, and the ``wavelength``'s name.
    """
    spacing, angle = inputs.optional_quantity("spacing"), inputs.optional_quantity("angle")
    wavelength = inputs.options.get("wavelength", "CuKa")
    if spacing is not None and angle is None:
        return bragg_from_spacing(spacing, wavelength)
    if angle is not None and spacing is None:
        return bragg_from_angle(angle, wavelength)
    raise InputError("either 'spacing' or 'angle' is needed.", "", "Give one of them.")


KIND = StepKind(
    run,
    evidence="geometry",
    options={
        "spacing": Option("quantity", "m", required=False),
        "angle": Option("quantity", "deg", required=False),
        "wavelength": Option("text", required=False),
    },
)
