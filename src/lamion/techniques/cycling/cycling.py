r"""Capacity, efficiency, retention and polarisation of a cell over its cycles.

.. math:: \mathrm{retention}_n = \frac{Q_{\mathrm{discharge},n}}{Q_{\mathrm{discharge},\mathrm{ref}}}
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.quantities.figure import Axis, Figure, Line, Panel, Points, Rule
from lamion.quantities.level import LEVEL, coverage_factor
from lamion.records.measurements import CyclingRecord
from lamion.techniques.cycling.accuracy import Accuracy, capacity_std, efficiency_std, offset_std
from lamion.techniques.cycling.cycle_table import CycleTable, cycle_table
from lamion.techniques.cycling.fade import Fade, fade
from lamion.techniques.cycling.half_cycles import HalfCycles, half_cycles
from lamion.techniques.cycling.voltage_profile import Polarisation, VoltageProfile, polarisation, voltage_profile

Array = NDArray[np.float64]

_SOURCE = "charge that passed, counted over each half-cycle"
_MAH = 1 / 3.6
_DRAWN = 6
_PROFILE_POINTS = 400
_AROUND = 10
_ODD_EFFICIENCY = 1.02
_ROOM = 0.2


@dataclass(frozen=True, eq=False)
class Cycling:
    """All cycles of a record.

    Parameters
    ----------
    table : CycleTable
        Of n cycles.
    capacity_std, efficiency_std, offset_std : array, shape (n,)
        What the channel's accuracy leaves, A s and 1; of the efficiencies all, and what is alike in all.
    polarisation : tuple of (Polarisation or None)
        At half the discharge capacity; None where a cycle lacks a half.
    charges, discharges : tuple of (VoltageProfile or None)
        Of each cycle.
    halves : HalfCycles
        What they were added from.
    """

    table: CycleTable
    capacity_std: Array
    efficiency_std: Array
    offset_std: Array
    polarisation: tuple[Polarisation | None, ...]
    charges: tuple[VoltageProfile | None, ...]
    discharges: tuple[VoltageProfile | None, ...]
    halves: HalfCycles


def cycling_raw(record: CyclingRecord, accuracy: Accuracy | None = None) -> Cycling:
    """Find the cycles of a record.

    Parameters
    ----------
    record : CyclingRecord
        Current positive when it charges.
    accuracy : Accuracy, optional
        Of the channel; none is counted without it.

    Raises
    ------
    InputError
        When no current flows, or only one way.

    Examples
    --------
    >>> from lamion.synthetic.cycling import CycledCell, cycling_record
    >>> found = cycling_raw(cycling_record(CycledCell(), cycles=3))
    >>> found.table.coulombic_efficiency.round(6)
    array([0.998, 0.998, 0.998])
    """
    time, voltage, current = record.time, record.voltage, record.current
    halves = half_cycles(time, voltage, current, cycle=record.cycle, charge=record.charge)
    if len(np.unique(halves.sign)) < 2:
        way = "charges" if halves.sign[0] > 0 else "discharges"
        raise InputError(
            f"The record only {way} the cell.",
            "The current may have lost its sign.",
            "Give a record with charges and discharges, or the current with its sign (positive charges).",
        )
    table = cycle_table(halves)
    charges, discharges = (_profiles(record, halves, table, sign) for sign in (1, -1))
    slopes = [np.array([0.0 if p is None else p.end_slope for p in some]) for some in (charges, discharges)]
    accuracy = accuracy or Accuracy()
    return Cycling(
        table,
        capacity_std(table, accuracy, *slopes),
        efficiency_std(table, accuracy, slopes[1]),
        offset_std(table, accuracy),
        tuple(
            None if up is None or down is None else polarisation(up, down)
            for up, down in zip(charges, discharges, strict=True)
        ),
        charges,
        discharges,
        halves,
    )


def _profiles(
    record: CyclingRecord, halves: HalfCycles, table: CycleTable, sign: int
) -> tuple[VoltageProfile | None, ...]:
    """Return the profile of each cycle's half of one sign, the largest where there are several."""
    found: dict[int, int] = {}
    for place in np.flatnonzero(halves.sign == sign):
        number = int(halves.number[place])
        if number not in found or halves.charge[place] > halves.charge[found[number]]:
            found[number] = int(place)
    return tuple(
        voltage_profile(halves, found[number], record.time, record.voltage, record.current) if number in found else None
        for number in table.number.tolist()
    )


