"""Can a film carry the stated load on the stated punch at the stated modulus?"""

from __future__ import annotations

from lamion.quantities import Answer, propagate
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.techniques.mechanics.flat_punch import flat_punch


def run(inputs: Inputs) -> Answer:
    """Compute pressure and elastic depth under a flat punch.

    Parameters
    ----------
    inputs : Inputs
        ``load``, ``diameter`` of the punch, ``modulus`` and ``poisson`` of the film, its ``thickness``.

    Returns
    -------
    Answer
        ``pressure``, ``depth``, ``depth_over_thickness``. Holds where the punch stays within the film and the mean
        pressure below the modulus: beyond either nothing elastic is left to measure.
    """
    load, diameter, thickness = (inputs.quantity(name) for name in ("load", "diameter", "thickness"))
    modulus, poisson = inputs.quantity("modulus"), inputs.quantity("poisson")
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


KIND = StepKind(
    run,
    evidence="equation",
    options={
        "load": Option("quantity", "N"),
        "diameter": Option("quantity", "m"),
        "modulus": Option("quantity", "Pa"),
        "poisson": Option("quantity", "1", positive=False, at_least=-0.99, at_most=0.5),
        "thickness": Option("quantity", "m", from_subject=True),
    },
)
