"""Spectra of known components over a baseline, with the noise of a detector or of counting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.techniques.peaks.shapes import shape_named

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Line:
    """A component of known position, width and area.

    Parameters
    ----------
    position, width : float
        In the abscissa's unit.
    area : float
        In that times the ordinate's.
    shape : str
        One of :data:`lamion.techniques.peaks.shapes.SHAPES`.
    extras : tuple of float
        The shape's own parameters, such as the mixing.
    """

    position: float
    width: float
    area: float
    shape: str = "pseudo-voigt"
    extras: tuple[float, ...] = (0.3,)

    def at(self, x: ArrayLike) -> Array:
        """Return its ordinate, shape (n,)."""
        t = (np.asarray(x, dtype=np.float64) - self.position) / self.width
        own = [np.array([[value]]) for value in self.extras]
        return np.asarray(self.area / self.width * shape_named(self.shape).profile(t[None], *own)[0])


@dataclass(frozen=True)
class Truth:
    """What lies under a spectrum.

    Parameters
    ----------
    lines : sequence of Line
        Its components.
    baseline : sequence of float
        Of a polynomial in the abscissa less its middle, over half its span: the constant first.
    noise : float
        The standard deviation of a constant noise, or, with `counting`, the gain of that of counting.
    counting : bool
        Whether the noise is that of counting.
    """

    lines: Sequence[Line]
    baseline: Sequence[float] = field(default=(0.0,))
    noise: float = 0.0
    counting: bool = False

    def signal(self, x: ArrayLike) -> Array:
        """Return the ordinate without noise, shape (n,)."""
        at = np.asarray(x, dtype=np.float64)
        u = (2 * at - at.max() - at.min()) / np.ptp(at)
        return np.asarray(np.polynomial.polynomial.polyval(u, self.baseline) + sum(line.at(at) for line in self.lines))

    def measured(self, x: ArrayLike, seed: int | Sequence[int]) -> Array:
        """Return the ordinate with noise, shape (n,).

        Parameters
        ----------
        x : array-like, shape (n,)
            The abscissa.
        seed : int or sequence of int
            Of the noise.

        Examples
        --------
        >>> truth = Truth([Line(740.0, 5.0, 100.0)], [10.0], noise=0.1)
        >>> truth.measured(np.linspace(720.0, 760.0, 5), 1).round(1).tolist()
        [10.1, 10.3, 27.0, 10.1, 10.1]
        """
        signal, rng = self.signal(x), np.random.default_rng(seed)
        if self.counting:
            return np.asarray(self.noise * rng.poisson(np.maximum(signal, 0.0) / self.noise).astype(np.float64))
        return np.asarray(signal + self.noise * rng.standard_normal(len(signal)))

    def share(self, line: int) -> float:
        """Return a component's share of the area of all."""
        return self.lines[line].area / sum(one.area for one in self.lines)
