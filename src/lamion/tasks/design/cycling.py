"""Whether cycling resolves the digits of capacity, retention, efficiency.

The cell is cycled many times with other errors of the channel, the balance and the room, and each record is analysed.
The digits count as resolved where one standard uncertainty of such a measurement is at most three units of the last of
them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, InputError, Quantity
from lamion.records.measurements import CyclingRecord
from lamion.synthetic.cycling import CycledCell, cycling_record
from lamion.tasks.declaring import Context, Option, Result, task
from lamion.tasks.design._resolution import central_half_width, resolution_answer
from lamion.techniques.cycling.cycling import Cycling, cycling_raw

Array = NDArray[np.float64]
Of = Literal["capacity", "retention", "efficiency"]

_NONE = Quantity(0.0, None, "1")
_POINTS = 30
_EFFICIENCY = 0.999
_SIZE = 3.6
"""A s; its relative errors are those of a cell of any size."""


@task(
    results={
        "simulated_*": Result("", "median and scatter of the simulated measurements", headline=True),
        "relative_uncertainty": Result("1", "of one such measurement", headline=True),
    },
    evidence="synthetic",
    example='--printed 0.857 --of retention --rate 0.5 --current-gain "0.05 %" --scatter "0.2 %"',
    sources=("10.1149/1.3625232",),
    random=True,
    quick=True,
)
def cycling(
    printed: Annotated[
        Quantity, Option("with the digits that are asked about", unit=("A s/kg", "A s/m2", "A s", "1"), printed=True)
    ],
    of: Annotated[Of, Option("what it is")],
    rate: Annotated[float, Option("the current over that of one hour", example="0.5", minimum=1e-4, maximum=100.0)],
    context: Context,
    cycles: Annotated[int, Option("of which it is the mean", minimum=1, maximum=100_000)] = 1,
    current_gain: Annotated[
        Quantity, Option("its standard uncertainty", unit="1", example="0.05 %", positive=False)
    ] = _NONE,
    current_offset: Annotated[
        Quantity,
        Option("its standard uncertainty, over the current", unit="1", example="0.01 %", positive=False),
    ] = _NONE,
    voltage_accuracy: Annotated[
        Quantity | None, Option("its standard uncertainty", of="voltage_difference", example="1 mV", otherwise="exact")
    ] = None,
    voltage_repeatability: Annotated[
        Quantity | None,
        Option("the same, from one cycle to the next", of="voltage_difference", example="0.1 mV", otherwise="exact"),
    ] = None,
    mass_uncertainty: Annotated[
        Quantity, Option("of the active mass or the area, relative", unit="1", example="1 %", positive=False)
    ] = _NONE,
    scatter: Annotated[
        Quantity,
        Option("of one cycle's number about its neighbours', relative", unit="1", example="0.2 %", positive=False),
    ] = _NONE,
) -> Answer:
    """Simulate the measurements."""
    voltage, repeatability = (0.0 if one is None else one.si for one in (voltage_accuracy, voltage_repeatability))
    errors = _Errors(current_gain.si, current_offset.si, voltage, repeatability, mass_uncertainty.si, scatter.si)
    if errors == _Errors():
        raise InputError(
            "No error of the measurement is given.",
            "",
            "Give one at least, such as --current-gain or --mass-uncertainty.",
        )
    planned = _Planned(of, printed, rate, cycles, 100 if context.quick else 400, context.seed)
    budget = {
        what: central_half_width(planned.measured(alone)) / printed.value for what, alone in errors.one_by_one().items()
    }
    return resolution_answer(
        of, planned.measured(errors), printed, budget, f"at {rate:g}C, uncertain in {errors.in_words}"
    )


@dataclass(frozen=True)
class _Errors:
    """Standard uncertainties, relative but for the voltage's in V."""

    gain: float = 0.0
    offset: float = 0.0
    voltage: float = 0.0
    repeatability: float = 0.0
    mass: float = 0.0
    scatter: float = 0.0

    def one_by_one(self) -> dict[str, _Errors]:
        """Return each that is not zero alone, by its name."""
        return {_NAMES[part]: _Errors(**{part: size}) for part, size in self._given.items()}

    @property
    def in_words(self) -> str:
        """Say how large they are."""
        sizes = {
            part: f"{1e3 * size:g} mV" if part in ("voltage", "repeatability") else f"{100 * size:g} %"
            for part, size in self._given.items()
        }
        return ", ".join(f"{_NAMES[part]} by {size}" for part, size in sizes.items())

    @property
    def _given(self) -> dict[str, float]:
        return {part: getattr(self, part) for part in _NAMES if getattr(self, part)}


