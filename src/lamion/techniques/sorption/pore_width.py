r"""The width of slit-shaped micropores by Horvath and Kawazoe, of nitrogen at 77 K between walls of carbon.

.. math:: \ln x = \frac{N_A}{R T} \frac{N_s A_s + N_a A_a}{\sigma^4 (l - d)} \left[
    \frac{\sigma^4}{3 (l - d/2)^3} - \frac{\sigma^{10}}{9 (l - d/2)^9} - \frac{\sigma^4}{3 (d/2)^3}
    + \frac{\sigma^{10}}{9 (d/2)^9}\right]

.. math:: A_s = \frac{6 m c^2 \alpha_s \alpha_a}{\alpha_s/\chi_s + \alpha_a/\chi_a}, \qquad
    A_a = \tfrac32 m c^2 \alpha_a \chi_a, \qquad w = l - d_s, \qquad d = d_s + d_a, \qquad \sigma = (2/5)^{1/6} d/2

with the distance l of the walls' atoms, the free width w, and the relative pressure x at which such a pore fills; the
polarisability alpha and the magnetic susceptibility chi of a wall's atom (s) and of the gas (a). The susceptibility of
nitrogen is 2.0 in the first work and 3.6 (1e-35 m3) in later ones, which moves every width by 0.1 to 0.2 nm.

References
----------
G. Horvath, K. Kawazoe, J. Chem. Eng. Jpn. 16 (1983) 470, doi:10.1252/jcej.16.470; A. Saito, H. C. Foley, AIChE J. 37
(1991) 429, doi:10.1002/aic.690370312.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.quantities.constants import AVOGADRO, GAS

Array = NDArray[np.float64]

NARROWEST, WIDEST = 0.35, 1.6
"""nm, of the free widths that the equation is used for."""
MARGIN = 10.0
"""The lowest relative pressure lies so many times below that at which a pore fills, so that its filling is seen."""
_BELOW = 3
"""Points of the branch below the filling, at least."""
_REST_ENERGY = 8.1871058e-14
"""J, of an electron."""
_TEMPERATURE = 77.355


@dataclass(frozen=True)
class Constants:
    """What the equation knows of nitrogen and a wall of carbon.

    Parameters
    ----------
    name : str
        Whose they are.
    polarisability, susceptibility : float
        Of nitrogen, m3.
    """

    name: str
    polarisability: float
    susceptibility: float


LATER = Constants("later works", 1.7403e-30, 3.6e-35)
FIRST = Constants("Horvath and Kawazoe's", 1.46e-30, 2.0e-35)
_WALL = (1.02e-30, 13.5e-35, 3.845e19, 0.34e-9)
"""Of a carbon atom: polarisability and susceptibility, m3, how many are on a m2, and its diameter, m."""
_GAS = (6.7e18, 0.30e-9)
"""Of nitrogen: molecules on a m2, and their diameter, m."""


def filling_pressure(width: ArrayLike, constants: Constants = LATER) -> Array:
    """Return the relative pressure at which pores of a free width in nm fill.

    Parameters
    ----------
    width : array-like
        nm.
    constants : Constants
        Of the equation.

    Examples
    --------
    >>> f"{filling_pressure(0.59):.2g}", f"{filling_pressure(0.59, FIRST):.2g}"
    ('1.9e-07', '0.00014')
    """
    alpha_s, chi_s, many_s, wall = _WALL
    many_a, gas = _GAS
    alpha_a, chi_a = constants.polarisability, constants.susceptibility
    dispersion = 6 * _REST_ENERGY * alpha_s * alpha_a / (alpha_s / chi_s + alpha_a / chi_a)
    own = 1.5 * _REST_ENERGY * alpha_a * chi_a
    apart = np.asarray(width, dtype=np.float64) * 1e-9 + wall
    half = (wall + gas) / 2.0
    sigma = (2.0 / 5.0) ** (1.0 / 6.0) * half
    near = apart - half
    core = sigma**4 / 3.0 * (near**-3 - half**-3) - sigma**10 / 9.0 * (near**-9 - half**-9)
    strength = AVOGADRO / (GAS * _TEMPERATURE) * (many_s * dispersion + many_a * own)
    return np.asarray(np.exp(strength / (sigma**4 * (apart - 2.0 * half)) * core))


def width_of(relative: ArrayLike, constants: Constants = LATER) -> Array:
    """Return the free width in nm of pores that fill at a relative pressure; not a number outside of 0.35 to 1.6 nm."""
    grid = np.linspace(NARROWEST, WIDEST, 5001)
    pressures = filling_pressure(grid, constants)
    x = np.asarray(relative, dtype=np.float64)
    found = np.interp(np.log(np.maximum(x, 1e-300)), np.log(pressures), grid, np.nan, np.nan)
    return np.asarray(found)


def needed_pressure(width: float) -> float:
    """Return the relative pressure from which on an isotherm has to be measured to show pores of a free width in nm.

    By the constants that ask for less; by the others it had to be lower still.

    Examples
    --------
    >>> f"{needed_pressure(0.59):.1g}"
    '1e-05'
    """
    return float(max(filling_pressure(width, one) for one in (FIRST, LATER))) / MARGIN


@dataclass(frozen=True, eq=False)
class PoreWidths:
    """How the pores' volume is distributed over their width.

    Parameters
    ----------
    width : array, shape (m,)
        Middles between neighbouring points, nm.
    density : array, shape (m,)
        Of the liquid's volume per width, cm3/(g nm).
    mode : float or None
        Where it is largest; None where the pressures do not support it.
    spacing : float
        Half the distance of the points about the mode, nm.
    constants : float
        How far the mode lies by the first work's constants, nm.
    narrowest : float
        The width that fills at the lowest pressure, nm.
    reason : str
        Why there is no mode.
    """

    width: Array
    density: Array
    mode: float | None
    spacing: float
    constants: float
    narrowest: float
    reason: str = ""


def pore_widths_raw(relative: ArrayLike, loading: ArrayLike, liquid: float) -> PoreWidths:
    """Distribute the uptake of nitrogen at 77 K over widths, and say the most frequent one only where it is seen.

    Parameters
    ----------
    relative, loading : array-like, shape (n,)
        Of the adsorption branch; mol/kg.
    liquid : float
        The liquid's molar volume, cm3/mol.

    Notes
    -----
    A mode is supported where the branch begins at a tenth of the pressure at which such pores fill or below, with three
    points before it: else the largest density is only where the measurement began.
    """
    x, n = np.asarray(relative, dtype=np.float64), np.asarray(loading, dtype=np.float64)
    w = width_of(x)
    kept = np.isfinite(w)
    narrowest = float(w[kept][0]) if kept.any() else float("nan")
    if np.count_nonzero(kept) < _BELOW + 2:
        return PoreWidths(
            np.empty(0), np.empty(0), None, 0.0, 0.0, narrowest, "too few points lie where micropores fill"
        )
    w, volume = w[kept], liquid * n[kept] / 1e3
    density = np.diff(volume) / np.maximum(np.diff(w), 1e-9)
    middle = (w[1:] + w[:-1]) / 2.0
    top = int(np.argmax(density))
    mode, lowest = float(middle[top]), float(x[0])
    seen = lowest <= float(filling_pressure(mode)) / MARGIN and top >= _BELOW
    spacing = float((w[min(top + 2, len(w) - 1)] - w[max(top - 1, 0)]) / 4.0)
    if seen:
        other = float(width_of(filling_pressure(mode), FIRST))
        away = mode - (other if np.isfinite(other) else NARROWEST)
        return PoreWidths(middle, density, mode, spacing, away, narrowest)
    reason = (
        f"the density is largest at {mode:.2f} nm, where pores fill at p/p0 = {filling_pressure(mode):.1g}, and the "
        f"lowest pressure is {lowest:.1g}"
    )
    return PoreWidths(middle, density, None, spacing, 0.0, narrowest, reason)
