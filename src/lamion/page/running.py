"""Run a task on what a form holds: the command line's own way, with what the screen shows beside its JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lamion.cli.remarks import remarks
from lamion.cli.several import answered, noted
from lamion.page.command import Said, said
from lamion.page.figures import drawings
from lamion.page.workspace import Workspace
from lamion.progress import Progress, silent
from lamion.quantities import Answer, InputError
from lamion.quantities.showing import label, lines
from lamion.quantities.showing import shown as text_of
from lamion.tasks import catalogue
from lamion.tasks.declaring import Context, Task
from lamion.tasks.declaring.task import MissingOptionError

JSON = dict[str, Any]
_WIDTH = 96


@dataclass(frozen=True)
class Finished:
    """One command with its answer.

    Parameters
    ----------
    task : Task
        Which.
    options : Mapping
        As they were filled in.
    said : Said
        The command.
    answer : Answer
        What came out.
    remarks : list of str
        What the screen says beside it.
    """

    task: Task
    options: Mapping[str, Any]
    said: Said
    answer: Answer
    remarks: list[str]

    def to_store(self) -> JSON:
        """Return everything, for :func:`finished_of`."""
        return {
            "task": self.task.name,
            "options": dict(self.options),
            "answer": self.answer.to_store(),
            "remarks": self.remarks,
        }

    def to_json(self) -> JSON:
        """Return what the page shows; ``answer`` is the object that ``--json`` prints."""
        return {
            "task": self.task.name,
            "options": dict(self.options),
            "command": self.said.command,
            **shown(self.answer, self.task.meanings, self.remarks),
        }


def finished_of(stored: Mapping[str, Any]) -> Finished:
    """Rebuild what :meth:`Finished.to_store` returned."""
    task = catalogue.find(stored["task"])
    options = dict(stored["options"])
    answer = Answer.from_store(stored["answer"])
    return Finished(task, options, said(task, options), answer, [str(text) for text in stored["remarks"]])


def shown(answer: Answer, meanings: Mapping[str, str], said_beside: list[str]) -> JSON:
    """Return an answer as the page shows it: its JSON, its results as texts, its lines and its figures."""
    told = lines(answer, width=_WIDTH, meanings=meanings, remarks=said_beside)
    return {
        "answer": answer.to_json(),
        "rows": _rows(answer),
        "lines": [{"style": line.style, "text": line.text} for line in told],
        "figures": drawings(answer.figures),
    }


def _rows(answer: Answer) -> list[JSON]:
    """Return every result as the command line's screen writes it."""
    headlines = set(answer.headlines())
    return [
        {
            "name": name,
            "label": label(answer, name),
            "text": text_of(answer, name),
            "determined": name in answer.results and answer.results[name].determined,
            "headline": name in headlines,
        }
        for name in answer.ordered()
    ]


def run(name: str, options: Mapping[str, Any], workspace: Workspace, progress: Progress = silent) -> Finished:
    """Run a task.

    Parameters
    ----------
    name : str
        Its words.
    options : Mapping
        As for :func:`lamion.page.command.said`; files by their names on the page.
    workspace : Workspace
        The files that the page knows.
    progress : Progress
        Told how far it is.

    Raises
    ------
    InputError
        As on the command line.
    """
    task = catalogue.find(name)
    if not task.is_verb:
        raise InputError(f"`{task.name}` takes a table, which a form cannot say.", "", "Write it as a step of a study.")
    command = said(task, options)
    written = _located(task, command.written, workspace)
    context = Context(seed=command.seed, quick=command.quick, progress=progress)
    try:
        answer, refused, _ = answered(task, written, lambda given: task.answer(given, context))
    except MissingOptionError as error:
        raise InputError(f"The {error.parameter.written.replace('_', ' ')} is missing.", "", "Fill it in.") from error
    answer = noted(answer, refused)
    return Finished(task, options, command, answer, remarks(task, command.written, answer, refused))


def _located(task: Task, written: Mapping[str, Any], workspace: Workspace) -> dict[str, Any]:
    """Put in the place of each file's name where it lies."""
    found = dict(written)
    for name, item in written.items():
        one = task.parameters.get(name) or task.spelled[name]
        if one.kind != "file":
            continue
        if one.named:
            found[name] = [_pair(text, workspace) for text in item]
        else:
            found[name] = [workspace.path(text) for text in item] if isinstance(item, list) else workspace.path(item)
    return found


def _pair(text: str, workspace: Workspace) -> str:
    key, equals, name = text.partition("=")
    return f"{key}{equals}{workspace.path(name)}" if equals else text
