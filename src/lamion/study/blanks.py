"""Blanks of a study: what is written as ``"?"`` is still to be filled in, and the steps that need it wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lamion.quantities import InputError
from lamion.study.study_file import Step, Study

BLANK = "?"


def blanks_of(step: Step) -> list[str]:
    """Return what a step waits for, as in ``"thickness of the sample film"``."""
    found = []
    for name, item in step.written().items():
        if _is_blank(item):
            of_subject = step.subject is not None and name not in step.options
            where = f"of the {step.subject.kind} {step.subject.name}" if of_subject and step.subject else "of the step"
            found.append(f"{name} {where}" if of_subject else f"{name} {where} {step.id}")
    return found


def _is_blank(item: object) -> bool:
    if isinstance(item, Mapping):
        return any(_is_blank(one) for one in item.values())
    if isinstance(item, Sequence) and not isinstance(item, str):
        return any(_is_blank(one) for one in item)
    return item == BLANK


def waiting(study: Study) -> dict[str, InputError]:
    """Return why each step with a blank waits, by its id."""
    found = {}
    for name, step in study.steps.items():
        blanks = blanks_of(step)
        if blanks:
            found[name] = InputError(f"Step '{name}' waits for the {' and the '.join(blanks)}.", "", "Fill it in.")
    return found


def listed(study: Study) -> dict[str, list[str]]:
    """Return every blank with the steps that wait for it, in the order of the study."""
    found: dict[str, list[str]] = {}
    for name, step in study.steps.items():
        for blank in blanks_of(step):
            found.setdefault(blank, []).append(name)
    return found
