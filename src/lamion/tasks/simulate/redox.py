"""What of a framework and its guests lithium would reduce, qualitatively."""

from __future__ import annotations

from typing import Annotated

from lamion.models.atomistic.energies.redox import PARTS, redox_levels
from lamion.quantities import Answer
from lamion.tasks.declaring import Context, Option, Result, task
from lamion.tasks.options.structures import Structures, beginning_with, saying_so


@task(
    results={"reduction.*": Result("V", "potential of a part's reduction against lithium", headline=True)},
    evidence="predicted",
    example="--parts sn",
    cites=("trasatti1986", "asgeirsson2017"),
    extra="atomistic",
    heavy=True,
    keeps=True,
)
def redox(
    context: Context,
    parts: Annotated[tuple[str, ...], Option("hosts and molecules", example="porphyrin,sn")] = tuple(PARTS),
    structures: Structures = None,
) -> Answer:
    """Compare electron affinities."""
    store = beginning_with(structures, context.store)
    return saying_so(redox_levels(parts, store=store, progress=context.progress), store)
