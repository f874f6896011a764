"""The pressure that keeps stripped lithium in contact, by published scalings.

The creep that stripping asks for is found, and the stress it needs: that of a whole foil that flows uniformly, the
least that is needed. Beside it stands what a rigid sulfide needed at that current, where it was measured.
"""

from __future__ import annotations

from typing import Annotated

from lamion.models.cells.contact_loss import CreepLaw, contact_loss, stripping_pressure
from lamion.models.cells.energy_density import density
from lamion.quantities import Answer, Quantity, propagate
from lamion.substances import Substance
from lamion.tasks.declaring import Option, Result, task

_RIGID = ((3e6, 2.0), (7e6, 10.0))
"""Pressure in Pa and critical stripping current in A/m2 on Li6PS5Cl: Kasemchainan et al. 2019."""


@task(
    results={
        "stripped_depth": Result("um", "in a half cycle", headline=True),
        "strain_rate": Result("1/s", "of the foil that follows"),
        "creep_stress": Result("MPa", "that makes lithium follow", headline=True),
        "rigid_pressure": Result("MPa", "that a rigid sulfide needed", headline=True),
    },
    evidence="published scaling",
    cites=("kasemchainan2019", "masias2019", "lepage2019"),
    example="",
)
def stripping_contact(
    current: Annotated[Quantity, Option("of the test")],
    charge: Annotated[Quantity, Option("of a half cycle", unit="A s/m2", example="0.4 mAh/cm2")],
    foil: Annotated[Quantity, Option("its thickness", unit="m", example="50 um")],
    temperature: Annotated[Quantity, Option("of the test")],
    flow_stress: Annotated[Quantity, Option("of lithium, where it was measured", unit="Pa", example="0.8 ± 0.4 MPa")],
    strain_rate: Annotated[Quantity, Option("at which it was measured", unit="1/s", example="1e-3 s-1")],
    reference_temperature: Annotated[Quantity, Option("at which it was measured", of="temperature", example="25 degC")],
    exponent: Annotated[Quantity, Option("of its creep", example="6.6")],
    activation_energy: Annotated[Quantity, Option("of its creep", unit="J/mol", example="37 kJ/mol")],
    metal: Annotated[Substance, Option("what is stripped", example="lithium")],
) -> Answer:
    """Find the creep that stripping asks for, and the stress it needs."""
    test = (current, charge, foil, temperature)
    given = (*test, flow_stress, strain_rate, reference_temperature, exponent, activation_energy)
    molar_volume = metal.molar_mass.si / density(metal)

    def result(name: str, unit: str, source: str) -> Quantity:
        def part(current: float, charge: float, foil: float, temperature: float, *law: float) -> float:
            found = contact_loss(current, charge, foil, temperature, molar_volume, CreepLaw(*law))
            return float(getattr(found, name))

        return propagate(part, *given, unit=unit, source=source)

    results = {
        "stripped_depth": result("depth", "um", "Faraday's law"),
        "strain_rate": result("strain_rate", "1/s", "Faraday's law"),
        "creep_stress": result("creep_stress", "MPa", "power-law creep"),
    }
    rigid = stripping_pressure(current.si, _RIGID[0], _RIGID[1])
    if rigid is not None:
        results["rigid_pressure"] = Quantity(rigid / 1e6, None, "MPa", "doi:10.1038/s41563-019-0438-9")
    return Answer(
        results,
        notes={
            "validity": "creep_stress: a whole foil that flows uniformly, the least that is needed; rigid_pressure: "
            "Li6PS5Cl at room temperature. An electrolyte that flows or adheres follows the surface by itself."
        },
    )
