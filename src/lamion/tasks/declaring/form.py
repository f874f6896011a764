"""A task as plain values: what a form, a table of tasks or another program needs to know of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lamion.quantities import Quantity
from lamion.tasks.declaring.option import FLAG_OF
from lamion.tasks.declaring.parameter import Parameter
from lamion.tasks.declaring.task import Task

JSON = dict[str, Any]


def form_of(task: Task) -> JSON:
    """Return a task's declaration as JSON values.

    ``help``, ``options`` by their names in a study (those that spell a thing of the field with ``of``, its name),
    ``results`` by name or pattern, ``records`` (for each option that takes files, the kinds of record it takes) and
    ``extra``.
    """
    options = [*task.parameters.values(), *task.spelled.values()]
    return {
        "help": task.help,
        "options": {option.written: _option(option, task) for option in options},
        "results": {
            name: {"unit": result.unit, "meaning": result.meaning, "headline": result.headline}
            for name, result in task.results.items()
        },
        "records": {option.written: list(option.option.records) for option in options if option.kind == "file"},
        "extra": task.extra,
    }


def _option(parameter: Parameter, task: Task) -> JSON:
    option = parameter.option
    units = list(option.units) if parameter.kind == "quantity" else []
    form: JSON = {
        "type": f"{{name: {parameter.kind}}}" if parameter.named else parameter.kind,
        "unit": None if not units else units[0] if len(units) == 1 else units,
        "required": parameter.required,
        "default": _plain(parameter.default),
        "choices": list(parameter.choices) or None,
        "minimum": option.minimum,
        "maximum": option.maximum,
        "many": parameter.many,
        "example": option.example,
        "help": f"{option.help} [{option.otherwise}]" if option.otherwise else option.help,
    }
    if parameter.name not in task.parameters:
        form["of"] = FLAG_OF.get(parameter.group, parameter.group)
    return form


def _plain(default: Any) -> Any:
    """Return a default as people write it."""
    if default is None or isinstance(default, bool | int | float | str):
        return default
    if isinstance(default, Quantity):
        return str(default)
    if isinstance(default, Mapping):
        return {str(name): _plain(item) for name, item in default.items()}
    if isinstance(default, list | tuple):
        return [_plain(item) for item in default]
    return str(default)
