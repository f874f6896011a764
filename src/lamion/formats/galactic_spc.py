"""Galactic's binary files (.spc) of the newer layout, as GRAMS and most spectrometers write them.

A header of 512 bytes; the abscissa, unless it is evenly spaced between two numbers of the header; the spectra
(sub-files), each with a header of 32 bytes, as floats or as integers with a power of two; text to the end of the file.
Everything is compared with the size of the file. Older layouts are told and refused: no file of them was at hand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.formats.binary import Bytes
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.spectrometer import infrared, laser_oddities, oddities, record_of
from lamion.quantities import FileFormatError
from lamion.records.record import Table
from lamion.records.spectrum import RamanSpectrum, Spectrum

Array = NDArray[np.float64]
_NEW, _OTHERS = 0x4B, {0x4C: "of the newer layout with reversed bytes", 0x4D: "of the older layout"}
_HEADER, _SUBHEADER, _DIRECTORY, _LOG = 512, 32, 12, 64
_SHORT, _MANY, _OWN_AXES, _AXIS = 0x01, 0x04, 0x40, 0x80
"""Flags: integers of 16 bits; several spectra; each with its own abscissa; one abscissa for all."""
_LAST_EXPERIMENT = 14
_NO_FLAGS_THEN = 0x70
_FLOATS = -128
_LARGEST_EXPONENT = 64
_MOST = 2**28
_TEXTS = {"Comments": (88, 130), "Resolution": (36, 9), "Source": (45, 9), "Method": (264, 48)}
_LOG_OFFSET = 248
_FIELD = re.compile(r"(?P<name>[A-Za-z][\w .()/-]{0,40})=(?P<value>.+)")
_LASER = re.compile(r"(?P<number>\d{3,4}(?:\.\d+)?)\s*nm")
_WAVENUMBER, _MICROMETRES, _SHIFT = 1, 2, 13
_POSITIONS = {
    0: "arbitrary", 1: "1/cm", 2: "um", 3: "nm", 4: "s", 5: "min", 6: "Hz", 7: "kHz", 8: "MHz", 9: "m/z", 10: "ppm",
    13: "1/cm", 14: "eV", 16: "diodes", 17: "channels", 18: "deg", 19: "degF", 20: "degC", 21: "K", 22: "points",
}  # fmt: skip
_ABSORBANCE, _TRANSMISSION = 2, 128
_INTENSITIES = {
    0: "arbitrary", 1: "interferogram", 2: "absorbance", 3: "Kubelka-Munk", 4: "counts", 5: "V", 6: "deg", 7: "mA",
    9: "mV", 10: "log(1/R)", 11: "%", 12: "intensity", 13: "relative intensity", 128: "transmission",
    129: "reflectance", 131: "emission",
}  # fmt: skip


@dataclass(frozen=True)
class _Header:
    """What stands in front of the spectra."""

    flags: int
    exponent: int
    points: int
    first: float
    last: float
    count: int
    x_type: int
    y_type: int
    log: int


def _matches(raw: RawFile) -> bool:
    """Tell the layout by its number, and by what no text and no archive has in the bytes around it."""
    start = raw.start[:_HEADER]
    if len(start) < _SUBHEADER or start.startswith(b"PK\x03\x04") or start[2] > _LAST_EXPERIMENT or 0 not in start:
        return False
    return start[1] == _NEW or (start[1] in _OTHERS and not start[0] & _NO_FLAGS_THEN)


def _read(raw: RawFile) -> Parsed:
    data = Bytes(raw.name, raw.content)
    header = _header(data)
    spectra, end = _spectra(data, header)
    metadata = {name: said for name, (place, size) in _TEXTS.items() if (said := data.text(place, size, "a text"))}
    date = _date(data)
    metadata |= ({"Date": date} if date else {}) | _log(data, header, end)
    laser = _laser(metadata) if header.x_type == _SHIFT else None
    records: list[Table] = []
    warnings = [*laser_oddities(laser)]
    for number, (x, y) in enumerate(spectra):
        record, odd = _record(raw.name, header, x, y, laser)
        records.append(record)
        which = "" if len(spectra) == 1 else f"Spectrum {number + 1}: "
        warnings += [f"{which}{text}" for text in (*odd, *oddities(x, y, _place))]
    return Parsed(tuple(records), metadata, tuple(warnings[:_MOST_TOLD]))


FORMAT = Format("Galactic SPC", _matches, _read, binary=True, largest=2**30)
_MOST_TOLD = 6


def _place(point: int) -> str:
    return f"point {point + 1}"


def _header(data: Bytes) -> _Header:
    flags, version, _, exponent, points, first, last, count, x, y = data.unpack("<BBBbIddIBB", 0, "the header")
    data.require(0, _HEADER, "the header")
    if version in _OTHERS:
        found, remedy = f"a file {_OTHERS[version]}", "Export it as text or JCAMP-DX, or save it again from GRAMS."
        raise FileFormatError(data.file, "byte 1", "a file of the newer layout", found, remedy)
    (log,) = data.unpack("<I", _LOG_OFFSET, "the place of the text")
    if exponent != _FLOATS and abs(exponent) > _LARGEST_EXPONENT:
        raise data.refused(3, "a power of two for the intensities", f"{exponent}")
    if not 1 <= count <= _MOST or (count > 1 and not flags & _MANY):
        raise data.refused(24, "the number of spectra, more than one only with their flag", f"{count}")
    own = bool(flags & _OWN_AXES)
    if not own and not 1 <= points <= _MOST:
        raise data.refused(4, "a number of points", f"{points}")
    if not own and not flags & _AXIS and not (np.isfinite([first, last]).all() and first != last):
        raise data.refused(8, "the first and the last abscissa", f"{first:g} and {last:g}")
    if x not in _POSITIONS or y not in _INTENSITIES:
        raise data.refused(28, "units that lamion knows of this format", f"the numbers {x} and {y}")
    return _Header(flags, exponent, points, first, last, count, x, y, log)


def _spectra(data: Bytes, header: _Header) -> tuple[list[tuple[Array, Array]], int]:
    """Return abscissa and intensities of each spectrum, and the byte behind them."""
    place = _HEADER
    own = bool(header.flags & _OWN_AXES)
    common = np.zeros(0)
    if not own and header.flags & _AXIS:
        common = data.numbers("<f4", place, header.points, "the abscissae")
        place += 4 * header.points
    elif not own:
        data.require(place, header.points, "the points")
        common = np.linspace(header.first, header.last, header.points)
    found: list[tuple[Array, Array]] = []
    for number in range(header.count):
        _, exponent, index, _, _, _, points = data.unpack("<BbHfffI", place, "the head of a spectrum")
        if index != number % 2**16:
            raise data.refused(place + 2, f"spectrum {number}", f"number {index}")
        place += _SUBHEADER
        axis = common
        if own:
            axis = data.numbers("<f4", place, points, "the abscissae")
            place += 4 * points
        elif points not in (0, header.points):
            raise data.refused(place - 16, f"{header.points} points, as the header says", f"{points}")
        power = _power(data, header, exponent, place - _SUBHEADER + 1)
        kind, bits = ("<f4", 0) if power == _FLOATS else ("<i2", 16) if header.flags & _SHORT else ("<i4", 32)
        intensities = data.numbers(kind, place, len(axis), "the intensities")
        place += np.dtype(kind).itemsize * len(axis)
        found.append((axis, intensities if power == _FLOATS else intensities * 2.0 ** (power - bits)))
    if own:
        if header.points not in (0, place):
            raise data.refused(4, f"a directory at byte {place}, behind the spectra", f"at byte {header.points}")
        place += _DIRECTORY * header.count if header.points else 0
    return found, place


def _power(data: Bytes, header: _Header, own: int, place: int) -> int:
    """Return the power of two of a spectrum: its own, which only those of several may have, or the header's."""
    floats = (own == _FLOATS) == (header.exponent == _FLOATS)
    allowed = floats and abs(own) <= _LARGEST_EXPONENT and header.flags & _MANY
    if own not in (0, header.exponent) and not allowed:
        raise data.refused(place, f"the power of two {header.exponent}, as the header says", f"{own}")
    return own or header.exponent


