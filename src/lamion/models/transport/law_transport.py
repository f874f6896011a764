"""What a film does between lithium electrodes where its properties depend on the concentration."""

from __future__ import annotations

import math

import numpy as np

from lamion.models.transport.binary_electrolyte import BinaryElectrolyte, by_laws, check_at, laws_of
from lamion.models.transport.electrodes import REVERSIBLE, from_resistance
from lamion.models.transport.film_transport import FilmTransport, field_times, figure, profile_columns
from lamion.models.transport.film_under_current import Discretisation
from lamion.models.transport.medium import uniform
from lamion.models.transport.protocol import step
from lamion.models.transport.simulation import simulate
from lamion.models.transport.solution import Solution, depleted
from lamion.models.transport.steady_state import SteadyState, limiting_current_raw, steady_state
from lamion.numerics.time_steps import Stepping
from lamion.progress import Progress, silent
from lamion.quantities import Answer, InputError, Quantity
from lamion.quantities.properties import PROPERTIES
from lamion.substances import Electrolyte

_TAUS = 12.0
_SOURCE = "finite volumes"


def law_transport(
    electrolyte: Electrolyte,
    thickness: Quantity,
    concentration: Quantity,
    current: Quantity,
    time: Quantity,
    *,
    temperature: Quantity | None = None,
    charge_transfer: Quantity | None = None,
    discretisation: Discretisation | None = None,
    progress: Progress = silent,
) -> FilmTransport:
    """Predict concentrations and voltages of a film whose D, conductivity and t+ follow laws of concentration.

    Parameters
    ----------
    electrolyte : Electrolyte
        With laws of concentration, or quantities where a property does not depend on it.
    thickness, concentration, current, time : Quantity
        Of the film, the salt at rest, what flows, and for how long.
    temperature : Quantity, optional
        By default that at which the laws were measured.
    charge_transfer : Quantity, optional
        Charge-transfer resistance of one electrode; none without it.
    discretisation : Discretisation, optional
        One dimension by default.
    progress : callable
        Told how far the simulation is.

    Returns
    -------
    FilmTransport
        Its answer has the names of :func:`lamion.models.transport.film_transport.film_transport`, without
        uncertainties; the limiting current is missing where the laws end before it.

    Raises
    ------
    InputError
        For a time after the salt is used up, and where a law is used outside its range.

    Examples
    --------
    >>> def q(value, unit): return Quantity(value, None, unit)
    >>> from lamion.substances import published_electrolyte
    >>> peo = published_electrolyte("litfsi-peo")
    >>> found = law_transport(peo, q(50, "um"), q(1, "mol/L"), q(0.2, "mA/cm2"), q(1, "h"),
    ...                       discretisation=Discretisation(cells=40))
    >>> round(found.answer.results["steady_fraction"].value, 2)
    1.0
    """
    for name, given in (
        ("thickness", thickness),
        ("concentration", concentration),
        ("current", current),
        ("time", time),
    ):
        PROPERTIES[name].checked(given)
    length, c0, i, end = thickness.si, concentration.si, current.si, time.si
    for law in laws_of(electrolyte).values():
        law.at(None, concentration)
    salt = by_laws(electrolyte, temperature)
    check_at(salt, c0)
    tau = length**2 / (math.pi**2 * float(salt.diffusivity.value(np.array([c0]))[0]))
    found = simulate(
        uniform((discretisation or Discretisation()).grid(length), salt),
        step(i, max(end, _TAUS * tau)),
        c0,
        times=field_times(end),
        kinetics=REVERSIBLE
        if charge_transfer is None
        else from_resistance(charge_transfer.si, salt.temperature, concentration=c0),
        stepping=Stepping(1e-5),
        progress=progress,
    )
    if end > found.depletion_time:
        raise depleted(end, found.depletion_time)
    limit = _limit(salt, length, c0)
    steady = steady_state(salt, length, c0, i) if limit is not None and i < limit else None
    results, unreached = _results(found, end, limit, steady)
    notes = {
        "model": "binary electrolyte, electroneutral, D, conductivity and t+ by laws of concentration",
        "temperature_K": salt.temperature,
        "uncertainty": "not propagated: the laws have none",
        "steady_voltage_mV": None if steady is None else 1e3 * steady.voltage,
        "finite_volumes": {"cells": "x".join(str(n) for n in found.grid.shape), "steps": found.steps},
    }
    return FilmTransport(
        Answer(
            results,
            profile_columns(found),
            notes,
            _beyond(electrolyte, found),
            {"transport": figure(found, c0, i)},
            unreached,
            method="A binary electrolyte with properties by laws of concentration, solved by finite volumes; limit and "
            "steady state by integration.",
        ),
        found,
    )


def _beyond(electrolyte: Electrolyte, found: Solution) -> tuple[str, ...]:
    """Warn where the salt leaves the concentrations between which the laws were measured."""
    laws = laws_of(electrolyte)
    low = max((law.low for law in laws.values()), key=lambda end: end.si)
    high = min((law.high for law in laws.values()), key=lambda end: end.si)
    lowest, highest = float(found.concentration.min()), float(found.concentration.max())
    if low.si <= lowest and highest <= high.si:
        return ()
    return (
        f"The salt runs from {lowest / 1e3:.3g} to {highest / 1e3:.3g} mol/L, the laws were measured from {low} to "
        f"{high}: what lies beyond is extrapolated. Take less current, or laws that reach further.",
    )


def _limit(electrolyte: BinaryElectrolyte, length: float, c0: float) -> float | None:
    try:
        return limiting_current_raw(electrolyte, length, c0)
    except InputError:
        return None


def _results(
    found: Solution, end: float, limit: float | None, steady: SteadyState | None
) -> tuple[dict[str, Quantity], dict[str, str]]:
    at = found.at(end)
    values: dict[str, tuple[float | None, str]] = {
        "concentration_drop": (at.drop, "mol/m3"),
        "steady_fraction": (None if steady is None else at.drop / steady.drop, "1"),
        "time_to_99_percent": (None if steady is None else _crossing(found, 0.99 * steady.drop), "s"),
        "limiting_current": (None if limit is None else limit / 10, "mA/cm2"),
        "depletion_time": (found.depletion_time if math.isfinite(found.depletion_time) else None, "s"),
        "voltage": (1e3 * at.voltage, "mV"),
        "potential_drop": (1e3 * at.potential_drop, "mV"),
    }
    results = {name: Quantity(v, None, unit, _SOURCE) for name, (v, unit) in values.items() if v is not None}
    return results, {name: unit for name, (value, unit) in values.items() if value is None}


def _crossing(found: Solution, drop: float) -> float | None:
    """Return when a concentration drop is reached, s."""
    drops, times = found.series("drop"), found.series("time")
    if drops[-1] < drop:
        return None
    after = int(np.argmax(drops >= drop))
    share = (drop - drops[after - 1]) / (drops[after] - drops[after - 1])
    return float(times[after - 1] + share * (times[after] - times[after - 1]))
