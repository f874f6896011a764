"""Can the energy densities a paper prints come from one way of counting mass?"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

from lamion.models.cells.budget_search import PrintedCell, extra_mass, search_budgets
from lamion.models.cells.energy_density import density, mass_figure
from lamion.models.cells.mass_budget import mass_budget
from lamion.quantities import Answer, Quantity
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.study.lithium_cells import FACTS, cathodes, cells_and_printed

_SOURCE = "search over mass budgets"


def run(inputs: Inputs) -> Answer:
    """Search about a hundred thousand mass budgets.

    Parameters
    ----------
    inputs : Inputs
        ``designs``, cells by name, and ``printed``, their energy densities; ``tolerance``, the relative misfit that
        still counts as a match. The lithium and the collectors of a design show in the figure alone: the search
        goes through its own.

    Returns
    -------
    Answer
        ``budgets``, ``matching``, ``best_misfit``; ``extra_mass.A.B`` of cells with one cathode and two loadings;
        ``capacity_needed.NAME`` with its interval. Holds where a budget matches all.
    """
    tolerance = inputs.quantity("tolerance").value
    cells, printed = cells_and_printed(
        inputs.options["designs"], inputs.options["printed"], inputs.substances("substances")
    )
    rows = []
    for name, cell in cells.items():
        design, material = cell.design(), density(cell.cathode)
        layers = design.electrolyte.thickness, design.second_layer.thickness
        rows.append(
            PrintedCell(name, design.loading, design.capacity, design.voltage, printed[name].si, material, *layers)
        )
    found = search_budgets(rows)
    matching = found.matching(tolerance)
    results = {
        "budgets": Quantity(float(found.count), None, "1", _SOURCE),
        "matching": Quantity(float(matching), None, "1", _SOURCE),
        "best_misfit": Quantity(found.best, None, "1", _SOURCE),
    }
    said = [
        f"Of {found.count} mass budgets (active mass alone or 8:1:1; electrolyte 0.8 to 1.5 g/cm3; lithium 0 to 50 um "
        f"or N/P 1 to 3; dry to filled pores; 0 to 17 mg/cm2 of anything else) {matching} give every printed value "
        f"within {100 * tolerance:g} %; the best misses one by {100 * found.best:.1f} %."
    ]
    for one, two in combinations(rows, 2):
        if cells[one.name].cathode.key == cells[two.name].cathode.key and one.loading != two.loading:
            gain = extra_mass(one, two)
            results[f"extra_mass.{one.name}.{two.name}"] = Quantity(gain, None, "1", "two printed energy densities")
            impossible = ": less than the active material itself" if gain < 1 else ""
            said.append(
                f"From {one.name} to {two.name} the cell would gain {gain:.2f} mg for each mg of active mass"
                f"{impossible}."
            )
    for index, row in enumerate(rows):
        needed = found.capacity_needed(index, tolerance)
        if needed is not None:
            low, high = needed[0] / 3600, needed[1] / 3600
            results[f"capacity_needed.{row.name}"] = Quantity((low + high) / 2, None, "mAh/g", _SOURCE, (low, high))
            said.append(
                f"{row.name} would need {low:.0f} to {high:.0f} mAh/g, not {row.capacity / 3600:.1f}, in budgets that "
                "fit the others."
            )
    budgets = {name: mass_budget(cell.design()) for name, cell in cells.items()}
    return Answer(
        results,
        notes={"verdict": "holds" if matching else "does not hold", "reason": " ".join(said)},
        figures={"mass": mass_figure(budgets, "stack", {name: q.to("Wh/kg").value for name, q in printed.items()})},
    )


def _substances(options: Mapping[str, Any]) -> list[str]:
    return cathodes(options, "designs")


KIND = StepKind(
    run,
    evidence="mass budgets",
    options={"designs": Option("table"), "printed": Option("table"), "tolerance": Option("quantity", "1")},
    substances=_substances,
    facts=FACTS,
)
