"""What an electrolyte film does between lithium electrodes at a constant current: quantities in, an answer out."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lamion.models.transport.binary_electrolyte import dilute
from lamion.models.transport.electrodes import REVERSIBLE, Kinetics, from_resistance
from lamion.models.transport.film_under_current import Discretisation, FilmUnderCurrent
from lamion.models.transport.medium import uniform
from lamion.models.transport.protocol import step
from lamion.models.transport.simulation import simulate
from lamion.models.transport.single_ion import SingleIonFilm
from lamion.models.transport.solution import Solution
from lamion.models.transport.uniform_film import UniformFilm
from lamion.numerics.time_steps import Stepping
from lamion.progress import Progress, silent
from lamion.quantities import Answer, FigureData, InputError, Quantity, propagate
from lamion.quantities.figure import Axis, Figure, Line, Panel, Rule, Trace

Array = NDArray[np.float64]

_SOURCE = "uniform film of a binary electrolyte"
_TOLERANCE = 1e-5
_FIELDS = 12


@dataclass(frozen=True, eq=False)
class FilmTransport:
    """The answer, with the fields it was drawn from.

    Parameters
    ----------
    answer : Answer
        Results, profile, notes, figure.
    solution : Solution or None
        Fields over time; None for a single-ion conductor, whose concentration stays even.
    """

    answer: Answer
    solution: Solution | None


def film_transport(
    case: FilmUnderCurrent, discretisation: Discretisation | None = None, *, progress: Progress = silent
) -> FilmTransport:
    r"""Predict concentrations and voltages of a film at a constant current between lithium electrodes.

    Parameters
    ----------
    case : FilmUnderCurrent
        The film, the current, the time.
    discretisation : Discretisation, optional
        Of the fields; one dimension by default.
    progress : callable
        Told how far the fields are.

    Returns
    -------
    FilmTransport
        Its answer has ``concentration_drop`` (mol/m3, at the time), ``steady_fraction`` (of the steady drop, also
        where that would exceed :math:`2 c_0`), ``time_to_99_percent`` (s), ``limiting_current`` (mA/cm2),
        ``depletion_time`` (s), ``voltage`` (mV, between Li electrodes, with charge transfer where its resistance is
        given) and ``potential_drop`` (mV, the electrostatic part within the electrolyte), and the profile as series.
        What is never reached is among ``unreached``.

    Raises
    ------
    InputError
        For nonsense among the numbers, and for a time after the salt is used up.

    Notes
    -----
    The results are those of the closed form, with the uncertainties of the inputs propagated linearly; profile and
    fields are computed by finite volumes, and ``notes.finite_volumes`` says by how much these differ from it.

    References
    ----------
    J. Newman, K. E. Thomas-Alyea, Electrochemical Systems, 3rd ed., Wiley, 2004, chapters 11 and 12.

    Examples
    --------
    >>> def q(value, unit): return Quantity(value, None, unit)
    >>> film = q(9, "um"), q(5.62e-4, "S/cm"), q(0.78, "1"), q(2, "mol/L")
    >>> case = FilmUnderCurrent(*film, q(1.2, "mA/cm2"), q(60, "s"))
    >>> results = film_transport(case, Discretisation(cells=40)).answer.results
    >>> print(results["concentration_drop"], results["voltage"])
    95.8926 mol/m3 2.4642 mV
    """
    if case.single_ion:
        return FilmTransport(_single_ion(case), None)
    film, current, time = _film(case), case.current.si, case.time.si
    film.drop(time, current)
    grid = (discretisation or Discretisation()).grid(film.thickness)
    results, unreached = _results(case, film)
    kinetics = _kinetics(case)
    found = simulate(
        uniform(grid, dilute(film)),
        step(current, time),
        film.concentration,
        times=field_times(time),
        kinetics=kinetics,
        stepping=Stepping(_TOLERANCE),
        progress=progress,
    )
    if not found.times or found.times[-1] != time:
        raise InputError(
            f"On this grid the salt is used up at {found.depletion_time:.5g} s, before the {time:.5g} s asked for.",
            "The time is very close to the depletion time.",
            "Take more cells or an earlier time.",
        )
    answer = Answer(
        results,
        profile_columns(found),
        _notes(case, film, found),
        _warnings(case, film, results.get("depletion_time")),
        {"transport": figure(found, film.concentration, current)},
        unreached,
        method="A uniform film of a dilute binary salt between lithium electrodes, in closed form; profile and fields "
        "by finite volumes.",
    )
    return FilmTransport(answer, found)


def _film(case: FilmUnderCurrent, **changed: float) -> UniformFilm:
    def read(name: str) -> float:
        return changed[name] if name in changed else float(getattr(case, name).si)

    return UniformFilm(
        read("thickness"),
        read("conductivity"),
        read("transference"),
        read("concentration"),
        read("temperature"),
        None if case.diffusivity is None else read("diffusivity"),
        read("thermodynamic_factor"),
    )


def _kinetics(case: FilmUnderCurrent, **changed: float) -> Kinetics:
    if case.charge_transfer is None:
        return REVERSIBLE
    temperature = changed.get("temperature", case.temperature.si)
    resistance = changed.get("charge_transfer", case.charge_transfer.si)
    return from_resistance(resistance, temperature, concentration=changed.get("concentration", case.concentration.si))


def _results(case: FilmUnderCurrent, film: UniformFilm) -> tuple[dict[str, Quantity], dict[str, str]]:
    current = case.current.si
    depletes = math.isfinite(film.depletion_time(current))
    never: dict[str, str] = {}
    results = {
        "concentration_drop": _propagated(case, "mol/m3", lambda f, i, t, k: f.drop(t, i)),
        "steady_fraction": _propagated(case, "1", lambda f, i, t, k: f.steady_fraction(t)),
        "limiting_current": _propagated(case, "mA/cm2", lambda f, i, t, k: f.limiting_current),
        "voltage": _propagated(case, "mV", lambda f, i, t, k: f.voltage(t, i) + _charge_transfer(k, f, i, t)),
        "potential_drop": _propagated(case, "mV", lambda f, i, t, k: f.potential_drop(t, i)),
    }
    if film.time_to(0.99) <= film.depletion_time(current):
        results["time_to_99_percent"] = _propagated(case, "s", lambda f, i, t, k: f.time_to(0.99))
    else:
        never["time_to_99_percent"] = "s"
    if depletes:
        results["depletion_time"] = _propagated(case, "s", lambda f, i, t, k: f.depletion_time(i))
    else:
        never["depletion_time"] = "s"
    return results, never


def _propagated(
    case: FilmUnderCurrent, unit: str, function: Callable[[UniformFilm, float, float, Kinetics], float]
) -> Quantity:
    given = case.given()

    def of_values(*values: float) -> float:
        changed = dict(zip(given, values, strict=True))
        return function(_film(case, **changed), changed["current"], changed["time"], _kinetics(case, **changed))

    return propagate(of_values, *given.values(), unit=unit, source=_SOURCE)


def _charge_transfer(kinetics: Kinetics, film: UniformFilm, current: float, time: float) -> float:
    """Return the overpotential of both electrodes, V."""
    return 0.0 if kinetics.reversible else float(kinetics.of_both(current, *film.at_electrodes(time, current)))


def _single_ion(case: FilmUnderCurrent) -> Answer:
    """Answer for a conductor in which no concentration changes."""
    given = case.given()

    def film(values: tuple[float, ...]) -> tuple[SingleIonFilm, dict[str, float]]:
        changed = dict(zip(given, values, strict=True))
        return SingleIonFilm(changed["thickness"], changed["conductivity"]), changed

    def drop(*values: float) -> float:
        found, changed = film(values)
        return found.voltage(changed["current"])

    def voltage(*values: float) -> float:
        found, changed = film(values)
        rest = case.concentration.si
        kinetics = _kinetics(case, **changed | {"concentration": rest})
        return found.voltage(changed["current"]) + float(kinetics.of_both(changed["current"], rest, rest))

    source = "single-ion conductor"
    return Answer(
        {
            "concentration_drop": Quantity(0.0, 0.0, "mol/m3", source),
            "steady_fraction": Quantity(1.0, 0.0, "1", source),
            "time_to_99_percent": Quantity(0.0, 0.0, "s", source),
            "voltage": propagate(voltage, *given.values(), unit="mV", source=source),
            "potential_drop": propagate(drop, *given.values(), unit="mV", source=source),
        },
        notes={"model": "single-ion conductor: the lithium ion carries all the current, no concentration changes"},
        warnings=_doubt_of_one(case),
        unreached={"limiting_current": "mA/cm2", "depletion_time": "s"},
        method="A single-ion conductor between lithium electrodes: Ohm's law, no concentration changes.",
    )


def _doubt_of_one(case: FilmUnderCurrent) -> tuple[str, ...]:
    if not case.transference.std:
        return ()
    return (
        f"The transference number is {case.transference}: the uncertainties here are those of exactly 1. "
        "Below 1 the concentration changes; ask for such a number too.",
    )


def profile_columns(found: Solution) -> dict[str, list[float | str | None]]:
    """Return the profile at the last time along the first axis, in the middle of the others, as columns.

    Parameters
    ----------
    found : Solution
        With fields. The reference potential is that of a lithium electrode at the place, which falls by the voltage
        of the film; the electrostatic potential falls by less.
    """
    return {
        "Position / um": (1e6 * found.grid.centres[0]).tolist(),
        "Concentration / mol/m3": _through(found.concentration[-1]).tolist(),
        "Reference Potential / mV": (1e3 * _through(found.potential[-1])).tolist(),
    }


def _through(values: Array) -> Array:
    """Return one column of a field, away from the sides."""
    columns = values.reshape(values.shape[0], -1)
    return np.asarray(columns[:, columns.shape[1] // 2])


def _notes(case: FilmUnderCurrent, film: UniformFilm, found: Solution) -> dict[str, Any]:
    current, time = case.current.si, case.time.si
    steady = abs(current) < film.limiting_current
    exact = film.concentration_at(found.grid.centres[0], time, current)
    column = exact.reshape((-1,) + (1,) * (found.grid.dimension - 1))
    return {
        "model": "binary electrolyte, electroneutral, constant D and t+, conductivity in proportion to concentration",
        "diffusivity_m2_s": film.salt_diffusivity,
        "diffusivity_from": "Nernst and Einstein" if case.diffusivity is None else "given",
        "time_constant_s": film.time_constant,
        "concentration_mol_m3": {"lowest": found.terminals[-1].lowest, "highest": found.terminals[-1].low},
        "steady_state": {
            "concentration_drop_mol_m3": film.steady_drop(current) if steady else None,
            "voltage_mV": 1e3 * film.steady_voltage(current) if steady else None,
            "potential_drop_mV": 1e3 * film.steady_potential_drop(current) if steady else None,
        },
        "ohmic_voltage_mV": 1e3 * film.ohmic_resistance * current,
        "charge_transfer_mV": 1e3 * _charge_transfer(_kinetics(case), film, current, case.time.si)
        if case.charge_transfer
        else None,
        "finite_volumes": {
            "cells": "x".join(str(n) for n in found.grid.shape),
            "steps": found.steps,
            "largest_difference_mol_m3": float(np.max(np.abs(found.concentration[-1] - column))),
        },
    }


def _warnings(case: FilmUnderCurrent, film: UniformFilm, end: Quantity | None) -> tuple[str, ...]:
    current = case.current.si
    if end is None:
        return ()
    close = (
        f"The depletion time, {end}, is within two standard uncertainties of the time asked for: near it the voltages "
        "run away, and their uncertainties, propagated linearly, say little."
    )
    doubtful = bool(end.std) and end.si - case.time.si < 2 * end.si_std
    return (
        *((close,) if doubtful else ()),
        f"The current of {current / 10:.4g} mA/cm2 is above the limiting current of {film.limiting_current / 10:.4g} "
        f"mA/cm2: there is no steady state, and the salt is used up at {film.depletion_time(current):.4g} s.",
    )


def field_times(time: float) -> tuple[float, ...]:
    """Return when fields are kept, s.

    Parameters
    ----------
    time : float
        The last, s.
    """
    return (*(time * k / _FIELDS for k in range(_FIELDS)), time)


def figure(found: Solution, concentration: float, current: float) -> FigureData:
    """Return the profiles on the way, and the ends over time, up to the last time with a field.

    Parameters
    ----------
    found : Solution
        With fields at :func:`field_times`.
    concentration : float
        At the start, mol/m3.
    current : float
        A/m2.
    """
    until = found.series("time") <= found.times[-1]
    shown = [k for k in range(len(found.times)) if k in {1, 3, 6, len(found.times) - 1}]
    data: dict[str, Any] = {
        "thickness_um": 1e6 * found.grid.lengths[0],
        "initial_mol_m3": concentration,
        "current_mA_cm2": current / 10,
        "map": field_map(found) if found.grid.dimension > 1 else None,
        "profiles": [
            {
                "time_s": found.times[k],
                "position_um": (1e6 * found.grid.centres[0]).tolist(),
                "concentration_mol_m3": _through(found.concentration[k]).tolist(),
            }
            for k in shown
        ],
        "ends": {
            "time_s": found.series("time")[until].tolist(),
            "low_mol_m3": found.series("low")[until].tolist(),
            "high_mol_m3": found.series("high")[until].tolist(),
        },
    }
    title = "Salt concentration in the film"
    return FigureData("film-transport", title, data) if data["map"] else _plot(data).entitled(title, **data)


def _plot(data: Mapping[str, Any]) -> Figure:
    """Return the panels of a film in one dimension: profiles through it, and both ends over time."""
    concentration, ends = Axis("concentration", "mol/m3"), data["ends"]
    profiles: list[Trace] = [
        Line(one["position_um"], one["concentration_mol_m3"], f"{one['time_s']:.4g} s", value=one["time_s"])
        for one in data["profiles"]
    ]
    both = [
        Line(ends["time_s"], ends["low_mol_m3"], "dissolving electrode", 5),
        Line(ends["time_s"], ends["high_mol_m3"], "plating electrode", 0, dash="dashed"),
    ]
    panels = [
        Panel([*profiles, Rule(data["initial_mol_m3"], "y")], Axis("position", "um"), concentration),
        Panel(both, Axis("time", "s"), concentration),
    ]
    return Figure(panels, columns=2, size=(7.2, 3.4))


def field_map(found: Solution, *, most: int = 60) -> dict[str, Any]:
    """Return the concentration at the end on the plane of the first two axes, thinned for drawing.

    Parameters
    ----------
    found : Solution
        In two or three dimensions.
    most : int
        Cells along each axis.
    """
    rows, columns = (np.unique(np.linspace(0, n - 1, most).round().astype(int)) for n in found.grid.shape[:2])
    plane = found.concentration[-1].reshape(*found.grid.shape[:2], -1)
    plane = plane[:, :, plane.shape[2] // 2]
    return {
        "y_um": (1e6 * found.grid.centres[0][rows]).tolist(),
        "x_um": (1e6 * found.grid.centres[1][columns]).tolist(),
        "size_um": [1e6 * found.grid.lengths[1], 1e6 * found.grid.lengths[0]],
        "concentration_mol_m3": plane[np.ix_(rows, columns)].tolist(),
    }
