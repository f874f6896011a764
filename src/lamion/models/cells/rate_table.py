"""Capacity and voltage of a lithium-metal cell at several rates, with what the uncertain inputs make of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lamion.models.cells.cell_simulator import CellSimulator, Discharge, rate_label
from lamion.models.cells.discharge_end import discharge_ends, end_notes, end_warnings
from lamion.models.cells.discretisation import Discretisation, discretisation, mesh_warnings
from lamion.models.cells.lithium_metal_cell import LithiumMetalCell
from lamion.models.cells.stated_cell import StatedCell, Uncertain
from lamion.progress import Progress, silent
from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.quantities.figure import Axis, Band, Figure, Line, Panel, Points, Trace
from lamion.quantities.level import LEVEL_95, coverage_factor, level_text

SOURCE = "Doyle-Fuller-Newman half-cell, PyBaMM"
_PROFILE_POINTS = 60
_BEYOND = 0.05
_OTHER_ONE_C = 0.1
NOMINAL = " The inputs are taken as exact: the uncertainty is what the mesh leaves open."


@dataclass(frozen=True)
class Spread:
    """What an uncertain input does to a discharge.

    Parameters
    ----------
    name : str
        The input.
    capacity : Mapping of float to float
        Change of the capacity, C/kg, by how many standard deviations the input is away.
    voltage : Mapping of float to float
        Change of the average voltage, V.
    middle : Mapping of float to float
        Change of the voltage at half of the capacity, V.
    """

    name: str
    capacity: Mapping[float, float]
    voltage: Mapping[float, float]
    middle: Mapping[float, float]


def mesh_spread(part: Discretisation) -> Spread:
    """Return what the mesh leaves open as if it were an uncertain input.

    Parameters
    ----------
    part : Discretisation
        Of a discharge.
    """
    changes = (part.capacity, part.average_voltage, part.middle_voltage)
    return Spread("discretisation", *({-1.0: -change, 1.0: change} for change in changes))


@dataclass(frozen=True)
class RateTable:
    """Discharges at several rates.

    Parameters
    ----------
    discharges : tuple of Discharge
        One a rate.
    spreads : tuple of tuple of Spread
        For each rate, one an uncertain input.
    """

    discharges: tuple[Discharge, ...]
    spreads: tuple[tuple[Spread, ...], ...]


def rate_table_raw(
    cell: LithiumMetalCell,
    rates: Sequence[float],
    uncertain: Sequence[Uncertain] = (),
    *,
    simulator: CellSimulator | None = None,
    progress: Progress = silent,
) -> RateTable:
    """Discharge a cell at every rate, and again with each uncertain input lower and higher.

    Parameters
    ----------
    cell : LithiumMetalCell
        The cell.
    rates : sequence of float
        In units of 1C.
    uncertain : sequence of Uncertain
        Its uncertain inputs: one standard deviation below and above, for a factor two as well.
    simulator : CellSimulator, optional
        Keeps its builds for later tables.
    progress : Progress
        Told after each input.

    Returns
    -------
    RateTable

    Raises
    ------
    InputError
        As :meth:`CellSimulator.discharge`.
    """
    simulator = simulator or CellSimulator()
    total = 1 + len(uncertain)
    progress(0, total, "the cell")
    central = simulator.discharges(cell, tuple(rates))
    spreads: list[list[Spread]] = [[] for _ in rates]
    for index, item in enumerate(uncertain):
        progress(1 + index, total, item.name)
        nodes = (-2.0, -1.0, 1.0, 2.0) if item.factor else (-1.0, 1.0)
        ends = {node: simulator.discharges(item.at(node), tuple(rates)) for node in nodes}
        for i, middle in enumerate(central):
            capacity = {node: end[i].capacity - middle.capacity for node, end in ends.items()}
            voltage = {node: end[i].average_voltage - middle.average_voltage for node, end in ends.items()}
            at_half = {node: end[i].middle_voltage - middle.middle_voltage for node, end in ends.items()}
            spreads[i].append(Spread(item.name, capacity, voltage, at_half))
    progress(total, total, "")
    return RateTable(central, tuple(map(tuple, spreads)))


def rate_table(
    inputs: StatedCell,
    rates: Sequence[float],
    *,
    uncertainty: bool = True,
    simulator: CellSimulator | None = None,
    progress: Progress = silent,
) -> Answer:
    """Predict capacities and voltages of a cell from its electrolyte and from published numbers of its cathode.

    Parameters
    ----------
    inputs : StatedCell
        The cell.
    rates : sequence of float
        In units of 1C.
    uncertainty : bool
        Whether to propagate the uncertain inputs; each costs two more discharges a rate. Without them the mesh's part
        alone is in the interval.
    simulator : CellSimulator, optional
        Keeps its builds.
    progress : Progress
        Told after each cell.

    Returns
    -------
    Answer
        ``capacity.0.1C`` (mAh/g), ``average_voltage.0.1C``, ``middle_voltage.0.1C`` (V) and so on; the series is the
        voltage profiles; ``notes.uncertainty_mAh_g`` lists what each input and the mesh (``discretisation``) contribute
        at each rate, ``notes.ended`` why each discharge ended.

    Raises
    ------
    InputError
        As :meth:`CellSimulator.discharge`; when there are no rates.

    Notes
    -----
    The standard uncertainty is the root mean square of the deviations from the value. An input known to a difference
    is taken one standard deviation down and up; one known to a factor at one and two, with weights 1/6 and 1/12 each,
    which is exact for polynomials to the fifth degree under a log-normal distribution. The interval adds what one
    standard deviation does, below and above apart, times the coverage factor of lamion's level (1); the 95 % interval
    does so further out, with a factor's own node at two, so that it ends where the cell's charge ends. Between
    published materials solid diffusion differs by decades, so a prediction is wide wherever diffusion matters; a fitted
    diffusion is no prediction.
    """
    wanted = tuple(dict.fromkeys(float(rate) for rate in rates))
    if not wanted:
        raise InputError("No rates were given.", "", "Give some, such as 0.1,0.5,1.")
    uncertain = list(inputs.uncertain()) if uncertainty else []
    simulator = simulator or CellSimulator()
    cell = inputs.cell()
    table = rate_table_raw(cell, wanted, uncertain, simulator=simulator, progress=progress)
    parts = discretisation(simulator, cell, table.discharges)
    ends = discharge_ends(simulator, cell, table.discharges)
    results: dict[str, Quantity] = {}
    shares: dict[str, dict[str, float]] = {}
    for discharge, inputs_do, part in zip(table.discharges, table.spreads, parts, strict=True):
        spreads = [*inputs_do, *([mesh_spread(part)] if part else [])]
        results |= _results(discharge, spreads)
        shares[rate_label(discharge.rate)] = {s.name: _rms(s.capacity) / 3600 for s in spreads}
    warnings = (
        *cell_warnings(inputs),
        *end_warnings(ends),
        *mesh_warnings(simulator.mesh, table.discharges, parts),
    )
    return Answer(
        results,
        profile_series(table.discharges),
        {
            "uncertainty_mAh_g": shares,
            "ended": end_notes(ends),
            "assumptions": inputs.assumptions(),
        },
        warnings,
        {"profiles": profile_figure(table.discharges, inputs.cathode.name), "rates": _rate_figure(results, inputs)},
        method=f"Doyle, Fuller and Newman's model at {len(wanted)} {'rate' if len(wanted) == 1 else 'rates'}, blind: "
        f"nothing is fitted to a measured capacity.{'' if uncertainty else NOMINAL}",
    )


def cell_warnings(inputs: StatedCell) -> tuple[str, ...]:
    """Say what of a cell's cathode is another material's or not known over the whole window, and an odd 1C.

    Parameters
    ----------
    inputs : StatedCell
        The cell.
    """
    found = [f"{inputs.cathode.name}: {inputs.cathode.stands_for}."] if inputs.cathode.stands_for else []
    potential = inputs.cathode.potential
    top, bottom = float(potential(potential.low)), float(potential(potential.high))
    low, high = (voltage.si for voltage in inputs.window)
    if high > top + _BEYOND or low < bottom - _BEYOND:
        found.append(
            f"The open-circuit potential is known from {bottom:.3g} to {top:.3g} V only; what the window of "
            f"{low:.3g} to {high:.3g} V holds beyond is not counted."
        )
    return (*found, *_other_one_c(inputs.cell()))


def _other_one_c(cell: LithiumMetalCell) -> Iterator[str]:
    """Say where 1C does not empty what the window holds in about an hour."""
    hours = cell.hours_at_one_c
    if max(hours, 1 / hours) > 1 + _OTHER_ONE_C:
        yield (
            f"1C is {cell.one_c / 10:.3g} mA/cm2, {cell.one_c / cell.loading:.4g} mAh/g of the active mass in an hour; "
            f"the window holds {cell.capacity_at_rest / 3600:.4g} mAh/g at rest, which 1C takes in {hours:.2g} h. Is "
            "the loading that of the active mass, and 1C that of this window?"
        )


def _results(discharge: Discharge, spreads: Sequence[Spread]) -> dict[str, Quantity]:
    label = rate_label(discharge.rate)
    capacity = _with_spread(discharge.capacity, [s.capacity for s in spreads], 3600.0, "mAh/g")
    voltage = _with_spread(discharge.average_voltage, [s.voltage for s in spreads], 1.0, "V")
    middle = _with_spread(discharge.middle_voltage, [s.middle for s in spreads], 1.0, "V")
    return {f"capacity.{label}": capacity, f"average_voltage.{label}": voltage, f"middle_voltage.{label}": middle}


def _with_spread(value: float, changes: Sequence[Mapping[float, float]], size: float, unit: str) -> Quantity:
    if not changes:
        return Quantity(value / size, None, unit, SOURCE)
    std = math.hypot(*(_rms(change) for change in changes))
    factor = coverage_factor()
    below = factor * math.hypot(*(min(change[-1.0], change[1.0], 0.0) for change in changes))
    above = factor * math.hypot(*(max(change[-1.0], change[1.0], 0.0) for change in changes))
    low = math.hypot(*(min(_at_95(change, -1), _at_95(change, 1), 0.0) for change in changes))
    high = math.hypot(*(max(_at_95(change, -1), _at_95(change, 1), 0.0) for change in changes))
    near, wide = ((value - below, value + above), (value - low, value + high))
    return Quantity(
        value / size, std / size, unit, SOURCE, (near[0] / size, near[1] / size), (wide[0] / size, wide[1] / size)
    )


def _at_95(change: Mapping[float, float], sign: int) -> float:
    """Return the change at the end of an input's 95 % range: on the line to one standard deviation, or between nodes.

    Beyond one standard deviation an input known to a factor follows its own node at two, where the result saturates.
    """
    k = coverage_factor(LEVEL_95)
    one = change[float(sign)]
    if 2.0 not in change:
        return k * one
    return one + (k - 1) * (change[2.0 * sign] - one)


def _rms(change: Mapping[float, float]) -> float:
    """Return the root mean square change under a normal distribution of the input (of its logarithm for a factor)."""
    near = (change[-1.0] ** 2 + change[1.0] ** 2) / 2
    if 2.0 not in change:
        return math.sqrt(near)
    return math.sqrt(near / 3 + (change[-2.0] ** 2 + change[2.0] ** 2) / 12)


def profile_series(discharges: Sequence[Discharge]) -> dict[str, list[float]]:
    """Return voltage profiles as one long table.

    Parameters
    ----------
    discharges : sequence of Discharge
        One a rate.
    """
    series: dict[str, list[float]] = {"Rate / 1": [], "Specific Capacity / mAh/g": [], "Voltage / V": []}
    for discharge in discharges:
        charge, voltage = _thinned(discharge)
        series["Rate / 1"] += [discharge.rate] * len(charge)
        series["Specific Capacity / mAh/g"] += charge
        series["Voltage / V"] += voltage
    return series


def profile_figure(discharges: Sequence[Discharge], name: str) -> FigureData:
    """Return the figure of voltage profiles.

    Parameters
    ----------
    discharges : sequence of Discharge
        One a rate.
    name : str
        The cathode's.
    """
    traces = [Line(*_thinned(one), rate_label(one.rate), value=one.rate) for one in discharges]
    panel = Panel(traces, Axis("capacity", "mAh/g", low=0.0), Axis("voltage", "V"))
    return Figure([panel], size=(6.0, 3.8), colors=Axis("rate", "C", "log")).entitled(
        f"Discharge of {name}|Li, simulated"
    )


def _thinned(discharge: Discharge) -> tuple[list[float], list[float]]:
    """Return a profile at points even along the curve, so that its steep end is drawn too."""
    charge, voltage = discharge.charge / discharge.capacity, discharge.voltage
    length = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(charge), np.diff(voltage)))])
    at = np.linspace(0.0, length[-1], _PROFILE_POINTS)
    points = np.interp(at, length, discharge.charge) / 3600, np.interp(at, length, voltage)
    return points[0].tolist(), points[1].tolist()


def _rate_figure(results: dict[str, Quantity], inputs: StatedCell) -> FigureData:
    names = [name for name in results if name.startswith("capacity.")]
    rates = [float(name.removeprefix("capacity.").removesuffix("C")) for name in names]
    intervals = [results[name].interval or (None, None) for name in names]
    traces = blind_traces(rates, [results[name].value for name in names], intervals, f"blind, {level_text()}", names)
    return rate_figure(traces).entitled(f"{inputs.cathode.name}|Li, predicted from published numbers")


def blind_traces(
    rates: Sequence[float],
    capacities: Sequence[float],
    intervals: Sequence[tuple[float | None, float | None]],
    label: str,
    results: Sequence[str] = (),
) -> list[Trace]:
    """Return capacities that were predicted without a look at the cell, with their band where all of it is known.

    Parameters
    ----------
    rates : sequence of float
        C.
    capacities : sequence of float
        mAh/g.
    intervals : sequence of pairs
        Their ends, mAh/g.
    label : str
        What the band is.
    results : sequence of str
        The results that they are, one of each.
    """
    low, high = [end for end, _ in intervals], [end for _, end in intervals]
    points = Points(rates, capacities, "blind, published diffusion", joined=True, results=results)
    return [points] if None in (*low, *high) else [Band(rates, low, high, label), points]


def rate_figure(traces: Sequence[Trace]) -> Figure:
    """Return the figure of capacities against rate.

    Parameters
    ----------
    traces : sequence of Trace
        Rates in C, capacities in mAh/g.
    """
    axes = Axis("rate", "C"), Axis("capacity", "mAh/g", low=0.0)
    return Figure([Panel(traces, *axes, legend="lower left")], size=(6.0, 3.8))
