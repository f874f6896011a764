"""A cathode recipe without an ion conductor: could it deliver its charge, and what would a conductor weigh?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lamion.models.cells.energy_density import density, energy_density
from lamion.quantities import Answer, Quantity
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.study.lithium_cells import FACTS, cathodes, lithium_cell


def run(inputs: Inputs) -> Answer:
    r"""Compare the time to diffuse through the dry cathode's solid with that of a discharge, and weigh a filling.

    .. math:: t = \frac{(m / \rho)^2}{D}

    Parameters
    ----------
    inputs : Inputs
        ``design``, the cell with dry pores; ``filling``, the density of an ion conductor in them; ``diffusivity``,
        the largest credible one of lithium in the active material; ``discharge``, the time of a discharge that
        delivered ``delivered``.

    Returns
    -------
    Answer
        ``diffusion_time`` through a layer of the active material without pores, ``gravimetric_energy.dry`` and
        ``.filled``. Holds where solid diffusion alone could deliver the charge in time.
    """
    cell = lithium_cell(inputs.options["design"], inputs.substances("substances"), "design")
    layer = cell.loading.si / density(cell.cathode)
    time = layer**2 / inputs.quantity("diffusivity").si
    filled = replace(cell, catholyte_density=inputs.quantity("filling"))
    dry, wet = (energy_density(item).results["gravimetric_energy"] for item in (cell, filled))
    available = inputs.quantity("discharge").si
    holds = time <= available
    parts = ":".join(f"{10 * part:g}" for part in cell.recipe)
    reason = (
        f"{parts} of active material, carbon and binder leaves no ion conductor in the cathode. Lithium would have to "
        f"diffuse through {1e6 * layer:.0f} um of active material, {time / 3600:.0f} h even at "
        f"{inputs.quantity('diffusivity')}; {inputs.quantity('delivered')} are printed for {available / 3600:.2g} h. "
        f"Filled at {inputs.quantity('filling')}, pores of {100 * cell.porosity.value:g} % cost "
        f"{100 * (1 - wet.value / dry.value):.0f} % of the energy density ({dry.value:.0f} to {wet.value:.0f} Wh/kg)"
        + ("." if holds else ": the printed recipe, capacity and energy density leave out a part of the cell.")
    )
    return Answer(
        {
            "diffusion_time": Quantity(time, None, "s", "diffusion through the dense active material"),
            "gravimetric_energy.dry": dry,
            "gravimetric_energy.filled": wet,
        },
        verdict="holds" if holds else "does not hold",
        reason=reason,
    )


def _substances(options: Mapping[str, Any]) -> list[str]:
    return cathodes(options, "design")


KIND = StepKind(
    run,
    evidence="mass budgets",
    options={
        "design": Option("table", from_subject=True),
        "filling": Option("quantity", "kg/m3"),
        "diffusivity": Option("quantity", "m2/s"),
        "discharge": Option("quantity", "s"),
        "delivered": Option("quantity", "mAh/g"),
    },
    substances=_substances,
    facts=FACTS,
)
