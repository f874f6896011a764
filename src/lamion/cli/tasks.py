"""List what lamion computes; with the name of a task show that one, with a study's folder its own tasks too."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Mapping
from importlib import import_module, util
from pathlib import Path

from lamion.cli.parser import argument
from lamion.quantities import InputError
from lamion.tasks import catalogue

_OWN = "lamion.study.own_tasks"


ARGUMENTS = (
    argument("what", metavar="TASK or DIR", nargs="*", help="a task's words, or the folder of a study"),
    argument("--json", action="store_true", help="print one JSON object: options, results, records"),
    argument("--schema", action="store_true", help="print the JSON Schema of the results.json that a study gives"),
)
EXAMPLES = ("lamion tasks", "lamion tasks analyze kk", "lamion tasks film")


def run(arguments: argparse.Namespace) -> int:
    """List the tasks."""
    said = " ".join(arguments.what)
    if arguments.schema:
        return _schema(said, as_json=arguments.json)
    folder = Path(said) if said and (Path(said).is_dir() or said.endswith(".toml")) else None
    if said and folder is None:
        name = _named(said)
        if arguments.json:
            print(_as_json([name]))
        else:
            print(_help_of(name), end="")
        return 0
    own = {} if folder is None else own_tasks(folder)
    if arguments.json:
        print(_as_json(catalogue.names()))
    else:
        print(_table(own), end="")
    return 0


def _schema(said: str, *, as_json: bool) -> int:
    """Print the schema of results.json, which is one for all tasks."""
    if said or as_json:
        given = f"'{said}'" if said else "--json"
        raise InputError(
            f"--schema and {given} were both given.", "The schema is one for all studies.", "Leave one out."
        )
    from lamion.study.results_schema import text

    print(text(), end="")
    return 0


def own_tasks(folder: Path) -> Mapping[str, str]:
    """Return the words of a study's own tasks with their one line, without running its code."""
    from lamion.study.claims import load_toml, text_of

    file = folder / "study.toml" if folder.is_dir() else folder
    steps = load_toml(text_of(file), file.name).get("study", {}).get("steps")
    if not isinstance(steps, str) or util.find_spec(_OWN) is None:
        return {}
    listed: Callable[[Path], Mapping[str, str]] = import_module(_OWN).listed
    return listed((file.parent / steps).resolve())


def _named(words: str) -> str:
    if words not in catalogue.names():
        from lamion.cli.overview import nearest

        near = nearest(words.split(), catalogue.names())
        guess = f"Did you mean '{near}'?" if near else ""
        raise InputError(f"There is no task '{words}'.", guess, "`lamion tasks` lists them.")
    return words


def _as_json(names: list[str]) -> str:
    from lamion.tasks.declaring.form import form_of

    tasks = {}
    for name in names:
        try:
            tasks[name] = form_of(catalogue.find(name))
        except InputError as error:
            print(f"lamion: {error}", file=sys.stderr)
    return json.dumps({"tasks": tasks}, ensure_ascii=False, allow_nan=False)


def _help_of(name: str) -> str:
    from lamion.cli.adapter import parser_of

    found = catalogue.find(name)
    if found.is_verb:
        return parser_of(found).format_help()
    options = "".join(f"  {p.written:<20}  {p.option.help}\n" for p in found.parameters.values())
    return (
        f"{found.name}: {found.help}\n\n{found.description}\n\nA step of a study and a Python call: it takes a table, "
        f"which the command line cannot say.\n\noptions:\n{options}"
    )


def _table(own: Mapping[str, str]) -> str:
    from lamion.cli.main import VERBS

    rows = [(name, catalogue.help_line(name), _door(name)) for name in catalogue.names()]
    rows += [(name, text, "verb") for name, (_, text) in VERBS.items() if " " in name]
    rows += [(name, text, "own step") for name, text in own.items()]
    rows.sort(key=lambda row: row[2] == "own step")
    width = max(len(row[0]) for row in rows)
    lines = [f"{name:<{width}}  {text}{'' if kind == 'verb' else f' ({kind})'}" for name, text, kind in rows]
    return "\n".join(lines) + (
        "\n\n`lamion tasks analyze kk` shows the options of one; each is a step of a study and a Python call too.\n"
    )


def _door(name: str) -> str:
    """Tell whether the command line can say a task; what cannot be imported here is left open."""
    try:
        return "verb" if catalogue.find(name).is_verb else "step only"
    except InputError as error:
        return re.split(r"[:.]", error.happened)[0][:40]
