r"""Tougaard's background: electrons that lost energy on their way out, by a cross-section of losses.

.. math:: B(E) = I_\mathrm{low} + \int_{E_\mathrm{low}}^{E} K(E - E')\,[I(E') - I_\mathrm{low}]\,\mathrm{d}E'

with binding energies E, and the universal cross-section of two parameters, or that of three for a narrow plasmon,

.. math:: K(T) = \frac{B\,T}{(C + T^2)^2}, \qquad K(T) = \frac{B\,T}{(C - T^2)^2 + D\,T^2} \quad (T > T_0)

References
----------
S. Tougaard, Surf. Interface Anal. 11 (1988) 453, doi:10.1002/sia.740110902; 25 (1997) 137,
doi:10.1002/(SICI)1096-9918(199703)25:3<137::AID-SIA230>3.0.CO;2-L (three parameters).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class CrossSection:
    """A cross-section of losses.

    Parameters
    ----------
    scale, square : float
        B and C, eV2.
    width : float or None
        D of three parameters, eV2; None for two.
    gap : float
        T0, the least loss, eV.

    Examples
    --------
    >>> bool(abs(UNIVERSAL.at(np.array([23.4]))[0] - 0.0140) < 1e-4)
    True
    """

    scale: float
    square: float
    width: float | None = None
    gap: float = 0.0

    def at(self, loss: Array) -> Array:
        """Return K, 1/eV, at losses in eV."""
        if self.width is None:
            below = (self.square + loss**2) ** 2
        else:
            below = (self.square - loss**2) ** 2 + self.width * loss**2
        return np.asarray(np.where(loss > self.gap, self.scale * loss / below, 0.0))


UNIVERSAL = CrossSection(2866.0, 1643.0)
"""Of noble and transition metals, and near enough of many oxides."""


def losses(energy: Array, counts: Array, least: float, section: CrossSection = UNIVERSAL) -> Array:
    """Return how many electrons lost energy: the background less its constant, shape (n,).

    Parameters
    ----------
    energy : array, shape (n,)
        Binding energy in eV, rising.
    counts : array, shape (n,)
        In any unit.
    least : float
        The background at the lowest binding energy, in the same unit.
    section : CrossSection
        Of the losses.

    Examples
    --------
    >>> x = np.linspace(0.0, 60.0, 601)
    >>> line = np.exp(-4 * np.log(2) * ((x - 5) / 2) ** 2)
    >>> found = losses(x, line, 0.0)
    >>> bool(found[0] == 0.0 and abs(x[found.argmax()] - 28.4) < 0.5)
    True
    """
    steps = np.diff(energy)
    weights = np.concatenate([[steps[0]], steps[1:] + steps[:-1], [steps[-1]]]) / 2
    return np.asarray(section.at(energy[:, None] - energy[None, :]) @ (weights * (counts - least)))
