"""Which part of a spectrum counts, and what lies below its components."""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

from lamion.quantities import FileFormatError, InputError
from lamion.records.record import Table, with_article
from lamion.tasks.declaring import File, Option
from lamion.techniques.peaks.axes import AnySpectrum

Low = Annotated[float | None, Option("leave out what lies below, in the file's unit", example="700")]
High = Annotated[float | None, Option("leave out what lies above, in the file's unit", example="780")]
Baseline = Annotated[
    Literal["none", "constant", "linear", "quadratic", "cubic"], Option("fitted together with the components")
]

Kind = TypeVar("Kind", bound=Table)


def records_of(file: File, kind: type[Kind]) -> list[Kind]:
    """Return a file's records of a kind: as its format says, or bare columns taken for what is asked for."""
    try:
        found = [one for one in file.read().records if isinstance(one, kind)]
    except FileFormatError as error:
        try:
            return [file.read(kind).the(kind)]
        except FileFormatError:
            raise error from None
    if not found:
        what = kind.kind.words
        raise InputError(
            f"{file.name} holds no {what}.", "It is another measurement.", f"Give a file with {with_article(what)}."
        )
    return found


def only_one(file: File, kind: type[Kind]) -> Kind:
    """Return a file's one record of a kind."""
    found = records_of(file, kind)
    if len(found) > 1:
        raise InputError(
            f"{file.name} holds {len(found)} spectra where one is needed.",
            "It may be a map, or several regions or scans.",
            "Give one of them in a file of its own.",
        )
    return found[0]


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
