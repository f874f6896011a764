r"""The glass transition: where a step of the heat flow has half its height.

Straight lines L and R are fitted in front of the step and behind it, a polynomial of the third degree to the step:

.. math:: q(T_g) = \tfrac12 [L(T_g) + R(T_g)], \qquad \Delta c_p = \frac{R(T_g) - L(T_g)}{\beta}

with the rate of heating beta, on which the transition depends: some 3 to 5 K for each tenfold.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import InputError
from lamion.techniques.thermal.number import Number

Array = NDArray[np.float64]

_OUTER = 0.3
"""Of the range, at either end, to which the lines are fitted."""
_MIDDLE = (0.2, 0.8)
"""Of the step's height, between which the polynomial is fitted."""
_FEWEST = 40
_CLEAR = 3.0
_SMOOTHED = 30
_AROUND = 0.1
"""Of the range, by which each end of it is moved in to see what it makes."""


@dataclass(frozen=True, eq=False)
class GlassTransition:
    """What a step says.

    Parameters
    ----------
    temperature : Number
        K.
    capacity : Number
        The step of the heat capacity, J/(kg K).
    lines : array, shape (2, 2)
        Value and slope of both lines at `middle`, W/kg and W/(kg K).
    middle : float
        K.
    """

    temperature: Number
    capacity: Number
    lines: Array
    middle: float


def glass_transition_raw(temperature: Array, heat: Array, rate: float) -> GlassTransition:
    """Read the step of a heat flow in a range that holds it and a piece of line on both sides.

    Parameters
    ----------
    temperature, heat : array, shape (n,)
        K, and the heat flow over the mass in W/kg, positive where it is taken up.
    rate : float
        K/s, negative where it cools.

    Returns
    -------
    GlassTransition
        Each number with its parts ``noise`` and ``limits`` (the range narrower by 10 % at either end).

    Raises
    ------
    InputError
        When there are fewer than 40 points, or no step stands out of the noise.

    Notes
    -----
    An overshoot of relaxation behind the step raises R; read the second heating then.

    References
    ----------
    ISO 11357-2; C. T. Moynihan et al., J. Phys. Chem. 78 (1974) 2673, doi:10.1021/j100619a008.

    Examples
    --------
    >>> T = np.linspace(200.0, 260.0, 361)
    >>> q = 100.0 + 0.1 * T + 80.0 / (1.0 + np.exp(-(T - 231.0) / 2.0))
    >>> found = glass_transition_raw(T, q + np.random.default_rng(1).normal(0.0, 0.5, len(T)), 10.0 / 60.0)
    >>> round(found.temperature.value), round(found.capacity.value / 1000.0, 2)
    (231, 0.48)
    """
    order = np.argsort(temperature)
    T, q = temperature[order], heat[order]
    found = _read(T, q, rate)
    step = _AROUND * (T[-1] - T[0])
    apart: dict[str, list[float]] = {"temperature": [], "capacity": []}
    for kept in (step + T[0] <= T, T[-1] - step >= T):
        try:
            other = _read(T[kept], q[kept], rate)
        except InputError:
            continue
        for name, values in apart.items():
            values.append(getattr(other, name).value - getattr(found, name).value)
    for name, values in apart.items():
        number: Number = getattr(found, name)
        beyond = [max(abs(value) - 2.0 * number.parts["noise"], 0.0) for value in values]
        number.parts["limits"] = math.hypot(*beyond) / math.sqrt(3.0)
    return found


