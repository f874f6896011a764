"""What goes into a format and what comes out of it."""

from __future__ import annotations

import codecs
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from lamion.formats.text import Text, decode
from lamion.quantities import InputError
from lamion.records import ImpedanceSpectrum
from lamion.records.impedance import format_frequency
from lamion.records.record import Record, Table

OneKind = TypeVar("OneKind", bound=Record)

CHOOSE_CYCLE = "--cycle 2 or --cycle last; cycle = 2 in a step, cycle=2 in Python"
"""How one of several spectra is chosen, as each place writes it."""
NOT_BELIEVED = "it is not believed."
"""How a reader's doubt of the header's temperature ends; what counts instead, the task knows that reads the file."""
_FEW = 3
_LISTED = 6
_LONGEST = 20
"""Characters of a range of cycles."""
_START = 2**14
_TOP = 2**20
"""Bytes that a format of text is recognised by."""


class RawFile:
    """A file: its name, its size, its hash, and ways to open it.

    Parameters
    ----------
    name : str
        The file's name without its folder.
    content : bytes, optional
        The whole content; without it the file is opened when its bytes are asked for.
    path : Path or None
        Where it lies, absolute; None for one made in memory.
    sidecar : RawFile, optional
        What stands beside it and says more of it: of ``cell.bdf.csv`` the file ``cell.bdf.metadata.json``.
    """

    def __init__(
        self, name: str, content: bytes | None = None, path: Path | None = None, sidecar: RawFile | None = None
    ) -> None:
        self.name = name
        self.path = path
        self.sidecar = sidecar
        self._content = content
        self._hash: str | None = None
        self._state = None if content is not None or path is None else _state(path)
        self.size = len(content) if content is not None else self._state[0] if self._state is not None else 0
        """Bytes."""

    def __repr__(self) -> str:
        return f"RawFile({self.name!r}, {self.size} bytes)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RawFile) and (self.name, self.sha256) == (other.name, other.sha256)

    def __hash__(self) -> int:
        return hash((self.name, self.sha256))

    @property
    def content(self) -> bytes:
        """The whole content; InputError where the file was changed since it was first looked at."""
        if self._content is None:
            self._content = b"".join(self.pieces())
        return self._content

    @cached_property
    def start(self) -> bytes:
        """The first bytes, enough for any signature."""
        return next(iter(self.pieces(_START)), b"")[:_START]

    @property
    def sha256(self) -> str:
        """Hash of the bytes, 64 hexadecimal digits."""
        if self._hash is None:
            for _ in self.pieces():
                pass
        assert self._hash is not None  # noqa: S101  whoever reads all pieces leaves it
        return self._hash

    @property
    def key(self) -> str:
        """What changes with whatever is read of it: the hash of its bytes, joined with its sidecar's."""
        return self.sha256 if self.sidecar is None else f"{self.sha256} {self.sidecar.sha256}"

    def pieces(self, size: int = 2**20) -> Iterator[bytes]:
        """Yield the content piece by piece, hashing it on the way.

        Parameters
        ----------
        size : int
            Bytes in a piece.

        Raises
        ------
        InputError
            When the file cannot be read, or was changed since it was first looked at.
        """
        known = self._content is not None and self._hash is not None
        digest = hashlib.sha256()
        with self.opened() as file:
            while piece := file.read(size):
                if not known:
                    digest.update(piece)
                yield piece
        self.confirm(None if known else digest.hexdigest())

    def opened(self) -> IO[bytes]:
        """Open the file at its first byte."""
        if self._content is not None or self.path is None:
            return io.BytesIO(self._content or b"")
        try:
            return self.path.open("rb")
        except OSError as error:
            raise self._changed() from error

    def array(self, dtype: np.dtype[Any], offset: int) -> NDArray[Any]:
        """Return the numbers from a byte on, read-only; of a large file they stay where they are.

        Parameters
        ----------
        dtype : dtype
            Of one number.
        offset : int
            The first byte.
        """
        if self._content is None and self.path is not None:
            return np.memmap(self.path, dtype, "r", offset)
        return np.frombuffer(self.content, dtype, offset=offset)

    def confirm(self, sha256: str | None = None) -> None:
        """Refuse a file that was changed since it was first looked at.

        Parameters
        ----------
        sha256 : str, optional
            Hash of the bytes that were just read.
        """
        try:
            same = self._state is None or self.path is None or _state(self.path) == self._state
        except OSError:
            same = False
        if not same:
            raise self._changed()
        if sha256 is not None and self._hash not in (None, sha256):
            raise self._changed()
        self._hash = sha256 or self._hash

    def _changed(self) -> InputError:
        return InputError(
            f"The file '{self.path}' was changed while it was read.",
            "An instrument or another program may still be writing it.",
            "Wait until it is finished, then read it again.",
        )

    @cached_property
    def text(self) -> Text:
        """The decoded text; FileFormatError when the bytes are no text."""
        return decode(self.name, self.content)

    @cached_property
    def top(self) -> RawFile:
        """The file itself, or the lines that a large one begins with."""
        if self.size <= _TOP:
            return self
        found = next(self.pieces(_TOP))
        end = b"\n\x00" if found.startswith(codecs.BOM_UTF16_LE) else b"\n"
        return RawFile(self.name, found[: (found.rfind(end) + len(end)) or len(found)], self.path, self.sidecar)


