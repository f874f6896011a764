"""Names to code, without importing any of it before it is used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from lamion.quantities.errors import InputError


@dataclass(frozen=True)
class Registry:
    """A literal table of built-in names, and users' plug-ins behind it.

    Parameters
    ----------
    kind : str
        What is registered, for messages, such as ``"analysis"``.
    group : str
        The entry-point group that plug-ins use, such as ``"lamion.analyses"``; consulted only for names that
        are not built in.
    built_in : Mapping of str to str
        Name to ``"package.module:function"``.

    Examples
    --------
    >>> table = Registry("function", "example.functions", {"sqrt": "math:sqrt"})
    >>> table.load("sqrt")(9.0)
    3.0
    """

    kind: str
    group: str
    built_in: Mapping[str, str]

    def names(self) -> list[str]:
        """Return every name, built-in and plugged in, sorted."""
        return sorted({*self.built_in, *(point.name for point in entry_points(group=self.group))})

    def __contains__(self, name: str) -> bool:
        """Tell whether something has that name; plug-ins are looked for only when nothing built in has it."""
        return name in self.built_in or bool(entry_points(group=self.group, name=name))

    def module(self, name: str) -> str:
        """Return the module that holds what `name` stands for, without importing it.

        Parameters
        ----------
        name : str
            A built-in or plugged-in name.

        Raises
        ------
        InputError
            When nothing has that name.
        """
        if name in self.built_in:
            return self.built_in[name].partition(":")[0]
        for point in entry_points(group=self.group, name=name):
            return point.module
        raise self._unknown(name)

    def load(self, name: str) -> Any:
        """Import and return what `name` stands for.

        Parameters
        ----------
        name : str
            A built-in or plugged-in name.

        Raises
        ------
        InputError
            When nothing has that name.
        """
        if name in self.built_in:
            module, _, attribute = self.built_in[name].partition(":")
            return getattr(import_module(module), attribute)
        for point in entry_points(group=self.group, name=name):
            return point.load()
        raise self._unknown(name)

    def _unknown(self, name: str) -> InputError:
        return InputError(f"There is no {self.kind} called '{name}'.", "", f"Known are: {', '.join(self.names())}.")
