"""From what names a step's task to the task, in any process."""

from __future__ import annotations

from pathlib import Path

from lamion.study import own_tasks
from lamion.tasks import catalogue
from lamion.tasks.declaring import Task


def task_called(reference: str) -> Task:
    """Return the task that a step computes.

    Parameters
    ----------
    reference : str
        As :attr:`lamion.study.study_file.Step.reference` gives it; whether own code may run was asked before.
    """
    words, _, place = reference.partition("@")
    return own_tasks.find(words, Path(place)) if place else catalogue.find(words)
