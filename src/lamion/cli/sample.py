"""``--sample NAME``: what a sample or a cell of the study in this folder says of the options not given."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lamion.quantities import InputError
from lamion.tasks.declaring import Task
from lamion.tasks.declaring.value import did_you_mean

STUDY = Path("study.toml")
_REFERENCES = ("step", "claim", "sample", "cell")


def completed(task: Task, written: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return a task's options with those that a sample or cell gives; what is written on the command line wins."""
    properties = _properties(name)
    spelled = {task.spelled[given].group for given in written if given in task.spelled}
    wanted = [
        p.name for p in task.parameters.values() if p.option.subject and p.name not in {*written, *spelled}
    ]  # fmt: skip
    found = {key: properties[key] for key in wanted if key in properties}
    for key, value in found.items():
        if _holds_reference(value):
            raise InputError(
                f"The {key.replace('_', ' ')} of '{name}' is a reference to another part of the study.",
                "Only plain values can be taken from there.",
                f"Give --{key.replace('_', '-')}, or write this as a step of the study.",
            )
    return {**found, **written}


def _properties(name: str) -> Mapping[str, Any]:
    from lamion.study.claims import load_toml, text_of

    if not STUDY.is_file():
        raise InputError(
            f"There is no {STUDY} in this folder to take '{name}' from.", "", "Go to the study's folder first."
        )
    content = load_toml(text_of(STUDY), STUDY.name)
    subjects = {
        item["name"]: item
        for kind in ("sample", "cell")
        for item in content.get(kind, [])
        if isinstance(item, dict) and isinstance(item.get("name"), str)
    }
    if name not in subjects:
        raise InputError(
            f"The study in this folder has no sample '{name}'.",
            did_you_mean(name, subjects),
            f"It has: {', '.join(subjects) or 'none'}.",
        )
    found: Mapping[str, Any] = subjects[name]
    return found


def _holds_reference(value: Any) -> bool:
    if isinstance(value, list):
        return any(map(_holds_reference, value))
    if isinstance(value, dict):
        return any(isinstance(value.get(kind), str) for kind in _REFERENCES) or _holds_reference(list(value.values()))
    return False
