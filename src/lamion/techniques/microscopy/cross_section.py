"""Thickness of a layer from a picture of its cross-section."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from lamion.numerics.residual_correlation import variance_growth
from lamion.quantities import Answer, InputError, Quantity
from lamion.quantities.figure import Axis, Band, Figure, FigureData, Line, Panel, Points
from lamion.quantities.level import coverage_factor
from lamion.records import Micrograph

Array = NDArray[np.float64]
SOURCE = "cross-section"
_LEVELS = (0.5, 0.25, 0.75)
"""Of the change of brightness at a face: where operators lay it."""
_STRIPS = 64
_NARROWEST = 4
"""Pixels of a strip."""
_CLEAR = 4.0
"""A face's contrast over the noise of a strip."""
_FEWEST_ALONE = 2.0
"""Independent places, below which a scatter says nothing of its own uncertainty."""
_FEWEST = 0.5
"""Of the strips, in which both faces must be found."""


@dataclass(frozen=True)
class Faces:
    """Both faces of a layer along a picture.

    Parameters
    ----------
    places : array, shape (n,)
        Of the strips in which both were found, pixels along the layer.
    first, second : array, shape (n,)
        Of the faces, pixels across it.
    strips : int
        In how many both were looked for.
    """

    places: Array
    first: Array
    second: Array
    strips: int


@dataclass(frozen=True)
class Thickness:
    """A layer's thickness.

    Parameters
    ----------
    mean, deviation : float
        m; the standard error of the mean by how it varies along the layer.
    scatter : float
        Standard deviation from place to place, m.
    turned : float
        How far the layer is turned in the picture, rad.
    each : array, shape (n,)
        At each place, m.
    """

    mean: float
    deviation: float
    scatter: float
    turned: float
    each: Array


