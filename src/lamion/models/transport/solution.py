"""What a transport simulation returns."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lamion.models.transport.binary_electrolyte import BinaryElectrolyte
from lamion.numerics.tensor_grid import TensorGrid
from lamion.quantities import InputError

Array = NDArray[np.float64]

_PLACES, _WEIGHTS = np.polynomial.legendre.leggauss(12)


@dataclass(frozen=True)
class Terminals:
    """What shows at the electrodes at one time.

    Parameters
    ----------
    time : float
        s.
    current : float
        From the low electrode into the electrolyte, A per m2 of film, on the average.
    voltage : float
        Of the low electrode against the high one, V.
    potential_drop : float
        The electrostatic part, between the electrolyte at the low and at the high electrode, V.
    low, high : float
        Concentration in the electrolyte at each electrode, the average over its area, mol/m3.
    lowest : float
        The lowest concentration at any place of an electrode, mol/m3.
    """

    time: float
    current: float
    voltage: float
    potential_drop: float
    low: float
    high: float
    lowest: float

    @property
    def drop(self) -> float:
        """Concentration at the low electrode less that at the high one, mol/m3."""
        return self.low - self.high


@dataclass(frozen=True, eq=False)
class Solution:
    """Fields at the times asked for, and what the electrodes show at every step.

    Parameters
    ----------
    grid : TensorGrid
        The cells.
    times : tuple of float
        Times of the fields, s; those after a depletion are left out.
    concentration : array, shape (times, *grid.shape)
        mol/m3; not a number outside the electrolyte.
    potential : array, shape (times, *grid.shape)
        Of a lithium electrode at that place, V.
    terminals : tuple of Terminals
        At every step.
    depletion_time : float
        When the salt was used up at an electrode, s; infinite where it was not.
    steps : int
        Accepted steps.
    solves : int
        Linear systems solved.
    """

    grid: TensorGrid
    times: tuple[float, ...]
    concentration: Array
    potential: Array
    terminals: tuple[Terminals, ...]
    depletion_time: float
    steps: int
    solves: int

    def series(self, name: str) -> Array:
        """Return a column of the terminals.

        Parameters
        ----------
        name : str
            A field of :class:`Terminals`.
        """
        return np.array([getattr(item, name) for item in self.terminals])

    def at(self, time: float) -> Terminals:
        """Return what the electrodes show at a time that was asked for.

        Parameters
        ----------
        time : float
            s.

        Raises
        ------
        InputError
            At a time after the depletion, or one that was not asked for.
        """
        if time > self.depletion_time:
            raise depleted(time, self.depletion_time)
        found: Any = next((item for item in self.terminals if math.isclose(item.time, time, rel_tol=1e-12)), None)
        if found is None:
            raise InputError(f"The time {time:g} s is none of those asked for.", "", "Ask for it beforehand.")
        return found  # type: ignore[no-any-return]


def too_steep(current: float) -> InputError:
    """Return the refusal of a current that would use up the salt in half a cell of the grid.

    Parameters
    ----------
    current : float
        A/m2.
    """
    return InputError(
        f"A current of {current / 10:.4g} mA/cm2 uses up the salt at an electrode at once, as far as the grid shows.",
        "The current is far above the limiting current, or the cells at the electrode are too wide.",
        "Take a smaller current or finer cells.",
    )


def depleted(time: float, end: float) -> InputError:
    """Return the refusal of a time after the depletion.

    Parameters
    ----------
    time, end : float
        Asked for, and when the salt is used up, s.
    """
    return InputError(
        f"The salt at the plating electrode is used up at {end:.4g} s, before the {time:.6g} s asked for.",
        "The current is above the limiting current.",
        "Ask for an earlier time or a smaller current.",
    )


def electrode_potential_step(electrolyte: BinaryElectrolyte, low: Array, high: Array) -> Array:
    r"""Return :math:`(RT/F)\int\chi\,d\ln c`, what a lithium electrode's potential gains with concentration, V.

    Parameters
    ----------
    electrolyte : BinaryElectrolyte
        Its thermodynamic factor and temperature.
    low, high : array
        Concentrations from and to which, mol/m3, larger than zero.
    """
    start, span = np.log(low), np.log(high) - np.log(low)
    c = np.exp(start[..., np.newaxis] + span[..., np.newaxis] * (1 + _PLACES) / 2)
    return electrolyte.thermal_voltage * span * (electrolyte.thermodynamic_factor.value(c) @ (_WEIGHTS / 2))
