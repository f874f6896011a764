"""Where the voltage was applied within a record that also holds a rest: before the step, after it, or both."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_ON = 0.5
_REST = 0.1
_LEAST_REST = 3


@dataclass(frozen=True)
class PolarisationStep:
    """The part of a record in which the bias was on.

    Parameters
    ----------
    first, last : int
        Its first sample, and one past its last.
    start : float
        When it began, in s: the last sample of the rest before it; the first sample where there is none.
    offset, offset_std : float
        The mean current of the rest before it and its standard error, in A; zero where there is none.
    rest : int
        Samples of that rest.
    """

    first: int
    last: int
    start: float
    offset: float = 0.0
    offset_std: float = 0.0
    rest: int = 0

    @property
    def whole(self) -> bool:
        """Whether the bias was on all the time, to the last sample."""
        return self.first == 0 and self.rest == 0


def polarisation_step(time: Array, current: Array, voltage: Array | None = None) -> PolarisationStep:
    """Look for the longest part under bias, and for the rest before it.

    Under bias the voltage is above half of its largest; without a voltage the current tells, which jumps from below a
    tenth of its largest to above half of it within two samples. Fewer than three samples at rest are none.

    Parameters
    ----------
    time : array, shape (n,)
        s, rising.
    current : array, shape (n,)
        A.
    voltage : array, shape (n,), optional
        V.

    Returns
    -------
    PolarisationStep

    Examples
    --------
    >>> t = np.arange(10.0)
    >>> step = polarisation_step(t, np.where(t < 4, 1e-6, 1e-4), np.where(t < 4, 0.0, 0.01))
    >>> step.first, step.start, step.offset
    (4, 3.0, 1e-06)
    """
    whole = PolarisationStep(0, len(time), float(time[0]))
    steered = _by_current(current) if voltage is None or not np.any(voltage) else _by_voltage(voltage)
    if steered is None:
        return whole
    first, last = steered
    rest = slice(0, first)
    low = np.abs(current[rest]) < _REST * float(np.max(np.abs(current[first:last])))
    if first < _LEAST_REST or not np.all(low):
        return PolarisationStep(first, last, float(time[max(first - 1, 0)]))
    before = current[rest]
    error = float(np.std(before, ddof=1)) / math.sqrt(len(before))
    return PolarisationStep(first, last, float(time[first - 1]), float(np.mean(before)), error, first)


def _by_voltage(voltage: Array) -> tuple[int, int]:
    """Return the longest run above half of the largest voltage."""
    size = np.abs(voltage)
    on = np.concatenate([[False], size > _ON * float(np.max(size)), [False]])
    edges = np.flatnonzero(on[1:] != on[:-1]).reshape(-1, 2)
    first, last = edges[np.argmax(edges[:, 1] - edges[:, 0])]
    return int(first), int(last)


def _by_current(current: Array) -> tuple[int, int] | None:
    """Return the part from a jump out of rest on; None where the current never rests."""
    size = np.abs(current) / (float(np.max(np.abs(current))) or 1.0)
    above = np.flatnonzero(size > _ON)
    first = int(above[0]) if len(above) else 0
    if first < _LEAST_REST or np.any(size[: first - 1] > _REST):
        return None
    return first, len(current)
