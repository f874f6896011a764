"""Which code an answer rests on: every module of lamion that a module can reach, the data beside them, plug-ins.

Coarse is allowed, stale never. Reached is whatever an import names anywhere in a module, within functions too, and
whatever a text such as ``"lamion.formats.gamry:FORMAT"`` names, as the tables of registries do; a text that names a
package, from which a table may compose its names, leads to all of it. Importing a name from a package that only
re-exports leads to the module that the name comes from, not to all of its neighbours. A data file counts for the
modules that name it, and where none of its folder's does, for all of them. Names made of ``__package__`` are not seen.
"""

from __future__ import annotations

import os
import sys
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from lamion import hashing
from lamion.distributions import PlugIn, files_below, files_of, groups, plug_ins, versions_of_imports, without_a_version
from lamion.source_facts import Facts, Import, KeptFacts, cache_file

_FOLDER = Path(__file__).parent
_NEVER_BY_TEXT = tuple(f"lamion.{name}" for name in ("cli", "page", "report", "steps", "studies", "study", "tasks"))
"""What texts do not lead to: the floors above techniques and models change no answer, tasks do not reach each other."""

_BEGAN = time.time_ns()
_THIS_PROCESS = uuid.uuid4().hex
_SHORT = 16


@dataclass(frozen=True)
class ReachedCode:
    """What an answer's code rests on.

    Parameters
    ----------
    sources : Mapping of str to str
        Hash by module, data file or plug-in.
    versions : Mapping of str to str
        Of Python and of the packages that those import.
    """

    sources: Mapping[str, str]
    versions: Mapping[str, str]

    @cached_property
    def key(self) -> str:
        """The hash of it all."""
        return hashing.of_value([dict(self.sources), dict(self.versions)])


@dataclass(frozen=True)
class _File:
    path: str
    time: int
    size: int

    def facts(self) -> Facts:
        return _kept_facts().of(self.path, self.time, self.size)


