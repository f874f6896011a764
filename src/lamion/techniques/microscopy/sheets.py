"""Thickness and lateral size of sheets on a flat substrate, from a height map."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import ConvexHull, QhullError
from scipy.spatial.distance import pdist

from lamion.quantities import Answer, InputError, Quantity
from lamion.quantities.figure import Axis, Figure, FigureData, Line, Panel, Points, Rule
from lamion.quantities.level import coverage_factor
from lamion.records import HeightMap
from lamion.techniques.microscopy.levelling import level_raw

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
SOURCE = "height map of sheets"
_TURNS = 12
"""Times that substrate and threshold are found again from each other, at most."""
_THRESHOLDS = (0.35, 0.5, 0.65)
"""Of the step's height: where operators lay the edge of a sheet."""
_FEWEST = 25
"""Pixels of a sheet; fewer are dirt."""
_MARGIN = 3
"""Pixels from the edge of a sheet within which the tip smears it."""
_PLAIN = 3.0
"""A step over the scatter of the substrate, below which no sheet is told from it."""
_BINS = 120


@dataclass(frozen=True)
class Sheet:
    """One sheet.

    Parameters
    ----------
    thickness : float
        Its median above the substrate around it, m.
    diameter : float
        Of the circle of its area, m.
    longest : float
        Its largest extent, m: half way between that of its points and that of its edge among its neighbours.
    whole : bool
        Whether it lies within the map.
    """

    thickness: float
    diameter: float
    longest: float
    whole: bool


@dataclass(frozen=True)
class Sheets:
    """The sheets of one map.

    Parameters
    ----------
    found : tuple of Sheet
        In the order of their area, the largest first.
    step : float
        The distance of the two peaks in the histogram of heights, m.
    scatter : float
        Of the substrate, m.
    heights : array, shape (rows, points)
        Above the substrate, m.
    """

    found: tuple[Sheet, ...]
    step: float
    scatter: float
    heights: Array


def sheets_raw(heights: Array, step_x: float, step_y: float, threshold: float = 0.5) -> Sheets:
    r"""Find sheets on a substrate.

    The substrate is a plane through the points below a threshold, and the threshold a share of the step between the two
    most frequent heights: both are found from each other until they rest. A sheet's thickness is the difference of
    medians,

    .. math:: t = \operatorname{med}(z_\text{within}) - \operatorname{med}(z_\text{around})

    of its inside and of the substrate around it, the smeared edge left out of both; its diameter is
    :math:`2\sqrt{A/\pi}`.

    Parameters
    ----------
    heights : array, shape (rows, points)
        As the instrument gives them, m.
    step_x, step_y : float
        From point to point and from row to row, m.
    threshold : float
        Where the edge of a sheet lies, of its thickness.

    Returns
    -------
    Sheets

    Raises
    ------
    InputError
        When no height stands out of the substrate.

    Notes
    -----
    Valid for sheets of about one thickness that cover less than half of a flat substrate. A tip broadens them by up to
    its radius; sheets that lie on each other count as thicker ones. A layer of water or of what the sheets were washed
    from below them counts with their thickness.

    Examples
    --------
    >>> z = np.zeros((60, 60))
    >>> z[20:40, 10:50] = 4.5e-9
    >>> z += np.random.default_rng(1).normal(0.0, 2e-10, z.shape)
    >>> found = sheets_raw(z, 5e-8, 5e-8)
    >>> len(found.found), round(1e9 * found.found[0].thickness, 1), round(1e6 * found.found[0].longest, 1)
    (1, 4.5, 2.2)
    """
    levelled, substrate, step = _levelled(heights)
    scatter = float(1.4826 * np.median(np.abs(levelled[substrate] - np.median(levelled[substrate]))))
    if step < _PLAIN * scatter:
        raise InputError(
            f"No sheet stands out: the highest step is {1e9 * step:.2g} nm on a substrate that scatters by "
            f"{1e9 * scatter:.2g} nm.",
            "There may be no sheets on the map, or they cover it.",
            "Give a map with bare substrate around sheets.",
        )
    mask = ndimage.binary_opening(levelled > threshold * step, iterations=1)
    labels, count = ndimage.label(mask)
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    order = [int(number) for number in np.argsort(-sizes[1:], kind="stable") + 1 if sizes[number] >= _FEWEST]
    labelled = _Labelled(levelled, labels, threshold * step, (step_y, step_x))
    found = [labelled.sheet(number) for number in order]
    return Sheets(tuple(one for one in found if one is not None), step, scatter, levelled)


def _levelled(heights: Array) -> tuple[Array, Mask, float]:
    """Return heights above the substrate, the substrate, and the step from it to the sheets."""
    levelled = level_raw(heights, "plane")
    substrate = levelled < _otsu(levelled.ravel())
    for _ in range(_TURNS):
        levelled = level_raw(heights, "plane", substrate)
        levelled = levelled - np.median(levelled[substrate])
        high = levelled[levelled > _otsu(levelled.ravel())]
        step = float(np.median(high)) if len(high) else 0.0
        again = levelled < step / 2.0
        if np.array_equal(again, substrate) or again.sum() < 9:
            break
        substrate = again
    return levelled, substrate, _between_peaks(levelled, step)


