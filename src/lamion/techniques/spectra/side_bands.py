r"""Side bands of a sample that spins about the magic angle: how far apart they stand, and their sum with the centre.

A line at :math:`\delta` repeats at :math:`\delta + 10^6\, n\, \nu_r / \nu_0` for whole n, with the rate of spinning
:math:`\nu_r`. Their areas together are those of the line, however they are shared out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lamion.quantities.errors import InputError
from lamion.techniques.peaks.axes import Curve

Array = NDArray[np.float64]

_SLOWEST = 1000.0
"""Hz"""
_RESOLVED = 2.0
"""Half widths of the strongest line by which side bands are apart at least."""
_CLEAR = 4.0
"""Of the noise: what a side band's height is at least."""
_AGREES = 0.08
"""Relative: rates that are one."""


@dataclass(frozen=True)
class Spinning:
    """How fast a sample spun, by its spectrum.

    Parameters
    ----------
    rate, uncertainty : float
        Hz; the distance of side bands is no more certain than the points and the lines' widths leave.
    """

    rate: float
    uncertainty: float

    def agrees_with(self, other: float) -> bool:
        """Tell whether another rate in Hz is this one."""
        return abs(other - self.rate) <= max(_AGREES * self.rate, 2 * self.uncertainty)


def noise_of_ends(y: Array) -> float:
    """Return the noise of a spectrum, from the differences of neighbours in the quieter of its quarters."""
    quarters = np.array_split(np.asarray(y, dtype=np.float64), 8)
    return float(min(1.4826 * np.median(np.abs(part - np.median(part))) for part in quarters))


def spinning_of(curve: Curve, frequency: float) -> Spinning | None:
    """Return how fast the sample spun by the distance at which the spectrum repeats; None where it does not.

    Parameters
    ----------
    curve : Curve
        A whole spectrum against ppm.
    frequency : float
        The spectrometer's, Hz.

    Examples
    --------
    >>> x = np.linspace(-300.0, 300.0, 6001)
    >>> line = lambda at: np.exp(-(((x - at) / 3.0) ** 2))
    >>> y = line(0.0) + 0.4 * (line(100.0) + line(-100.0))
    >>> found = spinning_of(Curve(x, y, "shift", "ppm", ""), 80e6)
    >>> round(found.rate)
    8000
    """
    even = np.linspace(curve.x[0], curve.x[-1], len(curve.x))
    y = np.interp(even, curve.x, curve.y)
    y = np.maximum(y - np.median(y), 0.0)
    step = (even[1] - even[0]) * 1e-6 * frequency
    count = 2 ** int(np.ceil(np.log2(2 * len(y))))
    repeats = np.fft.irfft(np.abs(np.fft.rfft(y, count)) ** 2)[: len(y)]
    if repeats[0] <= 0:
        return None
    repeats = repeats / repeats[0]
    half = int(np.argmax(repeats < 0.5)) or 1
    first = max(int(_RESOLVED * 2 * half), int(np.ceil(_SLOWEST / step)))
    if first + 2 >= len(repeats):
        return None
    inside = repeats[1:-1]
    peaks = np.flatnonzero((inside >= repeats[:-2]) & (inside > repeats[2:])) + 1
    peaks = peaks[peaks >= first]
    if not len(peaks):
        return None
    best = int(peaks[np.argmax(repeats[peaks])])
    height = float(y.max())
    if repeats[best] < (_CLEAR * noise_of_ends(curve.y) / height if height else 1.0) or repeats[best] < 0.02:
        return None
    return Spinning(best * step, max(step, 0.3 * half * step))


def summed(curve: Curve, low: float, high: float, distance: float) -> Curve:
    """Return a range of a spectrum with what stands whole distances away added to it.

    Parameters
    ----------
    curve : Curve
        A whole spectrum.
    low, high : float
        The range of the centre bands, ppm, no wider than the distance.
    distance : float
        Of side bands, ppm.

    Raises
    ------
    InputError
        When the range is wider than the distance.
    """
    if high - low > distance:
        raise InputError(
            f"A range of {high - low:.4g} ppm is wider than the distance of side bands, {distance:.4g} ppm.",
            "It holds side bands beside their centre.",
            "Narrow it with --low and --high to the centre bands.",
        )
    centre = curve.within(low, high)
    total = np.zeros_like(centre.y)
    first = int(np.ceil((curve.x[0] - low) / distance))
    last = int(np.floor((curve.x[-1] - high) / distance))
    for order in range(first, last + 1):
        total += np.interp(centre.x + order * distance, curve.x, curve.y)
    return replace(centre, y=total)
