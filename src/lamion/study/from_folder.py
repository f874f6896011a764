"""A study to begin with, from a folder of instrument files: a step for each, and blanks for what no file says."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lamion.formats import read
from lamion.formats.loading import files_within
from lamion.formats.overview import short_reason
from lamion.progress import Progress, silent
from lamion.quantities import InputError
from lamion.quantities.errors import MENDABLE, as_input_error
from lamion.study.blanks import BLANK
from lamion.tasks import catalogue
from lamion.tasks.declaring import Task
from lamion.tasks.declaring.parameter import Parameter
from lamion.texts import plain


@dataclass(frozen=True)
class _Used:
    """A file, the sample that it is of, how many records it holds, and the task that they are for."""

    path: Path
    sample: str
    records: int
    task: Task
    option: Parameter

    @property
    def blanks(self) -> dict[str, str]:
        """What no file says of the step, with a word on each: which of several sweeps counts is for people to say."""
        found = {p.written: p.option.help for p in _lacking(self, subject=False)}
        if self.records > 1 and "cycle" in self.task.parameters:
            found["cycle"] = f'{self.records} sweeps: which one, as in 2 or "last"'
        return found


@dataclass(frozen=True)
class Begun:
    """A study to begin with.

    Parameters
    ----------
    text : str
        Of its study.toml.
    used, passed_by : int
        Files that have a step, and others.
    blanks : int
        What is to be filled in.
    """

    text: str
    used: int
    passed_by: int
    blanks: int


def study_from(folder: Path, home: Path, progress: Progress = silent) -> Begun:
    """Look through a folder of instrument files and write a study on them.

    Parameters
    ----------
    folder : Path
        Its folders become samples; files that lie in it directly are of one sample.
    home : Path
        Where study.toml will be; files are named from there.
    progress : Progress
        Told before each file.

    Raises
    ------
    InputError
        When there is no such folder, or nothing in it has a task.
    """
    if not folder.is_dir():
        raise InputError(f"There is no folder '{folder}'.", "", "Name the folder with the instrument files.")
    tasks, used, passed = _usual_tasks(), list[_Used](), dict[str, str]()
    paths = files_within(folder)
    for number, path in enumerate(paths):
        progress(number, len(paths), path.name)
        found = _of_file(path, folder, tasks)
        if isinstance(found, str):
            passed[plain(os.fsencode(path.relative_to(folder)).decode("utf-8", "replace"))] = found
        else:
            used.append(found)
    if not used:
        raise InputError(
            f"None of the {len(paths)} files in {folder} holds a measurement that a study begins with.",
            "",
            f"`lamion scan {folder}` says what each of them is.",
        )
    samples: dict[str, dict[str, Parameter]] = {}
    for one in used:
        samples.setdefault(one.sample, {}).update({p.written: p for p in _lacking(one, subject=True)})
    blanks = sum(map(len, samples.values())) + sum(len(one.blanks) for one in used)
    lines = [*_head(folder), *_samples(samples), *_steps(used, home), *_passed_by(passed)]
    return Begun("\n".join(lines) + "\n", len(used), len(passed), blanks)


def _usual_tasks() -> dict[str, tuple[Task, Parameter]]:
    """Return the task that files of each kind of record begin with, and the option that takes them.

    Of two tasks that take a kind it is that which names it first.
    """
    every = [task for name in catalogue.built_in() if (task := catalogue.find(name)).usual]
    taking = [(task, next(one for one in task.parameters.values() if one.kind == "file")) for task in every]
    found = {option.option.records[0]: (task, option) for task, option in taking}
    for task, option in taking:
        for record in option.option.records[1:]:
            found.setdefault(record, (task, option))
    return found


def _of_file(path: Path, folder: Path, tasks: dict[str, tuple[Task, Parameter]]) -> _Used | str:
    """Return what a file is for, or why it is passed by."""
    try:
        records = read(path).records
    except (InputError, *MENDABLE) as error:
        return short_reason(error if isinstance(error, InputError) else as_input_error(error))
    every = [type(one).__name__ for one in records]
    kinds = list(dict.fromkeys(every))
    found = next((kind for kind in kinds if kind in tasks), None)
    if found is None:
        return f"{' and '.join(kinds)}, which no study begins with"
    within = path.relative_to(folder).parent.as_posix()
    sample = folder.resolve().name if within == "." else within.replace("/", " ")
    return _Used(path, sample or "film", every.count(found), *tasks[found])


def _lacking(one: _Used, *, subject: bool) -> list[Parameter]:
    """Return the required options that no file says, those of the sample or of the step."""
    return [
        p for p in one.task.parameters.values() if p.required and p.kind != "file" and bool(p.option.subject) is subject
    ]


def _head(folder: Path) -> Iterator[str]:
    yield f"# A study of the files in {plain(folder.name)}. Fill in what is written {_text(BLANK)}, then: lamion run"
    yield "# What has no blank is computed at once. Rename and move samples as they are; each step names its file."
    yield "# Files of several cells of one sample may share a step: files = [..., ...]."
    yield ""
    yield "[study]"
    yield f"title = {_text(plain(folder.resolve().name))}"
    yield "seed = 1"
    yield '# claims = "claims.toml"    # printed numbers to hold the results against'


def _samples(samples: Mapping[str, Mapping[str, Parameter]]) -> Iterator[str]:
    for name, blanks in samples.items():
        yield ""
        yield "[[sample]]"
        yield f"name = {_text(name)}"
        for blank, option in sorted(blanks.items()):
            example = option.option.example
            yield f"{blank} = {_text(BLANK)}" + (f"    # as in {_text(example)}" if example else "")


def _steps(used: Sequence[_Used], home: Path) -> Iterator[str]:
    ids: set[str] = set()
    for one in used:
        step = _id(one, ids)
        ids.add(step)
        where = Path(os.path.relpath(one.path.resolve(), home.resolve())).as_posix()
        yield ""
        yield "[[step]]"
        yield f"id = {_text(step)}"
        yield f"task = {_text(one.task.name)}"
        yield f"sample = {_text(one.sample)}"
        yield f"{one.option.written} = {f'[{_text(where)}]' if one.option.many else _text(where)}"
        for blank, said in one.blanks.items():
            yield f"{blank} = {_text(BLANK)}    # {said}"


def _id(one: _Used, taken: set[str]) -> str:
    """Return a step's id: the task's word and the file's name, with a number where that is taken."""
    word = one.task.name.rpartition(" ")[2]
    name = re.sub(r"[^A-Za-z0-9]+", "-", one.path.stem).strip("-")[:50] or "file"
    every = [f"{word}.{name}", *(f"{word}.{name}.{number}" for number in range(2, len(taken) + 3))]
    return next(text for text in every if text not in taken)


def _passed_by(passed: dict[str, str]) -> Iterator[str]:
    if passed:
        yield ""
        yield "# Passed by:"
    for name, why in passed.items():
        yield f"# {name}: {why}"


def _text(text: str) -> str:
    """Return a text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False)
