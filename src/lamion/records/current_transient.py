"""The current of a cell held at a voltage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.quantities.errors import InputError
from lamion.records.record import fill, summary
from lamion.records.source import SourceFile

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CurrentTransient:
    """Current and voltage against time while a cell is polarised.

    Parameters
    ----------
    time : array, shape (n,)
        Seconds since the voltage was applied; rising, not negative.
    current : array, shape (n,)
        A.
    voltage : array, shape (n,)
        V.
    temperature : float, optional
        K, where the file says it.
    metadata : Mapping of str to str
        What else the file's header says, as printed there.
    source : SourceFile, optional
        Where it comes from.

    Raises
    ------
    InputError
        When the arrays differ in length or are empty, a value is not finite, or time does not rise.

    Examples
    --------
    >>> transient = CurrentTransient([0.0, 1.0, 2.0], [2e-4, 1.5e-4, 1.4e-4], [0.01, 0.01, 0.01])
    >>> len(transient), transient.duration
    (3, 2.0)
    """

    time: Array
    current: Array
    voltage: Array
    temperature: float | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    source: SourceFile | None = None

    __repr__ = summary

    def __init__(
        self,
        time: ArrayLike,
        current: ArrayLike,
        voltage: ArrayLike,
        temperature: float | None = None,
        metadata: Mapping[str, str] | None = None,
        source: SourceFile | None = None,
    ) -> None:
        columns = {"time": time, "current": current, "voltage": voltage}
        fill(self, columns, metadata, source, temperature=temperature)
        check_time("current transient", self.time, self.current, self.voltage)

    def __len__(self) -> int:
        return len(self.time)

    @property
    def duration(self) -> float:
        """The time from the first to the last point in s."""
        return float(self.time[-1] - self.time[0])

    def columns(self) -> dict[str, list[float]]:
        """Return the record under the Battery Data Format's column names."""
        return {
            "Test Time / s": self.time.tolist(),
            "Voltage / V": self.voltage.tolist(),
            "Current / A": self.current.tolist(),
        }


def check_time(record: str, time: Array, *others: Array) -> None:
    """Refuse arrays that are no series in time.

    Parameters
    ----------
    record : str
        What they are, for the message.
    time : array
        Seconds.
    *others : array
        What was measured.

    Raises
    ------
    InputError
        When the lengths differ or are zero, a value is not finite, or time is negative or does not rise.
    """
    if time.ndim != 1 or not len(time) or any(other.shape != time.shape for other in others):
        raise InputError(f"A {record} needs one value per time, and at least one.")
    if not all(np.all(np.isfinite(array)) for array in (time, *others)):
        raise InputError(f"A {record} holds a value that is not a finite number.")
    if time[0] < 0 or np.any(np.diff(time) <= 0):
        raise InputError(
            f"The time of a {record} is negative or does not rise from point to point.",
            "Several techniques or loops may be joined in one file.",
            "Cut the file to the one step that is meant.",
        )
