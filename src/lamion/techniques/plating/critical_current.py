"""The critical current as what a protocol leaves of it: between the last step that held and the one that did not."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from lamion.techniques.plating.half_cycle import HalfCycle
from lamion.techniques.plating.shorts import Short

_SAME = 0.02


@dataclass(frozen=True)
class Step:
    """Neighbouring half-cycles at one current.

    Parameters
    ----------
    current : float
        In A.
    first, last : int
        Numbers of its half-cycles.
    duration : float
        Of its longest half-cycle, in s.
    """

    current: float
    first: int
    last: int
    duration: float


@dataclass(frozen=True)
class CriticalCurrent:
    """An interval that is closed below and open above, in A.

    Parameters
    ----------
    held : float
        The largest current before the short; zero where the first step shorted.
    shorted : float or None
        The current at which the cell shorted; None where every step held.
    steps : tuple of Step
        The protocol.
    """

    held: float
    shorted: float | None
    steps: tuple[Step, ...]

    def said(self, scale: float, unit: str) -> str:
        """Return it as text, in a unit that has so many of the one it is stored in."""
        low = f"{self.held * scale:.3g}"
        return f"> {low} {unit}" if self.shorted is None else f"[{low}, {self.shorted * scale:.3g}) {unit}"


def steps_of(cycles: Sequence[HalfCycle]) -> tuple[Step, ...]:
    """Return the steps of a trace, in order."""
    found: list[list[HalfCycle]] = []
    for cycle in cycles:
        if found and abs(cycle.mean_current / found[-1][-1].mean_current - 1) < _SAME:
            found[-1].append(cycle)
        else:
            found.append([cycle])
    return tuple(
        Step(one[0].mean_current, one[0].number, one[-1].number, max(cycle.duration for cycle in one)) for one in found
    )


def critical_current_raw(cycles: Sequence[HalfCycle], shorts: Sequence[Short]) -> CriticalCurrent | None:
    """Read the critical current off a trace whose current steps up; None where it does not.

    Parameters
    ----------
    cycles : sequence of HalfCycle
        In order.
    shorts : sequence of Short
        In order; the first one ends the test.

    Notes
    -----
    It belongs to its protocol: longer half-cycles, a smaller area or a larger pressure give another.

    References
    ----------
    F. Flatscher et al., J. Mater. Chem. A 8 (2020), 10.1039/c9ta14177d: how it depends on the interfaces.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.linspace(0.0, 60.0, 11)
    >>> ramp = [HalfCycle(k, 1, t + 60 * k, np.full(11, 0.01 * k), np.full(11, 1e-3 * k)) for k in (1, 2, 3)]
    >>> critical_current_raw(ramp, ()).said(1e3, "mA")
    '> 3 mA'
    >>> short = Short(150.0, 6.0, 2, 0.5, 0.5, 20.0, 1.0, 1.0)
    >>> critical_current_raw(ramp, [short]).said(1e3, "mA")
    '[1, 2) mA'
    """
    steps = steps_of(cycles)
    rising = any(later.current > earlier.current for earlier, later in itertools.pairwise(steps))
    if not rising:
        return None
    if not shorts:
        return CriticalCurrent(max(step.current for step in steps), None, steps)
    failed = next(step for step in steps if step.first <= shorts[0].half_cycle <= step.last)
    held = [step.current for step in steps if step.last < failed.first and step.current < failed.current]
    return CriticalCurrent(max(held, default=0.0), failed.current, steps)