def faces_raw(brightness: Array, expected: tuple[float, float] | None = None, level: float = 0.5) -> Faces:
    """Find both faces of a layer that lies across a picture.

    The picture is cut into strips along the layer, each averaged along it. Roughly, the faces are the two places where
    brightness changes most, or those that are expected; within a strip a face is where the brightness crosses a level
    between the medians on both of its sides, between pixels by a straight line.

    Parameters
    ----------
    brightness : array, shape (across, along)
        In any unit.
    expected : (float, float), optional
        About where the faces are, pixels from the first row.
    level : float
        Where between both brightnesses a face lies.

    Raises
    ------
    InputError
        When the faces are not found in half of the strips.

    Examples
    --------
    >>> picture = np.full((200, 120), 60.0)
    >>> picture[50:130] = 150.0
    >>> found = faces_raw(picture)
    >>> float(np.round(np.mean(found.second - found.first), 2))
    80.0
    """
    width = max(brightness.shape[1] // _STRIPS, _NARROWEST)
    count = brightness.shape[1] // width
    strips = brightness[:, : count * width].reshape(len(brightness), count, width).mean(axis=2)
    rough = _rough(strips.mean(axis=1)) if expected is None else expected
    half = (rough[1] - rough[0]) / 2.0
    found = np.array([[_face(strips[:, k], at, half, level) for at in rough] for k in range(count)])
    there = np.all(np.isfinite(found), axis=1)
    if there.mean() < _FEWEST:
        raise InputError(
            f"Both faces of a layer are seen in {int(there.sum())} of {count} strips of the picture.",
            "The layer may be as bright as what is beside it, stand upright, or not be where it is looked for.",
            "Say where its faces are with --faces, turn the picture, or crop what is no cross-section with --rows.",
        )
    places = width * (np.arange(count) + 0.5)
    return Faces(places[there], found[there, 0], found[there, 1], count)


def _rough(profile: Array) -> tuple[float, float]:
    """Return the two places where the brightness changes most, one up and one down."""
    slope = gaussian_filter1d(profile, max(len(profile) / 200.0, 1.0), order=1)
    up, down = float(np.argmax(slope)), float(np.argmin(slope))
    if up == down:
        raise InputError("The picture is equally bright everywhere.", "", "Give a picture of a cross-section.")
    return min(up, down), max(up, down)


def _face(strip: Array, about: float, half: float, level: float) -> float:
    """Return where a strip's brightness crosses a level near a place; NaN where it does not clearly."""
    reach = max(min(half, len(strip) / 4.0), 4.0)
    low, high = max(int(about - reach), 0), min(int(about + reach) + 1, len(strip))
    part = strip[low:high]
    if len(part) < 6:
        return math.nan
    smooth = gaussian_filter1d(part, 1.0)
    middle = int(np.argmax(np.abs(np.gradient(gaussian_filter1d(part, max(len(part) / 20.0, 1.0))))))
    if not 1 < middle < len(part) - 2:
        return math.nan
    before, after = part[: max(middle - 1, 2)], part[middle + 2 :]
    first, second = float(np.median(before)), float(np.median(after)) if len(after) else math.nan
    noise = float(np.std(np.diff(part))) / math.sqrt(2.0)
    if not abs(second - first) > _CLEAR * noise * 0.5:
        return math.nan
    crossed = (smooth - (first + level * (second - first))) * math.copysign(1.0, second - first)
    turns = np.flatnonzero((crossed[:-1] <= 0) & (crossed[1:] > 0))
    if not len(turns):
        return math.nan
    k = int(turns[np.argmin(np.abs(turns - middle))])
    return float(low + k + 0.5 + crossed[k] / (crossed[k] - crossed[k + 1]))


def thickness_raw(faces: Faces, pixel_across: float, pixel_along: float, tilt: float = 0.0) -> Thickness:
    r"""Return a layer's thickness from its faces.

    .. math:: t = \frac{(y_2 - y_1)\,\cos\theta}{\cos\alpha}

    with the angle theta by which the layer is turned in the picture, from a line through the middle of both faces, and
    the angle alpha by which the cut is tilted away from facing the lens.

    Parameters
    ----------
    faces : Faces
        In pixels.
    pixel_across, pixel_along : float
        The lengths of a pixel, m.
    tilt : float
        alpha, rad.

    Returns
    -------
    Thickness

    Examples
    --------
    >>> straight = Faces(np.arange(4.0), np.full(4, 10.0), np.full(4, 110.0), 4)
    >>> found = thickness_raw(straight, 1e-7, 1e-7)
    >>> float(f"{found.mean:.4g}")
    1e-05
    """
    x, middle = pixel_along * faces.places, pixel_across * (faces.first + faces.second) / 2.0
    slope = float(np.polyfit(x, middle, 1)[0]) if len(x) > 2 else 0.0
    turned = math.atan(slope)
    each = pixel_across * (faces.second - faces.first) * math.cos(turned) / math.cos(tilt)
    number = max(len(each) / variance_growth((each - each.mean())[None]), _FEWEST_ALONE)
    # Places that are alike lie as near to their own mean as so many independent ones.
    scatter = float(each.std()) / math.sqrt(1.0 - 1.0 / number)
    deviation = coverage_factor(freedom=number - 1.0) * scatter / math.sqrt(number)
    return Thickness(float(each.mean()), deviation, scatter, turned, each)


@dataclass(frozen=True)
class Seen:
    """How a cross-section was seen.

    Parameters
    ----------
    pixel : (float, float)
        The lengths of a pixel across and along the layer, m.
    scale : float
        Their relative standard uncertainty.
    tilt, tilt_uncertainty : float
        rad.
    expected : (float, float), optional
        About where the faces are, pixels from the first row that counts.
    """

    pixel: tuple[float, float]
    scale: float = 0.0
    tilt: float = 0.0
    tilt_uncertainty: float = 0.0
    expected: tuple[float, float] | None = None


def thickness(picture: Micrograph, seen: Seen) -> Answer:
    """Return the thickness of a layer that lies across a picture.

    Parameters
    ----------
    picture : Micrograph
        The layer's faces run along its rows.
    seen : Seen
        Scale and tilt.

    Returns
    -------
    Answer
        ``thickness``, the mean over the picture, with the parts of its uncertainty: how it varies along the layer,
        where a face is laid, the scale and the tilt; ``scatter`` from place to place. The series has a row for each
        strip.
    """
    brightness = np.asarray(picture.brightness, dtype=np.float64)
    by_level = [faces_raw(brightness, seen.expected, level) for level in _LEVELS]
    found = [thickness_raw(one, *seen.pixel, seen.tilt) for one in by_level]
    chosen = found[0]
    parts = {
        "places": chosen.deviation,
        "faces": math.sqrt(sum((one.mean - chosen.mean) ** 2 for one in found[1:]) / 2.0),
        "scale": seen.scale * chosen.mean,
        "tilt": chosen.mean * math.tan(abs(seen.tilt)) * seen.tilt_uncertainty
        + chosen.mean * seen.tilt_uncertainty**2 / 2,
    }
    um = 1e6
    return Answer(
        {
            "thickness": Quantity(um * chosen.mean, um * math.hypot(*parts.values()), "um", SOURCE),
            "scatter": Quantity(um * chosen.scatter, None, "um", SOURCE),
        },
        {
            "Along / um": (um * seen.pixel[1] * by_level[0].places).tolist(),
            "Thickness / um": (um * chosen.each).tolist(),
        },
        {
            "turned": f"{math.degrees(chosen.turned):.2f} deg",
            "uncertainty": {f"{name} / um": um * part for name, part in parts.items()},
        },
        tuple(_doubts(by_level[0], chosen, seen)),
        {"faces": _figure(by_level[0], chosen, seen, math.hypot(*parts.values()))},
        method=(
            f"Half of the change of brightness at both faces in {len(chosen.each)} strips along the layer, "
            f"turned by {math.degrees(chosen.turned):.1f} deg in the picture."
        ),
        assumptions=_assumed(seen),
        headline=("thickness", "scatter"),
    )


def _doubts(faces: Faces, found: Thickness, seen: Seen) -> Iterator[str]:
    pixels = found.mean / seen.pixel[0]
    if pixels < 20:
        yield f"The layer is only {pixels:.0f} pixels thick: take the picture at a larger magnification."
    if len(faces.places) < 0.9 * faces.strips:
        yield f"Its faces are seen in {len(faces.places)} of {faces.strips} strips only."
    if found.scatter > 0.2 * found.mean:
        yield "The thickness varies by more than a fifth along the picture: the cut may be torn, or a face misplaced."


def _assumed(seen: Seen) -> tuple[str, ...]:
    said = ["The cut did not smear or stretch the layer, and the picture shows a usual place of it."]
    if seen.scale == 0.0:
        said.append("The scale is exact; that of an electron microscope is usually good to 2 to 5 %.")
    if seen.tilt == 0.0 and seen.tilt_uncertainty == 0.0:
        said.append("The cut faces the lens.")
    return tuple(said)


def _figure(faces: Faces, found: Thickness, seen: Seen, deviation: float) -> FigureData:
    along, across = 1e6 * seen.pixel[1] * faces.places, 1e6 * seen.pixel[0]
    both = Panel(
        [
            Points(along, across * faces.first, "first face", 0, marker="dot", joined=True),
            Points(along, across * faces.second, "second face", 1, marker="dot", joined=True),
        ],
        Axis("along the layer", "um"),
        Axis("down the picture", "um", backwards=True),
    )
    mean, error, ends = 1e6 * found.mean, 1e6 * deviation, [float(along[0]), float(along[-1])]
    each = Panel(
        [
            Points(along, 1e6 * found.each, "each strip", 0, marker="dot"),
            Band(ends, [mean - error] * 2, [mean + error] * 2, "mean and its uncertainty", 1),
            Line(ends, [mean, mean], "", 1),
        ],
        Axis("along the layer", "um"),
        Axis("thickness", "um", results=("thickness",)),
    )
    return Figure([both, each], columns=2, size=(8.0, 3.4)).entitled("Both faces of the layer, and its thickness")
