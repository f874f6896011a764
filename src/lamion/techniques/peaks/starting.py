"""Where a fit of components begins: positions at what stands out, several widths, areas by linear least squares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lamion.techniques.peaks.component import Component, Setting
from lamion.techniques.peaks.problem import Layout, Problem

Array = NDArray[np.float64]

_SIZES = 6
"""Widths that are tried."""
_APART = 0.4
"""Of the width: how far two starts are apart at least."""


def started(
    components: Sequence[Component], x: Array, y: Array, width: float, *, split: bool = False
) -> tuple[Component, ...]:
    """Return the components with a start for each position and width.

    Parameters
    ----------
    components : sequence of Component
        What lies under the spectrum; those without a position take what stands out most beside the others, in their
        order.
    x, y : array, shape (n,)
        The spectrum, x rising.
    width : float
        That is tried.
    split : bool
        Whether the largest is taken for two that overlap.

    Examples
    --------
    >>> x = np.linspace(0.0, 100.0, 201)
    >>> y = np.exp(-((x - 30) / 5) ** 2) + np.exp(-((x - 60) / 5) ** 2)
    >>> pair = started([Component("a"), Component("b")], x, y, 8.0)
    >>> [one.setting("position").start for one in pair]
    [30.0, 60.0]
    """
    given = [one.setting("position").start for one in components]
    taken = [at for at in given if at is not None]
    missing = sum(one.setting("position") == Setting() for one in components)
    found = iter(sorted(_standing_out(x, y, width, taken, missing, split)))
    begun = []
    for one in components:
        settings = dict(one.settings)
        position, own = one.setting("position"), one.setting("width")
        if position == Setting():
            settings["position"] = replace(position, start=float(next(found)))
        if own.start is None and own.tie is None:
            settings["width"] = replace(own, start=float(np.clip(width, own.low, own.high)))
        begun.append(replace(one, settings=settings))
    return tuple(begun)


def sizes(x: Array) -> Array:
    """Return the widths that are tried, from three points to a third of the range."""
    spacing, span = float(np.median(np.abs(np.diff(x)))), float(np.ptp(x))
    return np.geomspace(3.0 * spacing, max(span / 3.0, 4.0 * spacing), _SIZES)


def _standing_out(x: Array, y: Array, width: float, taken: list[float], count: int, split: bool) -> list[float]:
    """Return positions at which the curvature, averaged over a width, is most negative, apart from each other."""
    answer = _curvature(x, y, width)
    inside = np.r_[False, (answer[1:-1] >= answer[:-2]) & (answer[1:-1] > answer[2:]), False]
    found: list[float] = []
    for place in sorted(np.flatnonzero(inside), key=lambda at: -answer[at]):
        if all(abs(x[place] - other) > _APART * width for other in [*taken, *found]):
            found.append(float(x[place]))
    largest = found[0] if found else float(x[int(np.argmax(answer))])
    halves = [largest - _APART * width, largest + _APART * width] if split and count > 1 else []
    chosen = [*halves, *(found[1:] if halves else found)][:count]
    while len(chosen) < count:
        aside = _APART * width * (len(chosen) // 2 + 1)
        chosen.append(largest + (aside if len(chosen) % 2 else -aside))
    return [float(np.clip(at, x[0], x[-1])) for at in chosen]


def _curvature(x: Array, y: Array, width: float) -> Array:
    """Return the negative second derivative of the data, averaged with a Gaussian of the width."""
    even = np.linspace(x[0], x[-1], len(x))
    values = np.interp(even, x, y)
    step = even[1] - even[0]
    deviation = width / 2.355 / np.sqrt(2.0)
    reach = int(np.clip(np.ceil(4 * deviation / step), 1, len(x) - 1))
    t = np.arange(-reach, reach + 1) * step / deviation
    kernel = (1.0 - t**2) * np.exp(-0.5 * t**2)
    kernel -= kernel.mean()
    line = np.polyval(np.polyfit(even, values, 1), even)
    padded = np.pad(values - line, reach, mode="edge")
    answer = np.convolve(padded, kernel, mode="valid")
    return np.interp(x, even, answer)


def start_of(problem: Problem, layout: Layout, components: Sequence[Component]) -> Array:
    """Return the free parameters, shape (m, f), that components with starts give, the areas fitted to each spectrum.

    Parameters
    ----------
    problem : Problem
        The spectra.
    layout : Layout
        Of these components.
    components : sequence of Component
        As :func:`started` returns them.
    """
    starts = np.zeros(len(layout.names))
    loose = []
    for place, (name, parameter) in enumerate(layout.names):
        if not name:
            loose.append(place)
            continue
        setting = next(one for one in components if one.name == name).setting(parameter)
        if parameter == "area" and setting.start is None and setting.tie is None:
            loose.append(place)
            continue
        starts[place] = setting.start if setting.start is not None else 0.0
    free_places = {int(place): at for at, place in enumerate(layout.free)}
    linear = [free_places[place] for place in loose]
    own = layout.free_of(starts[None])[0]
    own[linear] = 0.0
    base = problem.all_parameters(own[None], np.array([0]))
    total, slopes = problem.with_slopes(base)
    by_free = np.matmul(layout.ties.T, slopes[0])[linear]
    solved = np.tile(own, (len(problem.y), 1))
    for row, (y, weights) in enumerate(zip(problem.y, problem.weights, strict=True)):
        fitted = np.linalg.lstsq((by_free * weights).T, (y - total[0]) * weights, rcond=None)[0]
        solved[row, linear] = np.maximum(fitted, layout.lower[linear])
    return np.asarray(np.clip(solved, layout.lower, layout.upper))
