"""Can the energy densities a paper prints come from one way of counting mass.

About a hundred thousand mass budgets are searched. The lithium and the collectors of a design show in the figure alone:
the search goes through its own. Holds where a budget matches all energy densities at the loadings as given.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Annotated

from lamion.models.cells.composite_cathode import composite_cathode
from lamion.models.cells.energy_density import WeighedCell, density, mass_figure
from lamion.models.cells.mass_budget import mass_budget
from lamion.quantities import Answer, Quantity, propagate
from lamion.tasks.declaring import Option, Result, task
from lamion.tasks.options.design import DESIGN

from ._budget_search import BudgetAxes, PrintedCell, best_with_other_loadings, extra_mass, search_budgets
from ._shared import check_names

_SOURCE = "search over mass budgets"
_MOST_MOVED = 4
"""Cells whose loadings are moved in every combination."""


@task(
    results={
        "budgets": Result("1", "that were searched"),
        "matching": Result("1", "that give every energy density", headline=True),
        "best_misfit": Result("1", "of the best budget, relative", headline=True),
        "best_misfit.loadings": Result("1", "the same with the loadings moved by their uncertainty"),
        "extra_mass.*": Result("1", "gained per active mass between two cells of one cathode"),
        "capacity_needed.*": Result("mAh/g", "of one cell, lowest and highest, in budgets that fit the others"),
    },
    evidence="mass budgets",
    cites=("schmuch2018",),
    example="",
)
def energy_triplet(
    designs: Annotated[Mapping[str, WeighedCell], Option("the cells, by name", noun=DESIGN)],
    printed: Annotated[Mapping[str, Quantity], Option("their energy densities", unit="Wh/kg")],
    tolerance: Annotated[Quantity, Option("the relative misfit that still counts as a match", example="2 %")],
) -> Answer:
    """Search the mass budgets."""
    check_names(designs, printed)
    cells, misfit = designs, tolerance.value
    rows = [_row(name, cell, printed[name]) for name, cell in cells.items()]
    metal = next(iter(cells.values())).lithium
    axes = BudgetAxes(lithium_density=density(metal), lithium_capacity=metal.theoretical_capacity.si)
    found = search_budgets(rows, axes)
    matching = found.matching(misfit)
    results = {
        "budgets": Quantity(float(found.count), None, "1", _SOURCE),
        "matching": Quantity(float(matching), None, "1", _SOURCE),
        "best_misfit": Quantity(found.best, None, "1", _SOURCE),
    }
    said = [
        f"Of {found.count} mass budgets ({_ways(axes)}) {matching} give every printed value within "
        f"{100 * misfit:g} %; the best misses one by {100 * found.best:.1f} %."
    ]
    spreads = [cell.loading.si_std if cell.loading.std else 0.0 for cell in cells.values()]
    if any(spreads) and len(spreads) <= _MOST_MOVED:
        loose = best_with_other_loadings(rows, spreads, axes)
        results["best_misfit.loadings"] = Quantity(loose, None, "1", _SOURCE)
        said.append(f"With the loadings moved by their uncertainty it would be {100 * loose:.1f} %.")
    for one, two in combinations(cells, 2):
        if cells[one].cathode.key == cells[two].cathode.key and cells[one].loading.si != cells[two].loading.si:
            gain = _gain((cells[one], printed[one]), (cells[two], printed[two]))
            results[f"extra_mass.{one}.{two}"] = gain
            said.append(f"From {one} to {two} the cell would gain {gain} mg for each mg of active mass{_less(gain)}.")
    for index, row in enumerate(rows):
        needed = found.capacity_needed(index, misfit)
        if needed is not None:
            low, high = needed[0] / 3600, needed[1] / 3600
            results[f"capacity_needed.{row.name}.lowest"] = Quantity(low, None, "mAh/g", _SOURCE)
            results[f"capacity_needed.{row.name}.highest"] = Quantity(high, None, "mAh/g", _SOURCE)
            said.append(
                f"{row.name} would need {low:.0f} to {high:.0f} mAh/g, not {row.capacity / 3600:.1f}, in budgets that "
                "fit the others."
            )
    budgets = {name: mass_budget(cell.design()) for name, cell in cells.items()}
    return Answer(
        results,
        verdict="holds" if matching else "does not hold",
        reason=" ".join(said),
        figures={"mass": mass_figure(budgets, "stack", {name: q.to("Wh/kg").value for name, q in printed.items()})},
    )


def _row(name: str, cell: WeighedCell, printed: Quantity) -> PrintedCell:
    design = cell.design()
    cathode = composite_cathode(design.loading, design.recipe)
    return PrintedCell(
        name,
        design.loading,
        design.capacity,
        design.voltage,
        printed.si,
        (cathode.active + cathode.carbon + cathode.binder) / design.loading,
        (cathode.thickness - cathode.pores) / design.loading,
        design.electrolyte.thickness,
        design.second_layer.thickness,
    )


def _gain(one: tuple[WeighedCell, Quantity], two: tuple[WeighedCell, Quantity]) -> Quantity:
    """Return the extra mass between two cells with the uncertainty of what is printed and assumed of them."""

    def printed_cell(loading: float, capacity: float, voltage: float, energy: float) -> PrintedCell:
        return PrintedCell("", loading, capacity, voltage, energy, 1.0, 1.0, 0.0)

    def extra(*values: float) -> float:
        return extra_mass(printed_cell(*values[:4]), printed_cell(*values[4:]))

    given = [item for cell, printed in (one, two) for item in (cell.loading, cell.capacity, cell.voltage, printed)]
    return propagate(extra, *given, unit="1", source="two printed energy densities")


def _less(gain: Quantity) -> str:
    if gain.value >= 1:
        return ""
    sure = gain.value + 2 * (gain.std or 0.0) < 1
    return ": less than the active material itself" + ("" if sure else ", if not by two standard uncertainties")


def _ways(axes: BudgetAxes) -> str:
    """Say what the search goes through."""
    light, dense = (end / 1000 for end in (min(axes.electrolyte_density), max(axes.electrolyte_density)))
    return (
        f"active mass alone or the dry cathode; electrolyte {light:g} to {dense:g} g/cm3; lithium "
        f"{1e6 * min(axes.lithium_thickness):g} to {1e6 * max(axes.lithium_thickness):g} um or N/P "
        f"{min(axes.n_over_p):g} to {max(axes.n_over_p):g}; dry to filled pores; "
        f"{100 * min(axes.collectors):g} to {100 * max(axes.collectors):g} mg/cm2 of anything else"
    )