def _state(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns, found.st_ino


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
    largest : int
        Bytes of the largest file; a spectrum is small, while an image or a cycler's table may be large.
    kinds : tuple of str
        The words that ask for this format by what it holds, as in ``lamion read --record crystal``.
    texts : callable or None
        The tables of such a file as files of text, for whoever says what their columns are.
    """

    name: str
    matches: Callable[[RawFile], bool]
    read: Callable[[RawFile], Parsed]
    binary: bool = False
    largest: int = 64 * 2**20
    kinds: tuple[str, ...] = ()
    texts: Callable[[RawFile], Sequence[RawFile]] | None = None


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

    def noticed(self, temperature: str = "") -> tuple[str, ...]:
        """Return the warnings, and behind a doubt of the header's temperature what is said of the true one.

        Parameters
        ----------
        temperature : str
            A sentence: which one counts, or how it is given; empty where none is used.
        """
        return tuple(
            f"{text} {temperature}".rstrip() if text.endswith(NOT_BELIEVED) else text for text in self.warnings
        )

    def spectrum(self, cycle: int | str | None = None) -> ImpedanceSpectrum:
        """Return the file's one impedance spectrum, or the one of a cycle.

        Parameters
        ----------
        cycle : int or str, optional
            Which one, where the file holds several; ``"last"``.

        Raises
        ------
        InputError
            When the file holds several and none was chosen, or not the one that was.
        """
        found = self.spectra() if cycle is None else self.spectra([str(cycle)])
        if len(found) == 1:
            return found[0]
        raise InputError(f"{self.name} holds {self._listed(found)}; one is needed.", "", f"Choose one: {CHOOSE_CYCLE}.")

    def spectra(self, cycles: Sequence[str] = (), *, several: bool = True) -> list[ImpedanceSpectrum]:
        """Return the file's impedance spectra of some cycles.

        Parameters
        ----------
        cycles : sequence of str
            Numbers such as ``"2"``, ranges such as ``"2-4"``, ``"last"``, ``"all"``; one spectrum alone needs none.
        several : bool
            Whether a refusal offers several of them.

        Raises
        ------
        InputError
            When the file holds several and none was chosen, or not those that were.
        """
        every = self._of(ImpedanceSpectrum)
        if not cycles and len(every) > 1:
            choice = f"Choose: {CHOOSE_CYCLE}; all for all." if several else f"Choose one: {CHOOSE_CYCLE}."
            raise InputError(f"{self.name} holds {self._listed(every)}.", "", choice)
        if not cycles or "all" in cycles:
            return every
        known = {1 if one.cycle is None else one.cycle: one for one in every}
        chosen = {number for word in cycles for number in _cycles(word, max(known), several=several)}
        if missing := sorted(chosen - known.keys()):
            raise InputError(f"{self.name} holds no cycle {missing[0]}.", "", f"It holds {self._listed(every)}.")
        return [one for number, one in known.items() if number in chosen]

    def _listed(self, found: Sequence[ImpedanceSpectrum]) -> str:
        """Name spectra by cycle, with their points and frequencies, as many as can be read."""
        each = [
            f"{'the one' if one.cycle is None else f'cycle {one.cycle}'} ({extent(one)})" for one in found[:_LISTED]
        ]
        more = f" and {len(found) - _LISTED} more" if len(found) > _LISTED else ""
        return f"{len(found)} {'spectra' if len(found) > 1 else 'spectrum'}: {', '.join(each)}{more}"

    def the(self, kind: type[OneKind]) -> OneKind:
        """Return the file's one record of a kind.

        Parameters
        ----------
        kind : type
            Such as :class:`~lamion.records.measurements.CurrentTransient`.

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
        seen = [one.seen_as(kind) if isinstance(one, Table) else one for one in self.records]
        found = [record for record in seen if isinstance(record, kind)]
        if not found:
            raise InputError(
                f"{self.name} was read as {self.format}: {words(type(self.records[0]))}, not {words(kind)}.",
                "It may be the file of another measurement.",
                "Name the right file.",
            )
        return found


def _cycles(word: str, last: int, *, several: bool) -> Iterable[int]:
    """Return the numbers that a word such as 2, 2-4 or last means."""
    first, dash, end = word.partition("-")
    if word == "last":
        return [last]
    if not first.isdecimal() or (dash and not end.isdecimal()) or len(word) > _LONGEST:
        more = "; or 2-4, or all" if several else ""
        raise InputError(f"The cycle '{word}' cannot be read.", "", f"Write {CHOOSE_CYCLE}{more}.")
    # A range ends just behind what the file holds, so that a long one takes no room and is refused.
    return range(int(first), max(int(first), min(int(end or first), last + 1)) + 1)


def extent(spectrum: ImpedanceSpectrum) -> str:
    """Say how many points a spectrum has, over which frequencies."""
    low, high = (format_frequency(float(end)) for end in (spectrum.frequency.min(), spectrum.frequency.max()))
    return f"{len(spectrum)} points, {low} to {high}"


def words(kind: type) -> str:
    """Say what a kind of record is: as it declares it, else by its name.

    Examples
    --------
    >>> words(ImpedanceSpectrum)
    'impedance spectrum'
    """
    if issubclass(kind, Table):
        return kind.kind.words
    return re.sub(r"(?<!^)(?=[A-Z])", " ", kind.__name__).lower()
