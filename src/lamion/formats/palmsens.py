"""PalmSens' session files (.pssession) of an impedance: JSON, in which each measurement holds arrays of numbers.

The imaginary part and the phase are stored with their signs turned. A measurement says its impedance as real and
imaginary part, as modulus and phase, and as an admittance; they must agree.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lamion.formats import points
from lamion.formats.content import Format, Parsed, RawFile
from lamion.quantities import FileFormatError
from lamion.records import ImpedanceSpectrum

_SIGNATURE = "PalmSens.DataFiles.SessionFile"
_ARRAYS = {5: ("frequency", "Hz", "Frequency"), 7: ("real", "\u03a9", "Z'"), 8: ("imaginary", "\u03a9", "-Z''"),
           10: ("modulus", "\u03a9", "Z"), 6: ("phase", "\u00b0", "-Phase")}  # fmt: skip
"""By their number: what they are here, and the unit and the quantity that the file must say of them."""
_LARGEST = 1e100
_REMEDY = "The file was cut or damaged on its way: copy it again, or export it again from PSTrace."


def _matches(raw: RawFile) -> bool:
    return _SIGNATURE in raw.text.line(1)[:200]


def _read(raw: RawFile) -> Parsed:
    session = _parsed(raw)
    measured = [(one, arrays) for one in _dicts(session.get("Measurements")) if (arrays := _arrays(raw.name, one))]
    if not measured:
        raise FileFormatError(
            raw.name, "", "a measurement of an impedance", "none",
            "Of PalmSens' sessions lamion reads impedance: export another technique as a table with its time.",
        )  # fmt: skip
    spectra, same = points.sweeps([_spectrum(raw.name, arrays) for _, arrays in measured], "measurements")
    warnings = [*same, *(warning for one, arrays in measured for warning in _own_list(one, arrays))]
    metadata = {"Title": str(measured[0][0].get("Title", "")), "Device": str(measured[0][0].get("DeviceSerial", ""))}
    return Parsed(spectra, metadata, (*warnings, *points.oddities(spectra)))


FORMAT = Format("PalmSens session", _matches, _read)


def _parsed(raw: RawFile) -> Mapping[str, Any]:
    text = "\n".join(line.text for line in raw.text.lines).strip("\ufeff\x00 \n")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f"character {error.pos}" if isinstance(error, json.JSONDecodeError) else ""
        raise FileFormatError(raw.name, where, "a whole JSON document", "something else", _REMEDY) from error
    if not isinstance(found, dict):
        raise FileFormatError(raw.name, "", "a session", f"a {type(found).__name__}", _REMEDY)
    return found


def _dicts(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _within(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _arrays(file: str, holder: Mapping[str, Any]) -> dict[str, NDArray[np.float64]]:
    """Return the arrays of an impedance that a measurement holds, none where it is of another technique."""
    found: dict[str, NDArray[np.float64]] = {}
    for array in _dicts(_within(holder, "DataSet", "Values")):
        number = array.get("ArrayType")
        if not isinstance(number, int) or number not in _ARRAYS:
            continue
        name, unit, quantity = _ARRAYS[number]
        said = (str(_within(array, "Unit", "S")).replace("\u2126", "\u03a9"), _within(array, "Unit", "Q"))
        if said != (unit, quantity) or name in found:
            raise FileFormatError(file, "", f"one array of {quantity} in {unit}", f"{said}"[:60], _REMEDY)
        found[name] = _numbers(file, quantity, array)
    if not {"frequency", "real", "imaginary"} <= found.keys():
        if found:
            raise FileFormatError(file, "", "frequency, Z' and -Z'' of a measurement", ", ".join(found), _REMEDY)
        return {}
    if len({len(values) for values in found.values()}) > 1 or not len(found["frequency"]):
        counts = ", ".join(f"{name} {len(values)}" for name, values in found.items())
        raise FileFormatError(file, "", "arrays of one length", counts, _REMEDY)
    return found


def _numbers(file: str, quantity: str, array: Mapping[str, Any]) -> NDArray[np.float64]:
    points = array.get("DataValues")
    values = [_within(point, "V") for point in points] if isinstance(points, list) else [None]
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(numbers) < len(values) or any(abs(value) > _LARGEST for value in numbers):
        raise FileFormatError(file, "", f"numbers under {quantity}", "something else among them", _REMEDY)
    return np.array(numbers, dtype=np.float64)


def _spectrum(file: str, arrays: Mapping[str, NDArray[np.float64]]) -> ImpedanceSpectrum:
    said = {"modulus": arrays["modulus"]} if "modulus" in arrays else {}
    said |= {"phase": -arrays["phase"]} if "phase" in arrays else {}
    return points.spectrum_of(file, arrays["frequency"], arrays["real"] - 1j * arrays["imaginary"], said)


def _own_list(holder: Mapping[str, Any], arrays: Mapping[str, NDArray[np.float64]]) -> Iterator[str]:
    """Warn where the measurement's list of EIS data does not hold the points of its data set."""
    for one in _dicts(holder.get("EISDataList")):
        for array in _dicts(_within(one, "DataSet", "Values")):
            listed = array.get("DataValues")
            if array.get("ArrayType") == 5 and isinstance(listed, list) and len(listed) != len(arrays["frequency"]):
                yield (
                    f"The measurement's list of EIS data holds {len(listed)} points, its data set "
                    f"{len(arrays['frequency'])}: the data set was read."
                )
