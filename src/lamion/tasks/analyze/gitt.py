"""Diffusion and resistances from pulses of current and rests.

FILE is a galvanostatic intermittent titration: pulses of current, a long rest before and behind each. Where the rests
are short and stand within one charge, `analyze ici` serves.
"""

from __future__ import annotations

from typing import Annotated

from lamion.quantities import Answer, Quantity
from lamion.records.measurements import CyclingRecord
from lamion.tasks.declaring import File, Option, Result, task
from lamion.tasks.options.particle import ParticleOptions
from lamion.techniques.cycling.gitt import gitt as analysed


@task(
    results={
        "diffusivity": Result("cm2/s", "of the pulse in the middle of all", headline=True),
        "ohmic_resistance": Result("ohm", "in the first sample of a pulse, median", headline=True),
        "kinetic_resistance": Result("ohm", "what comes before diffusion alone is left, median", headline=True),
    },
    evidence="measured",
    example='titration.csv --radius "5 um"',
    cites=("weppner1977",),
)
def gitt(
    file: Annotated[File, Option("pulses and rests", positional=True, record="CyclingRecord")],
    particle: ParticleOptions,
    skip: Annotated[
        Quantity | None,
        Option("to leave out after each switch", unit="s", example="1 s", otherwise="found by the residuals"),
    ] = None,
) -> Answer:
    """Fit diffusion to each pulse."""
    shape, length = particle.chosen
    return analysed(file.read().the(CyclingRecord), shape, length, skip=None if skip is None else skip.si)
