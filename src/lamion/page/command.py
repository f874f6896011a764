"""What is filled into a form, as the command line takes it: the options as written, and the whole command."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lamion.quantities import InputError
from lamion.tasks.declaring import Task
from lamion.tasks.declaring.parameter import Parameter

_SWITCHES = ("quick", "seed")


@dataclass(frozen=True)
class Said:
    """One command.

    Parameters
    ----------
    written : Mapping
        Its options by name, as the command line's parser gives them: texts, lists of texts, yes or no.
    command : str
        As it is typed into a shell.
    seed : int
        Of the random numbers.
    quick : bool
        Whether a rougher answer is wanted.
    """

    written: Mapping[str, Any]
    command: str
    seed: int = 0
    quick: bool = False


def said(task: Task, options: Mapping[str, Any]) -> Said:
    """Return the command that a filled form is.

    Parameters
    ----------
    task : Task
        Whose form.
    options : Mapping
        By their names in a study: texts, lists of texts, or true and false; ``quick`` and ``seed`` too.

    Raises
    ------
    InputError
        When the task has no such option, or a value is of another kind.
    """
    known = {one.written: one for one in task.said}
    places: list[str] = []
    words: list[str] = []
    written: dict[str, Any] = {}
    for name, item in options.items():
        if name in _SWITCHES or item in (None, "", []):
            continue
        if name not in known:
            raise InputError(f"`{task.name}` has no option '{name}'.", "", f"It has: {', '.join(known)}.")
        one = known[name]
        value = _value(one, item)
        if value is None:
            continue
        written[one.name] = value
        (places if one.option.positional else words).extend(_words(one, value))
    seed, quick = _seed(task, options.get("seed")), bool(options.get("quick")) and task.quick
    words += ["--quick"] * quick + (["--seed", str(seed)] if seed else [])
    return Said(written, shlex.join(["lamion", *task.name.split(), *places, *words]), seed, quick)


def _value(one: Parameter, item: Any) -> Any:
    """Return a value as the parser would; None for a switch that is left as it is."""
    if one.kind == "flag":
        if not isinstance(item, bool):
            raise InputError(f"{one.title} is a switch.", "", "Give true or false.")
        return None if item is bool(one.default) else item
    items = item if isinstance(item, list) else [item]
    if not all(isinstance(text, str) for text in items) or (len(items) > 1 and not (one.many or one.named)):
        raise InputError(f"{one.title} is a text.", "", "Write it as on the command line.")
    return items if one.many or one.named else items[0]


def _words(one: Parameter, value: Any) -> list[str]:
    if one.kind == "flag":
        return [one.flag]
    items = value if isinstance(value, list) else [value]
    if one.option.positional:
        return items
    return [word for text in items for word in ([f"{one.flag}={text}"] if text.startswith("-") else [one.flag, text])]


def _seed(task: Task, given: Any) -> int:
    if given in (None, "") or not task.random:
        return 0
    try:
        return int(given)
    except (TypeError, ValueError):
        raise InputError(f"The seed '{given}' is not a whole number.", "", "Give one, like 0.") from None