def cycling(
    record: CyclingRecord,
    *,
    reference: int | None = None,
    mass: Quantity | None = None,
    area: Quantity | None = None,
    accuracy: Accuracy | None = None,
) -> Answer:
    r"""Say what a cell's cycles gave.

    .. math:: \eta = Q_\mathrm{discharge}/Q_\mathrm{charge}, \qquad
              \mathrm{retention} = Q_\mathrm{last}/Q_\mathrm{reference}

    Parameters
    ----------
    record : CyclingRecord
        Current positive when it charges.
    reference : int, optional
        The cycle that capacities are retained of; the first complete one without it.
    mass : Quantity, optional
        Of active material.
    area : Quantity, optional
        Of the electrode; the record's own without it.
    accuracy : Accuracy, optional
        Of the cycler's channel.

    Returns
    -------
    Answer
        ``capacity`` of the reference's discharge (mAh; ``specific_capacity``, ``areal_capacity``), ``retention`` of the
        last complete cycle, ``coulombic_efficiency`` (mean from the reference on), ``first_efficiency``,
        ``energy_efficiency``, ``polarisation`` at half charge (mV), ``fade`` (share a cycle), ``knee``; a row a cycle.

    Raises
    ------
    InputError
        As :func:`cycling_raw`; when no cycle is complete, or there is no cycle of that number.

    Examples
    --------
    >>> from lamion.synthetic.cycling import CycledCell, cycling_record
    >>> answer = cycling(cycling_record(CycledCell(), cycles=20))
    >>> round(answer["capacity"].value, 4), round(answer["retention"].value, 4)
    (1.0, 0.9905)
    """
    found = cycling_raw(record, accuracy)
    first = _reference(found.table, reference)
    counted = np.flatnonzero(found.table.complete & (np.arange(len(found.table)) >= first))
    last = int(counted[-1])
    since = (found.table.number[counted] - found.table.number[first]).astype(np.float64)
    law = fade(since, found.table.discharge_capacity[counted])
    results = _results(found, counted, first, last, law)
    results |= _normalised(results["capacity"], mass, area, record)
    return Answer(
        results,
        _series(found),
        _notes(found, first, last, law, accuracy),
        _warnings(found, counted, accuracy),
        {"cycles": _figure(found, counted, first, law), "profiles": _profile_figure(found, counted)},
        method=_method(found, first, last),
        headline=("specific_capacity", "areal_capacity", "capacity", "retention", "coulombic_efficiency"),
    )


def _reference(table: CycleTable, asked: int | None) -> int:
    complete = np.flatnonzero(table.complete)
    if not len(complete):
        raise InputError(
            "No cycle is complete: none holds a charge and a discharge that go to where the others end.",
            "The record may be of one half, or cut.",
            "Give a record of whole cycles.",
        )
    if asked is None:
        return int(complete[0])
    place = table.row(asked)
    if not table.complete[place]:
        raise InputError(
            f"Cycle {asked} is not complete.",
            "",
            f"Name another one; the first complete is {table.number[complete[0]]}.",
        )
    return place


def _results(found: Cycling, counted: NDArray[np.intp], first: int, last: int, law: Fade | None) -> dict[str, Quantity]:
    table = found.table
    capacity, scatter = table.discharge_capacity, _scatter(table.discharge_capacity[counted])
    retained = float(capacity[last] / capacity[first])
    own = [found.capacity_std[place] / capacity[place] for place in (first, last)]
    # The channel's gain and its cut-offs are the same in both.
    between = abs(own[0] - own[1])
    noise = scatter * math.hypot(1 / capacity[first], 1 / capacity[last])
    results = {
        "capacity": Quantity(_MAH * float(capacity[first]), _MAH * float(found.capacity_std[first]), "mAh", _SOURCE),
        **(
            {"retention": Quantity(retained, retained * math.hypot(noise, between), "1", _SOURCE)}
            if last > first
            else {}
        ),
        "coulombic_efficiency": _mean(table.coulombic_efficiency[counted], found.offset_std[counted]),
        "energy_efficiency": _mean(table.energy_efficiency[counted], np.zeros(len(counted))),
        "first_efficiency": Quantity(
            float(table.coulombic_efficiency[first]), float(found.efficiency_std[first]), "1", _SOURCE
        ),
    }
    apart = found.polarisation[first]
    if apart is not None:
        results["polarisation"] = Quantity(1e3 * apart.value, 1e3 * apart.std, "mV", _SOURCE)
    if law is not None:
        results["fade"] = Quantity(law.loss, law.loss_std, "1", _SOURCE)
        if law.knee is not None:
            start = float(table.number[first])
            results["knee"] = Quantity(start + law.knee, law.knee_std, "1", _SOURCE)
    return results


