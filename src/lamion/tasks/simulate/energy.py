"""Energy density of a lithium-metal cell, by component.

The basis is said: by default the cathode (8:1:1, dry), the electrolyte and the lithium, without collectors; what is
given beyond that counts too, unless --basis says otherwise.
"""

from __future__ import annotations

from typing import Annotated

from lamion.models.cells.energy_density import WeighedCell, energy_density
from lamion.quantities import Answer
from lamion.tasks.declaring import Option, Result, task
from lamion.tasks.options.design import DESIGN


@task(
    results={
        "gravimetric_energy": Result("Wh/kg", "of what the basis counts", headline=True),
        "volumetric_energy": Result("Wh/L", "of what the basis counts", headline=True),
        "areal_energy": Result("mWh/cm2", "of one face"),
        "areal_mass": Result("mg/cm2", "of what the basis counts"),
        "n_over_p": Result("1", "lithium's capacity over the cathode's"),
    },
    evidence="derived from printed numbers",
    example=(
        '--cathode lfp --loading "4 mg/cm2" --capacity "157.8 mAh/g" --voltage "3.39 V" --electrolyte-thickness "9 um" '
        '--electrolyte-density "1.30 g/cm3" --lithium-thickness "25 um"'
    ),
    cites=("schmuch2018",),
)
def energy(
    design: Annotated[WeighedCell, Option("the cell", subject=True, noun=DESIGN)],
    basis: Annotated[
        str,
        Option("what counts: active, cathode, electrodes, stack, collectors or cell", otherwise="all that is given"),
    ] = "",
) -> Answer:
    """Weigh the cell."""
    return energy_density(design, basis)
