"""The particle that lithium diffuses into, for whatever finds its diffusion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from lamion.models.cells.particle_diffusion import LAYER, SPHERE, Particle
from lamion.quantities import InputError, Quantity
from lamion.tasks.declaring import Option


@dataclass(frozen=True)
class ParticleOptions:
    """A sphere by its radius, or a layer by its thickness."""

    radius: Annotated[
        Quantity | None, Option("of the spheres; it or the thickness is needed", unit="m", example="5 um")
    ] = None
    thickness: Annotated[
        Quantity | None, Option("of a layer that lithium enters from one side; half of one entered from both")
    ] = None

    @property
    def chosen(self) -> tuple[Particle, Quantity]:
        """The shape and its length; InputError where not one of the two is given."""
        if (self.radius is None) == (self.thickness is None):
            raise InputError(
                "Either the particles' radius or the layer's thickness is needed.",
                "",
                'Give one of them, as in --radius "5 um".',
            )
        return (SPHERE, self.radius) if self.radius is not None else (LAYER, self.thickness)  # type: ignore[return-value]