class Code:
    """Lamion's code as it lies on the disk now.

    Parameters
    ----------
    folder : Path
        The package's folder.
    """

    def __init__(self, folder: Path = _FOLDER) -> None:
        self._folder = folder
        self._files = _files(folder)
        self._modules = dict(_modules(folder, self._files))
        self._data = _data(folder, self._files)
        self._data_names = {os.path.basename(file.path) for files in self._data.values() for file in files}
        self._named_files: dict[str, frozenset[str]] = {}
        self._direct: dict[str, frozenset[str]] = {}
        self._reached: dict[str, ReachedCode] = {}

    def reachable(self, module: str) -> list[Path]:
        """Return the files that a module can reach, sorted.

        Parameters
        ----------
        module : str
            Such as ``"lamion.techniques.impedance.fit"``.
        """
        modules = self._closure([module])
        files = [self._modules[name].path for name in {*modules, *self._parents(modules)}]
        return sorted(map(Path, [*files, *(file.path for file in self._data_of(modules))]))

    def reached(self, module: str) -> ReachedCode:
        """Return what the answers of a module rest on.

        Parameters
        ----------
        module : str
            One of lamion's, or a plug-in's.
        """
        if module not in self._reached:
            if module in self._modules:
                self._reached[module] = self._all_of([module], ())
            else:
                top = module.partition(".")[0]
                own = PlugIn(top, "", tuple(files_of(top)))
                self._reached[module] = self._all_of([], [own])
            _kept_facts().save()
        return self._reached[module]

    def reached_outside(self, path: Path) -> ReachedCode:
        """Return what the answers of a user's own code rest on: itself, and what it reaches in lamion.

        Parameters
        ----------
        path : Path
            A Python file, or a folder of files.
        """
        own = PlugIn(path.name, "", tuple(files_below(path)) if path.is_dir() else (path,))
        found = self._all_of([], [own])
        _kept_facts().save()
        return found

    def changed(self) -> bool:
        """Tell whether a file was changed, added or taken away since this object looked."""
        return _files(self._folder) != self._files

    def _all_of(self, begin: Iterable[str], own: Iterable[PlugIn]) -> ReachedCode:
        """Follow modules into plug-ins and back until nothing new is found."""
        outside = {(item.name, item.version): item for item in own}
        modules: frozenset[str] = frozenset()
        asked: set[str] = set()
        while True:
            facts = {name: _plug_in_facts(item) for name, item in outside.items()}
            named = [name for each in facts.values() for fact in each.values() for name in self._named("", fact)]
            modules = self._closure([*begin, *named])
            texts = {text for name in modules for text in self._modules[name].facts().texts}
            wanted = {group for group in texts & self._groups - asked if not _above(group)}
            tops = {top for each in facts.values() for fact in each.values() for top in _tops(fact)}
            loose = {top for top in without_a_version(tops) if (top, "") not in outside}
            if not (wanted or loose):
                break
            asked |= wanted
            outside |= {(item.name, item.version): item for group in wanted for item in plug_ins(group)}
            outside |= {(top, ""): PlugIn(top, "", tuple(files_of(top))) for top in loose}
        inside = {name: self._modules[name].facts() for name in modules}
        imports = {top for fact in inside.values() for top in _tops(fact)}
        imports |= tops
        versions = {"python": ".".join(map(str, sys.version_info[:2])), **versions_of_imports(imports)}
        return ReachedCode(dict(sorted({**self._inside(modules), **_outside(facts)}.items())), versions)

    def _inside(self, modules: frozenset[str]) -> dict[str, str]:
        digests = {name: self._digest(name) for name in {*modules, *self._parents(modules)}}
        data = {
            Path(file.path).relative_to(self._folder).as_posix(): file.facts().digest for file in self._data_of(modules)
        }
        return {name: digest[:_SHORT] for name, digest in {**digests, **data}.items()}

    def _digest(self, module: str) -> str:
        """Return a module's hash; one of its own where this process may have loaded what the file held before."""
        file = self._modules[module]
        if file.time > _BEGAN and self._folder == _FOLDER and module in sys.modules:
            return hashing.of_value([file.facts().digest, _THIS_PROCESS])
        return file.facts().digest

    def _data_of(self, modules: frozenset[str]) -> list[_File]:
        folders = {os.path.dirname(self._modules[name].path) for name in modules} - {str(self._folder)}
        named = {text.rpartition("/")[2] for name in modules for text in self._modules[name].facts().files}
        found = []
        for folder, files in self._data.items():
            here = self._texts_in(folder)
            for file in files:
                name = os.path.basename(file.path)
                # A text such as "*.toml" names every file with that ending in its folder.
                pattern = os.path.splitext(name)[1]
                patterns = {text for text in here if text.endswith(pattern) and text not in self._data_names}
                by_pattern = folder in folders and bool(patterns & named or not (patterns or name in here))
                if name in named or by_pattern:
                    found.append(file)
        return found

    def _texts_in(self, folder: str) -> frozenset[str]:
        """Return what the modules of a folder name as files."""
        if folder not in self._named_files:
            inside = [file.facts().files for file in self._files if os.path.dirname(file.path) == folder]
            self._named_files[folder] = frozenset(text.rpartition("/")[2] for texts in inside for text in texts)
        return self._named_files[folder]

    def _parents(self, modules: Iterable[str]) -> set[str]:
        """Return the packages that are run on the way to some modules, but those that only re-export."""
        found = {".".join(name.split(".")[:n]) for name in modules for n in range(1, name.count(".") + 1)}
        return {name for name in found if name in self._modules and not self._modules[name].facts().only_imports}

    def _closure(self, begin: Iterable[str]) -> frozenset[str]:
        found: set[str] = set()
        waiting = [name for name in begin if name in self._modules]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                if name not in self._direct:
                    self._direct[name] = frozenset(self._named(name, self._modules[name].facts()))
                waiting += self._direct[name] - found
        return frozenset(found)

    def _named(self, module: str, facts: Facts) -> Iterator[str]:
        """Yield the modules of lamion that a file names."""
        for item in facts.imports:
            yield from self._imported(self._absolute(module, item), item.names)
        # The front door's table leads everywhere; it counts where something is taken through the door.
        for text in facts.texts if module != "lamion" else ():
            yield from self._of_text(text)

    def _absolute(self, module: str, item: Import) -> str:
        if not item.level:
            return item.module
        parts = module.split(".") if module else []
        is_package = module in self._modules and self._modules[module].path.endswith("__init__.py")
        above = parts[: len(parts) - item.level + is_package]
        return ".".join([*above, *([item.module] if item.module else [])]) if above else ""

    def _imported(self, module: str, names: tuple[tuple[str, str], ...]) -> Iterator[str]:
        if module == "lamion" and not names:
            yield from self._through_the_door()
        for name, _ in names:
            yield from self._name_from(module, name)
        if not names and module in self._modules:
            yield module

    def _name_from(self, module: str, name: str) -> Iterator[str]:
        """Yield the module that ``from module import name`` leads to."""
        if f"{module}.{name}" in self._modules:
            yield f"{module}.{name}"
        elif module == "lamion":
            if not name.startswith("__"):
                yield from self._through_the_door()
        elif module in self._modules:
            facts = self._modules[module].facts()
            sources = [(item, own) for item in facts.imports for own, here in item.names if here == name]
            if facts.only_imports and sources:
                for item, own in sources:
                    yield from self._name_from(self._absolute(module, item), own)
            else:
                yield module

    def _through_the_door(self) -> Iterator[str]:
        return (name for name in self._modules if not _above(name))

    def _of_text(self, text: str) -> Iterator[str]:
        name, _, attribute = text.partition(":")
        if _above(name):
            return
        while name and name not in self._modules:
            name = name.rpartition(".")[0]
        if name and name != "lamion":
            yield name
            if attribute:
                yield from self._name_from(name, attribute)
            else:
                yield from (module for module in self._modules if module.startswith(f"{name}."))

    @cached_property
    def _groups(self) -> frozenset[str]:
        return groups()