_NAMES = {
    "gain": "the current's gain",
    "offset": "the current's offset",
    "voltage": "the voltage",
    "repeatability": "the voltage from cycle to cycle",
    "mass": "the mass or area",
    "scatter": "each cycle",
}


@dataclass(frozen=True, eq=False)
class _Planned:
    """A cell's first and last cycle, to be measured again and again."""

    of: Of
    printed: Quantity
    rate: float
    cycles: int
    count: int
    seed: int

    @cached_property
    def record(self) -> CyclingRecord:
        """Both cycles without any error."""
        cell = CycledCell(
            capacity=_SIZE,
            loss=1.0 - self.printed.value if self.of == "retention" else 0.0,
            efficiency=self.printed.value if self.of == "efficiency" else _EFFICIENCY,
            current=_SIZE * self.rate / 3600.0,
        )
        return cycling_record(cell, cycles=2, points=_POINTS)

    @cached_property
    def exact(self) -> Cycling:
        """What they say."""
        return cycling_raw(self.record)

    def measured(self, errors: _Errors) -> Array:
        """Return what repetitions give, in the printed number's unit."""
        random = np.random.default_rng(self.seed)
        found = np.array([self._one(errors, random) for _ in range(self.count)])
        return found * self.printed.value / _read(self.of, self.exact)

    def _one(self, errors: _Errors, random: np.random.Generator) -> float:
        gain, offset, voltage, mass = random.standard_normal(4)
        record, halves = self.record, self.exact.halves
        current = record.current * (1.0 + errors.gain * gain) + errors.offset * offset * np.abs(record.current)
        # In the mean over many cycles only where the first and the last end is left.
        repeatability = errors.repeatability / (self.cycles if self.of == "efficiency" else 1)
        off = errors.voltage * voltage + repeatability * random.standard_normal(1 + len(halves))
        # A voltage read too high ends a charge early and a discharge late; the next half begins there.
        charge, discharge = self._end_slopes
        ends = -off * np.array([discharge, charge, discharge, charge, discharge])
        for place, more in enumerate(halves.sign * np.diff(ends)):
            current[halves.first[place] : halves.last[place] + 1] *= 1.0 + more / float(halves.charge[place])
        read = _read(self.of, cycling_raw(CyclingRecord(record.time, record.voltage, current, record.cycle)))
        own, before = 1.0 + errors.scatter * random.standard_normal(2)
        if self.of == "retention":
            return read * float(own / before)
        averaged = 1.0 + float(own - 1.0) / math.sqrt(self.cycles)
        return read * averaged * (1.0 + errors.mass * mass if self.of == "capacity" else 1.0)

    @cached_property
    def _end_slopes(self) -> tuple[float, float]:
        """Return what more would pass per volt at the end of a charge and of a discharge, A s/V."""
        both = (self.exact.charges, self.exact.discharges)
        charge, discharge = (float(np.mean([half.end_slope for half in halves if half])) for halves in both)
        return charge, discharge


def _read(of: Of, found: Cycling) -> float:
    """Read the number off."""
    table = found.table
    if of == "efficiency":
        return float(table.coulombic_efficiency[0])
    capacity = table.discharge_capacity
    return float(capacity[1] / capacity[0] if of == "retention" else capacity[0])
