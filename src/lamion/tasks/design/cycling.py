"""Whether cycling resolves the digits of capacity, efficiency or life.

Or of a retention or a polarisation. The cell is cycled many times with other errors of the channel, the balance and the
room, and each record is analysed. The digits count as resolved where one standard uncertainty of such a measurement is
at most three units of the last of them; with --against, a difference counts where it is at least twice its uncertainty.
A life is the cycle from which on less than --left of the first capacity is there, of a cell that fades evenly.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, InputError, Quantity, units
from lamion.records.measurements import CyclingRecord
from lamion.synthetic.cycling import CycledCell, cycling_record
from lamion.tasks.declaring import Context, Option, Result, task
from lamion.tasks.design._resolution import Difference, central_half_width, resolution_answer
from lamion.techniques.cycling.cycling import Cycling, cycling_raw

Array = NDArray[np.float64]
Of = Literal["capacity", "retention", "efficiency", "polarisation", "life"]

_UNITS = ("A s/kg", "A s/m2", "A s", "V", "1")
_NONE = Quantity(0.0, None, "1")
_LEFT = Quantity(0.8, None, "1")
_SPENT = 0.005
_SHORTEST, _LONGEST = 3, 10_000
_POINTS = 30
_EFFICIENCY = 0.999
_SIZE = 3.6
"""A s; its relative errors are those of a cell of any size."""


@dataclass(frozen=True)
class Stated:
    """What is uncertain about a channel and a cell."""

    current_gain: Annotated[
        Quantity, Option("its standard uncertainty", unit="1", example="0.05 %", positive=False)
    ] = _NONE
    current_offset: Annotated[
        Quantity,
        Option("its standard uncertainty, over the current", unit="1", example="0.01 %", positive=False),
    ] = _NONE
    voltage_accuracy: Annotated[
        Quantity | None, Option("its standard uncertainty", of="voltage_difference", example="1 mV", otherwise="exact")
    ] = None
    voltage_repeatability: Annotated[
        Quantity | None,
        Option("the same, from one cycle to the next", of="voltage_difference", example="0.1 mV", otherwise="exact"),
    ] = None
    mass_uncertainty: Annotated[
        Quantity, Option("of the active mass or the area, relative", unit="1", example="1 %", positive=False)
    ] = _NONE
    scatter: Annotated[
        Quantity,
        Option("of one cycle's number about its neighbours', relative", unit="1", example="0.2 %", positive=False),
    ] = _NONE

    def errors(self, left: float) -> _Errors:
        """Return them as numbers, with how open the end of a life is."""
        accuracy, repeatability = (
            0.0 if one is None else one.si for one in (self.voltage_accuracy, self.voltage_repeatability)
        )
        channel = (self.current_gain.si, self.current_offset.si, accuracy, repeatability)
        return _Errors(*channel, self.mass_uncertainty.si, self.scatter.si, left)


@task(
    results={
        "simulated_*": Result("", "median and scatter of the simulated measurements", headline=True),
        "relative_uncertainty": Result("1", "of one such measurement", headline=True),
    },
    evidence="synthetic",
    example='--printed 0.857 --of retention --rate 0.5 --current-gain "0.05 %" --scatter "0.2 %"',
    cites=("smith2011",),
    random=True,
    quick=True,
)
def cycling(
    printed: Annotated[
        Quantity,
        Option("with the digits that are asked about", unit=_UNITS, printed=True),
    ],
    of: Annotated[Of, Option("what it is")],
    rate: Annotated[float, Option("the current over that of one hour", example="0.5", minimum=1e-4, maximum=100.0)],
    context: Context,
    stated: Stated,
    cycles: Annotated[int, Option("of which it is the mean", minimum=1, maximum=100_000)] = 1,
    left: Annotated[
        Quantity,
        Option(
            "of the capacity, at the end of a life; its ± is how open that is",
            unit="1",
            example="80 %",
            minimum=_SPENT,
            maximum=0.99,
        ),
    ] = _LEFT,
    against: Annotated[
        Quantity | None,
        Option(
            "what it is compared with",
            unit=_UNITS,
            example="0.90",
            otherwise="its digits are judged",
        ),
    ] = None,
) -> Answer:
    """Simulate the measurements."""
    _check(of, printed)
    errors = stated.errors(left.si_std if of == "life" else 0.0)
    if errors == _Errors():
        raise InputError(
            "No error of the measurement is given.",
            "",
            "Give one at least, such as --current-gain or --mass-uncertainty.",
        )
    planned = _Planned(of, printed, rate, cycles, left.si, 100 if context.quick else 400, context.seed)
    values = planned.measured(errors)
    budget = {
        what: central_half_width(planned.measured(alone)) / printed.value for what, alone in errors.one_by_one().items()
    }
    said = f"at {rate:g}C, uncertain in {errors.in_words}"
    if against is None:
        return resolution_answer(of, values, printed, budget, said)
    other = against.to(printed.unit)
    beside = replace(planned, printed=other, own_seed=1).measured(errors)
    return resolution_answer(of, values, printed, budget, said, Difference(other, values - beside))


def _check(of: Of, printed: Quantity) -> None:
    """Refuse a printed number that cannot be of that kind."""
    if units.same_dimension(printed.unit, "V") != (of == "polarisation"):
        raise InputError(f"{printed} is no {of}.", "", "Give a voltage with --of polarisation, and with nothing else.")
    if of == "life" and not _SHORTEST <= printed.value <= _LONGEST:
        raise InputError(
            f"A life of {printed} is not from {_SHORTEST} to {_LONGEST} cycles.", "", "Give a number of cycles."
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
    left: float = 0.0

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
    "left": "what counts as the end",
}


@dataclass(frozen=True, eq=False)
class _Planned:
    """A cell's first and last cycle, or all of a life, to be measured again and again."""

    of: Of
    printed: Quantity
    rate: float
    cycles: int
    left: float
    count: int
    seed: int
    own_seed: int = 0

    @cached_property
    def record(self) -> CyclingRecord:
        """The cycles without any error."""
        current = _SIZE * self.rate / 3600.0
        cell = CycledCell(
            capacity=_SIZE,
            loss=self._loss,
            efficiency=self.printed.value if self.of == "efficiency" else _EFFICIENCY,
            current=current,
            resistance=self.printed.si / (2 * current) if self.of == "polarisation" else 0.0,
        )
        count = math.floor((1.0 - _SPENT) / self._loss) if self.of == "life" else 2
        return cycling_record(cell, cycles=count, points=_POINTS)

    @property
    def _loss(self) -> float:
        """The share of the first capacity that each cycle takes."""
        if self.of == "life":
            return (1.0 - self.left) / self.printed.value
        return 1.0 - self.printed.value if self.of == "retention" else 0.0

    @cached_property
    def exact(self) -> Cycling:
        """What they say."""
        return cycling_raw(self.record)

    def measured(self, errors: _Errors) -> Array:
        """Return what repetitions give, in the printed number's unit."""
        common, random = np.random.default_rng(self.seed), np.random.default_rng([self.seed, self.own_seed])
        if self.of == "life":
            return np.array([self._life(errors, common, random) for _ in range(self.count)])
        found = np.array([self._one(errors, common, random) for _ in range(self.count)])
        return found * self.printed.value / _read(self.of, self.exact)

    def _life(self, errors: _Errors, common: np.random.Generator, random: np.random.Generator) -> float:
        """Return how many cycles passed before the first that gives less than what counts as the end."""
        capacity = self.exact.table.discharge_capacity
        read = capacity * (1.0 + errors.scatter * random.standard_normal(len(capacity)))
        end = max(self.left + errors.left * float(common.standard_normal()), _SPENT)
        low = np.flatnonzero(read < end * read[0])
        return float(low[0] if len(low) else len(read))

    def _one(self, errors: _Errors, common: np.random.Generator, random: np.random.Generator) -> float:
        gain, offset, voltage, mass = common.standard_normal(4)
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
        if self.of == "polarisation":
            # A constant error of the voltage is in both halves; a wrong current drops another voltage.
            repeated = math.sqrt(2) * errors.repeatability * float(random.standard_normal())
            return read * float(own) * (1.0 + errors.gain * float(gain)) + repeated
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
    if of == "polarisation":
        apart = found.polarisation[0]
        return apart.value if apart is not None else math.nan
    if of == "efficiency":
        return float(table.coulombic_efficiency[0])
    capacity = table.discharge_capacity
    return float(capacity[1] / capacity[0] if of == "retention" else capacity[0])
