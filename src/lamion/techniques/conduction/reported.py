r"""Reported conductivities against the spectra that they were read from, where the electrodes' area was not told.

.. math:: A_i = \frac{L_i}{R_i \sigma_i}, \qquad \hat A_{-i} = \operatorname{median}_{j \ne i} A_j, \qquad
    q_i = \frac{\sigma_i}{L_i / (R_i \hat A_{-i})}

with each resistance read as an operator reads it. One area for all is fitted to the reports, and that for each file is
fitted without it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import InputError
from lamion.quantities.level import coverage_factor

Array = NDArray[np.float64]
_MEDIAN_OF_NORMAL = 0.6745
_OF_A_MEDIAN = math.sqrt(math.pi / 2.0)
FEWEST = 4
"""Spectra that a common area needs: one is left out, and three still have a median and a spread."""


@dataclass(frozen=True, eq=False)
class CommonArea:
    """The one area with which spectra give what was reported of them.

    Parameters
    ----------
    area, std : float
        Median of all and its standard uncertainty, from their spread; in the unit of `each`.
    each : array, shape (n,)
        The area that each report alone implies; not a number where no resistance is known.
    without, without_std : array, shape (n,)
        The median without each row, and how far one more report would lie off it: their spread as well.
    """

    area: float
    std: float
    each: Array
    without: Array
    without_std: Array


def common_area_raw(thickness: Array, resistance: Array, reported: Array) -> CommonArea:
    r"""Fit one area to reported conductivities.

    Parameters
    ----------
    thickness : array, shape (n,)
        m.
    resistance : array, shape (n,)
        Ohm; not a number where the spectrum gives none.
    reported : array, shape (n,)
        S/m.

    Returns
    -------
    CommonArea
        In m2.

    Raises
    ------
    InputError
        With fewer than four resistances.

    Notes
    -----
    The median bears reports that belong to other samples, up to half of them. Its uncertainty is
    :math:`t\,s\sqrt{\pi/2m}` of m areas with the spread s from their median absolute deviation, in the logarithm; what
    it predicts of one more sample has s beside it, since neither the electrodes nor the readings are all alike.

    Examples
    --------
    >>> L, R = np.full(5, 1e-4), np.array([10.0, 20.0, 30.0, 40.0, 50.0])
    >>> found = common_area_raw(L, R, L / R / 2e-4 * np.array([1.0, 1.0, 1.0, 1.0, 100.0]))
    >>> round(found.area * 1e4, 9), [round(float(one) * 1e4, 9) for one in found.each]
    (2.0, [2.0, 2.0, 2.0, 2.0, 0.02])
    """
    each = thickness / (resistance * reported)
    known = np.isfinite(each)
    if known.sum() < FEWEST:
        raise InputError(
            f"{int(known.sum())} of {len(each)} spectra give a resistance; a common area needs {FEWEST}.",
            "",
            "Give more spectra, or the area itself.",
        )
    whole = _median(each[known])
    others = [_median(each[known & (np.arange(len(each)) != k)]) for k in range(len(each))]
    without = np.array([one.area for one in others])
    one_more = np.array([math.hypot(one.relative_std, one.spread) for one in others])
    return CommonArea(whole.area, whole.area * whole.relative_std, each, without, without * one_more)


@dataclass(frozen=True)
class _Median:
    """A median of areas, its relative standard uncertainty, and their relative spread, both with Student's factor."""

    area: float
    relative_std: float
    spread: float


def _median(areas: Array) -> _Median:
    logs = np.log(areas)
    middle = float(np.median(logs))
    student = coverage_factor(freedom=len(logs) - 1)
    spread = student * float(np.median(np.abs(logs - middle))) / _MEDIAN_OF_NORMAL
    return _Median(math.exp(middle), _OF_A_MEDIAN * spread / math.sqrt(len(logs)), spread)


@dataclass(frozen=True)
class Repeats:
    """Numbers that several rows share to the last digit.

    Parameters
    ----------
    groups : tuple of tuple of int
        The rows of each such number, by their places.
    by_chance : float
        Pairs that chance would make, of as many numbers with as many digits spread over as many decades.
    """

    groups: tuple[tuple[int, ...], ...]
    by_chance: float


def repeats_raw(values: Sequence[float]) -> Repeats:
    r"""Find the numbers that stand in several rows.

    .. math:: E = \binom n2 \frac1D \sum_k \lg^2\left(1 + \frac1k\right)

    over the k of as many digits as most of the numbers have, and D decades between the smallest and the largest.

    Parameters
    ----------
    values : sequence of float
        Positive, as printed.

    Examples
    --------
    >>> repeats_raw([6.46e-8, 2.08e-8, 6.46e-8, 1.55e-7]).groups
    ((0, 2),)
    """
    places: dict[float, list[int]] = {}
    for place, value in enumerate(values):
        places.setdefault(value, []).append(place)
    digits = int(np.median([len(f"{value:.12e}".split("e")[0].replace(".", "").rstrip("0")) for value in values]))
    whole = np.arange(10 ** (digits - 1), 10**digits, dtype=float)
    alike = float(np.sum(np.log10(1.0 + 1.0 / whole) ** 2))
    decades = max(math.log10(max(values) / min(values)), 1.0)
    pairs = len(values) * (len(values) - 1) / 2
    return Repeats(tuple(tuple(rows) for rows in places.values() if len(rows) > 1), pairs * alike / decades)
