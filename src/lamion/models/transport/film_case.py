"""A film of electrolyte and what is done to it, within what can be; how it is cut into cells."""

from __future__ import annotations

from dataclasses import dataclass, fields

from lamion.models.transport.medium import check_cells
from lamion.numerics.tensor_grid import TensorGrid, even_edges, graded_edges
from lamion.quantities import InputError, Quantity, units

_RANGES = {
    "thickness": ("m", 1e-9, 1.0),
    "conductivity": ("S/m", 1e-14, 1e4),
    "transference": ("1", -1e3, 1e3),
    "concentration": ("mol/m3", 1e-6, 1e5),
    "current": ("A/m2", 1e-9, 1e7),
    "time": ("s", 1e-12, 1e11),
    "temperature": ("K", 50.0, 2000.0),
    "diffusivity": ("m2/s", 1e-22, 1e-4),
    "thermodynamic_factor": ("1", 1e-3, 1e3),
    "charge_transfer": ("ohm m2", 1e-12, 1e8),
}
"""Units, and what no electrolyte film leaves: a number outside is a slip."""

_CELLS = {1: 200, 2: 100, 3: 40}
_GRADING = 4.0
_MOST_CELLS = 3e6
"""Cells whose fields at thirteen times take 2 GB with what the steps need (measured: 0.7 kB a cell)."""


def check_ranges(given: dict[str, Quantity]) -> None:
    """Refuse quantities of the wrong kind, and numbers that no film has.

    Parameters
    ----------
    given : dict of str to Quantity
        By the names of :class:`FilmCase`.

    Raises
    ------
    InputError
        With the number.

    Examples
    --------
    >>> check_ranges({"thickness": Quantity(9.0, None, "km")})
    Traceback (most recent call last):
    ...
    lamion.quantities.errors.InputError: The thickness is 9 km, not from 1e-09 to 1 m...
    """
    for name, quantity in given.items():
        unit, low, high = _RANGES[name]
        words = name.replace("_", " ")
        if not units.same_dimension(quantity.unit, unit):
            raise InputError(
                f"The {words}, {quantity}, is {units.dimension_name(quantity.unit)}, not {units.dimension_name(unit)}."
            )
        if not low <= quantity.si <= high:
            limits = f"{low:g} to {high:g}" + (f" {unit}" if unit != "1" else "")
            raise InputError(f"The {words} is {quantity}, not from {limits}.", "", "Check its sign and its unit.")


@dataclass(frozen=True)
class FilmCase:
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

    thickness: Quantity
    conductivity: Quantity
    transference: Quantity
    concentration: Quantity
    current: Quantity
    time: Quantity
    temperature: Quantity = Quantity(25.0, None, "degC")  # noqa: RUF009  (frozen)
    diffusivity: Quantity | None = None
    thermodynamic_factor: Quantity = Quantity(1.0, None, "1")  # noqa: RUF009  (frozen)
    charge_transfer: Quantity | None = None

    def __post_init__(self) -> None:
        check_ranges(self.given())

    def given(self) -> dict[str, Quantity]:
        """Return the quantities that are there, by name."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: quantity for name, quantity in found.items() if quantity is not None}

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
