r"""Charges and discharges of a cycler's record, found by the sign of the current, and what passed in each.

.. math:: Q = \int I\, dt, \qquad E = \int U I\, dt
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.quantities.errors import InputError

Array = NDArray[np.float64]
Counts = NDArray[np.int64]

_RESTS = 1e-3
"""A current below this share of the largest is a rest: a cycler's offset, or the noise of its range."""
_GAP, _OFTEN = 0.1, 5.0
"""An interval before a half-cycle that is longer than this share of it, and than its own intervals, is a hole."""
_LEADING = 0.5


@dataclass(frozen=True, eq=False)
class HalfCycles:
    """Charges and discharges in order; every array has shape (n,).

    Parameters
    ----------
    first, last : array of int
        Rows of the record that each begins and ends with; rests within are part of it.
    sign : array of int
        1 for a charge, -1 for a discharge.
    number : array of int
        The programme's cycle, or one counted by the turns of the current: from 1, or from 0 where the first half is
        less than half of the second.
    charge : array
        What passed, A s; positive.
    energy : array
        J; positive.
    duration : array
        With current, s.
    end_voltage : array
        Where it ended, V.
    gaps : int
        Intervals that are left out: before a half-cycle and too long to be the instrument's own.
    counted : bool
        Whether the numbers are counted by the turns, not the programme's.
    """

    first: Counts
    last: Counts
    sign: Counts
    number: Counts
    charge: Array
    energy: Array
    duration: Array
    end_voltage: Array
    gaps: int
    counted: bool

    def __len__(self) -> int:
        return len(self.sign)


def half_cycles(
    time: Array,
    voltage: Array,
    current: Array,
    *,
    cycle: Array | None = None,
    charge: Array | None = None,
) -> HalfCycles:
    """Find the charges and discharges of a record, and integrate them.

    Parameters
    ----------
    time : array, shape (n,)
        s, rising.
    voltage : array, shape (n,)
        V.
    current : array, shape (n,)
        A, positive when it charges.
    cycle : array, shape (n,), optional
        The programme's count.
    charge : array, shape (n,), optional
        The instrument's own net charge, A s, which it integrates faster than it writes.

    Returns
    -------
    HalfCycles

    Raises
    ------
    InputError
        When no current flows; when the time runs back while it does, and the instrument's own charge is not there.

    Notes
    -----
    Within a half-cycle the integral is that of straight lines between the points. From the last point before it to its
    first, in which a cycler has already switched, the current counts as that of the first.

    Examples
    --------
    >>> t = np.arange(0.0, 4.0)
    >>> found = half_cycles(t, np.full(4, 3.0), np.array([0.0, 1.0, 1.0, -1.0]))
    >>> found.sign, found.charge
    (array([ 1, -1]), array([2., 1.]))
    """
    largest = float(np.max(np.abs(current), initial=0.0))
    if largest == 0.0:
        raise InputError(
            "No current flows in the record.",
            "It is a rest, or the column of the current is another one.",
            "Give a record with charges and discharges, or name its columns.",
        )
    flows = np.flatnonzero(np.abs(current) > _RESTS * largest)
    sign = np.sign(current[flows]).astype(np.int8)
    turns = sign[1:] != sign[:-1]
    if cycle is not None:
        turns |= cycle[flows][1:] != cycle[flows][:-1]
    begins = np.concatenate([[0], np.flatnonzero(turns) + 1])
    first, last = flows[begins], flows[np.concatenate([begins[1:] - 1, [len(flows) - 1]])]
    if charge is None:
        _check_clock(time, flows)
    amounts = _integrals(time, voltage, current, flows, begins)
    signs = sign[begins].astype(np.int64)
    if cycle is not None and not _one_each(signs, cycle[first]):
        return half_cycles(time, voltage, current, charge=charge)
    passed = amounts.charge if charge is None else _of_instrument(charge, first, last)
    number = _turns(signs, np.abs(passed)) if cycle is None else cycle[first].astype(np.int64)
    return HalfCycles(
        first,
        last,
        signs,
        number,
        np.abs(passed),
        np.abs(amounts.energy),
        amounts.duration,
        voltage[last],
        amounts.gaps,
        cycle is None,
    )


def _check_clock(time: Array, flows: Counts) -> None:
    back = int(np.sum(time[flows] < time[np.maximum(flows - 1, 0)]))
    if back:
        times = "once" if back == 1 else f"{back} times"
        raise InputError(
            f"The time runs back {times} while a current flows: what passed is not known.",
            "The clock was set during the test, or rows were moved or joined.",
            "Export the record again, or with the instrument's own charge.",
        )


@dataclass(frozen=True, eq=False)
class _Integrals:
    charge: Array
    energy: Array
    duration: Array
    gaps: int


def _integrals(time: Array, voltage: Array, current: Array, flows: Counts, begins: Counts) -> _Integrals:
    """Integrate from point to point; across the interval before each half-cycle its first current has flowed."""
    before = np.maximum(flows - 1, 0)
    step = time[flows] - time[before]
    # After a rest the current is that of the point, not half of it.
    rested = np.ones(len(flows), dtype=bool)
    rested[1:] = np.diff(flows) > 1
    rested[begins] = True
    apart = begins[_apart(step, begins) & (flows[begins] > 0)]
    step[apart] = 0.0

    def passed(rate: Array) -> Array:
        # In place: of a long record each array is large.
        now, mean = rate[flows], rate[before]
        mean[rested] = now[rested]
        mean += now
        mean *= 0.5
        mean *= step
        return np.asarray(np.add.reduceat(mean, begins))

    return _Integrals(passed(current), passed(current * voltage), np.asarray(np.add.reduceat(step, begins)), len(apart))


def _apart(step: Array, begins: Counts) -> NDArray[np.bool_]:
    """Tell where the interval before a half-cycle is a hole of the record: long against it and its own intervals."""
    lengths, counts = np.add.reduceat(step, begins), np.diff(np.append(begins, len(step)))
    own = (lengths - step[begins]) / np.maximum(counts - 1, 1)
    return np.asarray((step[begins] > _GAP * lengths) & (step[begins] > _OFTEN * own) & (counts > 1))


def _of_instrument(charge: Array, first: Counts, last: Counts) -> Array:
    """Return the change of the instrument's own count over each half-cycle."""
    return np.asarray(charge[last] - charge[np.maximum(first - 1, 0)])


def _turns(sign: Counts, charge: Array) -> Counts:
    """Count cycles by the turns of the current; a first half far short of the second only brings the cell to an end."""
    leading = len(sign) > 1 and charge[0] < _LEADING * charge[1]
    return np.asarray(np.cumsum(sign == sign[int(leading)]))


def _one_each(sign: Counts, cycle: Array) -> bool:
    """Tell whether most of the programme's counts hold one charge and one discharge at most."""
    _, times = np.unique(np.stack([cycle.astype(np.int64), sign]), axis=1, return_counts=True)
    return bool(np.median(times) <= 1)
