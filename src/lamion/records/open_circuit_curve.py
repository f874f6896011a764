"""The open-circuit potential of an active material against lithium."""

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
class OpenCircuitCurve:
    """Potential at rest against lithium content, in the order of the file.

    Parameters
    ----------
    content : array, shape (n,)
        Lithium content, or the fraction of the capacity that is discharged, 1.
    voltage : array, shape (n,)
        V against lithium.
    metadata : Mapping of str to str
        What else the file says.
    source : SourceFile, optional
        Where it comes from.

    Raises
    ------
    InputError
        When the arrays differ in length or are empty, or a value is not finite.
    """

    content: Array
    voltage: Array
    metadata: Mapping[str, str] = field(default_factory=dict)
    source: SourceFile | None = None

    __repr__ = summary

    def __init__(
        self,
        content: ArrayLike,
        voltage: ArrayLike,
        metadata: Mapping[str, str] | None = None,
        source: SourceFile | None = None,
    ) -> None:
        fill(self, {"content": content, "voltage": voltage}, metadata, source)
        if self.content.ndim != 1 or self.content.shape != self.voltage.shape or not len(self):
            raise InputError("An open-circuit curve needs one voltage per lithium content, and at least one.")
        if not np.all(np.isfinite(self.content) & np.isfinite(self.voltage)):
            raise InputError("An open-circuit curve holds a value that is not a finite number.")

    def __len__(self) -> int:
        return len(self.content)

    def columns(self) -> dict[str, list[float]]:
        """Return the record under the Battery Data Format's way of naming columns."""
        return {"Lithium Content / 1": self.content.tolist(), "Voltage / V": self.voltage.tolist()}
