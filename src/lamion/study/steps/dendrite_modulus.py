"""Is an electrolyte stiff enough to keep lithium flat by stiffness alone?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lamion.models.cells.interface_stability import interface_stability
from lamion.quantities import Answer, Quantity, propagate
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind

_SOURCE = "Monroe and Newman 2005"


def run(inputs: Inputs) -> Answer:
    """Hold the modulus against the criterion of Monroe and Newman.

    Parameters
    ----------
    inputs : Inputs
        ``modulus`` and ``poisson`` of the electrolyte; ``metal``, a substance with a shear modulus;
        ``critical_ratio``.

    Returns
    -------
    Answer
        ``shear_modulus``, ``ratio``, ``needed_modulus``. Holds where the ratio reaches the critical one for every
        stated shear modulus of the metal.
    """
    modulus, poisson = inputs.quantity("modulus"), inputs.quantity("poisson")
    critical = inputs.quantity("critical_ratio").value
    metal = inputs.substances("substances")[inputs.options["metal"]]
    stated = metal.stated("shear_modulus") or (metal.fact("shear_modulus"),)
    softest = min((fact.quantity for fact in stated), key=lambda quantity: quantity.si)
    given = (modulus, poisson, softest)
    shear = propagate(lambda e, nu, g: interface_stability(e, nu, g).shear_modulus, *given, unit="GPa", source=_SOURCE)
    ratio = propagate(lambda e, nu, g: interface_stability(e, nu, g).ratio, *given, unit="1", source=_SOURCE)
    needed = propagate(
        lambda e, nu, g: interface_stability(e, nu, g, critical).needed_modulus, *given, unit="GPa", source=_SOURCE
    )
    holds = interface_stability(modulus.si, poisson.value, softest.si, critical).suppressed
    met = "meets" if holds else "does not meet"
    reason = (
        f"{modulus} is a shear modulus of {shear.value:.2g} GPa, {ratio.value:.2g} times that of {metal.name} at its "
        f"softest stated value ({softest}); Monroe and Newman ask for about {critical:g}. A modulus of "
        f"{needed.value:.2g} GPa would be needed: stiffness alone {met} the criterion, which is that of a linear "
        "elastic polymer without defects. "
        + (
            ""
            if holds
            else "What keeps the electrode flat must be something else, such as currents far below the limiting one."
        )
    )
    return Answer(
        {"shear_modulus": shear, "ratio": ratio, "needed_modulus": needed},
        {
            "Shear Modulus of Metal / GPa": [fact.quantity.to("GPa").value for fact in stated],
            "Ratio / 1": [
                Quantity(interface_stability(modulus.si, poisson.value, fact.quantity.si).ratio, None, "1").value
                for fact in stated
            ],
            "Form": [fact.form for fact in stated],
        },
        verdict="holds" if holds else "does not hold",
        reason=reason.strip(),
    )


def _metals(options: Mapping[str, Any]) -> list[str]:
    return [options["metal"]]


KIND = StepKind(
    run,
    evidence="published criterion",
    options={
        "modulus": Option("quantity", "Pa"),
        "poisson": Option("quantity", "1", positive=False, at_least=-0.99, at_most=0.5),
        "metal": Option("text"),
        "critical_ratio": Option("quantity", "1"),
    },
    substances=_metals,
    facts=("shear_modulus",),
)
