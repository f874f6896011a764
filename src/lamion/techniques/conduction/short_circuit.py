r"""Leads and contacts, measured by closing the cell with a piece of metal in place of the electrolyte.

.. math:: Z_\mathrm{short} = R_\mathrm{lead} + j \omega L_\mathrm{lead}
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.numerics.complex_least_squares import covariance_with_misfit, fit_complex
from lamion.quantities.errors import InputError

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

_FEWEST_POINTS = 4


@dataclass(frozen=True, eq=False)
class Leads:
    """Resistance and inductance in series with the cell.

    Parameters
    ----------
    resistance : float
        Ohm.
    inductance : float
        Henry.
    covariance : array, shape (2, 2)
        Of the two, in ohm2, ohm H and H2.

    Examples
    --------
    >>> Leads(0.2, 1e-7, np.zeros((2, 2))).impedance(np.array([1e5])).round(4)
    array([0.2+0.0628j])
    """

    resistance: float
    inductance: float
    covariance: Array

    def impedance(self, frequency: Array) -> ComplexArray:
        """Return the leads' impedance in ohm at frequencies in Hz, shape (n,)."""
        return np.asarray(self.resistance + 2j * np.pi * frequency * self.inductance, dtype=np.complex128)

    @property
    def resistance_std(self) -> float:
        """Standard uncertainty of the resistance, ohm."""
        return float(np.sqrt(self.covariance[0, 0]))


def leads_from_short(frequency: Array, impedance: ComplexArray) -> Leads:
    """Fit a resistance and an inductance to the spectrum of a shorted cell.

    Linear least squares with modulus weights, the noise from the residuals. Where the residuals keep a structure
    (a resistance that grows with frequency, the skin effect) the covariance is the larger of the formal one and
    that from leaving out one block of neighbouring frequencies after another.

    Parameters
    ----------
    frequency : array, shape (n,)
        Hz.
    impedance : array of complex, shape (n,)
        Ohm.

    Returns
    -------
    Leads

    Raises
    ------
    InputError
        When there are fewer than 4 points, or the spectrum is not that of a short: its resistance is not positive
        or its impedance is capacitive.

    Examples
    --------
    >>> f = np.geomspace(1e5, 1e2, 10)
    >>> leads = leads_from_short(f, 0.25 + 2j * np.pi * f * 3e-7)
    >>> round(leads.resistance, 6), round(leads.inductance * 1e9, 3)
    (0.25, 300.0)
    """
    if len(frequency) < _FEWEST_POINTS:
        raise InputError(
            f"The short-circuit spectrum holds {len(frequency)} points; at least {_FEWEST_POINTS} are needed."
        )
    order = np.argsort(frequency)
    f, z = frequency[order], impedance[order]
    columns = np.stack([np.ones(len(f)), 2j * np.pi * f], axis=1).astype(np.complex128)
    start = [float(np.mean(z.real)), 0.0]
    weights = 1.0 / np.abs(z)
    for _ in range(2):
        fitted = fit_complex(lambda p: columns @ p, lambda p: columns, z, weights, start)
        weights = 1.0 / np.abs(columns @ fitted.parameters)
    _check_short(fitted.parameters[0], z)
    covariance = covariance_with_misfit(fitted)
    return Leads(float(fitted.parameters[0]), float(fitted.parameters[1]), covariance)


def _check_short(resistance: float, impedance: ComplexArray) -> None:
    if resistance <= 0:
        raise InputError(
            f"The short-circuit spectrum has a resistance of {resistance:.3g} ohm, which is not positive.",
            "A short below the instrument's resolution or swapped sense leads are the usual cause.",
            "Measure the short again, or leave it out.",
        )
    if np.mean(-impedance.imag > np.abs(impedance.real)) > 0.2:
        raise InputError(
            "The short-circuit spectrum is capacitive.",
            "It seems to belong to a cell, not to a short.",
            "Give the spectrum of the fixture closed by a piece of metal, or leave it out.",
        )
