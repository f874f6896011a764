"""What a scanning probe's tilt and drift add to a map, taken away."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import InputError

Array = NDArray[np.float64]
Levelling = Literal["mean", "plane", "rows", "quadratic"]
LEVELLINGS: tuple[Levelling, ...] = get_args(Levelling)
IN_WORDS: dict[Levelling, str] = {
    "mean": "the mean",
    "plane": "a plane",
    "rows": "a plane and the median of each row",
    "quadratic": "a curved surface of second degree",
}
TAKEN: dict[Levelling, float] = {"mean": 1.0, "plane": 3.0, "rows": 3.0, "quadratic": 6.0}
"""Parameters of the surface that is taken away; rows take more, by their number."""


def level_raw(heights: Array, levelling: Levelling, counted: NDArray[np.bool_] | None = None) -> Array:
    r"""Return heights above a reference that is fitted to them.

    .. math:: z'(x, y) = z(x, y) - \sum_{i + j \le d} c_{ij}\, x^i y^j

    with d of 0 (mean), 1 (plane) or 2 (quadratic), by least squares; ``"rows"`` takes each row's median away from
    what a plane leaves, which hides steps between the scan's lines and whatever runs along them.

    Parameters
    ----------
    heights : array, shape (rows, points)
        In any unit.
    levelling : str
        One of :data:`LEVELLINGS`.
    counted : array of bool, shape (rows, points), optional
        The points that the reference is fitted to, such as the substrate; all without it.

    Returns
    -------
    array, shape (rows, points)
        In the same unit.

    Raises
    ------
    InputError
        When too few points count.

    Examples
    --------
    >>> tilted = np.add.outer(np.arange(4.0), 2 * np.arange(5.0))
    >>> bool(np.allclose(level_raw(tilted, "plane"), 0.0))
    True
    """
    use = np.ones(heights.shape, dtype=bool) if counted is None else counted
    degree = {"mean": 0, "plane": 1, "rows": 1, "quadratic": 2}[levelling]
    y, x = (np.linspace(-1.0, 1.0, count) for count in heights.shape)
    powers = [(i, j) for i in range(degree + 1) for j in range(degree + 1 - i)]
    terms = [np.multiply.outer(y**i, x**j) for i, j in powers]
    if use.sum() < 3 * len(terms):
        raise InputError(f"{int(use.sum())} points are too few to level a map.", "", "Level by less, such as the mean.")
    matrix = np.stack([term[use] for term in terms], axis=1)
    found, *_ = np.linalg.lstsq(matrix, heights[use], rcond=None)
    left = heights - np.tensordot(found, np.stack(terms), axes=1)
    return left - _medians(left, use) if levelling == "rows" else left


def _medians(heights: Array, use: NDArray[np.bool_]) -> Array:
    """Return the median of each row's points that count, a column; nothing for a row without any."""
    with np.errstate(all="ignore"):
        rows = np.array([np.median(row[own]) if own.any() else 0.0 for row, own in zip(heights, use, strict=True)])
    return np.asarray(rows[:, None])
