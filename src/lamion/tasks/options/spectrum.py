"""Which part of a spectrum counts, and what lies below its components."""

from __future__ import annotations

from typing import Annotated, Literal

from lamion.quantities import InputError
from lamion.tasks.declaring import File, Option
from lamion.techniques.peaks.axes import AnySpectrum

Low = Annotated[float | None, Option("leave out what lies below, in the file's unit", example="700")]
High = Annotated[float | None, Option("leave out what lies above, in the file's unit", example="780")]
Baseline = Annotated[
    Literal["none", "constant", "linear", "quadratic", "cubic"], Option("fitted together with the components")
]


def spectrum_of(file: File) -> AnySpectrum:
    """Return a file's one spectrum."""
    records = file.read().records
    if len(records) > 1:
        raise InputError(
            f"{file.name} holds {len(records)} spectra where one is needed.",
            "It may be a map, or several regions or scans.",
            "Give one of them in a file of its own.",
        )
    record = records[0]
    if not isinstance(record, AnySpectrum):
        raise InputError(
            f"{file.name} holds no spectrum.", "", "Give a spectrometer's file, or a table of two columns."
        )
    return record
