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
from lamion.quantities import Answer, Quantity, propagate
from lamion.quantities.figure import Axis, Figure, Line, Panel, Points, Trace
from lamion.tasks.declaring import Noun, Option, Result, task

_PROFILE = 101
_CURVE = 41


@dataclass(frozen=True)
class SpreadFilm:
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
    cites=("newman2004",),
    example="",
)
def concentration_spread(
    films: Annotated[
        Mapping[str, SpreadFilm], Option("by name, the one said to spread less first", noun=Noun.of(SpreadFilm))
    ],
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
    cold = {name: film.at(temperature) for name, film in films.items()}
    panels = [_profiles(name, film, steps, one_c.si, times[0]) for name, film in cold.items()]
    panels.append(_spreads(cold, steps, spreads, one_c.si, times))
    figure = Figure(panels, columns=len(panels), size=(4.0 * len(panels), 3.6), colors=Axis("rate", "C"))
    title = f"Salt concentration at {time.si:g} s, and its spread with current and time"
    return Answer(
        results,
        table,
        verdict="agrees" if grows and smaller else "disagrees",
        reason=reason,
        figures={"spread": figure.entitled(title)},
    )


def _profiles(name: str, film: UniformFilm, rates: list[float], one_c: float, time: float) -> Panel:
    """Return the concentration across a film at every rate."""
    places = np.linspace(0, 1, _PROFILE)
    found = [film.concentration_at(places * film.thickness, time, rate * one_c) / 1000 for rate in rates]
    traces = [Line(places, c, f"{rate:g}C", value=rate) for rate, c in zip(rates, found, strict=True)]
    return Panel(traces, Axis("position / thickness"), Axis("concentration", "mol/L", low=0.0), name)


def _spreads(
    films: Mapping[str, UniformFilm],
    rates: list[float],
    spreads: Mapping[str, list[Quantity]],
    one_c: float,
    times: list[float],
) -> Panel:
    """Return how the spread grows with the current, a line for each time."""
    traces: list[Trace] = []
    for color, (name, film) in zip((0, 5) * len(films), films.items(), strict=False):
        for dash, time in zip(("solid", "dashed", "dotted", "dashdot"), sorted(times), strict=False):
            curve, drops = _over_rates(film, one_c, rates, time)
            if any(drop is not None for drop in drops):
                traces.append(Line(curve, drops, f"{name}, {time:g} s", color, dash))
        found = spreads[name]
        traces.append(Points(rates, [q.value for q in found], color=color, y_error=[q.std for q in found]))
    return Panel(traces, Axis("current", "C"), Axis("concentration spread", "mol/m3", "log"), legend="lower right")


def _over_rates(
    film: UniformFilm, one_c: float, rates: list[float], time: float
) -> tuple[list[float], list[float | None]]:
    curve = np.linspace(min(rates), max(rates), _CURVE).tolist()
    drops = [
        film.drop(time, rate * one_c) if math.isinf(end := film.depletion_time(rate * one_c)) or time < end else None
        for rate in curve
    ]
    return curve, drops
