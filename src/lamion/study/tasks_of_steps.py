"""From what names a step's task to the task, in any process."""

from __future__ import annotations

from pathlib import Path

from lamion.quantities import InputError
from lamion.study import own_tasks
from lamion.tasks import catalogue
from lamion.tasks.declaring import Task


def task_called(reference: str) -> Task:
    """Return the task that a step's reference names; whether own code may run was asked before."""
    words, _, where = reference.partition("@")
    if not where:
        return catalogue.find(words)
    code, _, place = where.partition("@")
    own = own_tasks.read(Path(place))
    if own.code != code:
        raise InputError(
            f"The study's own code in {own.place.name} was changed while the study ran.", "", "Run it again."
        )
    return own_tasks.find(words, own)
