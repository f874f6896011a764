"""What a screen says beside an answer's own sentences: notes that nobody should miss, and what was left out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lamion.quantities import Answer
from lamion.tasks.declaring import Task

_TOLD = {
    "choice": "{}",
    "label": "The {}",
    "linearity": "{}",
    "basis": "Counted is the {}",
    "structural_case": "The membrane's numbers are for the case '{}'; other cases are among the --details",
    "temperature": "At {}",
    "recommended_bias": "{}",
}
"""Notes that are texts and stand on the screen, with how they are said there."""


def remarks(task: Task, written: Mapping[str, Any], answer: Answer, refused: Mapping[str, str]) -> list[str]:
    """Return sentences for the screen on what a task was given, what came out and which files were refused."""
    said = [_told(name, note) for name in _TOLD if (note := _text(answer.notes.get(name)))]
    if refused:
        said.append(f"Left out, since not readable: {', '.join(refused)}.")
    if _nothing_known(task, written, answer):
        said.append('No uncertainty came out, since none went in; inputs take theirs as in "9 ± 0.3 um".')
    return said


def _text(note: Any) -> str:
    """Return a note as a sentence: a text as it is, a verdict with its reason."""
    if isinstance(note, Mapping):
        return f"{str(note['verdict']).capitalize()}: {note['reason']}" if {"verdict", "reason"} <= set(note) else ""
    kelvin = re.fullmatch(r"([\d.]+) K", note) if isinstance(note, str) else None
    if kelvin:
        return f"{float(kelvin[1]) - 273.15:.4g} degC"
    return note if isinstance(note, str) else ""


def _told(name: str, note: str) -> str:
    text = _TOLD[name].format(note)
    return text if text.endswith(".") else f"{text}."


def _nothing_known(task: Task, written: Mapping[str, Any], answer: Answer) -> bool:
    """Tell whether quantities went in and no result has an uncertainty."""
    every = {**task.spelled, **task.parameters}
    return (
        bool(answer.results)
        and any(every[name].kind == "quantity" for name in written)
        and all(q.std is None and q.interval is None for q in answer.results.values())
    )
