"""Fitted resistances along a series of spectra: against temperature, time or state of charge."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from lamion.numerics.least_squares import Fit, fit
from lamion.quantities import Answer, FigureData, InputError, Quantity, units
from lamion.quantities.constants import AVOGADRO, GAS
from lamion.quantities.figure import Axis, Figure, Panel, Points, reciprocal_temperature

Array = NDArray[np.float64]
SeriesKind = Literal["temperature", "time", "soc"]

UNITS: dict[str, str] = {"temperature": "K", "time": "s", "soc": "1"}
"""The unit in which each kind of series is computed."""
_TITLES = {"temperature": "Temperature / K", "time": "Time / s", "soc": "State of Charge / 1"}
_UNLIKELY = 0.01
_SOURCE = "series of fitted resistances"


@dataclass(frozen=True, eq=False)
class Resistances:
    """One parameter along the series.

    Parameters
    ----------
    name : str
        Such as ``"R1"``.
    unit : str
        ``"ohm"`` or ``"ohm cm2"``.
    values, stds : array, shape (n,)
        In that unit.
    """

    name: str
    unit: str
    values: Array
    stds: Array


def activation_of_resistance(temperature: Array, resistances: Resistances) -> Quantity:
    r"""Return the activation energy of one over a resistance.

    .. math:: \ln R = \mathrm{const} + \frac{E_a}{R_g T}

    Parameters
    ----------
    temperature : array, shape (n,)
        K, three or more.
    resistances : Resistances
        One per temperature.

    Returns
    -------
    Quantity
        In eV; the uncertainty is that of the fit, widened where the points scatter more than theirs explains.

    Examples
    --------
    >>> T = np.array([298.15, 308.15, 318.15])
    >>> R = 50.0 * np.exp(0.6 / 8.617333262e-5 * (1 / T - 1 / 298.15))
    >>> print(activation_of_resistance(T, Resistances("R1", "ohm", R, 0.01 * R)))
    0.6000(58) eV
    """
    relative = resistances.stds / resistances.values
    logarithm, inverse = np.log(resistances.values), 1.0 / temperature
    centre = float(inverse.mean())
    line = _fit_widened(
        lambda p: (p[0] + p[1] * (inverse - centre) * 1e4 - logarithm) / relative, [logarithm.mean(), 1.0]
    )
    factor = 1e4 * GAS / AVOGADRO * units.scale("J", "eV")
    return Quantity(float(line.parameters[1]) * factor, float(line.standard_errors[1]) * factor, "eV", _SOURCE)


@dataclass(frozen=True)
class Growth:
    """How a resistance grows with time.

    Parameters
    ----------
    law : str
        ``"constant"``, ``"parabolic"`` (with the root of time, as by diffusion through a growing layer) or
        ``"linear"``.
    start, rate : Quantity
        The resistance at time zero, and its growth per hour or per root of an hour; a rate of zero when constant.
    criteria : Mapping of str to float
        AICc of each law.
    """

    law: str
    start: Quantity
    rate: Quantity
    criteria: Mapping[str, float]


def growth(time: Array, resistances: Resistances) -> Growth:
    r"""Choose between no growth, growth with the root of time and growth with time.

    .. math:: R = R_0, \qquad R = R_0 + k \sqrt{t}, \qquad R = R_0 + k t

    Parameters
    ----------
    time : array, shape (n,)
        s, four or more.
    resistances : Resistances
        One per time.

    Returns
    -------
    Growth
        Of the laws within 2 of the smallest AICc the one with the fewest parameters.

    Examples
    --------
    >>> t = np.array([0.0, 1.0, 4.0, 9.0, 16.0]) * 3600.0
    >>> R = Resistances("R1", "ohm", 20.0 + 3.0 * np.sqrt(t / 3600.0), np.full(5, 0.1))
    >>> found = growth(t, R)
    >>> found.law, round(float(found.rate.value), 3)
    ('parabolic', 3.0)
    """
    hours = time / 3600.0
    shapes = {"constant": None, "parabolic": np.sqrt(hours), "linear": hours}
    fits = {law: _grown(shape, resistances) for law, shape in shapes.items()}
    criteria = {law: found.aicc for law, found in fits.items()}
    best = min(criteria.values())
    law = (
        "constant"
        if criteria["constant"] <= best + 2
        else min(("parabolic", "linear"), key=lambda name: criteria[name])
    )
    values, errors = fits[law].parameters, fits[law].standard_errors
    per = {"constant": "1", "parabolic": "h0.5", "linear": "h"}[law]
    unit = resistances.unit if law == "constant" else f"{resistances.unit}/{per}"
    rate = (
        Quantity(0.0, 0.0, unit, _SOURCE)
        if law == "constant"
        else Quantity(float(values[1]), float(errors[1]), unit, _SOURCE)
    )
    return Growth(law, Quantity(float(values[0]), float(errors[0]), resistances.unit, _SOURCE), rate, criteria)


def _grown(shape: Array | None, resistances: Resistances) -> Fit:
    start = [float(resistances.values[0])]
    if shape is None:
        return _fit_widened(lambda p: (p[0] - resistances.values) / resistances.stds, start)
    return _fit_widened(lambda p: (p[0] + p[1] * shape - resistances.values) / resistances.stds, [*start, 0.0])


def _fit_widened(residuals: Any, start: Sequence[float]) -> Fit:
    """Fit with the stated uncertainties; where they cannot explain the scatter (p < 0.01), let it widen them."""
    from scipy.special import chdtrc

    stated = fit(residuals, start, absolute_weights=True)
    freedom = len(stated.residuals) - len(start)
    explained = freedom <= 0 or chdtrc(freedom, stated.sum_of_squares) >= _UNLIKELY
    return stated if explained else fit(residuals, start)


def resistance_series(answer: Answer, kind: SeriesKind, places: Sequence[Quantity]) -> Answer:
    """Read the resistances of a fitted series.

    Parameters
    ----------
    answer : Answer
        From :func:`lamion.techniques.impedance.circuit_parameters.circuit_parameters`, one row per spectrum.
    kind : str
        ``"temperature"``, ``"time"`` or ``"soc"``.
    places : sequence of Quantity
        The temperature, time or state of charge of each spectrum, in their order.

    Returns
    -------
    Answer
        For each resistance: ``<R>.activation_energy`` (temperature), ``<R>.start`` and ``<R>.growth`` with the law
        in the notes (time), ``<R>.minimum`` and where it is (state of charge). The means of the parameters along the
        series, which mean nothing there, are left out.

    Raises
    ------
    InputError
        When there are too few spectra, or not one place for each.
    """
    needed = {"temperature": 3, "time": 4, "soc": 3}[kind]
    count = len(next(iter(answer.series.values())))
    if count != len(places) or count < needed:
        raise InputError(
            f"{count} spectra and {len(places)} values of the {kind} were given.",
            f"A series needs one value for each spectrum, and {needed} spectra or more.",
            "Give as many values as files, in the same order.",
        )
    x = np.array([place.to(UNITS[kind]).value for place in places])
    read = [_read(kind, x, resistances) for resistances in _resistances(answer)]
    results = {name: quantity for part in read for name, quantity in part.results.items()}
    notes = {name: note for part in read for name, note in part.notes.items()}
    return replace(
        answer,
        results=results,
        series={_TITLES[kind]: x.tolist(), **answer.series},
        notes={**answer.notes, "series": kind, **notes},
        figures={"series": _figure(kind, x, answer), **answer.figures},
        method=f"{_METHODS[kind]} through the resistances of one circuit fitted to {count} spectra.",
    )


_METHODS = {
    "temperature": "An Arrhenius line",
    "time": "The better of the laws of growth by AICc",
    "soc": "The lowest point",
}


def _read(kind: str, x: Array, resistances: Resistances) -> Answer:
    name = resistances.name
    if kind == "temperature":
        return Answer({f"{name}.activation_energy": activation_of_resistance(x, resistances)})
    if kind == "time":
        found = growth(x, resistances)
        notes = {f"{name}.growth_law": found.law, f"{name}.aicc": dict(found.criteria)}
        return Answer({f"{name}.start": found.start, f"{name}.growth": found.rate}, notes=notes)
    lowest = int(np.argmin(resistances.values))
    value, std = float(resistances.values[lowest]), float(resistances.stds[lowest])
    minimum = Quantity(value, std if math.isfinite(std) else None, resistances.unit, _SOURCE)
    return Answer({f"{name}.minimum": minimum, f"{name}.soc_of_minimum": Quantity(float(x[lowest]), None, "1")})


def _resistances(answer: Answer) -> list[Resistances]:
    """Take the resistances of the table whose uncertainty is known for every spectrum."""
    found = []
    for title, column in answer.series.items():
        name, _, unit = title.partition(" / ")
        stds = answer.series.get(f"{name} Uncertainty / {unit}")
        if not name.startswith("R") or stds is None or any(not isinstance(std, float) for std in stds):
            continue
        found.append(Resistances(name, unit, np.array(column, dtype=np.float64), np.array(stds, dtype=np.float64)))
    if not found:
        raise InputError("No resistance is determined in every spectrum of the series.", "", "Try a smaller circuit.")
    return found


def _figure(kind: str, x: Array, answer: Answer) -> FigureData:
    places, axis = _axis(kind, x)
    found = _resistances(answer)
    traces = [
        Points(places, r.values, r.name, number, y_error=r.stds, marker=_MARKERS[number % len(_MARKERS)], joined=True)
        for number, r in enumerate(found)
    ]
    scale = "log" if kind == "temperature" else "linear"
    panel = Panel(traces, axis, Axis("resistance", found[0].unit, scale))
    return Figure([panel], size=(6.0, 3.8)).entitled(f"Resistances against {kind}")


_MARKERS = ("circle", "square", "up", "diamond", "down")


def _axis(kind: str, x: Array) -> tuple[Array, Axis]:
    if kind == "temperature":
        return 1000.0 / x, reciprocal_temperature(x)
    return (x / 3600.0, Axis("time", "h")) if kind == "time" else (100.0 * x, Axis("state of charge", "%"))
