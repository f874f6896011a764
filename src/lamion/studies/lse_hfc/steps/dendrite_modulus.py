"""Is an electrolyte stiff enough to keep lithium flat by stiffness alone.

The modulus is held against the criterion of Monroe and Newman, at the softest stated shear modulus of the metal. Shown
where the ratio of shear moduli lies clear of the critical one, on whichever side.
"""

from __future__ import annotations

from typing import Annotated

from lamion.models.cells.interface_stability import interface_stability
from lamion.quantities import Answer, Quantity, propagate
from lamion.substances import Substance
from lamion.tasks.declaring import Option, Result, task

_SOURCE = "Monroe and Newman 2005"


@task(
    results={
        "shear_modulus": Result("GPa", "of the electrolyte", headline=True),
        "ratio": Result("1", "to the metal's", headline=True),
        "needed_modulus": Result("GPa", "Young's modulus for the critical ratio", headline=True),
    },
    evidence="published criterion",
    cites=("monroe2005",),
    example="",
)
def dendrite_modulus(
    modulus: Annotated[Quantity, Option("of the electrolyte")],
    poisson: Annotated[
        Quantity, Option("of the electrolyte", example="0.30 ± 0.08", positive=False, minimum=-0.99, maximum=0.5)
    ],
    metal: Annotated[Substance, Option("with a shear modulus", example="lithium")],
    critical_ratio: Annotated[Quantity, Option("of the shear moduli", example="2")],
) -> Answer:
    """Hold the modulus against the criterion of Monroe and Newman."""
    critical = critical_ratio.value
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
        verdict="shown" if _clear(ratio, critical) else "not shown",
        reason=reason.strip(),
    )


def _clear(ratio: Quantity, critical: float) -> bool:
    """Tell whether a ratio's 95 % range leaves out the critical one."""
    low, high = ratio.at_95
    return (low is not None and low > critical) or (high is not None and high < critical)
