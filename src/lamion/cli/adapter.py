"""From a task to its verb: parser, help, call, output. Every verb that computes is made here."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from lamion.cli.output import add_output_arguments, check_outputs, show, write_file
from lamion.cli.pages import example, usage
from lamion.cli.parser import Parser, parse
from lamion.cli.remarks import remarks
from lamion.cli.sample import completed
from lamion.cli.several import answered, noted, tell
from lamion.cli.terminal import progress_bar
from lamion.quantities import InputError
from lamion.tasks.declaring import Context, Task
from lamion.tasks.declaring.parameter import Parameter
from lamion.tasks.declaring.task import MissingOptionError

_CACHE = Path(".lamion") / "relaxed"
_UNLESS = "needed, unless --sample gives it"
_KINDS = {"file": "FILE", "text": "NAME", "substance": "NAME", "integer": "N"}
_METAVARS = {
    "axis": "AXIS",
    "circuit": "CIRCUIT",
    "columns": "KEY=N,...",
    "formula": "FORMULA",
    "leave_out": "N",
    "means": "TEXT",
    "parameter": "PARAMETER",
    "recipe": "A:B:C",
    "share": "PARAMETER",
    "unit": "UNIT",
    "wavelength": "LINE",
}
"""What stands for texts that are no names, by their option."""


def run(task: Task, words: list[str]) -> int:
    """Run a task on what follows its name on the command line, and return the exit status."""
    if not task.is_verb:
        raise InputError(
            f"`{task.name}` takes a table, which the command line cannot say.",
            "",
            f'Write it as a step, task = "{task.name}", or call it from Python.',
        )
    arguments = parse(parser_of(task), words, task.renamed)
    given = vars(arguments)
    check_outputs(arguments, [f"{name}_file" for name in task.files])
    context = _context(task, given)
    written = {name: item for name, item in given.items() if name in task.parameters or name in task.spelled}
    if given.get("sample") is not None:
        written = completed(task, written, given["sample"])
    with progress_bar(shown=task.heavy) as progress:
        try:
            answer, refused, every = answered(
                task, written, lambda given: task.answer(given, replace(context, progress=progress))
            )
        except MissingOptionError as error:
            raise _missing(task, error.parameter) from error
    for name in task.files:
        if given.get(f"{name}_file") is not None:
            write_file(given[f"{name}_file"], _file(answer.files, name), arguments)
    answer = noted(answer, refused)
    show(answer, arguments, meanings=task.meanings, remarks=remarks(task, written, answer, refused))
    return tell(refused, every)


def parser_of(task: Task) -> Parser:
    """Make the parser of a task's verb."""
    options = task.said
    files = [p for p in options if p.option.positional]
    needed = [p for p in options if _is_needed(task, p)]
    parser = Parser(
        prog=f"lamion {task.name}",
        usage=usage(f"lamion {task.name}", _words([*files, *(p for p in needed if p not in files)])),
        description=f"{task.help}.\n\n{task.description}".strip(),
        epilog=f"{_running(task)}\n{example(f'lamion {task.name} {task.example}')}",
        argument_default=argparse.SUPPRESS,
        allow_abbrev=False,
    )
    first = parser.add_group(_UNLESS if any(p.option.subject for p in needed) else "needed", place=1)
    for parameter in options:
        _add(first if parameter in needed and parameter not in files else parser, parameter, greedy=not files)
    for name, text in task.files.items():
        parser.add_argument(f"--{name}", dest=f"{name}_file", metavar="FILE", type=Path, help=text)
    if task.random:
        parser.add_argument("--seed", metavar="N", type=int, help="of the random numbers [0]")
    if task.quick:
        parser.add_argument("--quick", action="store_true", help="rougher, in less time")
    if task.keeps:
        parser.add_argument("--cache", metavar="DIR", type=Path, help=f"relaxed structures [{_CACHE}]")
    if any(parameter.option.subject for parameter in options if parameter.name in task.parameters):
        parser.add_argument("--sample", metavar="NAME", help="take what is missing from study.toml in this folder")
    add_output_arguments(parser, unit="unit" not in task.parameters)
    return parser


