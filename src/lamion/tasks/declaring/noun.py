"""An option that is a thing of the field: a recipe, a cell to weigh."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from lamion.quantities import InputError
from lamion.substances import Substance


@dataclass(frozen=True)
class Noun:
    """How a thing of the field is written.

    Parameters
    ----------
    build : callable
        From a table, the substances and its name for messages to the thing itself; quantities in the table may be
        texts or quantities.
    substances : callable
        From a table to the names of the substances that it needs.
    flags : type or None
        A dataclass whose fields are the options that spell it on the command line.
    table : callable
        From those that were given, by name, to the table.
    thing : type or None
        What it is, where only that or a table is taken.
    help : str
        One line, for a thing that says several options at once.
    """

    build: Callable[[Mapping[str, Any], Mapping[str, Substance], str], Any]
    substances: Callable[[Mapping[str, Any]], list[str]]
    flags: type | None = None
    table: Callable[[Mapping[str, Any]], dict[str, Any]] = dict
    thing: type | None = None
    help: str = ""

    @classmethod
    def of(cls, group: type, make: Callable[[Any], Any] | None = None) -> Noun:
        """Return the noun that a dataclass of options spells; the keys of its table are its fields.

        Parameters
        ----------
        group : type
            A dataclass whose fields are annotated with options, none of them a substance.
        make : callable, optional
            From an instance of it to the thing itself; by default the instance is the thing.
        """
        return cls(partial(_built, group, make), lambda table: [], flags=group)


def _built(
    group: type,
    make: Callable[[Any], Any] | None,
    table: Mapping[str, Any],
    substances: Mapping[str, Substance],
    title: str,
) -> Any:
    from lamion.tasks.declaring.parameter import fields_of
    from lamion.tasks.declaring.value import did_you_mean, value_of

    options = fields_of(group)
    for key in table:
        if key not in options:
            raise InputError(
                f"{title}: '{key}' is not known.", did_you_mean(key, options), f"Known are: {', '.join(options)}."
            )
    for key, option in options.items():
        if option.required and key not in table:
            raise InputError(f"{title}: '{key}' is missing.", "", "Write it into the table.")
    try:
        found = group(**{key: value_of(item, options[key], substances) for key, item in table.items()})
        return found if make is None else make(found)
    except InputError as error:
        raise InputError(f"{title}: {error.happened}", error.cause, error.remedy) from error
