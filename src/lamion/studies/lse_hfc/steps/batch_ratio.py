"""Does a synthesis batch hold the ratio that its product needs."""

from __future__ import annotations

from typing import Annotated

from lamion.quantities import Answer, InputError, Quantity
from lamion.substances import Substance
from lamion.substances.recipe import molar_ratio_of_batch
from lamion.tasks.declaring import Option, Result, task


@task(
    results={"molar_ratio": Result("1", "of the first reagent to the second", headline=True)},
    evidence="composition",
    example="",
)
def batch_ratio(
    first: Annotated[Substance, Option("a reagent", example="copper_nitrate_trihydrate")],
    first_mass: Annotated[Quantity, Option("weighed", unit="kg", example="30.20 ± 0.03 mg")],
    second: Annotated[Substance, Option("the other reagent", example="tcpp")],
    second_mass: Annotated[Quantity, Option("weighed", unit="kg", example="33.00 ± 0.03 mg")],
    needed: Annotated[Quantity, Option("the molar ratio of the product", example="3")],
    product: Annotated[str, Option("its formula", example="Cu2(CuTCPP)")],
) -> Answer:
    """Compare the molar ratio that was weighed with the one that is needed."""
    ratio = molar_ratio_of_batch(first, first_mass, second, second_mass)
    if not ratio.std:
        raise InputError("the masses have no uncertainty.", "", "Give that of the balance, as in '30.20 ± 0.03 mg'.")
    holds = abs(ratio.value - needed.value) <= 2 * ratio.std
    reason = (
        f"The batch holds {ratio} of {first.key} per {second.key}; "
        f"{product} needs {needed.value:g}. The reagents' purities are left out."
    )
    return Answer({"molar_ratio": ratio}, verdict="holds" if holds else "does not hold", reason=reason)
