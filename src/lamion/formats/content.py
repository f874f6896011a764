"""What goes into a format and what comes out of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from lamion import hashing
from lamion.formats.text import Text, decode
from lamion.quantities import InputError
from lamion.records import ImpedanceSpectrum
from lamion.records.record import Record

OneKind = TypeVar("OneKind", bound=Record)

_FEW = 3


@dataclass(frozen=True)
class RawFile:
    """A file's bytes, and its text for the formats that are text.

    Parameters
    ----------
    name : str
        The file's name without its folder.
    content : bytes
        The whole content.
    path : Path or None
        Where it lies, absolute; None for one made in memory.
    """

    name: str
    content: bytes
    path: Path | None = field(default=None, compare=False)

    @cached_property
    def sha256(self) -> str:
        """Hash of the bytes, 64 hexadecimal digits."""
        return hashing.of_bytes(self.content)

    @cached_property
    def text(self) -> Text:
        """The decoded text; FileFormatError when the bytes are no text."""
        return decode(self.name, self.content)


@dataclass(frozen=True)
class Parsed:
    """What a format found in a file.

    Parameters
    ----------
    records : tuple of Record
        At least one; one per cycle where the file holds several.
    metadata : Mapping of str to str
        The header, as printed.
    warnings : tuple of str
        What looks odd though the file could be read, a whole sentence each.
    """

    records: tuple[Record, ...]
    metadata: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Format:
    """One instrument's or exchange format.

    Parameters
    ----------
    name : str
        Its name for people, such as ``"CHI A.C. Impedance text"``.
    binary : bool
        Whether its files are bytes rather than text; `matches` of a text format is only asked about text.
    matches : callable
        Whether a file carries this format's signature; looks at the content, never at the extension.
    read : callable
        Reads a file that matches; raises FileFormatError when the file contradicts itself.
    """

    name: str
    matches: Callable[[RawFile], bool]
    read: Callable[[RawFile], Parsed]
    binary: bool = False


@dataclass(frozen=True)
class FileContent:
    """What a file holds.

    Parameters
    ----------
    name : str
        The file's name without its folder.
    format : str
        The format it was read as, named for people.
    sha256 : str
        Hash of the raw bytes.
    records : tuple of Record
        At least one; one per cycle where the file holds several. Each carries the file as its source.
    metadata : Mapping of str to str
        The header, as printed.
    warnings : tuple of str
        What looks odd though the file could be read, a whole sentence each.
    """

    name: str
    format: str
    sha256: str
    records: tuple[Record, ...]
    metadata: Mapping[str, str]
    warnings: tuple[str, ...]

    def __repr__(self) -> str:
        held = ", ".join(map(repr, self.records[:_FEW])) + (", ..." if len(self.records) > _FEW else "")
        return f"FileContent('{self.name}', {self.format}: {held})"

    def spectrum(self, cycle: int | None = None) -> ImpedanceSpectrum:
        """Return the file's one impedance spectrum, or the one of a cycle.

        Parameters
        ----------
        cycle : int, optional
            Which one, where the file holds several.

        Raises
        ------
        InputError
            When the file holds several and none was chosen, or not the one that was.
        """
        spectra = self._of(ImpedanceSpectrum)
        chosen = [spectrum for spectrum in spectra if cycle in (None, spectrum.cycle)]
        if len(chosen) == 1:
            return chosen[0]
        known = ", ".join(str(spectrum.cycle) for spectrum in spectra if spectrum.cycle is not None) or "no cycles"
        if cycle is not None:
            raise InputError(f"{self.name} holds no cycle {cycle}.", "", f"It holds: {known}.")
        raise InputError(
            f"{self.name} holds {len(spectra)} spectra, the cycles {known}.",
            "",
            "Choose one: --cycle N, or cycle = N in a step.",
        )

    def the(self, kind: type[OneKind]) -> OneKind:
        """Return the file's one record of a kind.

        Parameters
        ----------
        kind : type
            Such as :class:`~lamion.records.current_transient.CurrentTransient`.

        Raises
        ------
        InputError
            When the file holds another kind of record, or several.
        """
        found = self._of(kind)
        if len(found) != 1:
            raise InputError(f"{self.name} holds {len(found)} such records.", "", "Give a file that holds one.")
        return found[0]

    def _of(self, kind: type[OneKind]) -> list[OneKind]:
        found = [record for record in self.records if isinstance(record, kind)]
        if not found:
            raise InputError(
                f"{self.name} was read as {self.format}: {_words(type(self.records[0]))}, not {_words(kind)}.",
                "It may be the file of another measurement.",
                "Name the right file.",
            )
        return found


def _words(kind: type) -> str:
    """Write ImpedanceSpectrum as impedance spectrum."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", kind.__name__).lower()
