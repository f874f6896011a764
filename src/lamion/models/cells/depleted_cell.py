r"""A cell whose film runs out of salt: its capacity against transference and salt concentration.

Above the limiting current a bare film between two lithium electrodes is depleted at one of them after a time that
follows in closed form; the charge that has passed by then is what a cell gives whose cathode holds no salt:

.. math:: q \approx \frac{i\, t_\mathrm{depletion}}{m}

The cell model adds the salt in the cathode's pores and what the potential of the depleted film costs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from lamion.models.cells.cell_simulator import CellSimulator
from lamion.models.cells.discretisation import discretisation
from lamion.models.cells.lithium_metal_cell import LithiumMetalCell
from lamion.models.cells.rate_table import SOURCE, rate_table
from lamion.models.cells.stated_cell import StatedCell
from lamion.models.transport.uniform_film import UniformFilm
from lamion.progress import Progress, silent
from lamion.quantities import Answer, FigureData, Quantity, units
from lamion.quantities.figure import Axis, Figure, Line, Panel, Points, Trace
from lamion.quantities.level import level_text


@dataclass(frozen=True)
class DepletedCapacity:
    """A cell and its bare film at one transference number and salt concentration.

    Parameters
    ----------
    transference : float
        Of lithium.
    concentration : float
        Salt at rest, mol/m3.
    cell : float
        Capacity of the cell, C/kg.
    mesh : float or None
        What the mesh leaves open of it, one standard uncertainty; None where that is not known.
    bare_film : float
        Charge at the depletion of the bare film over the active mass, C/kg; infinite where it is never depleted.
    limiting_current : float
        Of the bare film, A/m2.
    """

    transference: float
    concentration: float
    cell: float
    mesh: float | None
    bare_film: float
    limiting_current: float


def bare_film_capacity(cell: LithiumMetalCell, rate: float) -> float:
    """Return the charge per active mass at which the bare film is depleted, C/kg; infinite where it never is.

    Parameters
    ----------
    cell : LithiumMetalCell
        The cell that the film is for.
    rate : float
        In units of 1C.
    """
    current = rate * cell.one_c
    return current * _film(cell).depletion_time(current) / cell.loading


def _film(cell: LithiumMetalCell) -> UniformFilm:
    return UniformFilm(
        cell.thickness, cell.conductivity, cell.transference, cell.concentration, cell.temperature, cell.diffusivity
    )


def depleted_capacities(
    cell: LithiumMetalCell,
    rate: float,
    transferences: Sequence[float],
    concentrations: Sequence[float],
    *,
    simulator: CellSimulator | None = None,
    progress: Progress = silent,
) -> tuple[DepletedCapacity, ...]:
    """Simulate a cell at several transference numbers and salt concentrations, beside its bare film.

    Parameters
    ----------
    cell : LithiumMetalCell
        The cell; its own two values are not used.
    rate : float
        In units of 1C.
    transferences : sequence of float
        Between 0 and 1.
    concentrations : sequence of float
        mol/m3; the conductivity stays what it is.
    simulator : CellSimulator, optional
        Keeps its builds.
    progress : Progress
        Told after each.

    Returns
    -------
    tuple of DepletedCapacity
        For each concentration in turn every transference number.

    Raises
    ------
    InputError
        As :meth:`~lamion.models.cells.cell_simulator.CellSimulator.discharge`.
    """
    simulator = simulator or CellSimulator()
    pairs = [(t, c) for c in concentrations for t in transferences]
    found = []
    for index, (t, c) in enumerate(pairs):
        progress(index, len(pairs), f"t+ {t:g}, {c / 1000:g} mol/L")
        found.append(_depleted(replace(cell, transference=t, concentration=c), rate, simulator))
    return tuple(found)


def _depleted(cell: LithiumMetalCell, rate: float, simulator: CellSimulator) -> DepletedCapacity:
    discharge = simulator.discharge(cell, rate)
    (part,) = discretisation(simulator, cell, [discharge])
    return DepletedCapacity(
        cell.transference,
        cell.concentration,
        discharge.capacity,
        part.capacity if part else None,
        bare_film_capacity(cell, rate),
        _film(cell).limiting_current,
    )


def depleted_cell_capacity(
    inputs: StatedCell,
    rate: float,
    transferences: Sequence[float],
    concentrations: Sequence[Quantity],
    *,
    simulator: CellSimulator | None = None,
    progress: Progress = silent,
) -> Answer:
    """Predict the capacity of a cell whose film may run out of salt, beside the bare film in closed form.

    Parameters
    ----------
    inputs : StatedCell
        The cell, with the best guess of transference number and concentration and their uncertainties.
    rate : float
        In units of 1C.
    transferences : sequence of float
        To compare.
    concentrations : sequence of Quantity
        To compare.
    simulator : CellSimulator, optional
        Keeps its builds.
    progress : Progress
        Told after each.

    Returns
    -------
    Answer
        As :func:`~lamion.models.cells.rate_table.rate_table` for the one rate; ``limiting_current`` (mA/cm2),
        ``depletion_time`` (s) of the bare film and ``bare_film_capacity`` (mAh/g), left out where it is never depleted;
        ``capacity.t0.3.c2`` and ``bare_film.t0.3.c2`` (mAh/g) for each pair (mol/L), of which the mesh alone is
        uncertain; the series has one row a pair.

    Raises
    ------
    InputError
        As :func:`depleted_capacities`.
    """
    simulator = simulator or CellSimulator()
    central = rate_table(inputs, [rate], simulator=simulator, progress=progress)
    cell = inputs.cell()
    salts = [units.convert(c.value, c.unit, "mol/m3") for c in concentrations]
    rows = depleted_capacities(cell, rate, transferences, salts, simulator=simulator, progress=progress)
    results = {**central.results, **_bare(inputs, rate)}
    for row in rows:
        pair = f"t{row.transference:g}.c{row.concentration / 1000:g}"
        std = None if row.mesh is None else row.mesh / 3600
        results[f"capacity.{pair}"] = Quantity(row.cell / 3600, std, "mAh/g", SOURCE)
        if math.isfinite(row.bare_film):
            results[f"bare_film.{pair}"] = Quantity(row.bare_film / 3600, None, "mAh/g", "closed form")
    return Answer(
        results,
        {
            "Transference Number / 1": [row.transference for row in rows],
            "Salt Concentration / mol/L": [row.concentration / 1000 for row in rows],
            "Capacity / mAh/g": [row.cell / 3600 for row in rows],
            "Bare Film / mAh/g": [row.bare_film / 3600 if math.isfinite(row.bare_film) else None for row in rows],
            "Limiting Current / mA/cm2": [row.limiting_current / 10 for row in rows],
        },
        central.notes,
        central.warnings,
        {"depletion": _figure(rows, central.results, cell, rate), "profiles": central.figures["profiles"]},
        method=f"Doyle, Fuller and Newman's model for {len(rows)} pairs of transference number and concentration; the "
        "bare film in closed form.",
    )


def _bare(inputs: StatedCell, rate: float) -> dict[str, Quantity]:
    cell = inputs.cell()
    current = rate * cell.one_c

    def known(quantity: Callable[[LithiumMetalCell], float], size: float, unit: str) -> Quantity:
        """Propagate the inputs' uncertainties by central differences; none where a neighbour is never depleted."""
        ends = [(quantity(item.at(-1.0)), quantity(item.at(1.0))) for item in inputs.uncertain()]
        std = math.hypot(*((high - low) / 2 for low, high in ends))
        return Quantity(quantity(cell) / size, std / size if math.isfinite(std) else None, unit, "closed form")

    found = {"limiting_current": known(lambda c: _film(c).limiting_current, 10.0, "mA/cm2")}
    if math.isfinite(_film(cell).depletion_time(current)):
        found["depletion_time"] = known(lambda c: _film(c).depletion_time(rate * c.one_c), 1.0, "s")
        found["bare_film_capacity"] = known(lambda c: bare_film_capacity(c, rate), 3600.0, "mAh/g")
    return found


