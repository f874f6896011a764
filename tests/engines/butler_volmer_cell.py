r"""A cell whose charge transfer follows Butler and Volmer, driven by a voltage of any amplitude: a known non-linearity.

.. math:: i = 2 i_0 \sinh\frac{F u}{2 R_g T}, \qquad u = a \sin\omega t \quad\Rightarrow\quad
          i = 4 i_0 \sum_{k \ge 0} (-1)^k I_{2k+1}(b) \sin (2k+1)\omega t, \quad b = \frac{F a}{2 R_g T}

with the modified Bessel functions I. The first harmonic gives the resistance that a spectrum shows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.quantities.constants import FARADAY, GAS
from lamion.quantities.errors import InputError

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]


@dataclass(frozen=True)
class ButlerVolmerCell:
    """Series resistance and one interface: charge transfer (coefficient one half) beside a double layer.

    Parameters
    ----------
    series_resistance : float
        Ohm.
    charge_transfer : float
        Its resistance at small amplitude, ohm.
    capacitance : float
        Of the double layer, F.
    temperature : float
        K.

    Examples
    --------
    >>> cell = ButlerVolmerCell(5.0, 100.0, 1e-5)
    >>> round(cell.resistance(0.050), 1)
    89.0
    """

    series_resistance: float
    charge_transfer: float
    capacitance: float
    temperature: float = 298.15

    def __post_init__(self) -> None:
        if not min(self.series_resistance, self.charge_transfer, self.capacitance, self.temperature) > 0:
            raise InputError("A synthetic charge transfer needs resistances, capacitance and temperature above zero.")

    def reduced(self, amplitude: float) -> float:
        """Return b, the amplitude across the interface in V over twice the thermal voltage."""
        return amplitude * FARADAY / (2 * GAS * self.temperature)

    def resistance(self, amplitude: float) -> float:
        r"""Return the charge-transfer resistance that an amplitude shows, :math:`R b / (2 I_1(b))`, ohm.

        Parameters
        ----------
        amplitude : float
            Across the interface, V.
        """
        from scipy.special import iv

        b = self.reduced(amplitude)
        return self.charge_transfer * b / (2 * float(iv(1, b)))

    def harmonics(self, amplitude: float, count: int) -> Array:
        """Return the amplitudes of the faradaic current at the fundamental and the harmonics 2 to `count`, A.

        Parameters
        ----------
        amplitude : float
            Across the interface, V.
        count : int
            The highest harmonic.
        """
        from scipy.special import iv

        b = self.reduced(amplitude)
        exchange = GAS * self.temperature / (FARADAY * self.charge_transfer)
        order = np.arange(1, count + 1)
        return np.where(order % 2 == 1, 4 * exchange * iv(order, b), 0.0)

    def impedance(self, frequency: Array, amplitude: float) -> ComplexArray:
        """Return the impedance of the fundamental, ohm.

        Parameters
        ----------
        frequency : array, shape (n,)
            Hz.
        amplitude : float
            Across the interface, V, the same at every frequency.
        """
        s = 2j * np.pi * np.asarray(frequency, dtype=np.float64)
        resistance = self.resistance(amplitude)
        return np.asarray(self.series_resistance + resistance / (1 + s * resistance * self.capacitance))
