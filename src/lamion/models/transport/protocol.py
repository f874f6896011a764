"""What is imposed on a cell over time: a current or a voltage, in stretches that are each smooth."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from lamion.quantities import InputError

Control = Literal["current", "voltage"]


@dataclass(frozen=True, eq=False)
class Stretch:
    """A time in which one quantity is imposed without a jump.

    Parameters
    ----------
    duration : float
        s, larger than zero.
    control : str
        ``"current"`` (A per m2 of electrode, on the average) or ``"voltage"`` (V between the electrodes).
    value : callable
        From the time since the stretch began, s, to the value.
    """

    duration: float
    control: Control
    value: Callable[[float], float]

    def __post_init__(self) -> None:
        if not (self.duration > 0 and math.isfinite(self.duration)):
            raise InputError(f"A stretch of {self.duration:g} s is not larger than zero.", "", "Check the times.")


@dataclass(frozen=True, eq=False)
class CellProtocol:
    """Stretches one after the other.

    Parameters
    ----------
    stretches : tuple of Stretch
        In order.

    Examples
    --------
    >>> protocol = pulse(12.0, on=10.0, off=20.0, count=2)
    >>> protocol.duration, [stretch.value(0.0) for stretch in protocol.stretches]
    (60.0, [12.0, 0.0, 12.0, 0.0])
    """

    stretches: tuple[Stretch, ...]

    @property
    def duration(self) -> float:
        """Of all stretches, s."""
        return sum(stretch.duration for stretch in self.stretches)


def step(value: float, duration: float, *, control: Control = "current") -> CellProtocol:
    """Impose a constant value.

    Parameters
    ----------
    value : float
        A/m2 or V.
    duration : float
        s.
    control : str
        ``"current"`` or ``"voltage"``.
    """
    return CellProtocol((Stretch(duration, control, _held(value)),))


def ramp(start: float, end: float, duration: float, *, control: Control = "current") -> CellProtocol:
    """Go from one value to another at a constant rate.

    Parameters
    ----------
    start, end : float
        A/m2 or V.
    duration : float
        s.
    control : str
        ``"current"`` or ``"voltage"``.

    Examples
    --------
    >>> ramp(0.0, 10.0, 4.0).stretches[0].value(1.0)
    2.5
    """
    return CellProtocol((Stretch(duration, control, lambda t: start + (end - start) * t / duration),))


def pulse(value: float, *, on: float, off: float, count: int, control: Control = "current") -> CellProtocol:
    """Switch on and off, again and again.

    Parameters
    ----------
    value : float
        A/m2 or V while on; zero while off.
    on, off : float
        s.
    count : int
        How many times.
    control : str
        ``"current"`` or ``"voltage"``.
    """
    pair = (Stretch(on, control, _held(value)), Stretch(off, control, _held(0.0)))
    return CellProtocol(pair * count)


def polarise_and_relax(value: float, *, polarise: float, relax: float, control: Control = "current") -> CellProtocol:
    """Polarise, then leave the cell at open circuit.

    Parameters
    ----------
    value : float
        A/m2 or V while polarised.
    polarise, relax : float
        s.
    control : str
        ``"current"`` or ``"voltage"``; the relaxation is at zero current in both.
    """
    return CellProtocol((Stretch(polarise, control, _held(value)), Stretch(relax, "current", _held(0.0))))


def _held(value: float) -> Callable[[float], float]:
    return lambda _: value
