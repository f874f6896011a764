r"""Where a diffractometer reads an angle, and where it is: the zero of its scale and the height of the sample.

.. math:: 2\theta_\mathrm{read} = 2\theta + z - \frac{2 s}{R} \cos\theta

with the zero error z, the distance s of the sample's surface below the axis, and the goniometer's radius R. Lines of a
standard in the sample tell both: what is known of them before is a normal distribution, and the lines sharpen it.

References
----------
H. P. Klug, L. E. Alexander, X-Ray Diffraction Procedures, 2nd ed., Wiley 1974, chapter 5.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import InputError
from lamion.techniques.diffraction.radiation import Radiation

Array = NDArray[np.float64]

ZERO, DISPLACEMENT, RADIUS = 0.02, 1e-4, 0.2
"""Standard uncertainties of what nobody stated, degrees and m; the radius in m of a goniometer that no file names."""
_EXACT = (1e-6, 1e-9)
"""The same of what was said without one."""
FEWEST = 2
_NEAR = 0.4
"""Degrees: how far a standard's line is looked for."""


@dataclass(frozen=True)
class Standard:
    """A cubic powder whose lines are known.

    Parameters
    ----------
    name : str
        For people.
    lattice : float
        Its edge, angstrom.
    diamond : bool
        Whether only the reflections of the diamond lattice are there; all otherwise.
    """

    name: str
    lattice: float
    diamond: bool

    def spacings(self) -> Array:
        """Return the distances of its planes, angstrom, largest first."""
        squares = set()
        for h in range(9):
            for k in range(h + 1):
                for l in range(k + 1):  # noqa: E741  (crystallography's own letter)
                    if h and (not self.diamond or _of_diamond(h, k, l)):
                        squares.add(h * h + k * k + l * l)
        return np.asarray(self.lattice / np.sqrt(sorted(squares)))


def _of_diamond(h: int, k: int, l: int) -> bool:  # noqa: E741
    if len({h % 2, k % 2, l % 2}) > 1:
        return False
    return h % 2 == 1 or (h + k + l) % 4 == 0


STANDARDS = {
    "silicon": Standard("silicon (NIST SRM 640c, 5.43119 angstrom)", 5.4311946, diamond=True),
    "lab6": Standard("lanthanum hexaboride (NIST SRM 660c, 4.15683 angstrom)", 4.156826, diamond=False),
}
"""At 22.5 degC, by the certificates of NIST."""


@dataclass(frozen=True, eq=False)
class Scale:
    """What is known of an angle scale.

    Parameters
    ----------
    zero : float
        z, degrees.
    displacement : float
        s, m.
    covariance : array, shape (2, 2)
        Of both.
    radius : float
        R, m.
    stated : bool
        Whether anybody said zero or displacement, or a standard told them.
    """

    zero: float
    displacement: float
    covariance: Array
    radius: float
    stated: bool = True

    @classmethod
    def of(
        cls,
        zero: tuple[float, float] | None = None,
        displacement: tuple[float, float] | None = None,
        radius: float | None = None,
    ) -> Scale:
        """Make it from values with standard uncertainties, degrees and m; what is not given is 0 and rather unsure."""
        z, s = zero or (0.0, ZERO), displacement or (0.0, DISPLACEMENT)
        known = zero is not None and displacement is not None
        deviations = np.maximum([z[1], s[1]], _EXACT)
        return cls(z[0], s[0], np.diag(deviations**2), radius or RADIUS, known)

    def slopes(self, two_theta: Array) -> Array:
        """Return what a unit of z and of s adds to read angles, degrees, shape (n, 2)."""
        cosine = np.cos(np.radians(np.asarray(two_theta) / 2.0))
        return np.stack([np.ones_like(cosine), -np.degrees(2.0 * cosine / self.radius)], axis=-1)

    def shift(self, two_theta: float) -> float:
        """Return what has to be added to a read angle, degrees."""
        return -float(self.slopes(np.array([two_theta]))[0] @ (self.zero, self.displacement))

    def uncertainty(self, two_theta: float) -> float:
        """Return the standard uncertainty that the scale leaves of an angle, degrees."""
        slope = self.slopes(np.array([two_theta]))[0]
        return float(math.sqrt(max(float(slope @ self.covariance @ slope), 0.0)))

    def with_standard(self, read: Array, expected: Array, deviations: Array) -> Scale:
        r"""Return it sharpened by lines of known place.

        .. math:: C'^{-1} = C^{-1} + J^T W J

        Parameters
        ----------
        read, expected : array, shape (n,)
            Degrees.
        deviations : array, shape (n,)
            Standard uncertainties of what was read, degrees.

        Examples
        --------
        >>> scale = Scale.of(radius=0.2)
        >>> true = np.array([28.44, 47.30, 56.12, 69.13])
        >>> moved = true + scale.slopes(true) @ (0.01, 5e-5)
        >>> found = scale.with_standard(moved, true, np.full(4, 1e-3))
        >>> round(found.shift(28.44), 3), round(found.uncertainty(28.44), 4), round(scale.uncertainty(28.44), 3)
        (0.018, 0.0008, 0.059)
        """
        J = self.slopes(expected)
        weights = 1.0 / np.maximum(deviations, 1e-6) ** 2
        before = np.linalg.inv(self.covariance)
        covariance = np.asarray(np.linalg.inv(before + (J.T * weights) @ J), dtype=np.float64)
        told = before @ (self.zero, self.displacement) + (J.T * weights) @ (read - expected)
        z, s = covariance @ told
        return replace(self, zero=float(z), displacement=float(s), covariance=covariance, stated=True)


def standard_lines(standard: str, radiation: Radiation, positions: Sequence[float]) -> tuple[NDArray[np.intp], Array]:
    """Return which of the positions are a standard's lines, and where these should be.

    Parameters
    ----------
    standard : str
        A key of :data:`STANDARDS`.
    radiation : Radiation
        Of the pattern.
    positions : sequence of float
        Read angles, degrees.

    Raises
    ------
    InputError
        When fewer than two of its lines are there.
    """
    expected = radiation.angle(STANDARDS[standard].spacings())
    read = np.asarray(positions, dtype=np.float64)
    found: dict[int, float] = {}
    for angle in expected[np.isfinite(expected)] if len(read) else ():
        nearest = int(np.argmin(np.abs(read - angle)))
        if abs(read[nearest] - angle) <= _NEAR:
            found.setdefault(nearest, float(angle))
    if len(found) < FEWEST:
        raise InputError(
            f"{len(found)} lines of the standard {standard} are among the peaks.",
            f"Each is looked for within {_NEAR:g} degrees of its place, by the wavelength {radiation.wavelength:g}.",
            "Check that it is in the sample, name its lines with --position, or leave --standard away.",
        )
    return np.array(list(found), dtype=np.intp), np.array(list(found.values()))