def _is_needed(task: Task, parameter: Parameter) -> bool:
    """Tell whether nothing comes of the verb without it; of a thing that is spelled, whether the thing is needed."""
    thing = task.parameters.get(parameter.group) if parameter.name in task.spelled else None
    return parameter.required and (thing is None or thing.required)


def _words(parameters: Sequence[Parameter]) -> list[str]:
    found: list[str] = []
    for parameter in parameters:
        value = _metavar(parameter)
        if not parameter.option.positional:
            found += [parameter.flag, value]
        else:
            found.append(f"{value} [{value} ...]" if parameter.many else value)
    return found


def _running(task: Task) -> str:
    """Introduce the example: where its files come from."""
    on_files = any(word.endswith((".csv", ".npy")) for word in task.example.split())
    return "example, on the files of `lamion new DIR --examples`:" if on_files else "example:"


def _add(parser: argparse._ActionsContainer, parameter: Parameter, *, greedy: bool) -> None:
    """Declare one option; a list takes several words where no file name could be mistaken for one of them."""
    if parameter.kind == "flag":
        on = parameter.default is not True
        parser.add_argument(
            parameter.flag, dest=parameter.name, action="store_true" if on else "store_false", help=_help(parameter)
        )
        return
    words: dict[str, Any] = {"help": _help(parameter), "metavar": _metavar(parameter)}
    if parameter.option.positional:
        parser.add_argument(parameter.name, nargs="+" if parameter.many else None, **_positional(words))
    elif parameter.many or parameter.named:
        words |= {"nargs": "+", "action": "extend"} if greedy else {"action": "append"}
        if parameter.many and not greedy:
            words["metavar"] = f"{words['metavar']},..."
        parser.add_argument(parameter.flag, dest=parameter.name, **words)
    else:
        parser.add_argument(parameter.flag, dest=parameter.name, **words)


def _positional(words: dict[str, Any]) -> dict[str, Any]:
    return {**words, "default": argparse.SUPPRESS}


def _metavar(parameter: Parameter) -> str:
    if parameter.choices:
        return "{" + ",".join(parameter.choices) + "}"
    value = _METAVARS.get(parameter.name) or _KINDS.get(parameter.kind, "X")
    if parameter.kind == "quantity" and parameter.option.units != ("1",):
        value = "VALUE"
    if parameter.named:
        return f"NAME={value}"
    return value


def _help(parameter: Parameter) -> str:
    option = parameter.option
    text = option.help
    if option.positional and parameter.many:
        text += "; a folder stands for the files within it"
    if option.example and not (parameter.choices or parameter.option.positional):
        text += f', as in "{option.example}"'
    default = option.otherwise or _said(parameter.default)
    if parameter.kind != "flag" and default:
        text += f" [{default}]"
    return text.replace("%", "%%")


def _said(default: Any) -> str:
    if default is None or isinstance(default, bool | Mapping):
        return ""
    if isinstance(default, tuple):
        return ",".join(_said(item) for item in default)
    return str(default)


def _context(task: Task, given: Mapping[str, Any]) -> Context:
    store = None
    if task.keeps:
        from lamion.store import Store

        folder = given.get("cache", _CACHE)
        if folder.exists() and not folder.is_dir():
            raise InputError(f"{folder} is a file, not a folder.", "", "Name another folder with --cache.")
        store = Store(folder)
    wanted = [name for name in task.files if given.get(f"{name}_file") is not None]
    return Context(seed=given.get("seed", 0), quick=given.get("quick", False), store=store, wanted=wanted)


def _missing(task: Task, parameter: Parameter) -> InputError:
    flag = parameter
    if parameter.kind == "noun":
        flag = next(f for f in task.spelled.values() if f.group == parameter.name and f.required)
    what = f"a {_metavar(flag)}" if flag.option.positional else flag.flag
    example = f', such as "{flag.option.example}"' if flag.option.example else ""
    return InputError(
        f"`lamion {task.name}` needs {what}.",
        "",
        f"Give it: {flag.option.help}{example}. See `lamion {task.name} --help`.",
    )


def _file(files: Mapping[str, bytes], name: str) -> bytes:
    if name not in files:
        raise InputError(f"There is nothing to write for --{name}.", "", f"Leave --{name} away.")
    return files[name]
