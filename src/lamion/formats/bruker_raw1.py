"""Bruker's binary files (.raw) of the layout RAW1.01, as DIFFRAC plus writes them.

A header of 712 bytes with the tube's wavelengths and the goniometer's radius; then each range: a header that says its
own length, start, step and number of points, further headers, and the counts as floats. Everything is compared with the
size of the file.
"""

from __future__ import annotations

import numpy as np

from lamion.formats.binary import Bytes
from lamion.formats.bruker_ranges import count_of_ranges, ranges
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.powder import Conditions, metres, pattern_of, positive
from lamion.records.record import Record

_MARK = b"RAW1.01\x00"
_HEADER, _RANGE, _LONGEST_RANGE = 712, 304, 2**16
_MOST_POINTS = 2**26
_TEXTS = {
    "Date": (16, 10), "Time": (26, 10), "User": (36, 72), "Site": (108, 218), "Sample": (326, 60),
    "Comment": (386, 160),
}  # fmt: skip
_HALF = 0.02
"""Degrees: how far theta is from half of two theta, at most, in a scan that couples both."""


def _matches(raw: RawFile) -> bool:
    return raw.start.startswith(_MARK)


def _read(raw: RawFile) -> Parsed:
    data = Bytes(raw.name, raw.content)
    data.require(0, _HEADER, "the header")
    count = count_of_ranges(data, 12)
    metadata = {name: said for name, (at, size) in _TEXTS.items() if (said := data.text(at, size, "a text"))}
    return ranges(data, _HEADER, count, metadata, lambda place: _range(data, place))


FORMAT = Format("Bruker RAW1.01", _matches, _read, binary=True, largest=2**30)


def _range(data: Bytes, place: int) -> tuple[Record, list[str], int]:
    """Return a range, what is odd about it, and the byte behind it."""
    length, points, theta, start = data.unpack("<IIdd", place, "the header of a range")
    (step,) = data.unpack("<d", place + 176, "the step")
    (time,) = data.unpack("<f", place + 192, "the time of a step")
    (wavelength,) = data.unpack("<d", place + 240, "the wavelength")
    (more,) = data.unpack("<I", place + 256, "the length of further headers")
    if not _RANGE <= length <= _LONGEST_RANGE:
        raise data.refused(place, f"a header of a range of {_RANGE} bytes", f"{length}")
    if not 1 <= points <= _MOST_POINTS:
        raise data.refused(place + 4, "a number of points", f"{points}")
    if not (np.isfinite([start, step]).all() and 0.0 < step < 180.0 and abs(start) <= 360.0):
        raise data.refused(place + 16, "a start and a step in degrees", f"{start:g} and {step:g}")
    first = place + length + more
    counts = data.numbers("<f4", first, points, "the counts")
    two_theta = np.round(start + step * np.arange(points), 9)
    known = _conditions(data, wavelength, time)
    record, odd = pattern_of(data.file, two_theta, counts, lambda point: f"point {point + 1}", known)
    if not abs(theta - start / 2.0) <= _HALF:
        odd.append(
            f"Theta begins at {theta:g} and two theta at {start:g} deg: the scan was of one axis, of a grazing or a "
            "tilted beam, and what the angles are is not said."
        )
    return record, odd, first + 4 * points


def _conditions(data: Bytes, own: float, time: float) -> Conditions:
    """Return how it was measured: the second line only where the range used the tube's first."""
    one, two = data.unpack("<dd", 624, "the wavelengths")
    (ratio,) = data.unpack("<d", 648, "the ratio of the wavelengths")
    (radius,) = data.unpack("<f", 564, "the goniometer's radius")
    anode = data.text(608, 4, "the anode")
    doublet = own == one
    return Conditions(
        anode or None,
        positive(own),
        positive(two) if doublet else None,
        positive(ratio) if doublet else None,
        metres(radius),
        positive(float(time)),
    )