def _log(data: Bytes, header: _Header, end: int) -> dict[str, str]:
    """Return the text behind the spectra, which must reach to the end of the file."""
    if not header.log:
        if end != len(data.content):
            raise data.refused(end, "the end of the file behind the last spectrum", f"{len(data.content) - end} bytes")
        return {}
    if header.log != end:
        raise data.refused(_LOG_OFFSET, f"the text at byte {end}, behind the last spectrum", f"at byte {header.log}")
    size, _, begin = data.unpack("<III", header.log, "the head of the text")
    if header.log + size != len(data.content) or not _LOG <= begin <= size:
        expected = f"{len(data.content) - header.log} bytes of text, to the end of the file"
        raise data.refused(header.log, expected, f"{size}")
    text = data.content[header.log + begin : header.log + size].decode("latin-1").rstrip("\x00")
    matches = [_FIELD.fullmatch(line.strip()) for line in text.splitlines()]
    found: dict[str, str] = {}
    for match in matches:
        if match is not None and match["value"].isprintable():
            found.setdefault(match["name"], match["value"])
    return found


def _date(data: Bytes) -> str:
    """Return when it was measured, from its bits."""
    (packed,) = data.unpack("<I", 32, "the date")
    year, month, day = packed >> 20, packed >> 16 & 15, packed >> 11 & 31
    hour, minute = packed >> 6 & 31, packed & 63
    valid = 1900 < year < 2200 and 1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60
    return f"{year}-{month:02d}-{day:02d} {hour:02d}:{minute:02d}" if valid else ""


def _laser(metadata: dict[str, str]) -> float | None:
    match = _LASER.search(metadata.get("Laser", ""))
    return None if match is None else float(match["number"])


def _record(file: str, header: _Header, x: Array, y: Array, laser: float | None) -> tuple[Table, list[str]]:
    if header.x_type == _SHIFT:
        return record_of(file, RamanSpectrum, {"shift": x, "counts": y}, _place, laser=laser), []
    if header.y_type in (_ABSORBANCE, _TRANSMISSION) and header.x_type in (_WAVENUMBER, _MICROMETRES):
        over = 1e4 if header.x_type == _MICROMETRES else None
        return infrared(file, x, y, _place, over=over, absorbance=header.y_type == _ABSORBANCE)
    units = {"position_unit": _POSITIONS[header.x_type], "intensity_unit": _INTENSITIES[header.y_type]}
    return record_of(file, Spectrum, {"position": x, "intensity": y}, _place, **units), []
