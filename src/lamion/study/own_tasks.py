"""The tasks that a study brings with it: ``steps.py`` beside study.toml, or a folder with one file per task."""

from __future__ import annotations

import ast
import sys
from dataclasses import replace
from functools import lru_cache
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import lamion
from lamion import hashing
from lamion.quantities import InputError
from lamion.tasks.declaring import Task
from lamion.tasks.declaring.value import did_you_mean

_PACKAGED = Path(lamion.__file__).parent


def place_of(folder: Path, written: Any, file: str) -> Path:
    """Return where a study's own code lies.

    Parameters
    ----------
    folder : Path
        The study's.
    written
        What ``steps`` in its ``[study]`` says.
    file : str
        The study file's name, for messages.

    Raises
    ------
    InputError
        When it names no file or folder within the study's folder.
    """
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


def is_packaged(place: Path) -> bool:
    """Tell whether own code came with lamion."""
    return place.is_relative_to(_PACKAGED)


def listed(place: Path) -> dict[str, str]:
    """Return the words of own tasks with their one line, without running any of their code.

    Parameters
    ----------
    place : Path
        A file or a folder.
    """
    found = {}
    for path in _files(place):
        try:
            tree = ast.parse(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, SyntaxError) as error:
            raise InputError(f"{path.name} cannot be read: {error}.", "", "Mend it.") from error
        if place.is_dir():
            found[_words(path.stem)] = _first_line(ast.get_docstring(tree))
            continue
        for item in tree.body:
            if isinstance(item, ast.FunctionDef) and any(_is_task(each) for each in item.decorator_list):
                found[_words(item.name)] = _first_line(ast.get_docstring(item))
    return found


def find(words: str, place: Path) -> Task:
    """Import one of a study's own tasks; its code runs, so the caller has asked whether it may.

    Parameters
    ----------
    words : str
        Such as ``"own energy-triplet"``.
    place : Path
        A file or a folder.

    Raises
    ------
    InputError
        When there is none of that name, or its code cannot be run.
    """
    known = listed(place)
    if words not in known:
        raise InputError(
            f"The study has no task '{words}' of its own.", did_you_mean(words, known), f"It has: {', '.join(known)}."
        )
    name = words.removeprefix("own ").replace("-", "_")
    module = _module(place, name if place.is_dir() else place.stem, code_of(place))
    tasks = [item for item in vars(module).values() if isinstance(item, Task) and item.module == module.__name__]
    if place.is_file():
        tasks = [item for item in tasks if item.function.__name__ == name]
    if len(tasks) != 1:
        raise InputError(f"{place.name} declares {len(tasks)} tasks called '{words}'.", "", "Declare one.")
    found = tasks[0]
    return replace(found, called=words, help=known[words] or found.help)


def code_of(place: Path) -> str:
    """Return the hash of own code, as it lies on the disk."""
    try:
        return hashing.of_value({path.name: hashing.of_bytes(path.read_bytes()) for path in _sources(place)})
    except OSError as error:
        raise InputError(f"{place} cannot be read: {error.strerror}.", "", "Check its permissions.") from error


def module_of(words: str, place: Path) -> str:
    """Return the module of an own task that came with lamion."""
    return f"{_packaged_name(place)}.{words.removeprefix('own ').replace('-', '_')}"


def _files(place: Path) -> list[Path]:
    return [path for path in _sources(place) if not path.stem.startswith("_")]


def _sources(place: Path) -> list[Path]:
    return sorted(place.glob("*.py")) if place.is_dir() else [place]


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


@lru_cache(maxsize=256)
def _module(place: Path, name: str, code: str) -> ModuleType:
    if is_packaged(place):
        return import_module(f"{_packaged_name(place)}.{name}")
    package = f"lamion_own_{hashing.of_value([str(place), code])[:16]}"
    try:
        if place.is_file():
            return _loaded(f"{package}.{name}", place)
        if package not in sys.modules:
            sys.modules[package] = ModuleType(package)
            sys.modules[package].__path__ = [str(place)]
            sys.meta_path.insert(0, _Finder(package, place))
        return import_module(f"{package}.{name}")
    except InputError:
        raise
    except Exception as error:
        sys.modules.pop(f"{package}.{name}", None)
        raise InputError(
            f"The study's own code in {place.name} cannot be run: {type(error).__name__}: {error}.",
            "",
            f"Mend {name}.py.",
        ) from error


class _Source(SourceFileLoader):
    """Compiles anew each time, so that nothing is written beside the study and nothing stale is run."""

    def get_code(self, fullname: str) -> CodeType:
        return self.source_to_code(self.get_data(self.path), self.path)


class _Finder(MetaPathFinder):
    """Finds the files of one folder of own code under its package's name."""

    def __init__(self, package: str, folder: Path) -> None:
        self._package = package
        self._folder = folder

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Return where a module lies; None for everything else."""
        package, _, name = fullname.rpartition(".")
        file = self._folder / f"{name}.py"
        if package != self._package or not file.is_file():
            return None
        return spec_from_file_location(fullname, file, loader=_Source(fullname, str(file)))


def _loaded(name: str, file: Path) -> ModuleType:
    spec = spec_from_file_location(name, file, loader=_Source(name, str(file)))
    if spec is None or spec.loader is None:
        raise InputError(f"{file.name} is no Python file.")
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module
