"""Half-cycles of a galvanostatic trace: from one change of the current's direction to the next."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.quantities.errors import InputError
from lamion.records.measurements import CurrentTransient, CyclingRecord, VoltageTransient

Array = NDArray[np.float64]
Trace = CyclingRecord | CurrentTransient | VoltageTransient

FEWEST_SAMPLES = 5
"""Of a half-cycle; what is shorter is a pulse, or noise around zero."""
_REST = 1e-3
_GLITCH = 0.05
_LATE = 0.1


@dataclass(frozen=True, eq=False)
class HalfCycle:
    """One half-cycle, its voltage counted along the direction of its current.

    Parameters
    ----------
    number : int
        From 1 on.
    sign : int
        1 or -1, the current's direction.
    time : array, shape (n,)
        s, as in the record.
    voltage, current : array, shape (n,)
        V and A; the current is positive.
    """

    number: int
    sign: int
    time: Array
    voltage: Array
    current: Array

    @property
    def duration(self) -> float:
        """In s, from its first to its last sample."""
        return float(self.time[-1] - self.time[0])

    @cached_property
    def mean_current(self) -> float:
        """In A, over the time; positive."""
        return float(np.trapezoid(self.current, self.time) / self.duration)

    @property
    def resistance(self) -> Array:
        """The voltage over the half-cycle's current, in ohm."""
        return np.asarray(self.voltage / self.mean_current)

    @property
    def charge(self) -> float:
        """What was passed, in A s."""
        return self.mean_current * self.duration


def half_cycles_raw(
    time: ArrayLike, voltage: ArrayLike, current: ArrayLike, *, duration: float | None = None
) -> tuple[HalfCycle, ...]:
    """Cut a trace where the current's sign changes or the current rests.

    Parameters
    ----------
    time, voltage, current : array-like, shape (n,)
        s, V, A with its sign. Currents below a thousandth of the largest are a rest.
    duration : float, optional
        In s, where neither the current's nor the voltage's sign says it: each half-cycle begins at the smallest
        voltage, that of the interruption, within a tenth of this time around the end that is due.

    Raises
    ------
    InputError
        When there is no half-cycle of five samples.

    Examples
    --------
    >>> cycles = half_cycles_raw(range(20), [0.1] * 10 + [-0.1] * 10, [1e-3] * 10 + [-1e-3] * 10)
    >>> [(cycle.sign, round(cycle.charge, 6)) for cycle in cycles]
    [(1, 0.009), (-1, 0.009)]
    """
    t, U, current_array = (np.asarray(item, dtype=np.float64) for item in (time, voltage, current))
    sign = np.where(np.abs(current_array) > _REST * np.max(np.abs(current_array)), np.sign(current_array), 0.0)
    starts = _changes(sign) if duration is None else _interruptions(t, np.abs(U), duration)
    pieces = [
        slice(a, b)
        for a, b in zip(starts, [*starts[1:], len(t)], strict=True)
        if b - a >= FEWEST_SAMPLES and sign[a] != 0 and t[b - 1] > t[a]
    ]
    if not pieces:
        raise InputError(
            "The trace holds no half-cycle of five samples at a current.",
            "It may be a rest, or its current may be in another column.",
            "Give the galvanostatic part, with its current.",
        )
    return tuple(
        HalfCycle(number, int(sign[own.start]), t[own], sign[own.start] * U[own], np.abs(current_array[own]))
        for number, own in enumerate(pieces, start=1)
    )


def _changes(sign: Array) -> list[int]:
    return [0, *(np.flatnonzero(np.diff(sign)) + 1).tolist()]


def _interruptions(time: Array, size: Array, duration: float) -> list[int]:
    """Return where half-cycles of one duration begin, which their interruptions show."""
    starts = [0]
    while time[-1] - time[starts[-1]] > (1 + _LATE) * duration:
        expected = time[starts[-1]] + duration
        low, high = np.searchsorted(time, [expected - _LATE * duration, expected + _LATE * duration])
        if high <= low:
            break
        starts.append(int(low + np.argmin(size[low:high])))
    return starts


def half_cycles(trace: Trace, *, current: float | None = None, duration: float | None = None) -> tuple[HalfCycle, ...]:
    """Cut a record into half-cycles.

    Parameters
    ----------
    trace : CyclingRecord, CurrentTransient or VoltageTransient
        With its current, or without.
    current : float, optional
        In A, for a trace without: its direction is the voltage's.
    duration : float, optional
        Of a half-cycle in s, as for :func:`half_cycles_raw`.

    Raises
    ------
    InputError
        When the current is needed and not given, or given beside one in the record.

    Examples
    --------
    >>> len(half_cycles(VoltageTransient(range(20), [0.1] * 10 + [-0.1] * 10), current=1e-3))
    2
    """
    own = None if isinstance(trace, VoltageTransient) else trace.current
    if (own is None) == (current is None):
        happened = "holds no current" if own is None else "holds a current, and another was given"
        name = trace.source.name if trace.source is not None else "The record"
        raise InputError(f"{name} {happened}.", "", f"{'Give' if own is None else 'Leave away'} the current.")
    U = trace.measured_voltage if isinstance(trace, CurrentTransient) else trace.voltage
    I = own if own is not None else np.where(_direction(trace.time, U) > 0, 1.0, -1.0) * (current or 0.0)  # noqa: E741
    return half_cycles_raw(trace.time, U, I, duration=duration)


def _direction(time: Array, voltage: Array) -> Array:
    """Return the voltage's sign, without the noise of voltages around zero."""
    sign = np.where(voltage >= 0, 1.0, -1.0)
    starts = _changes(sign)
    lasting = np.diff([*time[starts], time[-1]])
    short = lasting < _GLITCH * np.max(lasting)
    for start, end, glitch in zip(starts, [*starts[1:], len(sign)], short, strict=True):
        if glitch and start > 0:
            sign[start:end] = sign[start - 1]
    return sign
