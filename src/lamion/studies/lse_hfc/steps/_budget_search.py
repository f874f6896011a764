"""Can several printed energy densities come from one way of counting mass? A search over ways to count."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import InputError

Array = NDArray[np.float64]


@dataclass(frozen=True)
class PrintedCell:
    """A cell whose energy density is printed, in SI.

    Parameters
    ----------
    name : str
        What it is called.
    loading : float
        Active material per area, kg/m2.
    capacity : float
        A s/kg.
    voltage : float
        V.
    energy_density : float
        As printed, J/kg.
    cathode_factor : float
        Mass of the dry cathode over its active mass.
    solids : float
        Volume of the cathode's solids over its active mass, m3/kg.
    electrolyte_thickness, second_thickness : float
        m.
    """

    name: str
    loading: float
    capacity: float
    voltage: float
    energy_density: float
    cathode_factor: float
    solids: float
    electrolyte_thickness: float
    second_thickness: float = 0.0

    @property
    def energy(self) -> float:
        """Energy per area, J/m2."""
        return self.loading * self.capacity * self.voltage

    @property
    def mass(self) -> float:
        """The mass per area that the printed energy density implies, kg/m2."""
        return self.energy / self.energy_density


@dataclass(frozen=True)
class BudgetAxes:
    """What a mass budget may count; every combination is one budget.

    Parameters
    ----------
    whole_cathode : tuple of bool
        Whether the dry cathode counts, or its active mass alone.
    electrolyte_density, second_density : tuple of float
        kg/m3.
    lithium_thickness : tuple of float
        Fixed foils, m.
    n_over_p : tuple of float
        Foils in proportion to the cathode's charge.
    catholyte : tuple of float
        Mass of an ion conductor in the pores per volume of solid in the cathode, kg/m3.
    collectors : tuple of float
        Foils and whatever else has the same mass per area in all cells, kg/m2.
    lithium_density, lithium_capacity : float
        kg/m3 and A s/kg.
    """

    whole_cathode: tuple[bool, ...] = (False, True)
    electrolyte_density: tuple[float, ...] = tuple(np.linspace(800.0, 1500.0, 8).tolist())
    second_density: tuple[float, ...] = (1000.0, 1200.0, 1400.0)
    lithium_thickness: tuple[float, ...] = tuple(np.linspace(0.0, 50e-6, 11).tolist())
    n_over_p: tuple[float, ...] = (1.0, 1.5, 2.0, 3.0)
    catholyte: tuple[float, ...] = (0.0, 200.0, 400.0, 650.0, 900.0)
    collectors: tuple[float, ...] = tuple(np.linspace(0.0, 0.17, 27).tolist())
    lithium_density: float = 534.0
    lithium_capacity: float = 1.39e7


@dataclass(frozen=True, eq=False)
class BudgetSearch:
    """What the search found.

    Parameters
    ----------
    cells : tuple of PrintedCell
        That were asked about.
    count : int
        Budgets tried.
    energy_density : array, shape (cells, budgets)
        Of every cell in every budget, J/kg.
    """

    cells: tuple[PrintedCell, ...]
    count: int
    energy_density: Array = field(repr=False)

    @property
    def misfit(self) -> Array:
        """Computed over printed less one, shape (cells, budgets)."""
        printed = np.array([cell.energy_density for cell in self.cells])
        return np.asarray(self.energy_density / printed[:, None] - 1.0)

    def matching(self, tolerance: float) -> int:
        """Count the budgets that give every printed value within a relative tolerance."""
        return int(np.sum(np.all(np.abs(self.misfit) <= tolerance, axis=0)))

    @property
    def best(self) -> float:
        """The smallest, over all budgets, of the largest relative misfit."""
        return float(np.min(np.max(np.abs(self.misfit), axis=0)))

    def capacity_needed(self, index: int, tolerance: float) -> tuple[float, float] | None:
        r"""Return the capacities that would give one cell its printed value in budgets that fit the others.

        Parameters
        ----------
        index : int
            Which cell.
        tolerance : float
            The relative misfit allowed to the other cells.

        Returns
        -------
        (float, float) or None
            The least and the most, A s/kg; None where no budget fits the others.
        """
        rows = [row for row in range(len(self.cells)) if row != index]
        fits = np.all(np.abs(self.misfit[rows]) <= tolerance, axis=0)
        if not fits.any():
            return None
        needed = self.cells[index].capacity / (1.0 + self.misfit[index, fits])
        return float(needed.min()), float(needed.max())


def search_budgets(cells: Sequence[PrintedCell], axes: BudgetAxes | None = None) -> BudgetSearch:
    r"""Compute every cell's energy density under every mass budget.

    .. math:: w_j = \frac{m_j q_j U_j}{f m_j + \rho L_j + \rho_2 L_{2,j} + m_\mathrm{Li} + \beta v_j + c}

    Parameters
    ----------
    cells : sequence of PrintedCell
        Two or more.
    axes : BudgetAxes, optional
        What may count; by default about a hundred thousand budgets, from the bare active mass to filled pores and
        collectors of 17 mg/cm2.

    Returns
    -------
    BudgetSearch

    Raises
    ------
    InputError
        When fewer than two cells are given, or a cell's numbers are not larger than zero.

    Notes
    -----
    A grid shows that budgets exist, not that none exists between its points; :func:`extra_mass` needs no grid. N/P
    takes the charge of each cell's own discharge.

    Examples
    --------
    >>> def lfp(loading, printed):  # 8:1:1
    ...     return PrintedCell("", loading, 160 * 3600.0, 3.4, printed * 3600, 1.25, 4.1e-4, 9e-6)
    >>> found = search_budgets([lfp(0.04, 290.0), lfp(0.07, 350.0)])
    >>> found.matching(0.02) > 0
    True
    """
    if len(cells) < 2:
        raise InputError("One energy density alone always fits some budget.", "", "Give two or more cells.")
    for cell in cells:
        numbers = (cell.loading, cell.capacity, cell.voltage, cell.energy_density, cell.cathode_factor, cell.solids)
        if not all(0 < number < math.inf for number in numbers):
            raise InputError(
                f"The cell '{cell.name}' has a number that is not finite and larger than zero.", "", "Check it."
            )
    grid = _grid(axes or BudgetAxes())
    rows = [cell.energy / _mass(cell, grid, axes or BudgetAxes()) for cell in cells]
    return BudgetSearch(tuple(cells), grid.shape[1], np.array(rows))


def best_with_other_loadings(
    cells: Sequence[PrintedCell], spreads: Sequence[float], axes: BudgetAxes | None = None
) -> float:
    """Return the smallest of the largest relative misfits when each loading may be off, up or down.

    Parameters
    ----------
    cells : sequence of PrintedCell
        As :func:`search_budgets` takes them.
    spreads : sequence of float
        How much the loading of each may be off, kg/m2; 0 where it is exact.
    axes : BudgetAxes, optional
        As :func:`search_budgets` takes them.

    Returns
    -------
    float
        Over every combination of loadings as they are, up and down.

    Raises
    ------
    InputError
        As :func:`search_budgets`, and when a spread reaches the loading.

    Examples
    --------
    >>> cells = [PrintedCell("", m, 160 * 3600.0, 3.4, 300 * 3600, 1.25, 4.1e-4, 9e-6) for m in (0.04, 0.041)]
    >>> best_with_other_loadings(cells, [0.001, 0.001]) <= search_budgets(cells).best
    True
    """
    moves = [(0.0, -spread, spread) if spread else (0.0,) for spread in spreads]
    return min(
        search_budgets(
            [replace(cell, loading=cell.loading + by) for cell, by in zip(cells, corner, strict=True)], axes
        ).best
        for corner in itertools.product(*moves)
    )


def extra_mass(first: PrintedCell, second: PrintedCell) -> float:
    r"""Return how much a cell gains in mass for each mass of active material added, by two printed values.

    .. math:: \frac{M_2 - M_1}{m_2 - m_1}, \qquad M = \frac{m\, q\, U}{w}

    Parameters
    ----------
    first, second : PrintedCell
        With the same cathode, electrolyte and lithium, and different loadings.

    Returns
    -------
    float
        Below 1 the second cell would weigh less than the first with the added active material laid on it.

    Raises
    ------
    InputError
        When the loadings are equal.

    Examples
    --------
    >>> one = PrintedCell("a", 0.04, 157.8 * 3600, 3.39, 288.4 * 3600, 1.25, 4.1e-4, 9e-6)
    >>> two = PrintedCell("b", 0.07, 147.3 * 3600, 3.39, 343.8 * 3600, 1.25, 4.1e-4, 9e-6)
    >>> round(extra_mass(one, two), 2)
    0.92
    """
    if first.loading == second.loading:
        raise InputError("The two cells have the same loading.", "", "Compare cells that differ in it.")
    return (second.mass - first.mass) / (second.loading - first.loading)


def _grid(axes: BudgetAxes) -> Array:
    """Return every combination, shape (6, budgets); a foil is positive when fixed and negative when it is N/P."""
    lithium = (*axes.lithium_thickness, *(-ratio for ratio in axes.n_over_p))
    parts = (
        axes.whole_cathode,
        axes.electrolyte_density,
        axes.second_density,
        lithium,
        axes.catholyte,
        axes.collectors,
    )
    return np.array(list(itertools.product(*parts)), float).T


def _mass(cell: PrintedCell, grid: Array, axes: BudgetAxes) -> Array:
    whole, density, second, lithium, catholyte, collectors = grid
    foil = np.maximum(lithium, 0.0) * axes.lithium_density
    in_proportion = np.maximum(-lithium, 0.0) * cell.loading * cell.capacity / axes.lithium_capacity
    cathode = cell.loading * np.where(whole, cell.cathode_factor, 1.0)
    filling = catholyte * cell.solids * cell.loading
    layers = density * cell.electrolyte_thickness + second * cell.second_thickness
    return np.asarray(cathode + layers + foil + in_proportion + filling + collectors)
