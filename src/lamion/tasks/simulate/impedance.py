"""Impedance of a film between two lithium electrodes at rest.

Bulk, charge transfer and diffusion. `--csv FILE` writes the spectrum so that `lamion analyze impedance FILE` reads it.
The resistances and capacitances of the interfaces are given times, and over, the electrode's area.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np

from lamion.models.transport.film_impedance import FilmAtRest, film_impedance
from lamion.quantities import Answer, InputError, Quantity
from lamion.quantities.properties import ROOM_TEMPERATURE
from lamion.tasks.declaring import Option, Result, task
from lamion.tasks.options.electrolyte import of_electrolyte

_AREA = Quantity(1.0, None, "cm2")
_DOUBLE_LAYER = Quantity(10.0, None, "uF/cm2")
_IDEAL = Quantity(1.0, None, "1")
_REVERSIBLE = Quantity(0.0, None, "ohm cm2")
_NO_ARC = Quantity(0.0, None, "1")


@task(
    results={
        "bulk_resistance": Result("ohm", "of the electrolyte", headline=True),
        "charge_transfer_resistance": Result("ohm", "of both electrodes together", headline=True),
        "diffusion_resistance": Result("ohm", "what diffusion adds at the lowest frequencies", headline=True),
        "diffusion_time": Result("s", "L2/4D"),
        "current_fraction": Result("1", "bulk over bulk and diffusion"),
    },
    evidence="model",
    example=(
        '--thickness "100 um" --conductivity "8.92e-5 S/cm" --transference 0.35 --concentration "2 mol/L" '
        '--rct "24.5 ohm cm2"'
    ),
    cites=("balsara2015", "newman2004"),
)
def impedance(
    thickness: Annotated[Quantity, Option("of the electrolyte", subject=True)],
    conductivity: Annotated[Quantity, of_electrolyte("conductivity")],
    transference: Annotated[Quantity, of_electrolyte("transference")],
    concentration: Annotated[Quantity, of_electrolyte("concentration")],
    temperature: Annotated[Quantity, Option("of the cell")] = ROOM_TEMPERATURE,
    area: Annotated[Quantity, Option("of one electrode")] = _AREA,
    rct: Annotated[
        Quantity | None,
        Option("charge-transfer resistance", of="charge_transfer", example="24.5 ohm cm2", otherwise="none"),
    ] = None,
    rct_convention: Annotated[Literal["cell", "interface"], Option("both interfaces or one")] = "cell",
    double_layer: Annotated[Quantity, Option("of one electrode")] = _DOUBLE_LAYER,
    permittivity: Annotated[
        Quantity | None,
        Option("relative, of the electrolyte", otherwise="its arc is left out"),
    ] = None,
    diffusivity: Annotated[Quantity | None, of_electrolyte("diffusivity")] = None,
    thermodynamic_factor: Annotated[Quantity, of_electrolyte("thermodynamic_factor")] = _IDEAL,
    fmin: Annotated[
        Quantity | None,
        Option("lowest frequency", of="frequency", example="1 mHz", otherwise="below the slowest process"),
    ] = None,
    fmax: Annotated[
        Quantity | None,
        Option("highest frequency", of="frequency", example="100 kHz", otherwise="above the fastest process"),
    ] = None,
) -> Answer:
    """Simulate the spectrum."""
    cell = FilmAtRest(
        thickness=thickness,
        conductivity=conductivity,
        transference=transference,
        concentration=concentration,
        temperature=temperature,
        area=area,
        rct=_of_one_interface(rct or _REVERSIBLE, rct_convention),
        double_layer=double_layer,
        permittivity=permittivity or _NO_ARC,
        thermodynamic_factor=thermodynamic_factor,
        diffusivity=diffusivity,
    )
    return film_impedance(cell, _frequencies(fmin, fmax))


def _of_one_interface(rct: Quantity, convention: str) -> Quantity:
    if convention == "interface":
        return rct
    return Quantity(rct.value / 2, None if rct.std is None else rct.std / 2, rct.unit)


def _frequencies(fmin: Quantity | None, fmax: Quantity | None) -> list[float] | None:
    """Return ten frequencies a decade, the highest first, where limits are given."""
    if fmin is None and fmax is None:
        return None
    if fmin is None or fmax is None:
        raise InputError("One limit of the frequencies is given without the other.", "", "Give fmin and fmax.")
    low, high = fmin.si, fmax.si
    if low >= high:
        raise InputError(f"The lowest frequency, {low:g} Hz, is not below the highest, {high:g} Hz.", "", "Turn them.")
    steps = max(2, round(10 * np.log10(high / low)) + 1)
    return [float(f) for f in np.geomspace(high, low, steps)]
