r"""A powder pattern as it is drawn: every peak a Gaussian of one width.

.. math:: y(x) = \sum_p I_p\, 2^{-4 ((x - x_p)/w)^2}

The width stands for the instrument's and the crystallites' together. What is one peak is judged on this profile:
reflections closer than the width make one maximum.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.models.atomistic.diffraction.reflections import DiffractionPeak, PatternSettings
from lamion.quantities import InputError

Array = NDArray[np.float64]

WIDTH = 0.3
"""Degrees, of the drawn peaks: plates about 27 nm thick at 20 degrees (Scherrer's equation, Cu K-alpha)."""

ALONE = 0.1
"""A peak is alone when every other maximum of the profile is below this fraction of it."""

_PER_WIDTH = 8
_FEWEST, _MOST = 1200, 20_000
_SEEN = 0.02


@dataclass(frozen=True, eq=False)
class Profile:
    """A drawn pattern.

    Parameters
    ----------
    angles : array, shape (n,)
        2 theta in degrees.
    intensity : array, shape (n,)
        Its largest is 1.
    """

    angles: Array
    intensity: Array

    def maxima(self) -> list[tuple[float, float]]:
        """Return angle and height of every maximum, highest first."""
        padded = np.pad(self.intensity, 1)
        places = np.flatnonzero((padded[1:-1] > padded[:-2]) & (padded[1:-1] >= padded[2:]))
        found = [(float(self.angles[k]), float(self.intensity[k])) for k in places]
        return sorted(found, key=lambda maximum: (-maximum[1], maximum[0]))

    def is_single(self) -> bool:
        """Tell whether no second maximum reaches a tenth of the highest."""
        found = self.maxima()
        return len(found) < 2 or found[1][1] < ALONE


def profile(
    peaks: Sequence[DiffractionPeak], settings: PatternSettings, width: float = WIDTH, angles: Array | None = None
) -> Profile:
    """Draw a pattern.

    Parameters
    ----------
    peaks : sequence of DiffractionPeak
        At least one.
    settings : PatternSettings
        For the range of angles.
    width : float
        Full width at half maximum, degrees.
    angles : array, shape (n,), optional
        Where; by default at :func:`samples`.

    Returns
    -------
    Profile

    Raises
    ------
    InputError
        When the width is not between 0.01 and 5 degrees.

    Examples
    --------
    >>> close = [DiffractionPeak(10.0, 8.8, 1.0, (1, 0, 0)), DiffractionPeak(10.17, 8.7, 0.5, (1, 1, 0))]
    >>> [profile(close, PatternSettings(), width).is_single() for width in (0.05, 0.3)]
    [False, True]
    """
    _check(width)
    angles = samples([peaks], settings, width) if angles is None else angles
    intensity = np.zeros_like(angles)
    for peak in peaks:
        first, last = np.searchsorted(angles, (peak.two_theta - 4 * width, peak.two_theta + 4 * width))
        away = (angles[first:last] - peak.two_theta) / width
        intensity[first:last] += peak.intensity * np.exp(-4 * math.log(2) * away**2)
    return Profile(angles, intensity / intensity.max())


def samples(patterns: Sequence[Sequence[DiffractionPeak]], settings: PatternSettings, width: float = WIDTH) -> Array:
    """Return the angles at which patterns are drawn.

    Parameters
    ----------
    patterns : sequence of sequences of DiffractionPeak
        Drawn in one figure.
    settings : PatternSettings
        For the range.
    width : float
        Of the peaks, degrees.

    Returns
    -------
    array, shape (n,)
        Evenly over the range, eight to a width and at most 20 001; and at every peak above 2 % of the strongest, so
        that none is drawn too low.

    Raises
    ------
    InputError
        As in :func:`profile`.

    Examples
    --------
    >>> line = [DiffractionPeak(10.00001, 8.8, 1.0, (1, 0, 0))]
    >>> len(samples([line], PatternSettings(), 0.3)), len(samples([line], PatternSettings(), 0.01))
    (1202, 20002)
    """
    _check(width)
    count = round(_PER_WIDTH * (settings.highest - settings.lowest) / width)
    even = np.linspace(settings.lowest, settings.highest, min(max(count, _FEWEST), _MOST) + 1)
    seen = [peak.two_theta for peaks in patterns for peak in peaks if peak.intensity >= _SEEN]
    # Rounded, so that no two angles differ by rounding alone and make a maximum of their own.
    return np.unique(np.round(np.append(even, np.clip(seen, settings.lowest, settings.highest)), 6))


def _check(width: float) -> None:
    if not 0.01 <= width <= 5.0:
        raise InputError(f"Peaks {width:g} degrees wide cannot be drawn.", "", "Give 0.01 to 5 degrees.")
