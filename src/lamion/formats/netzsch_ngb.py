"""Netzsch's binary files (.ngb-*), read by pyngb (extra `thermal`); what they say of themselves is checked.

pyngb opens paths: the archive is unpacked within bounds, its checksums tested, before it gets the streams. The mass in
the file is a change from zero; the sample's mass, which the operator typed, is added.
"""

from __future__ import annotations

import struct
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lamion.formats import thermal
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.library import heard
from lamion.formats.spectrometer import COPY_AGAIN
from lamion.formats.unknown import names_within
from lamion.formats.zipped_xml import Document
from lamion.quantities import FileFormatError, MissingExtraError

Array = NDArray[np.float64]
_STREAM = "Streams/stream_"
_READ = ("1.table", "2.table", "3.table")
_LARGEST, _LARGEST_STREAM = 256 * 2**20, 256 * 2**20
_TIME, _TEMPERATURE, _MASS, _SIGNAL = "time", "sample_temperature", "mass", "dsc_signal"
_LEAST_SENSITIVITY = 0.1
"""uV/mW; below it the file's calibration does not hold."""
_STARTS_AT = 0.05
"""Of the whole change: a change of mass begins at zero."""
_SECONDS = "time"
_TOO_LONG = 0.05
"""Of the programme's own duration."""


def _matches(raw: RawFile) -> bool:
    return raw.start.startswith(b"PK\x03\x04") and any(name.startswith(_STREAM) for name in names_within(raw))


def _read(raw: RawFile) -> Parsed:
    _library()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = Path(folder, "run.ngb-ss3")
        _unpack(raw, path)
        columns, units, metadata, said = _table(raw.name, path)
    arrays = _arrays(raw.name, columns, units, metadata)
    mass = _milligrams(metadata)
    record, odd = thermal.curve(raw.name, arrays, _place, sample_mass=mass, remedy=COPY_AGAIN)
    odd += _programme(record.time, metadata)
    if "heat_flow" in arrays:
        odd.append(
            "The heat flow is the sensor's voltage over the sensitivity that the file holds; the file does not say "
            "which way is exothermic."
        )
    return Parsed((record,), _words(metadata), (*said, *odd))


FORMAT = Format("Netzsch binary file", _matches, _read, binary=True, largest=_LARGEST)


def _place(row: int) -> str:
    return f"row {row + 1}"


def _library() -> Any:
    try:
        import pyngb
    except ImportError as error:
        raise MissingExtraError("thermal", "Netzsch's binary format") from error
    return pyngb


def _damaged(file: str, expected: str, found: str) -> FileFormatError:
    return FileFormatError(file, "", expected, found, COPY_AGAIN)


def _unpack(raw: RawFile, path: Path) -> None:
    """Write the streams that are read into an archive without compression."""
    wanted = [_STREAM + name for name in _READ]
    with Document(raw) as document, zipfile.ZipFile(path, "w") as unpacked:
        names = document.names()
        if len(set(names)) < len(names):
            raise _damaged(raw.name, "an archive with each stream once", "one twice")
        for name in (one for one in wanted if one in names):
            unpacked.writestr(name, b"".join(document.pieces(name, _LARGEST_STREAM)))


def _table(file: str, path: Path) -> tuple[dict[str, Array], dict[str, str], Mapping[str, Any], list[str]]:
    """Read with pyngb; whatever it raises of a damaged file, and what it says."""
    from polars.exceptions import PanicException, PolarsError
    from pyarrow import ArrowException
    from pyngb.exceptions import NGBParseError

    broken = (
        ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, MemoryError, NotImplementedError,
        OSError, RecursionError, TypeError, ValueError, struct.error, zipfile.BadZipFile, ArrowException,
        NGBParseError, PolarsError, PanicException,
    )  # fmt: skip
    try:
        with heard("pyngb", "pyngb") as said:
            metadata, table = _library().read_ngb(path, return_metadata=True)
        columns = {name: np.array(table[name].to_numpy(), dtype=np.float64) for name in table.schema.names}
        units = {
            field.name: (field.metadata or {}).get(b"units", b"").decode("utf-8", "replace") for field in table.schema
        }
    except broken as error:
        why = " ".join(f"{error}".split())[:120] or type(error).__name__
        raise _damaged(file, "a whole file of a version that pyngb reads", why) from error
    return columns, units, metadata, said


