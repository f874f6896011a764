"""Renishaw WiRE's binary files (.wdf): one spectrum, a series, or a map with a record for each point.

A file is a chain of blocks to its end, each with a name of four letters, a number and its length. WDF1 is the header,
XLST the common abscissa, DATA the spectra one after another, ORGN where and when each was taken; the layout is that
which Gwyddion's developers found. Measurements that were stopped leave room for spectra that were not taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lamion.formats.binary import Bytes
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.spectrometer import COPY_AGAIN, laser_oddities, oddities, record_of
from lamion.quantities import FileFormatError
from lamion.records.record import Table
from lamion.records.spectrum import RamanSpectrum, Spectrum

Array = NDArray[np.float64]
_MAGIC = b"WDF1"
_HEAD = 16
"""Bytes of a block in front of its content."""
_HEADER = 512
_COUNTS, _LASER, _TITLE = 0x3C, 0x98, 0xF0
_ENTRY = 24
"""Bytes in front of the numbers of one quantity in ORGN."""
_UNITS = {1: "1/cm", 2: "1/cm", 3: "nm", 4: "eV", 5: "um", 6: "counts", 7: "electrons", 16: "pixels"}
_SHIFT = 1
_TO_METRES = {5: 1e-6, 8: 1e-3, 9: 1.0}
_PLACES = {3: "x", 4: "y"}
"""What ORGN holds, by its number without the highest bit."""
_LOWEST_BITS = 0x7FFFFFFF


@dataclass(frozen=True)
class _Block:
    """Where the content of a block begins, and its length."""

    place: int
    length: int


@dataclass(frozen=True)
class _Header:
    """What WDF1 says: points of a spectrum, room for spectra, how many were taken, quantities in ORGN, the laser."""

    points: int
    capacity: int
    count: int
    quantities: int
    laser: float | None
    title: str


def _matches(raw: RawFile) -> bool:
    return raw.start.startswith(_MAGIC)


def _read(raw: RawFile) -> Parsed:
    data = Bytes(raw.name, raw.content)
    blocks = _blocks(data)
    header = _header(data)
    axis, unit = _axis(data, blocks, header)
    spectra = _spectra(data, blocks, header)
    where = _positions(data, blocks, header)
    laser = header.laser if unit == _SHIFT else None
    records: list[Table] = []
    for number, counts in enumerate(spectra):
        if unit == _SHIFT:
            at: dict[str, Any] = {name: float(values[number]) for name, values in where.items()}
            arrays = {"shift": axis, "counts": counts}
            records.append(record_of(raw.name, RamanSpectrum, arrays, _place, laser=laser, **at))
        else:
            arrays, others = {"position": axis, "intensity": counts}, {"position_unit": _UNITS.get(unit, "1")}
            records.append(record_of(raw.name, Spectrum, arrays, _place, **others))
    metadata = {"Title": header.title} if header.title else {}
    metadata |= _text(data, blocks)
    return Parsed(tuple(records), metadata, (*_stopped(header), *laser_oddities(laser), *_oddities(axis, spectra)))


FORMAT = Format("Renishaw WDF", _matches, _read, binary=True, largest=2**30)


def _place(point: int) -> str:
    return f"point {point + 1}"


def _blocks(data: Bytes) -> dict[str, _Block]:
    """Follow the chain of blocks to the end of the file; of several with one name, the first is kept."""
    found: dict[str, _Block] = {}
    place = 0
    while place < len(data.content):
        name, _, length = data.unpack("<4sIQ", place, "the head of a block")
        if length < _HEAD or not (name.strip().isalnum() and name.isascii()):
            raise data.refused(place, "the head of a block", f"{name!r} and a length of {length}")
        data.require(place, length, f"the block {name.decode()}")
        found.setdefault(name.decode(), _Block(place + _HEAD, length - _HEAD))
        place += length
    return found


def _need(data: Bytes, blocks: Mapping[str, _Block], name: str) -> _Block:
    if name not in blocks:
        raise FileFormatError(data.file, "", f"a block {name}", f"{', '.join(blocks)}", COPY_AGAIN)
    return blocks[name]


def _header(data: Bytes) -> _Header:
    (length,) = data.unpack("<Q", 8, "the length of the header")
    if length != _HEADER:
        raise data.refused(8, f"a header of {_HEADER} bytes", f"{length}")
    points, capacity, count, _, y_points, x_points, quantities = data.unpack("<IQQIIII", _COUNTS, "numbers of points")
    _, wavenumber = data.unpack("<If", _LASER, "the laser's wavenumber")
    if x_points != points or y_points != 1 or not 1 <= count <= capacity:
        expected = "as many abscissae as points, one ordinate each, and at most as many spectra as there is room for"
        found = f"{x_points} for {points}, {y_points}, and {count} of {capacity}"
        raise data.refused(_COUNTS, expected, found)
    laser = 1e7 / wavenumber if np.isfinite(wavenumber) and wavenumber > 0.0 else None
    return _Header(points, capacity, count, quantities, laser, data.text(_TITLE, _HEADER - _TITLE, "a title"))


def _axis(data: Bytes, blocks: Mapping[str, _Block], header: _Header) -> tuple[Array, int]:
    """Return the abscissa and the number of its unit."""
    block = _need(data, blocks, "XLST")
    if block.length != 8 + 4 * header.points:
        raise data.refused(block.place, f"{header.points} abscissae, as the header says", f"{block.length} bytes")
    _, unit = data.unpack("<II", block.place, "the unit of the abscissa")
    if unit not in _UNITS:
        raise data.refused(block.place + 4, "a unit that lamion knows of WiRE's", f"number {unit}")
    return data.numbers("<f4", block.place + 8, header.points, "the abscissae"), unit


def _spectra(data: Bytes, blocks: Mapping[str, _Block], header: _Header) -> Array:
    block = _need(data, blocks, "DATA")
    if block.length != 4 * header.points * header.capacity:
        expected = f"{header.capacity} spectra of {header.points} points, as the header says"
        raise data.refused(block.place, expected, f"{block.length} bytes")
    numbers = data.numbers("<f4", block.place, header.points * header.count, "the spectra")
    return numbers.reshape(header.count, header.points)


def _positions(data: Bytes, blocks: Mapping[str, _Block], header: _Header) -> dict[str, Array]:
    """Return where each spectrum was taken, in m."""
    if "ORGN" not in blocks:
        return {}
    block = blocks["ORGN"]
    (quantities,) = data.unpack("<I", block.place, "the number of quantities in ORGN")
    size = _ENTRY + 8 * header.capacity
    if quantities != header.quantities or block.length != 4 + quantities * size:
        expected = f"{header.quantities} quantities of {header.capacity} spectra, as the header says"
        raise data.refused(block.place, expected, f"{quantities} in {block.length} bytes")
    found: dict[str, Array] = {}
    for number in range(quantities):
        place = block.place + 4 + number * size
        kind, unit = data.unpack("<II", place, "a quantity of ORGN")
        name = _PLACES.get(kind & _LOWEST_BITS)
        if name is not None and unit in _TO_METRES:
            values = data.numbers("<f8", place + _ENTRY, header.count, "positions")
            if not np.isfinite(values).all() or np.abs(values).max() > 1e9:
                raise data.refused(place + _ENTRY, "positions on a stage", "numbers that are none")
            found[name] = _TO_METRES[unit] * values
    return found


def _text(data: Bytes, blocks: Mapping[str, _Block]) -> dict[str, str]:
    block = blocks.get("TEXT")
    said = "" if block is None else data.text(block.place, block.length, "a text")
    return {"Comments": said} if said else {}


def _stopped(header: _Header) -> Iterator[str]:
    if header.count < header.capacity:
        yield f"{header.count} of {header.capacity} spectra were taken: the measurement was stopped."


def _oddities(axis: Array, spectra: Array) -> Iterator[str]:
    """Tell what is odd about the spectra, in the words of the first of them."""
    told: set[str] = set()
    for number, counts in enumerate(spectra):
        for text in oddities(axis, counts, _place):
            if text not in told and len(told) < _MOST_TOLD:
                told.add(text)
                yield text if len(spectra) == 1 else f"Spectrum {number + 1}: {text}"


_MOST_TOLD = 5
