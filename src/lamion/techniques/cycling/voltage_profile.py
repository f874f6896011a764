r"""The voltage of a charge or discharge against what has passed, and how far two of one cycle lie apart.

.. math:: \Delta U(x) = U_\mathrm{charge}(x Q) - U_\mathrm{discharge}(x Q)

at the same state of charge, both counted from the discharged cell.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.techniques.cycling.half_cycles import HalfCycles

Array = NDArray[np.float64]

_LAST = 0.05
_AROUND, _PLACES = 0.05, 21


@dataclass(frozen=True, eq=False)
class VoltageProfile:
    """Points of one charge or discharge with current, from its first to its last.

    Parameters
    ----------
    passed : array, shape (n,)
        Since it began, A s; rising.
    voltage : array, shape (n,)
        V.
    sign : int
        1 for a charge, -1 for a discharge.
    """

    passed: Array
    voltage: Array
    sign: int

    @property
    def end_slope(self) -> float:
        """How much more would pass per volt that it ended later, A s/V, from the last twentieth."""
        total = float(self.passed[-1])
        begin = float(np.interp((1 - _LAST) * total, self.passed, self.voltage))
        moved = self.sign * (float(self.voltage[-1]) - begin)
        return _LAST * total / moved if moved > 0 else 0.0

    def at_charge(self, held: Array) -> Array:
        """Return the voltage where the cell holds a charge above its discharged state.

        Parameters
        ----------
        held : array
            A s.
        """
        inside = self.passed if self.sign > 0 else (self.passed[-1] - self.passed)[::-1]
        voltage = self.voltage if self.sign > 0 else self.voltage[::-1]
        return np.asarray(np.interp(held, inside, voltage, left=np.nan, right=np.nan))


def voltage_profile(halves: HalfCycles, place: int, time: Array, voltage: Array, current: Array) -> VoltageProfile:
    """Return the profile of one charge or discharge.

    Parameters
    ----------
    halves : HalfCycles
        Of the record.
    place : int
        Which of them.
    time, voltage, current : array, shape (n,)
        The record, s, V, A.
    """
    rows = slice(int(halves.first[place]), int(halves.last[place]) + 1)
    sign = int(halves.sign[place])
    flowing = np.maximum(sign * current[rows], 0.0)
    passed = np.concatenate(
        [[0.0], np.cumsum(np.maximum(np.diff(time[rows]), 0.0) * 0.5 * (flowing[1:] + flowing[:-1]))]
    )
    whole = float(halves.charge[place])
    # What flowed before the first point: from there on the sum is that of the half-cycle.
    passed = np.minimum(passed + max(whole - float(passed[-1]), 0.0), whole)
    kept = np.concatenate([[True], np.diff(passed) > 0])
    return VoltageProfile(passed[kept], voltage[rows][kept], sign)


@dataclass(frozen=True)
class Polarisation:
    """How far the charge lies above the discharge of one cycle.

    Parameters
    ----------
    value : float
        V.
    std : float
        From what the cycle charged and did not give back, which shifts one curve against the other, and from how the
        difference moves beside the place.
    """

    value: float
    std: float


def polarisation(charge: VoltageProfile, discharge: VoltageProfile, share: float = 0.5) -> Polarisation | None:
    """Compare charge and discharge at one state of charge.

    Parameters
    ----------
    charge, discharge : VoltageProfile
        Of one cycle.
    share : float
        Of the discharge capacity, counted from the discharged cell; the mean over a tenth of it around.

    Returns
    -------
    Polarisation or None
        None where the charge does not reach that state.

    Notes
    -----
    Counted from the discharged state; counted from the charged one the charge is shifted by what was lost, and half of
    what that changes is the standard uncertainty.

    Examples
    --------
    >>> up = VoltageProfile(np.array([0.0, 10.0]), np.array([3.1, 3.3]), 1)
    >>> down = VoltageProfile(np.array([0.0, 10.0]), np.array([3.2, 3.0]), -1)
    >>> round(polarisation(up, down).value, 6)
    0.1
    """
    held = float(discharge.passed[-1]) * (share + np.linspace(-_AROUND, _AROUND, _PLACES))
    lost = float(charge.passed[-1] - discharge.passed[-1])
    apart = charge.at_charge(held) - discharge.at_charge(held)
    if not np.isfinite(apart).all():
        return None
    shifted = np.nan_to_num(charge.at_charge(held + lost) - charge.at_charge(held))
    return Polarisation(float(np.mean(apart)), math.hypot(float(np.std(apart)), float(np.mean(shifted)) / 2))
