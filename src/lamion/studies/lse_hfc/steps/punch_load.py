"""Can a film carry the stated load on the stated punch at the stated modulus.

Holds where the punch stays within the film and the mean pressure below the modulus: beyond either nothing elastic is
left to measure.
"""

from __future__ import annotations

from typing import Annotated

from lamion.quantities import Answer, Quantity
from lamion.tasks.declaring import Option, Result, task
from lamion.techniques.mechanics.stated_contact import stated_punch


@task(
    results={
        "pressure": Result("GPa", "under the punch, mean", headline=True),
        "depth": Result("um", "that it would sink elastically", headline=True),
        "depth_over_thickness": Result("1", "of the film"),
    },
    evidence="equation",
    cites=("sneddon1965",),
    example="",
)
def punch_load(
    load: Annotated[Quantity, Option("on the punch", unit="N", example="3 mN")],
    diameter: Annotated[Quantity, Option("of the punch, flat", unit="m", example="200 nm")],
    modulus: Annotated[Quantity, Option("of the film")],
    poisson: Annotated[Quantity, Option("of the film", example="0.3", positive=False, minimum=-0.99, maximum=0.5)],
    thickness: Annotated[Quantity, Option("of the film", subject=True)],
) -> Answer:
    """Compute pressure and elastic depth under a flat punch."""
    return stated_punch(load, diameter, modulus, poisson, thickness)
