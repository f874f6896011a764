"""Where a whole pattern has peaks, how wide they are, and which lie so close that they are fitted together.

Counts are turned into numbers with one noise, and compared with the curvature of a Gaussian at several widths: a
baseline that is straight over a peak does not count.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.techniques.peaks.axes import Curve

Array = NDArray[np.float64]

CLEAR = 7.0
"""Standard deviations by which a peak stands out."""
MOST = 60
"""Peaks that are looked for."""
_WIDEST = 2.0
"""Degrees at half maximum: what is broader belongs to the baseline, or is named as a halo."""
_SIZES = 10
_APART = 0.7
"""Of the width: a weaker peak nearer than that is a part of the stronger one."""
_PART, _MOST_PARTS = 0.4, 40
"""How clear each of two peaks is at least, over what they look like together; how many are compared."""
_REACH, _FEWEST = 5.0, 8
"""Widths to either side that are fitted with a peak, and points at least."""
_TOGETHER = 6
"""Peaks in one fit, unless they were named."""
_OF_KERNEL = 1.053
"""The width of a Gaussian over the deviation of the kernel that it answers to most strongly."""


@dataclass(frozen=True)
class Found:
    """A peak before any fit.

    Parameters
    ----------
    position, width : float
        Degrees.
    clear : float
        By how many standard deviations it stands out.
    """

    position: float
    width: float
    clear: float


def find_peaks(curve: Curve, most: int = MOST) -> list[Found]:
    """Return the peaks of a pattern that stand out, by rising angle.

    Parameters
    ----------
    curve : Curve
        Counts over two theta.
    most : int
        The strongest so many.

    Examples
    --------
    >>> x = np.arange(10.0, 40.0, 0.02)
    >>> line = lambda at: 300 * np.exp(-4 * np.log(2) * ((x - at) / 0.2) ** 2)
    >>> y = np.random.default_rng(1).poisson(200 + line(19.1) + line(31.0)).astype(float)
    >>> [round(one.position, 1) for one in find_peaks(Curve(x, y, "", "deg", ""))]
    [19.1, 31.0]
    """
    x = np.linspace(curve.x[0], curve.x[-1], len(curve.x))
    even = _of_one_noise(np.interp(x, curve.x, curve.y))
    step = float(x[1] - x[0])
    largest = min(_WIDEST / _OF_KERNEL / step, len(x) / 7.0)
    if largest <= 1.5:
        return []
    sizes = np.geomspace(1.5, largest, _SIZES)
    answers = np.stack([_answer(even, size) for size in sizes])
    tops = [
        Found(float(x[place]), _OF_KERNEL * float(sizes[rank]) * step, value) for rank, place, value in _tops(answers)
    ]
    chosen: list[Found] = []
    for one in sorted(tops, key=lambda top: -top.clear):
        whole = min(one.position - x[0], x[-1] - one.position) > one.width
        if whole and not _is_several(one, tops) and all(_apart(one, other) for other in chosen):
            chosen.append(one)
    return sorted(chosen[:most], key=lambda one: one.position)


def _apart(one: Found, other: Found) -> bool:
    return abs(one.position - other.position) > _APART * (one.width + other.width)


def _is_several(broad: Found, tops: Sequence[Found]) -> bool:
    """Tell whether what looks broad is two narrow ones or more, each of them clear."""
    inside = [
        one
        for one in tops
        if one.width < broad.width
        and abs(one.position - broad.position) < broad.width
        and one.clear > _PART * broad.clear
    ]
    return any(_apart(one, other) for one, other in itertools.combinations(inside[:_MOST_PARTS], 2))


def _tops(answers: Array) -> list[tuple[int, int, float]]:
    """Return size, place and value of the answers that are larger than at the next places and the next sizes."""
    found = []
    for rank in range(len(answers) - 1):
        own, above = answers[rank], answers[rank + 1]
        below = answers[rank - 1] if rank else np.full_like(own, -np.inf)
        inside = np.r_[False, (own[1:-1] >= own[:-2]) & (own[1:-1] > own[2:]), False]
        places = np.flatnonzero(inside & (own > CLEAR) & (own >= above) & (own > below))
        found += [(rank, int(place), float(own[place])) for place in places]
    return found


def _of_one_noise(y: Array) -> Array:
    """Return counts, or a multiple of them, as numbers whose noise is one everywhere."""
    rooted = 2.0 * np.sqrt(np.maximum(y, 0.0) + 0.375)
    rough = np.diff(rooted, 2)
    noise = float(np.median(np.abs(rough - np.median(rough)))) / 0.6745 / np.sqrt(6.0)
    return np.asarray(rooted / (noise if noise > 0.0 else 1.0))


def _answer(y: Array, size: float) -> Array:
    """Return how strongly each point is the top of a Gaussian of a size in points, in standard deviations."""
    reach = min(int(np.ceil(4.0 * size)), (len(y) - 1) // 2)
    t = np.arange(-reach, reach + 1) / size
    kernel = (1.0 - t**2) * np.exp(-0.5 * t**2)
    kernel -= kernel.mean()
    kernel /= np.linalg.norm(kernel)
    padded = np.pad(y, reach, mode="reflect", reflect_type="odd")
    return np.convolve(padded, kernel, mode="valid")


@dataclass(frozen=True)
class Window:
    """Peaks that are fitted together.

    Parameters
    ----------
    low, high : float
        Degrees.
    peaks : tuple of Found
        At least one.
    """

    low: float
    high: float
    peaks: tuple[Found, ...]


def windows(peaks: Sequence[Found], x: Array, together: int = _TOGETHER) -> list[Window]:
    """Return ranges of a pattern that hold peaks with some baseline beside them; they do not overlap.

    Parameters
    ----------
    peaks : sequence of Found
        By rising angle, at least one.
    x : array, shape (n,)
        The pattern's angles.
    together : int
        Peaks in one range; of more the widest gap is cut.
    """
    step = float(np.median(np.diff(x)))
    reach = [max(_REACH * one.width, _FEWEST * step) for one in peaks]
    groups: list[list[int]] = [[0]]
    for place in range(1, len(peaks)):
        gap = peaks[place].position - peaks[place - 1].position
        if gap < 0.5 * (reach[place] + reach[place - 1]):
            groups[-1].append(place)
        else:
            groups.append([place])
    groups = [part for group in groups for part in _cut(group, peaks, together)]
    found = []
    for group in groups:
        first, last = group[0], group[-1]
        low, high = peaks[first].position - reach[first], peaks[last].position + reach[last]
        if first > 0:
            low = max(low, 0.5 * (peaks[first].position + peaks[first - 1].position))
        if last < len(peaks) - 1:
            high = min(high, 0.5 * (peaks[last].position + peaks[last + 1].position))
        found.append(Window(low, high, tuple(peaks[place] for place in group)))
    return found


def _cut(group: list[int], peaks: Sequence[Found], together: int) -> list[list[int]]:
    if len(group) <= together:
        return [group]
    gaps = [peaks[two].position - peaks[one].position for one, two in itertools.pairwise(group)]
    at = int(np.argmax(gaps)) + 1
    return [*_cut(group[:at], peaks, together), *_cut(group[at:], peaks, together)]
