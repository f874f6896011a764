"""JEOL Delta (.jdf): decays of one dimension, and series of them along a list of delays.

nmrglue reads the header and the numbers; what it does not check is checked here: the bytes that are declared against
those that are there, and the temperature against what its sensor can say.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.spectrometer import COPY_AGAIN, record_of
from lamion.quantities import FileFormatError
from lamion.quantities.errors import MissingExtraError
from lamion.records.spectrum import InductionDecay

Array = NDArray[np.float64]

_MAGICS = (b"JEOL.NMR", b"RMN.LEOJ")
_HEADER = 1360
_MOST_POINTS = 2**24
_HOTTEST = 300.0
"""degC: beyond it no sensor was connected."""
_ZERO_CELSIUS = 273.15
_BROKEN = (
    ArithmeticError, AttributeError, EOFError, LookupError, MemoryError, NotImplementedError, OSError, TypeError,
    ValueError, struct.error,
)  # fmt: skip
"""What the library raises of a damaged file."""


def _matches(raw: RawFile) -> bool:
    return raw.start.startswith(_MAGICS)


def _read(raw: RawFile) -> Parsed:
    header, parameters, sections = _parsed(raw)
    rows = _rows(raw, header)
    dwell = _dwell(raw, header)
    known = _known(parameters)
    real, imaginary = (section.reshape(rows, -1) for section in sections)
    recoveries = _recoveries(raw, header, rows)
    time = np.asarray(dwell * np.arange(real.shape[1]), dtype=np.float64)
    records = tuple(
        record_of(
            raw.name,
            InductionDecay,
            {"time": time, "real": real[row], "imaginary": -imaginary[row]},
            lambda point: f"point {point + 1}",
            recovery=recoveries[row],
            **known,
        )
        for row in range(rows)
    )
    return Parsed(records, _metadata(header, parameters), _doubts(parameters, records[0]))


FORMAT = Format("JEOL NMR (.jdf)", _matches, _read, binary=True)


def _parsed(raw: RawFile) -> tuple[dict[str, Any], dict[str, Any], list[Array]]:
    """Return header, parameters and the sections of numbers, once the declared bytes are those of the file."""
    try:
        from nmrglue.fileio import jeol
    except ImportError as error:
        raise MissingExtraError("spectra", "JEOL's NMR format") from error
    content = raw.content
    if len(content) < _HEADER:
        raise _damaged(raw, f"a header of {_HEADER} bytes", f"{len(content)} bytes")
    try:
        parsed = jeol.parse_jeol(content)
        header, parameters = parsed["header"], parsed["parameters"]
        _check(raw, header, len(content))
        _, sections = jeol.split_sections(parsed, jeol.read_bin_data(parsed, content))
    except FileFormatError:
        raise
    except _BROKEN as error:
        raise _damaged(raw, "a header and numbers of Delta", "what its reader cannot take") from error
    if len(sections) != 2 or len(sections[0]) != len(sections[1]):
        raise _damaged(raw, "real and imaginary part of a decay", f"{len(sections)} parts")
    return header, parameters, [np.asarray(section, dtype=np.float64) for section in sections]


def _damaged(raw: RawFile, expected: str, found: str) -> FileFormatError:
    return FileFormatError(raw.name, "", expected, found, COPY_AGAIN)


def _check(raw: RawFile, header: Mapping[str, Any], size: int) -> None:
    """Refuse a file whose declared parts are not those it has."""
    dimensions = header["data_dimension_number"]
    kinds = tuple(header["data_axis_type"][: max(dimensions, 1)])
    if dimensions not in (1, 2) or kinds not in (("complex",), ("complex", "real")):
        said = f"{dimensions} dimensions of {', '.join(str(kind) for kind in kinds[:3])}"
        raise FileFormatError(
            raw.name, "", "a decay, or a series of decays", said, "Export the spectrum as JCAMP-DX from Delta."
        )
    if header["units"][0][2] != "second":
        raise FileFormatError(
            raw.name,
            "",
            "a decay against time",
            "a processed spectrum",
            "Export the spectrum as JCAMP-DX from Delta.",
        )
    points, width = header["data_points"], {"float64": 8, "float32": 4}.get(header["data_type"], 0)
    count = int(points[0]) * int(points[1])
    if not width or not 1 <= count <= _MOST_POINTS or header["data_length"] != 2 * count * width:
        raise _damaged(raw, f"{2 * count * width} bytes of {count} complex points", f"{header['data_length']}")
    if header["total_size"] != size or header["data_start"] + header["data_length"] > size:
        raise _damaged(raw, f"{header['total_size']} bytes", f"{size}")


def _rows(raw: RawFile, header: Mapping[str, Any]) -> int:
    """Return how many decays there are, all of whose points are used."""
    first, last = header["data_offset_start"], header["data_offset_stop"]
    for dimension in range(header["data_dimension_number"]):
        if first[dimension] != 0 or last[dimension] != header["data_points"][dimension] - 1:
            raise _damaged(raw, "every point in use", f"points {first[dimension]} to {last[dimension]}")
    return int(header["data_points"][1])


def _dwell(raw: RawFile, header: Mapping[str, Any]) -> float:
    start, stop = header["data_axis_start"][0], header["data_axis_stop"][0]
    points = int(header["data_points"][0])
    if points < 2 or start != 0.0 or not 0 < stop < 1e6:
        raise _damaged(raw, "times from zero", f"{start:g} to {stop:g}")
    scale = 10.0 ** (3 * _PREFIXES.get(header["units"][0][0], 0))
    return float(stop) * scale / (points - 1)


_PREFIXES = {"none": 0, "milli": -1, "micro": -2, "nano": -3}


def _recoveries(raw: RawFile, header: Mapping[str, Any], rows: int) -> list[float | None]:
    """Return the delay of each decay, of a list that is always kept with its highest byte first."""
    if rows == 1:
        return [None]
    if header["units"][1][2] != "second":
        return [None] * rows
    start, length = int(header["list_start"][1]), int(header["list_length"][1])
    if length != 8 * rows or start + length > raw.size:
        raise _damaged(raw, f"a list of {rows} delays", f"{length} bytes")
    found = np.frombuffer(raw.content[start : start + length], ">f8")
    ends = (header["data_axis_start"][1], header["data_axis_stop"][1])
    if not np.isfinite(found).all() or found.min() < 0 or not np.allclose((found[0], found[-1]), ends):
        raise _damaged(raw, f"delays from {ends[0]:g} to {ends[1]:g} s", f"{found[0]:g} to {found[-1]:g}")
    return [float(value) for value in found]


def _known(parameters: Mapping[str, Any]) -> dict[str, Any]:
    nucleus = str(parameters.get("x_domain", "")).strip()
    spins = str(parameters.get("spin_status", "")) == "SPINON"
    return {
        "frequency": _positive(parameters.get("x_freq")),
        "carrier": float(parameters["x_offset"]) if _is_number(parameters.get("x_offset")) else None,
        "nucleus": nucleus or None,
        "spinning": _positive(parameters.get("spin_get")) if spins else None,
        "temperature": _temperature(parameters),
        "delay": _positive(parameters.get("relaxation_delay")),
    }


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and np.isfinite(value)


def _positive(value: Any) -> float | None:
    return float(value) if _is_number(value) and value > 0 else None


def _temperature(parameters: Mapping[str, Any]) -> float | None:
    """Return the temperature in K, unless no sensor can have said it."""
    found = parameters.get("temp_get")
    believed = _is_number(found) and -200.0 < float(found) < _HOTTEST  # type: ignore[arg-type]
    return float(found) + _ZERO_CELSIUS if believed else None  # type: ignore[arg-type]


def _doubts(parameters: Mapping[str, Any], record: InductionDecay) -> tuple[str, ...]:
    said = []
    found = parameters.get("temp_get")
    if record.temperature is None and _is_number(found):
        said.append(
            f"The header says {found:g} degC, which is a sensor that was not connected: no temperature is taken."
        )
    if record.frequency is None:
        said.append("The header names no frequency, so that there are no shifts.")
    return tuple(said)


def _metadata(header: Mapping[str, Any], parameters: Mapping[str, Any]) -> dict[str, str]:
    wanted = {"Title": header.get("title"), "Comment": header.get("comment"), "Instrument": header.get("site")}
    wanted["Scans"] = parameters.get("total_scans")
    return {name: str(value)[:120] for name, value in wanted.items() if value not in (None, "")}
