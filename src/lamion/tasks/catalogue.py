"""Which tasks there are: the files of this folder are the index, so that naming them imports none."""

from __future__ import annotations

import os
import sys
from functools import lru_cache
from importlib import import_module
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from lamion.tasks.declaring import Task

GROUPS = {
    "analyze": "from raw instrument files to properties with uncertainties",
    "simulate": "from properties to what happens in a film, at an electrode, in a cell",
    "design": "what a measurement needs so that its digits mean something",
    "audit": "whether printed numbers can all be true",
}
"""The first words of tasks of two words, and what they are about."""
PLUG_INS = "lamion.tasks"
_FOLDER = Path(__file__).parent
_NOT_TASKS = ("__init__", "catalogue", "group")


@lru_cache(maxsize=1)
def built_in() -> dict[str, str]:
    """Return the module of every task that comes with lamion, by its words."""
    found = {}
    for group in ("", *GROUPS):
        package = f"lamion.tasks.{group}" if group else "lamion.tasks"
        for path in sorted((_FOLDER / group).glob("*.py")):
            if path.stem not in _NOT_TASKS and not path.stem.startswith("_"):
                found[f"{group} {path.stem}".strip().replace("_", "-")] = f"{package}.{path.stem}"
    return found


def plugged_in() -> dict[str, EntryPoint]:
    """Return users' tasks, by their words; the name of an entry point is ``"analyze.mine"``. Built-in names win."""
    if not _any_plug_in():
        return {}
    from importlib.metadata import entry_points

    points = {point.name.replace(".", " ").replace("_", "-"): point for point in entry_points(group=PLUG_INS)}
    return {name: point for name, point in points.items() if name not in built_in()}


def _any_plug_in() -> bool:
    """Look for a plug-in by text alone: asking for entry points costs more than all the rest of ``lamion --help``."""
    for place in sys.path:
        try:
            with os.scandir(place or ".") as entries:
                folders = [entry.path for entry in entries if entry.name.endswith((".dist-info", ".egg-info"))]
        except NotADirectoryError:
            return True
        except OSError:
            continue
        if any(_declares(os.path.join(folder, "entry_points.txt")) for folder in folders):
            return True
    return False


def _declares(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return PLUG_INS.encode() in file.read()
    except OSError:
        return False


def names() -> list[str]:
    """Return the words of every task, built in and plugged in."""
    return [*built_in(), *sorted(plugged_in())]


def find(name: str) -> Task:
    """Import a task by its words."""
    module = built_in().get(name)
    if module is not None:
        return _task_of(module)
    from lamion.quantities.errors import InputError
    from lamion.registry import load_plug_in

    point = plugged_in().get(name)
    if point is None:
        from lamion.tasks.declaring.value import did_you_mean

        raise InputError(f"There is no task '{name}'.", did_you_mean(name, names()), "`lamion tasks` lists them.")
    from dataclasses import replace

    from lamion.tasks.declaring import Task

    found = load_plug_in(point)
    if not isinstance(found, Task):
        raise InputError(f"The plug-in of '{name}' is no task.", "", "Declare it with lamion.tasks.declaring.task.")
    return replace(found, called=name)


def help_line(name: str) -> str:
    """Return a built-in task's one line, without importing it; a plug-in's package for others."""
    module = built_in().get(name)
    if module is None:
        point = plugged_in()[name]
        return f"from {point.dist.name}" if point.dist else "a plug-in"
    path = _FOLDER.joinpath(*module.split(".")[2:]).with_suffix(".py")
    with path.open(encoding="utf-8") as file:
        return file.readline().strip().lstrip("r").strip('"').rstrip(".")


def _task_of(module: str) -> Task:
    from lamion.tasks.declaring import Task

    loaded = import_module(module)
    found = [item for item in vars(loaded).values() if isinstance(item, Task) and item.module == module]
    if len(found) != 1:
        raise TypeError(f"{module} declares {len(found)} tasks")
    return found[0]
