"""From a study's options and files to a lithium-metal cell: what the steps about cells share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lamion.formats import FileContent, read_raw
from lamion.models.cells.cathodes import Cathode, cathode
from lamion.models.cells.cell_inputs import CellInputs
from lamion.models.cells.cell_simulator import CellSimulator, Mesh
from lamion.models.cells.open_circuit import TabulatedPotential
from lamion.quantities import InputError
from lamion.records.open_circuit_curve import OpenCircuitCurve
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option

CELL_OPTIONS: Mapping[str, Option] = {
    "active_material": Option("text"),
    "loading": Option("quantity", "kg/m2", from_subject=True),
    "one_c": Option("quantity", "A/m2", from_subject=True),
    "window": Option("quantities", "V", from_subject=True),
    "thickness": Option("quantity", "m"),
    "conductivity": Option("quantity", "S/m"),
    "transference": Option("quantity", "1"),
    "concentration": Option("quantity", "mol/m3"),
    "temperature": Option("quantity", "K"),
    "lithium_resistance": Option("quantity", "ohm m2", required=False),
    "contact_resistance": Option("quantity", "ohm m2", required=False, positive=False),
    "porosity": Option("quantity", "1", required=False),
    "catholyte": Option("quantity", "S/m", required=False),
    "diffusivity": Option("quantity", "m2/s", required=False),
    "protocol": Option("text", required=False, choices=("full", "cc", "cc-cv")),
    "capacity": Option("quantity", "mAh/g", required=False),
    "diffusion_rate": Option("quantity", "s-1", required=False),
    "exchange_current": Option("quantity", "A/m2", required=False),
    "potential": Option("file", required=False),
}
"""The options of every kind of step about a lithium-metal cell."""

_STATED = ("loading", "one_c", "thickness", "conductivity", "transference", "concentration", "temperature")
_OPTIONAL = ("lithium_resistance", "contact_resistance", "porosity", "catholyte", "diffusivity")
_MATERIAL = ("capacity", "diffusion_rate", "exchange_current")
_BUILT = ("thickness", "concentration", "loading", "porosity")
_QUICK = Mesh(film=16, cathode=8, particle=12)


def cell_inputs(inputs: Inputs) -> CellInputs:
    """Build a cell from a step's options.

    Parameters
    ----------
    inputs : Inputs
        With :data:`CELL_OPTIONS`.

    Raises
    ------
    InputError
        When the window is not two voltages, or as :class:`~lamion.models.cells.cell_inputs.CellInputs`.
    """
    window = inputs.quantities("window")
    if len(window) != 2:
        raise InputError(f"The window holds {len(window)} voltages.", "", 'Write window = ["2.8 V", "4.3 V"].')
    options: dict[str, Any] = {
        name: quantity for name in _OPTIONAL if (quantity := inputs.optional_quantity(name)) is not None
    }
    if "protocol" in inputs.options:
        options["protocol"] = inputs.options["protocol"]
    stated: dict[str, Any] = {name: inputs.quantity(name) for name in _STATED}
    cell = CellInputs(cathode=_cathode(inputs), window=(window[0], window[1]), **stated, **options)
    return replace(cell, **_taken_as_exact(cell)) if inputs.quick else cell


def _taken_as_exact(cell: CellInputs) -> dict[str, Any]:
    """Return without uncertainty what needs a build of its own and moves little, for a quick run."""
    return {name: replace(getattr(cell, name), std=None) for name in _BUILT}


def _cathode(inputs: Inputs) -> Cathode:
    found = cathode(inputs.options["active_material"])
    for name in _MATERIAL:
        given = inputs.optional_quantity(name)
        if given is not None:
            found = found.with_fact(name, replace(given, source=given.source or "given"))
    raw = inputs.file("potential")
    return found if raw is None else with_measured_potential(found, read_raw(raw))


def with_measured_potential(material: Cathode, content: FileContent) -> Cathode:
    """Return a cathode with a measured open-circuit potential in place of the published one.

    Parameters
    ----------
    material : Cathode
        The cathode.
    content : FileContent
        A table of lithium content and voltage.

    Raises
    ------
    InputError
        When the table is another record, or does not fall as a potential does.
    """
    curve = content.the(OpenCircuitCurve)
    return material.with_potential(TabulatedPotential(curve.content, curve.voltage), content.name)


def simulator(inputs: Inputs) -> CellSimulator:
    """Return a simulator, with fewer points where the step is to be quick.

    Parameters
    ----------
    inputs : Inputs
        The step's.
    """
    return CellSimulator(_QUICK if inputs.quick else Mesh())
