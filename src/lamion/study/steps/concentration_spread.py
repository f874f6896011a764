"""How the concentration spread of films grows with current and time, and which film keeps it smaller."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from lamion.models.transport.uniform_film import UniformFilm
from lamion.quantities import Answer, FigureData, InputError, Quantity, propagate
from lamion.study.inputs import Inputs, quantity_from_json
from lamion.study.kinds import Option, StepKind

_NAMES = ("thickness", "conductivity", "transference", "concentration")
_PROFILE = 101
_CURVE = 41


def run(inputs: Inputs) -> Answer:
    """Compute the spreads of the films at every rate.

    Parameters
    ----------
    inputs : Inputs
        ``films``, a table of name to ``thickness``, ``conductivity``, ``transference`` and ``concentration``, the one
        said to spread less first; ``one_c``, the current of 1C; ``rates``; the ``time`` and ``other_times`` to draw;
        ``temperature``.

    Returns
    -------
    Answer
        A table of the spreads at the time. The statement agrees where each film's spread grows with every rate and the
        first film's is the smallest at each of them.
    """
    films = {name: _film_inputs(name, table) for name, table in inputs.options["films"].items()}
    rates = [rate.value for rate in inputs.quantities("rates")]
    one_c, time, temperature = inputs.quantity("one_c"), inputs.quantity("time"), inputs.quantity("temperature")
    spreads = {
        name: [_spread(film, temperature, rate * one_c.si, time.si) for rate in rates] for name, film in films.items()
    }
    grows = all(low.value < high.value for row in spreads.values() for low, high in itertools.pairwise(row))
    first, *others = spreads.values()
    smaller = all(mine.value < other.value for row in others for mine, other in zip(first, row, strict=True))
    parts = "; ".join(f"{name} {row[0]} to {row[-1]}" for name, row in spreads.items())
    reason = (
        f"From {rates[0]:g}C to {rates[-1]:g}C at {time} the spread is: {parts}. It "
        f"{'grows with the current in each film' if grows else 'does not grow everywhere'} and is "
        f"{'smaller' if smaller else 'not always smaller'} in {next(iter(films))}."
    )
    table: dict[str, list[Any]] = {"Rate / C": rates}
    for name, row in spreads.items():
        table[f"Spread in {name} / mol/m3"] = [item.value for item in row]
    results = {
        f"spread.{name}.{rate:g}C": item for name, row in spreads.items() for rate, item in zip(rates, row, strict=True)
    }
    return Answer(
        results,
        table,
        verdict="agrees" if grows and smaller else "disagrees",
        reason=reason,
        figures={"spread": _figure(inputs, films, spreads, rates)},
    )


def _film_inputs(name: str, table: Mapping[str, Any]) -> dict[str, Quantity]:
    missing = [key for key in _NAMES if key not in table]
    if missing:
        raise InputError(f"the film '{name}' has no {missing[0]}.", "", "Give it.")
    return {
        key: quantity_from_json(table[key]) if isinstance(table[key], Mapping) else _typed(table[key], key)
        for key in _NAMES
    }


def _typed(text: Any, name: str) -> Quantity:
    from lamion.quantities import parse_positive

    units = dict(zip(_NAMES, ("m", "S/m", "1", "mol/m3"), strict=True))
    return parse_positive(str(text), units[name], name=f"'{name}'")


def _film(film: Mapping[str, Quantity], temperature: Quantity) -> UniformFilm:
    thickness, conductivity, transference, concentration = (film[name].si for name in _NAMES)
    return UniformFilm(thickness, conductivity, transference, concentration, temperature.si)


def _spread(film: Mapping[str, Quantity], temperature: Quantity, current: float, time: float) -> Quantity:
    def drop(*values: float) -> float:
        return UniformFilm(*values).drop(time, current)

    return propagate(drop, *(film[name] for name in _NAMES), temperature, unit="mol/m3", source="series solution")


def _figure(
    inputs: Inputs,
    films: Mapping[str, Mapping[str, Quantity]],
    spreads: Mapping[str, list[Quantity]],
    rates: list[float],
) -> FigureData:
    one_c, time, temperature = inputs.quantity("one_c").si, inputs.quantity("time").si, inputs.quantity("temperature")
    times = sorted([time, *(other.si for other in inputs.quantities("other_times"))])
    places = np.linspace(0, 1, _PROFILE)
    drawn = []
    for name, given in films.items():
        film = _film(given, temperature)
        drawn.append(
            {
                "name": name,
                "rate": rates,
                "drop_mol_m3": [item.value for item in spreads[name]],
                "std_mol_m3": [item.std or 0.0 for item in spreads[name]],
                "profiles": [
                    {
                        "rate": rate,
                        "relative_position": places.tolist(),
                        "concentration_mol_m3": film.concentration_at(
                            places * film.thickness, time, rate * one_c
                        ).tolist(),
                    }
                    for rate in rates
                ],
                "spreads": [_over_rates(film, one_c, rates, t) for t in times],
            }
        )
    title = f"Salt concentration at {time:g} s, and its spread with current and time"
    return FigureData("concentration-spread", title, {"films": drawn})


def _over_rates(film: UniformFilm, one_c: float, rates: list[float], time: float) -> dict[str, Any]:
    curve = np.linspace(min(rates), max(rates), _CURVE).tolist()
    drops = [
        film.drop(time, rate * one_c) if math.isinf(end := film.depletion_time(rate * one_c)) or time < end else None
        for rate in curve
    ]
    return {"time_s": time, "rate": curve, "drop_mol_m3": drops}


KIND = StepKind(
    run,
    evidence="model",
    options={
        "films": Option("table"),
        "one_c": Option("quantity", "A/m2"),
        "rates": Option("quantities", "1"),
        "time": Option("quantity", "s"),
        "other_times": Option("quantities", "s", required=False),
        "temperature": Option("quantity", "K"),
    },
)
