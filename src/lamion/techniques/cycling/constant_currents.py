"""A record cut where its current is switched: pulses, charges and discharges at one current, and rests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.quantities.errors import InputError
from lamion.texts import counted

Array = NDArray[np.float64]
Counts = NDArray[np.int64]

_RESTS = 0.01
"""A current below this share of the largest is a rest: other than a charge that tapers off, it is switched."""
_STEADY = 0.02
"""What a constant current may stray from its median."""


@dataclass(frozen=True, eq=False)
class Stretches:
    """Stretches between two switches of the current, in order; every array has shape (n,).

    Parameters
    ----------
    first, last : array of int
        Rows of the record that each begins and ends with.
    begin : array
        When the current was switched: at the last row before, s.
    end : array
        s.
    current : array
        What passed over the duration, A; zero of a rest.
    passed : array
        Net charge since the first row, at the begin, A s.
    steady : array of bool
        Whether the current is one current.
    samples : array of int
        At times of their own, behind the begin.
    """

    first: Counts
    last: Counts
    begin: Array
    end: Array
    current: Array
    passed: Array
    steady: NDArray[np.bool_]
    samples: Counts

    def __len__(self) -> int:
        return len(self.first)

    @property
    def duration(self) -> Array:
        """From begin to end, s."""
        return self.end - self.begin

    @property
    def jump(self) -> Array:
        """By how much the current was switched at the begin, A."""
        return np.diff(self.current, prepend=0.0)


def stretches(time: Array, current: Array, charge: Array | None = None) -> Stretches:
    """Cut a record where its current sets in, ends or turns.

    Parameters
    ----------
    time : array, shape (n,)
        s, not falling.
    current : array, shape (n,)
        A.
    charge : array, shape (n,), optional
        The instrument's own net charge, A s.

    Returns
    -------
    Stretches

    Raises
    ------
    InputError
        When no current flows, or time goes back.

    Examples
    --------
    >>> found = stretches(np.arange(6.0), np.array([0.0, 0.0, 2.0, 2.0, 0.0, 0.0]))
    >>> found.current, found.begin, found.passed
    (array([0., 2., 0.]), array([0., 1., 3.]), array([0., 0., 4.]))
    """
    largest = float(np.max(np.abs(current), initial=0.0))
    if largest == 0.0:
        raise InputError("No current flows in the record.", "It is a rest.", "Give a record with pulses of current.")
    check_time(time)
    state = np.where(np.abs(current) > _RESTS * largest, np.sign(current), 0.0)
    first = np.concatenate([[0], np.flatnonzero(np.diff(state)) + 1])
    last = np.concatenate([first[1:] - 1, [len(time) - 1]])
    begin, end = time[np.maximum(first - 1, 0)], time[last]
    net = _net_charge(time, np.where(state == 0.0, 0.0, current)) if charge is None else charge - charge[0]
    before, after = net[np.maximum(first - 1, 0)], net[last]
    lasts = np.where(end > begin, end - begin, 1.0)
    mean = np.where(state[first] == 0.0, 0.0, (after - before) / lasts)
    rows = [slice(one, two + 1) for one, two in zip(first, last, strict=True)]
    steady = np.array([_steady(current[some]) for some in rows])
    samples = np.array(
        [np.count_nonzero(np.diff(time[some], prepend=at)) for some, at in zip(rows, begin, strict=True)]
    )
    return Stretches(first, last, begin, end, mean, before, steady, samples)


def check_time(time: Array) -> None:
    """Refuse a record whose time goes back, which no current can be integrated over.

    Parameters
    ----------
    time : array, shape (n,)
        s.
    """
    back = int(np.sum(np.diff(time) < 0))
    if back:
        raise InputError(
            f"The time of the record goes back in {counted(back, 'place')}.",
            "Several runs may be joined, or the cycler wrote a wrong clock.",
            "Cut it to one run, or mend its time.",
        )


def _net_charge(time: Array, current: Array) -> Array:
    """Integrate a current that is already the new one in the first row behind a switch."""
    return np.concatenate([[0.0], np.cumsum(current[1:] * np.diff(time))])


def _steady(current: Array) -> bool:
    middle = float(np.median(current))
    return bool(np.quantile(np.abs(current - middle), 0.95) <= _STEADY * abs(middle))