def _figure(
    rows: Sequence[DepletedCapacity], central: Mapping[str, Quantity], cell: LithiumMetalCell, rate: float
) -> FigureData:
    traces: list[Trace] = []
    for number, concentration in enumerate(dict.fromkeys(row.concentration for row in rows)):
        own = [row for row in rows if row.concentration == concentration]
        color, marker = _COLORS[number % 5], _MARKERS[number % 5]
        label = f"{concentration / 1000:.2g} mol/L"
        x = [row.transference for row in own]
        traces += [
            Points(x, [row.cell / 3600 for row in own], f"cell, {label}", color, marker=marker, joined=True),
            Line(x, [row.bare_film / 3600 for row in own], f"bare film, {label}", color, "dotted"),
        ]
    name = f"capacity.{rate:g}C"
    best = central[name]
    low, high = best.interval or (None, None)
    guess = f"best guess, {level_text()}"
    traces.append(Points([cell.transference], [best.value], guess, "ink", low=[low], high=[high], marker="star"))
    y = Axis(f"capacity at {rate:g}C", "mAh/g", low=0.0)
    panel = Panel(traces, Axis("transference number of lithium"), y)
    return Figure([panel], size=(6.0, 3.8)).entitled(f"A film that runs out of salt: capacity at {rate:g}C")


_COLORS = (0, 5, 2, 3, 1)
_MARKERS = ("circle", "square", "diamond", "up", "down")
