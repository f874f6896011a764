r"""A conductivity carried from one temperature to another by its activation energy.

.. math:: \sigma(T) = \sigma(T_0) \exp\left[-\frac{E_a}{R}\left(\frac1T - \frac1{T_0}\right)\right]
"""

from __future__ import annotations

from typing import Annotated

from lamion.quantities import Answer, Quantity
from lamion.substances import Arrhenius
from lamion.tasks.declaring import Option, Result, task


@task(
    results={"conductivity": Result("S/cm", "at the other temperature", headline=True)},
    evidence="derived from printed numbers",
    example="",
)
def arrhenius_shift(
    conductivity: Annotated[Quantity, Option("at one temperature")],
    at: Annotated[Quantity, Option("that temperature", unit="K", example="25 degC")],
    activation_energy: Annotated[Quantity, Option("of the conductivity", unit="eV", example="0.25 eV")],
    to: Annotated[Quantity, Option("the other temperature", unit="K", example="55 degC")],
) -> Answer:
    """Apply Arrhenius' law of sigma."""
    law = Arrhenius(conductivity, at, activation_energy)
    return Answer({"conductivity": law.at(to).to("S/cm")}, notes={"temperature": str(to)})
