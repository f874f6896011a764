"""The open-circuit voltage of a cell after a current was interrupted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.records.current_transient import check_time
from lamion.records.record import fill, summary
from lamion.records.source import SourceFile

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class VoltageTransient:
    """Voltage against time at open circuit.

    Parameters
    ----------
    time : array, shape (n,)
        Seconds since the current was interrupted; rising, not negative.
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
    >>> len(VoltageTransient([0.0, 60.0], [2e-3, 1e-3]))
    2
    """

    time: Array
    voltage: Array
    temperature: float | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    source: SourceFile | None = None

    __repr__ = summary

    def __init__(
        self,
        time: ArrayLike,
        voltage: ArrayLike,
        temperature: float | None = None,
        metadata: Mapping[str, str] | None = None,
        source: SourceFile | None = None,
    ) -> None:
        fill(self, {"time": time, "voltage": voltage}, metadata, source, temperature=temperature)
        check_time("voltage transient", self.time, self.voltage)

    def __len__(self) -> int:
        return len(self.time)

    def columns(self) -> dict[str, list[float]]:
        """Return the record under the Battery Data Format's column names."""
        return {"Test Time / s": self.time.tolist(), "Voltage / V": self.voltage.tolist()}
