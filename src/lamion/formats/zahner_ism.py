"""Zahner's binary files of an impedance (.ism): big-endian arrays behind their number, then texts, then settings.

Thales begins a sweep amid its range, rises to the highest frequency and falls from there to the lowest. The part up to
the turn is measured again behind it; as in Zahner's own analysis, the spectrum is what follows the turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.formats import plausibility
from lamion.formats.conditions import of_no_sensor
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.side_columns import falls
from lamion.quantities import FileFormatError
from lamion.records import ImpedanceSpectrum

_SIGNATURE = b"\x00\x00\xff\xff\xff\xfe"
_WIDTH = 6
"""Bytes of a whole number."""
_ARRAYS = ("frequency", "modulus", "phase", "time")
_MOST_POINTS = 100_000
_TEXTS = ("Date", "System", "Potential", "Current", "Temperature", "Time", "Comments", "", "", "")
_SIGNIFICANCE = 1000
_SETTINGS = 32
"""Numbers in front of each point's potential and current."""
_COPY_AGAIN = "The file was cut or damaged on its way: copy it again, or export it as text from Thales."


@dataclass(frozen=True, eq=False)
class _Points:
    """What was measured, and where the texts begin."""

    frequency: NDArray[np.float64]
    modulus: NDArray[np.float64]
    phase: NDArray[np.float64]
    time: NDArray[np.float64]
    significance: NDArray[np.int64]
    end: int


def _matches(raw: RawFile) -> bool:
    return raw.start.startswith(_SIGNATURE)


def _read(raw: RawFile) -> Parsed:
    points = _points(raw)
    metadata, end = _texts(raw, points.end)
    _check_end(raw, end, len(points.frequency))
    _check_numbers(raw, points)
    begin = _turn(points.frequency)
    impedance = points.modulus * np.exp(1j * points.phase)
    spectrum = ImpedanceSpectrum(points.frequency[begin:], impedance[begin:])
    return Parsed((spectrum,), metadata, (*of_no_sensor(metadata), *_warnings(points, begin, spectrum)))


FORMAT = Format("Zahner binary file (.ism)", _matches, _read, binary=True)


def _points(raw: RawFile) -> _Points:
    count = 1 + _whole(raw.content, len(_SIGNATURE))
    place = len(_SIGNATURE) + _WIDTH
    size = (8 * len(_ARRAYS) + 2) * count
    if not 1 < count <= _MOST_POINTS or place + size > len(raw.content):
        held = len(raw.content) - place
        raise FileFormatError(
            raw.name, f"byte {len(_SIGNATURE)}", f"at most {max(held, 0) // 34} points, which the file has room for",
            f"{count} declared", _COPY_AGAIN,
        )  # fmt: skip
    with np.errstate(invalid="ignore"):  # damaged bytes can be a number that signals
        table = np.frombuffer(raw.content, ">f8", count * len(_ARRAYS), place).astype(np.float64).reshape(-1, count)
    significance = np.frombuffer(raw.content, ">i2", count, place + 8 * count * len(_ARRAYS)).astype(np.int64)
    return _Points(table[0], table[1], table[2], table[3], significance, place + size)


def _whole(content: bytes, place: int) -> int:
    return int.from_bytes(content[place : place + _WIDTH], "big", signed=True)


def _texts(raw: RawFile, place: int) -> tuple[dict[str, str], int]:
    """Return the texts, whose cases Thales exchanges, and where they end."""
    found: dict[str, str] = {}
    for name in _TEXTS:
        length = int.from_bytes(raw.content[place : place + 2], "big")
        text = raw.content[place + 2 : place + 2 + length]
        if len(text) != length or any(byte < 0x20 for byte in text):
            raise FileFormatError(raw.name, f"byte {place}", "a text", f"{len(text)} bytes that are none", _COPY_AGAIN)
        printed = text.decode("latin-1").swapcase().strip()
        if name and printed:
            found[name] = printed
        place += 2 + length
    return found, place


def _check_end(raw: RawFile, place: int, count: int) -> None:
    """Compare the declared bytes of settings, potentials and currents with those that follow."""
    declared, held = _whole(raw.content, place), len(raw.content) - place - _WIDTH
    expected = 8 * (_SETTINGS + 2 * count)
    if held != declared or declared != expected:
        raise FileFormatError(
            raw.name, f"byte {place}", f"{expected} bytes behind the texts, as {count} points have",
            f"{held}, and {declared} declared", _COPY_AGAIN,
        )  # fmt: skip


def _check_numbers(raw: RawFile, points: _Points) -> None:
    for name in _ARRAYS:
        values = getattr(points, name)
        possible = np.isfinite(values) & ((values > 0.0) if name in ("frequency", "modulus") else True)
        if name == "phase":
            possible &= np.abs(values) <= 2.0 * np.pi
        wrong = np.flatnonzero(~possible)
        if len(wrong):
            raise FileFormatError(
                raw.name, f"point {wrong[0] + 1}", f"a {name} that can be", f"{values[wrong[0]]:g}", _COPY_AGAIN
            )


def _turn(frequency: NDArray[np.float64]) -> int:
    """Return the point at which the sweep itself begins: behind a part that rises to the highest frequency."""
    top = int(np.argmax(frequency))
    rises = bool(np.all(np.diff(frequency[: top + 1]) > 0.0))
    falls_after = bool(np.all(np.diff(frequency[top:]) < 0.0))
    return top if rises and falls_after and top < len(frequency) - 1 else 0


def _warnings(points: _Points, begin: int, spectrum: ImpedanceSpectrum) -> Iterator[str]:
    numbers = np.arange(begin + 1, len(points.frequency) + 1)
    if begin:
        yield (
            f"The first {begin} points rise to the highest frequency and are measured again behind it: left out, as "
            "Zahner's own analysis does."
        )
    if np.any(points.significance < 0) or np.any(points.significance > _SIGNIFICANCE):
        yield "A point's significance is not between 0 and 1: a number was changed."
    wrong = falls(points.time)
    if len(wrong):
        yield f"Point {wrong[0] + 1}: the time does not rise, so points were moved or a number was changed."
    yield from plausibility.oddities_of_points(spectrum, numbers)
