"""A symmetric lithium cell through a protocol of currents, with the memory of its concentrations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from lamion.models.transport.electrodes import from_resistance
from lamion.models.transport.uniform_film import UniformFilm
from lamion.quantities import InputError
from lamion.quantities.constants import FARADAY, GAS

Array = NDArray[np.float64]

_MODES = np.arange(1.0, 800.0, 2.0)
_NODES = 128
_MOST_SAMPLES = 200_000
_MOST_CYCLES = 2_000
_SHORTEST, _LONGEST = 1e-3, 1e9


@dataclass(frozen=True)
class CurrentStep:
    """A constant current for a time.

    Parameters
    ----------
    current : float
        A/m2; its sign says which electrode plates; 0 is a rest.
    duration : float
        s, from a millisecond to some thirty years.
    """

    current: float
    duration: float


@dataclass(frozen=True, eq=False)
class CellHistory:
    """What a Li|Li cell showed.

    Parameters
    ----------
    time : array, shape (n,)
        s since the start.
    current : array, shape (n,)
        A/m2.
    step : array of int, shape (n,)
        Which step of the protocol, from 0.
    voltage : array, shape (n,)
        Of the cell, V.
    charge_transfer : array, shape (n,)
        The part of both interfaces, V.
    first, second : array, shape (n,)
        Salt concentration at the electrode that dissolves under a positive current, and at the other, mol/m3.
    depleted_at : float or None
        When the salt was used up at an electrode, s; None when it never was. The record ends there.
    depleted_step : int or None
        In which step that was.
    depleted_after : float or None
        How long into that step, s.
    """

    time: Array
    current: Array
    step: NDArray[np.int64]
    voltage: Array
    charge_transfer: Array
    first: Array
    second: Array
    depleted_at: float | None
    depleted_step: int | None
    depleted_after: float | None

    def at_end_of(self, step: int) -> float | None:
        """Return the voltage at the end of a step, V; None where the record ends before.

        Parameters
        ----------
        step : int
            From 0.
        """
        rows = np.flatnonzero(self.step == step)
        return None if rows.size == 0 or step == self.depleted_step else float(self.voltage[rows[-1]])


def square_wave(current: float, half_cycle: float, cycles: int) -> list[CurrentStep]:
    """Return the steps of plating and stripping in turn.

    Parameters
    ----------
    current : float
        Its size, A/m2.
    half_cycle : float
        s.
    cycles : int
        How many pairs of half cycles.

    Examples
    --------
    >>> [step.current for step in square_wave(4.0, 3600.0, 2)]
    [4.0, -4.0, 4.0, -4.0]
    """
    if not 1 <= cycles <= _MOST_CYCLES:
        raise InputError(f"The number of cycles is {cycles}.", "", f"Give 1 to {_MOST_CYCLES}.")
    return [CurrentStep(sign * current, half_cycle) for _ in range(cycles) for sign in (1.0, -1.0)]


def run_protocol(
    film: UniformFilm, resistance: float, steps: Sequence[CurrentStep], *, samples: int = 40
) -> CellHistory:
    r"""Follow a cell through steps of constant current.

    .. math::
        c(y, t) = c_0 + \Delta c(i)\left(\tfrac12 - \tfrac yL\right) +
                  \sum_{n\ \mathrm{odd}} b_n e^{-n^2 t/\tau} \cos\frac{n\pi y}{L}

        U = \int_0^L \frac{i\,dy}{\sigma c/c_0} + \frac{2 R T}{F}(1 - t_+)\chi \ln\frac{c(0)}{c(L)}
            + 2\eta_\mathrm{ct}(i)

    with :math:`b_n` carried over from step to step, so that the concentrations remember the steps before.

    Parameters
    ----------
    film : UniformFilm
        The electrolyte, at rest before the first step.
    resistance : float
        Charge-transfer resistance of one interface, ohm m2.
    steps : sequence of CurrentStep
        The protocol.
    samples : int
        Times recorded in each step, crowded towards its beginning.

    Returns
    -------
    CellHistory

    Raises
    ------
    InputError
        When a step has no sensible duration, there are no steps, or too many samples were asked for.

    Notes
    -----
    Exact for constant properties but for the first instants of a step, where 400 modes leave at most 0.1 % of the
    steady concentration drop. Interfaces do not age, lithium is never used up, and the charge of the double layer
    is left out.

    References
    ----------
    J. Newman, K. E. Thomas-Alyea, Electrochemical Systems, 3rd ed., Wiley, 2004, chapter 11.

    Examples
    --------
    >>> film = UniformFilm(9e-6, 0.137, 0.81, 2000.0, 328.15)
    >>> history = run_protocol(film, 12.25e-4, square_wave(4.0, 3600.0, 2))
    >>> [round(1e3 * history.at_end_of(step), 2) for step in range(4)]
    [10.11, -10.11, 10.11, -10.11]
    """
    _check(steps, samples)
    relaxation: Array = (_MODES * math.pi) ** 2 * film.salt_diffusivity / film.thickness**2
    shares = np.asarray(4.0 / (math.pi * _MODES) ** 2, float)
    amplitude: Array = np.zeros(_MODES.size)
    parts: list[_Segment] = []
    start, after = 0.0, None
    for number, step in enumerate(steps):
        drop = film.steady_drop(step.current)
        rest = np.asarray(amplitude - drop * shares, float)
        times = _crowded(step.duration, samples)
        decay = np.exp(-np.outer(times, relaxation)) * rest
        after = _depletion(film, drop, rest, relaxation, times, decay)
        if after is not None:
            times, decay = times[times < after], decay[times < after]
        parts.append(_segment(film, resistance, step.current, number, drop, decay, times, start))
        if after is not None:
            break
        amplitude = drop * shares + rest * np.exp(-relaxation * step.duration)
        start += step.duration
    return _joined(parts, after, start)


@dataclass(frozen=True, eq=False)
class _Segment:
    time: Array
    current: Array
    step: NDArray[np.int64]
    voltage: Array
    charge_transfer: Array
    first: Array
    second: Array


def _segment(
    film: UniformFilm,
    resistance: float,
    current: float,
    number: int,
    drop: float,
    decay: Array,
    times: Array,
    start: float,
) -> _Segment:
    first = film.concentration + 0.5 * drop + decay.sum(axis=1)
    second = 2 * film.concentration - first
    relative = (film.concentration + drop * (0.5 - _PLACES) + decay @ _COSINES) / film.concentration
    ohmic = current * film.ohmic_resistance * (1.0 / relative) @ _WEIGHTS
    kinetic = 2 * GAS * film.temperature / FARADAY * (1 - film.transference) * film.thermodynamic_factor
    kinetics = from_resistance(resistance, film.temperature, concentration=film.concentration)
    transfer = kinetics.of_both(current, first, second)
    size = times.size
    return _Segment(
        start + times,
        np.full(size, current),
        np.full(size, number),
        ohmic + kinetic * np.log(first / second) + transfer,
        transfer,
        first,
        second,
    )


def _joined(parts: Sequence[_Segment], after: float | None, start: float) -> CellHistory:
    def column(name: str) -> Array:
        return np.concatenate([getattr(part, name) for part in parts])

    return CellHistory(
        column("time"),
        column("current"),
        np.concatenate([part.step for part in parts]),
        column("voltage"),
        column("charge_transfer"),
        column("first"),
        column("second"),
        None if after is None else start + after,
        None if after is None else len(parts) - 1,
        after,
    )


def _crowded(duration: float, samples: int) -> Array:
    """Return times from just after the start of a step to its end, crowded at the beginning."""
    return np.asarray(duration * np.linspace(0.0, 1.0, samples + 1)[1:] ** 3)


def _depletion(
    film: UniformFilm, drop: float, rest: Array, relaxation: Array, times: Array, decay: Array
) -> float | None:
    """Return when the smaller end concentration reaches zero in a step; None when it does not."""
    spent = np.flatnonzero(film.concentration - abs(0.5 * drop + decay.sum(axis=1)) <= 0)
    if spent.size == 0:
        return None

    def least(time: float) -> float:
        return film.concentration - abs(0.5 * drop + float(np.sum(rest * np.exp(-relaxation * time))))

    before = float(times[spent[0] - 1]) if spent[0] else 0.0
    return float(brentq(least, before, times[spent[0]])) if least(before) > 0 > least(times[spent[0]]) else before


def _places() -> tuple[Array, Array]:
    """Return places over L and weights that crowd at both electrodes: Gauss's nodes in the angle of a cosine."""
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    angle = math.pi * (nodes + 1) / 2
    return (1 - np.cos(angle)) / 2, weights * math.pi / 4 * np.sin(angle)


_PLACES, _WEIGHTS = _places()
_COSINES = np.cos(math.pi * np.outer(_MODES, _PLACES))


def _check(steps: Sequence[CurrentStep], samples: int) -> None:
    if not steps or samples < 2 or len(steps) * samples > _MOST_SAMPLES:
        raise InputError(
            f"The protocol has {len(steps)} steps of {samples} samples.",
            f"One step of two samples is the least, {_MOST_SAMPLES} samples the most.",
            "Ask for fewer cycles.",
        )
    for step in steps:
        if not (_SHORTEST <= step.duration <= _LONGEST and math.isfinite(step.current)):
            raise InputError(
                f"A step has {step.current / 10:.4g} mA/cm2 for {step.duration:.4g} s.",
                f"A step lasts {_SHORTEST:g} to {_LONGEST:g} s.",
                "Check the current and the time.",
            )
