"""Plating, stripping and staircases of a symmetric lithium cell, as answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache

import numpy as np

from lamion.models.cells.charge_transfer import Convention, per_interface
from lamion.models.cells.critical_current import critical_current_raw
from lamion.models.cells.plating_stripping import CellHistory, run_protocol, square_wave
from lamion.models.cells.symmetric_cell import SymmetricCell, film_limiting_current
from lamion.models.cells.voltage_budget import voltage_budget
from lamion.quantities import Answer, FigureData, InputError, Quantity, propagate
from lamion.quantities.figure import Axis, Figure, Line, Panel, Points, Rule, Trace

_SOURCE = "uniform film, plating and stripping in time"
_UNITS = {
    "overpotential.first": "mV",
    "overpotential.last": "mV",
    "concentration_swing": "mol/L",
    "depletion_time": "s",
}
_ASSUMED = (
    "Whether the charge-transfer resistance is that of the cell or of one interface is not said: the cell's is taken. "
    "One interface's would double its overpotential at small currents."
)


def cycled(cell: SymmetricCell, convention: Convention | None, half_cycle: Quantity, cycles: int) -> Answer:
    """Follow a Li|Li cell through plating and stripping.

    Parameters
    ----------
    cell : SymmetricCell
        The electrolyte, the interfaces and the current.
    convention : str or None
        Whether the charge-transfer resistance is that of the ``"cell"`` or of one ``"interface"``; None where it is not
        known: the cell's is taken and a warning says so.
    half_cycle : Quantity
        How long each direction lasts.
    cycles : int
        Pairs of half cycles.

    Returns
    -------
    Answer
        ``overpotential.first`` and ``overpotential.last`` (mV, at the end of a half cycle), ``concentration_swing``
        (mol/L, of the dissolving electrode over the plating one at the end) and ``depletion_time`` (s); those that are
        never reached have no value. Their uncertainties are those of the cell. The series is the voltage in time.

    Raises
    ------
    InputError
        As :func:`lamion.models.cells.plating_stripping.run_protocol`.
    """
    whose, names = convention or "cell", list(cell.given())

    def follow(values: Sequence[float], samples: int) -> CellHistory:
        si = dict(zip(names, values, strict=True))
        steps = square_wave(si["current"], half_cycle.si, cycles)
        return run_protocol(cell.film(**si), per_interface(si["rct"], whose), steps, samples=samples)

    @cache
    def ends(*values: float) -> Mapping[str, float]:
        return _ends(follow(values, 2), 2 * cycles - 1, 2 * values[names.index("concentration")])

    def end(name: str) -> Callable[..., float]:
        return lambda *values: ends(*values)[name]

    history = follow([quantity.si for quantity in cell.given().values()], 40)
    found = _ends(history, 2 * cycles - 1, 2 * cell.concentration.si)
    results = {name: propagate(end(name), *cell.given().values(), unit=_UNITS[name], source=_SOURCE) for name in found}
    series: dict[str, list[float]] = {
        "Test Time / s": history.time.tolist(),
        "Current / mA/cm2": (history.current / 10).tolist(),
        "Voltage / mV": (1e3 * history.voltage).tolist(),
        "Charge Transfer / mV": (1e3 * history.charge_transfer).tolist(),
        "Concentration First / mol/L": (history.first / 1e3).tolist(),
        "Concentration Second / mol/L": (history.second / 1e3).tolist(),
    }
    traces = [Rule(0.0, "y", dash="solid"), Line(history.time / 3600, 1e3 * history.voltage)]
    drawn = Figure([Panel(traces, Axis("time", "h"), Axis("voltage", "mV"))], size=(6.5, 3.4))
    return Answer(
        results,
        series,
        {"convention": whose, "half_cycle": str(half_cycle), "cycles": cycles},
        (
            *(() if convention else (_ASSUMED,)),
            *(() if history.depleted_at is None else ("The salt is used up at an electrode: the record ends there.",)),
        ),
        {"history": drawn.entitled("Plating and stripping of a Li|Li cell")},
        {name: unit for name, unit in _UNITS.items() if name not in found},
        method=f"A uniform film between two lithium electrodes under {cycles} square "
        f"{'cycle' if cycles == 1 else 'cycles'}: linear diffusion, Butler-Volmer interfaces.",
    )


def _ends(history: CellHistory, last: int, whole: float) -> dict[str, float]:
    """Return in SI what a record ends with, without what it never reaches; at depletion the whole salt swings."""
    voltages = {"overpotential.first": history.at_end_of(0), "overpotential.last": history.at_end_of(last)}
    found = {name: abs(voltage) for name, voltage in voltages.items() if voltage is not None}
    if history.depleted_at is not None:
        return {**found, "concentration_swing": whole, "depletion_time": history.depleted_at}
    return {**found, "concentration_swing": abs(float(history.first[-1] - history.second[-1]))}


def critical_current(
    cell: SymmetricCell,
    convention: Convention | None,
    currents: Sequence[Quantity],
    half_cycle: Quantity,
    cycles: int = 1,
) -> Answer:
    """Run a critical-current test on the film, and compare it with the film's limiting current.

    Parameters
    ----------
    cell : SymmetricCell
        The electrolyte and the interfaces; its current is not used.
    convention : str
        As in :func:`cycled`.
    currents : sequence of Quantity
        Rising.
    half_cycle : Quantity
        How long each direction lasts at each current.
    cycles : int
        Pairs of half cycles at each current.

    Returns
    -------
    Answer
        ``limiting_current`` and ``largest_carried`` (mA/cm2) and ``depletion_time`` (s into that half cycle); those
        that are never reached have no value. The series has a row for each current.

    Raises
    ------
    InputError
        As :func:`lamion.models.cells.critical_current.critical_current_raw`.
    """
    if not currents:
        raise InputError("The staircase has no currents.", "", "Give them in rising order.")
    whose = convention or "cell"
    resistance = per_interface(cell.rct.si, whose)
    film = cell.film()
    found = critical_current_raw(film, resistance, [item.si for item in currents], half_cycle.si, cycles)
    results, unreached = {"limiting_current": film_limiting_current(cell)}, {}
    if found.largest_carried is not None:
        results["largest_carried"] = Quantity(found.largest_carried / 10, None, "mA/cm2", _SOURCE)
    else:
        unreached["largest_carried"] = "mA/cm2"
    last = found.levels[-1]
    if last.depleted_after is not None:
        results["depletion_time"] = Quantity(last.depleted_after, None, "s", _SOURCE)
    else:
        unreached["depletion_time"] = "s"
    rows = found.levels
    series: dict[str, list[float | None]] = {
        "Current / mA/cm2": [row.current / 10 for row in rows],
        "Overpotential / mV": [None if row.overpotential is None else 1e3 * row.overpotential for row in rows],
        "Depleted After / s": [row.depleted_after for row in rows],
    }
    fine = np.linspace(0, min(found.limiting_current, rows[-1].current), 60)[1:-1].tolist()
    steady = [1e3 * voltage_budget(film, resistance, value).overpotential for value in fine]
    drawn = _staircase_figure(series, [value / 10 for value in fine], steady, found.limiting_current / 10)
    return Answer(
        results,
        series,
        {"convention": whose, "half_cycle": str(half_cycle), "cycles": cycles},
        (
            *(() if convention else (_ASSUMED,)),
            "Interfaces never fail here: dendrites, voids and cracks can end a test below what the film carries.",
        ),
        {"staircase": drawn},
        unreached,
        method=f"A uniform film between two lithium electrodes, driven through {len(currents)} rising currents, "
        "unless its salt is used up before.",
    )


def _staircase_figure(
    series: Mapping[str, Sequence[float | None]], fine: list[float], steady: list[float], limiting: float
) -> FigureData:
    """Return overpotential against current, in mV and mA/cm2, with the currents that use up the salt."""
    currents, found = series["Current / mA/cm2"], series["Overpotential / mV"]
    carried = [(x, y) for x, y in zip(currents, found, strict=True) if x is not None and y is not None]
    depleting = [x for x, y in zip(currents, found, strict=True) if x is not None and y is None]
    traces: list[Trace] = [
        Line(fine, steady, "steady state", 4),
        Points([x for x, _ in carried], [y for _, y in carried], "end of the half cycle"),
        *(Rule(x, label=f"salt used up at {x:g} mA/cm²", color=5, dash="solid") for x in depleting),
    ]
    if limiting <= 1.3 * max(x for x in currents if x is not None):
        traces.append(Rule(limiting, label="limiting current"))
    panel = Panel(traces, Axis("current", "mA/cm2", low=0.0), Axis("overpotential", "mV", low=0.0))
    return Figure([panel], size=(6.0, 3.8)).entitled("A staircase of currents through a Li|Li cell")