def _scatter(values: Array) -> float:
    """Return how far one cycle lies off its neighbours, from third differences of the last ones."""
    some = values[-2 * _AROUND :]
    if len(some) < _AROUND:
        return 0.0
    return float(np.sqrt(np.mean(np.diff(some, 3) ** 2) / 20))


def _mean(values: Array, own: Array) -> Quantity:
    """Average over cycles: their scatter goes down with their number, what the instrument leaves does not."""
    count = len(values)
    spread = coverage_factor(LEVEL, count - 1) * float(np.std(values, ddof=1)) / math.sqrt(count) if count > 1 else 0.0
    return Quantity(float(np.mean(values)), math.hypot(spread, float(np.mean(own))), "1", _SOURCE)


def _normalised(
    capacity: Quantity, mass: Quantity | None, area: Quantity | None, record: CyclingRecord
) -> dict[str, Quantity]:
    """Return the capacity per mass and per area, where they are known."""
    found = {}
    own = None if record.area is None else Quantity(1e4 * record.area, None, "cm2")
    for name, size, unit in (("specific_capacity", mass, "g"), ("areal_capacity", area or own, "cm2")):
        if size is None:
            continue
        of = size.to(unit)
        if of.value <= 0:
            raise InputError(f"{size} is not larger than zero.", "", "Give a positive mass or area.")
        relative = math.hypot((capacity.std or 0.0) / capacity.value, (of.std or 0.0) / of.value)
        value = capacity.value / of.value
        found[name] = Quantity(value, value * relative, f"mAh/{unit}", _SOURCE)
    return found


def _series(found: Cycling) -> dict[str, list[float | None]]:
    table = found.table
    apart = np.array([np.nan if one is None else one.value for one in found.polarisation])
    columns = {
        "Cycle Count / 1": table.number.astype(np.float64),
        "Charge Capacity / mAh": _MAH * table.charge_capacity,
        "Discharge Capacity / mAh": _MAH * table.discharge_capacity,
        "Discharge Capacity Uncertainty / mAh": _MAH * found.capacity_std,
        "Coulombic Efficiency / 1": table.coulombic_efficiency,
        "Coulombic Efficiency Uncertainty / 1": found.efficiency_std,
        "Energy Efficiency / 1": table.energy_efficiency,
        "Charge Energy / mWh": table.charge_energy / 3.6,
        "Discharge Energy / mWh": table.discharge_energy / 3.6,
        "Mean Charge Voltage / V": table.charge_voltage,
        "Mean Discharge Voltage / V": table.discharge_voltage,
        "Polarisation / mV": 1e3 * apart,
        "Complete / 1": table.complete.astype(np.float64),
    }
    return {name: _listed(values) for name, values in columns.items()}


def _listed(values: Iterable[float]) -> list[float | None]:
    return [float(value) if math.isfinite(value) else None for value in values]


def _notes(found: Cycling, first: int, last: int, law: Fade | None, accuracy: Accuracy | None) -> dict[str, object]:
    table = found.table
    known = accuracy or Accuracy()
    return {
        "cycles": len(table),
        "complete": int(table.complete.sum()),
        "reference": int(table.number[first]),
        "last": int(table.number[last]),
        "numbered_by": "the turns of the current" if found.halves.counted else "the file",
        "begins_with": "discharge" if table.discharge_first else "charge",
        "fade_law": None if law is None else law.law,
        "accuracy": {
            "current_A": known.current,
            "current_gain": known.gain,
            "voltage_V": known.voltage,
            "voltage_repeatability_V": known.repeatability,
        },
    }


