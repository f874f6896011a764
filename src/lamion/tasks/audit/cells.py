"""One's own cell beside published ones: energy, power, cycles.

Energies count different masses, which the table says. Below ten cited points that state everything nothing is judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from lamion.quantities import Answer, Quantity
from lamion.quantities.figure import Figure
from lamion.substances.published import CELL, PublishedPoint, cited_cells, standing
from lamion.tasks.audit._published import counts, judged, panel, table
from lamion.tasks.declaring import Noun, Option, Result, task


@dataclass(frozen=True)
class StatedCell:
    """A published cell as its work states it."""

    doi: Annotated[str, Option("of the work", example="10.1088/0256-307X/40/4/048201")]
    energy: Annotated[Quantity | None, Option("as stated", unit="Wh/kg", otherwise="not stated")] = None
    power: Annotated[Quantity | None, Option("as stated", unit="W/kg", otherwise="not stated")] = None
    cycles: Annotated[float | None, Option("as stated", minimum=1.0, otherwise="not stated")] = None
    basis: Annotated[str, Option("the mass that was counted", example="whole pouch cell")] = "not stated"
    kind: Annotated[str, Option("what it is", example="all-solid-state")] = "other"

    def point(self, name: str) -> PublishedPoint:
        """Return it as those that come with lamion are kept."""
        stated = _stated(self.energy, self.power, self.cycles)
        return PublishedPoint(name, self.kind, self.doi, "the user's table", "C", stated, basis=self.basis)


@task(
    results={
        "cited": Result("1", "points"),
        "complete": Result("1", "of them that state everything", headline=True),
        "better.*": Result("1", "how many of those are better, by property"),
    },
    evidence="published values",
    example='--energy "343.8 Wh/kg" --cycles 300',
    uncited="every published point stands in the answer with its own DOI",
)
def cells(
    energy: Annotated[Quantity, Option("of one's own", unit="Wh/kg", example="343.8 Wh/kg")],
    cycles: Annotated[float, Option("of one's own", minimum=1.0, example="300")],
    power: Annotated[Quantity | None, Option("of one's own", unit="W/kg", example="300 W/kg")] = None,
    name: Annotated[str, Option("of one's own", example="LFP|LSE-HFC|Li")] = "this cell",
    points: Annotated[
        Mapping[str, StatedCell] | None,
        Option("more published cells, by name", noun=Noun.of(StatedCell), otherwise="lamion's own alone"),
    ] = None,
) -> Answer:
    """Hold a cell against published ones: energy, power, cycles."""
    cited = [*cited_cells(), *(one.point(label) for label, one in (points or {}).items())]
    own = _stated(energy, power, cycles)
    found = standing(own, None, cited, CELL)
    said = judged(name, found, cited, list(CELL), own)
    figure = Figure([panel(cited, own, name, "cycles", "energy", CELL)], size=(6.4, 4.2), legend="below")
    return Answer(
        counts(cited, found),
        table(cited, CELL),
        verdict=said.verdict,
        reason=said.reason,
        method="Points that state every property are compared in each of them.",
        assumptions=("Energies are compared as stated, whatever mass each counts.",),
        figures={"points": figure.entitled(f"{name} beside published cells")},
    )


def _stated(energy: Quantity | None, power: Quantity | None, cycles: float | None) -> dict[str, Quantity]:
    given = {"energy": energy, "power": power, "cycles": None if cycles is None else Quantity(cycles, None, "1")}
    return {what: value.to(CELL[what].unit) for what, value in given.items() if value is not None}
