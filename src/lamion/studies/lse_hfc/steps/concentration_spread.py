"""How the concentration spread of films grows with current and time, and which film keeps it smaller.

The statement agrees where each film's spread grows with every rate and the first film's is the smallest at each of
them.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np

from lamion.models.transport.uniform_film import UniformFilm
from lamion.quantities import Answer, FigureData, Quantity, propagate
from lamion.tasks.declaring import Noun, Option, Result, task

_PROFILE = 101
_CURVE = 41


@dataclass(frozen=True)
class Film:
    """A film between lithium electrodes."""

    thickness: Annotated[Quantity, Option("of the film")]
    conductivity: Annotated[Quantity, Option("of the film")]
    transference: Annotated[Quantity, Option("of the lithium ion")]
    concentration: Annotated[Quantity, Option("of the salt at rest")]

    def at(self, temperature: Quantity) -> UniformFilm:
        """Return the film as the model takes it."""
        return UniformFilm(
            self.thickness.si, self.conductivity.si, self.transference.si, self.concentration.si, temperature.si
        )

    def spread(self, temperature: Quantity, current: float, time: float) -> Quantity:
        """Return the concentration drop at a current in A/m2 and a time in s."""

        def drop(*values: float) -> float:
            return UniformFilm(*values).drop(time, current)

        given = (self.thickness, self.conductivity, self.transference, self.concentration, temperature)
        return propagate(drop, *given, unit="mol/m3", source="series solution")


@task(
    results={"spread.*": Result("mol/m3", "by film and rate", headline=True)},
    evidence="model",
    example="",
)
def concentration_spread(
    films: Annotated[Mapping[str, Film], Option("by name, the one said to spread less first", noun=Noun.of(Film))],
    one_c: Annotated[Quantity, Option("the current of 1C", of="current", example="1.2 mA/cm2")],
    rates: Annotated[tuple[Quantity, ...], Option("to compare", example="0.1, 0.4, 1")],
    time: Annotated[Quantity, Option("of the table")],
    temperature: Annotated[Quantity, Option("of the films")],
    other_times: Annotated[
        tuple[Quantity, ...], Option("to draw too", unit="s", example="6 s, 600 s", otherwise="none")
    ] = (),
) -> Answer:
    """Compute the spreads of the films at every rate."""
    steps = [rate.value for rate in rates]
    spreads = {
        name: [film.spread(temperature, rate * one_c.si, time.si) for rate in steps] for name, film in films.items()
    }
    grows = all(low.value < high.value for row in spreads.values() for low, high in itertools.pairwise(row))
    first, *others = spreads.values()
    smaller = all(mine.value < other.value for row in others for mine, other in zip(first, row, strict=True))
    parts = "; ".join(f"{name} {row[0]} to {row[-1]}" for name, row in spreads.items())
    reason = (
        f"From {steps[0]:g}C to {steps[-1]:g}C at {time} the spread is: {parts}. It "
        f"{'grows with the current in each film' if grows else 'does not grow everywhere'} and is "
        f"{'smaller' if smaller else 'not always smaller'} in {next(iter(films))}."
    )
    table: dict[str, list[Any]] = {"Rate / C": steps}
    for name, row in spreads.items():
        table[f"Spread in {name} / mol/m3"] = [item.value for item in row]
    results = {
        f"spread.{name}.{rate:g}C": item for name, row in spreads.items() for rate, item in zip(steps, row, strict=True)
    }
    times = [time.si, *(other.si for other in other_times)]
    drawn = [_drawn(name, film.at(temperature), steps, spreads[name], one_c.si, times) for name, film in films.items()]
    title = f"Salt concentration at {time.si:g} s, and its spread with current and time"
    return Answer(
        results,
        table,
        verdict="agrees" if grows and smaller else "disagrees",
        reason=reason,
        figures={"spread": FigureData("concentration-spread", title, {"films": drawn})},
    )


def _drawn(
    name: str, film: UniformFilm, rates: list[float], spreads: list[Quantity], one_c: float, times: list[float]
) -> dict[str, Any]:
    """Return what the figure shows of one film; the first time is that of its profiles."""
    places = np.linspace(0, 1, _PROFILE)
    return {
        "name": name,
        "rate": rates,
        "drop_mol_m3": [item.value for item in spreads],
        "std_mol_m3": [item.std or 0.0 for item in spreads],
        "profiles": [
            {
                "rate": rate,
                "relative_position": places.tolist(),
                "concentration_mol_m3": film.concentration_at(places * film.thickness, times[0], rate * one_c).tolist(),
            }
            for rate in rates
        ],
        "spreads": [_over_rates(film, one_c, rates, t) for t in sorted(times)],
    }


def _over_rates(film: UniformFilm, one_c: float, rates: list[float], time: float) -> dict[str, Any]:
    curve = np.linspace(min(rates), max(rates), _CURVE).tolist()
    drops = [
        film.drop(time, rate * one_c) if math.isinf(end := film.depletion_time(rate * one_c)) or time < end else None
        for rate in curve
    ]
    return {"time_s": time, "rate": curve, "drop_mol_m3": drops}
