"""What several audits of energy densities share."""

from __future__ import annotations

from collections.abc import Mapping

from lamion.models.cells.energy_density import WeighedCell
from lamion.quantities import InputError, Quantity


def check_names(cells: Mapping[str, WeighedCell], printed: Mapping[str, Quantity]) -> None:
    """Refuse cells and energy densities that do not go by the same names."""
    if set(cells) != set(printed):
        raise InputError("the cells and their energy densities do not have the same names.", "", "Name both alike.")
