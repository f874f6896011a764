"""The form of a task, from its declaration, and its example filled in."""

from __future__ import annotations

import shlex
from typing import Any

from lamion.cli.adapter import parser_of
from lamion.cli.parser import parse
from lamion.page.workspace import Workspace
from lamion.references import reference
from lamion.synthetic.examples import EXAMPLES
from lamion.synthetic.examples import example as example_file
from lamion.tasks import catalogue
from lamion.tasks.declaring.form import form_of

JSON = dict[str, Any]


def form(name: str) -> JSON:
    """Return what a task's form needs: its declaration and, of each option, how the command line says it.

    Parameters
    ----------
    name : str
        The task's words.
    """
    task = catalogue.find(name)
    declared = form_of(task)
    options = {}
    for one in task.said:
        options[one.written] = declared["options"][one.written] | {
            "flag": one.flag,
            "positional": one.option.positional,
            "named": one.named,
            "kind": one.kind,
        }
    return declared | {
        "name": task.name,
        "description": task.description,
        "options": options,
        "verb": task.is_verb,
        "heavy": task.heavy,
        "quick": task.quick,
        "random": task.random,
        "sources": [str(reference(key)) for key in task.cites],
        "example": task.example,
    }


def example(name: str, workspace: Workspace) -> JSON:
    """Put the files of a task's example on the page, and return the options that it fills in."""
    task = catalogue.find(name)
    given = vars(parse(parser_of(task), shlex.split(task.example), task.renamed))
    options: JSON = {}
    for one in task.said:
        if one.name in given:
            options[one.written] = given[one.name]
    if given.get("quick"):
        options["quick"] = True
    for word in shlex.split(task.example):
        if word in EXAMPLES and word not in workspace.files:
            workspace.drop(word, example_file(word))
    return {"options": options, "files": list(workspace.files)}
