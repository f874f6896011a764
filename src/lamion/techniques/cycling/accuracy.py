r"""What the instrument's accuracy leaves of a capacity and of a coulombic efficiency.

.. math:: u_Q^2 = (t\, u_I)^2 + \left(\frac{\partial Q}{\partial U} u_U\right)^2, \qquad
          \frac{u_\eta^2}{\eta^2} = u_I^2 \left(\frac{t_c}{Q_c} + \frac{t_d}{Q_d}\right)^2
          + \frac{u_U^2}{Q_c^2} \left(\frac{\partial Q_c}{\partial U}\right)^2
          + \frac{u_U^2}{Q_d^2} \left(\frac{\partial Q_d}{\partial U}\right)^2

An offset of the current adds to a charge and takes from a discharge, so that it counts twice in their ratio; an error
of its gain leaves the ratio alone. An error of the voltage moves where a half-cycle ends.
"""

from __future__ import annotations

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
    """

    current: float = 0.0
    gain: float = 0.0
    voltage: float = 0.0

    @property
    def known(self) -> bool:
        """Whether any was given."""
        return max(self.current, self.gain, self.voltage) > 0


def capacity_std(table: CycleTable, accuracy: Accuracy, discharge_slope: Array) -> Array:
    """Return the standard uncertainty of each discharge capacity, A s.

    Parameters
    ----------
    table : CycleTable
        Of n cycles.
    accuracy : Accuracy
        Of the channel.
    discharge_slope : array, shape (n,)
        What more would pass per volt at the end of each discharge, A s/V.
    """
    parts = [
        accuracy.current * table.discharge_time,
        accuracy.gain * table.discharge_capacity,
        accuracy.voltage * discharge_slope,
    ]
    return np.asarray(np.sqrt(np.sum(np.square(parts), axis=0)))


def efficiency_std(table: CycleTable, accuracy: Accuracy, charge_slope: Array, discharge_slope: Array) -> Array:
    """Return the standard uncertainty of each coulombic efficiency.

    Parameters
    ----------
    table : CycleTable
        Of n cycles.
    accuracy : Accuracy
        Of the channel.
    charge_slope, discharge_slope : array, shape (n,)
        What more would pass per volt at the end of each half, A s/V.

    References
    ----------
    A. J. Smith, J. C. Burns, D. Xiong, J. R. Dahn, J. Electrochem. Soc. 158 (2011) A1136, doi:10.1149/1.3625232.
    """
    parts = [
        accuracy.current
        * (table.charge_time / table.charge_capacity + table.discharge_time / table.discharge_capacity),
        accuracy.voltage * charge_slope / table.charge_capacity,
        accuracy.voltage * discharge_slope / table.discharge_capacity,
    ]
    return np.asarray(table.coulombic_efficiency * np.sqrt(np.sum(np.square(parts), axis=0)))
