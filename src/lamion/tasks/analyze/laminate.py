"""What galleries and sheets must conduct, from a laminate's sigma and t+.

Every pair of sheet conductivities that explains both ions is mapped, for every structural case of the composition. The
gallery's height follows from the recipe and the sheets' thickness.
"""

from __future__ import annotations

from typing import Annotated

from lamion.models.laminate.bricks import Bricks
from lamion.models.laminate.gallery import galleries
from lamion.models.laminate.structural_reading import Observed, structural_reading
from lamion.quantities import Answer, Quantity
from lamion.substances import Formulation
from lamion.tasks.declaring import Option, Result, task
from lamion.tasks.options.recipe import RECIPE


@task(
    results={
        "least_gallery": Result("1", "least conductivity of the gallery over the contrast film's", headline=True),
        "largest_gallery": Result("1", "what the best fluid known would be over it", headline=True),
        "gallery_with_impermeable_sheets": Result("S/cm", "what the gallery would have to conduct", headline=True),
        "selectivity": Result("1", "of the sheets for the cation, in a thin gallery"),
        "cation_factor": Result("1", "conductivity by the cation over that in the contrast film"),
        "anion_factor": Result("1", "conductivity by the anion over that in the contrast film"),
    },
    evidence="derived from printed numbers",
    example=(
        '--eo-li 18 --eo-sn 4 --framework 0.497 --lidfob 0.01 --sheet-thickness "4.5 nm" --sheet-width "2 um" '
        '--ratio 6.3 --transference 0.78 --contrast-transference 0.35 --conductivity "5.62e-4 S/cm"'
    ),
    uncited="the flow in thin galleries follows from its own balance, which stands with the model",
    heavy=True,
)
def laminate(
    recipe: Annotated[Formulation, Option("what was weighed", subject=True, noun=RECIPE)],
    sheet_thickness: Annotated[Quantity, Option("of a sheet", of="thickness", example="4.5 nm")],
    sheet_width: Annotated[Quantity, Option("of a sheet along its row", unit="m", example="2 um")],
    ratio: Annotated[Quantity, Option("conductivity over that of the contrast film", example="6.3")],
    transference: Annotated[Quantity, Option("of the lithium ion in the film")],
    contrast_transference: Annotated[
        Quantity, Option("of the lithium ion in the contrast film", of="transference", example="0.35")
    ],
    conductivity: Annotated[Quantity, Option("of the film")],
    gap: Annotated[
        Quantity | None,
        Option("between the edges of two sheets", unit="m", example="4.5 nm", otherwise="the gallery's height"),
    ] = None,
    activation_energy: Annotated[Quantity | None, Option("of the film", unit="eV", example="0.25 eV")] = None,
) -> Answer:
    """Map the feasible galleries and sheets."""
    structures = {}
    for name, item in galleries(recipe, sheet_thickness).items():
        height = item.height.si
        structures[name] = Bricks(sheet_width.si, sheet_thickness.si, height, height if gap is None else gap.si)
    observed = Observed(ratio, transference, contrast_transference, conductivity, activation_energy)
    return structural_reading(observed, structures)
