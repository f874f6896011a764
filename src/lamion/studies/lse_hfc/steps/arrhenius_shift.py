r"""A conductivity carried from one temperature to another by its activation energy.

.. math:: \sigma(T) = \sigma(T_0) \exp\left[-\frac{E_a}{R}\left(\frac1T - \frac1{T_0}\right)\right]
"""

from __future__ import annotations

from typing import Annotated

import numpy as np

from lamion.quantities import Answer, FigureData, Quantity
from lamion.quantities.figure import Axis, Band, Figure, Line, Panel, Points, reciprocal_temperature
from lamion.substances import Arrhenius
from lamion.tasks.declaring import Option, Result, task

_CURVE = 31


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
    return Answer(
        {"conductivity": law.at(to).to("S/cm")}, notes={"temperature": str(to)}, figures={"line": _figure(law, at, to)}
    )


def _figure(law: Arrhenius, at: Quantity, to: Quantity) -> FigureData:
    """Draw the line from one temperature to the other, with its uncertainty."""
    ends = [at.to("K").value, to.to("K").value]
    T = np.linspace(ends[0], ends[1], _CURVE)
    along = [law.at(Quantity(float(one), None, "K")).to("S/cm") for one in T]
    x, y = 1000.0 / T, np.array([one.value for one in along])
    error = np.array([one.std or 0.0 for one in along])
    marks = [0, -1]
    traces = [
        Band(x, y - error, y + error),
        Line(x, y, "Arrhenius"),
        Points(x[marks], y[marks], y_error=error[marks]),
    ]
    panel = Panel(traces, reciprocal_temperature(ends), Axis("conductivity", "S/cm", "log"))
    return Figure([panel]).entitled("Conductivity by Arrhenius' law")
