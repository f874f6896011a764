"""Relaxation times of an impedance spectrum.

The distribution's peaks, their times and resistances. Series resistance, inductive leads and the tail of blocking
electrodes are fitted beside the distribution.
"""

from __future__ import annotations

from typing import Annotated, Literal

from lamion.quantities import Answer
from lamion.tasks.declaring import File, Option, Result, task
from lamion.tasks.options.points import Points
from lamion.techniques.impedance.drt import relaxation_times


@task(
    results={
        "polarisation_resistance": Result("ohm", "of all processes together", headline=True),
        "series_resistance": Result("ohm", "before them"),
        "peak*.time": Result("s", "of a process", headline=True),
        "peak*.resistance": Result("ohm", "of a process", headline=True),
    },
    evidence="measured",
    example="lithium_cell.csv",
    heavy=True,
    cites=("mackay1992",),
)
def drt(
    file: Annotated[File, Option("an impedance spectrum", positional=True, record="ImpedanceSpectrum")],
    points: Points,
    regularisation: Annotated[
        float | None, Option("lambda", example="0.01", otherwise="the most probable", minimum=0.0, formerly="lambda")
    ] = None,
    tail: Annotated[Literal["auto", "none", "capacitor", "cpe"], Option("of blocking cells")] = "auto",
    inductance: Annotated[bool, Option("allow for no inductive leads")] = True,
) -> Answer:
    """Resolve the spectrum."""
    return relaxation_times(points.within(file), regularisation=regularisation, tail=tail, inductance=inductance)