def _otsu(values: Array) -> float:
    """Return the threshold between two classes of values whose means differ most."""
    low, high = np.percentile(values, [0.1, 99.9])
    counts, edges = np.histogram(values, 256, (float(low), float(high) if high > low else float(low) + 1e-15))
    middle = (edges[1:] + edges[:-1]) / 2
    below, total = np.cumsum(counts), counts.sum()
    sums = np.cumsum(counts * middle)
    with np.errstate(divide="ignore", invalid="ignore"):
        between = (sums[-1] * below / total - sums) ** 2 / (below * (total - below))
    return float(middle[int(np.nanargmax(np.where(np.isfinite(between), between, -1.0)))])


def _between_peaks(levelled: Array, step: float) -> float:
    """Return the distance of the two peaks of the heights' histogram, each as the median of what lies near it."""
    if step <= 0.0:
        return 0.0
    values = levelled.ravel()
    centres = [0.0, step]
    for _ in range(_TURNS):
        centres = [float(np.median(values[np.abs(values - at) < step / 4.0] if np.any(np.abs(values - at) < step / 4.0)
                                   else at)) for at in centres]  # fmt: skip
    return centres[1] - centres[0]


@dataclass(frozen=True, eq=False)
class _Labelled:
    """Heights above the substrate, which sheet each point belongs to, and at which height their edges are laid."""

    heights: Array
    labels: NDArray[np.intp]
    level: float
    steps: tuple[float, float]

    def sheet(self, number: int) -> Sheet | None:
        """Measure one sheet; None where nothing of it lies off its edge."""
        reach = 4 * _MARGIN
        parts = ndimage.find_objects(self.labels, number)[number - 1]
        window = tuple(slice(max(part.start - reach, 0), part.stop + reach) for part in parts)
        own, any_sheet, heights = self.labels[window] == number, self.labels[window] > 0, self.heights[window]
        inside = ndimage.binary_erosion(own, iterations=_MARGIN)
        near = ndimage.binary_dilation(own, iterations=reach)
        near &= ~ndimage.binary_dilation(any_sheet, iterations=_MARGIN)
        if inside.sum() < 5 or near.sum() < 5:
            return None
        step_y, step_x = self.steps
        extents = [_longest(at * np.array(self.steps)) for at in (np.argwhere(own), _edge(heights, own, self.level))]
        ends = zip(parts, self.labels.shape, strict=True)
        whole = all(part.start > 0 and part.stop < length for part, length in ends)
        thickness = float(np.median(heights[inside]) - np.median(heights[near]))
        return Sheet(thickness, 2.0 * math.sqrt(own.sum() * step_x * step_y / math.pi), sum(extents) / 2.0, whole)


def _edge(heights: Array, own: Mask, level: float) -> Array:
    """Return where the height crosses a level between the points of a sheet and those beside them, in points."""
    found = []
    for axis in (0, 1):
        here, there = (np.moveaxis(own, axis, 0)[part] for part in (slice(None, -1), slice(1, None)))
        low, high = (np.moveaxis(heights, axis, 0)[part] for part in (slice(None, -1), slice(1, None)))
        at = np.argwhere(here != there)
        first, second = low[tuple(at.T)], high[tuple(at.T)]
        with np.errstate(divide="ignore", invalid="ignore"):
            part = np.clip(np.nan_to_num((level - first) / (second - first), nan=0.5), 0.0, 1.0)
        crossing = at.astype(np.float64)
        crossing[:, 0] += part
        found.append(crossing if axis == 0 else crossing[:, ::-1])
    return np.concatenate(found)


def _longest(places: Array) -> float:
    try:
        corners = places[ConvexHull(places).vertices]
    except QhullError:
        corners = places
    return float(pdist(corners).max()) if len(corners) > 1 else 0.0