def _arrays(
    file: str, columns: Mapping[str, Array], units: Mapping[str, str], metadata: Mapping[str, Any]
) -> dict[str, Array]:
    """Return the columns of the record in SI."""
    missing = [name for name in (_TIME, _TEMPERATURE) if name not in columns]
    if missing or not {_MASS, _SIGNAL} & set(columns):
        raise _damaged(file, "a time, a temperature, and a mass or a signal", f"no {' and no '.join(missing) or _MASS}")
    found = {}
    for name in (_TEMPERATURE, _TIME, _SIGNAL, _MASS):
        unit = thermal.plain_unit(units.get(name, ""))
        if name not in columns:
            continue
        if unit not in thermal.UNITS:
            raise _damaged(file, f"a unit of the column '{name}'", f"'{unit}'")
        key, factor, offset = thermal.UNITS[unit]
        found[key] = factor * columns[name] + offset
    if "mass" in found:
        found["mass"] = _whole_mass(file, found["mass"], _milligrams(metadata))
    if "sensor_voltage" in found and (heat := _heat_flow(columns, metadata)) is not None:
        found["heat_flow"] = heat
    return found


def _milligrams(metadata: Mapping[str, Any]) -> float | None:
    mass = metadata.get("sample_mass")
    return 1e-6 * float(mass) if isinstance(mass, int | float) and np.isfinite(mass) and mass > 0.0 else None


def _whole_mass(file: str, change: Array, sample: float | None) -> Array:
    """Add the sample's mass, of which the file holds the change from zero."""
    if sample is None:
        raise _damaged(file, "the sample's mass in the header: the column is a change from it", "none")
    if not abs(change[0]) <= _STARTS_AT * np.ptp(change):
        raise _damaged(file, "a change of mass that begins at zero", f"{1e6 * change[0]:g} mg in the first row")
    return sample + change


def _heat_flow(columns: Mapping[str, Array], metadata: Mapping[str, Any]) -> Array | None:
    """Return the signal over the sensitivity of the file's own calibration, in W; None where it has none."""
    stated = metadata.get("calibration_constants")
    names = [f"p{k}" for k in range(6)]
    if not isinstance(stated, Mapping) or any(not isinstance(stated.get(name), float) for name in names):
        return None
    p = [float(stated[name]) for name in names]
    if p[1] == 0.0:
        return None
    with np.errstate(all="ignore"):
        z = (columns[_TEMPERATURE] - p[0]) / p[1]
        sensitivity = (p[2] + p[3] * z + p[4] * z**2 + p[5] * z**3) * np.exp(-(z**2))
    if not np.all(sensitivity > _LEAST_SENSITIVITY):
        return None
    return np.asarray(1e-3 * columns[_SIGNAL] / sensitivity)


def _programme(time: Array | None, metadata: Mapping[str, Any]) -> list[str]:
    """Compare how long the run took with the programme that the file holds."""
    stages = metadata.get("temperature_program")
    if time is None or not isinstance(stages, Mapping):
        return []
    lasts = [stage.get(_SECONDS) for stage in stages.values() if isinstance(stage, Mapping)]
    planned = sum(float(one) for one in lasts if isinstance(one, int | float) and np.isfinite(one))
    if planned > 0.0 and time[-1] - time[0] < (1.0 - _TOO_LONG) * planned:
        return [
            f"The run takes {time[-1] - time[0]:.0f} s of the {planned:.0f} s that its programme has: it was stopped, "
            "or rows are missing."
        ]
    return []


def _words(metadata: Mapping[str, Any]) -> dict[str, str]:
    """Return the header's simple entries, and the programme's rates."""
    found = {name: str(value) for name, value in metadata.items() if isinstance(value, str | int | float)}
    found["Date"] = found.get("date_performed", "")
    found["Comments"] = found.get("comment", "")
    return {name: value for name, value in found.items() if value}
