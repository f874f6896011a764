r"""Capacity against rate from measured cycles, and what is left of it when the first rate comes back.

.. math:: r = \frac{I}{I_{1C}}, \qquad I_{1C} = \frac{Q_\mathrm{nominal}}{1\,\mathrm{h}}

The nominal capacity is the stated one, or the one measured at the lowest current.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, FigureData, InputError, Quantity, units
from lamion.quantities.figure import Axis, Figure, Labels, Panel, Points, Trace
from lamion.quantities.level import LEVEL, coverage_factor
from lamion.records.measurements import CyclingRecord
from lamion.techniques.cycling.constant_currents import check_time
from lamion.techniques.cycling.cycle_table import cycle_table
from lamion.techniques.cycling.half_cycles import HalfCycles, half_cycles
from lamion.texts import counted

Array = NDArray[np.float64]
Half = Literal["discharge", "charge"]

_ALIKE = 0.02
"""Currents that differ by less are one rate."""
_HOUR = 3600.0
_SOURCE = "charge that passed, median over the cycles of a rate"


@dataclass(frozen=True, eq=False)
class RateStep:
    """Cycles in a row at one current.

    Parameters
    ----------
    current : float
        A.
    cycles : array of int, shape (n,)
        Their numbers.
    capacities : array, shape (n,)
        A s.
    """

    current: float
    cycles: NDArray[np.int64]
    capacities: Array

    @property
    def middle(self) -> float:
        """The median capacity, A s."""
        return float(np.median(self.capacities))

    @property
    def spread(self) -> float | None:
        """Half the interval in which one more repeat would lie, A s; None of a single one."""
        count = len(self.capacities)
        if count < 2:
            return None
        std = float(np.std(self.capacities, ddof=1))
        return coverage_factor(LEVEL, count - 1) * std * math.sqrt(1 + _of_median(count))


@dataclass(frozen=True, eq=False)
class RateTable:
    """All steps of a record.

    Parameters
    ----------
    steps : tuple of RateStep
        In order; a current that comes back is a step of its own.
    incomplete : int
        Cycles that were left out.
    """

    steps: tuple[RateStep, ...]
    incomplete: int

    @property
    def back(self) -> RateStep | None:
        """The last step at the current of the first, another rate between; None where none came back."""
        first = self.steps[0]
        return next((one for one in self.steps[:1:-1] if _alike(one.current, first.current)), None)

    def kept(self) -> tuple[float, float | None]:
        """Return the share of the first step's capacity that came back, and its standard uncertainty."""
        first, back = self.steps[0], self.back
        if back is None:
            return math.nan, None
        share = back.middle / first.middle
        several = [one for one in (first, back) if len(one.capacities) > 1]
        if not several:
            return share, None
        freedom = sum(len(one.capacities) - 1 for one in several)
        squares = sum(float(np.var(one.capacities / one.middle) * len(one.capacities)) for one in several)
        std = math.sqrt(squares / freedom * sum(_of_median(len(one.capacities)) for one in (first, back)))
        return share, share * coverage_factor(LEVEL, freedom) * std


def _of_median(count: int) -> float:
    """Return the variance of a median over that of one of its values."""
    return (math.pi / 2 if count > 2 else 1.0) / count


def rates_raw(record: CyclingRecord, half: Half = "discharge") -> RateTable:
    """Group the complete cycles of a record by the current of one half.

    Parameters
    ----------
    record : CyclingRecord
        Current positive when it charges.
    half : {"discharge", "charge"}
        Whose current and capacity.

    Raises
    ------
    InputError
        When no cycle is complete.

    Examples
    --------
    >>> from lamion.synthetic.rate_steps import rate_record
    >>> table = rates_raw(rate_record([0.1, 1.0, 0.1], 3))
    >>> [round(1e3 * step.current, 3) for step in table.steps], table.back is table.steps[2]
    ([0.1, 1.0, 0.1], True)
    """
    check_time(record.time)
    halves = half_cycles(record.time, record.voltage, record.current, cycle=record.cycle, charge=record.charge)
    table = cycle_table(halves)
    if not np.any(table.complete):
        raise InputError(
            "No cycle is complete: none holds a charge and a discharge that go to where the others end.",
            "The record may be of one half, or cut.",
            "Give a record of whole cycles.",
        )
    capacity = table.discharge_capacity if half == "discharge" else table.charge_capacity
    sign = -1 if half == "discharge" else 1
    steps = list[list[tuple[float, int, float]]]()
    for number, passed in zip(table.number[table.complete].tolist(), capacity[table.complete].tolist(), strict=True):
        current = _current(halves, record, number, sign)
        if not steps or not _alike(current, float(np.median([one[0] for one in steps[-1]]))):
            steps.append([])
        steps[-1].append((current, number, passed))
    return RateTable(tuple(map(_step, steps)), int(np.sum(~table.complete)))


