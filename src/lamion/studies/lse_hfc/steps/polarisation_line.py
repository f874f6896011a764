r"""Does a symmetric cell's overpotential grow in proportion to the current.

.. math:: \delta = \frac{\max_k |\eta_k - a i_k|}{\eta_\mathrm{max}}

with the slope a of the straight line through the origin that fits best. The statement agrees where both readings of the
charge-transfer resistance deviate by less than the tolerance, and disagrees where both deviate by more.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

import numpy as np

from lamion.models.cells.charge_transfer import Convention
from lamion.models.cells.symmetric_cell import SymmetricCell
from lamion.quantities import Answer, FigureData, Quantity
from lamion.quantities.figure import Axis, Figure, Line, Panel, Points, Trace
from lamion.tasks.declaring import Option, Result, task
from lamion.tasks.options.symmetric import SymmetricFields

_READINGS: tuple[Convention, ...] = ("cell", "interface")


@task(
    results={
        "deviation.*": Result("1", "from the line, over the largest overpotential", headline=True),
        "slope.*": Result("ohm cm2", "of the line"),
    },
    evidence="model",
    cites=("newman2004",),
    example="",
)
def polarisation_line(
    film: SymmetricFields,
    currents: Annotated[
        tuple[Quantity, ...], Option("of the line", unit="A/m2", example="0.1 mA/cm2, 0.4 mA/cm2, 1.4 mA/cm2")
    ],
    tolerance: Annotated[Quantity, Option("the largest deviation that is still almost linear", example="5 %")],
) -> Answer:
    """Hold the overpotentials against the straight line through the origin that fits them best."""
    cell = film.cell(currents[0])
    i = np.array([current.si for current in currents])
    lines = {reading: _overpotentials(cell, currents, reading) for reading in _READINGS}
    slopes = {reading: float(i @ eta / (i @ i)) for reading, eta in lines.items()}
    off = {reading: float(np.max(np.abs(eta - slopes[reading] * i)) / eta.max()) for reading, eta in lines.items()}
    straight = [value <= tolerance.value for value in off.values()]
    verdict = "agrees" if all(straight) else "not computed" if any(straight) else "disagrees"
    reason = (
        "Film, charge transfer (Butler and Volmer) and concentrations together deviate from a straight line through "
        f"the origin by {100 * off['cell']:.2g} % of the largest overpotential where the resistance is that of the "
        f"cell and by {100 * off['interface']:.2g} % where it is that of one interface, up to "
        f"{currents[-1].to('mA/cm2')}; {100 * tolerance.value:g} % is what almost linear is taken to allow."
    )
    results = {f"deviation.{reading}": Quantity(value, None, "1", "voltage budget") for reading, value in off.items()}
    results |= {
        f"slope.{reading}": Quantity(1e4 * value, None, "ohm cm2", "voltage budget")
        for reading, value in slopes.items()
    }
    table: dict[str, list[Any]] = {"Current / mA/cm2": (i / 10).tolist()}
    table |= {f"Overpotential by {reading} / mV": (1e3 * eta).tolist() for reading, eta in lines.items()}
    return Answer(results, table, verdict=verdict, reason=reason, figures={"line": _figure(i, lines, slopes)})


def _overpotentials(cell: SymmetricCell, currents: tuple[Quantity, ...], reading: Convention) -> np.ndarray[Any, Any]:
    return np.array([replace(cell, current=current).budget(reading, None).overpotential for current in currents])


def _figure(
    i: np.ndarray[Any, Any], lines: dict[Convention, np.ndarray[Any, Any]], slopes: dict[Convention, float]
) -> FigureData:
    traces: list[Trace] = []
    for color, marker, (reading, eta) in zip((0, 5), ("circle", "square"), lines.items(), strict=False):
        traces += [
            Points(i / 10, 1e3 * eta, f"resistance of the {reading}", color, marker=marker),
            Line(i / 10, 1e3 * slopes[reading] * i, color=color),
        ]
    panel = Panel(traces, Axis("current", "mA/cm2", low=0.0), Axis("overpotential", "mV", low=0.0))
    return Figure([panel]).entitled("Overpotential of a Li|Li cell against its current")
