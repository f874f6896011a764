"""Adhesion over maps: distributions, and whether samples differ."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from lamion.quantities import Answer, InputError, Quantity
from lamion.quantities.figure import Axis, Figure, FigureData, Line, Panel, Points
from lamion.quantities.level import LEVEL_95, coverage_factor
from lamion.records import AdhesionMap
from lamion.techniques.microscopy.mean_of_map import mean_of_map_raw

Array = NDArray[np.float64]
SOURCE = "adhesion map"
_FEW = 30.0
"""Independent points below which a map shows too little of the surface."""
_BINS = 60
_NEGATIVE = 0.01


@dataclass(frozen=True)
class Adhesion:
    """The adhesion over one map, N.

    Parameters
    ----------
    mean, deviation : float
        The mean and its standard error by the area that was seen.
    low, median, high : float
        Quartiles.
    scatter : float
        Standard deviation from point to point.
    number : float
        Independent points.
    """

    mean: float
    deviation: float
    low: float
    median: float
    high: float
    scatter: float
    number: float


@dataclass(frozen=True)
class Comparison:
    """Two samples.

    Parameters
    ----------
    ratio : float
        Of the means, the second over the first.
    deviation : float
        Of the ratio's logarithm.
    probability : float
        Of a ratio as far from 1 where the samples are alike, two-sided.
    """

    ratio: float
    deviation: float
    probability: float


def adhesion_raw(forces: Array) -> Adhesion:
    """Return how the adhesion is distributed over a map.

    Parameters
    ----------
    forces : array, shape (rows, points)
        N.

    Notes
    -----
    Neighbouring points are alike, so that a map of 65,536 points may be worth a hundred: the mean's error follows from
    their correlation (:func:`~lamion.techniques.microscopy.mean_of_map.mean_of_map_raw`).

    Examples
    --------
    >>> found = adhesion_raw(np.random.default_rng(1).normal(5e-9, 1e-9, (32, 32)))
    >>> round(1e9 * found.median, 1), round(1e9 * found.scatter, 1)
    (5.0, 1.0)
    """
    mean = mean_of_map_raw(forces)
    low, median, high = (float(one) for one in np.percentile(forces, [25.0, 50.0, 75.0]))
    return Adhesion(mean.value, mean.deviation, low, median, high, float(forces.std()), mean.number)


def compare_raw(one: Adhesion, other: Adhesion, places: float = 0.0) -> Comparison:
    r"""Return the ratio of two samples' means, and whether it is another than 1.

    .. math:: u^2(\ln r) = \frac{u_1^2}{\bar F_1^2} + \frac{u_2^2}{\bar F_2^2} + 2 s^2, \qquad
        p = 2\,\Phi\!\left(-\frac{|\ln r|}{u(\ln r)}\right)

    Parameters
    ----------
    one, other : Adhesion
        The samples, by one probe: its spring constant cancels.
    places : float
        s, the relative standard deviation from place to place of a sample, beyond a map.

    Raises
    ------
    InputError
        When a mean is not above zero.

    Notes
    -----
    Without `places` it compares two places, not two samples.

    Examples
    --------
    >>> alike = Adhesion(5e-9, 1e-10, 4e-9, 5e-9, 6e-9, 1e-9, 100.0)
    >>> compare_raw(alike, alike).probability
    1.0
    """
    if one.mean <= 0 or other.mean <= 0:
        raise InputError("A mean adhesion is not above zero.", "Its sign may be turned.", "Check the file.")
    ratio = math.log(other.mean / one.mean)
    spread = math.sqrt((one.deviation / one.mean) ** 2 + (other.deviation / other.mean) ** 2 + 2 * places**2)
    probability = float(2 * norm.sf(abs(ratio) / spread)) if spread > 0 else float(ratio == 0.0)
    return Comparison(math.exp(ratio), spread, probability)


def adhesion(
    maps: Sequence[AdhesionMap], names: Sequence[str], *, scale: float = 0.0, places: float | None = None
) -> Answer:
    """Return the adhesion of one sample, or compare several, a map of each.

    Parameters
    ----------
    maps : sequence of AdhesionMap
        One of each sample.
    names : sequence of str
        What the samples are called.
    scale : float
        The relative standard uncertainty of the force, by the spring constant: common to all maps.
    places : float, optional
        The relative standard deviation from place to place of a sample.

    Returns
    -------
    Answer
        ``adhesion`` of the first map, its mean; of several ``NAME.ratio`` of each further one over the first. The
        series has a row for each sample.
    """
    found = [adhesion_raw(one.raster.values) for one in maps]
    beyond = places or 0.0
    first = found[0]
    parts = {"area": first.deviation, "places": beyond * first.mean, "scale": scale * abs(first.mean)}
    results = {"adhesion": Quantity(1e9 * first.mean, 1e9 * math.hypot(*parts.values()), "nN", SOURCE)}
    pairs = {name: compare_raw(first, one, beyond) for name, one in zip(names[1:], found[1:], strict=True)}
    for name, pair in pairs.items():
        results[f"{name}.ratio"] = Quantity(pair.ratio, pair.ratio * pair.deviation, "1", SOURCE)
    return Answer(
        results,
        _series(names, found),
        {
            "uncertainty": {f"{name} / nN": 1e9 * part for name, part in parts.items()},
            "probability_of_no_difference": {name: pair.probability for name, pair in pairs.items()},
            "verdict": _verdict(names[0], pairs),
        },
        tuple(_doubts(names, found, pairs, places)),
        {"adhesion": _figure(names, maps)},
        method=(
            "Means over the maps, each with the standard error that the correlation of its points leaves; ratios by "
            "their logarithms."
        ),
        assumptions=_assumed(scale, places, len(maps)),
        headline=("adhesion", "*.ratio"),
    )


def _verdict(first: str, pairs: dict[str, Comparison]) -> str | None:
    factor = coverage_factor(LEVEL_95)
    told = []
    for name, pair in pairs.items():
        clear = abs(math.log(pair.ratio)) > factor * pair.deviation
        way = "above" if pair.ratio > 1 else "below"
        told.append(f"{name} {way} {first}" if clear else f"{name} not told from {first}")
    return "; ".join(told) or None


def _series(names: Sequence[str], found: Sequence[Adhesion]) -> dict[str, list[float | str | None]]:
    return {
        "Sample": list(names),
        "Mean / nN": [1e9 * one.mean for one in found],
        "Uncertainty / nN": [1e9 * one.deviation for one in found],
        "Quarter below / nN": [1e9 * one.low for one in found],
        "Median / nN": [1e9 * one.median for one in found],
        "Quarter above / nN": [1e9 * one.high for one in found],
        "Scatter / nN": [1e9 * one.scatter for one in found],
        "Independent points": [one.number for one in found],
    }


def _doubts(
    names: Sequence[str], found: Sequence[Adhesion], pairs: dict[str, Comparison], places: float | None
) -> Iterator[str]:
    for name, one in zip(names, found, strict=True):
        if one.number < _FEW:
            yield f"{name} shows only about {one.number:.0f} independent places: map a larger area."
        if one.low < 0 and one.low < -_NEGATIVE * one.scatter:
            yield f"{name} holds forces below zero: the baseline of its force curves is off, or the sign is turned."
    if pairs and places is None:
        yield (
            "One map of each sample compares two places: how much places of one sample differ is not in the test. "
            "Give it with --places, from maps of several places."
        )


def _assumed(scale: float, places: float | None, count: int) -> tuple[str, ...]:
    said = []
    if scale == 0.0:
        said.append("The spring constant of the probe is exact.")
    if count > 1:
        said.append("All maps are of one probe, whose tip stayed as it was, at one load, rate and humidity.")
    if places is None and count == 1:
        said.append("Other places of the sample are as this one.")
    return tuple(said)


def _figure(names: Sequence[str], maps: Sequence[AdhesionMap]) -> FigureData:
    values = [1e9 * one.adhesion for one in maps]
    edges = np.linspace(min(map(np.min, values)), max(map(np.max, values)), _BINS + 1)
    middle = (edges[1:] + edges[:-1]) / 2
    traces: list[Line | Points] = []
    for number, (name, own) in enumerate(zip(names, values, strict=True)):
        density, _ = np.histogram(own, edges, density=True)
        traces.append(Line(middle, density, name, number, dash=("solid", "dashed", "dotted", "dashdot")[number % 4]))
    panel = Panel(traces, Axis("adhesion", "nN", results=("adhesion",)), Axis("share of the area", "1/nN", low=0.0))
    return Figure([panel]).entitled("Adhesion over each map")
