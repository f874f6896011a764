"""Is a film steady at the time said, in every reading of D, t+ and concentration.

The statement holds where every reading has 99 % of the steady concentration drop at the time, and does not where none
has.
"""

from __future__ import annotations

from typing import Annotated, Any

from lamion.models.transport.steady_readings import SteadyReading, depletion_or_none, film_readings
from lamion.models.transport.uniform_film import UniformFilm
from lamion.quantities import Answer, Quantity
from lamion.tasks.declaring import Option, Result, task


@task(
    results={
        "lowest_share": Result("1", "of the steady drop at the time", headline=True),
        "highest_share": Result("1", "of the steady drop at the time", headline=True),
        "shortest_time_to_99_percent": Result("s", "of all readings"),
        "longest_time_to_99_percent": Result("s", "of all readings"),
    },
    evidence="model",
    cites=("newman2004",),
    example="",
)
def steady_readings(
    thickness: Annotated[Quantity, Option("of the film", subject=True)],
    conductivity: Annotated[Quantity, Option("of the film")],
    temperature: Annotated[Quantity, Option("of the film")],
    transferences: Annotated[tuple[Quantity, ...], Option("that the film may have", example="0.5, 0.78")],
    concentrations: Annotated[
        tuple[Quantity, ...], Option("that the film may have", unit="mol/m3", example="1 mol/L, 2 mol/L")
    ],
    time: Annotated[Quantity, Option("at which it is said to be steady")],
    currents: Annotated[
        tuple[Quantity, ...],
        Option("whose depletion times are listed too", unit="A/m2", example="1.2 mA/cm2", otherwise="none"),
    ] = (),
) -> Answer:
    """Compute the share of the steady concentration drop in every reading."""
    film = UniformFilm(thickness.si, conductivity.si, transferences[0].si, concentrations[0].si, temperature.si)
    found = film_readings(film, [t.si for t in transferences], [c.si for c in concentrations], time.si)
    shares, times = [one.share for one in found], [one.time_to_99 for one in found]
    steady = [one.steady for one in found]
    verdict = "holds" if all(steady) else "not computed" if any(steady) else "does not hold"
    said = {"holds": "every", "does not hold": "no", "not computed": "some, but not every"}[verdict]
    reason = (
        f"In {said} reading of D (both ions, Li+ alone, the salt), of t+ and of the concentration 99 % of the steady "
        f"drop are reached at {time}: it is {100 * min(shares):.3g} to {100 * max(shares):.3g} % there, and 99 % "
        f"take {min(times):.3g} to {max(times):.3g} s. {_depletion(found, currents)}"
    ).strip()
    return Answer(
        {
            "lowest_share": Quantity(min(shares), None, "1", "series solution"),
            "highest_share": Quantity(max(shares), None, "1", "series solution"),
            "shortest_time_to_99_percent": Quantity(min(times), None, "s", "series solution"),
            "longest_time_to_99_percent": Quantity(max(times), None, "s", "series solution"),
        },
        _table(found, currents),
        verdict=verdict,
        reason=reason,
    )


def _depletion(found: list[SteadyReading], currents: tuple[Quantity, ...]) -> str:
    """Say in how many readings each current has no steady state at all."""
    parts = []
    for current in currents:
        count = sum(depletion_or_none(one.film, current.si) is not None for one in found)
        if count:
            parts.append(f"at {current} in {count} of {len(found)}")
    return f"There is no steady state at all {', '.join(parts)} readings." if parts else ""


def _table(found: list[SteadyReading], currents: tuple[Quantity, ...]) -> dict[str, list[Any]]:
    table: dict[str, list[Any]] = {
        "Reading of D": [one.meaning for one in found],
        "Transference Number": [one.film.transference for one in found],
        "Concentration / mol/L": [one.film.concentration / 1000 for one in found],
        "Diffusivity / m2/s": [one.film.salt_diffusivity for one in found],
        "Limiting Current / mA/cm2": [one.film.limiting_current / 10 for one in found],
        "Share at the Time": [one.share for one in found],
        "Time to 99 % / s": [one.time_to_99 for one in found],
    }
    for current in currents:
        title = f"Depletion at {current.to('mA/cm2')} / s"
        table[title] = [depletion_or_none(one.film, current.si) for one in found]
    return table