def _read(T: Array, q: Array, rate: float) -> GlassTransition:
    if len(T) < _FEWEST:
        raise InputError(
            f"A glass transition cannot be read from {len(T)} points.", "", f"Give a range of {_FEWEST} at least."
        )
    at = 0.5 * float(T[0] + T[-1])
    outer = _OUTER * (T[-1] - T[0])
    parts = [_line(T[rows] - at, q[rows]) for rows in (T[0] + outer >= T, T[-1] - outer <= T)]
    lines, covariances = np.array([part[0] for part in parts]), [part[1] for part in parts]
    rows = _middle(T, q, lines, at)
    coefficients, covariance = _polynomial(T[rows] - at, q[rows], 3)
    theta = np.concatenate([*lines, coefficients])
    block = np.zeros((8, 8))
    block[:2, :2], block[2:4, 2:4], block[4:, 4:] = *covariances, covariance
    span = (float(T[rows][0]) - at, float(T[rows][-1]) - at)

    def crossing(values: Array) -> float:
        return at + _half(values, span)

    def step(values: Array) -> float:
        u = crossing(values) - at
        return float(values[2] - values[0] + (values[3] - values[1]) * u) / rate

    capacity = _with(step, theta, block)
    if abs(capacity.value) < _CLEAR * capacity.std:
        raise InputError(
            "No step stands out of the noise between the two temperatures.",
            f"It is {abs(capacity.value) / 1000.0:.2g} J/(g K), with an uncertainty of {capacity.std / 1000.0:.2g}.",
            "Give a range that holds the step and a piece of line on both sides.",
        )
    return GlassTransition(_with(crossing, theta, block), capacity, lines, at)


def _line(x: Array, y: Array) -> tuple[Array, Array]:
    return _polynomial(x, y, 1)


def _polynomial(x: Array, y: Array, degree: int) -> tuple[Array, Array]:
    """Return the coefficients, the constant first, and their covariance."""
    size = float(np.max(np.abs(x))) or 1.0
    design = np.vander(x / size, degree + 1, increasing=True)
    pseudo = np.linalg.pinv(design)
    found = pseudo @ y
    variance = float(np.sum((y - design @ found) ** 2)) / max(len(y) - degree - 1, 1)
    scale = size ** -np.arange(degree + 1.0)
    return found * scale, variance * (pseudo @ pseudo.T) * np.outer(scale, scale)


def _middle(T: Array, q: Array, lines: Array, at: float) -> NDArray[np.bool_]:
    """Return the rows about the place where the smoothed heat flow has gone half its way."""
    wide = max(1, len(T) // _SMOOTHED) | 1
    smooth = np.convolve(np.pad(q, wide // 2, mode="edge"), np.ones(wide) / wide, mode="valid")
    before, behind = (line[0] + line[1] * (T - at) for line in lines)
    gap = behind - before
    share = (smooth - before) / np.where(np.abs(gap) > 0.0, gap, 1.0)
    outer = _OUTER * (T[-1] - T[0])
    inner = np.flatnonzero((T[0] + 0.5 * outer < T) & (T[-1] - 0.5 * outer > T))
    crossed = inner[np.flatnonzero(np.diff(np.sign(share[inner] - 0.5)))]
    middle = int(crossed[len(crossed) // 2]) if len(crossed) else len(T) // 2
    below, above = np.flatnonzero(share[:middle] < _MIDDLE[0]), np.flatnonzero(share[middle:] > _MIDDLE[1])
    begin = int(below[-1]) if len(below) else 0
    end = middle + int(above[0]) if len(above) else len(T) - 1
    lacking = max(0, 9 - (end - begin))
    kept = np.zeros(len(T), dtype=np.bool_)
    kept[max(0, begin - lacking) : end + lacking + 1] = True
    return kept


def _half(values: Array, span: tuple[float, float]) -> float:
    """Return where the polynomial lies halfway between the lines, within its rows."""
    c = values[4:].copy()
    c[0] -= 0.5 * (values[0] + values[2])
    c[1] -= 0.5 * (values[1] + values[3])
    grid = np.linspace(*span, 201)
    left = np.polynomial.polynomial.polyval(grid, c)
    turns = np.flatnonzero(np.diff(np.sign(left)))
    if not len(turns):
        return float(grid[int(np.argmin(np.abs(left)))])
    k = int(turns[int(np.argmin(np.abs(turns - 100)))])
    return float(grid[k] - left[k] * (grid[k + 1] - grid[k]) / (left[k + 1] - left[k]))


def _with(read: Callable[[Array], float], theta: Array, covariance: Array) -> Number:
    value = read(theta)
    steps = np.sqrt(np.diag(covariance)) + 1e-300
    slopes = np.array([(read(theta + row) - read(theta - row)) / (2 * size) for row, size in
                       zip(np.diag(steps), steps, strict=True)])  # fmt: skip
    return Number(value, {"noise": math.sqrt(max(float(slopes @ covariance @ slopes), 0.0))})
