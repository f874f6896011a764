"""Plating, stripping and staircases of a symmetric lithium cell, as answers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lamion.models.cells.charge_transfer import Convention, per_interface
from lamion.models.cells.current_staircase import current_staircase
from lamion.models.cells.plating_stripping import run_protocol, square_wave
from lamion.models.cells.symmetric_cell import SymmetricCell
from lamion.models.cells.voltage_budget import voltage_budget
from lamion.quantities import Answer, FigureData, InputError, Quantity

_SOURCE = "uniform film, plating and stripping in time"


def cycled(cell: SymmetricCell, convention: Convention, half_cycle: Quantity, cycles: int) -> Answer:
    """Follow a Li|Li cell through plating and stripping.

    Parameters
    ----------
    cell : SymmetricCell
        The electrolyte, the interfaces and the current.
    convention : str
        Whether the charge-transfer resistance is that of the ``"cell"`` or of one ``"interface"``.
    half_cycle : Quantity
        How long each direction lasts.
    cycles : int
        Pairs of half cycles.

    Returns
    -------
    Answer
        ``overpotential.first`` and ``overpotential.last`` (mV, at the end of a half cycle), ``concentration_swing``
        (mol/L, of the dissolving electrode over the plating one at the end) and, where the salt is used up,
        ``depletion_time`` (s). The series is the voltage in time.

    Raises
    ------
    InputError
        As :func:`lamion.models.cells.plating_stripping.run_protocol`.
    """
    resistance = per_interface(cell.rct.si, convention)
    steps = square_wave(cell.current.si, half_cycle.si, cycles)
    history = run_protocol(cell.film(), resistance, steps)
    results = {}
    for name, step in (("first", 0), ("last", len(steps) - 1)):
        end = history.at_end_of(step)
        if end is not None:
            results[f"overpotential.{name}"] = Quantity(1e3 * abs(end), None, "mV", _SOURCE)
    swing = abs(float(history.first[-1] - history.second[-1])) if history.first.size else 2 * cell.concentration.si
    results["concentration_swing"] = Quantity(swing / 1e3, None, "mol/L", _SOURCE)
    if history.depleted_at is not None:
        results["depletion_time"] = Quantity(history.depleted_at, None, "s", _SOURCE)
    series: dict[str, list[float]] = {
        "Test Time / s": history.time.tolist(),
        "Current / mA/cm2": (history.current / 10).tolist(),
        "Voltage / mV": (1e3 * history.voltage).tolist(),
        "Charge Transfer / mV": (1e3 * history.charge_transfer).tolist(),
        "Concentration First / mol/L": (history.first / 1e3).tolist(),
        "Concentration Second / mol/L": (history.second / 1e3).tolist(),
    }
    data = {"time_s": history.time.tolist(), "voltage_mV": (1e3 * history.voltage).tolist()}
    return Answer(
        results,
        series,
        {"convention": convention, "half_cycle": str(half_cycle), "cycles": cycles},
        () if history.depleted_at is None else ("The salt is used up at an electrode: the record ends there.",),
        {"history": FigureData("voltage-history", "Plating and stripping of a Li|Li cell", data)},
    )


def staircase(
    cell: SymmetricCell, convention: Convention, currents: Sequence[Quantity], half_cycle: Quantity, cycles: int = 1
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
        ``limiting_current`` and, where one was carried, ``largest_carried`` (mA/cm2); where the salt is used up,
        ``depletion_time`` (s into that half cycle). The series has a row for each current.

    Raises
    ------
    InputError
        As :func:`lamion.models.cells.current_staircase.current_staircase`.
    """
    if not currents:
        raise InputError("The staircase has no currents.", "", "Give them in rising order.")
    resistance = per_interface(cell.rct.si, convention)
    film = cell.film()
    found = current_staircase(film, resistance, [item.si for item in currents], half_cycle.si, cycles)
    results = {"limiting_current": Quantity(found.limiting_current / 10, None, "mA/cm2", _SOURCE)}
    if found.largest_carried is not None:
        results["largest_carried"] = Quantity(found.largest_carried / 10, None, "mA/cm2", _SOURCE)
    last = found.stairs[-1]
    if last.depleted_after is not None:
        results["depletion_time"] = Quantity(last.depleted_after, None, "s", _SOURCE)
    rows = found.stairs
    series: dict[str, list[float | None]] = {
        "Current / mA/cm2": [row.current / 10 for row in rows],
        "Overpotential / mV": [None if row.overpotential is None else 1e3 * row.overpotential for row in rows],
        "Depleted After / s": [row.depleted_after for row in rows],
    }
    fine = np.linspace(0, min(found.limiting_current, rows[-1].current), 60)[1:-1].tolist()
    data = {
        "current_mA_cm2": series["Current / mA/cm2"],
        "overpotential_mV": series["Overpotential / mV"],
        "limiting_mA_cm2": found.limiting_current / 10,
        "steady": {
            "current_mA_cm2": [value / 10 for value in fine],
            "overpotential_mV": [1e3 * voltage_budget(film, resistance, value).overpotential for value in fine],
        },
    }
    return Answer(
        results,
        series,
        {"convention": convention, "half_cycle": str(half_cycle), "cycles": cycles},
        ("Interfaces never fail here: dendrites, voids and cracks can end a test below what the film carries.",),
        {"staircase": FigureData("staircase", "A staircase of currents through a Li|Li cell", data)},
    )
