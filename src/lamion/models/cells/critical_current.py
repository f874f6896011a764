"""A test of the critical current: rising steps of current, each plating and stripping, until the film cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from lamion.models.cells.plating_stripping import run_protocol, square_wave
from lamion.models.transport.uniform_film import UniformFilm
from lamion.quantities import InputError


@dataclass(frozen=True)
class CurrentLevel:
    """One step of the staircase.

    Parameters
    ----------
    current : float
        A/m2.
    overpotential : float or None
        At the end of its last half cycle, V; None where the salt is used up before.
    depleted_after : float or None
        s into the half cycle that used the salt up; None where none did.
    """

    current: float
    overpotential: float | None
    depleted_after: float | None


@dataclass(frozen=True)
class CriticalCurrent:
    """The whole test.

    Parameters
    ----------
    levels : tuple of CurrentLevel
        Up to the first that uses the salt up.
    limiting_current : float
        Above which no steady state exists, A/m2.
    """

    levels: tuple[CurrentLevel, ...]
    limiting_current: float

    @property
    def largest_carried(self) -> float | None:
        """The largest current of the test that the film carried to the end, A/m2; None when it carried none."""
        carried = [level.current for level in self.levels if level.depleted_after is None]
        return max(carried, default=None)


def critical_current_raw(
    film: UniformFilm, resistance: float, currents: Sequence[float], half_cycle: float, cycles: int = 1
) -> CriticalCurrent:
    """Run a critical-current test on a film whose interfaces never fail.

    Parameters
    ----------
    film : UniformFilm
        The electrolyte.
    resistance : float
        Charge-transfer resistance of one interface, ohm m2.
    currents : sequence of float
        Rising, A/m2.
    half_cycle : float
        s for which each direction is held.
    cycles : int
        Pairs of half cycles at each current.

    Returns
    -------
    CriticalCurrent

    Raises
    ------
    InputError
        When the currents do not rise, or a time is of no sense.

    Notes
    -----
    Steps follow each other without rest, so concentrations remember the one before. The film gives the largest
    current that transport allows; a dendrite, a void or a crack can end a test below it, and a test whose half
    cycles are shorter than the film's time constant can pass above the limiting current.

    Examples
    --------
    The limiting current of this film is 0.32 mA/cm2; half an hour passes at 0.3 and not at 0.6:

    >>> film = UniformFilm(100e-6, 8.92e-3, 0.35, 2000.0, 298.15)
    >>> test = critical_current_raw(film, 142e-4, [1.0, 2.0, 3.0, 6.0], 1800.0)
    >>> test.largest_carried, round(test.levels[-1].depleted_after)
    (3.0, 1400)
    """
    if not currents or currents[0] <= 0 or any(b <= a for a, b in pairwise(currents)):
        raise InputError("The currents of a staircase do not rise from above zero.", "", "Write them in rising order.")
    steps = [step for current in currents for step in square_wave(current, half_cycle, cycles)]
    history = run_protocol(film, resistance, steps)
    levels = []
    for number, current in enumerate(currents):
        end = history.at_end_of(2 * cycles * (number + 1) - 1)
        if end is None:
            levels.append(CurrentLevel(current, None, history.depleted_after))
            break
        levels.append(CurrentLevel(current, abs(end), None))
    return CriticalCurrent(tuple(levels), film.limiting_current)
