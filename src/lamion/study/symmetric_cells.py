"""A symmetric lithium cell as a study writes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from lamion.models.cells.charge_transfer import Convention
from lamion.models.cells.symmetric_cell import SymmetricCell
from lamion.quantities import InputError, parse
from lamion.study.inputs import Inputs, quantity_from_json
from lamion.study.kinds import Option

CONVENTIONS = ("cell", "interface")

OPTIONS: Mapping[str, Option] = {
    "thickness": Option("quantity", "m", from_subject=True),
    "conductivity": Option("quantity", "S/m"),
    "transference": Option("quantity", "1", positive=False),
    "concentration": Option("quantity", "mol/m3"),
    "rct": Option("quantity", "ohm m2"),
    "current": Option("quantity", "A/m2"),
    "temperature": Option("quantity", "K"),
    "diffusivity": Option("quantity", "m2/s", required=False),
    "thermodynamic_factor": Option("quantity", "1", required=False),
}
"""The options of a step about one such cell."""


def from_inputs(inputs: Inputs) -> SymmetricCell:
    """Build the cell that a step's options describe.

    Parameters
    ----------
    inputs : Inputs
        With :data:`OPTIONS`.
    """
    return SymmetricCell(**{name: inputs.quantity(name) for name in OPTIONS if name in inputs.options})


def from_table(table: Mapping[str, Any], name: str) -> SymmetricCell:
    """Build the cell that a table describes.

    Parameters
    ----------
    table : Mapping
        The names of :data:`OPTIONS`, as texts or resolved references.
    name : str
        Of the cell, for messages.

    Raises
    ------
    InputError
        When one is missing or cannot be read.
    """
    missing = [key for key, option in OPTIONS.items() if option.required and key not in table]
    if missing:
        raise InputError(f"the cell '{name}': '{missing[0]}' is missing.", "", "Write it into the cell's table.")
    return SymmetricCell(
        **{
            key: quantity_from_json(table[key])
            if isinstance(table[key], Mapping)
            else parse(str(table[key]), option.unit, name=f"The {key} of '{name}'")
            for key, option in OPTIONS.items()
            if key in table
        }
    )


def convention_of(inputs: Inputs) -> Convention | None:
    """Return whose the charge-transfer resistance is said to be; None where it is not said.

    Parameters
    ----------
    inputs : Inputs
        With the option ``convention`` or without.
    """
    return cast("Convention | None", inputs.options.get("convention"))
