"""Several files of which some cannot be read: the others count, each refused one is named, the exit status is 1."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from lamion.quantities import Answer, InputError
from lamion.tasks.declaring import File, Task

T = TypeVar("T")

SOME_REFUSED = 1


def each(names: Sequence[Any], read: Callable[[Any], T]) -> tuple[list[T], dict[str, str]]:
    """Read files one by one: what could be read, and by name what was wrong with the others.

    Where none could be read the first one's error is raised.
    """
    found: list[T] = []
    refused: dict[str, str] = {}
    first: InputError | None = None
    for name in names:
        try:
            found.append(read(name))
        except InputError as error:
            first = first or error
            refused[Path(name).name] = str(error)
    if not found and first is not None:
        if len(names) == 1:
            raise first
        raise InputError(f"None of the {len(names)} files can be read. {first.happened}", first.cause, first.remedy)
    return found, refused


def tell(refused: Mapping[str, str]) -> None:
    """Name the files that were refused on standard error."""
    for text in refused.values():
        print(f"lamion: {text}", file=sys.stderr)


def noted(answer: Answer, refused: Mapping[str, str]) -> Answer:
    """Put the files that were refused, with why, among the notes."""
    return replace(answer, notes={**answer.notes, "refused": dict(refused)}) if refused else answer


def readable(task: Task, written: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Read a task's files ahead where it takes several, so that one bad file does not stop the others.

    Returned are the options with what could be read, and what was refused. Nothing is read ahead where another option
    says something of each file in order, since one left out would shift the others.
    """
    several = [p for p in task.parameters.values() if p.kind == "file" and p.many and p.option.positional]
    if not several or len(written.get(several[0].name, ())) < 2:
        return dict(written), {}
    name = several[0].name
    in_order = [p.name for p in task.parameters.values() if p.many and p.kind == "quantity" and p.name in written]
    if in_order:
        return dict(written), {}

    def read(path: Any) -> File:
        file = File.of(path)
        file.read(written.get("columns"))
        return file

    files, refused = each(written[name], read)
    return ({**written, name: files}, refused) if refused else (dict(written), {})
