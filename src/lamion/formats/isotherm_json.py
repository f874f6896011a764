"""Isotherms as pyGAPS writes them in JSON: units beside a list of points, each a loading and a pressure."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.isotherms import Conditions, isotherm_of, moles_per_kilogram, pascals
from lamion.quantities import FileFormatError

_POINTS = "isotherm_data"
_MARKS = ('"isotherm_data"', '"adsorbate"')
_FEW, _BLANK = 64, b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"
"""Bytes that the bracket stands in, behind blanks and marks of an encoding."""
_MOST_POINTS = 2**20
_AGAIN = "The file was cut or changed on its way: export it again."
_BRANCHES = {"ads": 0.0, "des": 1.0}
_SHOWN = {"material": "Material", "material_batch": "Sample", "instrument": "Instrument", "user": "Operator",
          "date": "Date", "lab": "Site"}  # fmt: skip
_MAY_BE = 2**16


def _matches(raw: RawFile) -> bool:
    if raw.start[:_FEW].strip(_BLANK)[:1] != b"{":
        return False
    top = "".join(line.text for line in raw.text.lines)[:_MAY_BE]
    return all(mark in top for mark in _MARKS)


def _read(raw: RawFile) -> Parsed:
    said = _object(raw)
    points = said.get(_POINTS)
    if not isinstance(points, list) or not 0 < len(points) <= _MOST_POINTS:
        raise _refused(raw, f"a list of points under '{_POINTS}'", "none")
    loading, pressure, branch = (
        [_of_point(raw, number, one, name) for number, one in enumerate(points, start=1)]
        for name in ("loading", "pressure", "branch")
    )
    columns = {"loading": _mole(raw, said) * np.array(loading), "desorption": np.array(branch)}
    mode = str(said.get("pressure_mode", "absolute"))
    if mode.startswith("relative"):
        columns["relative"] = np.array(pressure) / (100.0 if mode.endswith("%") else 1.0)
    else:
        columns["pressure"] = _pascal(raw, said) * np.array(pressure)
    known = Conditions(_text(said, "adsorbate"), _temperature(raw, said))
    record, odd = isotherm_of(raw.name, columns, lambda row: f"point {row + 1}", known, _AGAIN)
    metadata = {name: text for key, name in _SHOWN.items() if (text := _text(said, key))}
    return Parsed((record,), metadata, tuple(odd))


FORMAT = Format("isotherm in JSON (pyGAPS)", _matches, _read)


def _object(raw: RawFile) -> Mapping[str, Any]:
    def constant(text: str) -> float:
        raise _refused(raw, "finite numbers", text)

    def pairs(found: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in found]
        if len(set(names)) < len(names):
            raise _refused(raw, "every name once", "one of them twice")
        return dict(found)

    text = "\n".join(line.text for line in raw.text.lines)
    try:
        found = json.loads(text, parse_constant=constant, object_pairs_hook=pairs)
    except (json.JSONDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        where = "" if line is None else f"line {line}"
        raise FileFormatError(raw.name, where, "well-formed JSON", "an error there", _AGAIN) from error
    except ValueError as error:  # a whole number of thousands of digits
        raise _refused(raw, "numbers of a measurement", "one of too many digits") from error
    if not isinstance(found, dict):
        raise _refused(raw, "names with values", "another document")
    return found


def _of_point(raw: RawFile, number: int, point: Any, name: str) -> float:
    if not isinstance(point, dict) or not {*point} <= {"loading", "pressure", "branch", *_EXTRA}:
        found = ", ".join(map(str, point))[:60] if isinstance(point, dict) else str(point)[:30]
        raise FileFormatError(raw.name, f"point {number}", "a loading and a pressure", f"'{found}'", _AGAIN)
    value = point.get(name)
    if name == "branch":
        if value is None:
            return 0.0
        if isinstance(value, str) and value in _BRANCHES:
            return _BRANCHES[value]
        if isinstance(value, int) and value in (0, 1):
            return float(value)
        raise FileFormatError(raw.name, f"point {number}", "a branch, ads or des", f"'{str(value)[:20]}'", _AGAIN)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(_float(raw, value)):
        raise FileFormatError(raw.name, f"point {number}", f"a number for the {name}", f"{str(value)[:20]!r}", _AGAIN)
    return float(value)


_EXTRA = ("enthalpy", "time", "uncertainty")
"""What a point may hold besides."""


def _float(raw: RawFile, value: float) -> float:
    try:
        return float(value)
    except OverflowError as error:
        raise _refused(raw, "numbers of a measurement", "one too large") from error


def _mole(raw: RawFile, said: Mapping[str, Any]) -> float:
    if said.get("material_basis", "mass") != "mass" or said.get("loading_basis", "molar") not in (
        "molar",
        "volume_gas",
    ):
        found = f"{said.get('loading_basis')} per {said.get('material_basis')}"
        raise _refused(raw, "a loading in moles or volumes of gas per mass", found)
    unit = f"{said.get('loading_unit', '')}/{said.get('material_unit', '')}"
    factor = moles_per_kilogram(unit)
    if factor is None:
        raise _refused(raw, "a unit of the loading that lamion knows", f"'{unit[:30]}'")
    return factor


def _pascal(raw: RawFile, said: Mapping[str, Any]) -> float:
    factor = pascals(str(said.get("pressure_unit", "")))
    if said.get("pressure_mode", "absolute") != "absolute" or factor is None:
        found = f"'{str(said.get('pressure_mode'))[:20]}' in '{str(said.get('pressure_unit'))[:20]}'"
        raise _refused(raw, "an absolute pressure in a unit that lamion knows, or a relative one", found)
    return factor


def _temperature(raw: RawFile, said: Mapping[str, Any]) -> float | None:
    value, unit = said.get("temperature"), said.get("temperature_unit", "K")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or unit not in ("K", "°C", "C"):
        raise _refused(raw, "a temperature in K or degC", f"{str(value)[:20]} {str(unit)[:10]}")
    return _float(raw, value) + (0.0 if unit == "K" else 273.15)


def _text(said: Mapping[str, Any], key: str) -> str | None:
    value = said.get(key)
    return value if isinstance(value, str) and value else None


def _refused(raw: RawFile, expected: str, found: str) -> FileFormatError:
    return FileFormatError(raw.name, "", expected, found, _AGAIN)