def _step(rows: Sequence[tuple[float, int, float]]) -> RateStep:
    currents, numbers, capacities = zip(*rows, strict=True)
    return RateStep(float(np.median(currents)), np.array(numbers), np.array(capacities))


def _current(halves: HalfCycles, record: CyclingRecord, number: int, sign: int) -> float:
    """Return the current of the largest half of a cycle, its median, which a taper at its end does not move."""
    mine = np.flatnonzero((halves.number == number) & (halves.sign == sign))
    place = mine[np.argmax(halves.charge[mine])]
    flows = sign * record.current[int(halves.first[place]) : int(halves.last[place]) + 1]
    return float(np.median(flows[flows > 0]))


def _alike(one: float, other: float) -> bool:
    return abs(one - other) <= _ALIKE * max(one, other)


def rates(
    record: CyclingRecord,
    *,
    half: Half = "discharge",
    nominal: Quantity | None = None,
    mass: Quantity | None = None,
) -> Answer:
    """Say what a cell gave at each rate.

    Parameters
    ----------
    record : CyclingRecord
        Current positive when it charges.
    half : {"discharge", "charge"}
        Whose current and capacity.
    nominal : Quantity, optional
        The capacity that 1C passes in an hour, of the cell or, with the mass, per mass; without it the capacity at the
        lowest current.
    mass : Quantity, optional
        Of active material.

    Returns
    -------
    Answer
        ``capacity.0.1C`` and so on (mAh, or mAh/g with the mass): the median of the first visit to each rate, with the
        interval in which one more repeat would lie; ``rate_back``, what came back of the first; a row a step.

    Raises
    ------
    InputError
        As :func:`rates_raw`; when all cycles ran at one current, or a nominal capacity per mass has no mass.

    Examples
    --------
    >>> from lamion.synthetic.rate_steps import rate_record
    >>> answer = rates(rate_record([0.1, 1.0, 0.1], 5, seed=1), nominal=Quantity("1 mAh"))
    >>> sorted(answer)
    ['capacity.0.1C', 'capacity.1C', 'rate_back']
    """
    table = rates_raw(record, half)
    if all(_alike(step.current, table.steps[0].current) for step in table.steps):
        raise InputError(
            f"All cycles ran at one current, {1e3 * table.steps[0].current:.3g} mA.",
            f"Perhaps the other half was varied than the {half}.",
            "Choose it with --half, or take 'analyze cycling' for cycles at one rate.",
        )
    one_c, convention = _one_c(table, nominal, mass)
    size, unit = _per(mass)
    names = _names(table, one_c)
    results = _results(table, names, size, unit)
    share, std = table.kept()
    if table.back is not None:
        results["rate_back"] = Quantity(share, std, "1", _SOURCE)
    return Answer(
        results,
        _series(table, one_c, size, unit),
        {"convention": convention, "one_c_mA": 1e3 * one_c, "half": half, "steps": len(table.steps)},
        _warnings(table, record),
        {"rates": _figure(table, names, one_c, size, unit)},
        unreached={} if table.back is not None else {"rate_back": "1"},
        method=f"Median {half} capacity of {counted(len(table.steps), 'step')}; {convention}.",
        headline=("capacity.*", "rate_back"),
    )


def _one_c(table: RateTable, nominal: Quantity | None, mass: Quantity | None) -> tuple[float, str]:
    if nominal is None:
        lowest = min(table.steps, key=lambda step: step.current)
        return lowest.middle / _HOUR, (
            f"1C is {1e3 * lowest.middle / _HOUR:.3g} mA, what passes the capacity measured at the lowest current in "
            "an hour"
        )
    charge = nominal
    if not units.same_dimension(nominal.unit, "A s"):
        if mass is None:
            raise InputError(f"The nominal capacity {nominal} is per mass.", "", "Give the mass, or that of the cell.")
        charge = nominal * mass
    return charge.si / _HOUR, f"1C is {1e3 * charge.si / _HOUR:.3g} mA, what passes the stated {nominal} in an hour"


