"""Ra and Rq of height maps, and how they depend on the levelling."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, InputError, Quantity
from lamion.quantities.figure import Axis, Figure, FigureData, Panel, Points
from lamion.quantities.level import coverage_factor
from lamion.records import HeightMap
from lamion.techniques.microscopy.levelling import IN_WORDS, TAKEN, Levelling, level_raw
from lamion.techniques.microscopy.mean_of_map import mean_of_map_raw

Array = NDArray[np.float64]
SOURCE = "levelled heights"
_REASONABLE: tuple[Levelling, ...] = ("plane", "rows", "quadratic")
"""What operators choose among; a mean alone leaves the tilt of the sample in."""
_FEW = 30.0
"""Independent points below which the map shows too little of the surface."""
_DEPENDS = 0.1
_BINS = 80


@dataclass(frozen=True)
class Roughness:
    """The roughness of one map.

    Parameters
    ----------
    average, root_mean_square : float
        Ra and Rq, m.
    average_noise, root_mean_square_noise : float
        Their standard errors by the area that was seen, m.
    number : float
        Independent points, by the correlation of the squared heights.
    taken : float
        The share of Rq that lies in what the levelling took away, by the correlation of the heights.
    """

    average: float
    root_mean_square: float
    average_noise: float
    root_mean_square_noise: float
    number: float
    taken: float


def roughness_raw(heights: Array, levelling: Levelling = "plane") -> Roughness:
    r"""Return Ra and Rq of a map.

    .. math:: R_q = \sqrt{\langle z^2 \rangle}, \qquad R_a = \langle |z| \rangle, \qquad
        u(R_q) = \frac{u(\langle z^2 \rangle)}{2 R_q}

    with the means' standard errors by the correlation of neighbouring points
    (:func:`~lamion.techniques.microscopy.mean_of_map.mean_of_map_raw`).

    Parameters
    ----------
    heights : array, shape (rows, points)
        m.
    levelling : str
        What is taken away first.

    Returns
    -------
    Roughness

    Notes
    -----
    Valid for the range of wavelengths from two steps to about a third of the map: longer ones go with the levelling,
    shorter ones are not seen, so that Rq of maps of other sizes is another number.

    References
    ----------
    ISO 25178-2:2021, Geometrical product specifications: Surface texture: Areal, part 2.

    Examples
    --------
    >>> x = np.linspace(0.0, 40 * np.pi, 400)
    >>> found = roughness_raw(np.tile(np.sin(x), (50, 1)), "mean")
    >>> round(found.root_mean_square, 3), round(found.average, 3)
    (0.706, 0.635)
    """
    z = level_raw(heights, levelling)
    z = z - z.mean()
    square, size, plain = mean_of_map_raw(z**2), mean_of_map_raw(np.abs(z)), mean_of_map_raw(z)
    rq = math.sqrt(square.value)
    if rq == 0.0:
        raise InputError("The map is flat to the last digit.", "It may be an empty channel.", "Give another channel.")
    taken = min(TAKEN[levelling] / (2.0 * plain.number), 1.0)
    return Roughness(size.value, rq, size.deviation, square.deviation / (2.0 * rq), square.number, taken)


def roughness(maps: Sequence[HeightMap], levelling: Levelling = "plane", scale: float = 0.0) -> Answer:
    """Return the roughness of one map, or of several of one sample.

    Parameters
    ----------
    maps : sequence of HeightMap
        Of as many places of one sample.
    levelling : str
        What is taken away first; what the others of the usual ones give counts as spread.
    scale : float
        The relative standard uncertainty of the height scale.

    Returns
    -------
    Answer
        ``Rq`` and ``Ra``; of several maps the means, with their scatter from place to place. The uncertainty holds the
        area seen, the levelling and the scale, each named under ``uncertainty``; the series has a row for each map and
        levelling.
    """
    levels = list(dict.fromkeys((levelling, *_REASONABLE)))
    table = [[roughness_raw(one.raster.values, level) for level in levels] for one in maps]
    rq, rq_parts = _combined([[one.root_mean_square for one in row] for row in table], [
        math.hypot(row[0].root_mean_square_noise, row[0].taken * row[0].root_mean_square) for row in table
    ], scale)  # fmt: skip
    ra, ra_parts = _combined([[one.average for one in row] for row in table], [
        math.hypot(row[0].average_noise, row[0].taken * row[0].average) for row in table
    ], scale)  # fmt: skip
    return Answer(
        {"Rq": _in_nm(rq, rq_parts), "Ra": _in_nm(ra, ra_parts)},
        _series(maps, table, levels),
        {"levelling": levelling, "uncertainty": {"Rq": _named(rq_parts), "Ra": _named(ra_parts)}},
        tuple(_doubts(maps, table, levels)),
        {"heights": _figure(maps[0], levelling, levels)},
        method=(
            f"Ra and Rq of {'the map' if len(maps) == 1 else f'{len(maps)} maps'} above {IN_WORDS[levelling]}, with "
            f"the spread over {', '.join(IN_WORDS[one] for one in levels[1:])}."
        ),
        assumptions=_assumed(maps, scale),
        headline=("Rq", "Ra"),
    )


_PARTS = ("area", "levelling", "scale")


def _combined(
    values: Sequence[Sequence[float]], noise: Sequence[float], scale: float
) -> tuple[float, tuple[float, ...]]:
    """Return the mean over maps of the first levelling, and the parts of its standard uncertainty."""
    first = np.array([row[0] for row in values])
    mean = float(first.mean())
    others = np.array([row[1:] for row in values]).mean(axis=0)
    spread = math.sqrt(float(np.mean((others - mean) ** 2))) if len(others) else 0.0
    area = noise[0]
    if len(first) > 1:
        factor = coverage_factor(freedom=len(first) - 1)
        area = max(factor * float(first.std(ddof=1)) / math.sqrt(len(first)), math.hypot(*noise) / len(first))
    return mean, (area, spread, scale * mean)


def _in_nm(value: float, parts: Sequence[float]) -> Quantity:
    return Quantity(1e9 * value, 1e9 * math.hypot(*parts), "nm", SOURCE)


def _named(parts: Sequence[float]) -> dict[str, float]:
    return {f"{name} / nm": 1e9 * part for name, part in zip(_PARTS, parts, strict=True)}


def _series(
    maps: Sequence[HeightMap], table: Sequence[Sequence[Roughness]], levels: Sequence[Levelling]
) -> dict[str, list[float | str | None]]:
    rows = [(number, level, one) for number, row in enumerate(table, 1) for level, one in zip(levels, row, strict=True)]
    return {
        "Map": [float(number) for number, _, _ in rows],
        "Levelled by": [level for _, level, _ in rows],
        "Rq / nm": [1e9 * one.root_mean_square for _, _, one in rows],
        "Ra / nm": [1e9 * one.average for _, _, one in rows],
        "Independent points": [one.number for _, _, one in rows],
    }


def _doubts(
    maps: Sequence[HeightMap], table: Sequence[Sequence[Roughness]], levels: Sequence[Levelling]
) -> Iterator[str]:
    for number, row in enumerate(table, 1):
        name = "" if len(table) == 1 else f"Map {number}: "
        values = {level: 1e9 * one.root_mean_square for level, one in zip(levels, row, strict=True)}
        if np.ptp(list(values.values())) > _DEPENDS * values[levels[0]]:
            said = ", ".join(f"{value:.3g} nm above {IN_WORDS[level]}" for level, value in values.items())
            yield f"{name}Rq depends on the levelling, {said}: compare samples by one levelling only."
        if row[0].number < _FEW:
            yield (
                f"{name}Only about {row[0].number:.0f} independent places are seen: what is rough is nearly as wide as "
                "the map, so that Rq grows with the scan. Scan a larger area."
            )
    sizes = {round(float(np.ptp(one.x)), 12) for one in maps}
    if len(sizes) > 1:
        yield "The maps are of unlike size, and Rq depends on it: compare maps of one size."


def _assumed(maps: Sequence[HeightMap], scale: float) -> tuple[str, ...]:
    said = ["The tip is sharper than what is rough."]
    if scale == 0.0:
        said.append("The height scale is exact.")
    if len(maps) == 1:
        said.append("Other places of the sample are as rough as this one.")
    return tuple(said)


def _figure(one: HeightMap, levelling: Levelling, levels: Sequence[Levelling]) -> FigureData:
    """Draw the distribution of heights, and Rq by levelling."""
    z = 1e9 * level_raw(one.raster.values, levelling).ravel()
    density, edges = np.histogram(z - z.mean(), _BINS, density=True)
    middle = (edges[1:] + edges[:-1]) / 2
    heights = Panel(
        [Points(middle, density, f"above {IN_WORDS[levelling]}", marker="dot", joined=True)],
        Axis("height", "nm"), Axis("share of the area", "1/nm", low=0.0),
    )  # fmt: skip
    found = [roughness_raw(one.raster.values, level) for level in levels]
    places = np.arange(float(len(levels)))
    bars = Points(
        places,
        [1e9 * each.root_mean_square for each in found],
        "Rq",
        1,
        y_error=[1e9 * each.root_mean_square_noise for each in found],
        marker="square",
    )
    ticks = [(float(k), level) for k, level in enumerate(levels)]
    top = 1.15e9 * max(each.root_mean_square + each.root_mean_square_noise for each in found)
    across = Axis("levelled by", ticks=ticks, low=-0.5, high=len(levels) - 0.5)
    by = Panel([bars], across, Axis("Rq", "nm", low=0.0, high=top), legend="")
    return Figure([heights, by], columns=2, size=(7.5, 3.2)).entitled("Heights, and what the levelling decides")
