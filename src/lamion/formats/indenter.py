"""What the files of all indenters have in common: what in them is odd, and numbers beside the volts they came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from lamion.formats.channel import places
from lamion.formats.spectrometer import Place

Array = NDArray[np.float64]
_UNITS = {"depth": "m", "load": "N"}
_MAGNITUDES = {"depth": 1e-3, "load": 1e3}
"""What no indenter reaches, in m and N."""
_LONE = 30.0
"""Times the noise and the step between its neighbours; a point that stands out more was not measured there."""
_DEGREE = 4
"""Of the calibration from volts: the instruments' are of the sixth degree, their higher terms small."""
_OFF = 30.0
"""Times the usual distance of a number from its volts' calibration."""
_ASIDE = 0.5
"""Of a step; where the clock's step changes to half or double it is a third."""
_FAR = 2.0
"""Times the range of most volts; what lies beyond was changed."""
_STEP = 2.5
"""Times the steps on both sides."""


def oddities(arrays: Mapping[str, Array], place: Place, *, even: bool = True) -> Iterator[str]:
    """Tell what is odd about a curve.

    Parameters
    ----------
    arrays : Mapping of str to array
        Depth and load in SI, and time in s where there is one.
    place : callable
        Names a point.
    even : bool
        Whether the clock ticks evenly within a segment, and each point is one of its own.

    Yields
    ------
    str
        A whole sentence each.
    """
    time = arrays.get("time")
    if time is not None:
        yield from _of_time(time, place, even)
    for name, largest in _MAGNITUDES.items():
        values = arrays[name]
        beyond = np.flatnonzero(np.abs(values) > largest)
        if len(beyond):
            most = f"{largest:g} {_UNITS[name]}"
            yield f"{places(beyond, place)}: the {name} is beyond {most}, which no indenter reaches."
        lone = np.flatnonzero(_lone(values))
        if len(lone):
            yield f"{places(lone, place)}: the {name} stands out from the points around it, so a number was changed."
    same = np.flatnonzero(np.all([np.diff(values) == 0.0 for values in arrays.values()], axis=0)) + 1
    if time is not None and even and len(same):
        yield f"{places(same, place)}: the point is that before it once more, so lines were doubled."


def _of_time(time: Array, place: Place, even: bool) -> Iterator[str]:
    steps = np.diff(time)
    back = np.flatnonzero(steps <= 0.0 if even else steps < 0.0) + 1
    if len(back):
        yield f"{places(back, place)}: the time does not rise, so lines were moved or a number was changed."
        return
    if not even:
        return
    padded = np.pad(steps, 1, mode="edge")
    gap = np.flatnonzero(steps > _STEP * np.maximum(padded[:-2], padded[2:])) + 1
    if len(gap):
        yield f"{places(gap, place)}: the time jumps, so points are missing or a number was changed."
    half = 0.5 * (time[2:] - time[:-2])
    moved = np.flatnonzero(np.abs(time[1:-1] - time[:-2] - half) > _ASIDE * half) + 1
    if len(moved):
        yield f"{places(moved, place)}: the time lies aside between its neighbours', so a number was changed."


def _lone(values: Array) -> NDArray[np.bool_]:
    """Tell which points lie far from the middle of their neighbours, which agree with each other."""
    found = np.zeros(len(values), dtype=bool)
    if len(values) < 5:
        return found
    middle = 0.5 * (values[:-2] + values[2:])
    off = np.abs(values[1:-1] - middle)
    step = np.abs(values[2:] - values[:-2])
    noise = float(np.median(off))
    found[1:-1] = off > _LONE * (noise + step)
    return found


def against_volts(name: str, values: Array, volts: Array, place: Place) -> Iterator[str]:
    """Hold numbers against the volts that they were made of: one calibration must make all of them.

    Parameters
    ----------
    name : str
        What they are, for messages.
    values, volts : array of float, shape (n,)
        As the file has them.
    place : callable
        Names a point.

    Yields
    ------
    str
        A whole sentence.
    """
    low, centre, high = np.percentile(volts, (1.0, 50.0, 99.0))
    if not (np.isfinite(values).all() and 0.0 < high - low < np.inf):
        return
    x = (volts - centre) / (high - low)
    fine = np.abs(x) < _FAR
    powers = np.polynomial.chebyshev.chebvander(np.clip(x, -_FAR, _FAR) / _FAR, _DEGREE)
    for _ in range(3):  # points that were changed are left out of the calibration that they are held against
        made = powers @ np.linalg.lstsq(powers[fine], values[fine], rcond=None)[0]
        off = np.abs(values - made)
        fine = (np.abs(x) < _FAR) & (off <= _OFF * (float(np.median(off)) + 1e-9 * float(np.median(np.abs(values)))))
        if fine.sum() <= 2 * _DEGREE:
            return
    wrong = np.flatnonzero(~fine)
    if len(wrong):
        yield f"{places(wrong, place)}: the {name} is not what its volts make, so a number was changed."
