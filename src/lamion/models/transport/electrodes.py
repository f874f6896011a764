r"""Charge transfer at lithium electrodes: Butler and Volmer with a symmetry factor of one half.

.. math:: j = 2 i_0 \sinh\frac{F\eta}{2RT}, \qquad i_0 = i_0^\circ \sqrt{c/c^\circ}, \qquad R_{ct} = \frac{RT}{F i_0}
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.quantities import InputError
from lamion.quantities.constants import FARADAY, GAS
from lamion.quantities.properties import ROOM_TEMPERATURE

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Kinetics:
    r"""The charge transfer of one electrode.

    Parameters
    ----------
    exchange_current : float
        :math:`i_0` at `concentration`, A/m2; infinite for a reversible electrode.
    temperature : float
        K.
    concentration : float or None
        Where the exchange current holds, mol/m3: it goes with the square root of the concentration at the electrode.
        None where it is taken as constant.

    References
    ----------
    J. Newman, K. E. Thomas-Alyea, Electrochemical Systems, 3rd ed., Wiley, 2004, chapter 8.

    Examples
    --------
    >>> kinetics = from_resistance(24.5e-4, 298.15)
    >>> round(kinetics.exchange_current, 2)
    10.49
    >>> float(np.round(1e3 * kinetics.overpotential(np.array([0.1]), np.array([1.0]))[0], 4))
    0.245
    """

    exchange_current: float
    temperature: float
    concentration: float | None = None

    def __post_init__(self) -> None:
        if not self.exchange_current > 0:
            raise InputError(
                f"The exchange current is {self.exchange_current:g} A/m2, not larger than zero.", "", "Check it."
            )

    @property
    def reversible(self) -> bool:
        """Whether charge transfer costs nothing."""
        return math.isinf(self.exchange_current)

    def overpotential(self, current: Array, concentration: Array) -> Array:
        r"""Return :math:`\eta = (2RT/F)\,\mathrm{arsinh}(j/2i_0)`, V.

        Parameters
        ----------
        current : array
            j from the electrode into the electrolyte, A/m2.
        concentration : array
            At the electrode, mol/m3.
        """
        if self.reversible:
            return np.zeros_like(current)
        return np.asarray(self._scale * np.arcsinh(current / (2 * self._exchange(concentration))))

    def of_both(self, current: ArrayLike, dissolving: ArrayLike, plating: ArrayLike) -> Array:
        """Return the overpotential of both electrodes of a Li|Li cell, V.

        Parameters
        ----------
        current : array-like
            A/m2.
        dissolving, plating : array-like
            The salt at the electrode that dissolves and at the one that is plated, mol/m3.
        """
        flowing = np.asarray(current, dtype=float)
        first, second = (np.asarray(salt, dtype=float) for salt in (dissolving, plating))
        return self.overpotential(flowing, first) + self.overpotential(flowing, second)

    def slopes(self, current: Array, concentration: Array) -> tuple[Array, Array]:
        """Return the derivatives of the overpotential by current and by concentration.

        Parameters
        ----------
        current : array
            A/m2.
        concentration : array
            mol/m3.
        """
        if self.reversible:
            return np.zeros_like(current), np.zeros_like(current)
        exchange = self._exchange(concentration)
        root = np.sqrt(current**2 + 4 * exchange**2)
        by_exchange = -self._scale * current / (exchange * root)
        grows = 0.0 if self.concentration is None else 0.5 * exchange / concentration
        return self._scale / root, np.asarray(by_exchange * grows)

    @property
    def _scale(self) -> float:
        return 2 * GAS * self.temperature / FARADAY

    def _exchange(self, concentration: Array) -> Array:
        if self.concentration is None:
            return np.full_like(concentration, self.exchange_current)
        return np.asarray(self.exchange_current * np.sqrt(concentration / self.concentration))


REVERSIBLE = Kinetics(math.inf, ROOM_TEMPERATURE.si)
"""An electrode at which charge transfer costs nothing."""


def from_resistance(resistance: float, temperature: float, *, concentration: float | None = None) -> Kinetics:
    r"""Return the kinetics of a charge-transfer resistance, :math:`i_0 = RT/(F R_{ct})`.

    Parameters
    ----------
    resistance : float
        :math:`R_{ct}` of one electrode, ohm m2; zero for a reversible one.
    temperature : float
        K.
    concentration : float, optional
        As in :class:`Kinetics`.

    Raises
    ------
    InputError
        When the resistance is negative.
    """
    if not (resistance >= 0 and math.isfinite(resistance)):
        raise InputError(
            f"The charge-transfer resistance is {1e4 * resistance:g} ohm cm2, not zero or more.", "", "Check its sign."
        )
    exchange = math.inf if resistance == 0 else GAS * temperature / (FARADAY * resistance)
    return Kinetics(exchange, temperature, concentration)
