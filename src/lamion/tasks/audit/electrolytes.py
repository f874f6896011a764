"""One's own electrolyte beside published ones.

Conductivities are compared at one temperature alone; what was measured at another is shown by another mark. Below ten
cited points that state everything nothing is judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated

from lamion.quantities import Answer, Quantity
from lamion.quantities.constants import ZERO_CELSIUS
from lamion.quantities.figure import Figure
from lamion.substances.published import ELECTROLYTE, PublishedPoint, cited_electrolytes, standing
from lamion.tasks.audit._published import counts, judged, panel, table
from lamion.tasks.declaring import Noun, Option, Result, task

_MARKS = "circles: at {:.3g} °C; squares: “room”; triangles: at another"


@dataclass(frozen=True)
class StatedElectrolyte:
    """A published electrolyte as its work states it."""

    doi: Annotated[str, Option("of the work", example="10.3390/polym13213622")]
    conductivity: Annotated[Quantity, Option("as stated")]
    temperature: Annotated[Quantity, Option("of the conductivity")]
    modulus: Annotated[Quantity | None, Option("as stated", otherwise="not stated")] = None
    thickness: Annotated[Quantity | None, Option("as stated", otherwise="not stated")] = None
    kind: Annotated[str, Option("what it is", example="composite")] = "other"

    def point(self, name: str) -> PublishedPoint:
        """Return it as those that come with lamion are kept."""
        given = {"conductivity": self.conductivity, "modulus": self.modulus, "thickness": self.thickness}
        stated = {what: value.to(ELECTROLYTE[what].unit) for what, value in given.items() if value is not None}
        return PublishedPoint(name, self.kind, self.doi, "the user's table", "C", stated, self.temperature)


@task(
    results={
        "cited": Result("1", "points"),
        "complete": Result("1", "of them that state everything, comparably", headline=True),
        "better.*": Result("1", "how many of those are better, by property"),
    },
    evidence="published values",
    example='--conductivity "5.62e-4 S/cm" --temperature "25 degC" --modulus "1.38 GPa" --thickness "9 um"',
    uncited="every published point stands in the answer with its own DOI",
)
def electrolytes(
    conductivity: Annotated[Quantity, Option("of one's own", subject=True)],
    temperature: Annotated[Quantity, Option("of that conductivity")],
    modulus: Annotated[Quantity, Option("of one's own")],
    thickness: Annotated[Quantity, Option("of one's own", subject=True)],
    name: Annotated[str, Option("of one's own", example="LSE-HFC")] = "this electrolyte",
    points: Annotated[
        Mapping[str, StatedElectrolyte] | None,
        Option("more published electrolytes, by name", noun=Noun.of(StatedElectrolyte), otherwise="lamion's own alone"),
    ] = None,
) -> Answer:
    """Hold an electrolyte against published ones: conductivity, modulus, thickness."""
    cited = [*cited_electrolytes(), *(one.point(label) for label, one in (points or {}).items())]
    own = {"conductivity": conductivity, "modulus": modulus, "thickness": thickness}
    found = standing(own, temperature, cited, ELECTROLYTE)
    said = judged(name, found, cited, list(ELECTROLYTE))
    panels = [panel(cited, own, name, x, "conductivity", ELECTROLYTE, temperature) for x in ("modulus", "thickness")]
    panels[0] = replace(panels[0], title=_MARKS.format(temperature.si - ZERO_CELSIUS))
    figure = Figure(panels, columns=2, size=(9.0, 4.4), share_y=True, legend="below")
    return Answer(
        counts(cited, found),
        table(cited, ELECTROLYTE),
        verdict=said.verdict,
        reason=said.reason,
        method="Points that state every property at a comparable temperature are compared in each of them.",
        assumptions=(
            "A conductivity at room temperature is comparable with one between 15 and 30 degC, one at a stated "
            "temperature within 2 K.",
        ),
        figures={"points": figure.entitled(f"{name} beside published electrolytes")},
    )
