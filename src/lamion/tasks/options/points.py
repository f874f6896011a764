"""Which points of an impedance file count."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from lamion.formats.content import CHOOSE_CYCLE
from lamion.quantities import InputError, Quantity
from lamion.records import ImpedanceSpectrum
from lamion.records.column import as_written
from lamion.tasks.declaring import File, Option

_NONE = "none"


@dataclass(frozen=True)
class Points:
    """The points of the one spectrum of a file that a task uses: every task on spectra takes these options."""

    fmin: Annotated[Quantity | None, Option("leave out lower frequencies", of="frequency", example="1 Hz")] = None
    fmax: Annotated[Quantity | None, Option("leave out higher frequencies", of="frequency", example="100 kHz")] = None
    cycle: Annotated[
        tuple[str, ...], Option("which of several sweeps that a file holds: its number, or last", example="2")
    ] = ()
    leave_out: Annotated[
        tuple[str, ...], Option("points that do not count, as `read` numbers them; none keeps all", example="1,4-6")
    ] = ()

    @property
    def lowest(self) -> float:
        """The lowest frequency in Hz; 0 where none is given."""
        return 0.0 if self.fmin is None else self.fmin.si

    @property
    def highest(self) -> float:
        """The highest frequency in Hz; infinite where none is given."""
        return math.inf if self.fmax is None else self.fmax.si

    def refuse_any(self, beside: str) -> None:
        """Refuse what says nothing of other than spectra, such as beside ``"a table"``."""
        for name in ("fmin", "fmax", "cycle", "leave_out"):
            if getattr(self, name) not in (None, ()):
                raise InputError(
                    f"The {name.replace('_', ' ')} is given beside {beside}.",
                    "It says which points of a spectrum count.",
                    "Leave it away.",
                )

    @property
    def decided(self) -> bool:
        """Whether it was said which points do not count, be it none."""
        return bool(self.leave_out)

    def of(self, file: File) -> ImpedanceSpectrum:
        """Return a file's one spectrum, of the cycle and without the points left out; all frequencies."""
        found = self._sweeps(file, several=False)
        if len(found) > 1:
            raise InputError(
                f"{len(found)} sweeps of {file.name} were chosen where one is needed.",
                "Sweeps of one cell are not several cells.",
                f"Choose one: {CHOOSE_CYCLE}.",
            )
        return found[0]

    def of_each(self, files: Sequence[File]) -> list[ImpedanceSpectrum]:
        """Return the one spectrum of each file, all frequencies."""
        return [self.of(file) for file in files]

    def within(self, file: File) -> ImpedanceSpectrum:
        """Return a file's spectrum between the limits of frequency."""
        return self.of(file).within(self.lowest, self.highest)

    def _sweeps(self, file: File, *, several: bool) -> list[ImpedanceSpectrum]:
        numbers, found = _numbers(self.leave_out), file.read().spectra(self.cycle, several=several)
        return [_without(_swept(one, file.name), numbers, file.name) for one in found]


@dataclass(frozen=True)
class PointsOfSweeps(Points):
    """The points of each sweep, of a task that takes several of a file."""

    cycle: Annotated[
        tuple[str, ...], Option("which of several sweeps that a file holds: numbers, last or all", example="2")
    ] = ()

    def of_all(self, files: Sequence[File]) -> list[ImpedanceSpectrum]:
        """Return every sweep chosen of each file, all frequencies."""
        return [spectrum for file in files for spectrum in self._sweeps(file, several=True)]


def _swept(spectrum: ImpedanceSpectrum, name: str) -> ImpedanceSpectrum:
    """Refuse a spectrum that is none."""
    if len(spectrum) > 1 and len(np.unique(spectrum.frequency)) == 1:
        raise InputError(
            f"{name} holds one frequency only, {spectrum.frequency[0]:g} Hz.",
            "It may be a measurement against time, or the frequency was taken from another column.",
            f"Give a sweep over frequencies, or say which columns to take, as in {as_written()}.",
        )
    return spectrum


def _numbers(texts: Sequence[str]) -> list[int]:
    found: list[int] = []
    for text in [] if list(texts) == [_NONE] else texts:
        first, dash, last = text.partition("-")
        try:
            low, high = int(first), int(last if dash else first)
        except ValueError:
            low, high = 0, 0
        if not 1 <= low <= high or high - low > 10**6:
            raise InputError(
                f"The points to leave out, '{text}', cannot be read.",
                "Points are counted from 1, in the order of the file.",
                "Write them like 1,4-6, or none to keep all.",
            )
        found += range(low, high + 1)
    return found


def _without(spectrum: ImpedanceSpectrum, numbers: Sequence[int], name: str) -> ImpedanceSpectrum:
    if not numbers:
        return spectrum
    unknown = sorted(set(numbers) - set(spectrum.numbers.tolist()))
    if unknown:
        raise InputError(
            f"{name} has {len(spectrum)} points; point {unknown[0]} cannot be left out.",
            "",
            "`lamion read` with --csv numbers them, the first is 1.",
        )
    return spectrum.without(numbers, "as asked")
