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
_CLEAR = 4.0
"""Of the noise: what a side band stands out by at least."""
_READ = 0.1
"""Of that width: how well the place of a band is read."""
_AVERAGED = 8
"""What part of the strongest band's width a spectrum is averaged over, one in so many."""
_MOST = 0.4
"""Of the height of all bands but the strongest: what side bands make up at least, so that other lines are none."""
_AGREES = 0.08
"""Relative: rates that are one, and places of one side band."""


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
    """Return the noise of a spectrum, the median of that of its eighths: signals stand in the fewer of them."""
    eighths = np.array_split(np.asarray(y, dtype=np.float64), 8)
    return float(np.median([1.4826 * np.median(np.abs(part - np.median(part))) for part in eighths]))


def spinning_of(curve: Curve, frequency: float) -> Spinning | None:
    """Return how fast the sample spun, by bands at whole distances to both sides of the strongest; None without them.

    Parameters
    ----------
    curve : Curve
        A whole spectrum against ppm.
    frequency : float
        The spectrometer's, Hz.

    Notes
    -----
    Of all distances from the strongest band to another the one is taken at whose whole multiples most height stands, on
    both sides at least one band; they make up four tenths of the height of all other bands at
    least.

    Examples
    --------
    >>> x = np.linspace(-300.0, 300.0, 6001)
    >>> line = lambda at: np.exp(-(((x - at) / 3.0) ** 2))
    >>> y = line(0.0) + 0.4 * (line(100.0) + line(-100.0)) + np.random.default_rng(1).normal(0.0, 0.01, len(x))
    >>> found = spinning_of(Curve(x, y, "shift", "ppm", ""), 80e6)
    >>> round(found.rate, -2)
    8000.0
    """
    from scipy.signal import find_peaks

    smooth = _smoothed(curve)
    noise = noise_of_ends(smooth)
    places, _ = find_peaks(smooth, height=np.median(smooth) + _CLEAR * noise, prominence=_CLEAR * noise)
    if len(places) < 3:
        return None
    at, height = curve.x[places], smooth[places]
    centre = float(at[np.argmax(height)])
    away = at - centre
    best: tuple[float, float, float] | None = None
    for distance in np.abs(away[np.abs(away) * 1e-6 * frequency >= _SLOWEST]):
        orders = np.round(away / distance)
        near = (orders != 0) & (np.abs(away - orders * distance) <= _AGREES * distance)
        if not (orders[near] > 0).any() or not (orders[near] < 0).any():
            continue
        total = float(height[near].sum())
        if best is None or total > best[0]:
            each = away[near] / orders[near]
            read = float(np.average(each, weights=height[near] * np.abs(orders[near])))
            best = (total, read, float(np.hypot(np.std(each), _READ * _width(curve))))
    if best is None or best[0] < _MOST * float(height.sum() - height.max()):
        return None
    scale = 1e-6 * frequency
    step = float(np.median(np.diff(curve.x)))
    return Spinning(best[1] * scale, max(best[2], step) * scale)


def _width(curve: Curve) -> float:
    """Return the full width at half maximum of the strongest band, ppm."""
    above = curve.y - np.median(curve.y) > 0.5 * (curve.y.max() - np.median(curve.y))
    return float(np.count_nonzero(above) * np.median(np.diff(curve.x)))


def _smoothed(curve: Curve) -> Array:
    """Return a spectrum averaged over a part of its strongest band's width."""
    count = max(int(_width(curve) / np.median(np.diff(curve.x))) // _AVERAGED, 1)
    return np.asarray(np.convolve(curve.y, np.ones(count) / count, mode="same"))


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
