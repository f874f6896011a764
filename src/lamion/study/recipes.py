"""A recipe as a study writes it, made into a formulation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lamion.quantities import InputError
from lamion.study.inputs import Inputs, quantity_from_json
from lamion.substances import Formulation
from lamion.substances.formulation import formulation_from_table

FACTS = ("density", "lattice_parameter", "layer_spacing")


def formulation_of(inputs: Inputs, name: str) -> Formulation:
    """Build the formulation that one option of a step describes.

    Parameters
    ----------
    inputs : Inputs
        With the recipe as the option `name` and the facts of its substances.
    name : str
        The option.
    """
    return formulation_from_table(_with_quantities(inputs.options[name]), inputs.substances("substances"))


def substances_named(recipe: Mapping[str, Any]) -> list[str]:
    """Return the substances a recipe names, sorted.

    Parameters
    ----------
    recipe : Mapping
        As :func:`lamion.substances.formulation.formulation_from_table` takes it.

    Raises
    ------
    InputError
        When it names none.
    """
    named = {recipe["polymer"]} if isinstance(recipe.get("polymer"), str) else set()
    for part in recipe.values():
        if isinstance(part, Mapping):
            named |= set(part)
    if not named:
        raise InputError("the recipe names no substance.", "", 'Write recipe = { polymer = "peo", ... }.')
    return sorted(named)


def _with_quantities(recipe: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _amounts(part) if isinstance(part, Mapping) else part for key, part in recipe.items()}


def _amounts(part: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _amount(key, item) for key, item in part.items()}


def _amount(key: str, item: Any) -> Any:
    if not isinstance(item, Mapping):
        return item
    if "value" not in item:
        raise InputError(f"the amount of '{key}' is neither a number nor a reference.", "", "Write it like 18.")
    return quantity_from_json(item)
