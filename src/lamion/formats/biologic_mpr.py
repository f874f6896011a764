"""BioLogic EC-Lab's binary files (.mpr): impedance and direct current.

A file is a signature of 52 bytes and a chain of modules to its end. Every module has a short and a long name, the
length of its content, versions and a date. The module "VMP data" declares the number of points and the columns, as
numbers, and holds the points one after another from a place that its version sets. Layouts that were tried on real
files are read; everything is compared with the size of the file before it is used. The module "VMP Set" holds what the
user typed about the cell.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.formats import eclab, plausibility
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.points import of_flags, unflagged
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

_FREQUENCY, _REAL, _MINUS_IMAGINARY, _CYCLE = *eclab.IMPEDANCE, "cycle number"
_MODULUS, _PHASE = "|Z|/Ohm", "Phase(Z)/deg"
_FLAGS = {
    1: ("mode", 0x03),
    2: ("ox/red", 0x04),
    3: ("error", 0x08),
    21: ("control changes", 0x10),
    31: ("Ns changes", 0x20),
    65: ("counter inc.", 0x80),
}
"""Columns that share one byte in front of the others, and their bits in it."""
_COLUMNS = {
    4: ("time/s", "<f8"),
    5: ("control/V/mA", "<f4"),
    6: ("Ewe/V", "<f4"),
    7: ("dq/mA.h", "<f8"),
    8: ("I/mA", "<f4"),
    9: ("Ece/V", "<f4"),
    11: ("<I>/mA", "<f8"),
    13: ("(Q-Qo)/mA.h", "<f8"),
    16: ("Analog IN 1/V", "<f4"),
    17: ("Analog IN 2/V", "<f4"),
    19: ("control/V", "<f4"),
    20: ("control/mA", "<f4"),
    24: ("cycle number", "<f8"),
    32: ("freq/Hz", "<f4"),
    33: ("|Ewe|/V", "<f4"),
    34: ("|I|/A", "<f4"),
    35: ("Phase(Z)/deg", "<f4"),
    36: ("|Z|/Ohm", "<f4"),
    37: ("Re(Z)/Ohm", "<f4"),
    38: ("-Im(Z)/Ohm", "<f4"),
    39: ("I Range", "<u2"),
    69: ("R/Ohm", "<f4"),
    70: ("P/W", "<f4"),
    74: ("|Energy|/W.h", "<f8"),
    75: ("Analog OUT/V", "<f4"),
    76: ("<I>/mA", "<f4"),
    77: ("<Ewe>/V", "<f4"),
    96: ("|Ece|/V", "<f4"),
    98: ("Phase(Zce)/deg", "<f4"),
    99: ("|Zce|/Ohm", "<f4"),
    100: ("Re(Zce)/Ohm", "<f4"),
    101: ("-Im(Zce)/Ohm", "<f4"),
    123: ("Energy charge/W.h", "<f8"),
    124: ("Energy discharge/W.h", "<f8"),
    125: ("Capacitance charge/\u00b5F", "<f8"),
    126: ("Capacitance discharge/\u00b5F", "<f8"),
    131: ("Ns", "<u2"),
    169: ("Cs/\u00b5F", "<f4"),
    172: ("Cp/\u00b5F", "<f4"),
    174: ("<Ewe>/V", "<f4"),
    430: ("Phase(Zwe-ce)/deg", "<f4"),
    431: ("|Zwe-ce|/Ohm", "<f4"),
    432: ("Re(Zwe-ce)/Ohm", "<f4"),
    433: ("-Im(Zwe-ce)/Ohm", "<f4"),
    434: ("(Q-Qo)/C", "<f4"),
    435: ("dQ/C", "<f4"),
    441: ("<Ece>/V", "<f4"),
    467: ("Q charge/discharge/mA.h", "<f8"),
    468: ("half cycle", "<u4"),
    471: ("<Ece>/V", "<f4"),
    473: ("THD Ewe/%", "<f4"),
    474: ("THD I/%", "<f4"),
    476: ("NSD Ewe/%", "<f4"),
    477: ("NSD I/%", "<f4"),
    479: ("NSR Ewe/%", "<f4"),
    480: ("NSR I/%", "<f4"),
    **{484 + order: (f"|Ewe h{order}|/V", "<f4") for order in range(2, 8)},
    **{490 + order: (f"|I h{order}|/A", "<f4") for order in range(2, 8)},
}
_WIDTHS = (1, 2, 4, 8)
"""Bytes that a column may have."""

_TEXTS = {"Comments": 0x007, "Electrode material": 0x11E, "Electrolyte": 0x1C0}
"""Where a length of one byte and the text stand in the settings."""
_AREA, _MASS, _MASS_UNIT = 0x211, 0x24C, 0x251
_MASS_UNITS = {1: "g", 2: "mg"}


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


_LAYOUTS = {2: _DataLayout(5, 405), 3: _DataLayout(5, 406), 11: _DataLayout(6, 1007)}


def _matches(raw: RawFile) -> bool:
    return raw.start.startswith(_MAGIC[:23])


def _read(raw: RawFile) -> Parsed:
    modules = _modules(raw)
    data = _only(raw.name, modules, "VMP data")
    columns, unknown = _table(raw.name, data)
    metadata = _metadata(modules, data)
    if any(np.any(columns.get(name, 0.0)) for name in eclab.IMPEDANCE):
        return _impedance(raw.name, data, columns, metadata, unknown)
    kept = {name: values for name, values in columns.items() if name in eclab.USED}
    found = eclab.time_record(raw.name, metadata["Technique"], kept, lambda row: f"point {row + 1}")
    return Parsed((found.record,), metadata, (*unknown, *found.warnings))


def _impedance(
    file: str, data: _Module, columns: eclab.Columns, metadata: Mapping[str, str], unknown: Sequence[str]
) -> Parsed:
    missing = [name for name in eclab.IMPEDANCE if name not in columns]
    if missing:
        found = f"the technique {metadata['Technique']} with {', '.join(columns)}"
        raise FileFormatError(file, "", f"the columns {', '.join(eclab.IMPEDANCE)}", found, _EXPORT)
    _check_finite(file, columns, data.start + _LAYOUTS[data.version].points)
    _check_modulus_and_phase(file, columns)
    direct = _direct_current(file, columns)
    sweeps = _sweeps(file, columns, ~direct)
    spectra = _spectra(columns, sweeps)
    warnings = [*unknown, *eclab.direct_current_warnings(int(np.count_nonzero(direct)))]
    warnings += [*_time_warnings(columns), *_oddities(spectra, sweeps)]
    return Parsed(spectra, metadata, tuple(warnings))


def table(raw: RawFile) -> dict[str, NDArray[np.float64]]:
    """Return every column of a file under EC-Lab's own header; what was not measured is NaN.

    Parameters
    ----------
    raw : RawFile
        The file.
    """
    columns = _table(raw.name, _only(raw.name, _modules(raw), "VMP data"))[0]
    return eclab.without_unmeasured(columns)


_NAMES_READ = frozenset(name for name, _ in _COLUMNS.values())

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


def _table(file: str, data: _Module) -> tuple[dict[str, NDArray[np.float64]], list[str]]:
    """Return the columns by EC-Lab's headers, and a warning of those that are unknown."""
    layout = _layout(file, data)
    count, width = struct.unpack_from("<IB", data.content)
    numbers = struct.unpack_from(f"<{width}H", data.content, layout.first_column)
    held = len(data.content) - layout.points
    dtype, unknown = _dtype(file, data.start + layout.first_column, numbers, held // max(count, 1))
    if held != count * dtype.itemsize or not count:
        expected = f"{count} points of {dtype.itemsize} bytes, as declared"
        raise FileFormatError(file, f"byte {data.start}", expected, f"{held} bytes of points", _COPY_AGAIN)
    table = np.frombuffer(data.content, dtype, count, layout.points)
    with np.errstate(invalid="ignore"):  # damaged bytes can be a number that signals
        found = {name: table[name].astype(np.float64) for name in dtype.names or () if name in _NAMES_READ}
    for number in numbers:
        if number in _FLAGS:
            name, bits = _FLAGS[number]
            found[name] = ((table["flags"] & bits) // (bits & -bits)).astype(np.float64)
    if _FREQUENCY in found and "P/W" in found:
        found["Pwe/W"] = found.pop("P/W")
    warning = f"The column of number {unknown} is unknown to lamion; it was passed over."
    return found, [] if unknown is None else [warning]


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


def _dtype(file: str, place: int, numbers: Sequence[int], width: int) -> tuple[np.dtype[np.void], int | None]:
    """Return the layout of a point of `width` bytes, and the one column in it that is unknown.

    The flags share one byte, which stands where the first of them is listed. The width of a single unknown column is
    what the others leave.
    """
    fields: list[tuple[str, str]] = []
    unknown = [number for number in numbers if number not in _FLAGS and number not in _COLUMNS]
    if len(unknown) > 1:
        raise _unknown_column(file, place + 2 * list(numbers).index(unknown[0]), unknown[0])
    for position, number in enumerate(numbers):
        name, kind = ("flags", "u1") if number in _FLAGS else _COLUMNS.get(number, ("unknown", "u1"))
        if name == "flags" and (name, kind) in fields:
            continue
        if name in (field for field, _ in fields):
            raise FileFormatError(
                file, f"byte {place + 2 * position}", "every column once", f"column {number} twice", _COPY_AGAIN
            )
        fields.append((name, kind))
    if not unknown:
        return np.dtype(fields), None
    rest = width - np.dtype([field for field in fields if field[0] != "unknown"]).itemsize
    if rest not in _WIDTHS:
        raise _unknown_column(file, place + 2 * list(numbers).index(unknown[0]), unknown[0])
    return np.dtype([(name, f"V{rest}" if name == "unknown" else kind) for name, kind in fields]), unknown[0]


def _unknown_column(file: str, place: int, number: int) -> FileFormatError:
    return FileFormatError(file, f"byte {place}", "a column that lamion knows", f"column number {number}", _EXPORT)


def _technique(modules: Sequence[_Module]) -> str:
    settings = next((module.content for module in modules if module.name == "VMP Set"), b"")
    if not settings:
        return "of unknown kind"
    return eclab.TECHNIQUES.get(settings[0], f"of number {settings[0]}")


def _check_finite(file: str, columns: eclab.Columns, start: int) -> None:
    for name in (_FREQUENCY, _REAL, _MINUS_IMAGINARY, _CYCLE):
        wrong = np.flatnonzero(~np.isfinite(columns.get(name, np.zeros(1))))
        if len(wrong):
            raise FileFormatError(
                file,
                f"point {wrong[0] + 1} (the points begin at byte {start})",
                f"a number under '{name}'",
                f"{columns[name][wrong[0]]}",
                _COPY_AGAIN,
            )


def _direct_current(file: str, columns: eclab.Columns) -> NDArray[np.bool_]:
    """Return which points are direct current: those whose frequency and impedance are zero."""
    frequency = columns[_FREQUENCY]
    direct = np.asarray((frequency == 0.0) & (columns[_REAL] == 0.0) & (columns[_MINUS_IMAGINARY] == 0.0))
    wrong = np.flatnonzero((frequency <= 0.0) & ~direct)
    if len(wrong):
        raise FileFormatError(
            file,
            f"point {wrong[0] + 1}",
            "a frequency larger than zero",
            f"{frequency[wrong[0]]:g} Hz",
            _COPY_AGAIN,
        )
    return direct


def _check_modulus_and_phase(file: str, columns: eclab.Columns) -> None:
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


def _sweeps(file: str, columns: eclab.Columns, alternating: NDArray[np.bool_]) -> list[NDArray[np.intp]]:
    """Return the points of each sweep: of one cycle, and between points of direct current."""
    cycle = columns.get(_CYCLE, np.zeros(len(alternating)))
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
    points = np.flatnonzero(alternating)
    ends = np.flatnonzero((np.diff(points) > 1) | (np.diff(cycle[points]) > 0.0)) + 1
    return [np.asarray(part) for part in np.split(points, ends)]


def _spectra(columns: eclab.Columns, sweeps: Sequence[NDArray[np.intp]]) -> tuple[ImpedanceSpectrum, ...]:
    impedance = columns[_REAL] - 1j * columns[_MINUS_IMAGINARY]
    cycles: list[int | None] = [int(columns[_CYCLE][part[0]]) if _CYCLE in columns else None for part in sweeps]
    flags = columns.get("error", np.zeros(len(impedance)))
    if len(sweeps) > 1 and len(set(cycles)) < len(sweeps):
        cycles = [*range(1, len(sweeps) + 1)]
    return tuple(
        unflagged(ImpedanceSpectrum(columns[_FREQUENCY][part], impedance[part], cycle), flags[part])
        for part, cycle in zip(sweeps, cycles, strict=True)
    )


def _time_warnings(columns: eclab.Columns) -> Iterator[str]:
    if eclab.TIME not in columns or not np.any(columns[eclab.TIME]):
        return
    wrong = falls(np.nan_to_num(columns[eclab.TIME], nan=-1.0))
    if len(wrong):
        yield f"Point {wrong[0] + 1}: the time does not rise, so points were moved or a number was changed."


def _oddities(spectra: Sequence[ImpedanceSpectrum], sweeps: Sequence[NDArray[np.intp]]) -> Iterator[str]:
    """Tell what is odd, naming points where the text formats name lines."""
    for spectrum, part in zip(spectra, sweeps, strict=True):
        places = np.asarray(part[spectrum.numbers - 1] + 1, dtype=np.int64)
        yield from plausibility.oddities_of_points(spectrum, places)
    yield from of_flags(spectra)
    counts = {len(spectrum) for spectrum in spectra}
    if len(counts) > 1:
        yield f"The cycles differ in their number of points: {', '.join(str(len(one)) for one in spectra)}."


def _metadata(modules: Sequence[_Module], data: _Module) -> dict[str, str]:
    settings = next((module.content for module in modules if module.name == "VMP Set"), b"")
    found = {"Technique": _technique(modules), "Date": data.date, "Version of the data": str(data.version)}
    return found | {name: value for name, value in _settings(settings) if value}


def _settings(content: bytes) -> Iterator[tuple[str, str]]:
    """Yield what the user typed about the cell, under the names of EC-Lab's text; they are shown, never used."""
    if len(content) <= _MASS_UNIT:
        return
    for name, place in _TEXTS.items():
        typed = content[place + 1 : place + 1 + content[place]].decode("latin-1")
        yield name, "; ".join(line.strip() for line in typed.splitlines() if line.strip() and line.isprintable())
    (area,), (mass,) = (struct.unpack_from("<f", content, place) for place in (_AREA, _MASS))
    if np.isfinite(area):
        yield "Electrode surface area", f"{area:.3f} cm\u00b2"
    if np.isfinite(mass) and content[_MASS_UNIT] in _MASS_UNITS:
        yield "Characteristic mass", f"{mass:.3f} {_MASS_UNITS[content[_MASS_UNIT]]}"
