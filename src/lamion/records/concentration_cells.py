"""Voltages of concentration cells against one reference concentration."""

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
class ConcentrationCells:
    """Voltage against concentration, in the order of the file.

    Parameters
    ----------
    concentration : array, shape (n,)
        mol/m3, larger than zero.
    voltage : array, shape (n,)
        V.
    metadata : Mapping of str to str
        What else the file says.
    source : SourceFile, optional
        Where it comes from.

    Raises
    ------
    InputError
        When the arrays differ in length or are empty, a value is not finite, or a concentration not larger than zero.
    """

    concentration: Array
    voltage: Array
    metadata: Mapping[str, str] = field(default_factory=dict)
    source: SourceFile | None = None

    __repr__ = summary

    def __init__(
        self,
        concentration: ArrayLike,
        voltage: ArrayLike,
        metadata: Mapping[str, str] | None = None,
        source: SourceFile | None = None,
    ) -> None:
        fill(self, {"concentration": concentration, "voltage": voltage}, metadata, source)
        if self.concentration.ndim != 1 or self.concentration.shape != self.voltage.shape or not len(self):
            raise InputError("Concentration cells need one voltage per concentration, and at least one.")
        if not np.all(np.isfinite(self.voltage)) or not np.all(
            np.isfinite(self.concentration) & (self.concentration > 0)
        ):
            raise InputError("A concentration is not a number larger than zero, or a voltage not a finite number.")

    def __len__(self) -> int:
        return len(self.concentration)

    def columns(self) -> dict[str, list[float]]:
        """Return the record as a table, under the headers that it is read with."""
        return {"concentration / mol/m3": self.concentration.tolist(), "voltage / V": self.voltage.tolist()}
