"""Records as columns with facts, and back: spectra, and every kind that is declared by its columns."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lamion.formats import declared_tables
from lamion.quantities import InputError
from lamion.records import ImpedanceSpectrum
from lamion.records.impedance import COLUMNS, LeftOutPoint
from lamion.records.record import Record, Table

Array = NDArray[np.float64]
SPECTRUM = "impedance"
_PARTS = tuple(COLUMNS[name].title for name in ("frequency", "real impedance", "imaginary impedance"))
_KEPT_APART = ("metadata", "source")
_OF_POINTS = ("frequency", "impedance", "numbers", "left_out")
_LARGEST = 2**53
_LARGEST_NUMBER = 1e300


def word(record: Record) -> str:
    """Return the word of a record's kind; InputError for one that is no table."""
    if isinstance(record, ImpedanceSpectrum):
        return SPECTRUM
    if isinstance(record, Table):
        return record.kind.key
    raise InputError(
        f"A {type(record).__name__} is no table, which is all that the Battery Data Format holds.",
        "",
        "Keep the file as it is.",
    )


def facts(record: ImpedanceSpectrum | Table) -> dict[str, Any]:
    """Return what a record holds besides its columns, its header and its source."""
    spectrum = isinstance(record, ImpedanceSpectrum)
    apart = {*_KEPT_APART, *_OF_POINTS} if spectrum else set(_KEPT_APART)
    apart |= set(record.kind.columns) if isinstance(record, Table) else set()
    every = {f.name: getattr(record, f.name) for f in dataclasses.fields(record) if f.name not in apart}  # type: ignore[arg-type]
    plain = {name: value.item() if isinstance(value, np.generic) else value for name, value in every.items()}
    said = {name: value for name, value in plain.items() if value is not None}
    return said | _points(record) if isinstance(record, ImpedanceSpectrum) else said


def _points(spectrum: ImpedanceSpectrum) -> dict[str, Any]:
    """Return which points of the sweep these are, and those that do not count."""
    said: dict[str, Any] = {} if spectrum.is_complete else {"numbers": spectrum.numbers.tolist()}
    if spectrum.left_out:
        said["left_out"] = [
            [one.number, one.frequency, one.impedance.real, one.impedance.imag, one.why] for one in spectrum.left_out
        ]
    return said


def _read_points(said: Mapping[str, Any], count: int) -> dict[str, Any]:
    """Check what a sidecar says of points, and read it."""
    numbers, apart = said.get("numbers"), said.get("left_out", [])
    if numbers is not None and not (_whole(numbers) and len(numbers) == count):
        raise InputError("The numbers of the points are not one whole number a point.")
    if not isinstance(apart, list) or not all(map(_is_point, apart)):
        raise InputError("The points that were left out are not lists of number, frequency, Z', Z'' and why.")
    left = [LeftOutPoint(n, float(f), complex(re, im), why) for n, f, re, im, why in apart]
    return ({} if numbers is None else {"numbers": numbers}) | {"left_out": left}


def _whole(items: Any) -> bool:
    return isinstance(items, list) and all(type(item) is int and 0 < item < _LARGEST for item in items)


def _is_point(item: Any) -> bool:
    if not isinstance(item, list) or len(item) != 5 or not _whole(item[:1]) or not isinstance(item[4], str):
        return False
    return all(type(part) in (int, float) and abs(part) < _LARGEST_NUMBER for part in item[1:4])


def record_of(kind: str, arrays: Mapping[str, Array], said: Mapping[str, Any]) -> ImpedanceSpectrum | Table:
    """Make the record of a kind from its columns by their headers; InputError where they are not such a record's."""
    if kind == SPECTRUM:
        if set(arrays) != set(_PARTS):
            raise InputError(f"A spectrum has the columns {', '.join(_PARTS)}.")
        points = _read_points(said, len(arrays[_PARTS[0]]))
        said = {name: value for name, value in said.items() if name not in ("numbers", "left_out")}
        _check(ImpedanceSpectrum, said, _OF_POINTS)
        frequency, real, imaginary = (arrays[title] for title in _PARTS)
        impedance = np.empty(len(real), dtype=np.complex128)
        impedance.real, impedance.imag = real, imaginary
        return ImpedanceSpectrum(frequency, impedance, **said, **points)
    made = next((one for one in declared_tables.kinds() if one.kind.key == kind), None)
    if made is None:
        raise InputError(f"There is no kind of record called '{kind[:60]}'.", "It may be a plug-in's.", "Install it.")
    names = {column.title: name for name, column in made.kind.columns.items()}
    if not arrays.keys() <= names.keys():
        raise InputError(f"A {made.kind.words} has the columns {', '.join(names)}.")
    _check(made, said, tuple(made.kind.columns))
    return made(**{names[title]: array for title, array in arrays.items()}, **said)


def _check(kind: type, said: Mapping[str, Any], columns: tuple[str, ...]) -> None:
    """Refuse facts that a kind does not have, or has as something else."""
    declared = {f.name: str(f.type) for f in dataclasses.fields(kind) if f.name not in (*columns, *_KEPT_APART)}
    for name, value in said.items():
        types = re.findall(r"\b(?:bool|int|float|str)\b", declared.get(name, ""))
        if type(value).__name__ not in types and not (isinstance(value, int) and "float" in types):
            raise InputError(f"A record of this kind has no {ascii(name)[:40]} that is {ascii(value)[:40]}.")


def hashed(tables: Iterable[Mapping[str, Array | Sequence[float]]]) -> str:
    """Return a hash of the numbers of records, by their headers."""
    digest = hashlib.sha256()
    for table in tables:
        for title, array in table.items():
            digest.update(f"{title}\0{len(array)}\0".encode())
            digest.update(np.ascontiguousarray(array, dtype="<f8").tobytes())
    return digest.hexdigest()
