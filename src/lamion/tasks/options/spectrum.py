"""What is said of a spectrum: its components, what lies below them, and which part of it counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, TypeVar

from lamion.quantities import FileFormatError, InputError
from lamion.records.record import Table, with_article
from lamion.tasks.declaring import File, Option
from lamion.techniques.peaks.axes import AnySpectrum
from lamion.techniques.peaks.component import Component
from lamion.techniques.peaks.component_table import read_components
from lamion.techniques.peaks.noise import Kind as Noise
from lamion.techniques.peaks.peaks import Choice, at_positions

Kind = TypeVar("Kind", bound=Table)

Shape = Annotated[
    Literal["pseudo-voigt", "voigt", "gaussian", "lorentzian", "split-pseudo-voigt", "doniach-sunjic"],
    Option("of components that no table names"),
]


@dataclass(frozen=True)
class Components:
    """What lies under a spectrum: every task that fits components takes these options."""

    position: Annotated[tuple[float, ...], Option("where components are, in the file's unit", example="740")] = ()
    number: Annotated[int | None, Option("of components", minimum=1, maximum=20, example="2")] = None
    components: Annotated[File | None, Option("a table with a line for each component")] = None
    shape: Shape = "pseudo-voigt"

    @property
    def named(self) -> tuple[Component, ...]:
        """The components that are named, by positions or in a table."""
        if self.components is None:
            return at_positions(self.position, self.shape) if self.position else ()
        if self.position:
            raise InputError(
                "Positions and a table of components are given.", "", "Write the positions into the table."
            )
        return read_components(self.components.raw.content, self.components.name)


@dataclass(frozen=True)
class Bands(Components):
    """Components with a baseline, in a part of a spectrum."""

    baseline: Annotated[
        Literal["none", "constant", "linear", "quadratic", "cubic"], Option("fitted together with the components")
    ] = "linear"
    low: Annotated[float | None, Option("leave out what lies below, in the file's unit", example="700")] = None
    high: Annotated[float | None, Option("leave out what lies above, in the file's unit", example="780")] = None

    def choice(self, named: tuple[Component, ...] = (), noise: Noise | None = None) -> Choice:
        """Return what is said, of the components that the options name or others."""
        return Choice(named or self.named, self.number, self.shape, self.baseline, noise, self.low, self.high)


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
