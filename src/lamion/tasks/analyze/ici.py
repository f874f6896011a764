"""Diffusion and resistances from short interruptions of a current.

FILE is a charge or a discharge at one current, interrupted by short rests (intermittent current interruption).
"""

from __future__ import annotations

from typing import Annotated

from lamion.quantities import Answer, Quantity
from lamion.records.measurements import CyclingRecord
from lamion.tasks.declaring import File, Option, Result, task
from lamion.tasks.options.particle import ParticleOptions
from lamion.techniques.cycling.interruption import ici as analysed


@task(
    results={
        "diffusivity": Result("cm2/s", "of the interruption in the middle of all", headline=True),
        "ohmic_resistance": Result("ohm", "in the first sample of a rest, median", headline=True),
        "kinetic_resistance": Result("ohm", "what comes before diffusion alone is left, median", headline=True),
        "diffusion_resistance": Result("ohm/s^0.5", "k, the slope in the root of time over the current, median"),
    },
    evidence="measured",
    example='interruptions.csv --radius "5 um"',
    cites=("chien2023",),
)
def ici(
    file: Annotated[File, Option("a current with short rests", positional=True, record="CyclingRecord")],
    particle: ParticleOptions,
    skip: Annotated[
        Quantity | None,
        Option("to leave out after each interruption", unit="s", example="0.5 s", otherwise="found by the residuals"),
    ] = None,
) -> Answer:
    """Fit diffusion to each interruption."""
    shape, length = particle.chosen
    return analysed(file.read().the(CyclingRecord), shape, length, skip=None if skip is None else skip.si)
