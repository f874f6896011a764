"""Differential scanning calorimetry: onset, peak and enthalpy of an event, glass transition, crystallinity."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.quantities.constants import ZERO_CELSIUS
from lamion.records.thermal import ThermalCurve
from lamion.techniques.thermal.dsc_figure import dsc_figure, marks, step_mark
from lamion.techniques.thermal.event import Event, largest_event
from lamion.techniques.thermal.glass import GlassTransition, glass_transition_raw
from lamion.techniques.thermal.heat import Heat, Way, heat_of
from lamion.techniques.thermal.number import Number
from lamion.techniques.thermal.peak_area import Baseline, Peak, peak_raw
from lamion.techniques.thermal.ramps import Ramp, run_of, the_ramp

Array = NDArray[np.float64]
SOURCE = "DSC ramp"
_WHOLE = 1.0
_SURE = 2.0
"""Of its uncertainty, which a step is larger than."""


@dataclass(frozen=True)
class DscChoice:
    """What a person says of a DSC run; temperatures in K.

    Parameters
    ----------
    exothermic : str, optional
        ``"up"`` or ``"down"``, where the file is silent.
    mass : Quantity, optional
        Of the sample, where the file is silent.
    ramp : int, optional
        Which ramp, counted from 1, where there are several.
    rate : float, optional
        K/s, of a record without time.
    low, high : float, optional
        Limits of the event; the largest one is looked for without them.
    baseline : str
        Under it.
    glass, cold : tuple of float, optional
        The range of a glass transition, and of a crystallisation on heating that is subtracted.
    polymer : Quantity, optional
        The polymer's mass fraction of the sample.
    whole : Quantity, optional
        The enthalpy of the polymer where all of it is a crystal.
    temperature_error : float
        Standard uncertainty of the temperature's calibration, K.
    enthalpy_error : float
        That of the heat flow's calibration, relative.
    """

    exothermic: Way | None = None
    mass: Quantity | None = None
    ramp: int | None = None
    rate: float | None = None
    low: float | None = None
    high: float | None = None
    baseline: Baseline = "linear"
    glass: tuple[float, float] | None = None
    cold: tuple[float, float] | None = None
    polymer: Quantity | None = None
    whole: Quantity | None = None
    temperature_error: float = 0.0
    enthalpy_error: float = 0.0


@dataclass(frozen=True, eq=False)
class _Part:
    """The ramp that is read: its rows in s, K and W/kg, and what was found in it."""

    ramp: Ramp
    time: Array
    temperature: Array
    heat: Heat
    choice: DscChoice

    @property
    def flow(self) -> Array:
        return self.heat.taken_up


def dsc(record: ThermalCurve, choice: DscChoice | None = None) -> Answer:
    r"""Read an event of a DSC run, and what it says of a polymer.

    .. math:: \Delta H = \frac1m \int (\Phi - \Phi_b)\, dt, \qquad
        X_c = \frac{\Delta H_m - |\Delta H_{cc}|}{w_p\, \Delta H^\circ}

    with the polymer's mass fraction w_p and the enthalpy of a crystal of it alone.

    Parameters
    ----------
    record : ThermalCurve
        With a heat flow.
    choice : DscChoice
        What is known of it.

    Returns
    -------
    Answer
        ``onset``, ``peak`` (degC) and ``enthalpy`` (J/g of sample, positive where heat is taken up);
        ``enthalpy_of_polymer`` where its share is said, ``crystallinity`` where the enthalpy of a crystal is, too;
        ``cold_crystallisation``, ``glass_transition`` and ``heat_capacity_step`` where their ranges are.

    Raises
    ------
    InputError
        When something that the numbers need is not known, or no event stands out.

    Notes
    -----
    Peak temperatures move with the rate of heating and with the sample's mass, onsets of pure substances do not. In a
    mixture melting ends near the peak, and its onset is no melting point.

    References
    ----------
    G. W. H. Höhne, W. F. Hemminger, H.-J. Flammersheim, Differential Scanning Calorimetry, Springer 2003,
    doi:10.1007/978-3-662-06710-9.

    Examples
    --------
    >>> t = np.arange(0.0, 600.0, 1.0)
    >>> T, rng = 280.0 + t / 6.0, np.random.default_rng(1)
    >>> q = -20.0 - 100.0 * np.exp(-(((T - 330.0) / 3.0) ** 2) / 2) + rng.normal(0.0, 0.5, len(t))
    >>> answer = dsc(ThermalCurve(T, t, specific_heat_flow=q, exothermic="up"))
    >>> round(answer["peak"].value, 1), round(answer["enthalpy"].value, 1)
    (56.9, 4.5)
    """
    choice = choice or DscChoice()
    run = run_of(record, choice.rate)
    heat = heat_of(record, choice.exothermic, choice.mass)
    ramp = the_ramp(run, choice.ramp, heating=True)
    part = _Part(ramp, run.time[ramp.rows], run.temperature[ramp.rows], _rows(heat, ramp), choice)
    glass, cold = _glass(part), _cold(part)
    event, missing = _event(part, glass)
    results, notes = _results(part, event, cold, glass)
    return Answer(
        results,
        notes={"uncertainty": notes, "exothermic": heat.exothermic, "ramp": str(ramp)},
        warnings=(*run.warnings, *heat.warnings, *missing, *_doubts(part, event, results)),
        unreached={} if event else {"onset": "degC", "peak": "degC", "enthalpy": "J/g"},
        method=_method(part, event),
        assumptions=tuple(_assumptions(part, glass)),
        figures={"dsc": _figure(part, event, glass)},
        headline=("onset", "peak", "enthalpy*", "crystallinity", "glass_transition"),
    )


@dataclass(frozen=True, eq=False)
class _Event:
    """A peak and its limits."""

    peak: Peak
    limits: Event


def _event(part: _Part, glass: GlassTransition | None) -> tuple[_Event | None, list[str]]:
    """Return the event; where none stands out and a glass transition was asked for, none, and why."""
    try:
        limits = _limits(part)
    except InputError as error:
        if glass is None:
            raise
        return None, [f"No event was read. {error.happened} {error.cause} {error.remedy}"]
    peak = peak_raw(part.time, part.temperature, part.flow, limits.low, limits.high, part.choice.baseline)
    return _Event(peak, limits), []


def _rows(heat: Heat, ramp: Ramp) -> Heat:
    return Heat(heat.taken_up[ramp.rows], heat.exothermic, heat.relative, heat.warnings)


def _limits(part: _Part) -> Event:
    choice = part.choice
    if choice.low is not None and choice.high is not None:
        return Event(choice.low, choice.high)
    found = largest_event(part.temperature, part.flow, choice.low, choice.high)
    return Event(found.low if choice.low is None else choice.low, found.high if choice.high is None else choice.high)


def _cold(part: _Part) -> Peak | None:
    if part.choice.cold is None:
        return None
    peak = peak_raw(part.time, part.temperature, part.flow, *part.choice.cold, part.choice.baseline)
    if peak.enthalpy.value > 0:
        raise InputError(
            "The crystallisation that should be subtracted takes heat up.",
            f"Between the two temperatures {peak.enthalpy.value / 1000.0:.3g} J/g are taken up: it is no "
            "crystallisation, or exothermic is the other way.",
            "Mend --cold or --exothermic.",
        )
    return peak


def _glass(part: _Part) -> GlassTransition | None:
    if part.choice.glass is None:
        return None
    low, high = part.choice.glass
    rows = (part.temperature >= low) & (part.temperature <= high)
    return glass_transition_raw(part.temperature[rows], part.flow[rows], part.ramp.rate)


def _results(
    part: _Part, event: _Event | None, cold: Peak | None, glass: GlassTransition | None
) -> tuple[dict[str, Quantity], dict[str, dict[str, float]]]:
    parts: dict[str, dict[str, float]] = {}
    results: dict[str, Quantity] = {}

    def add(name: str, number: Number, unit: str, factor: float = 1.0, zero: float = 0.0, **more: float) -> Quantity:
        every = {key: factor * size for key, size in (number.parts | more).items() if size > 0.0}
        parts[name] = {key: float(f"{size:.3g}") for key, size in every.items()}
        found = Quantity(factor * (number.value - zero), math.hypot(*every.values()), unit, SOURCE)
        return results.setdefault(name, found)

    def heat(name: str, number: Number) -> Quantity:
        size = abs(number.value)
        scale = {"calibration": part.choice.enthalpy_error * size, "mass": part.heat.relative * size}
        return add(name, number, "J/g", 1e-3, **scale)

    if event is not None:
        for name, number in (("onset", event.peak.onset), ("peak", event.peak.top)):
            add(name, number, "degC", zero=ZERO_CELSIUS, calibration=part.choice.temperature_error)
        heat("enthalpy", event.peak.enthalpy)
    if cold is not None:
        heat("cold_crystallisation", cold.enthalpy)
    if event is not None:
        results |= _of_polymer(part.choice, results["enthalpy"], results.get("cold_crystallisation"))
    if glass is not None:
        error = part.choice.temperature_error
        add("glass_transition", glass.temperature, "degC", zero=ZERO_CELSIUS, calibration=error)
        scale = part.choice.enthalpy_error * abs(glass.capacity.value)
        add("heat_capacity_step", glass.capacity, "J/(g K)", 1e-3, calibration=scale)
    return results, parts


def _of_polymer(choice: DscChoice, melting: Quantity, cold: Quantity | None) -> dict[str, Quantity]:
    """Return what is said over the mass of the polymer."""
    if choice.polymer is None:
        if choice.whole is not None:
            raise InputError(
                "A crystallinity needs the polymer's share of the sample.",
                "The enthalpy of a whole crystal is said, and the share is not.",
                "Say it: --polymer-share 0.30, or 1 for the polymer alone.",
            )
        return {}
    net = melting if cold is None else melting + cold
    found = {"enthalpy_of_polymer": _over(net, "J/g", choice.polymer)}
    if choice.whole is not None:
        found["crystallinity"] = _over(net, "1", choice.polymer, choice.whole)
    return found


def _over(net: Quantity, unit: str, *parts: Quantity) -> Quantity:
    """Return a heat over what was said, which is exact where no uncertainty was."""
    value = net.si / math.prod(one.si for one in parts) / Quantity(1.0, None, unit).si
    relative = [one.std / one.value for one in parts if one.std]
    own = (net.std or 0.0) / net.value if net.value else 0.0
    return Quantity(value, abs(value) * math.hypot(own, *relative), unit, SOURCE)


def _method(part: _Part, event: _Event | None) -> str:
    if event is None:
        return f"A glass transition at half height, {part.ramp}."
    peak, limits = event.peak, event.limits
    what = "taken up (endothermic)" if peak.enthalpy.value >= 0 else "given off (exothermic)"
    return (
        f"Heat {what} between {limits.low - ZERO_CELSIUS:.1f} and {limits.high - ZERO_CELSIUS:.1f} degC, {part.ramp}, "
        f"over a {part.choice.baseline} baseline; onset by the steepest tangent; exothermic is "
        f"{part.heat.exothermic} in the file."
    )


def _assumptions(part: _Part, glass: GlassTransition | None) -> Iterator[str]:
    choice = part.choice
    if not choice.temperature_error:
        yield "The temperature is as calibrated: its error is not in the uncertainties (--temperature-uncertainty)."
    if not choice.enthalpy_error:
        yield "The heat flow is as calibrated: its error is not in the uncertainties (--enthalpy-uncertainty)."
    if glass is not None:
        yield f"The glass transition is that at {60.0 * abs(part.ramp.rate):.3g} K/min: it moves with the rate."
    if choice.polymer is not None and not choice.polymer.std:
        yield "The polymer's share is exact, as said without an uncertainty."
    if choice.whole is not None:
        yield f"A crystal of the polymer alone melts with {choice.whole.value:g} {choice.whole.unit}, as was said."


def _doubts(part: _Part, event: _Event | None, results: dict[str, Quantity]) -> Iterator[str]:
    step = results.get("heat_capacity_step")
    if step is not None and abs(step.value) < _SURE * (step.std or 0.0):
        yield (
            f"The step of the glass transition, {step.value:.2g} J/(g K), is no clearer than what other ends of its "
            "range make of it: there may be none. Look at the figure, and give a range that holds it well."
        )
    if event is None:
        return
    choice, peak, limits = part.choice, event.peak, event.limits
    if choice.low is None or choice.high is None:
        yield (
            f"The limits of the peak, {limits.low - ZERO_CELSIUS:.1f} and {limits.high - ZERO_CELSIUS:.1f} degC, were "
            "found, not said: look at the figure, and say --low and --high."
        )
    clear = [one for one in ("baseline", "limits") if peak.enthalpy.parts[one] > peak.enthalpy.parts["noise"]]
    if clear:
        yield (
            f"The enthalpy depends on its {' and its '.join(clear)} by more than on noise: "
            f"{1e-3 * math.hypot(*(peak.enthalpy.parts[one] for one in clear)):.2g} J/g, which is counted."
        )
    fraction = results.get("crystallinity")
    if fraction is not None and not 0.0 <= fraction.value <= _WHOLE:
        yield (
            f"The crystallinity is {fraction.value:.3g}, which cannot be: another component melts here, the polymer's "
            "share or the enthalpy of its crystal is another one, or exothermic is the other way."
        )


def _figure(part: _Part, event: _Event | None, glass: GlassTransition | None) -> FigureData:
    drawn = [] if event is None else marks(part.temperature, event.peak, event.limits, part.choice.baseline)
    if glass is not None:
        drawn.append(step_mark(glass.temperature.value))
    return dsc_figure(part.temperature, part.flow, drawn, f"DSC, {part.ramp}")
