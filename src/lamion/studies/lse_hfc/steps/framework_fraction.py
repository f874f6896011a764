r"""The framework's mass fraction, from what the guest's recipe and one printed mass fraction leave for it.

.. math:: f = 1 - w_a - w / s

with the component's fraction w of the membrane, its share s of the guest without additives, and the additives' fraction
:math:`w_a` of the membrane.
"""

from __future__ import annotations

from typing import Annotated

from lamion.quantities import Answer, InputError, Quantity, propagate
from lamion.substances import Formulation
from lamion.substances.membrane import membrane_of
from lamion.tasks.declaring import Option, Result, task
from lamion.tasks.options.recipe import RECIPE


@task(
    results={"mass_fraction.framework": Result("1", "of the framework in the membrane", headline=True)},
    evidence="derived from printed numbers",
    example="",
)
def framework_fraction(
    guest: Annotated[Formulation, Option("the recipe without framework and additives", noun=RECIPE)],
    component: Annotated[str, Option("a substance of the guest", example="sn")],
    fraction: Annotated[Quantity, Option("of the component in the membrane", example="0.123")],
    additives: Annotated[Quantity, Option("their fraction of the membrane", example="0.01")],
) -> Answer:
    """Solve the mass balance for the framework."""
    shares = membrane_of(guest).mass_fraction
    if component not in shares:
        raise InputError(f"the guest holds no '{component}'.", "", f"It holds: {', '.join(shares)}.")
    found = propagate(
        lambda s, w, a: 1 - a - w / s, shares[component], fraction, additives, unit="1", source="mass balance"
    )
    reason = (
        f"It is what the recipe and the printed fraction of {component} leave for the framework: the same balance "
        f"that checks the fraction of {component}, read the other way, not a second measurement."
    )
    return Answer({"mass_fraction.framework": found}, reason=reason)
