"""What the files of all thermal analysers have in common: the record, and what in it is odd."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from lamion.formats.channel import duration_warnings, places
from lamion.formats.spectrometer import Place, record_of
from lamion.records.thermal import ThermalCurve

Array = NDArray[np.float64]
AGAIN = "Lines were removed or changed, or the file was cut: export it again from the analyser's own program."
UNITS: Mapping[str, tuple[str, float, float]] = {
    "s": ("time", 1.0, 0.0),
    "min": ("time", 60.0, 0.0),
    "h": ("time", 3600.0, 0.0),
    "degC": ("temperature", 1.0, 273.15),
    "K": ("temperature", 1.0, 0.0),
    "mW": ("heat_flow", 1e-3, 0.0),
    "W/g": ("specific_heat_flow", 1e3, 0.0),
    "mW/mg": ("specific_heat_flow", 1e3, 0.0),
    "uV": ("sensor_voltage", 1e-6, 0.0),
    "mg": ("mass", 1e-6, 0.0),
    "g": ("mass", 1e-3, 0.0),
    "%": ("mass_fraction", 1e-2, 0.0),
}
"""What a number in a unit is in a record: the column, its factor and what is added."""
_GAP = 1.8
"""Times the usual interval around it: a row is missing."""
_NEIGHBOURS, _AROUND = 2, 6
"""Rows on each side, of the clock and of the temperature, of which a wrong one bends three."""
_BENT = 0.6
"""Of a usual step, or so many of its own noise, between a temperature and the middle of its neighbours."""
_NOISES = 12.0
_LEAST_BEND = 0.05
"""K"""
_HOTTEST = 4000.0
_MASSES = (1e-9, 1.0)
"""kg, of a sample, from a microgram to a kilogram."""
_APART = 0.02
"""Between the mass of the header and that of the first row, relative."""


def plain_unit(said: str) -> str:
    """Return a unit as :data:`UNITS` spells it, whatever became of its degree sign or its micro sign.

    Parameters
    ----------
    said : str
        As printed, without brackets.

    Examples
    --------
    >>> plain_unit("\u00b0C"), plain_unit("\ufffdC"), plain_unit("W\u00b7g^-1"), plain_unit("\u00b5V")
    ('degC', 'degC', 'W/g', 'uV')
    """
    text = said.strip().replace("\u00b5", "u").replace("\u03bc", "u").replace("\u00b7", "*")
    if len(text) in (2, 3) and text.endswith("C") and not text[0].isascii():
        return "degC"
    return {"W*g^-1": "W/g", "Wg^-1": "W/g", "mW*mg^-1": "W/g", "\u2103": "degC", "?C": "degC"}.get(text, text)


def curve(
    file: str,
    arrays: Mapping[str, Array],
    place: Place,
    *,
    sample_mass: float | None,
    exothermic: str | None = None,
    remedy: str = AGAIN,
) -> tuple[ThermalCurve, list[str]]:
    """Make the record, and say what is odd about it.

    Parameters
    ----------
    file : str
        The file's name, for messages.
    arrays : Mapping of str to array
        Its columns, in SI.
    place : callable
        Names a row.
    sample_mass : float or None
        In kg.
    exothermic : str or None
        ``"up"`` or ``"down"`` as the file says.
    remedy : str
        A whole sentence.

    Raises
    ------
    FileFormatError
        At the first number that it cannot hold.
    """
    facts = {"sample_mass": sample_mass, "exothermic": exothermic}
    record = record_of(file, ThermalCurve, arrays, place, remedy, **facts)
    with np.errstate(all="ignore"):  # damaged numbers can be any
        return record, [*oddities(record, place), *_mass_oddities(record)]


def oddities(record: ThermalCurve, place: Place) -> Iterator[str]:
    """Tell what is odd about a run; a whole sentence each.

    Parameters
    ----------
    record : ThermalCurve
        The run.
    place : callable
        Names a row.
    """
    if record.time is not None:
        yield from _clock(record.time, place)
    bent = _bends(record.temperature)
    if len(bent):
        yield (
            f"{places(bent, place)}: the temperature leaves the line through its neighbours, so a number was changed "
            "or lines were moved."
        )
    hot = np.flatnonzero(record.temperature > _HOTTEST)
    if len(hot):
        yield f"{places(hot, place)}: the temperature is {record.temperature[hot[0]]:.4g} K, beyond any furnace."


def _clock(time: Array, place: Place) -> Iterator[str]:
    back = np.flatnonzero(np.diff(time) <= 0.0) + 1
    if len(back):
        yield f"{places(back, place)}: the time runs back or rests, so lines were moved or a number was changed."
        return
    gaps = np.flatnonzero(np.diff(time) > _GAP * _usual(np.diff(time))) + 1
    if len(gaps):
        yield (
            f"{places(gaps, place)}: more time passes than between its neighbours, so lines are missing or a number "
            "was changed."
        )
    yield from duration_warnings(time)


def _usual(steps: Array, around: int = _NEIGHBOURS) -> Array:
    """Return the median of the steps around each."""
    if len(steps) <= 2 * around:
        return np.full(len(steps), np.median(steps) if len(steps) else 0.0)
    padded = np.pad(steps, around, mode="reflect")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(padded, 2 * around + 1), axis=1))


def _bends(temperature: Array) -> NDArray[np.intp]:
    """Return the rows whose temperature is far from the middle of its neighbours."""
    if len(temperature) < 2 * _NEIGHBOURS + 3:
        return np.zeros(0, dtype=np.intp)
    inner = np.abs(temperature[1:-1] - 0.5 * (temperature[:-2] + temperature[2:]))
    off = np.concatenate([2.0 * inner[:1], inner, 2.0 * inner[-1:]])  # the ends: from the line through the two next
    steps = np.abs(np.diff(temperature, prepend=temperature[1], append=temperature[-2]))
    usual = _usual(np.maximum(steps[:-1], steps[1:]), _AROUND)
    limit = np.maximum.reduce([_BENT * usual, _NOISES * _usual(off, _AROUND), np.full(len(off), _LEAST_BEND)])
    padded = np.pad(off, 1)
    return np.flatnonzero((off > limit) & (off >= padded[:-2]) & (off >= padded[2:]))


def _mass_oddities(record: ThermalCurve) -> Iterator[str]:
    mass = record.sample_mass
    if mass is None:
        return
    if not _MASSES[0] <= mass <= _MASSES[1]:
        yield f"The sample's mass is {1e6 * mass:.4g} mg by the header, which cannot be: a number was changed."
    elif record.mass is not None and abs(record.mass[0] - mass) > _APART * mass:
        yield (
            f"The sample's mass is {1e6 * mass:.5g} mg by the header and {1e6 * record.mass[0]:.5g} mg in the first "
            "row: one of them was changed, or mass was lost before the run."
        )
