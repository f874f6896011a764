"""What the files of all spectrometers have in common: how a record is made of them, and what in it is odd."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from lamion.formats.channel import places
from lamion.quantities import FileFormatError
from lamion.records.record import Table, violation, with_article
from lamion.records.spectrum import InfraredSpectrum

Array = NDArray[np.float64]
Place = Callable[[int], str]
"""Names a point in messages."""
AnyTable = TypeVar("AnyTable", bound=Table)
COPY_AGAIN = (
    "The file was cut or damaged on its way: copy it again, or export it as text from the instrument's program."
)

_UNEVEN = 0.3
"""Of a step: the steps of a grating's or a prism's abscissa change slowly."""
_NEIGHBOURS = 2
_LONE = 1e4
"""Times the median; a cosmic ray makes less of the detector's range."""
_LARGEST, _LEAST = 1e15, 1e-25
_RUN = 8
"""Points: noise, a detector's too, does not rest at one value for so long."""
_RESTING = 0.05
"""Of all points: where more rest, and not all in one place, the instrument or the export counts coarsely."""
_FRACTION_AT_MOST = 2.0
_SHORTEST_LASER, _LONGEST_LASER = 180.0, 2000.0
"""nm"""


def record_of(
    file: str, kind: type[AnyTable], arrays: Mapping[str, Array], place: Place, remedy: str = COPY_AGAIN, **others: Any
) -> AnyTable:
    """Make a record; FileFormatError at the first number that it cannot hold, or where it has too few.

    Parameters
    ----------
    file : str
        The file's name, for messages.
    kind : type
        Of record.
    arrays : Mapping of str to array
        Its columns.
    place : callable
        Names a point.
    remedy : str
        A whole sentence.
    **others
        Its other fields.
    """
    wrong = violation(kind.kind, arrays)
    if wrong is not None:
        raise FileFormatError(file, place(wrong.place), wrong.expected, wrong.found, remedy)
    count = len(next(iter(arrays.values())))
    if count < kind.kind.fewest:
        expected = f"{with_article(kind.kind.words)} of at least {kind.kind.fewest} points"
        raise FileFormatError(file, "", expected, f"{count}", remedy)
    return kind(**arrays, **others)


def oddities(position: Array, intensity: Array, place: Place, *, rest: bool = True) -> Iterator[str]:
    """Tell what is odd about a spectrum.

    Parameters
    ----------
    position, intensity : array of float, shape (n,)
        In any unit.
    place : callable
        Names a point.
    rest : bool
        Whether to look for intensities that do not change.

    Yields
    ------
    str
        A whole sentence each.
    """
    steps = np.diff(position)
    way = 1.0 if np.median(steps) > 0.0 else -1.0
    back = np.flatnonzero(steps * way <= 0.0) + 1
    if len(back):
        yield f"{places(back, place)}: the position turns back or rests, so lines were moved or a number was changed."
    else:
        uneven = np.flatnonzero(_unevenness(steps * way) > _UNEVEN) + 1
        if len(uneven):
            yield (
                f"{places(uneven, place)}: the step from the point before differs from those around it, so points are "
                "missing or a number was changed."
            )
    size = np.abs(intensity)
    typical = float(np.median(size))
    lone = np.flatnonzero(
        (size > _LARGEST) | ((size > 0.0) & (size < _LEAST)) | ((size > _LONE * typical) & _lone(size))
    )
    if len(lone):
        yield f"{places(lone, place)}: the intensity is beyond what its neighbours make likely, so it may be damaged."
    if rest:
        yield from rests(intensity, place, "the detector was saturated")


def _unevenness(steps: Array) -> Array:
    """Return how far each step is from the median of those around it, relative to that."""
    if len(steps) < 2 * _NEIGHBOURS + 1:
        return np.zeros(len(steps))
    padded = np.pad(steps, _NEIGHBOURS, mode="reflect")
    usual = np.median(np.lib.stride_tricks.sliding_window_view(padded, 2 * _NEIGHBOURS + 1), axis=1)
    return np.asarray(np.abs(steps - usual) / np.where(usual > 0.0, usual, 1.0))


def _lone(size: Array) -> NDArray[np.bool_]:
    """Tell which values are a hundred times those on both sides."""
    padded = np.pad(size, 1, mode="edge")
    padded[0] = padded[-1] = 0.0
    return np.asarray(size / 100.0 > np.maximum(padded[:-2], padded[2:]))


def rests(values: Array, place: Place, cause: str, what: str = "intensity") -> Iterator[str]:
    """Tell where some values that always change do not.

    Parameters
    ----------
    values : array of float, shape (n,)
        In the order in which they were taken.
    place : callable
        Names a point.
    cause : str
        What it may be, but for damage.
    what : str
        What they are.
    """
    starts = np.flatnonzero(np.append(True, np.diff(values) != 0.0))
    lengths = np.diff(np.append(starts, len(values)))
    long = lengths >= _RUN
    if np.sum(long) == 1 or 0 < lengths[long].sum() <= _RESTING * len(values):
        yield (
            f"{places(starts[long], place)}: the {what} then rests at one value for {lengths[long].max()} points, so "
            f"{cause} or the file is damaged."
        )


def infrared(
    file: str,
    position: Array,
    intensity: Array,
    place: Place,
    remedy: str = COPY_AGAIN,
    *,
    over: float | None,
    absorbance: bool,
    percent: bool = False,
    attenuated: bool | None = None,
) -> tuple[InfraredSpectrum, list[str]]:
    """Return an infrared spectrum in the units of its record, and what was taken for granted.

    Parameters
    ----------
    file : str
        The file's name, for messages.
    position, intensity : array of float, shape (n,)
        As the file has them.
    place : callable
        Names a point.
    remedy : str
        A whole sentence.
    over : float or None
        What the position divides to become a wavenumber in 1/cm; None where it is one.
    absorbance : bool
        Whether it is that; transmittance otherwise.
    percent : bool
        Whether the file says that transmittance is in percent; it is taken to be where it is far above one.
    attenuated : bool or None
        As the record has it.
    """
    if over is not None and np.any(position <= 0.0):
        raise FileFormatError(file, "", "wavelengths larger than zero", f"{position.min():g}", remedy)
    arrays = {"wavenumber": position if over is None else over / position}
    warnings = []
    if absorbance:
        arrays["absorbance"] = intensity
    else:
        hundredths = percent or float(np.median(intensity)) > _FRACTION_AT_MOST
        arrays["transmittance"] = intensity / 100.0 if hundredths else intensity
        if hundredths and not percent:
            middle = np.median(intensity)
            warnings.append(f"The file says transmittance, and its median is {middle:.4g}: it was read as percent.")
    return record_of(file, InfraredSpectrum, arrays, place, remedy, attenuated=attenuated), warnings


def laser_oddities(wavelength: float | None) -> Iterator[str]:
    """Doubt a wavelength, in nm, that no laser for Raman spectra has."""
    if wavelength is not None and not _SHORTEST_LASER <= wavelength <= _LONGEST_LASER:
        yield f"The laser's wavelength is {wavelength:g} nm by the header, which cannot be: a number was changed."
