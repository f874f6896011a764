"""Steady currents of a cell at several voltages."""

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
class PolarisationCurve:
    """Steady current against voltage, in the order of the file.

    Parameters
    ----------
    voltage : array, shape (n,)
        V.
    current : array, shape (n,)
        A.
    metadata : Mapping of str to str
        What else the file says.
    source : SourceFile, optional
        Where it comes from.

    Raises
    ------
    InputError
        When the arrays differ in length or are empty, or a value is not finite.
    """

    voltage: Array
    current: Array
    metadata: Mapping[str, str] = field(default_factory=dict)
    source: SourceFile | None = None

    __repr__ = summary

    def __init__(
        self,
        voltage: ArrayLike,
        current: ArrayLike,
        metadata: Mapping[str, str] | None = None,
        source: SourceFile | None = None,
    ) -> None:
        fill(self, {"voltage": voltage, "current": current}, metadata, source)
        if self.voltage.ndim != 1 or self.voltage.shape != self.current.shape or not len(self):
            raise InputError("A polarisation curve needs one current per voltage, and at least one.")
        if not np.all(np.isfinite(self.voltage) & np.isfinite(self.current)):
            raise InputError("A polarisation curve holds a value that is not a finite number.")

    def __len__(self) -> int:
        return len(self.voltage)

    def columns(self) -> dict[str, list[float]]:
        """Return the record under the Battery Data Format's column names."""
        return {"Voltage / V": self.voltage.tolist(), "Current / A": self.current.tolist()}
