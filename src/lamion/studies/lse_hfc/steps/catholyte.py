r"""A cathode recipe without an ion conductor: could it deliver its charge, and what would a conductor weigh.

The time to diffuse through the dry cathode's solid is compared with that of a discharge,

.. math:: t = \frac{(m / \rho)^2}{D}

and a filling is weighed. Shown, that a conductor is left out, where solid diffusion alone is too slow.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from lamion.models.cells.energy_density import WeighedCell, density, energy_density
from lamion.quantities import Answer, Quantity
from lamion.tasks.declaring import Option, Result, task
from lamion.tasks.options.design import DESIGN


@task(
    results={
        "diffusion_time": Result("s", "through a layer of the active material without pores", headline=True),
        "gravimetric_energy.*": Result("Wh/kg", "with dry and with filled pores"),
    },
    evidence="mass budgets",
    example="",
)
def catholyte(
    design: Annotated[WeighedCell, Option("the cell with dry pores", subject=True, noun=DESIGN)],
    filling: Annotated[Quantity, Option("density of an ion conductor in them", unit="kg/m3", example="1.3 g/cm3")],
    diffusivity: Annotated[Quantity, Option("the largest credible one in the active material")],
    discharge: Annotated[Quantity, Option("its time", unit="s", example="1 h")],
    delivered: Annotated[Quantity, Option("by that discharge", unit="mAh/g", example="147 mAh/g")],
) -> Answer:
    """Compare the time to diffuse with that of a discharge, and weigh a filling."""
    cell = design
    layer = cell.loading.si / density(cell.cathode)
    time = layer**2 / diffusivity.si
    filled = replace(cell, catholyte_density=filling)
    dry, wet = (energy_density(item).results["gravimetric_energy"] for item in (cell, filled))
    available = discharge.si
    holds = time <= available
    parts = ":".join(f"{10 * part:g}" for part in cell.recipe)
    reason = (
        f"{parts} of active material, carbon and binder leaves no ion conductor in the cathode. Lithium would have to "
        f"diffuse through {1e6 * layer:.0f} um of active material, {time / 3600:.0f} h even at "
        f"{diffusivity}; {delivered} are printed for {available / 3600:.2g} h. "
        f"Filled at {filling}, pores of {100 * cell.porosity.value:g} % cost "
        f"{100 * (1 - wet.value / dry.value):.0f} % of the energy density ({dry.value:.0f} to {wet.value:.0f} Wh/kg)"
        + ("." if holds else ": the printed recipe, capacity and energy density leave out a part of the cell.")
    )
    return Answer(
        {
            "diffusion_time": Quantity(time, None, "s", "diffusion through the dense active material"),
            "gravimetric_energy.dry": dry,
            "gravimetric_energy.filled": wet,
        },
        verdict="not shown" if holds else "shown",
        reason=reason,
    )
