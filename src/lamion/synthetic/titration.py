r"""A cell with one working particle under any programme of currents, by the exact solution of diffusion.

.. math:: U = U_\mathrm{eq}(q_s) + I R_0 + I R_1\left(1 - e^{-t/\tau}\right)

with the surface's content q_s of :mod:`lamion.models.cells.particle_diffusion`, D constant, and an interface of R_1
that charges within :math:`\tau`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.models.cells.particle_diffusion import Particle
from lamion.records.measurements import CyclingRecord
from lamion.records.source import SourceFile

Array = NDArray[np.float64]

_SOURCE = SourceFile("one particle, linear diffusion", "", "synthetic")


def straight(content: Array) -> Array:
    """Return a potential that rises by 0.1 V with the whole capacity."""
    return np.asarray(3.7 + 0.1 * content)


def curved(content: Array) -> Array:
    """Return a potential with a step, as between two stages."""
    return np.asarray(3.6 + 0.5 * content + 0.05 * np.tanh((content - 0.5) / 0.1))


@dataclass(frozen=True, eq=False)
class HalfCell:
    """The truth.

    Parameters
    ----------
    particle : Particle
        The shape.
    diffusion_time : float
        L2/D, s.
    capacity : float
        A s.
    ohmic : float
        R_0, ohm.
    kinetic : float
        R_1, ohm.
    kinetic_time : float
        The interface's time constant, s.
    potential : callable
        Share of the capacity that was charged to V.
    start : float
        That share at the begin.
    """

    particle: Particle
    diffusion_time: float
    capacity: float
    ohmic: float = 1.0
    kinetic: float = 0.0
    kinetic_time: float = 1.0
    potential: Callable[[Array], Array] = straight
    start: float = 0.2


@dataclass(frozen=True)
class Step:
    """A step of a programme.

    Parameters
    ----------
    current : float
        A.
    duration : float
        s.
    points : int
        Samples, the last at its end.
    """

    current: float
    duration: float
    points: int = 100


def gitt_programme(current: float, pulse: float, rest: float, count: int, points: int = 100) -> tuple[Step, ...]:
    """Return pulses and rests, a rest first.

    Parameters
    ----------
    current : float
        A.
    pulse, rest : float
        s.
    count : int
        Pulses.
    points : int
        Samples of each step.
    """
    silent = Step(0.0, rest, points)
    return (silent, *(step for _ in range(count) for step in (Step(current, pulse, points), silent)))


def ici_programme(current: float, flow: float, rest: float, count: int, points: int = 100) -> tuple[Step, ...]:
    """Return a charge at one current with short rests in it.

    Parameters
    ----------
    current : float
        A.
    flow, rest : float
        s with and without current.
    count : int
        Rests.
    points : int
        Samples of each step.
    """
    one = (Step(current, flow, points), Step(0.0, rest, points))
    return (Step(0.0, rest, points), *one * count, one[0])


def titration(cell: HalfCell, programme: Sequence[Step], *, noise: float = 0.0, seed: int = 0) -> CyclingRecord:
    """Draw the record of a programme.

    Parameters
    ----------
    cell : HalfCell
        The truth.
    programme : sequence of Step
        In order.
    noise : float
        Standard deviation of each sample of the voltage, V.
    seed : int
        Of the noise.

    Examples
    --------
    >>> from lamion.models.cells.particle_diffusion import SPHERE
    >>> cell = HalfCell(SPHERE, 1e4, 10.0)
    >>> titration(cell, [Step(0.0, 10.0, 2), Step(1e-3, 10.0, 2)]).voltage.round(6)
    array([3.72    , 3.72    , 3.721858, 3.722224])
    """
    begin, clock = np.cumsum([0.0, *(step.duration for step in programme)]), list[Array]()
    for start, step in zip(begin, programme, strict=False):
        clock.append(start + step.duration * np.arange(1, step.points + 1) / step.points)
    currents = np.array([step.current for step in programme])
    counts = [step.points for step in programme]
    time, current, since = np.concatenate(clock), np.repeat(currents, counts), np.repeat(begin[:-1], counts)
    passed = np.concatenate([[0.0], np.cumsum(currents * np.diff(begin))])[:-1]
    mean = np.repeat(passed, counts) + current * (time - since)
    ahead, charging = np.zeros_like(time), np.zeros_like(time)
    for start, jump in zip(begin, np.diff(currents, prepend=0.0), strict=False):
        later = time > start
        ahead[later] += jump * cell.particle.excess((time[later] - start) / cell.diffusion_time)
        charging[later] -= jump * np.expm1(-(time[later] - start) / cell.kinetic_time)
    surface = mean + ahead * cell.diffusion_time / cell.particle.dimension
    voltage = cell.potential(cell.start + surface / cell.capacity) + current * cell.ohmic + charging * cell.kinetic
    noisy = voltage + noise * np.random.default_rng(seed).standard_normal(len(time))
    return CyclingRecord(time, noisy, current, step=np.repeat(np.arange(1.0, len(counts) + 1), counts), source=_SOURCE)
