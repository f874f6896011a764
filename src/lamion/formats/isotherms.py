"""What the files of all sorption instruments have in common: units, adsorbates, and what in an isotherm is odd."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.formats.channel import places
from lamion.formats.spectrometer import COPY_AGAIN, Place, record_of
from lamion.quantities import FileFormatError
from lamion.records.isotherm import Isotherm

Array = NDArray[np.float64]

MOLAR_VOLUME = 22.413970
"""dm3/mol, of an ideal gas at 0 degC and 101,325 Pa, which STP means in sorption: CODATA 2018."""
_PRESSURES = {
    "pa": 1.0, "hpa": 100.0, "kpa": 1e3, "mpa": 1e6, "bar": 1e5, "mbar": 100.0, "torr": 101325.0 / 760.0,
    "mmhg": 101325.0 / 760.0, "atm": 101325.0,
}  # fmt: skip
_LOADINGS = {"mmol/g": 1.0, "mol/kg": 1.0, "mol/g": 1e3, "umol/g": 1e-3, "cm3/g": 1.0 / MOLAR_VOLUME}
_ADSORBATES = {
    "N2": ("n2", "nitrogen"), "Ar": ("ar", "argon"), "Kr": ("kr", "krypton"), "CH4": ("ch4", "methane"),
    "CO2": ("co2", "carbon dioxide", "carbondioxide"), "H2O": ("h2o", "water"), "H2": ("h2", "hydrogen"),
    "O2": ("o2", "oxygen"),
}  # fmt: skip
_ABOVE = 1.1
"""A relative pressure beyond it is none."""
_TURNS = 1e-3
"""Relative: by how much a pressure turns back while an instrument doses."""
_FALLS, _JUMPS = 0.02, 0.2
"""Of the largest loading: by how much it falls where the pressure rises, or lies beyond both neighbours."""
_DRIFT = 0.1
"""Relative: of the saturation pressure of one bath."""
_LEAPS = 4.0
"""Times the step beside it."""
_MOST_TOLD = 6


@dataclass(frozen=True)
class Conditions:
    """How an isotherm was measured, as the record has it.

    Parameters
    ----------
    adsorbate : str, optional
        As the file names it.
    temperature : float, optional
        K.
    saturation : float, optional
        Pa.
    """

    adsorbate: str | None = None
    temperature: float | None = None
    saturation: float | None = None


def pascals(unit: str) -> float | None:
    """Return what one of a unit of pressure is in Pa, None of one that is not known.

    Examples
    --------
    >>> pascals("kPa"), pascals("psi")
    (1000.0, None)
    """
    return _PRESSURES.get(unit.strip().lower())


def moles_per_kilogram(unit: str) -> float | None:
    """Return what one of a unit of loading is in mol/kg, None of one that is not known.

    Parameters
    ----------
    unit : str
        As files write it: volumes are those of the gas at 0 degC and 101,325 Pa.

    Examples
    --------
    >>> round(moles_per_kilogram("ml(STP) g-1"), 6), moles_per_kilogram("mmol/g"), moles_per_kilogram("wt%")
    (0.044615, 1.0, None)
    """
    plain = re.sub(r"\(?stp\)?", "", unit.lower()).replace("\u00b3", "3").replace("cc", "cm3").replace("ml", "cm3")
    plain = re.sub(r"\s*/\s*|\s+(?=\w+-1)", "/", plain.strip()).replace("-1", "").replace(" ", "")
    plain = plain.replace("\u00b5", "u").replace("\u03bc", "u")
    return _LOADINGS.get(plain)


def formula_of(name: str | None) -> str | None:
    """Return the formula of an adsorbate that is known, else its name."""
    said = (name or "").strip()
    return next((formula for formula, names in _ADSORBATES.items() if said.lower() in names), said or None)


def of_saturation(saturation: Array, place: Place) -> Iterator[str]:
    """Tell which saturation pressures, one beside each point, cannot be those of one bath.

    Parameters
    ----------
    saturation : array, shape (n,)
        In one unit.
    place : callable
        Names a point.
    """
    typical = float(np.median(saturation))
    wrong = np.flatnonzero(~(np.abs(saturation / typical - 1.0) <= _DRIFT))
    if len(wrong):
        yield f"{places(wrong, place)}: the saturation pressure is not that of the other points: a digit may be lost."


def isotherm_of(
    file: str,
    columns: dict[str, Array],
    place: Place,
    conditions: Conditions,
    remedy: str = COPY_AGAIN,
) -> tuple[Isotherm, list[str]]:
    """Return an isotherm, and what is odd about it.

    Parameters
    ----------
    file : str
        The file's name, for messages.
    columns : dict of str to array
        The record's columns that the file has: loading, and relative or pressure, and desorption.
    place : callable
        Names a point.
    conditions : Conditions
        As the file says them.
    remedy : str
        A whole sentence.

    Raises
    ------
    FileFormatError
        At the first number that an isotherm cannot hold.
    """
    saturation = conditions.saturation
    if saturation is not None and not 0.0 < saturation < 1e8:
        raise FileFormatError(file, "", "a saturation pressure above zero", f"{saturation:g} Pa", remedy)
    temperature = conditions.temperature
    if temperature is not None and not 0.0 < temperature < 2000.0:
        raise FileFormatError(file, "", "a temperature above zero", f"{temperature:g} K", remedy)
    found = record_of(
        file,
        Isotherm,
        columns,
        place,
        remedy,
        adsorbate=formula_of(conditions.adsorbate),
        temperature=temperature,
        saturation=saturation,
    )
    odd = [*_unsaid(found), *_of_branches(found, place)]
    return found, odd[:_MOST_TOLD]


def _unsaid(found: Isotherm) -> Iterator[str]:
    missing = [
        name for name, value in (("adsorbate", found.adsorbate), ("temperature", found.temperature)) if value is None
    ]
    if missing:
        yield f"The file does not say the {' and the '.join(missing)}."


def _of_branches(found: Isotherm, place: Place) -> Iterator[str]:
    pressure = found.relative if found.relative is not None else found.pressure
    if pressure is None:
        return
    lowered = np.zeros(len(pressure)) if found.desorption is None else found.desorption
    if found.desorption is None:
        lowered = (np.arange(len(pressure)) > int(np.argmax(pressure))).astype(np.float64)
    same = np.diff(lowered) == 0.0
    steps = np.diff(pressure) / np.maximum(pressure[1:], 1e-300)
    wrong = np.flatnonzero(same & (np.where(lowered[1:] > 0.0, steps, -steps) > _TURNS)) + 1
    if len(wrong):
        yield f"{places(wrong, place)}: the pressure turns back, so lines were moved or a number was changed."
    if found.relative is not None and found.relative.max() > _ABOVE:
        above = np.flatnonzero(found.relative > _ABOVE)
        yield f"{places(above, place)}: a relative pressure above {_ABOVE:g}, which cannot be: a number was changed."
    yield from _of_loading(found.loading, lowered, place)


def _of_loading(loading: Array, lowered: Array, place: Place) -> Iterator[str]:
    largest = float(np.max(np.abs(loading)))
    high, low = np.maximum(loading[:-2], loading[2:]), np.minimum(loading[:-2], loading[2:])
    beyond = np.maximum(loading[1:-1] - high, low - loading[1:-1]) > _JUMPS * largest
    beyond &= lowered[:-2] == lowered[2:]  # where the branches part the loading may be the largest
    alone = np.flatnonzero(beyond) + 1
    if len(alone):
        yield f"{places(alone, place)}: the loading is beyond that of both neighbours: a digit may be lost."
        return
    ends = [at for at in _ends(lowered) if _leaps(loading, at, largest)]
    if ends:
        yield f"{places(np.array(ends), place)}: the loading is far from that beside it: a digit may be lost."
    raised = (lowered[1:] == 0.0) & (lowered[:-1] == 0.0)
    fallen = np.flatnonzero(raised & (np.diff(loading) < -_FALLS * largest)) + 1
    if len(fallen) and int(np.argmax(loading)) >= fallen[0]:
        yield f"{places(fallen, place)}: the loading falls while the pressure rises."


def _ends(lowered: Array) -> list[int]:
    """Return the first point of what was raised and the last of what was lowered, whose neighbours are on one side."""
    return [0, *([len(lowered) - 1] if lowered[-1] > 0.0 else [])]


def _leaps(loading: Array, at: int, largest: float) -> bool:
    """Tell whether the step at an end is a large one, and the next is not."""
    inside = 1 if at == 0 else -1
    step, next_step = abs(loading[at] - loading[at + inside]), abs(loading[at + inside] - loading[at + 2 * inside])
    return bool(step > _JUMPS * largest and step > _LEAPS * next_step)