def _per(mass: Quantity | None) -> tuple[float, str]:
    """Return what an A s is worth in the unit of the answer, and that unit."""
    if mass is None:
        return 1 / 3.6, "mAh"
    if mass.si <= 0:
        raise InputError(f"The mass {mass} is not larger than zero.", "", "Give a positive mass.")
    return 1 / 3.6 / mass.to("g").value, "mAh/g"


def _names(table: RateTable, one_c: float) -> list[str]:
    """Return short names of the steps' rates, longer ones where two different rates would be called the same."""
    different = list[float]()
    for step in table.steps:
        if not any(_alike(step.current, one) for one in different):
            different.append(step.current)
    for digits in range(2, 8):
        names = [f"{float(f'{one / one_c:.{digits}g}'):g}C" for one in different]
        if len(set(names)) == len(names):
            break
    return [
        next(name for one, name in zip(different, names, strict=True) if _alike(step.current, one))
        for step in table.steps
    ]


def _results(table: RateTable, names: Sequence[str], size: float, unit: str) -> dict[str, Quantity]:
    found = dict[str, Quantity]()
    for name, step in zip(names, table.steps, strict=True):
        spread = None if step.spread is None else size * step.spread
        found.setdefault(f"capacity.{name}", Quantity(size * step.middle, spread, unit, _SOURCE))
    return found


def _series(table: RateTable, one_c: float, size: float, unit: str) -> dict[str, list[float | None]]:
    steps, first = table.steps, table.steps[0].middle
    return {
        "Rate / 1": [step.current / one_c for step in steps],
        "Current / mA": [1e3 * step.current for step in steps],
        "First Cycle / 1": [float(step.cycles[0]) for step in steps],
        "Cycles / 1": [float(len(step.cycles)) for step in steps],
        f"Capacity / {unit}": [size * step.middle for step in steps],
        f"Spread / {unit}": [None if step.spread is None else size * step.spread for step in steps],
        "Share of the First / 1": [step.middle / first for step in steps],
    }


def _warnings(table: RateTable, record: CyclingRecord) -> list[str]:
    said = []
    if table.incomplete:
        said.append(f"{counted(table.incomplete, 'cycle')} not complete, and not counted.")
    single = sum(len(step.capacities) == 1 for step in table.steps)
    if single:
        said.append(f"{counted(single, 'step')} of one cycle: nothing says how far a repeat would lie.")
    if table.back is None:
        said.append("The first rate does not come back, so nothing tells a loss by the rate from one by the cycles.")
    if record.area is not None:
        said.append(f"The record's current is per area: capacities are those of {1e4 * record.area:g} cm2.")
    return said


def _figure(table: RateTable, names: Sequence[str], one_c: float, size: float, unit: str) -> FigureData:
    by_cycle = list[Trace]()
    for color, step in zip(map(list(dict.fromkeys(names)).index, names), table.steps, strict=True):
        by_cycle.append(Points(step.cycles, size * step.capacities, color=color))
    middle = [float(np.mean(step.cycles)) for step in table.steps]
    tops = [size * float(np.max(step.capacities)) for step in table.steps]
    by_cycle.append(Labels(middle, tops, list(names)))
    back = table.back
    visits = [step for step in table.steps if step is not back]
    by_rate: list[Trace] = [_by_rate(visits, one_c, size, "visits in order", 0)]
    if back is not None:
        by_rate.append(_by_rate([back], one_c, size, "first rate, back", 1, open=True))
    capacity = Axis("capacity", unit)
    return Figure(
        [
            Panel(by_cycle, Axis("cycle"), capacity, legend=""),
            Panel(by_rate, Axis("rate", "C", scale="log"), capacity),
        ],
        columns=2,
        size=(9.0, 3.7),
        share_y=True,
    ).entitled("Capacity over the cycles and the rate")


def _by_rate(
    steps: Sequence[RateStep],
    one_c: float,
    size: float,
    label: str,
    color: int,
    *,
    open: bool = False,  # noqa: A002
) -> Points:
    return Points(
        [step.current / one_c for step in steps],
        [size * step.middle for step in steps],
        label,
        color,
        y_error=[math.nan if step.spread is None else size * step.spread for step in steps],
        open=open,
    )
