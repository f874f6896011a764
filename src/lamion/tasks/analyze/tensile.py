"""Modulus, strength, elongation and toughness of tensile curves.

FILE is stress against strain (`Strain / %`, `Stress / MPa`), or force against elongation (`Elongation / mm`, `Force /
N`), which --length and --section make stress and strain. The modulus is the slope between two strains; what it changes
over other ranges stands in its uncertainty. Several files are strips of one material.
"""

from __future__ import annotations

from typing import Annotated

from lamion.quantities import Answer, InputError, Quantity
from lamion.records import ElongationCurve, TensileCurve
from lamion.tasks.declaring import File, Option, Result, task
from lamion.techniques.mechanics.tensile import Strip
from lamion.techniques.mechanics.tensile import tensile as read_tensile
from lamion.techniques.mechanics.tensile_raw import HIGH, LOW


@task(
    results={
        "modulus": Result("MPa", "Young's modulus, slope between two strains", headline=True),
        "strength": Result("MPa", "largest engineering stress", headline=True),
        "true_strength": Result("MPa", "largest true stress"),
        "strain_at_strength": Result("1", "engineering strain there"),
        "elongation_at_break": Result("1", "engineering strain at the break", headline=True),
        "toughness": Result("MJ/m3", "work up to the break over the first volume", headline=True),
    },
    evidence="measured",
    example="tensile.csv --low 0.005 --high 0.03",
    cites=("iso527",),
    usual=True,
)
def tensile(
    files: Annotated[
        tuple[File, ...],
        Option("strips of one material", positional=True, record=("TensileCurve", "ElongationCurve")),
    ],
    low: Annotated[float, Option("strain where the line of the modulus begins", minimum=0.0, maximum=10.0)] = LOW,
    high: Annotated[float, Option("strain where it ends", minimum=1e-6, maximum=10.0)] = HIGH,
    length: Annotated[
        Quantity | None,
        Option("of the strip between the grips, where the file has an elongation", unit="mm", example="20 mm"),
    ] = None,
    section: Annotated[
        Quantity | None, Option("cross-section, where the file has a force", unit="mm2", example="0.05 mm2")
    ] = None,
    true: Annotated[bool, Option("stress and strain of the file are true ones")] = False,
) -> Answer:
    """Read the curves."""
    curves = [one for file in files for one in _curves(file)]
    return read_tensile(curves, Strip(low, high, length, section, true))


def _curves(file: File) -> list[TensileCurve | ElongationCurve]:
    found = [one for one in file.read().records if isinstance(one, TensileCurve | ElongationCurve)]
    if not found:
        raise InputError(
            f"{file.name} holds no tensile curve.", "It is another measurement.", "Give stress against strain."
        )
    return found
