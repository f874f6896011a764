"""What every cycler's channel has in common: its net charge, and what in it no cycler measures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import FileFormatError
from lamion.records.measurements import CyclingRecord
from lamion.records.record import violation

Array = NDArray[np.float64]
Place = Callable[[int], str]
"""Names a row in messages."""

_MAGNITUDES = {"time": 1e10, "voltage": 1e4, "current": 1e6, "charge": 1e10}
"""What no instrument reaches, in s, V, A and A s."""
_LEAST = 1e-25
"""What no number but zero is below: damaged bytes are."""
_LONGEST = 10 * 365.25 * 86400.0
"""s. No cell was cycled for longer than ten years."""
_MORE, _SLACK = 1.5, 0.1
"""Times the charge of the larger current at its ends, and one usual interval's more, may pass in an interval;
and some of it the other way."""
_OFF = 0.5
"""Of a whole charge."""


def record_of(file: str, arrays: Mapping[str, Array], place: Place, remedy: str) -> CyclingRecord:
    """Make the record; FileFormatError at the first number that it cannot hold."""
    wrong = violation(CyclingRecord.kind, arrays)
    if wrong is not None:
        raise FileFormatError(file, place(wrong.place), wrong.expected, wrong.found, remedy)
    for array in arrays.values():
        array.setflags(write=False)
    return CyclingRecord(**arrays)


def net_charge(charged: Array, discharged: Array) -> Array:
    """Return the charge that has passed since the first row, from counters that begin anew at steps or cycles."""
    return np.cumsum(_passed(charged) - _passed(discharged))


def directed_charge(amount: Array, direction: Array) -> Array:
    """Return the same from one counter of whatever flows, and which way it does."""
    return np.cumsum(_passed(amount) * direction)


def restarted(charge: Array, step: Array) -> Array:
    """Return the charge that has passed since the first row, from one that begins anew with each step."""
    new = np.append(True, np.diff(step) != 0)
    return np.cumsum(np.where(new, charge, np.diff(charge, prepend=0.0)))


def _passed(counter: Array) -> Array:
    """Return what a counter has risen by since the row before; where it falls, it began anew."""
    risen = np.diff(counter, prepend=0.0)
    return np.where(risen < 0.0, counter, risen)


def falls_within(counter: Array, groups: tuple[Array, ...], what: str, place: Place) -> Iterator[str]:
    """Warn where a counter falls though no step or cycle begins."""
    same = np.ones(len(counter) - 1, dtype=bool)
    for group in groups:
        same &= np.diff(group) == 0
    wrong = np.flatnonzero((np.diff(counter) < 0.0) & same) + 1
    if len(wrong):
        yield f"{places(wrong, place)}: the {what} falls within a step, so a number was changed or lines were moved."


def channel_warnings(record: CyclingRecord, place: Place) -> Iterator[str]:
    """Say what in a channel no cycler measures; a whole sentence each."""
    with np.errstate(all="ignore"):  # damaged numbers can be any
        yield from _time_warnings(record, place)
        yield from _repeated(record, place)
        yield from _charge_warnings(record, place)
    every = {"time": record.time, "voltage": record.voltage, "current": record.current}
    yield from magnitude_warnings(every if record.charge is None else {**every, "charge": record.charge}, place)


def magnitude_warnings(arrays: Mapping[str, Array], place: Place) -> Iterator[str]:
    """Warn of a number that no instrument measures."""
    for name, largest in _MAGNITUDES.items():
        size = np.abs(arrays.get(name, np.zeros(1)))
        wrong = np.flatnonzero((size > largest) | ((size > 0.0) & (size < _LEAST)))
        if len(wrong):
            yield f"{places(wrong, place)}: the {name} is beyond what instruments measure."


def places(rows: NDArray[np.intp], place: Place) -> str:
    """Name the first of some rows, and how many more there are."""
    first = place(int(rows[0]))
    return f"{first[:1].upper()}{first[1:]}" + (f" and {len(rows) - 1} more" if len(rows) > 1 else "")


def _time_warnings(record: CyclingRecord, place: Place) -> Iterator[str]:
    back = np.flatnonzero(np.diff(record.time) < 0.0) + 1
    if len(back):
        first = back[0]
        yield (
            f"{places(back, place)}: the time runs back, there from {record.time[first - 1]:.10g} to "
            f"{record.time[first]:.10g} s, so lines were moved, a number was changed, or the cycler's clock jumped."
        )
    yield from duration_warnings(record.time)


def duration_warnings(time: Array) -> Iterator[str]:
    """Doubt a record of more than ten years."""
    if time[-1] - time[0] > _LONGEST:
        years = (time[-1] - time[0]) / (365.25 * 86400.0)
        yield f"The record takes {years:.3g} years: the unit of its time may be another one."


def _repeated(record: CyclingRecord, place: Place) -> Iterator[str]:
    """Warn of a row that is the row before once more."""
    columns = [record.voltage, record.current, record.cycle, record.step, record.charge]
    wrong = np.flatnonzero(np.diff(record.time) == 0.0) + 1
    for column in (one for one in columns if one is not None):
        wrong = wrong[column[wrong] == column[wrong - 1]]
    if len(wrong):
        yield f"{places(wrong, place)}: the row above once more."


def _charge_warnings(record: CyclingRecord, place: Place) -> Iterator[str]:
    """Warn where the charge is not what the current makes: over an interval, or over all charging or discharging."""
    if record.charge is None or len(record) < 2:
        return
    passed, span = np.diff(record.charge), np.diff(record.time)
    usual = float(np.median(span[span > 0.0])) if np.any(span > 0.0) else 0.0
    printed = _MORE * float(np.median(np.abs(passed[passed != 0.0]))) if np.any(passed) else 0.0
    before, after = record.current[:-1], record.current[1:]
    longest = _MORE * span + usual
    slack = _SLACK * longest * np.maximum(np.abs(before), np.abs(after)) + printed
    most = longest * np.maximum(before, after).clip(0.0) + slack
    least = longest * np.minimum(before, after).clip(None, 0.0) - slack
    wrong = np.flatnonzero((passed > most) | (passed < least)) + 1
    if len(wrong):
        yield (
            f"{places(wrong, place)}: the charge is not that of the current at its ends, so lines are missing or a "
            "number was changed."
        )
    for way, word in ((1.0, "charging"), (-1.0, "discharging")):
        same = (way * before > 0.0) & (way * after > 0.0)
        counted, made = float(np.sum(passed[same])), float(np.sum((0.5 * (before + after) * span)[same]))
        if abs(counted - made) > _OFF * abs(made) + printed:
            yield (
                f"The charge of all {word} is {counted:.4g} A s, of which the current makes {made:.4g} A s: one of "
                "them has another unit or the other sign."
            )
