"""Can the equation a paper prints for the reduced modulus give the sample's modulus at all?"""

from __future__ import annotations

from lamion.quantities import Answer, Quantity
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.techniques.mechanics.indentation import reduced_modulus


def run(inputs: Inputs) -> Answer:
    """Evaluate the equation with the sample's modulus and with the indenter's in its place.

    Parameters
    ----------
    inputs : Inputs
        ``modulus`` and ``poisson`` of the sample, ``tip_modulus`` and ``tip_poisson`` of the indenter;
        ``sample_term``: whose modulus the printed sample term carries, ``"sample"`` or ``"probe"``.

    Returns
    -------
    Answer
        ``reduced_modulus`` as Oliver and Pharr give it and ``reduced_modulus_as_printed``.
    """
    modulus, tip = inputs.quantity("modulus"), inputs.quantity("tip_modulus")
    poisson, tip_poisson = inputs.quantity("poisson").value, inputs.quantity("tip_poisson").value
    carried = tip if inputs.options["sample_term"] == "probe" else modulus
    right = reduced_modulus(modulus.si, poisson, tip.si, tip_poisson) / 1e9
    printed = reduced_modulus(carried.si, poisson, tip.si, tip_poisson) / 1e9
    # The printed form is of use only if a sample twice as stiff would show another reduced modulus.
    stiffer = tip.si if carried is tip else 2 * modulus.si
    depends = reduced_modulus(stiffer, poisson, tip.si, tip_poisson) / 1e9 != printed
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


KIND = StepKind(
    run,
    evidence="equation",
    options={
        "modulus": Option("quantity", "Pa"),
        "poisson": Option("quantity", "1", positive=False, at_least=-0.99, at_most=0.5),
        "tip_modulus": Option("quantity", "Pa"),
        "tip_poisson": Option("quantity", "1", positive=False, at_least=-0.99, at_most=0.5),
        "sample_term": Option("text", choices=("sample", "probe")),
    },
)
