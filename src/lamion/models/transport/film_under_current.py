"""A film of electrolyte and what is done to it, within what can be; how it is cut into cells."""

from __future__ import annotations

from dataclasses import dataclass

from lamion.models.transport.medium import check_cells
from lamion.numerics.tensor_grid import TensorGrid, even_edges, graded_edges
from lamion.quantities import InputError, Quantity
from lamion.quantities.fields import Checked, of
from lamion.quantities.properties import ROOM_TEMPERATURE

_CELLS = {1: 200, 2: 100, 3: 40}
_GRADING = 4.0
_MOST_CELLS = 3e6
"""Cells whose fields at thirteen times take 2 GB with what the steps need (measured: 0.7 kB a cell)."""


@dataclass(frozen=True)
class FilmUnderCurrent(Checked):
    """A film and what is done to it.

    Parameters
    ----------
    thickness, conductivity, transference, concentration : Quantity
        Of the electrolyte, at its temperature.
    current, time : Quantity
        What flows, and for how long.
    temperature : Quantity
        25 degC by default.
    diffusivity : Quantity or None
        Of the salt; by Nernst and Einstein without it.
    thermodynamic_factor : Quantity
        1 by default.
    charge_transfer : Quantity or None
        Charge-transfer resistance of one electrode; none without it.
    """

    thickness: Quantity = of("thickness")
    conductivity: Quantity = of("conductivity")
    transference: Quantity = of("transference")
    concentration: Quantity = of("concentration")
    current: Quantity = of("current")
    time: Quantity = of("time")
    temperature: Quantity = of("temperature", default=ROOM_TEMPERATURE)
    diffusivity: Quantity | None = of("diffusivity", default=None)
    thermodynamic_factor: Quantity = of("thermodynamic_factor", default=Quantity(1.0, None, "1"))
    charge_transfer: Quantity | None = of("charge_transfer", default=None)

    @property
    def single_ion(self) -> bool:
        """Whether lithium carries all the current, so that no concentration changes."""
        return self.transference.value == 1


@dataclass(frozen=True)
class Discretisation:
    """How the film is cut into cells.

    Parameters
    ----------
    dimension : int
        1, 2 or 3.
    cells : int or None
        Along each axis; 200, 100 or 40 in one, two or three dimensions where None.
    width : float or None
        Of the film sideways, m; its thickness times four thirds where None.
    """

    dimension: int = 1
    cells: int | None = None
    width: float | None = None

    def grid(self, thickness: float) -> TensorGrid:
        """Return the cells, narrower towards the electrodes.

        Parameters
        ----------
        thickness : float
            m.

        Raises
        ------
        InputError
            With the number of cells or dimensions that cannot be.
        """
        if self.dimension not in _CELLS:
            raise InputError(f"A film of {self.dimension} dimensions is asked for; it can have 1, 2 or 3.")
        cells = _CELLS[self.dimension] if self.cells is None else self.cells
        if cells < 4:
            raise InputError(f"{cells} cells are asked for; a profile needs 4 or more.", "", "Take more cells.")
        if self.width is not None and self.dimension == 1:
            raise InputError("A film of one dimension has no width.", "", "Leave the width away, or take 2 dimensions.")
        if self.width is not None and not 1e-9 <= self.width <= 10:
            raise InputError(f"The width is {self.width:g} m, not from 1e-09 to 10 m.", "", "Check its unit.")
        check_cells(float(cells) ** self.dimension, _MOST_CELLS)
        width = 4 / 3 * thickness if self.width is None else self.width
        sides = [even_edges(width, cells)] * (self.dimension - 1)
        return TensorGrid((graded_edges(thickness, cells, _GRADING), *sides))
