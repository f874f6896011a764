"""Does a synthesis batch hold the ratio that its product needs?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lamion.quantities import Answer, InputError
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.substances.recipe import molar_ratio_of_batch


def run(inputs: Inputs) -> Answer:
    """Compare the molar ratio that was weighed with the one that is needed.

    Parameters
    ----------
    inputs : Inputs
        ``first`` and ``second``, substances; ``first_mass`` and ``second_mass``; ``needed``, the ratio of the
        product; ``product``, its formula.

    Returns
    -------
    Answer
        ``molar_ratio``.
    """
    substances = inputs.substances("substances")
    ratio = molar_ratio_of_batch(
        substances[inputs.options["first"]],
        inputs.quantity("first_mass"),
        substances[inputs.options["second"]],
        inputs.quantity("second_mass"),
    )
    if not ratio.std:
        raise InputError("the masses have no uncertainty.", "", "Give that of the balance, as in '30.20 ± 0.03 mg'.")
    needed = inputs.quantity("needed").value
    holds = abs(ratio.value - needed) <= 2 * (ratio.std or 0.0)
    reason = (
        f"The batch holds {ratio} of {inputs.options['first']} per {inputs.options['second']}; "
        f"{inputs.options['product']} needs {needed:g}. The reagents' purities are left out."
    )
    return Answer({"molar_ratio": ratio}, verdict="holds" if holds else "does not hold", reason=reason)


def _substances(options: Mapping[str, Any]) -> list[str]:
    return [options["first"], options["second"]]


KIND = StepKind(
    run,
    evidence="composition",
    options={
        "first": Option("text"),
        "first_mass": Option("quantity", "kg"),
        "second": Option("text"),
        "second_mass": Option("quantity", "kg"),
        "needed": Option("quantity"),
        "product": Option("text"),
    },
    substances=_substances,
)
