"""BioLogic EC-Lab's binary files (.mpr) of impedance.

A file is a signature of 52 bytes and a chain of modules to its end. Every module has a short and a long name, the
length of its content, versions and a date. The module "VMP data" declares the number of points and the columns, as
numbers, and holds the points one after another from a place that its version sets. Layouts that were tried on real
files are read; everything is compared with the size of the file before it is used.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.formats import plausibility
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.side_columns import falls
from lamion.quantities import FileFormatError
from lamion.records import ImpedanceSpectrum

_MAGIC = b"BIO-LOGIC MODULAR FILE\x1a" + 25 * b" " + 4 * b"\x00"
_MARK = b"MODULE"
_NAMES = struct.Struct("<6s10s25s")
_OLD_HEADER = struct.Struct("<II8s")
_NEW_HEADER = struct.Struct("<IIII8s")
_NEW = 0xFFFFFFFF
_COPY_AGAIN = "The file was cut or damaged on its way: copy it again, or export it as text from EC-Lab."
_EXPORT = "Export the file as text (.mpt) from EC-Lab; lamion reads that."
_ROUNDING = 1e-5
"""How far, relative to the modulus, numbers of single precision that the instrument computed may disagree."""

_FREQUENCY, _REAL, _MINUS_IMAGINARY, _MODULUS, _PHASE, _TIME, _CYCLE = 32, 37, 38, 36, 35, 4, 24
_FLAGS = frozenset({1, 2, 3, 21, 31, 65})
"""Columns that share one byte in front of the others."""
_COLUMNS = {
    _TIME: ("time/s", "<f8"),
    5: ("control/V/mA", "<f4"),
    6: ("Ewe/V", "<f4"),
    7: ("dQ/mA.h", "<f8"),
    8: ("I/mA", "<f4"),
    13: ("(Q-Qo)/mA.h", "<f8"),
    _CYCLE: ("cycle number", "<f8"),
    _FREQUENCY: ("freq/Hz", "<f4"),
    33: ("|Ewe|/V", "<f4"),
    34: ("|I|/A", "<f4"),
    _PHASE: ("Phase(Z)/deg", "<f4"),
    _MODULUS: ("|Z|/Ohm", "<f4"),
    _REAL: ("Re(Z)/Ohm", "<f4"),
    _MINUS_IMAGINARY: ("-Im(Z)/Ohm", "<f4"),
    39: ("I Range", "<u2"),
    70: ("P/W", "<f4"),
    76: ("<I>/mA", "<f4"),
    77: ("<Ewe>/V", "<f4"),
    131: ("Ns", "<u2"),
    169: ("Cs/uF", "<f4"),
    172: ("Cp/uF", "<f4"),
    467: ("Q charge/discharge/mA.h", "<f8"),
    468: ("half cycle", "<u4"),
}
_TECHNIQUES = {4: "GCPL (galvanostatic cycling)", 29: "PEIS (impedance at a potential)"}


@dataclass(frozen=True)
class _Module:
    """One module: its short name, where its content begins, the content, its version and its date."""

    name: str
    start: int
    content: bytes
    version: int
    date: str


@dataclass(frozen=True)
class _DataLayout:
    """How a version of the data module is laid out.

    Parameters
    ----------
    first_column : int
        Byte at which the numbers of the columns begin.
    points : int
        Byte at which the points begin.
    """

    first_column: int
    points: int


_LAYOUTS = {3: _DataLayout(5, 406), 11: _DataLayout(6, 1007)}


def _matches(raw: RawFile) -> bool:
    return raw.start.startswith(_MAGIC[:23])


def _read(raw: RawFile) -> Parsed:
    modules = _modules(raw)
    data = _only(raw.name, modules, "VMP data")
    columns = _points(raw.name, modules, data)
    file_start = data.start + _LAYOUTS[data.version].points
    _check_finite(raw.name, columns, file_start)
    _check_modulus_and_phase(raw.name, columns)
    _check_frequency(raw.name, columns)
    spectra = _spectra(raw.name, columns)
    warnings = [*_time_warnings(columns), *_oddities(columns, spectra)]
    return Parsed(spectra, _metadata(modules, data), tuple(warnings))


FORMAT = Format("EC-Lab binary file", _matches, _read, binary=True)


def _modules(raw: RawFile) -> tuple[_Module, ...]:
    """Follow the chain of modules to the end of the file."""
    if not raw.content.startswith(_MAGIC):
        raise FileFormatError(raw.name, "byte 0", "EC-Lab's signature of 52 bytes", "a damaged one", _COPY_AGAIN)
    found: list[_Module] = []
    place = len(_MAGIC)
    while place < len(raw.content):
        module = _module(raw.name, raw.content, place)
        found.append(module)
        place = module.start + len(module.content)
    return tuple(found)


def _module(file: str, content: bytes, place: int) -> _Module:
    header = _names_and_header(file, content, place)
    mark, short, _ = _NAMES.unpack_from(content, place)
    if mark != _MARK:
        raise FileFormatError(file, f"byte {place}", "the next module", f"{mark!r}", _COPY_AGAIN)
    if header is _NEW_HEADER:
        _, length, old, new, date = _NEW_HEADER.unpack_from(content, place + _NAMES.size)
        version = new or old
    else:
        length, version, date = _OLD_HEADER.unpack_from(content, place + _NAMES.size)
    start = place + _NAMES.size + header.size
    if start + length > len(content):
        raise FileFormatError(
            file,
            f"byte {place + _NAMES.size}",
            f"at most {len(content) - start} bytes in the module, which is where the file ends",
            f"{length} declared",
            _COPY_AGAIN,
        )
    name = short.decode("latin-1").strip()
    return _Module(name, start, content[start : start + length], version, date.decode("latin-1").strip("\x00 "))


def _names_and_header(file: str, content: bytes, place: int) -> struct.Struct:
    """Return the form of a module's header; the newer one begins with four bytes of ones."""
    rest = len(content) - place - _NAMES.size
    header = _OLD_HEADER
    if rest >= 4 and struct.unpack_from("<I", content, place + _NAMES.size)[0] == _NEW:
        header = _NEW_HEADER
    if rest < header.size:
        raise FileFormatError(
            file, f"byte {place}", "another module or the end of the file", "a part of a module", _COPY_AGAIN
        )
    return header