def reachable(module: str) -> list[Path]:
    """Return the files of lamion that a module can reach, as they lie on the disk now.

    Parameters
    ----------
    module : str
        Such as ``"lamion.techniques.impedance.fit"``.

    Examples
    --------
    >>> sorted(path.name for path in reachable("lamion.hashing"))
    ['__init__.py', 'hashing.py']
    """
    return Code().reachable(module)


@cache
def _kept_facts() -> KeptFacts:
    return KeptFacts(cache_file())


def _above(name: str) -> bool:
    return any(name == floor or name.startswith((f"{floor}.", f"{floor}:")) for floor in _NEVER_BY_TEXT)


def _tops(facts: Facts) -> Iterator[str]:
    return (item.module.partition(".")[0] for item in facts.imports if not item.level)


def _files(folder: Path) -> tuple[_File, ...]:
    found = []
    for path in files_below(folder):
        status = path.stat()
        found.append(_File(str(path), status.st_mtime_ns, status.st_size))
    return tuple(found)


def _modules(folder: Path, files: Iterable[_File]) -> Iterator[tuple[str, _File]]:
    for file in files:
        if file.path.endswith(".py"):
            parts = Path(file.path).relative_to(folder).with_suffix("").parts
            yield ".".join(["lamion", *(parts[:-1] if parts[-1] == "__init__" else parts)]), file


def _data(folder: Path, files: Iterable[_File]) -> dict[str, list[_File]]:
    """Give each file that is not Python to the nearest folder above it that has Python in or below it."""
    files = list(files)
    with_python = {str(folder)}
    for file in files:
        if file.path.endswith(".py"):
            with_python.update(str(parent) for parent in Path(file.path).relative_to(folder).parents)
    found: dict[str, list[_File]] = {}
    for file in files:
        if not file.path.endswith(".py"):
            parents = Path(file.path).relative_to(folder).parents
            owner = next(parent for parent in parents if str(parent) in with_python)
            found.setdefault(str(folder / owner), []).append(file)
    return found


def _plug_in_facts(item: PlugIn) -> dict[str, Facts]:
    found = {}
    for path in item.files:
        try:
            status = path.stat()
            found[str(path)] = _kept_facts().of(str(path), status.st_mtime_ns, status.st_size)
        except OSError:
            continue
    return found


def _outside(facts: Mapping[tuple[str, str], Mapping[str, Facts]]) -> dict[str, str]:
    """Return the hash of each plug-in; where it is installed does not count."""
    found = {}
    for (name, version), files in facts.items():
        base = os.path.commonpath([os.path.dirname(path) for path in files]) if files else ""
        listed = sorted([Path(path).relative_to(base).as_posix(), each.digest] for path, each in files.items())
        found[f"{name} {version}".strip()] = hashing.of_value(listed)[:_SHORT]
    return found
