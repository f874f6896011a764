r"""What opened between two spectra of one cell: an ohmic path beside it, or more of what was there.

.. math:: Y_2 - Y_1 = g + s Y_1, \qquad Y = 1/Z

A metal that grows through the electrolyte adds a conductance g, real and the same at every frequency. A warmer or a
larger cell conducts better by a share s, phase and all.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.quantities.errors import InputError
from lamion.quantities.level import LEVEL, coverage_factor
from lamion.records.impedance import ImpedanceSpectrum

_CLEAR = 5.0
_SHARE = 0.1
_UNCLEAR = 3.0


@dataclass(frozen=True)
class Shunt:
    """The change from one spectrum to the next.

    Parameters
    ----------
    conductance : float
        g in S; negative where a path closes.
    conductance_margin : float
        Half its interval in S.
    scaling : float
        s.
    scaling_margin : float
        Half its interval.
    share : float
        g over the mean admittance afterwards: by which part of the voltage a current falls through it.
    """

    conductance: float
    conductance_margin: float
    scaling: float
    scaling_margin: float
    share: float

    @property
    def opens(self) -> bool:
        """Whether a path opens that takes a tenth of the current or more, and nothing else changes as much."""
        clear = self.conductance > _CLEAR * self.conductance_margin and self.share >= _SHARE
        return clear and abs(self.scaling) < max(_UNCLEAR * self.scaling_margin, self.share / 2)


def shunt_raw(frequency: NDArray[np.float64], before: NDArray[np.complex128], after: NDArray[np.complex128]) -> Shunt:
    """Split a change of admittance.

    Parameters
    ----------
    frequency : array, shape (n,)
        Hz, of both; three or more.
    before, after : array of complex, shape (n,)
        Impedances in ohm.

    Notes
    -----
    Both are told apart by the phase alone: of a spectrum that is real at all frequencies, both intervals are wide.

    Examples
    --------
    >>> f = np.geomspace(1.0, 1e3, 10)
    >>> cell = 100 + 100 / (1 + 1j * f / 30)
    >>> found = shunt_raw(f, cell, 1 / (1 / cell + 2e-3))
    >>> round(found.conductance * 1e3, 3), abs(round(found.scaling, 3)), found.opens
    (2.0, 0.0, True)
    """
    if len(frequency) < 3:
        raise InputError("Spectra of fewer than three points do not tell a path from a better cell.")
    Y = 1.0 / before
    dY = 1.0 / after - Y
    columns = np.stack([np.concatenate([np.ones(len(Y)), np.zeros(len(Y))]), np.concatenate([Y.real, Y.imag])], axis=1)
    target = np.concatenate([dY.real, dY.imag])
    (g, s), *_ = np.linalg.lstsq(columns, target, rcond=None)
    residuals = target - columns @ (g, s)
    freedom = len(target) - 2
    variances = np.diag(np.linalg.inv(columns.T @ columns)) * float(residuals @ residuals) / freedom
    margins = coverage_factor(LEVEL, freedom) * np.sqrt(np.maximum(variances, 0.0))
    share = float(g / np.mean(np.abs(1.0 / after)))
    return Shunt(float(g), float(margins[0]), float(s), float(margins[1]), share)


def shunt(before: ImpedanceSpectrum, after: ImpedanceSpectrum) -> Shunt:
    """Split the change between two spectra of one cell at the same frequencies."""
    f = before.frequency
    if f.shape != after.frequency.shape or not np.allclose(f, after.frequency, rtol=1e-3):
        raise InputError("The spectra are not at the same frequencies.", "", "Give sweeps of one programme.")
    return shunt_raw(f, before.impedance, after.impedance)


def nearest_resistance(spectrum: ImpedanceSpectrum, frequency: float | None = None) -> float:
    """Return Re Z in ohm at the frequency nearest to one in Hz, by default the lowest."""
    target = float(np.min(spectrum.frequency)) if frequency is None else frequency
    distance = [abs(math.log(f / target)) for f in spectrum.frequency]
    return float(spectrum.impedance.real[int(np.argmin(distance))])
