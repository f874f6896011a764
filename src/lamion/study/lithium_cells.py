"""A lithium-metal cell as a study writes it, made into one to weigh."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lamion.models.cells.energy_density import LithiumCell
from lamion.quantities import InputError, Quantity, parse
from lamion.study.inputs import quantity_from_json
from lamion.substances import Substance

FACTS = ("density", "crystal_density", "electrons")
MATERIALS = ("lithium", "super_p", "pvdf", "aluminium", "copper")
"""What a cell holds beside its active material."""

_QUANTITIES = {
    "loading": "kg/m2",
    "capacity": "mAh/g",
    "voltage": "V",
    "electrolyte_thickness": "m",
    "electrolyte_density": "kg/m3",
    "lithium_thickness": "m",
    "n_over_p": "1",
    "second_thickness": "m",
    "second_density": "kg/m3",
    "catholyte_density": "kg/m3",
    "porosity": "1",
    "cathode_collector_thickness": "m",
    "anode_collector_thickness": "m",
}
_KEYS = {"cathode", "recipe", *_QUANTITIES}


def lithium_cell(table: Mapping[str, Any], substances: Mapping[str, Substance], name: str) -> LithiumCell:
    """Build a cell from a table.

    Parameters
    ----------
    table : Mapping
        ``cathode``, a substance; ``recipe``, three numbers; and the quantities of
        :class:`lamion.models.cells.energy_density.LithiumCell`, as texts or resolved references.
    substances : Mapping of str to Substance
        By the name they go by in the study.
    name : str
        Of the cell, for messages.

    Raises
    ------
    InputError
        When a key is unknown or missing, or a value cannot be read.
    """
    unknown = sorted(set(table) - _KEYS)
    if unknown:
        raise InputError(
            f"the cell '{name}': '{unknown[0]}' is not known.", "", f"Known are: {', '.join(sorted(_KEYS))}."
        )
    needed = ("cathode", "loading", "capacity", "voltage", "electrolyte_thickness", "electrolyte_density")
    missing = [key for key in needed if key not in table]
    if missing:
        raise InputError(f"the cell '{name}': '{missing[0]}' is missing.", "", "Write it into the cell's table.")
    given: dict[str, Any] = {
        key: _quantity(table[key], unit, f"the {key.replace('_', ' ')} of '{name}'")
        for key, unit in _QUANTITIES.items()
        if key in table
    }
    if "recipe" in table:
        given["recipe"] = _recipe(table["recipe"], name)
    parts = dict(zip(("lithium", "carbon", "binder", "cathode_collector", "anode_collector"), MATERIALS, strict=True))
    given |= {part: substances[key] for part, key in parts.items()}
    return LithiumCell(substances[table["cathode"]], **given)


def cells_and_printed(
    tables: Mapping[str, Any], stated: Mapping[str, Any], substances: Mapping[str, Substance]
) -> tuple[dict[str, LithiumCell], dict[str, Quantity]]:
    """Build cells that each bring a printed energy density.

    Parameters
    ----------
    tables : Mapping of str to Mapping
        By name, as :func:`lithium_cell` takes them.
    stated : Mapping of str to Mapping
        By the same names, the energy densities.
    substances : Mapping of str to Substance
        By the name they go by in the study.
    """
    if set(tables) != set(stated):
        raise InputError("the cells and their energy densities do not have the same names.", "", "Name both alike.")
    cells = {name: lithium_cell(table, substances, name) for name, table in tables.items()}
    printed = {name: _quantity(stated[name], "Wh/kg", f"the energy density of '{name}'") for name in cells}
    return cells, printed


def cathodes(options: Mapping[str, Any], *names: str) -> list[str]:
    """Return the substances that cells in the options of a step need.

    Parameters
    ----------
    options : Mapping
        Resolved.
    *names : str
        The options that hold a cell, or cells by name.
    """
    found = set(MATERIALS)
    for name in names:
        table = options.get(name, {})
        for cell in [table] if "cathode" in table else table.values():
            if not isinstance(cell, Mapping) or not isinstance(cell.get("cathode"), str):
                raise InputError(f"'{name}' names no cathode.", "", 'Write cathode = "lfp" into each cell.')
            found.add(cell["cathode"])
    return sorted(found)


def _quantity(written: Any, unit: str, name: str) -> Quantity:
    if isinstance(written, Mapping) and "value" in written:
        return quantity_from_json(written)
    if isinstance(written, bool) or not isinstance(written, int | float | str):
        raise InputError(f"{name} is neither a quantity nor a reference.", "", 'Write it like "9 um".')
    return parse(str(written), unit, name=name[0].upper() + name[1:])


def _recipe(written: Any, name: str) -> tuple[float, float, float]:
    numbers = isinstance(written, list) and len(written) == 3 and all(isinstance(part, int | float) for part in written)
    if not numbers or sum(written) <= 0:
        raise InputError(f"the recipe of '{name}' is not three numbers.", "", "Write recipe = [8, 1, 1].")
    active, carbon, binder = (part / sum(written) for part in written)
    return active, carbon, binder
