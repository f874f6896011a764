"""The pressure that keeps stripped lithium in contact, by published scalings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lamion.models.cells.contact_loss import CreepLaw, contact_loss, stripping_pressure
from lamion.models.cells.energy_density import density
from lamion.quantities import Answer, Quantity
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
    law = CreepLaw(
        stress=inputs.quantity("flow_stress").si,
        rate=inputs.quantity("strain_rate").si,
        temperature=inputs.quantity("reference_temperature").si,
        exponent=inputs.quantity("exponent").si,
        activation_energy=inputs.quantity("activation_energy").si,
    )
    current = inputs.quantity("current").si
    found = contact_loss(
        current,
        inputs.quantity("charge").si,
        inputs.quantity("foil").si,
        inputs.quantity("temperature").si,
        metal.molar_mass.si / density(metal),
        law,
    )
    relative = (inputs.quantity("flow_stress").std or 0.0) / inputs.quantity("flow_stress").value
    stress = found.creep_stress / 1e6
    results = {
        "stripped_depth": Quantity(1e6 * found.depth, None, "um", "Faraday's law"),
        "strain_rate": Quantity(found.strain_rate, None, "1/s", "Faraday's law"),
        "creep_stress": Quantity(stress, stress * relative if relative else None, "MPa", "power-law creep"),
    }
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
