r"""What each cycle of a cell gave: capacity, energy, efficiencies, voltages.

.. math:: \eta_Q = \frac{Q_\mathrm{discharge}}{Q_\mathrm{charge}}, \qquad
          \eta_E = \frac{E_\mathrm{discharge}}{E_\mathrm{charge}}, \qquad \bar U = \frac{E}{Q}
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.quantities.errors import InputError
from lamion.techniques.cycling.half_cycles import HalfCycles

Array = NDArray[np.float64]
Counts = NDArray[np.int64]

_SHORT_OF = 0.02
"""A half-cycle that ends further from where others end, as a share of the window, was not run to its end."""
_WHOLE = 0.8


@dataclass(frozen=True, eq=False)
class CycleTable:
    """One row a cycle; every array has shape (n,). Not a number stands where a cycle lacks a half.

    Parameters
    ----------
    number : array of int
        The cycle.
    charge_capacity, discharge_capacity : array
        A s.
    charge_energy, discharge_energy : array
        J.
    charge_time, discharge_time : array
        With current, s.
    complete : array of bool
        Whether both halves are there and went to where most others end.
    discharge_first : bool
        Whether a cycle begins with its discharge.
    """

    number: Counts
    charge_capacity: Array
    discharge_capacity: Array
    charge_energy: Array
    discharge_energy: Array
    charge_time: Array
    discharge_time: Array
    complete: NDArray[np.bool_]
    discharge_first: bool

    @property
    def coulombic_efficiency(self) -> Array:
        """Discharged over charged."""
        return self.discharge_capacity / self.charge_capacity

    @property
    def energy_efficiency(self) -> Array:
        """Of the energies."""
        return self.discharge_energy / self.charge_energy

    @property
    def charge_voltage(self) -> Array:
        """The average, by charge, V."""
        return self.charge_energy / self.charge_capacity

    @property
    def discharge_voltage(self) -> Array:
        """The average, by charge, V."""
        return self.discharge_energy / self.discharge_capacity

    def __len__(self) -> int:
        return len(self.number)

    def row(self, cycle: int) -> int:
        """Return the row of a cycle.

        Parameters
        ----------
        cycle : int
            Its number.

        Raises
        ------
        InputError
            When there is none.
        """
        found = np.flatnonzero(self.number == cycle)
        if not len(found):
            raise InputError(
                f"There is no cycle {cycle}.",
                "",
                f"The record holds {self.number[0]} to {self.number[-1]}.",
            )
        return int(found[0])


def cycle_table(halves: HalfCycles) -> CycleTable:
    """Add the charges and discharges of each cycle up.

    Parameters
    ----------
    halves : HalfCycles
        Of a record.

    Examples
    --------
    >>> from lamion.techniques.cycling.half_cycles import half_cycles
    >>> t = np.arange(0.0, 9.0)
    >>> current = np.array([0.0, 1, 1, 1, 1, -1, -1, -1, 0.0])
    >>> cycle_table(half_cycles(t, np.full(9, 3.0), current)).coulombic_efficiency
    array([0.75])
    """
    number, rows = np.unique(halves.number, return_inverse=True)

    def added(values: Array, sign: int) -> Array:
        mine = halves.sign == sign
        total = np.bincount(rows[mine], values[mine], minlength=len(number))
        return np.where(np.bincount(rows[mine], minlength=len(number)) > 0, total, np.nan)

    ended = np.ones(len(number), dtype=bool)
    np.logical_and.at(ended, rows, _to_their_end(halves))
    charge, discharge = added(halves.charge, 1), added(halves.charge, -1)
    return CycleTable(
        number=number,
        charge_capacity=charge,
        discharge_capacity=discharge,
        charge_energy=added(halves.energy, 1),
        discharge_energy=added(halves.energy, -1),
        charge_time=added(halves.duration, 1),
        discharge_time=added(halves.duration, -1),
        complete=ended & np.isfinite(charge) & np.isfinite(discharge),
        discharge_first=_discharge_first(halves),
    )


def _discharge_first(halves: HalfCycles) -> bool:
    """Tell with which half the first cycle of two begins."""
    twice = np.flatnonzero(halves.number[1:] == halves.number[:-1])
    return bool(halves.sign[twice[0] if len(twice) else 0] < 0)


def _to_their_end(halves: HalfCycles) -> NDArray[np.bool_]:
    """Tell which half-cycles end where most of their sign end; the last one may not have come to its end."""
    ended = np.ones(len(halves), dtype=bool)
    ends = {sign: float(np.median(halves.end_voltage[halves.sign == sign])) for sign in np.unique(halves.sign)}
    if len(ends) < 2:
        return ended
    room = _SHORT_OF * abs(ends[1] - ends[-1])
    for sign, end in ends.items():
        mine = halves.sign == sign
        ended[mine] = sign * (end - halves.end_voltage[mine]) <= room
    # Nothing says from where the first one began, but that the next went far beyond it.
    ended[0] &= len(halves) == 1 or halves.charge[0] >= _WHOLE * halves.charge[1]
    return ended
