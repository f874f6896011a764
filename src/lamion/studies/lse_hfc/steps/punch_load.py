"""Can a film carry the stated load on the stated punch at the stated modulus.

Holds where the punch stays within the film and the mean pressure below the modulus: beyond either nothing elastic is
left to measure.
"""

from __future__ import annotations

from typing import Annotated

from lamion.quantities import Answer, Quantity, propagate
from lamion.tasks.declaring import Option, Result, task
from lamion.techniques.mechanics.indentation import flat_punch


@task(
    results={
        "pressure": Result("GPa", "under the punch, mean", headline=True),
        "depth": Result("um", "that it would sink elastically", headline=True),
        "depth_over_thickness": Result("1", "of the film"),
    },
    evidence="equation",
    example="",
)
def punch_load(
    load: Annotated[Quantity, Option("on the punch", unit="N", example="3 mN")],
    diameter: Annotated[Quantity, Option("of the punch, flat", unit="m", example="200 nm")],
    modulus: Annotated[Quantity, Option("of the film")],
    poisson: Annotated[Quantity, Option("of the film", example="0.3", positive=False, minimum=-0.99, maximum=0.5)],
    thickness: Annotated[Quantity, Option("of the film", subject=True)],
) -> Answer:
    """Compute pressure and elastic depth under a flat punch."""
    given = (load, diameter, modulus, poisson)

    def depth(p: float, d: float, e: float, nu: float) -> float:
        return flat_punch(p, d, e / (1 - nu**2)).depth

    pressure = propagate(lambda p, d: flat_punch(p, d, 1.0).pressure, load, diameter, unit="GPa", source="flat punch")
    sunk = propagate(depth, *given, unit="um", source="flat punch (Sneddon 1965)")
    share = propagate(lambda *x: depth(*x[:4]) / x[4], *given, thickness, unit="1", source="flat punch")
    holds = share.value < 1 and pressure.si < modulus.si
    reason = (
        f"{load} on a punch of {diameter} is a mean pressure of {pressure.value:.0f} GPa, "
        f"{pressure.si / modulus.si:.0f} times the modulus. Elastically the punch would sink {sunk.value:.1f} um into "
        f"a film of {thickness.to('um').value:g} um"
        + (": load, punch, film and modulus cannot all be right." if not holds else ".")
    )
    return Answer(
        {"pressure": pressure, "depth": sunk, "depth_over_thickness": share},
        verdict="holds" if holds else "does not hold",
        reason=reason,
    )
