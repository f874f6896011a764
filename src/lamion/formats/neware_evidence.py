"""What Neware's binary files say of themselves: pages with counts and checksums (.ndax), blocks with lengths (.nda)."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace

from lamion.formats.content import RawFile
from lamion.quantities import FileFormatError

_PAGE = 4096
_OLD_VERSIONS = 5
"""Earlier ones have other pages."""
_POINTS, _STEPS = 1, 7
"""What a member holds, by its first byte."""
_BLOCKS = slice(64, 72)
_OTHER_HEADS = 128
REMEDY = "The file was cut or damaged on its way: copy it again, or export it again from BTSDA."


@dataclass(frozen=True)
class Stated:
    """How much a file says that it holds.

    Parameters
    ----------
    points, steps : int or None
        None where it does not say.
    """

    points: int | None = None
    steps: int | None = None

    def joined(self, content: bytes, rows: int | None) -> Stated:
        """Add the rows of a member."""
        if content[:1] == bytes([_POINTS]):
            return replace(self, points=rows)
        return replace(self, steps=rows) if content[:1] == bytes([_STEPS]) else self


def damaged(file: str, where: str, expected: str, found: str) -> FileFormatError:
    """Return the error of a damaged file."""
    return FileFormatError(file, where, expected, found, REMEDY)


def rows_of(file: str, name: str, content: bytes) -> int | None:
    """Return how many rows the pages of a member count, None for an old one without; each must have its checksum."""
    if len(content) < _PAGE or content[2] < _OLD_VERSIONS:
        return None
    if len(content) % _PAGE:
        raise damaged(file, name, f"whole pages of {_PAGE} bytes", f"{len(content)} bytes")
    rows = 0
    for begin in range(_PAGE, len(content), _PAGE):
        end = begin + _PAGE - 4
        stated = int.from_bytes(content[end : end + 4], "little")
        if stated and zlib.crc32(memoryview(content)[begin:end]) != stated:
            raise damaged(file, f"{name}, page {begin // _PAGE}", "the checksum of its bytes", "another one")
        rows += int.from_bytes(content[begin + 2 : begin + 4], "little")
    return rows


def check_length(raw: RawFile) -> None:
    """Refuse an .nda file that does not end where its block of records does."""
    head = raw.start[:_OTHER_HEADS]
    if len(head) < _OTHER_HEADS or head[14] >= _OTHER_HEADS:
        return
    begin, length = (int.from_bytes(head[_BLOCKS][k : k + 4], "little") for k in (0, 4))
    if begin + length != raw.size:
        raise damaged(raw.name, "", f"{begin + length} bytes, as its head says", f"{raw.size}")
