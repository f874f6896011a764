"""The tasks that a study brings with it: ``steps.py`` beside study.toml, or a folder with one file per task."""

from __future__ import annotations

import ast
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from threading import Lock
from types import CodeType, ModuleType
from typing import Any

import lamion
from lamion import hashing
from lamion.formats import load
from lamion.quantities import InputError
from lamion.tasks.declaring import Task
from lamion.tasks.declaring.value import did_you_mean

_PACKAGED = Path(lamion.__file__).resolve().parent
_BEGINNING = Lock()
_LARGEST_FILE = 4 * 2**20


@dataclass(frozen=True)
class OwnCode:
    """A study's own code, read once: what a person was asked about is what runs.

    Parameters
    ----------
    place : Path
        The file or the folder.
    files : Mapping of str to bytes
        What stands in each Python file, by its name without ending; nothing else can be imported from there.
    """

    place: Path
    files: Mapping[str, bytes]

    @cached_property
    def code(self) -> str:
        """Hash of it all."""
        return hashing.of_value({f"{name}.py": hashing.of_bytes(content) for name, content in self.files.items()})

    @property
    def is_packaged(self) -> bool:
        """Whether it came with lamion."""
        return self.place.is_relative_to(_PACKAGED)

    @property
    def is_current(self) -> bool:
        """Whether it still stands so on the disk."""
        try:
            return self == read(self.place)
        except InputError:
            return False

    @cached_property
    def tasks(self) -> dict[str, str]:
        """The words of its tasks with their one line, found without running any of it."""
        found = {}
        for name, content in self.files.items():
            if name.startswith("_"):
                continue
            tree = _parsed(name, content)
            if self.place.is_dir():
                found[_words(name)] = _first_line(ast.get_docstring(tree))
                continue
            for item in tree.body:
                if isinstance(item, ast.FunctionDef) and any(_is_task(each) for each in item.decorator_list):
                    found[_words(item.name)] = _first_line(ast.get_docstring(item))
        return found


def place_of(folder: Path, written: Any, file: str) -> Path:
    """Return where a study's own code lies by ``steps`` in its ``[study]``: within the study's folder, or refused."""
    if not isinstance(written, str) or not written:
        raise InputError(f"{file}, [study]: 'steps' is not a text.", "", 'Write steps = "steps.py".')
    place = (folder / written).resolve()
    if not place.is_relative_to(folder.resolve()) or place == folder.resolve():
        raise InputError(
            f"{file}: the study's own steps lie in '{written}', outside its folder.", "", "Put them beside the study."
        )
    if not (place.is_dir() or (place.is_file() and place.suffix == ".py")):
        raise InputError(
            f"{file}: there are no steps in '{written}'.", "", "Name a file steps.py, or a folder of them."
        )
    return place


def read(place: Path) -> OwnCode:
    """Read own code, without running any of it."""
    paths = sorted(place.glob("*.py")) if place.is_dir() else [place]
    return OwnCode(place, {path.stem: load(path, largest=_LARGEST_FILE).content for path in paths})


def listed(place: Path) -> dict[str, str]:
    """Return the words of own tasks with their one line, without running any of their code."""
    return read(place).tasks


def find(words: str, own: OwnCode) -> Task:
    """Import one of a study's own tasks; its code runs, so the caller has asked whether it may."""
    known, is_folder = own.tasks, own.place.is_dir()
    if words not in known:
        raise InputError(
            f"The study has no task '{words}' of its own.", did_you_mean(words, known), f"It has: {', '.join(known)}."
        )
    name = words.removeprefix("own ").replace("-", "_")
    module = _module(own, name if is_folder else own.place.stem)
    tasks = [item for item in vars(module).values() if isinstance(item, Task) and item.module == module.__name__]
    if not is_folder:
        tasks = [item for item in tasks if item.function.__name__ == name]
    if len(tasks) != 1:
        raise InputError(f"{own.place.name} declares {len(tasks)} tasks called '{words}'.", "", "Declare one.")
    found = tasks[0]
    return replace(found, called=words, help=known[words] or found.help)


def _parsed(name: str, content: bytes) -> ast.Module:
    try:
        return ast.parse(content)
    except (ValueError, SyntaxError, RecursionError, MemoryError) as error:
        said = str(error) or "it is nested too deeply"
        raise InputError(f"{name}.py cannot be read: {said}.", "", "Mend it.") from error


def _words(name: str) -> str:
    return f"own {name.replace('_', '-')}"


def _is_task(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return (isinstance(called, ast.Name) and called.id == "task") or (
        isinstance(called, ast.Attribute) and called.attr == "task"
    )


def _first_line(docstring: str | None) -> str:
    return (docstring or "").strip().partition("\n")[0].rstrip(".")


def _packaged_name(place: Path) -> str:
    return ".".join(["lamion", *place.relative_to(_PACKAGED).parts])


def _module(own: OwnCode, name: str) -> ModuleType:
    if own.is_packaged:
        return import_module(f"{_packaged_name(own.place)}.{name}")
    package = f"lamion_own_{hashing.of_value([str(own.place), own.code])[:16]}"
    with _BEGINNING:
        if package not in sys.modules:
            made = ModuleType(package)
            made.__path__ = []
            sys.modules[package] = made
            sys.meta_path.insert(0, _Finder(package, own))
    try:
        return import_module(f"{package}.{name}")
    except InputError:
        raise
    except Exception as error:
        raise InputError(
            f"The study's own code in {own.place.name} cannot be run: {type(error).__name__}: {error}.",
            "",
            f"Mend {name}.py.",
        ) from error


class _Source(SourceFileLoader):
    """Compiles what was read, so that nothing is written beside the study and nothing else is run."""

    def __init__(self, name: str, path: str, content: bytes) -> None:
        super().__init__(name, path)
        self._content = content

    def get_code(self, fullname: str) -> CodeType:
        return self.source_to_code(self._content, self.path)


class _Finder(MetaPathFinder):
    """Finds the files of own code under its package's name."""

    def __init__(self, package: str, own: OwnCode) -> None:
        self._package = package
        self._own = own

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Return where a module lies; None for everything else."""
        package, _, name = fullname.rpartition(".")
        if package != self._package or name not in self._own.files:
            return None
        place = self._own.place
        file = str(place / f"{name}.py" if place.is_dir() else place)
        return spec_from_file_location(fullname, file, loader=_Source(fullname, file, self._own.files[name]))
