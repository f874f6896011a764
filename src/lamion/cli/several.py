"""Several files of which some cannot be read: the others count, each refused one is named, the exit status is 1."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from lamion.formats.loading import files_within
from lamion.quantities import Answer, InputError
from lamion.tasks.declaring import File, Task
from lamion.tasks.declaring.task import MissingOptionError
from lamion.texts import plain

T = TypeVar("T")

SOME_REFUSED, ALL_REFUSED = 1, 2
"""Exit statuses."""


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
            called = _name(name, refused)
            refused[called] = str(error) if called in error.happened else f"{called}: {error}"
    if not found and first is not None:
        if len(names) == 1:
            raise first
        raise InputError(f"None of the {len(names)} files can be read. {first.happened}", first.cause, first.remedy)
    return found, refused


def _name(name: Any, beside: Iterable[str]) -> str:
    """Return a file's name, with its folder where another has the same."""
    short = name.name if isinstance(name, File) else plain(Path(name).name)
    whole = (name.raw.path or short) if isinstance(name, File) else name
    return plain(str(whole)) if short in beside else short


def tell(refused: Mapping[str, str], every: int, what: str = "") -> int:
    """Name what was refused of `every` on standard error, with the count last; return the exit status."""
    _name_each(refused)
    if refused:
        print(f"lamion: {_count(refused, every, what)}", file=sys.stderr)
    return SOME_REFUSED if refused else 0


def _name_each(refused: Mapping[str, str]) -> None:
    for text in refused.values():
        print(f"lamion: {plain(text)}", file=sys.stderr)


def _count(refused: Mapping[str, str], every: int, what: str = "") -> str:
    return f"{len(refused)} of {every} {what or ('files was refused' if len(refused) == 1 else 'files were refused')}."


def noted(answer: Answer, refused: Mapping[str, str]) -> Answer:
    """Put the files that were refused, with why, among the notes."""
    return replace(answer, notes={**answer.notes, "refused": dict(refused)}) if refused else answer


def answered(
    task: Task, written: Mapping[str, Any], answer: Callable[[Mapping[str, Any]], Answer]
) -> tuple[Answer, dict[str, str], int]:
    """Answer from the files that can be used, so that one bad file does not stop the others.

    A folder stands for the files within it. Returned are the answer, what was refused, and how many files there were.
    Where the files together lead to no answer, those that lead to none alone are left out.
    """
    name = _several(task, written)
    if name is not None and name in written:
        written = {**written, name: _spread(written[name])}
    if name is None or len(written.get(name, ())) < 2:
        return answer(written), {}, 1

    def read(path: Any) -> File:
        file = File.of(path)
        task.tell({name: (file,)}, written.get("columns"))
        file.read()
        return file

    files, refused = each(written[name], read)
    try:
        try:
            found = answer({**written, name: files})
        except MissingOptionError:
            raise
        except InputError:
            files, alone = _usable(files, lambda file: answer({**written, name: [file]}))
            refused |= alone
            found = answer({**written, name: files})
    except InputError as error:
        _name_each(refused)
        if isinstance(error, MissingOptionError) or not refused:
            raise
        counted = _count(refused, len(written[name]))
        raise InputError(error.happened, error.cause, f"{error.remedy} {counted}".strip()) from error
    return found, refused, len(written[name])


def _usable(files: Sequence[File], answer: Callable[[File], Answer]) -> tuple[list[File], dict[str, str]]:
    """Keep the files that lead to an answer alone; all where none does, or where each does and the fault is theirs."""

    def tried(file: File) -> File:
        answer(file)
        return file

    try:
        return each(files, tried)
    except InputError:
        return list(files), {}


def _several(task: Task, written: Mapping[str, Any]) -> str | None:
    """Return the option that was given several files, unless another says something of each file in order."""
    several = [p.name for p in task.parameters.values() if p.kind == "file" and p.many and p.option.positional]
    in_order = any(p.many and p.kind == "quantity" and p.name in written for p in task.parameters.values())
    return None if in_order or not several else several[0]


def _spread(names: Sequence[Any]) -> list[Any]:
    """Put the files within a folder in its place."""
    found: list[Any] = []
    for name in names:
        if isinstance(name, str | Path) and Path(name).is_dir():
            within = files_within(Path(name))
            if not within:
                raise InputError(f"The folder '{name}' holds no files.", "", "Name the folder that the files lie in.")
            found += within
        else:
            found.append(name)
    return found
