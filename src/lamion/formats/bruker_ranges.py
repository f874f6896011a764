"""What both layouts of Bruker's .raw files have in common: ranges one behind the other to the end of the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lamion.formats.binary import Bytes
from lamion.formats.content import Parsed
from lamion.records.record import Record

_MOST = 10_000


def count_of_ranges(data: Bytes, place: int) -> int:
    """Return how many ranges a file declares at a byte."""
    (count,) = data.unpack("<I", place, "the number of ranges")
    if not 1 <= count <= _MOST:
        raise data.refused(place, f"a number of ranges up to {_MOST}", f"{count}")
    return int(count)


def ranges(
    data: Bytes,
    place: int,
    count: int,
    metadata: Mapping[str, str],
    read: Callable[[int], tuple[Record, list[str], int]],
) -> Parsed:
    """Read ranges from a byte on; each gives its record, what is odd about it, and the byte behind it."""
    records: list[Record] = []
    warnings: list[str] = []
    for number in range(1, count + 1):
        which = f"Range {number}: " if count > 1 else ""
        record, odd, place = read(place)
        records.append(record)
        warnings += [f"{which}{text}" for text in odd]
    if place != len(data.content):
        raise data.refused(place, "the end of the file behind the last range", f"{len(data.content) - place} bytes")
    return Parsed(tuple(records), metadata, tuple(warnings))