def sheets(record: HeightMap, scale: float = 0.0) -> Answer:
    """Return how thick and how wide the sheets on a map are.

    Parameters
    ----------
    record : HeightMap
        Sheets on a substrate, not levelled.
    scale : float
        The relative standard uncertainty of the height scale.

    Returns
    -------
    Answer
        ``thickness`` with the scatter from sheet to sheet, the spread between medians and histogram, and the scale in
        its uncertainty; ``size``, ``smallest`` and ``largest`` of the whole sheets, with the spread over where an edge
        is laid. The series has a row for each sheet.

    Raises
    ------
    InputError
        When no whole sheet is found.
    """
    raster = record.raster
    by_threshold = [sheets_raw(raster.values, raster.step_x, raster.step_y, one) for one in _THRESHOLDS]
    chosen = by_threshold[1]
    whole = [one for one in chosen.found if one.whole]
    if not whole:
        raise InputError(
            f"None of {len(chosen.found)} sheets lies within the map.",
            "The map is smaller than they are.",
            "Scan more.",
        )
    thickness, parts = _thickness(by_threshold, scale)
    results = {"thickness": Quantity(1e9 * thickness, 1e9 * math.hypot(*parts.values()), "nm", SOURCE)}
    sizes = [_sizes(one) for one in by_threshold]
    for name in ("size", "smallest", "largest"):
        values = [1e6 * each[name] for each in sizes if each]
        pixel = 1e6 * max(raster.step_x, raster.step_y) / 2.0
        results[name] = Quantity(values[len(values) // 2], math.hypot(float(np.std(values)), pixel), "um", SOURCE)
    return Answer(
        results,
        {
            "Thickness / nm": [1e9 * one.thickness for one in chosen.found],
            "Diameter / um": [1e6 * one.diameter for one in chosen.found],
            "Longest / um": [1e6 * one.longest for one in chosen.found],
            "Whole": ["yes" if one.whole else "cut by the edge" for one in chosen.found],
        },
        {
            "sheets": len(chosen.found),
            "whole": len(whole),
            "uncertainty": {f"{k} / nm": 1e9 * v for k, v in parts.items()},
        },
        tuple(_doubts(chosen, whole)),
        {"heights": _figure(chosen, thickness)},
        method=(
            f"Medians within {len(chosen.found)} sheets above the substrate around each, which is levelled by a plane "
            f"through itself; sizes are longest extents of the {len(whole)} that lie within the map."
        ),
        assumptions=_assumed(scale),
        headline=("thickness", "size", "smallest", "largest"),
    )


def _thickness(found: Sequence[Sheets], scale: float) -> tuple[float, dict[str, float]]:
    """Return the mean thickness, and the parts of its standard uncertainty."""
    chosen = found[len(found) // 2]
    each = np.array([one.thickness for one in chosen.found])
    mean = float(each.mean())
    count = len(each)
    scatter = (
        coverage_factor(freedom=count - 1) * float(each.std(ddof=1)) / math.sqrt(count) if count > 1 else chosen.scatter
    )
    others = [chosen.step, *(float(np.mean([s.thickness for s in one.found])) for one in found if one.found)]
    spread = math.sqrt(float(np.mean([(other - mean) ** 2 for other in others])))
    return mean, {"sheets": scatter, "reading": spread, "scale": scale * mean}


def _sizes(found: Sheets) -> dict[str, float]:
    longest = [one.longest for one in found.found if one.whole]
    if not longest:
        return {}
    return {"size": float(np.median(longest)), "smallest": min(longest), "largest": max(longest)}


def _doubts(chosen: Sheets, whole: Sequence[Sheet]) -> Iterator[str]:
    cut = len(chosen.found) - len(whole)
    if cut:
        yield (
            f"{cut} of {len(chosen.found)} sheets are cut by the edge of the map and count for the thickness only: "
            "large sheets are cut more often, so that sizes come out small. Scan a larger area."
        )
    if len(whole) < 5:
        yield f"Only {len(whole)} whole sheets: smallest and largest say little of all others."
    each = [one.thickness for one in chosen.found]
    if max(each) > 1.6 * min(each):
        ends = f"{1e9 * min(each):.2g} to {1e9 * max(each):.2g} nm"
        yield f"Thicknesses run from {ends}: some sheets may lie on each other."
    covered = float(np.mean(chosen.heights > chosen.step / 2.0))
    if covered > 0.5:
        yield f"Sheets cover {100 * covered:.0f} % of the map: which height is the substrate's is not certain."


def _assumed(scale: float) -> tuple[str, ...]:
    said = ["The tip broadens no sheet by more than a pixel.", "Nothing lies between sheets and substrate."]
    return (*said, "The height scale is exact.") if scale == 0.0 else tuple(said)


def _figure(chosen: Sheets, thickness: float) -> FigureData:
    z = 1e9 * chosen.heights.ravel()
    low, high = np.percentile(z, [0.2, 99.8])
    density, edges = np.histogram(z, _BINS, (float(low), float(high)), density=True)
    middle = (edges[1:] + edges[:-1]) / 2
    heights = Panel(
        [Line(middle, density, "heights"), Rule(0.0, text="substrate"), Rule(1e9 * thickness, text="sheets", color=1)],
        Axis("height above the substrate", "nm"),
        Axis("share of the area", "1/nm", low=0.0),
        legend="",
    )
    marks = [
        Points(
            [1e6 * one.longest for one in part], [1e9 * one.thickness for one in part], name, number, open=bool(number)
        )
        for number, (name, part) in enumerate(
            (
                ("whole", [s for s in chosen.found if s.whole]),
                ("cut by the edge", [s for s in chosen.found if not s.whole]),
            )
        )
        if part
    ]
    thickest = 1.2e9 * max(one.thickness for one in chosen.found)
    widest = 1.1e6 * max(one.longest for one in chosen.found)
    each = Panel(
        marks, Axis("longest extent", "um", low=0.0, high=widest), Axis("thickness", "nm", low=0.0, high=thickest)
    )
    return Figure([heights, each], columns=2, size=(8.0, 3.4)).entitled("Sheets on their substrate")
