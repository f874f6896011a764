"""Installed packages: the versions of what lamion rests on, and users' plug-ins with their code."""

from __future__ import annotations

import importlib.util
import os
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

_NO_PART_OF_A_RESULT = {"test", "docs", "dev", "notebook", "page", "cluster"}
"""Extras whose packages compute nothing."""

_NUMERICAL = ("numpy", "scipy", "casadi", "pybammsolvers")
"""Packages that decide digits of those that stand on them."""


@dataclass(frozen=True)
class PlugIn:
    """An installed package that adds something to lamion.

    Parameters
    ----------
    name, version : str
        Its distribution's.
    files : tuple of Path
        All files of its packages, sorted; none where they cannot be found.
    """

    name: str
    version: str
    files: tuple[Path, ...]


def package_versions() -> dict[str, str]:
    """Return the versions of what lamion computes with, as far as it is installed, by name."""
    found = {}
    for name in runtime_requirements(metadata.requires("lamion") or []):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def runtime_requirements(requirements: Iterable[str]) -> list[str]:
    """Return the names of the packages that can take part in a result, sorted.

    Parameters
    ----------
    requirements : iterable of str
        As a distribution states them.

    Examples
    --------
    >>> runtime_requirements(["numpy>=2.0", 'pybamm>=26; extra == "cells"', 'pytest>=8; extra == "test"'])
    ['numpy', 'pybamm']
    """
    names = set()
    for requirement in requirements:
        text, _, marker = requirement.partition(";")
        extras = set(re.findall(r"""extra\s*==\s*["']([^"']+)["']""", marker))
        if not extras or extras - _NO_PART_OF_A_RESULT:
            names.add(_name(text))
    return sorted(names - {"lamion"})


def versions_of_imports(names: Iterable[str]) -> dict[str, str]:
    """Return the versions of the distributions behind imported packages; empty where one is not installed.

    Parameters
    ----------
    names : iterable of str
        Top-level names as imported; those of Python itself and of lamion are left out.

    Examples
    --------
    >>> sorted(versions_of_imports(["numpy", "os", "no_such_package"]))
    ['no_such_package', 'numpy']
    """
    found: dict[str, str] = {}
    for name in set(names) - set(sys.stdlib_module_names) - {"lamion"}:
        for distribution in _behind(name):
            found[distribution] = _version(distribution)
            found |= {basis: _version(basis) for basis in _numerical_basis(distribution)}
    return dict(sorted(found.items()))


def without_a_version(names: Iterable[str]) -> list[str]:
    """Return those imported packages that were never installed, such as files beside a script.

    Parameters
    ----------
    names : iterable of str
        Top-level names as imported; those of Python itself and of lamion are left out.

    Examples
    --------
    >>> without_a_version(["numpy", "os", "no_such_package"])
    ['no_such_package']
    """
    return sorted(
        name
        for name in set(names) - set(sys.stdlib_module_names) - {"lamion"}
        if not any(_version(distribution) for distribution in _behind(name))
    )


@cache
def _behind(name: str) -> tuple[str, ...]:
    """Return the distributions that hold a top-level package; most are called like it."""
    if _version(name):
        return (name,)
    return tuple(sorted(set(_packages().get(name, [name]))))


@cache
def _packages() -> dict[str, list[str]]:
    return dict(metadata.packages_distributions())


@cache
def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except (metadata.PackageNotFoundError, ValueError):
        return ""


@cache
def _numerical_basis(name: str) -> tuple[str, ...]:
    try:
        required = {_name(text) for text in metadata.requires(name) or [] if "extra" not in text.partition(";")[2]}
    except (metadata.PackageNotFoundError, ValueError):
        return ()
    direct = [basis for basis in _NUMERICAL if basis in required and _version(basis)]
    return (*direct, *(below for basis in direct for below in _numerical_basis(basis)))


def _name(requirement: str) -> str:
    found = re.match(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)", requirement)
    return re.sub(r"[-_.]+", "-", found[1]).lower() if found else ""


def groups() -> frozenset[str]:
    """Return the entry-point groups of lamion that some installed package uses."""
    return frozenset(group for group in metadata.entry_points().groups if group.startswith("lamion."))


def plug_ins(group: str) -> tuple[PlugIn, ...]:
    """Return the packages that add something to a group, by name.

    Parameters
    ----------
    group : str
        Such as ``"lamion.formats"``.
    """
    tops: dict[tuple[str, str], set[str]] = {}
    for point in metadata.entry_points(group=group):
        name, version = (point.dist.name, point.dist.version) if point.dist else (point.module, "")
        beside = (point.dist.read_text("top_level.txt") or "").split() if point.dist else []
        tops.setdefault((name, version), set()).update([point.module.partition(".")[0], *beside])
    return tuple(
        PlugIn(name, version, tuple(sorted({file for top in packages for file in files_of(top)})))
        for (name, version), packages in sorted(tops.items())
    )


def files_of(package: str) -> list[Path]:
    """Return the files of a top-level package, found without importing it.

    Parameters
    ----------
    package : str
        Its name; nothing is returned where there is no such package.
    """
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return []
    if spec is None:
        return []
    if spec.submodule_search_locations is None:
        return [Path(spec.origin)] if spec.origin and Path(spec.origin).is_file() else []
    return [file for place in spec.submodule_search_locations for file in files_below(Path(place))]


def files_below(folder: Path) -> list[Path]:
    """Return all files below a folder but compiled and hidden ones.

    Parameters
    ----------
    folder : Path
        Of code.
    """
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__" and not name.startswith("."))
        found += [Path(place, name) for name in sorted(names) if not name.startswith(".") and name[-4:] != ".pyc"]
    return found
