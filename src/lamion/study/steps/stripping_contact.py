"""The pressure that keeps stripped lithium in contact, by published scalings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lamion.models.cells.contact_loss import CreepLaw, contact_loss, stripping_pressure
from lamion.models.cells.energy_density import density
from lamion.quantities import Answer, Quantity, propagate
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind


def run(inputs: Inputs) -> Answer:
    """Find the creep that stripping asks for, and the stress it needs.

    Parameters
    ----------
    inputs : Inputs
        ``current``, ``charge`` of a half cycle, ``foil``, ``temperature``; ``flow_stress`` of lithium at
        ``strain_rate`` and ``reference_temperature``, ``exponent`` and ``activation_energy`` of its creep;
        ``metal``, a substance.

    Returns
    -------
    Answer
        ``stripped_depth``, ``strain_rate``, ``creep_stress``; ``rigid_pressure``, what a rigid sulfide needed at
        that current, where it was measured.
    """
    metal = inputs.substances("substances")[inputs.options["metal"]]
    molar_volume = metal.molar_mass.si / density(metal)
    given = [inputs.quantity(name) for name in (*_TEST, *_LAW)]

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
    current = given[0].si
    rigid = stripping_pressure(current, _RIGID[0], _RIGID[1])
    if rigid is not None:
        results["rigid_pressure"] = Quantity(rigid / 1e6, None, "MPa", "doi:10.1038/s41563-019-0438-9")
    return Answer(
        results,
        notes={
            "validity": "creep_stress: a whole foil that flows uniformly, the least that is needed; rigid_pressure: "
            "Li6PS5Cl at room temperature. An electrolyte that flows or adheres follows the surface by itself."
        },
    )


_TEST = ("current", "charge", "foil", "temperature")
_LAW = ("flow_stress", "strain_rate", "reference_temperature", "exponent", "activation_energy")
_RIGID = ((3e6, 2.0), (7e6, 10.0))
"""Pressure in Pa and critical stripping current in A/m2 on Li6PS5Cl: Kasemchainan et al. 2019."""


def _metals(options: Mapping[str, Any]) -> list[str]:
    return [options["metal"]]


KIND = StepKind(
    run,
    evidence="published scaling",
    options={
        "current": Option("quantity", "A/m2"),
        "charge": Option("quantity", "A s/m2"),
        "foil": Option("quantity", "m"),
        "temperature": Option("quantity", "K"),
        "flow_stress": Option("quantity", "Pa"),
        "strain_rate": Option("quantity", "1/s"),
        "reference_temperature": Option("quantity", "K"),
        "exponent": Option("quantity", "1"),
        "activation_energy": Option("quantity", "J/mol"),
        "metal": Option("text"),
    },
    substances=_metals,
    facts=("density", "crystal_density"),
)
