"""Ionic conductivity from blocking-cell impedance.

Blocking cells are such as steel|electrolyte|steel. Several files are several cells of one electrolyte: their scatter is
reported beside the fit's own uncertainty. An arc that does not close gives a bound.
"""

from __future__ import annotations

from typing import Annotated

from lamion.quantities import Answer, Quantity
from lamion.tasks.declaring import File, Option, Result, task
from lamion.tasks.options.points import Points
from lamion.techniques.conduction import conductivity as technique


@task(
    results={
        "conductivity": Result("S/cm", "of the electrolyte", headline=True),
        "resistance": Result("ohm", "of the electrolyte", headline=True),
        "conductivity_by_eye": Result("S/cm", "from Re Z where -Im Z is least between arc and spike"),
        "conductance": Result("S", "of the electrolyte"),
        "areal_conductance": Result("S/cm2", "of the electrolyte"),
    },
    evidence="measured",
    example='blocking_cell.csv --thickness "9 ± 0.3 um" --area "2.01 cm2" --temperature "25 degC"',
    cites=("boukamp1986", "brug1984", "irvine1990", "burnham2002"),
    heavy=True,
    usual=True,
)
def conductivity(
    files: Annotated[
        tuple[File, ...], Option("impedance of blocking cells", positional=True, record="ImpedanceSpectrum")
    ],
    thickness: Annotated[Quantity, Option("of the electrolyte", subject=True)],
    area: Annotated[Quantity, Option("of one electrode", subject=True)],
    points: Points,
    temperature: Annotated[Quantity | None, Option("at which it was measured", subject=True)] = None,
    short: Annotated[
        File | None, Option("impedance of the shorted cell, for the leads", record="ImpedanceSpectrum")
    ] = None,
) -> Answer:
    """Analyse the spectra."""
    return technique.conductivity(
        points.of_each(files),
        thickness,
        area,
        temperature=temperature,
        fmin=points.lowest,
        fmax=points.highest,
        short=None if short is None else short.read().spectrum(),
    )
