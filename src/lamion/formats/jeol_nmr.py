"""JEOL Delta (.jdf): decays of one dimension, and series of them along a list of delays.

A header of 1,360 bytes, highest byte first, says where the parameters (64 bytes each), the lists of the axes (highest
byte first, whatever the header says) and the numbers are: all real parts, then all imaginary parts with their sign
turned. A series is kept in tiles of four decays times four points. The layout was told from real files beside nmrglue,
which does not read series, takes scaled texts for gigabytes of them and knows no unit with a prefix above one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.spectrometer import COPY_AGAIN, oddities, record_of
from lamion.quantities import FileFormatError
from lamion.records.spectrum import InductionDecay

Array = NDArray[np.float64]

_MAGIC = b"JEOL.NMR"
_HEADER = np.dtype(
    [("magic", "S8"), ("endian", "u1"), ("version", "V3"), ("dimensions", "u1"), ("exist", "V1"), ("layout", "u1"),
     ("instrument", "V9"), ("axes", "u1", 8), ("units", "u1", (8, 2)), ("title", "S124"), ("ranged", "V4"),
     ("points", ">u4", 8), ("first", ">u4", 8), ("last", ">u4", 8), ("start", ">f8", 8), ("stop", ">f8", 8),
     ("dates", "V8"), ("node", "V16"), ("site", "S128"), ("author", "V128"), ("comment", "S128"), ("titles", "V256"),
     ("frequencies", "V128"), ("reversed", "V8"), ("history", "V12"), ("parameters_start", ">u4"),
     ("parameters_length", ">u4"), ("list_start", ">u4", 8), ("list_length", ">u4", 8), ("data_start", ">u4"),
     ("data_length", ">u8"), ("context_start", ">u8"), ("context_length", ">u4"), ("notes", "V12"), ("total", ">u8"),
     ("units_of_users", "V32")]
)  # fmt: skip
_PARAMETER = np.dtype(
    [("class", "V4"), ("power", "<i2"), ("units", "u1", (5, 2)), ("value", "V16"), ("kind", "<i4"), ("name", "S28")]
)
_REAL, _COMPLEX = 1, 3
_LINE, _SMALL_TABLE = 1, 12
_TILE = 4
_CELSIUS, _HERTZ, _KELVIN, _PPM, _SECOND = 4, 13, 14, 26, 28
_TEXT, _WHOLE, _FLOAT = 0, 1, 2
_MOST_POINTS = 2**22
_HIGHEST_POWER = 30
_HOTTEST = 573.15
"""K: beyond it no sensor was connected."""

_TOLERANCE = 1e-6
_EXPORT = "Export the spectrum as JCAMP-DX from Delta."


@dataclass(frozen=True)
class _Value:
    """A parameter: a text, or a number with the code of its unit, without prefixes."""

    found: str | float
    unit: int


def _matches(raw: RawFile) -> bool:
    return raw.start.startswith(_MAGIC)


def _read(raw: RawFile) -> Parsed:
    if raw.size < _HEADER.itemsize:
        raise _damaged(raw, f"a header of {_HEADER.itemsize} bytes", f"{raw.size} bytes")
    header = np.frombuffer(raw.content, _HEADER, 1)[0]
    _check(raw, header)
    parameters = _parameters(raw, header)
    decays = _decays(raw, header)
    dwell = _dwell(raw, header)
    recoveries = _recoveries(raw, header)
    time = np.asarray(dwell * np.arange(decays.shape[1]), dtype=np.float64)
    known = _known(parameters)
    records = tuple(
        record_of(
            raw.name,
            InductionDecay,
            {"time": time, "real": decay.real, "imaginary": decay.imag},
            _place,
            recovery=recovery,
            **known,
        )
        for decay, recovery in zip(decays, recoveries, strict=True)
    )
    said = [*_doubts(parameters, records[0]), *_doubts_of_steps(parameters, dwell, recoveries)]
    for one in records:
        said += [
            *oddities(one.time, one.real, _place),
            *oddities(one.time, one.imaginary, _place),
        ]
    return Parsed(records, _metadata(header, parameters), tuple(dict.fromkeys(said)))


FORMAT = Format("JEOL NMR (.jdf)", _matches, _read, binary=True)


def _place(point: int) -> str:
    return f"point {point + 1}"


def _damaged(raw: RawFile, expected: str, found: str) -> FileFormatError:
    return FileFormatError(raw.name, "", expected, found, COPY_AGAIN)


def _check(raw: RawFile, header: Any) -> None:
    """Refuse a file whose declared parts are not those it has, or that holds something else."""
    kind, layout = int(header["layout"]) >> 6, int(header["layout"]) & 0b111111
    axes = header["axes"][: header["dimensions"]].tolist()
    if (layout, axes) not in ((_LINE, [_COMPLEX]), (_SMALL_TABLE, [_COMPLEX, _REAL])):
        found = f"{header['dimensions']} dimensions of the kinds {axes}, in the layout {layout}"
        raise FileFormatError(raw.name, "", "a decay, or a small series of decays", found, _EXPORT)
    if header["units"][0][1] != _SECOND:
        raise FileFormatError(raw.name, "", "a decay against time", "a processed spectrum", _EXPORT)
    points, last = (header[name][:2].astype(int) for name in ("points", "last"))
    count, tile = int(np.prod(points)), _TILE if layout == _SMALL_TABLE else 1
    used = not header["first"][:2].any() and bool(np.all(last < points))
    if not 1 <= count <= _MOST_POINTS or kind > 1 or np.any(points % tile) or not used:
        raise _damaged(raw, "a number of points", f"{points[0]} times {points[1]}, the last ones {last[0]}, {last[1]}")
    length = 2 * count * (8 >> kind)
    end = int(header["data_start"]) + length
    if header["data_length"] != length or header["context_start"] != end:
        raise _damaged(raw, f"{length} bytes of {count} complex points", f"{header['data_length']}")
    if header["total"] != raw.size or end > raw.size or header["endian"] > 1:
        raise _damaged(raw, f"{header['total']} bytes", f"{raw.size}")


def _decays(raw: RawFile, header: Any) -> NDArray[np.complex128]:
    """Return the decays one below the other, shape (series, points)."""
    points, rows = (int(value) for value in header["points"][:2])
    form = ("<" if header["endian"] else ">") + ("f4" if header["layout"] >> 6 else "f8")
    start = int(header["data_start"])
    with np.errstate(invalid="ignore"):  # a signalling NaN, which the record then refuses
        parts = np.frombuffer(raw.content[start : start + int(header["data_length"])], form).astype(np.float64)
    if header["dimensions"] == 1:
        parts = parts.reshape(2, rows, points)
    else:
        tiles = parts.reshape(2, rows // _TILE, points // _TILE, _TILE, _TILE)
        parts = tiles.transpose(0, 1, 3, 2, 4).reshape(2, rows, points)
    used = parts[:, : int(header["last"][1]) + 1, : int(header["last"][0]) + 1]
    decays = np.empty(used.shape[1:], dtype=np.complex128)
    decays.real, decays.imag = used[0], -used[1]
    return decays


def _prefix(unit: NDArray[np.uint8]) -> float:
    """Return what the prefix of a unit stands for: its highest four bits count thousandths, with a sign."""
    thousandths = int(unit[0]) >> 4
    return 10.0 ** (-3 * (thousandths - 16 if thousandths > 7 else thousandths))


def _dwell(raw: RawFile, header: Any) -> float:
    start, stop, last = float(header["start"][0]), float(header["stop"][0]), int(header["last"][0])
    if last < 1 or start != 0.0 or not 0.0 < stop < 1e6:
        raise _damaged(raw, "times from zero", f"{start:g} to {stop:g}")
    return stop * _prefix(header["units"][0]) / last


def _recoveries(raw: RawFile, header: Any) -> list[float | None]:
    """Return the delay of each decay, in s."""
    rows = int(header["last"][1]) + 1
    if header["dimensions"] == 1 or header["units"][1][1] != _SECOND:
        return [None] * rows
    start, length = int(header["list_start"][1]), int(header["list_length"][1])
    if length != 8 * rows or start + length > raw.size:
        raise _damaged(raw, f"a list of {rows} delays", f"{length} bytes")
    found = np.frombuffer(raw.content[start : start + length], ">f8")
    ends = (header["start"][1], header["stop"][1])
    if not np.isfinite(found).all() or found.min() < 0 or not np.allclose((found[0], found[-1]), ends):
        raise _damaged(raw, f"delays from {ends[0]:g} to {ends[1]:g} s", f"{found[0]:g} to {found[-1]:g}")
    return [float(value) * _prefix(header["units"][1]) for value in found]


def _parameters(raw: RawFile, header: Any) -> dict[str, _Value]:
    """Return the parameters by their names in small letters."""
    start, length = int(header["parameters_start"]), int(header["parameters_length"])
    content = raw.content[start : start + length]
    order: Literal["<", ">"] = "<" if header["endian"] else ">"
    head = np.frombuffer(content[:16], order + "u4") if len(content) >= 16 else np.zeros(4, dtype=int)
    size = _PARAMETER.itemsize
    if (
        head[0] != size
        or head[1] > head[2]
        or head[3] != len(content) - 16
        or head[3] != size * (head[2] - head[1] + 1)
    ):
        raise _damaged(raw, "a table of parameters", f"{len(content)} bytes of another form")
    found = {}
    for row in np.frombuffer(content[16:], _PARAMETER.newbyteorder("<" if header["endian"] else ">")):
        name = row["name"].decode("latin-1").replace("\x00", "").strip().lower()
        if name in found:
            raise _damaged(raw, f"the parameter {name} once", "it twice")
        if (value := _value(row, order)) is not None:
            found[name] = value
    return found


def _value(row: Any, order: str) -> _Value | None:
    kind, content = row["kind"], row["value"].tobytes()
    if kind == _TEXT:
        return _Value(content.decode("latin-1").replace("\x00", "").strip(), 0)
    if kind not in (_WHOLE, _FLOAT) or abs(row["power"]) > _HIGHEST_POWER:
        return None
    number = float(np.frombuffer(content, order + ("i4" if kind == _WHOLE else "f8"), 1)[0])
    unit = row["units"][0]
    return _Value(number * 10.0 ** int(row["power"]) * _prefix(unit), int(unit[1])) if np.isfinite(number) else None


def _number(parameters: Mapping[str, _Value], name: str, unit: int) -> float | None:
    """Return a number in the unit that it must have."""
    value = parameters.get(name)
    return value.found if value is not None and isinstance(value.found, float) and value.unit == unit else None


def _word(parameters: Mapping[str, _Value], name: str) -> str:
    value = parameters.get(name)
    return value.found if value is not None and isinstance(value.found, str) else ""


def _known(parameters: Mapping[str, _Value]) -> dict[str, Any]:
    spins = _word(parameters, "spin_status") == "SPIN ON"
    return {
        "frequency": _positive(_number(parameters, "x_freq", _HERTZ)),
        "carrier": _number(parameters, "x_offset", _PPM),
        "lead": _lead(parameters),
        "nucleus": _word(parameters, "x_domain") or None,
        "spinning": _positive(_number(parameters, "spin_get", _HERTZ)) if spins else None,
        "temperature": kelvin if (kelvin := _kelvin(parameters)) is not None and 0.0 < kelvin < _HOTTEST else None,
        "delay": _positive(_number(parameters, "relaxation_delay", _SECOND)),
    }


def _positive(value: float | None) -> float | None:
    return value if value is not None and value > 0.0 else None


def _kelvin(parameters: Mapping[str, _Value]) -> float | None:
    celsius = _number(parameters, "temp_get", _CELSIUS)
    return _number(parameters, "temp_get", _KELVIN) if celsius is None else celsius + _zero_celsius()


def _zero_celsius() -> float:
    # The library of constants takes longer to load than any other file takes to be read.
    from lamion.quantities.constants import ZERO_CELSIUS

    return ZERO_CELSIUS


def _lead(parameters: Mapping[str, _Value]) -> float | None:
    """Return by how many points the stages of the digital filter delay the decay.

    Each delays by half of its order less one, in points of its own input; its factor divides those.
    """
    if _word(parameters, "digital_filter") != "TRUE":
        return None
    words = _word(parameters, "orders").split()
    factors = _word(parameters, "factors").split()
    if not all(word.isdecimal() for word in words + factors) or not words or len(words) != 1 + len(factors):
        return None
    rates = np.cumprod([float(word) for word in factors[::-1]])[::-1]
    orders = np.array([float(word) for word in words[1:]])
    return float(np.sum(0.5 * (orders - 1.0) / rates)) if int(words[0]) == len(factors) and rates.all() else None


def _doubts(parameters: Mapping[str, _Value], record: InductionDecay) -> Iterator[str]:
    kelvin = _kelvin(parameters)
    if record.temperature is None and kelvin is not None:
        yield (
            f"The header says {kelvin - _zero_celsius():.4g} degC, which is a sensor that was not connected: no "
            "temperature is taken."
        )
    if record.frequency is None:
        yield "The header names no frequency, so that there are no shifts."


def _doubts_of_steps(parameters: Mapping[str, _Value], dwell: float, recoveries: list[float | None]) -> Iterator[str]:
    width = _number(parameters, "x_sweep", _HERTZ)
    if width is not None and abs(width * dwell - 1.0) > _TOLERANCE:
        yield (
            f"The points are {dwell:.6g} s apart by the axis, and the spectral width is {width:.6g} Hz by the "
            "parameters, which is not one over that: a number was changed."
        )
    delays = np.array([delay for delay in recoveries if delay is not None])
    steps = np.diff(delays)
    if len(steps) and not (np.all(steps > 0.0) or np.all(steps < 0.0)):
        yield "The delays of the series neither rise nor fall throughout, so one of them may have been changed."


def _metadata(header: Any, parameters: Mapping[str, _Value]) -> dict[str, str]:
    found = {
        "Title": header["title"], "Comment": header["comment"], "Instrument": header["site"],
    }  # fmt: skip
    said = {name: text.decode("latin-1").replace("\x00", "").strip()[:120] for name, text in found.items()}
    scans = parameters.get("total_scans")
    if scans is not None and isinstance(scans.found, float):
        said["Scans"] = f"{scans.found:g}"
    return {name: text for name, text in said.items() if text}
