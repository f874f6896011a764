"""The limits of frequency that a header declares against those of the data."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from lamion.formats.table import parse_number
from lamion.quantities import units
from lamion.records import ImpedanceSpectrum

_TOLERANCE = 0.05
"""Instruments meet a declared frequency within a few percent, since they divide a clock."""
_UNITS = {"MHz": "MHz", "kHz": "kHz", "Hz": "Hz", "mHz": "mHz", "\u00b5Hz": "uHz", "uHz": "uHz"}


def declared(value: str, unit: str) -> float | None:
    """Return a declared frequency in Hz, or None when it is not a single number with a known unit.

    Parameters
    ----------
    value, unit : str
        As the header prints them.

    Examples
    --------
    >>> declared("7.000", "MHz"), declared("7.000    1.000", "MHz")
    (7000000.0, None)
    """
    parsed = parse_number(value.replace(",", "."))
    if parsed is None or parsed[0] <= 0.0 or unit not in _UNITS:
        return None
    return units.convert(parsed[0], _UNITS[unit], "Hz")


def compare(one_end: float | None, other_end: float | None, spectra: Sequence[ImpedanceSpectrum]) -> Iterator[str]:
    """Warn where a sweep does not reach the frequencies that its header declares.

    Parameters
    ----------
    one_end, other_end : float or None
        The declared limits in Hz, in either order; nothing is compared unless both are known.
    spectra : sequence of ImpedanceSpectrum
        The sweeps of the file.

    Yields
    ------
    str
        A whole sentence each.
    """
    if one_end is None or other_end is None:
        return
    for spectrum in spectra:
        where = "" if spectrum.cycle is None or len(spectra) == 1 else f" of cycle {spectrum.cycle}"
        for which, expected, measured in (
            ("highest", max(one_end, other_end), float(spectrum.frequency.max())),
            ("lowest", min(one_end, other_end), float(spectrum.frequency.min())),
        ):
            if abs(math.log(measured) - math.log(expected)) > _TOLERANCE:
                yield (
                    f"The {which} frequency{where} is {measured:g} Hz while the header declares {expected:g} Hz: "
                    "the sweep was shortened, or lines are missing."
                )
