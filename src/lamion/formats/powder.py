"""What the files of all diffractometers have in common: how a pattern is made of them, and what in it is odd."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from lamion.formats.channel import places
from lamion.formats.spectrometer import COPY_AGAIN, Place, oddities, record_of
from lamion.formats.table import Row
from lamion.quantities import FileFormatError
from lamion.records.measurements import Pattern

Array = NDArray[np.float64]
_SHORTEST, _LONGEST = 0.2, 3.0
"""Angstrom: of the lines that tubes and beamlines are used at."""
_DOUBLET = 0.02
"""K-alpha2 lies closer to K-alpha1 than this part of it, for every anode."""
_ALONE, _SIGMAS = 5.0, 12.0
"""A point alone: so many times its neighbours, or that part of them, and so many deviations of counting away."""
_SMALLEST, _WIDEST = 10.0, 5000.0
"""mm: of goniometers."""
_OFF = 0.3
"""Of a step: an angle that lies further from where the header puts it was changed."""
_MOST_TOLD = 6


@dataclass(frozen=True)
class Conditions:
    """How a pattern was measured, as the record has it.

    Parameters
    ----------
    anode : str, optional
        Of the tube.
    wavelength, second_wavelength : float, optional
        K-alpha1 and K-alpha2, angstrom.
    second_ratio : float, optional
        The intensity of the second over the first.
    radius : float, optional
        Of the goniometer, m.
    counted : float, optional
        s at each point; kept only where the intensities are whole events.
    """

    anode: str | None = None
    wavelength: float | None = None
    second_wavelength: float | None = None
    second_ratio: float | None = None
    radius: float | None = None
    counted: float | None = None


def pattern_of(
    file: str, two_theta: Array, counts: Array, place: Place, conditions: Conditions, remedy: str = COPY_AGAIN
) -> tuple[Pattern, list[str]]:
    """Return a pattern, and what is odd about it.

    Parameters
    ----------
    file : str
        The file's name, for messages.
    two_theta, counts : array, shape (n,)
        Degrees, and whatever the file has.
    place : callable
        Names a point.
    conditions : Conditions
        As the file says them.
    remedy : str
        A whole sentence.

    Raises
    ------
    FileFormatError
        At the first number that a pattern cannot hold.
    """
    said = {one.name: getattr(conditions, one.name) for one in fields(conditions)}
    whole = bool(np.array_equal(counts, np.round(counts)) and np.all(counts >= 0.0))
    if not whole:
        said["counted"] = None
    found = record_of(file, Pattern, {"two_theta": two_theta, "counts": counts}, place, remedy, **said)
    odd = [*oddities(two_theta, counts, place), *_alone(counts, place), *_of_conditions(conditions)]
    return found, odd[:_MOST_TOLD]


def _alone(counts: Array, place: Place) -> Iterator[str]:
    """Tell which points neither neighbour makes likely: a peak has several points, a spike or a lost digit one."""
    low = np.minimum(counts[:-2], counts[2:])
    high = np.maximum(counts[:-2], counts[2:])
    middle = counts[1:-1]
    noise = _SIGMAS * np.sqrt(np.maximum(high, 1.0))
    above = (middle > _ALONE * high) & (middle - high > noise)
    below = (middle < low / _ALONE) & (low - middle > noise)
    found = np.flatnonzero(above | below) + 1
    if len(found):
        yield f"{places(found, place)}: the intensity is far from that of both neighbours: a spike, or a lost digit."


def _of_conditions(said: Conditions) -> Iterator[str]:
    one, two, ratio = said.wavelength, said.second_wavelength, said.second_ratio
    if one is not None and not _SHORTEST <= one <= _LONGEST:
        yield f"The wavelength is {one:g} angstrom by the header, which no diffractometer uses: a number was changed."
    elif one is not None and two is not None and not 1.0 < two / one < 1.0 + _DOUBLET:
        yield f"K-alpha2 is {two:g} and K-alpha1 {one:g} angstrom by the header, which cannot be: one was changed."
    if ratio is not None and not 0.0 <= ratio <= 1.0:
        yield f"K-alpha2 is {ratio:g} times K-alpha1 by the header, which cannot be: a number was changed."
    if said.counted is not None and not 0.0 < said.counted < 1e6:
        yield f"Each point was counted for {said.counted:g} s by the header, which cannot be: a number was changed."


def positive(value: float | None) -> float | None:
    """Return a number that a header says, None where it is zero or less, as programs write what is not known."""
    return float(f"{value:.7g}") if value is not None and value > 0.0 else None


def metres(millimetres: float | None) -> float | None:
    """Return a radius that a header says in mm, None where no goniometer has it."""
    known = millimetres is not None and _SMALLEST <= millimetres <= _WIDEST
    return round(1e-3 * millimetres, 6) if known and millimetres is not None else None


def check_angles(
    file: str,
    two_theta: Array,
    start: float,
    step: float,
    place: Place,
    remedy: str,
    half_units: Array | float = 0.0,
) -> None:
    """Compare the angles of a table with a scan's start and step.

    Parameters
    ----------
    file : str
        The file's name, for messages.
    two_theta : array, shape (n,)
        Degrees, as the rows have them.
    start, step : float
        Degrees, as the header has them.
    place : callable
        Names a point.
    remedy : str
        A whole sentence.
    half_units : array, shape (n,)
        How far rounding can have moved each printed angle, degrees.

    Raises
    ------
    FileFormatError
        At the first that is not where they put it.
    """
    if not step > 0.0:
        raise FileFormatError(file, "", "a step larger than zero", f"{step:g} deg", remedy)
    expected = start + step * np.arange(len(two_theta))
    wrong = np.flatnonzero(~(np.abs(two_theta - expected) <= _OFF * step + half_units))
    if len(wrong):
        at = int(wrong[0])
        said = f"{expected[at]:.6g} deg, which start and step make"
        found = f"{two_theta[at]:.6g} deg ({len(wrong)} of {len(two_theta)} points disagree)"
        raise FileFormatError(file, place(at), said, found, remedy)


def steps_between(start: float, stop: float, step: float) -> int | None:
    """Return how many points a scan has by its ends and its step; None where these make no whole number."""
    if not step > 0.0 or not stop > start:
        return None
    count = (stop - start) / step
    return round(count) + 1 if abs(count - round(count)) < _OFF and count < 1e7 else None


def line_of(table: Sequence[Row]) -> Place:
    """Return what names the line of a row."""
    return lambda row: f"line {table[row].number}"
