"""What the files of photoelectron spectrometers have in common: how a record is made of them, and what in it is odd."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from lamion.formats.channel import places
from lamion.formats.table import parse_number
from lamion.quantities import FileFormatError
from lamion.records.record import violation
from lamion.records.spectrum import PhotoelectronSpectrum

Array = NDArray[np.float64]
Place = Callable[[int], str]
"""Names a point in messages."""

AGAIN = "The file was cut or changed on its way: copy it again, or export it again from the instrument's program."
_ANODES = {"al": 1486.6, "mg": 1253.6}
"""eV, of K-alpha: J. A. Bearden, Rev. Mod. Phys. 39 (1967) 78, doi:10.1103/RevModPhys.39.78."""
_OF_AN_ANODE = 1.0
"""eV, within which programs write it."""
_UNEVEN = 0.05
"""Of a step: more than the rounding of the printed energies."""
_EXACT, _MOSTLY = 1e-4, 0.9
_LONE = 100.0
_LARGEST = 1e15
_DARK = 1e-3
"""Of the median: a detector's least."""


def number(file: str, line: int, text: str, what: str) -> float:
    """Return a number that stands alone, with either decimal mark; FileFormatError where it is none."""
    parsed = parse_number(text.strip().replace(",", "."))
    if parsed is None:
        raise FileFormatError(file, f"line {line}", what, f"'{text.strip()[:40]}'", AGAIN)
    return parsed[0]


def spectrum_of(
    file: str,
    arrays: Mapping[str, Array],
    place: Place,
    *,
    photon_energy: float | None,
    counted: float | None,
    region: str | None,
    metadata: Mapping[str, str],
) -> PhotoelectronSpectrum:
    """Make a record; FileFormatError at the first number that it cannot hold, or where it has too few.

    Parameters
    ----------
    file : str
        The file's name, for messages.
    arrays : Mapping of str to array
        Its columns, energies as binding energies in eV.
    place : callable
        Names a point.
    photon_energy, counted, region
        As the record has them.
    metadata : Mapping of str to str
        Of this spectrum.
    """
    kind = PhotoelectronSpectrum.kind
    wrong = violation(kind, arrays)
    if wrong is not None:
        raise FileFormatError(file, place(wrong.place), wrong.expected, wrong.found, AGAIN)
    count = len(arrays["energy"])
    if count < kind.fewest:
        raise FileFormatError(file, place(0), f"a spectrum of at least {kind.fewest} points", f"{count}", AGAIN)
    return PhotoelectronSpectrum(
        **arrays, photon_energy=photon_energy, counted=counted, region=region or None, metadata=dict(metadata)
    )


def whole_events(values: Array, seconds: float | None, *, rate: bool) -> tuple[Array, float | None]:
    """Return counts as events and over which time, where they are whole; else as they are, and None.

    Parameters
    ----------
    values : array, shape (n,)
        As the file has them.
    seconds : float or None
        Over which each was counted, all scans together.
    rate : bool
        Whether they are counts per second.

    Examples
    --------
    >>> whole_events(np.array([2.5, 5.0]), 0.4, rate=True)
    (array([1., 2.]), 0.4)
    """
    if seconds is None or not seconds > 0.0:
        return values, None
    events = values * seconds if rate else values
    if np.allclose(events, np.round(events), rtol=0.0, atol=1e-4) and np.any(events):
        return np.round(events), seconds
    return values, None


def oddities(record: PhotoelectronSpectrum, place: Place) -> Iterator[str]:
    """Tell what is odd about a spectrum, a whole sentence each.

    Parameters
    ----------
    record : PhotoelectronSpectrum
        As it was read.
    place : callable
        Names a point.
    """
    steps = np.diff(record.energy)
    apart = np.abs(steps / (np.median(steps) or 1.0) - 1.0)
    # Where most steps are the same to the last digit, rounding moves none of the others.
    uneven = np.flatnonzero(apart > (_EXACT if np.mean(apart < _EXACT) > _MOSTLY else _UNEVEN)) + 1
    if len(uneven):
        yield (
            f"{places(uneven, place)}: the step from the point before differs from the others, so points are missing "
            "or moved, or a number was changed."
        )
    if record.energy.min() < -50.0:
        yield f"The binding energies reach down to {record.energy.min():g} eV, which cannot be: check the abscissa."
    for name in ("counts", "transmission"):
        values = getattr(record, name)
        if values is None:
            continue
        size = np.abs(values)
        padded = np.pad(size, 1, mode="edge")
        padded[0], padded[-1] = padded[2], padded[-3]
        lone = (size > _LONE * np.maximum(padded[:-2], padded[2:])) | (size > _LARGEST) | (values < 0)
        lone |= size * _LONE < _DARK * np.median(size)
        wrong = np.flatnonzero(lone & (size != 0) if name == "counts" else lone)
        if len(wrong):
            yield f"{places(wrong, place)}: the {name} are beyond what those around make likely, so may be damaged."


def photon_oddities(energy: float | None, source: str) -> Iterator[str]:
    """Doubt a photon energy that is not that of the anode which the file names."""
    expected = next((_ANODES[name] for name in _ANODES if source.strip().lower().startswith(name)), None)
    if expected is not None and energy is not None and abs(energy - expected) > _OF_AN_ANODE:
        yield f"The photon energy is {energy:g} eV by the file, while that of {source.strip()} is {expected:g} eV."