def _only(file: str, modules: Sequence[_Module], name: str) -> _Module:
    found = [module for module in modules if module.name == name]
    if len(found) != 1:
        names = ", ".join(f"'{module.name}'" for module in modules) or "none"
        raise FileFormatError(file, "", f"one module '{name}'", f"{len(found)} among {names}", _COPY_AGAIN)
    return found[0]


def _points(file: str, modules: Sequence[_Module], data: _Module) -> Mapping[int, NDArray[np.float64]]:
    """Return the columns of an impedance by their numbers."""
    layout = _layout(file, data)
    count, width = struct.unpack_from("<IB", data.content)
    numbers = struct.unpack_from(f"<{width}H", data.content, layout.first_column)
    if not {_FREQUENCY, _REAL, _MINUS_IMAGINARY} <= set(numbers):
        raise _not_impedance(file, modules, numbers)
    dtype = _dtype(file, data.start + layout.first_column, numbers)
    held = len(data.content) - layout.points
    if held != count * dtype.itemsize or not count:
        raise FileFormatError(
            file,
            f"byte {data.start}",
            f"{count} points of {dtype.itemsize} bytes, as declared",
            f"{held} bytes of points",
            _COPY_AGAIN,
        )
    table = np.frombuffer(data.content, dtype, count, layout.points)
    with np.errstate(invalid="ignore"):  # damaged bytes can be a number that signals
        return {number: table[str(number)].astype(np.float64) for number in numbers if number not in _FLAGS}


def _layout(file: str, data: _Module) -> _DataLayout:
    layout = _LAYOUTS.get(data.version)
    if layout is None:
        known = " or ".join(map(str, _LAYOUTS))
        raise FileFormatError(
            file, f"byte {data.start}", f"data of version {known}", f"version {data.version}", _EXPORT
        )
    if len(data.content) < layout.points or layout.first_column + 2 * data.content[4] > layout.points:
        raise FileFormatError(
            file,
            f"byte {data.start}",
            f"a list of columns and {layout.points} bytes in front of the points",
            f"{data.content[4] if len(data.content) > 4 else 0} columns and {len(data.content)} bytes",
            _COPY_AGAIN,
        )
    return layout


def _dtype(file: str, place: int, numbers: Sequence[int]) -> np.dtype[np.void]:
    """Return the layout of a point; the flags share one byte, which stands where the first of them is listed."""
    fields: list[tuple[str, str]] = []
    for position, number in enumerate(numbers):
        name, kind = ("flags", "u1") if number in _FLAGS else (str(number), _COLUMNS.get(number, ("", ""))[1])
        if not kind:
            raise FileFormatError(
                file,
                f"byte {place + 2 * position}",
                "a column that lamion knows",
                f"column number {number}",
                _EXPORT,
            )
        if name == "flags" and (name, kind) in fields:
            continue
        if (name, kind) in fields:
            raise FileFormatError(
                file, f"byte {place + 2 * position}", "every column once", f"column {number} twice", _COPY_AGAIN
            )
        fields.append((name, kind))
    return np.dtype(fields)


def _not_impedance(file: str, modules: Sequence[_Module], numbers: Sequence[int]) -> FileFormatError:
    names = [_COLUMNS[number][0] for number in numbers if number in _COLUMNS]
    return FileFormatError(
        file,
        "",
        "the columns freq/Hz, Re(Z)/Ohm and -Im(Z)/Ohm",
        f"the technique {_technique(modules)} with {', '.join(names[:6]) or 'no known column'}",
        "Of EC-Lab's binary files lamion reads spectra alone: choose the file that holds one, or export this one as "
        "a table with time and voltage.",
    )


