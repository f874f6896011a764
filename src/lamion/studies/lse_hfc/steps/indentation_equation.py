"""Can the equation a paper prints for the reduced modulus give the sample's modulus at all.

The equation is evaluated with the sample's modulus in its sample term and with the indenter's in its place.
"""

from __future__ import annotations

from typing import Annotated, Literal

from lamion.quantities import Answer, Quantity
from lamion.tasks.declaring import Option, Result, task
from lamion.techniques.mechanics.indentation import reduced_modulus


@task(
    results={
        "reduced_modulus": Result("GPa", "as Oliver and Pharr give it", headline=True),
        "reduced_modulus_as_printed": Result("GPa", "by the printed equation", headline=True),
    },
    evidence="equation",
    cites=("oliver1992",),
    example="",
)
def indentation_equation(
    modulus: Annotated[Quantity, Option("of the sample")],
    poisson: Annotated[Quantity, Option("of the sample", example="0.3", positive=False, minimum=-0.99, maximum=0.5)],
    tip_modulus: Annotated[Quantity, Option("of the indenter", unit="Pa", example="1141 GPa")],
    tip_poisson: Annotated[
        Quantity, Option("of the indenter", example="0.07", positive=False, minimum=-0.99, maximum=0.5)
    ],
    sample_term: Annotated[Literal["sample", "probe"], Option("whose modulus the printed sample term carries")],
) -> Answer:
    """Evaluate the equation with either modulus in the sample term."""
    carried = tip_modulus if sample_term == "probe" else modulus
    right = reduced_modulus(modulus.si, poisson.value, tip_modulus.si, tip_poisson.value) / 1e9
    printed = reduced_modulus(carried.si, poisson.value, tip_modulus.si, tip_poisson.value) / 1e9
    # The printed form is of use only if a sample twice as stiff would show another reduced modulus.
    stiffer = tip_modulus.si if carried is tip_modulus else 2 * modulus.si
    depends = reduced_modulus(stiffer, poisson.value, tip_modulus.si, tip_poisson.value) / 1e9 != printed
    verdict = "holds" if depends else "does not hold"
    reason = (
        f"With {modulus} in the sample term the reduced modulus is {right:.3g} GPa; with the probe's there, "
        f"as printed, it is {printed:.3g} GPa for any sample, so the equation could not have given the sample's "
        "modulus. The first term belongs to the sample (Oliver and Pharr 1992)."
        if not depends
        else "The sample term carries the sample's modulus."
    )
    return Answer(
        {
            "reduced_modulus": Quantity(right, None, "GPa", "Oliver and Pharr 1992"),
            "reduced_modulus_as_printed": Quantity(printed, None, "GPa", "the printed equation"),
        },
        verdict=verdict,
        reason=reason,
    )
