"""Conductivities at several temperatures."""

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
class ConductivitySeries:
    """Conductivity against temperature, in the order of the file.

    Parameters
    ----------
    temperature : array, shape (n,)
        K, larger than zero.
    conductivity : array, shape (n,)
        S/m, larger than zero.
    uncertainty : array, shape (n,), optional
        Standard uncertainties in S/m, larger than zero.
    metadata : Mapping of str to str
        What else the file says.
    source : SourceFile, optional
        Where it comes from.

    Raises
    ------
    InputError
        When the arrays differ in length or are empty, or a value is not finite or not larger than zero.

    Examples
    --------
    >>> len(ConductivitySeries([298.15, 308.15], [0.056, 0.078]))
    2
    """

    temperature: Array
    conductivity: Array
    uncertainty: Array | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    source: SourceFile | None = None

    __repr__ = summary

    def __init__(
        self,
        temperature: ArrayLike,
        conductivity: ArrayLike,
        uncertainty: ArrayLike | None = None,
        metadata: Mapping[str, str] | None = None,
        source: SourceFile | None = None,
    ) -> None:
        given = {"temperature": temperature, "conductivity": conductivity, "uncertainty": uncertainty}
        fill(self, given, metadata, source)
        arrays = {name: getattr(self, name) for name, value in given.items() if value is not None}
        shapes = {array.shape for array in arrays.values()}
        if len(shapes) != 1 or self.temperature.ndim != 1 or not len(self.temperature):
            raise InputError("A series of conductivities needs one conductivity per temperature, and at least one.")
        for name, array in arrays.items():
            if not np.all(np.isfinite(array) & (array > 0)):
                raise InputError(f"A {name} in the series is not a number larger than zero.")

    def __len__(self) -> int:
        return len(self.temperature)

    def columns(self) -> dict[str, list[float]]:
        """Return the record as a table, under the headers that it is read with."""
        table = {
            "temperature / K": self.temperature.tolist(),
            "conductivity / S/m": self.conductivity.tolist(),
        }
        if self.uncertainty is not None:
            table["uncertainty / S/m"] = self.uncertainty.tolist()
        return table