def _technique(modules: Sequence[_Module]) -> str:
    settings = next((module.content for module in modules if module.name == "VMP Set"), b"")
    if not settings:
        return "of unknown kind"
    return _TECHNIQUES.get(settings[0], f"of number {settings[0]}")


def _check_finite(file: str, columns: Mapping[int, NDArray[np.float64]], start: int) -> None:
    for number in (_FREQUENCY, _REAL, _MINUS_IMAGINARY, _CYCLE):
        wrong = np.flatnonzero(~np.isfinite(columns.get(number, np.zeros(1))))
        if len(wrong):
            raise FileFormatError(
                file,
                f"point {wrong[0] + 1} (the points begin at byte {start})",
                f"a number under '{_COLUMNS[number][0]}'",
                f"{columns[number][wrong[0]]}",
                _COPY_AGAIN,
            )


def _check_frequency(file: str, columns: Mapping[int, NDArray[np.float64]]) -> None:
    frequency = columns[_FREQUENCY]
    wrong = np.flatnonzero(frequency <= 0.0)
    if len(wrong):
        raise FileFormatError(
            file,
            f"point {wrong[0] + 1}",
            "a frequency larger than zero",
            f"{frequency[wrong[0]]:g} Hz",
            _COPY_AGAIN,
        )


def _check_modulus_and_phase(file: str, columns: Mapping[int, NDArray[np.float64]]) -> None:
    """Compare the impedance with its modulus and phase where the file holds them."""
    impedance = columns[_REAL] - 1j * columns[_MINUS_IMAGINARY]
    modulus = np.abs(impedance)
    with np.errstate(all="ignore"):
        if _MODULUS in columns:
            wrong = ~(np.abs(columns[_MODULUS] - modulus) <= _ROUNDING * modulus)
            _refuse(file, wrong, "modulus", "ohm", modulus, columns[_MODULUS])
        if _PHASE in columns:
            phase = np.degrees(np.angle(impedance))
            apart = np.abs(np.remainder(columns[_PHASE] - phase + 180.0, 360.0) - 180.0)
            _refuse(file, ~(apart <= np.degrees(_ROUNDING)), "phase", "degrees", phase, columns[_PHASE])


def _refuse(
    file: str,
    wrong: NDArray[np.bool_],
    what: str,
    unit: str,
    computed: NDArray[np.float64],
    stored: NDArray[np.float64],
) -> None:
    if not wrong.any():
        return
    first = int(np.flatnonzero(wrong)[0])
    raise FileFormatError(
        file,
        f"point {first + 1}",
        f"a {what} of {computed[first]:.6g} {unit}, which its real and imaginary parts make",
        f"{stored[first]:.6g} ({np.count_nonzero(wrong)} of {len(wrong)} points disagree)",
        _COPY_AGAIN,
    )


def _spectra(file: str, columns: Mapping[int, NDArray[np.float64]]) -> tuple[ImpedanceSpectrum, ...]:
    impedance = columns[_REAL] - 1j * columns[_MINUS_IMAGINARY]
    if _CYCLE not in columns:
        return (ImpedanceSpectrum(columns[_FREQUENCY], impedance),)
    cycle = columns[_CYCLE]
    wrong = np.flatnonzero((cycle != np.floor(cycle)) | (cycle < 0.0) | (cycle > 1e9))
    wrong = np.append(wrong, np.flatnonzero(np.diff(cycle) < 0.0) + 1)
    if len(wrong):
        raise FileFormatError(
            file,
            f"point {wrong[0] + 1}",
            "cycle numbers that are whole and do not fall",
            f"{cycle[wrong[0]]:g}",
            _COPY_AGAIN,
        )
    return tuple(
        ImpedanceSpectrum(columns[_FREQUENCY][cycle == number], impedance[cycle == number], int(number))
        for number in np.unique(cycle)
    )


def _time_warnings(columns: Mapping[int, NDArray[np.float64]]) -> Iterator[str]:
    if _TIME not in columns or not np.any(columns[_TIME]):
        return
    wrong = falls(np.nan_to_num(columns[_TIME], nan=-1.0))
    if len(wrong):
        yield f"Point {wrong[0] + 1}: the time does not rise, so points were moved or a number was changed."


def _oddities(columns: Mapping[int, NDArray[np.float64]], spectra: Sequence[ImpedanceSpectrum]) -> Iterator[str]:
    """Tell what is odd, naming points where the text formats name lines."""
    first = 1
    for spectrum in spectra:
        for oddity in plausibility.oddities(spectrum, np.arange(first, first + len(spectrum))):
            yield re.sub(r"\b([Ll])ine (?=\d)", lambda match: "Point " if match[1] == "L" else "point ", oddity)
        first += len(spectrum)
    counts = {len(spectrum) for spectrum in spectra}
    if len(counts) > 1:
        yield f"The cycles differ in their number of points: {', '.join(str(len(one)) for one in spectra)}."


def _metadata(modules: Sequence[_Module], data: _Module) -> dict[str, str]:
    return {"Technique": _technique(modules), "Date": data.date, "Version of the data": str(data.version)}
