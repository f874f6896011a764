"""Relaxed structures that a study ships."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from lamion.models.atomistic.energies.shipped_structures import ShippedStructures
from lamion.quantities import Answer
from lamion.store import Store
from lamion.tasks.declaring import File, Option

Structures = Annotated[
    File | None, Option("relaxed structures to begin with, each checked by its energy and gradient", spares=True)
]


def beginning_with(structures: File | None, kept: Store | None) -> Store | None:
    """Return where relaxations look for a beginning and keep what they find."""
    if structures is None:
        return kept
    return ShippedStructures(structures.raw.name, structures.raw.content, kept)


def saying_so(answer: Answer, store: Store | None) -> Answer:
    """Add to an answer how its structures were relaxed."""
    if not isinstance(store, ShippedStructures):
        return answer
    return replace(answer, method=f"{answer.method} {store.said}".strip())
