"""A recipe as people write it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from lamion.quantities import InputError, Quantity
from lamion.substances import Substance
from lamion.substances.formulation import formulation_from_table
from lamion.tasks.declaring import Noun, Option


@dataclass(frozen=True)
class RecipeFlags:
    """What spells a recipe on the command line."""

    eo_li: Annotated[Quantity, Option("polymer repeat units per formula unit of salt", example="18")]
    eo_sn: Annotated[Quantity | None, Option("polymer repeat units per molecule of plasticiser", example="4")] = None
    framework: Annotated[
        Quantity | None, Option("mass fraction of the framework in the whole membrane", example="0.497")
    ] = None
    lidfob: Annotated[Quantity | None, Option("mass fraction of LiDFOB in the whole membrane", example="0.01")] = None
    additive: Annotated[
        Mapping[str, Quantity], Option("another additive and its mass fraction", example="lipf6=0.01")
    ] = field(default_factory=dict)
    polymer: Annotated[str, Option("the polymer, by its name among lamion's substances")] = "peo"
    salt: Annotated[str, Option("the salt, by its name")] = "litfsi"
    plasticiser: Annotated[str, Option("the plasticiser, by its name")] = "sn"
    framework_substance: Annotated[str, Option("the framework, by its name")] = "cutcpp"


def _table(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the recipe that the flags spell."""
    additives = dict(_named(given.get("additive", {})))
    if "lidfob" in given:
        additives["lidfob"] = given["lidfob"]
    table: dict[str, Any] = {
        "polymer": given.get("polymer", "peo"),
        "salts": {given.get("salt", "litfsi"): given["eo_li"]},
        "additives": additives,
        "additive_basis": "membrane",
    }
    if "eo_sn" in given:
        table["plasticisers"] = {given.get("plasticiser", "sn"): given["eo_sn"]}
    if "framework" in given:
        table["framework"] = {given.get("framework_substance", "cutcpp"): given["framework"]}
    return table


def _named(written: Any) -> Mapping[str, Any]:
    if isinstance(written, Mapping):
        return written
    texts = [written] if isinstance(written, str) else written
    return {name: amount for name, _, amount in (text.partition("=") for text in texts)}


def _substances(recipe: Mapping[str, Any]) -> list[str]:
    """Return the substances a recipe names, sorted."""
    named = {recipe["polymer"]} if isinstance(recipe.get("polymer"), str) else set()
    for part in recipe.values():
        if isinstance(part, Mapping):
            named |= set(part)
    if not named:
        raise InputError("the recipe names no substance.", "", 'Write recipe = { polymer = "peo", ... }.')
    return sorted(named)


def _build(table: Mapping[str, Any], substances: Mapping[str, Substance], title: str) -> Any:
    """Build the formulation."""
    for part in table.values():
        for key, amount in part.items() if isinstance(part, Mapping) else ():
            if isinstance(amount, Mapping):
                raise InputError(f"{title}: the amount of '{key}' is no number.", "", "Write it like 18.")
    return formulation_from_table(table, substances)


RECIPE = Noun(_build, _substances, RecipeFlags, _table)
RECIPE_TABLE = Noun(_build, _substances)
"""Of a task's second recipe: the options that spell one are the first one's."""
