"""Bruker's binary files (.raw) of the layout RAW4.00, as DIFFRAC.SUITE writes them.

A header of 61 bytes; segments that say their kind and length, of texts and of the tube; then each range: a header of
160 bytes with the kind of scan, start, step and number of points, segments of a length that it says, and the counts as
floats. Everything is compared with the size of the file.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lamion.formats.binary import Bytes
from lamion.formats.bruker_ranges import count_of_ranges, ranges
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.powder import Conditions, pattern_of, positive
from lamion.quantities import FileFormatError
from lamion.records.record import Record

_MARK = b"RAW4.00\x00"
_HEADER, _RANGE, _SEGMENT = 61, 160, 8
_TEXT, _TUBE = 10, 30
_TUBE_LENGTH, _TEXT_LENGTH = 136, 36
_MOST_POINTS, _MOST_SEGMENTS = 2**26, 10_000
_SHOWN = {"SAMPLEID": "Sample", "COMMENT": "Comment", "USER": "User", "SITE": "Site", "CREATOR": "Creator"}
_OVER_TWO_THETA = ("coupled", "two theta", "2theta", "detector scan")
_FLOATS = 4


def _matches(raw: RawFile) -> bool:
    return raw.start.startswith(_MARK)


def _read(raw: RawFile) -> Parsed:
    data = Bytes(raw.name, raw.content)
    data.require(0, _HEADER, "the header")
    count = count_of_ranges(data, 40)
    metadata = {name: said for name, at in (("Date", 12), ("Time", 24)) if (said := data.text(at, 12, "a text"))}
    place, tube = _HEADER, Conditions()
    for kind, at, length in _segments(data, place):
        if kind == _TEXT:
            metadata |= _text(data, at, length)
        elif kind == _TUBE:
            tube = _tube(data, at, length)
        place = at + length
    return ranges(data, place, count, metadata, lambda at: _range(data, at, tube))


FORMAT = Format("Bruker RAW4.00", _matches, _read, binary=True, largest=2**30)


def _segments(data: Bytes, place: int, end: int | None = None) -> Iterator[tuple[int, int, int]]:
    """Yield kind, first byte and length of segments: up to a byte, or to the header of a range, whose kind is zero."""
    for _ in range(_MOST_SEGMENTS):
        if end is not None and place >= end:
            return
        kind, length = data.unpack("<II", place, "the head of a segment")
        if end is None and kind == 0:
            return
        if length < _SEGMENT:
            raise data.refused(place + 4, f"a segment of {_SEGMENT} bytes or more", f"{length}")
        data.require(place, length, "a segment")
        yield kind, place, length
        place += length
    raise data.refused(place, f"at most {_MOST_SEGMENTS} segments", "more")


def _text(data: Bytes, place: int, length: int) -> dict[str, str]:
    if length < _TEXT_LENGTH:
        raise data.refused(place + 4, f"a text of {_TEXT_LENGTH} bytes or more", f"{length}")
    name = data.text(place + 12, 24, "the name of a text")
    said = data.text(place + _TEXT_LENGTH, length - _TEXT_LENGTH, "a text")
    return {_SHOWN[name]: said} if name in _SHOWN and said else {}


def _tube(data: Bytes, place: int, length: int) -> Conditions:
    if length < _TUBE_LENGTH:
        raise data.refused(place + 4, f"a tube's segment of {_TUBE_LENGTH} bytes", f"{length}")
    one, two = data.unpack("<dd", place + 80, "the wavelengths")
    (ratio,) = data.unpack("<d", place + 104, "the ratio of the wavelengths")
    anode = data.text(place + 116, 4, "the anode")
    return Conditions(anode or None, positive(one), positive(two), positive(ratio))


def _range(data: Bytes, place: int, tube: Conditions) -> tuple[Record, list[str], int]:
    """Return a range, what is odd about it, and the byte behind it."""
    data.require(place, _RANGE, "the header of a range")
    kind, planned, measured = data.unpack("<III", place, "the number of points")
    start, step, points, time = data.unpack("<ddIf", place + 72, "start, step and number of points")
    (wavelength,) = data.unpack("<d", place + 112, "the wavelength")
    size, more = data.unpack("<II", place + 136, "the length of a point and of further segments")
    scan = data.text(place + 32, 24, "the kind of scan")
    if kind != 0 or size != _FLOATS:
        raise data.refused(place, "a range whose points are single floats", f"kind {kind}, {size} bytes a point")
    if not (planned >= measured == points and 1 <= points <= _MOST_POINTS):
        raise data.refused(place + 88, "the number of points that the range's header says", f"{points} of {measured}")
    if not any(word in scan.lower() for word in _OVER_TWO_THETA):
        remedy = "It is another measurement, or one that lamion does not read: export it as text (.xy)."
        raise FileFormatError(data.file, f"byte {place + 32}", "a scan over two theta", f"'{scan}'", remedy)
    if not (np.isfinite([start, step]).all() and 0.0 < step < 180.0 and abs(start) <= 360.0):
        raise data.refused(place + 72, "a start and a step in degrees", f"{start:g} and {step:g}")
    first = place + _RANGE + more
    ends = [at + length for _, at, length in _segments(data, place + _RANGE, first)] or [first]
    if ends[-1] != first:
        raise data.refused(place + 140, "segments that end where the counts begin", f"byte {ends[-1]}")
    counts = data.numbers("<f4", first, points, "the counts")
    two_theta = np.round(start + step * np.arange(points), 9)
    record, odd = pattern_of(
        data.file, two_theta, counts, lambda point: f"point {point + 1}", _conditions(tube, wavelength, float(time))
    )
    if planned > points:
        odd.insert(0, f"{points} of {planned} points were taken: the measurement was stopped.")
    return record, odd, first + size * points


def _conditions(tube: Conditions, own: float, time: float) -> Conditions:
    """Return how it was measured: the second line only where the range used the tube's first."""
    doublet = own == tube.wavelength
    second = (tube.second_wavelength, tube.second_ratio) if doublet else (None, None)
    return Conditions(tube.anode, positive(own), *second, None, positive(time))
