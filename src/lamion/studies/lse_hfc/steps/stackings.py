"""Which ways of stacking a framework's sheets explain one diffraction peak."""

from __future__ import annotations

from typing import Annotated

from lamion.models.atomistic.diffraction.stacking_from_peak import stacking_from_peak
from lamion.models.atomistic.structure.sheet import sheet
from lamion.quantities import Answer, Quantity
from lamion.tasks.declaring import Option, Result, task


@task(
    results={"*": Result("", "peaks and textures by way of stacking")},
    evidence="geometry",
    cites=("dollase1986",),
    example="",
)
def stackings(
    lattice: Annotated[Quantity, Option("of the sheet", unit="m", example="16.70 angstrom", subject=True)],
    spacing: Annotated[Quantity, Option("of the planes", unit="m", example="4.64 angstrom")],
    angle: Annotated[Quantity, Option("of the peak", unit="deg", example="19.1 deg")],
    march: Annotated[
        Quantity, Option("how flat the sheets lie, after March and Dollase", example="0.2", minimum=0.01, maximum=10.0)
    ],
    linker: Annotated[str, Option("of the sheet")] = "tcpp",
    node: Annotated[str, Option("metal of its paddlewheels")] = "Cu",
    centre: Annotated[str, Option("metal of its porphyrins")] = "Cu",
) -> Answer:
    """Build, stack and diffract the sheet."""
    built = sheet(linker, node=node, centre=centre, lattice=1e10 * lattice.si)
    return stacking_from_peak(built, 1e10 * spacing.si, angle.to("deg").value, march.value)
