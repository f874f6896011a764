"""Powder patterns of known peaks, sizes and halo, over a background, with the noise of counting."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.synthetic.spectra import Line, Truth
from lamion.techniques.diffraction.angles import RADIUS, Scale
from lamion.techniques.diffraction.radiation import Radiation, radiation_named
from lamion.techniques.diffraction.size import CONSTANT

Array = NDArray[np.float64]


@dataclass(frozen=True)
class PowderTruth:
    """What lies under a pattern.

    Parameters
    ----------
    peaks : sequence of (float, float)
        Two theta of K-alpha1 in degrees, and its area in counts times degrees.
    size : float
        Of the crystallites, nm: a Lorentzian breadth.
    strain : float
        The same, over 4 tan(theta).
    instrument : float
        The instrument's width, a Gaussian one, degrees.
    halo : (float, float, float), optional
        Place, width and area of what is amorphous.
    background : sequence of float
        Of a polynomial over the range, the constant first.
    radiation : Radiation, optional
        Copper's two lines without it.
    zero, displacement : float
        Errors of the angles, degrees and m at a radius of 200 mm.
    """

    peaks: Sequence[tuple[float, float]]
    size: float
    strain: float = 0.0
    instrument: float = 0.08
    halo: tuple[float, float, float] | None = None
    background: Sequence[float] = (100.0,)
    radiation: Radiation | None = None
    zero: float = 0.0
    displacement: float = 0.0

    @property
    def rays(self) -> Radiation:
        """Its X-rays."""
        return radiation_named("CuKa") if self.radiation is None else self.radiation

    @property
    def crystallinity(self) -> float:
        """The peaks' share of the area, K-alpha2 included."""
        rays = self.rays
        whole = sum(area for _, area in self.peaks) * (1.0 + (rays.ratio if rays.has_second else 0.0))
        return whole / (whole + (self.halo[2] if self.halo else 0.0))

    def breadth(self, two_theta: float) -> float:
        """Return the sample's part of a width at half maximum, degrees."""
        theta = math.radians(two_theta / 2.0)
        of_size = CONSTANT * self.rays.wavelength / (10.0 * self.size * math.cos(theta))
        return math.degrees(of_size + 4.0 * self.strain * math.tan(theta))

    def width(self, two_theta: float) -> float:
        """Return the whole width at half maximum of a Voigt profile, degrees."""
        own = self.breadth(two_theta)
        return 0.5346 * own + math.sqrt(0.2166 * own**2 + self.instrument**2)

    def truth(self) -> Truth:
        """Return its lines, the halo last."""
        lines = [line for at, area in self.peaks for line in self._pair(at, area)]
        if self.halo is not None:
            at, width, area = self.halo
            lines.append(Line(at, width, area, "gaussian", ()))
        return Truth(lines, self.background, noise=1.0, counting=True)

    def measured(self, x: ArrayLike, seed: int | Sequence[int]) -> Array:
        """Return counts over two theta, shape (n,).

        Parameters
        ----------
        x : array-like, shape (n,)
            Degrees.
        seed : int or sequence of int
            Of the noise.

        Examples
        --------
        >>> truth = PowderTruth([(19.1, 300.0)], size=20.0)
        >>> truth.measured(np.linspace(18.0, 20.0, 5), 1).tolist()
        [123.0, 162.0, 660.0, 259.0, 144.0]
        """
        return self.truth().measured(x, seed)

    def _pair(self, two_theta: float, area: float) -> list[Line]:
        rays = self.rays
        found = [self._line(two_theta, two_theta, area)]
        if rays.has_second and rays.second is not None:
            sine = rays.second / rays.wavelength * math.sin(math.radians(two_theta / 2.0))
            found.append(self._line(2.0 * math.degrees(math.asin(sine)), two_theta, area * rays.ratio))
        return found

    def _line(self, at: float, two_theta: float, area: float) -> Line:
        """Return a line where it is read, with the width at its peak's own angle."""
        width = self.width(two_theta)
        scale = Scale.of((self.zero, 0.0), (self.displacement, 0.0), RADIUS)
        return Line(at - scale.shift(at), width, area, "voigt", (self.breadth(two_theta) / width,))
