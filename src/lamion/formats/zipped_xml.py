"""ZIP archives, of XML as spreadsheets are: read in pieces, everything bounded before it is kept."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Self

from lamion.formats import xml_events
from lamion.formats.content import RawFile
from lamion.quantities import FileFormatError

_MOST_MEMBERS = 10_000
_LARGEST_PART = 64 * 2**20
_PIECE = 2**16
_ENTRY = b"PK\x01\x02"
"""What a part's entry in the directory begins with; the standard library counts neither entries nor their bytes."""
_REMEDY = "The file was cut or damaged on its way: copy it again, or export it as CSV."
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, LookupError, RuntimeError,
)  # fmt: skip
"""What the standard library's reader of archives raises of a damaged or an encrypted one."""


class Document:
    """A ZIP archive with parts of XML.

    Parameters
    ----------
    raw : RawFile
        The file.
    """

    def __init__(self, raw: RawFile) -> None:
        self.file = raw.name
        try:
            self._archive = zipfile.ZipFile(raw.opened())
        except _DAMAGED as error:
            raise self.damaged("", "a ZIP archive", "a damaged one") from error
        if len(self._archive.namelist()) > _MOST_MEMBERS:
            raise self.damaged("", f"at most {_MOST_MEMBERS} parts", f"{len(self._archive.namelist())}")
        if any(_ENTRY in one.comment + one.extra for one in self._archive.infolist()):
            raise self.damaged("", "a directory of the archive", "one part's entry within another's")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._archive.close()

    def __contains__(self, part: str) -> bool:
        return part in self._archive.namelist()

    def damaged(self, where: str, expected: str, found: str) -> FileFormatError:
        """Return the error of a damaged part."""
        return FileFormatError(self.file, where, expected, found, _REMEDY)

    def parse(
        self,
        part: str,
        start: Callable[[str, Mapping[str, str]], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        """Tell the elements of a part, by their names without a prefix, as they come.

        Raises
        ------
        FileFormatError
            When it is damaged, declares entities, or holds more than a sheet does.
        """
        # Whatever a part declares: office programs write UTF-8 alone.
        xml_events.parse(
            self.pieces(part), lambda expected, found: self.damaged(part, expected, found), start, end, text, "UTF-8"
        )

    def names(self) -> list[str]:
        """Return the names of the parts."""
        return self._archive.namelist()

    def pieces(self, part: str, largest: int = _LARGEST_PART) -> Iterator[bytes]:
        """Yield the bytes of a part, checked against its checksum at the end.

        Parameters
        ----------
        part : str
            Its name.
        largest : int
            Bytes that it may have, unpacked.

        Raises
        ------
        FileFormatError
            When it is damaged, missing or larger.
        """
        read = 0
        try:
            with self._archive.open(part) as content:
                while piece := content.read(_PIECE):
                    read += len(piece)
                    if read > largest:
                        raise self.damaged(part, f"at most {largest / 2**20:.3g} MiB, unpacked", "more")
                    yield piece
        except _DAMAGED as error:
            raise self.damaged(part, "a whole part of the archive", "a damaged or missing one") from error
