"""Names to code, without importing any of it before it is used."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from lamion.quantities.errors import InputError


class PlugInWarning(UserWarning):
    """A plug-in cannot be used; everything else works."""


def load_plug_in(point: EntryPoint) -> Any:
    """Import what a plug-in offers.

    Parameters
    ----------
    point : EntryPoint
        One of its entry points.

    Raises
    ------
    InputError
        When it cannot be imported.
    """
    try:
        return point.load()
    except Exception as error:  # a plug-in may be broken in any way
        package = point.dist.name if point.dist else "a package"
        raise InputError(
            f"The plug-in '{point.name}' of {package} cannot be imported: {type(error).__name__}: {error}.",
            "",
            f"Mend or remove {package}.",
        ) from error


def plug_ins(group: str, *, but: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return what plug-ins offer in a group, by name; one that cannot be imported is a warning.

    Parameters
    ----------
    group : str
        The entry-point group.
    but : Mapping, optional
        What is built in: those names win.
    """
    return {name: offered for name, offered in _loaded(group).items() if name not in (but or {})}


@cache
def _loaded(group: str) -> dict[str, Any]:
    found = {}
    for point in sorted(entry_points(group=group), key=lambda point: point.name):
        try:
            found[point.name] = load_plug_in(point)
        except InputError as error:
            warnings.warn(str(error), PlugInWarning, stacklevel=3)
    return found


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
            return load_plug_in(point)
        raise self._unknown(name)

    def _unknown(self, name: str) -> InputError:
        return InputError(f"There is no {self.kind} called '{name}'.", "", f"Known are: {', '.join(self.names())}.")
