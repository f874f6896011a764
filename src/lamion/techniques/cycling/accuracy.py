r"""What the instrument's accuracy leaves of a capacity and of a coulombic efficiency.

.. math:: u_Q^2 = (t\, u_I)^2 + (Q\, u_g)^2 + u_U^2 \left[\left(\frac{\partial Q_c}{\partial U}\right)^2
          + \left(\frac{\partial Q_d}{\partial U}\right)^2\right]

.. math:: \frac{u_\eta^2}{\eta^2} = u_I^2 \left(\frac{t_c}{Q_c} + \frac{t_d}{Q_d}\right)^2
          + 2 u_r^2 \left(\frac{1}{Q_c}\frac{\partial Q_d}{\partial U}\right)^2

An offset of the current adds to a charge and takes from a discharge, so that it counts twice in their ratio; an error
of its gain leaves the ratio alone. A discharge begins where the charge ended, wherever that was, and a constant error
of the voltage moves two ends of discharge alike: of the voltage only what two discharges end apart counts, u_r, and in
the mean over many cycles that of the first and the last.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.techniques.cycling.cycle_table import CycleTable

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Accuracy:
    """Standard uncertainties of a cycler's channel.

    Parameters
    ----------
    current : float
        The current's offset, A.
    gain : float
        The current's gain, relative.
    voltage : float
        V.
    repeatability : float
        Of the voltage from one cycle to the next, V.
    """

    current: float = 0.0
    gain: float = 0.0
    voltage: float = 0.0
    repeatability: float = 0.0

    @property
    def known(self) -> bool:
        """Whether any was given."""
        return self != Accuracy()


def capacity_std(table: CycleTable, accuracy: Accuracy, charge_slope: Array, discharge_slope: Array) -> Array:
    """Return the standard uncertainty of each discharge capacity, A s.

    Parameters
    ----------
    table : CycleTable
        Of n cycles.
    accuracy : Accuracy
        Of the channel.
    charge_slope, discharge_slope : array, shape (n,)
        What more would pass per volt at the end of each half, A s/V.
    """
    parts = [
        accuracy.current * table.discharge_time,
        accuracy.gain * table.discharge_capacity,
        accuracy.voltage * charge_slope,
        accuracy.voltage * discharge_slope,
    ]
    return np.asarray(np.sqrt(np.sum(np.square(parts), axis=0)))


def offset_std(table: CycleTable, accuracy: Accuracy) -> Array:
    """Return what the current's offset leaves of each coulombic efficiency, alike in all.

    Parameters
    ----------
    table : CycleTable
        Of n cycles.
    accuracy : Accuracy
        Of the channel.
    """
    per_charge = table.charge_time / table.charge_capacity + table.discharge_time / table.discharge_capacity
    return np.asarray(table.coulombic_efficiency * accuracy.current * per_charge)


def efficiency_std(table: CycleTable, accuracy: Accuracy, discharge_slope: Array) -> Array:
    """Return the standard uncertainty of each coulombic efficiency.

    Parameters
    ----------
    table : CycleTable
        Of n cycles.
    accuracy : Accuracy
        Of the channel.
    discharge_slope : array, shape (n,)
        What more would pass per volt at the end of each discharge, A s/V.

    References
    ----------
    A. J. Smith, J. C. Burns, D. Xiong, J. R. Dahn, J. Electrochem. Soc. 158 (2011) A1136, doi:10.1149/1.3625232.
    """
    ends = math.sqrt(2) * accuracy.repeatability * discharge_slope / table.charge_capacity
    return np.asarray(np.hypot(offset_std(table, accuracy), ends))
