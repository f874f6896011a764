"""An option that is a thing of the field: a recipe, a cell to weigh."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

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
    """

    build: Callable[[Mapping[str, Any], Mapping[str, Substance], str], Any]
    substances: Callable[[Mapping[str, Any]], list[str]]
    flags: type | None = None
    table: Callable[[Mapping[str, Any]], dict[str, Any]] = dict
