r"""A cell that is charged and discharged, of known capacity, fade, efficiency and resistance.

.. math:: U = U_0(x) \pm I R, \qquad Q_n = Q_0 (1 - a n), \qquad Q_{\mathrm{charge},n} = Q_n / \eta

The open-circuit voltage is a plateau with steep ends, of no particular material.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.records.measurements import CyclingRecord
from lamion.records.source import SourceFile

Array = NDArray[np.float64]

_SOURCE = SourceFile("a plateau and a resistance", "", "synthetic")


@dataclass(frozen=True)
class CycledCell:
    """What the cycles of a cell are made of.

    Parameters
    ----------
    capacity : float
        Of the first discharge, A s.
    loss : float
        Share of it that each cycle takes.
    efficiency : float
        Discharged over charged.
    current : float
        A, in both directions.
    resistance : float
        Between open circuit and terminals, ohm.

    Examples
    --------
    >>> record = cycling_record(CycledCell(), cycles=2, points=20)
    >>> float(record.current.min()), int(record.cycle[-1])
    (-0.001, 2)
    """

    capacity: float = 3.6
    loss: float = 5e-4
    efficiency: float = 0.998
    current: float = 1e-3
    resistance: float = 30.0

    def open_circuit(self, share: Array) -> Array:
        """Return the voltage at rest, V.

        Parameters
        ----------
        share : array
            Of the capacity that is charged, 0 to 1.
        """
        return np.asarray(3.4 + 0.05 * share + 0.02 * np.log((share + 1e-4) / (1.0001 - share)))


def cycling_record(
    cell: CycledCell,
    *,
    cycles: int,
    points: int = 60,
    rest: float = 60.0,
    noise: float = 0.0,
    numbered: bool = True,
    missing: tuple[int, ...] = (),
    seed: int = 0,
) -> CyclingRecord:
    """Return a record of charges and discharges with rests between.

    Parameters
    ----------
    cell : CycledCell
        What is cycled.
    cycles : int
        How many.
    points : int
        In each half-cycle, at uneven times.
    rest : float
        s between half-cycles, two points each; 0 for none.
    noise : float
        Standard deviation of the voltage, V.
    numbered : bool
        Whether the record counts its cycles.
    missing : tuple of int
        Cycles that were lost from the record.
    seed : int
        Of the noise.
    """
    random = np.random.default_rng(seed)
    parts = [np.array([[0.0], [float(cell.open_circuit(np.array(0.0)))], [0.0], [1.0]])]
    clock = 0.0
    for number in range(1, cycles + 1):
        held = cell.capacity * (1 - cell.loss * (number - 1))
        for sign, charge in ((1, held / cell.efficiency), (-1, held)):
            passed = charge * np.sort(np.concatenate([[0.002, 1.0], random.uniform(0.002, 1.0, points - 2)]))
            share = passed / charge if sign > 0 else 1 - passed / charge
            voltage = cell.open_circuit(share) + sign * cell.current * cell.resistance
            time = clock + passed / cell.current
            rows = [time, voltage, np.full(points, sign * cell.current), np.full(points, float(number))]
            clock = float(time[-1])
            if rest:
                quiet = [
                    clock + np.array([0.5, 1.0]) * rest,
                    np.full(2, voltage[-1] - sign * cell.current * cell.resistance),
                ]
                rows = [
                    np.append(a, b) for a, b in zip(rows, [*quiet, np.zeros(2), np.full(2, float(number))], strict=True)
                ]
                clock += rest
            if number not in missing:
                parts.append(np.array(rows))
    time, voltage, current, cycle = np.concatenate(parts, axis=1)
    voltage = voltage + noise * random.standard_normal(len(voltage))
    return CyclingRecord(time, voltage, current, cycle if numbered else None, source=_SOURCE)