def _warnings(found: Cycling, counted: NDArray[np.intp], accuracy: Accuracy | None) -> list[str]:
    table = found.table
    said = []
    between = slice(int(counted[0]), int(counted[-1]) + 1)
    left_out = table.number[between][~table.complete[between]]
    if len(left_out):
        names = ", ".join(map(str, left_out[:5].tolist())) + (
            f" and {len(left_out) - 5} more" if len(left_out) > 5 else ""
        )
        said.append(f"Not complete, and not counted: cycle {names}.")
    lost = int(np.sum(np.diff(table.number) - 1))
    if lost > 0:
        said.append(
            f"{lost} cycles are missing from the record's own numbers: its losses are not those of the cell alone."
        )
    if found.halves.gaps:
        count = found.halves.gaps
        said.append(
            f"{count} interval{'s are holes' if count > 1 else ' is a hole'} of the record, or back in time: what "
            "flowed there is not counted."
        )
    high = table.number[counted][table.coulombic_efficiency[counted] > _ODD_EFFICIENCY]
    if len(high):
        why = (
            "its discharge stands first: the charge over the discharge is meant of such an electrode"
            if table.discharge_first
            else "it was not discharged before, or signs are turned"
        )
        said.append(f"More is discharged than charged in {len(high)} cycles, first in {high[0]}: {why}.")
    if accuracy is None or not accuracy.known:
        said.append(
            "The cycler's accuracy is not given, so the uncertainties leave it out: give --current-accuracy and "
            "--voltage-accuracy."
        )
    return said


def _method(found: Cycling, first: int, last: int) -> str:
    table = found.table
    how = "counted by the turns of the current" if found.halves.counted else "as the file counts them"
    reference = f"cycle {table.number[first]}"
    retained = f"retention is cycle {table.number[last]} over {reference}, " if last > first else ""
    return (
        f"{int(table.complete.sum())} of {len(table)} cycles complete, {how}; {retained}polarisation that of "
        f"{reference} at half its discharge."
    )


def _figure(found: Cycling, counted: NDArray[np.intp], first: int, law: Fade | None) -> FigureData:
    table = found.table
    n = table.number[counted]
    traces: list[Points | Line | Rule] = [
        Points(n, _MAH * table.charge_capacity[counted], "charge", 1, open=True),
        Points(n, _MAH * table.discharge_capacity[counted], "discharge", 0, y_error=_MAH * found.capacity_std[counted]),
    ]
    if law is not None:
        at = np.linspace(law.first, law.last, 200)
        traces.append(Line(table.number[first] + at, _MAH * law.capacity(at), f"fade, {law.law}", "ink", "dashed"))
        if law.knee is not None:
            traces.append(Rule(float(table.number[first]) + law.knee, text="knee"))
    efficiency = Points(
        n,
        100 * table.coulombic_efficiency[counted],
        "",
        2,
        y_error=100 * found.efficiency_std[counted],
        marker="square",
    )
    cycle = Axis("cycle")
    low, high = (100 * float(end(table.coulombic_efficiency[counted])) for end in (np.min, np.max))
    return Figure(
        [
            Panel(traces, cycle, Axis("capacity", "mAh")),
            Panel(
                [efficiency],
                cycle,
                Axis(
                    "coulombic efficiency",
                    "%",
                    low=low - _ROOM * (high - low + 1),
                    high=high + _ROOM * (high - low + 1),
                ),
                legend="",
            ),
        ],
        size=(6.0, 5.2),
        heights=(3.0, 2.0),
        share_x=True,
    ).entitled("Capacity and coulombic efficiency over the cycles")


def _profile_figure(found: Cycling, counted: NDArray[np.intp]) -> FigureData:
    places = counted[np.unique(np.linspace(0, len(counted) - 1, _DRAWN).round().astype(int))]
    traces = []
    for place in places:
        number = float(found.table.number[place])
        for profile, label in ((found.charges[place], ""), (found.discharges[place], f"cycle {number:g}")):
            if profile is not None:
                rows = np.unique(np.linspace(0, len(profile.passed) - 1, _PROFILE_POINTS).round().astype(int))
                traces.append(Line(_MAH * profile.passed[rows], profile.voltage[rows], label, value=number))
    panel = Panel(traces, Axis("capacity", "mAh", low=0.0), Axis("voltage", "V"))
    return Figure([panel], colors=Axis("cycle")).entitled("Voltage over capacity, some cycles")
