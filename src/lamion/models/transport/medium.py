"""What fills the grid between the electrodes: electrolytes, impermeable bodies, protrusions of an electrode."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.models.transport.binary_electrolyte import BinaryElectrolyte
from lamion.numerics.tensor_grid import TensorGrid
from lamion.quantities import InputError

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

IMPERMEABLE = -1
"""A cell that nothing passes."""

LOW_METAL = -2
"""A cell of the electrode at the low end of the first axis, which may protrude into the film."""

HIGH_METAL = -3
"""A cell of the electrode at the high end of the first axis."""

MOST_CELLS = 20_000_000


@dataclass(frozen=True, eq=False)
class Medium:
    """A grid filled with electrolytes.

    Parameters
    ----------
    grid : TensorGrid
        Its first axis runs from the electrode at 0 to the other one.
    materials : tuple of BinaryElectrolyte
        What the cells may hold.
    which : array of int, shape grid.shape
        The material of each cell, or :data:`IMPERMEABLE`, :data:`LOW_METAL`, :data:`HIGH_METAL`.

    Raises
    ------
    InputError
        When a cell names a material that is not there, or none holds electrolyte.
    """

    grid: TensorGrid
    materials: tuple[BinaryElectrolyte, ...]
    which: Integers

    def __post_init__(self) -> None:
        if self.which.shape != self.grid.shape:
            raise InputError(
                f"The map of materials has the shape {self.which.shape}, the grid {self.grid.shape}.", "", "Match them."
            )
        low, high = int(self.which.min()), int(self.which.max())
        if low < HIGH_METAL or high >= len(self.materials):
            worst = low if low < HIGH_METAL else high
            raise InputError(
                f"The map of materials names {worst}, and there are {len(self.materials)} materials.", "", "Mend it."
            )
        if high < 0:
            raise InputError("No cell holds electrolyte.", "", "Mend the map of materials.")

    @property
    def active(self) -> NDArray[np.bool_]:
        """Cells that hold electrolyte."""
        return np.asarray(self.which >= 0)

    @property
    def layered(self) -> bool:
        """Whether the medium is full and varies through the film alone."""
        rows = self.which.reshape(self.grid.shape[0], -1)
        return bool(np.all(rows == rows[:, :1]) and rows.min() >= 0)

    @property
    def area(self) -> float:
        """Of the film seen along its first axis, in m to the dimension less one."""
        return float(np.prod(self.grid.lengths[1:]))

    def property(self, read: Callable[[BinaryElectrolyte], float]) -> Array:
        """Return a constant of each cell's material; zero outside the electrolyte.

        Parameters
        ----------
        read : callable
            From an electrolyte to the constant.
        """
        values = np.array([*(read(material) for material in self.materials), 0.0])
        return np.asarray(values[np.where(self.active, self.which, len(self.materials))])


def uniform(grid: TensorGrid, electrolyte: BinaryElectrolyte) -> Medium:
    """Fill a grid with one electrolyte.

    Parameters
    ----------
    grid : TensorGrid
        The cells.
    electrolyte : BinaryElectrolyte
        What fills them.

    Raises
    ------
    InputError
        With more cells than fit into memory.
    """
    check_cells(grid.cells)
    return Medium(grid, (electrolyte,), np.zeros(grid.shape, dtype=np.int64))


def layers(grid: TensorGrid, electrolytes: Sequence[tuple[BinaryElectrolyte, float]]) -> Medium:
    """Lay electrolytes one behind the other, such as a film and its coating.

    Parameters
    ----------
    grid : TensorGrid
        The cells; put edges where the layers meet (:func:`lamion.numerics.tensor_grid.joined_edges`).
    electrolytes : sequence of (BinaryElectrolyte, float)
        Each with its thickness in m, from the electrode at 0 on.

    Raises
    ------
    InputError
        When the thicknesses do not add up to the grid's length.
    """
    ends = np.cumsum([thickness for _, thickness in electrolytes])
    if not np.isclose(ends[-1], grid.lengths[0]):
        raise InputError(
            f"The layers are {ends[-1]:g} m thick together, the grid {grid.lengths[0]:g} m.", "", "Match them."
        )
    row = np.minimum(np.searchsorted(ends, grid.centres[0]), len(ends) - 1)
    shape = (-1,) + (1,) * (grid.dimension - 1)
    which = np.broadcast_to(row.reshape(shape), grid.shape).astype(np.int64)
    return Medium(grid, tuple(electrolyte for electrolyte, _ in electrolytes), which)


def check_cells(cells: float, most: float = MOST_CELLS) -> None:
    """Refuse a grid too large for memory.

    Parameters
    ----------
    cells : float
        How many.
    most : float
        That can be had.

    Raises
    ------
    InputError
        With the number.
    """
    if not 1 <= cells <= most:
        raise InputError(
            f"A grid of {cells:.6g} cells is asked for; it can have 1 to {most:g}.",
            "Its fields would not fit into memory." if cells > 1 else "",
            "Take another number of cells.",
        )
