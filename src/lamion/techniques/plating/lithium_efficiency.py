r"""How much of the lithium that was plated on copper comes back: by a reservoir, and by plating and stripping.

Between two times at which the copper is bare, both are what was stripped over what was plated,

.. math:: \mathrm{CE} = \frac{\sum Q_\mathrm{stripped}}{\sum Q_\mathrm{plated}}
          = \frac{n Q_C + Q_S}{n Q_C + Q_T}

with one plating (plating-stripping), or with a reservoir :math:`Q_T`, n cycles of :math:`Q_C` on it and the last
stripping :math:`Q_S` (Aurbach). They are different experiments: the one cycles fresh copper, the other lithium on
lithium.

References
----------
D. Aurbach, Y. Gofer, J. Langzam, J. Electrochem. Soc. 136 (1989) 3198, 10.1149/1.2096425; B. D. Adams et al., Adv.
Energy Mater. 8 (2018) 1702097, 10.1002/aenm.201702097.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.quantities.figure import Axis, Figure, Line, Panel, Points
from lamion.quantities.level import coverage_factor
from lamion.techniques.plating.half_cycle import HalfCycle, Trace, half_cycles

_SOURCE = "charges of a Li|Cu cell"
_BARE = 0.5
_CLEAR = 3.0
_HOUR = 3600.0


@dataclass(frozen=True)
class BareToBare:
    """What passed between two times at which the copper was bare.

    Parameters
    ----------
    plated, stripped : float
        In A s, all together.
    platings : int
        How many.
    margin : float
        Standard uncertainty of the efficiency, from when the last stripping ended and the current's accuracy.
    start : float
        In s.
    """

    plated: float
    stripped: float
    platings: int
    margin: float
    start: float

    @property
    def efficiency(self) -> float:
        """Stripped over plated."""
        return self.stripped / self.plated

    @property
    def reservoir(self) -> bool:
        """Whether lithium was cycled on lithium."""
        return self.platings > 1


def bare_to_bare(
    cycles: Sequence[HalfCycle], *, cutoff: float | None = None, accuracy: float = 0.0
) -> tuple[BareToBare, ...]:
    """Cut a Li|Cu trace at the strippings that reach their end; the first half-cycle plates.

    Parameters
    ----------
    cycles : sequence of HalfCycle
        In order.
    cutoff : float, optional
        In V: where stripping has ended; by default half of the largest voltage at an end of a stripping.
    accuracy : float
        Relative standard uncertainty of each charge, independent of the others'.

    Raises
    ------
    InputError
        When no stripping reaches an end.

    Examples
    --------
    >>> t = np.linspace(0.0, 3600.0, 61)
    >>> plate = HalfCycle(1, -1, t, np.full(61, 0.03), np.full(61, 1e-3))
    >>> strip = HalfCycle(2, 1, t[:58] + 3600, np.append(np.full(57, 0.03), 1.0), np.full(58, 1e-3))
    >>> round(bare_to_bare([plate, strip])[0].efficiency, 2)
    0.95
    """
    way = cycles[0].sign
    strippings = [cycle for cycle in cycles if cycle.sign != way]
    limit = _limit(strippings) if cutoff is None else cutoff
    found, since = [], list[HalfCycle]()
    for cycle in cycles:
        since.append(cycle)
        if cycle.sign != way and cycle.voltage[-1] >= limit:
            found.append(_between(since, way, accuracy))
            since = []
    if not found:
        raise InputError(
            "No stripping reaches its end, so what is left on the copper is not known.",
            "The record may end before the last stripping, or its cut-off is larger.",
            "Give the whole test, or --cutoff.",
        )
    return tuple(found)


def _limit(strippings: Sequence[HalfCycle]) -> float:
    """Return half the largest voltage at the end of a stripping; no end where none stands out of the plateaus."""
    if not strippings:
        return math.inf
    largest = max(float(cycle.voltage[-1]) for cycle in strippings)
    plateau = float(np.median([np.median(cycle.voltage) for cycle in strippings]))
    return _BARE * largest if largest > _CLEAR * plateau else math.inf


def _between(cycles: Sequence[HalfCycle], way: int, accuracy: float) -> BareToBare:
    plated = [cycle.charge for cycle in cycles if cycle.sign == way]
    stripped = [cycle.charge for cycle in cycles if cycle.sign != way]
    if not plated:
        raise InputError("A stripping follows a stripping that reached its end.", "", "Give the cell's whole test.")
    total = sum(plated)
    last = cycles[-1]
    ended = float(last.mean_current * np.diff(last.time)[-1]) / math.sqrt(12)
    spread = accuracy * math.hypot(*plated, *stripped)
    return BareToBare(total, sum(stripped), len(plated), math.hypot(ended, spread) / total, float(cycles[0].time[0]))


def lithium_efficiency(
    trace: Trace, *, current: Quantity | None = None, cutoff: Quantity | None = None, accuracy: Quantity | None = None
) -> Answer:
    """Find the efficiency of plating lithium on copper.

    Parameters
    ----------
    trace : CyclingRecord, CurrentTransient or VoltageTransient
        From the first plating on.
    current : Quantity, optional
        For a trace without.
    cutoff : Quantity, optional
        Where stripping has ended.
    accuracy : Quantity, optional
        Relative, of each charge.

    Returns
    -------
    Answer
        ``efficiency.reservoir`` where lithium was cycled on a reservoir, ``efficiency.plating_stripping`` where each
        plating was stripped to the end: the mean without the first, which forms the copper's surface, where there are
        more.

    Raises
    ------
    InputError
        As :func:`bare_to_bare`.
    """
    cycles = half_cycles(trace, current=None if current is None else current.si)
    relative = 0.0 if accuracy is None else accuracy.si
    found = bare_to_bare(cycles, cutoff=None if cutoff is None else cutoff.si, accuracy=relative)
    results = {}
    if any(one.reservoir for one in found):
        results["efficiency.reservoir"] = _mean([one for one in found if one.reservoir])
    plain = [one for one in found if not one.reservoir]
    if plain:
        results["efficiency.plating_stripping"] = _mean(plain[1:] or plain)
    return Answer(
        results,
        {
            "Start / h": [(one.start - cycles[0].time[0]) / _HOUR for one in found],
            "Plated / mAh": [one.plated / 3.6 for one in found],
            "Stripped / mAh": [one.stripped / 3.6 for one in found],
            "Platings / 1": [one.platings for one in found],
            "Efficiency / 1": [one.efficiency for one in found],
        },
        {"reservoirs": [one.platings - 1 for one in found if one.reservoir]},
        _doubts(found, plain, accuracy),
        {"efficiency": _figure(cycles, found)},
        method="All that was stripped over all that was plated between two times at which the copper was bare.",
        assumptions=("The copper was bare before the first half-cycle.",),
    )


def _mean(found: Sequence[BareToBare]) -> Quantity:
    """Return the mean, with the scatter of several and what each leaves open."""
    values = np.array([one.efficiency for one in found])
    each = math.hypot(*(one.margin for one in found)) / len(found)
    several = len(values) > 1
    factor = coverage_factor(freedom=len(values) - 1) if several else 0.0
    scatter = factor * float(np.std(values, ddof=1)) / math.sqrt(len(values)) if several else 0.0
    return Quantity(float(np.mean(values)), math.hypot(each, scatter), "1", _SOURCE)


def _doubts(found: Sequence[BareToBare], plain: Sequence[BareToBare], accuracy: Quantity | None) -> list[str]:
    doubts = []
    if accuracy is None:
        doubts.append("The charges' accuracy is not known and not in the interval: give --accuracy, as in '0.05 %'.")
    if any(one.efficiency > 1 for one in found):
        doubts.append("More was stripped than plated: the copper was not bare, or a short let the current pass.")
    if len(plain) == 1:
        doubts.append("One plating was stripped to the end: it forms the copper's surface, at a lower efficiency.")
    return doubts


def _figure(cycles: Sequence[HalfCycle], found: Sequence[BareToBare]) -> FigureData:
    start = cycles[0].time[0]
    x = np.concatenate([np.append(cycle.time, np.nan) for cycle in cycles])
    y = np.concatenate([np.append(cycle.sign * cycle.voltage, np.nan) for cycle in cycles])
    hours = Axis("time", "h")
    above = Panel([Line((x - start) / _HOUR, y)], hours, Axis("voltage", "V"))
    kinds = (("plating and stripping", False), ("reservoir", True))
    points = [
        Points(
            [(one.start - start) / _HOUR for one in found if one.reservoir is kind],
            [100 * one.efficiency for one in found if one.reservoir is kind],
            label,
            int(kind),
        )
        for label, kind in kinds
        if any(one.reservoir is kind for one in found)
    ]
    below = Panel(points, hours, Axis("efficiency", "%", results=("efficiency.*",)))
    return Figure([above, below], size=(6.0, 5.5), share_x=True).entitled("Efficiency of plated lithium")
