"""Mass fractions, salt concentrations and densities of a composition.

Molar ratios count the polymer's repeat units: --eo-li 18 is EO:Li = 18. The names of substances are lamion's (peo, sn,
litfsi, lidfob, cutcpp, ...); a study file can define others.
"""

from __future__ import annotations

from typing import Annotated

from lamion.quantities import Answer
from lamion.substances import Formulation, membrane_recipe
from lamion.tasks.declaring import Option, Result, task
from lamion.tasks.options.recipe import RECIPE


@task(
    results={
        "mass_fraction.*": Result("1", "of each component in the whole membrane", headline=True),
        "salt_concentration.guest": Result("mol/L", "of all salts in what fills the framework", headline=True),
        "salt_concentration.membrane": Result("mol/L", "of all salts in the whole membrane"),
        "density.guest": Result("g/cm3", "of what fills the framework", headline=True),
        "density.membrane": Result("g/cm3", "of the whole membrane", headline=True),
    },
    evidence="composition",
    example="--eo-li 18 --eo-sn 4 --framework 0.497 --lidfob 0.01",
    cites=("hofmann2002",),
)
def recipe(
    recipe: Annotated[Formulation, Option("what was weighed", subject=True, noun=RECIPE)],
    case: Annotated[
        str | None,
        Option("the structural case that the membrane's numbers are for", subject=True, example="pores-filled"),
    ] = None,
) -> Answer:
    """Compute a composition."""
    return membrane_recipe(recipe, case=case)
