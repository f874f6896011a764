"""Plating and stripping between two lithium electrodes: overpotential, resistance, shorts, critical current."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.quantities.figure import Axis, Figure, Line, Panel, Points, Rule, Span, Trace, prefixed
from lamion.quantities.level import LEVEL_95, coverage_factor
from lamion.quantities.quantity import propagate
from lamion.records.impedance import ImpedanceSpectrum
from lamion.records.measurements import MetalSignal
from lamion.records.record import check_area
from lamion.techniques.plating import half_cycle as trace_of
from lamion.techniques.plating.critical_current import CriticalCurrent, critical_current_raw
from lamion.techniques.plating.half_cycle import HalfCycle, half_cycles
from lamion.techniques.plating.overpotential import Cycle, Overpotential, cycle_of, overpotential_raw
from lamion.techniques.plating.shorts import BEFORE, Short, shorts_raw
from lamion.techniques.plating.shunt import Shunt, nearest_resistance, shunt

_SOURCE = "half-cycles of a galvanostatic trace"
_HOUR = 3600.0
_CM2 = 1e-4
_NEAR = 4
"""Half-cycles before and after a short in which metal is counted."""
_HIGH = 1e4
"""Hz."""
_OF_METAL = (
    "The metal's clock is that of the trace, and its signal counts all of it alike, which in a radio-frequency field "
    "only metal thinner than its skin does."
)
_FIRST = (
    "Whether the cell was shorted from its first cycle on cannot be told from its voltage alone: give the "
    "electrolyte's resistance."
)


@dataclass(frozen=True)
class Conditions:
    """What the trace does not say.

    Parameters
    ----------
    area : Quantity, optional
        Of one electrode.
    current : Quantity, optional
        Where the trace has none.
    half_cycle : Quantity, optional
        The time of one, where no sign says it.
    electrolyte_resistance : Quantity, optional
        In ohm, from impedance.
    pressure, temperature : Quantity, optional
        Of the protocol; they are carried along.
    """

    area: Quantity | None = None
    current: Quantity | None = None
    half_cycle: Quantity | None = None
    electrolyte_resistance: Quantity | None = None
    pressure: Quantity | None = None
    temperature: Quantity | None = None


@dataclass(frozen=True, eq=False)
class _Read:
    """Everything that was read of one trace."""

    cycles: tuple[HalfCycle, ...]
    each: tuple[Overpotential, ...]
    shorts: tuple[Short, ...]
    shunts: tuple[Shunt, ...]
    resistances: tuple[float, ...]
    critical: CriticalCurrent | None
    area: Quantity | None
    under: Conditions
    metal: MetalSignal | None
    highest: float

    @property
    def start(self) -> float:
        return float(self.cycles[0].time[0])

    @property
    def opened(self) -> list[int]:
        """The numbers of half-cycles before which an ohmic path opened, by the spectra."""
        return [self.cycles[k].number for k, one in enumerate(self.shunts, start=1) if one.opens]

    @property
    def whole(self) -> int:
        """How many half-cycles ended before the first short, by the voltage or by the spectra."""
        first = [one.half_cycle for one in self.shorts[:1]] + self.opened[:1]
        count = sum(cycle.number < min(first) for cycle in self.cycles) if first else len(self.cycles)
        return max(count, 1)


def plating(
    trace: trace_of.Trace,
    under: Conditions | None = None,
    *,
    spectra: Sequence[ImpedanceSpectrum] = (),
    metal: MetalSignal | None = None,
) -> Answer:
    r"""Read a Li|Li trace.

    .. math:: \rho_\mathrm{cell} = \frac{U A}{I}, \qquad
              \rho_\mathrm{interface} = \frac{A}{2}\left(\frac{U}{I} - R_\mathrm{electrolyte}\right)

    Parameters
    ----------
    trace : CyclingRecord, CurrentTransient or VoltageTransient
        Galvanostatic half-cycles.
    under : Conditions
        What it does not say.
    spectra : sequence of ImpedanceSpectrum, optional
        One before each half-cycle; one more may follow the last.
    metal : MetalSignal, optional
        By the clock of the trace.

    Returns
    -------
    Answer
        ``overpotential`` and ``area_specific_resistance.cell`` of the last cycle before a short, its
        ``overpotential.immediate`` and ``overpotential.growing``, ``overpotential.first`` of the first cycle;
        ``area_specific_resistance.interface`` where the electrolyte's resistance is known; ``short_time`` (h);
        ``critical_current_density`` where the current steps up. The series has one row a half-cycle.

    Raises
    ------
    InputError
        When there are no half-cycles, or the spectra do not belong to them.

    Notes
    -----
    An overpotential is of the whole cell: both interfaces, the electrolyte, the concentrations. ``immediate`` is the
    first sample, ohmic and what is faster than it is late; what grows after it is slower.

    Examples
    --------
    >>> from lamion.records.measurements import CyclingRecord
    >>> t = np.arange(0.0, 8 * 3600.0, 60.0)
    >>> sign = np.where((t // 3600) % 2 == 0, 1.0, -1.0)
    >>> answer = plating(CyclingRecord(t, 0.05 * sign, 1e-3 * sign), Conditions(area=Quantity("2 cm2")))
    >>> print(answer.results["area_specific_resistance.cell"], answer.verdict)
    100 ohm cm2 no short begins
    """
    found = _read(trace, under or Conditions(), spectra, metal)
    verdict, reason = _verdict(found)
    results, unreached = _results(found)
    return Answer(
        results,
        _series(found),
        _notes(found),
        _doubts(found),
        {"plating": _figure(found)},
        unreached,
        verdict,
        reason,
        f"{len(found.cycles)} half-cycles; the overpotential is the mean over the middle half of each, of both "
        "directions together.",
        () if metal is None else (_OF_METAL,),
    )


def _read(
    trace: trace_of.Trace, under: Conditions, spectra: Sequence[ImpedanceSpectrum], metal: MetalSignal | None
) -> _Read:
    current = None if under.current is None else under.current.si
    duration = None if under.half_cycle is None else under.half_cycle.si
    cycles = half_cycles(trace, current=current, duration=duration)
    own = getattr(trace, "area", None)
    if own is not None:
        check_area(trace, own if under.area is None else under.area.si)
    area = under.area if under.area is not None or own is None else Quantity(own / _CM2, None, "cm2")
    if spectra and not 0 <= len(spectra) - len(cycles) <= 1:
        raise InputError(
            f"{len(spectra)} spectra stand beside {len(cycles)} half-cycles.",
            "One is needed before each half-cycle, and one may follow the last.",
            "Choose them with --cycle, or check the half-cycles with --half-cycle.",
        )
    shorts = shorts_raw(cycles)
    return _Read(
        cycles,
        tuple(overpotential_raw(cycle) for cycle in cycles),
        shorts,
        tuple(shunt(a, b) for a, b in itertools.pairwise(spectra)),
        tuple(nearest_resistance(one) for one in spectra[: len(cycles)]),
        critical_current_raw(cycles, shorts),
        area,
        under,
        metal,
        max((float(np.max(one.frequency)) for one in spectra), default=0.0),
    )


def _pair(found: _Read, last: int) -> Cycle:
    """Return the cycle that ends with the half-cycle of an index: with its neighbour, where that is at one current."""
    first = max(last - 1, 0)
    own, other = found.cycles[last], found.cycles[first]
    alike = own.sign != other.sign and abs(own.mean_current / other.mean_current - 1) < 0.02
    chosen = slice(first if alike else last, last + 1)
    return cycle_of(found.cycles[chosen], found.each[chosen])


def _results(found: _Read) -> tuple[dict[str, Quantity], dict[str, str]]:
    cycle, last = _pair(found, found.whole - 1), found.each[found.whole - 1]
    results = {
        "overpotential": Quantity(1e3 * cycle.voltage, 1e3 * cycle.margin, "mV", _SOURCE),
        "overpotential.first": _of_cycle(_pair(found, min(1, found.whole - 1))),
        "overpotential.immediate": Quantity(1e3 * last.first, None, "mV", _SOURCE),
        "overpotential.growing": Quantity(1e3 * last.growing, None, "mV", _SOURCE),
        **_resistances(found, cycle),
    }
    unreached = {}
    when = _when(found)
    if when is None:
        unreached["short_time"] = "h"
    else:
        results["short_time"] = when
    if found.critical is not None and found.area is not None:
        results["critical_current_density"] = _critical(found.critical, found.area)
    return results, unreached


def _when(found: _Read) -> Quantity | None:
    """Return when the first short began: a fall's time, or that between the spectra that show it."""
    short = found.shorts[0] if found.shorts else None
    if found.opened and (short is None or found.opened[0] < short.half_cycle):
        place = found.opened[0] - found.cycles[0].number
        low, high = ((float(found.cycles[k].time[0]) - found.start) / _HOUR for k in (place - 1, place))
        return Quantity((low + high) / 2, None, "h", "spectra between half-cycles", (low, high), (low, high))
    if short is None:
        return None
    return Quantity((short.time - found.start) / _HOUR, short.time_margin / _HOUR, "h", _SOURCE)


def _of_cycle(cycle: Cycle) -> Quantity:
    return Quantity(1e3 * cycle.voltage, 1e3 * cycle.margin, "mV", _SOURCE)


def _resistances(found: _Read, cycle: Cycle) -> dict[str, Quantity]:
    if found.area is None:
        return {}
    ohm = Quantity(cycle.voltage / cycle.current, cycle.margin / cycle.current, "ohm", _SOURCE)
    cell = propagate(lambda R, A: R * A, ohm, found.area, unit="ohm cm2", source=_SOURCE)
    electrolyte = found.under.electrolyte_resistance
    if electrolyte is None:
        return {"area_specific_resistance.cell": cell}
    interface = propagate(
        lambda R, R_el, A: (R - R_el) * A / 2, ohm, electrolyte, found.area, unit="ohm cm2", source=_SOURCE
    )
    return {"area_specific_resistance.cell": cell, "area_specific_resistance.interface": interface}


def _critical(critical: CriticalCurrent, area: Quantity) -> Quantity:
    """Return the interval as a quantity: both ends are what was run, and nothing between them was."""
    scale = 1e3 / (area.si / _CM2)
    low, high = critical.held * scale, None if critical.shorted is None else critical.shorted * scale
    middle = low if high is None else (low + high) / 2
    return Quantity(middle, None, "mA/cm2", "steps of the current", (low, high), (low, high))


def _series(found: _Read) -> dict[str, list[float | str | None]]:
    area = None if found.area is None else found.area.si
    k = coverage_factor(LEVEL_95)
    rows: dict[str, list[float | str | None]] = {
        "Half-cycle / 1": [cycle.number for cycle in found.cycles],
        "Start / h": [(float(cycle.time[0]) - found.start) / _HOUR for cycle in found.cycles],
        "Current / mA": [1e3 * cycle.sign * cycle.mean_current for cycle in found.cycles],
        "Charge / mAh": [cycle.charge / 3.6 for cycle in found.cycles],
        "First / mV": [1e3 * one.first for one in found.each],
        "Peak / mV": [1e3 * one.peak for one in found.each],
        "Plateau / mV": [1e3 * one.plateau for one in found.each],
        "Plateau 95 % / mV": [1e3 * k * one.plateau_std for one in found.each],
        "End / mV": [1e3 * one.end for one in found.each],
        "Noise / 1": [one.noise for one in found.each],
        "Arc / 1": [one.arc for one in found.each],
        "Resistance / ohm": [_ohm(cycle, one) for cycle, one in zip(found.cycles, found.each, strict=True)],
    }
    if area is not None:
        rows["Area-specific resistance / ohm cm2"] = [area / _CM2 * float(x or 0.0) for x in rows["Resistance / ohm"]]
    if found.resistances:
        rows["Re Z before / ohm"] = list(found.resistances)
        rows["Path opened / mS"] = [None, *(1e3 * one.conductance for one in found.shunts)]
        rows["Path opened, margin / mS"] = [None, *(1e3 * one.conductance_margin for one in found.shunts)]
    if found.metal is not None:
        rows["Metal signal / 1"] = [_metal_during(found.metal, cycle) for cycle in found.cycles]
    return rows


def _metal_during(metal: MetalSignal, cycle: HalfCycle) -> float | None:
    within = (metal.time >= cycle.time[0]) & (metal.time <= cycle.time[-1])
    return float(np.mean(metal.signal[within])) if within.any() else None


def _ohm(cycle: HalfCycle, read: Overpotential) -> float:
    return read.plateau / cycle.mean_current


def _verdict(found: _Read) -> tuple[str, str]:
    below = _below_electrolyte(found)
    if below:
        return "shorted", below
    if found.shorts:
        first = found.shorts[0]
        said = (_evidence(found, first), _evidence_of_spectra(found), _evidence_of_metal(found))
        return f"{'hard' if first.hard else 'soft'} short", " ".join(filter(None, said))
    if found.opened:
        said = (_evidence_of_spectra(found), "No fall of the voltage is sudden.", _evidence_of_metal(found))
        return "soft short", " ".join(filter(None, said))
    if len(found.cycles) <= BEFORE:
        return "cannot tell", f"{len(found.cycles)} half-cycles are too few to see a fall."
    known = found.under.electrolyte_resistance is not None
    also = "No half-cycle's resistance is below the electrolyte's." if known else _FIRST
    return "no short begins", f"No fall of the voltage after half-cycle {BEFORE} is sudden and stays. {also}"


def _below_electrolyte(found: _Read) -> str:
    electrolyte = found.under.electrolyte_resistance
    if electrolyte is None:
        return ""
    lowest = electrolyte.si - coverage_factor(LEVEL_95) * electrolyte.si_std
    for cycle, one in zip(found.cycles, found.each, strict=True):
        highest = (one.plateau + coverage_factor(LEVEL_95) * one.plateau_std) / cycle.mean_current
        if highest < lowest:
            return (
                f"From half-cycle {cycle.number} on the whole cell has {_ohm(cycle, one):.3g} ohm, less than its "
                f"electrolyte alone, {electrolyte}: a current passes beside it."
            )
    return ""


def _evidence(found: _Read, first: Short) -> str:
    hours = (first.time - found.start) / _HOUR
    text = (
        f"In half-cycle {first.half_cycle}, after {hours:.4g} h, the voltage loses {100 * first.jump:.2g} % at once, "
        f"{first.signal:.2g} times the noise of such jumps, and {100 * first.loss:.2g} % over {first.lasting:.2g} "
        "half-cycles, without coming back."
    )
    if first.fluctuation > 2:
        text += f" It fluctuates {first.fluctuation:.2g} times as much as before."
    return text


def _evidence_of_spectra(found: _Read) -> str:
    if not found.opened:
        return ""
    first = found.shunts[found.opened[0] - found.cycles[0].number - 1]
    others = len(found.opened) - 1
    return (
        f"Between the spectra before half-cycles {found.opened[0] - 1} and {found.opened[0]} a conductance of "
        f"{Quantity(1e3 * first.conductance, 1e3 * first.conductance_margin, 'mS')} opens beside the cell, real and "
        f"equal at every frequency, while the rest changes by {100 * first.scaling:.2g} "
        f"± {100 * first.scaling_margin:.2g} %: an ohmic path" + (f"; {others} more open later." if others else ".")
    )


def _evidence_of_metal(found: _Read) -> str:
    """Say whether the metal grows less while a current passes by."""
    place = found.whole
    if found.metal is None or place >= len(found.cycles):
        return ""
    before = _growth(found.metal, found.cycles[max(place - _NEAR, 0) : place])
    after = _growth(found.metal, found.cycles[place + 1 :][:_NEAR])
    if before is None or after is None:
        return ""
    rates = f"{before.value:.2g} an hour in the {_NEAR} half-cycles before, {after.value:.2g} in as many after"
    return f"The metal's signal grew by {rates} (margins {before.std:.1g} and {after.std:.1g})."


def _growth(metal: MetalSignal, cycles: Sequence[HalfCycle]) -> Quantity | None:
    """Return how fast the signal rises, per hour."""
    if not cycles:
        return None
    within = (metal.time >= cycles[0].time[0]) & (metal.time <= cycles[-1].time[-1])
    hours, signal = metal.time[within] / _HOUR, metal.signal[within]
    if len(hours) <= 3:
        return None
    (slope, _), covariance = np.polyfit(hours - hours[0], signal, 1, cov=True)
    return Quantity(float(slope), coverage_factor(freedom=len(hours) - 2) * math.sqrt(float(covariance[0, 0])), "h-1")


def _notes(found: _Read) -> dict[str, Any]:
    notes: dict[str, Any] = {
        "half_cycles": len(found.cycles),
        "short_from_first_cycle": _from_first(found),
        "shorts": [_short_note(found, one) for one in found.shorts],
        "protocol": _protocol(found),
    }
    if found.critical is not None:
        scale, unit = (1e3, "mA") if found.area is None else (1e3 / (found.area.si / _CM2), "mA/cm2")
        notes["critical_current"] = found.critical.said(scale, unit)
    if found.shunts:
        notes["paths_open_before_half_cycles"] = found.opened
    return notes


def _from_first(found: _Read) -> str:
    if _below_electrolyte(found):
        return "yes: a half-cycle has less than the electrolyte's resistance"
    return "cannot tell" if found.under.electrolyte_resistance is None else "not below the electrolyte's resistance"


def _short_note(found: _Read, short: Short) -> Mapping[str, Any]:
    return {
        "time_h": (short.time - found.start) / _HOUR,
        "half_cycle": short.half_cycle,
        "kind": "hard" if short.hard else "soft",
        "loss": short.loss,
        "jump": short.jump,
        "jump_over_noise": short.signal,
        "half_cycles_seen_low": short.lasting,
        "fluctuation": short.fluctuation,
    }


def _protocol(found: _Read) -> Mapping[str, Any]:
    """Return what the numbers belong to."""
    steps = found.critical.steps if found.critical is not None else ()
    said = {name: getattr(found.under, name) for name in ("pressure", "temperature")} | {"area": found.area}
    times = [cycle.duration for cycle in found.cycles]
    return {
        "currents_mA": [1e3 * step.current for step in steps] or [1e3 * found.cycles[0].mean_current],
        "half_cycle_h": float(np.median(times)) / _HOUR,
        "charge_a_half_cycle_mAh": float(np.median([cycle.charge for cycle in found.cycles])) / 3.6,
        **{name: "not said" if item is None else str(item) for name, item in said.items()},
    }


def _doubts(found: _Read) -> list[str]:
    doubts = []
    if found.area is None:
        doubts.append("No area was given: no resistance or current is stated per area. Give --area.")
    elif found.under.electrolyte_resistance is None:
        doubts.append(
            "The resistance per area is of the whole cell: electrolyte, both interfaces, concentrations. An interface "
            "has at most half of it; give --electrolyte-resistance to take the electrolyte away."
        )
    if len({cycle.sign for cycle in found.cycles}) == 1:
        doubts.append(
            "All half-cycles have one sign: the current never turned, or the file holds sizes only. What differs "
            "between the electrodes is in every number."
        )
    if found.highest and found.highest < _HIGH:
        doubts.append(
            f"The spectra end at {found.highest:.3g} Hz: they do not tell the electrolyte from the interfaces."
        )
    if found.critical is not None and (found.under.pressure is None or found.under.temperature is None):
        doubts.append(
            "A critical current belongs to its pressure and temperature, which are not said: give --pressure and "
            "--temperature."
        )
    return doubts


def _figure(found: _Read) -> FigureData:
    """Return the trace with its shorts, the half-cycles around the first one, and the resistance of each."""
    rules = _marks(found)
    size, unit = prefixed(max(one.peak for one in found.each), "V")
    x = np.concatenate([np.append(cycle.time, np.nan) for cycle in found.cycles])
    y = np.concatenate([np.append(cycle.sign * cycle.voltage, np.nan) for cycle in found.cycles])
    hours = (x - found.start) / _HOUR
    voltage, time = Axis("voltage", unit), Axis("time", "h")
    panels = [Panel([Line(hours, y / size), *rules], time, voltage, "the whole trace")]
    low, high = _zoom(found)
    near = (hours >= low) & (hours <= high) | ~np.isfinite(hours)
    zoomed = Axis("time", "h", low=low, high=high)
    panels.append(Panel([Line(hours[near], y[near] / size), *rules], zoomed, voltage, _zoomed(found), legend=""))
    panels.append(_resistance_panel(found))
    if found.metal is not None:
        points = Points((found.metal.time - found.start) / _HOUR, found.metal.signal, "metal", 3, marker="dot")
        marks = [one for one in rules if isinstance(one, Span)]
        panels.append(Panel([points, *marks], time, Axis("metal signal"), "the metal in the cell", legend=""))
    return Figure(panels, size=(7.0, 2.7 * len(panels))).entitled("Plating and stripping")


def _marks(found: _Read) -> list[Trace]:
    """Return where shorts begin: a fall's time, or the half-cycle in which a path opened."""
    falls: list[Trace] = [Rule((one.time - found.start) / _HOUR, text="short", color=1) for one in found.shorts[:3]]
    places = [number - found.cycles[0].number for number in found.opened]
    starts = [(float(cycle.time[0]) - found.start) / _HOUR for cycle in found.cycles]
    return falls + [
        Span(starts[place - 1], starts[place], label="an ohmic path opens", color=2) for place in places[:1]
    ]


def _zoom(found: _Read) -> tuple[float, float]:
    """Return the hours of the half-cycles around the first short, else of the last ones."""
    place = min(found.whole, len(found.cycles) - 1)
    first, last = found.cycles[max(place - 3, 0)], found.cycles[min(place + 3, len(found.cycles) - 1)]
    return (float(first.time[0]) - found.start) / _HOUR, (float(last.time[-1]) - found.start) / _HOUR


def _zoomed(found: _Read) -> str:
    return "around the first short" if found.whole < len(found.cycles) else "the last half-cycles"


def _resistance_panel(found: _Read) -> Panel:
    k = coverage_factor(LEVEL_95)
    middles = [(float(cycle.time[0] + cycle.time[-1]) / 2 - found.start) / _HOUR for cycle in found.cycles]
    ohm = [_ohm(cycle, one) for cycle, one in zip(found.cycles, found.each, strict=True)]
    margins = [k * one.plateau_std / cycle.mean_current for cycle, one in zip(found.cycles, found.each, strict=True)]
    traces: list[Trace] = [Points(middles, ohm, "voltage / current", y_error=margins)]
    if found.resistances:
        starts = [(float(cycle.time[0]) - found.start) / _HOUR for cycle in found.cycles]
        traces.append(Points(starts, found.resistances, "Re Z at the lowest frequency, before", 1, open=True))
        opened = [k for k, cycle in enumerate(found.cycles) if cycle.number in found.opened]
        at, ends = [starts[k] for k in opened], [found.resistances[k] for k in opened]
        traces.append(Points(at, ends, "an ohmic path has opened", 2, marker="down"))
    low = 0.0 if math.isfinite(min(ohm)) and min(ohm) > 0 else None
    return Panel(traces, Axis("time", "h"), Axis("resistance", "ohm", low=low), "each half-cycle")
