"""Sheets stacked to a crystal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lamion.models.atomistic.structure.sheet import Sheet
from lamion.quantities import InputError
from lamion.substances.crystal import Crystal

_MOST_LAYERS = 8


@dataclass(frozen=True)
class Stacking:
    """How layers lie on each other.

    Parameters
    ----------
    spacing : float
        Between neighbouring layers, angstrom.
    slips : tuple of (float, float)
        The place of each layer of the cell, as fractions of a and b; the first is usually (0, 0).
    shear : (float, float)
        By how much the cell's own c vector leans, as fractions of a and b: a slip that goes on from cell to cell.

    Examples
    --------
    >>> Stacking(4.64, ((0.0, 0.0),), (0.5, 0.3)).height
    4.64
    """

    spacing: float
    slips: tuple[tuple[float, float], ...] = ((0.0, 0.0),)
    shear: tuple[float, float] = (0.0, 0.0)

    @property
    def height(self) -> float:
        """Of the cell, angstrom."""
        return self.spacing * len(self.slips)


def aa(spacing: float) -> Stacking:
    """Return layers exactly above each other.

    Parameters
    ----------
    spacing : float
        Angstrom.
    """
    return Stacking(spacing)


def ab(spacing: float) -> Stacking:
    """Return layers in turn at (0, 0) and (1/2, 1/2): paddlewheels on porphyrins.

    Parameters
    ----------
    spacing : float
        Angstrom.
    """
    return Stacking(spacing, ((0.0, 0.0), (0.5, 0.5)))


def slipped(spacing: float, slip: tuple[float, float]) -> Stacking:
    """Return layers each of which is moved against the one below.

    Parameters
    ----------
    spacing : float
        Angstrom.
    slip : (float, float)
        As fractions of a and b.
    """
    return Stacking(spacing, shear=slip)


def stack(sheet: Sheet, stacking: Stacking) -> Crystal:
    """Stack a sheet.

    Parameters
    ----------
    sheet : Sheet
        The layer.
    stacking : Stacking
        Spacing and slips.

    Returns
    -------
    Crystal
        With a and b in the layer.

    Raises
    ------
    InputError
        When the spacing is not between 1 and 100 angstrom, there are more than eight layers, or atoms coincide.

    Examples
    --------
    >>> from lamion.models.atomistic.structure.sheet import sheet
    >>> crystal = stack(sheet(), slipped(4.64, (0.5, 0.3)))
    >>> len(crystal), round(crystal.volume / sheet().lattice ** 2, 2)
    (87, 4.64)
    """
    if not 1.0 <= stacking.spacing <= 100.0:
        raise InputError(f"A layer spacing of {stacking.spacing:g} angstrom is not between 1 and 100.")
    if not 1 <= len(stacking.slips) <= _MOST_LAYERS:
        raise InputError(f"{len(stacking.slips)} layers in a cell are not between 1 and {_MOST_LAYERS}.")
    a = sheet.lattice
    cell = np.array([[a, 0.0, 0.0], [0.0, a, 0.0], [stacking.shear[0] * a, stacking.shear[1] * a, stacking.height]])
    layers = [
        sheet.positions + np.array([slip[0] * a, slip[1] * a, level * stacking.spacing])
        for level, slip in enumerate(sheared_slips(stacking))
    ]
    positions = np.vstack(layers)
    return Crystal(sheet.name, cell, sheet.symbols * len(layers), positions @ np.linalg.inv(cell))


def sheared_slips(stacking: Stacking) -> list[tuple[float, float]]:
    """Return the place of each layer, the cell's lean shared evenly among its layers.

    Parameters
    ----------
    stacking : Stacking
        With or without a lean.

    Returns
    -------
    list of (float, float)
        As fractions of a and b.

    Examples
    --------
    >>> sheared_slips(ab(4.64))
    [(0.0, 0.0), (0.5, 0.5)]
    """
    count = len(stacking.slips)
    return [
        (x + stacking.shear[0] * level / count, y + stacking.shear[1] * level / count)
        for level, (x, y) in enumerate(stacking.slips)
    ]
