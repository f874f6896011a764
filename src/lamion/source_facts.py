"""What a Python file says of itself: the hash of what it does, and what it imports or names.

Docstrings, comments and layout do not count: they change no answer. Parsing all of lamion takes a second or two, so
what was found is kept in the user's cache folder under the hash of each file's bytes, where it cannot go stale.
"""

from __future__ import annotations

import ast
import json
import os
import re
import sys
from contextlib import suppress
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from lamion import atomic, hashing

_MOST_KEPT = 5000
_FILE_NAME = re.compile(r"[^\s:]{0,80}\.[A-Za-z0-9]{1,8}")
_LAMION = re.compile(r"lamion(\.[A-Za-z_]\w*)+(\.|:[A-Za-z_][\w.]*)?")


@dataclass(frozen=True)
class Import:
    """One import statement: of a module, or of names from a module.

    Parameters
    ----------
    level : int
        The number of leading dots.
    module : str
        As written, without the dots.
    names : tuple of (str, str)
        Each name and what it is called here; empty for ``import module``.
    """

    level: int
    module: str
    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Facts:
    """What one Python file does and names.

    Parameters
    ----------
    digest : str
        Hash of its syntax tree without docstrings.
    imports : tuple of Import
        Wherever they stand, within functions too.
    texts : tuple of str
        Texts that look like names of lamion's modules and packages, such as those of a registry; not those of
        ``files("lamion.substances")``, which opens data.
    files : tuple of str
        Texts that look like names of files or their endings.
    only_imports : bool
        Whether it does nothing but import and state ``__all__``.
    """

    digest: str
    imports: tuple[Import, ...] = ()
    texts: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    only_imports: bool = False


def facts_of(content: bytes) -> Facts:
    """Return the facts of a Python file.

    Parameters
    ----------
    content : bytes
        The file; where it is no Python, its bytes count and it imports nothing.

    Examples
    --------
    >>> facts_of(b'"Doc."; import a').digest == facts_of(b"import a  # comment").digest
    True
    >>> facts_of(b"TABLE = {'x': 'lamion.formats.gamry:FORMAT'}").texts
    ('lamion.formats.gamry:FORMAT',)
    """
    try:
        tree = ast.parse(content)
    except (SyntaxError, ValueError, RecursionError):
        return Facts(hashing.of_bytes(content))
    imports: list[Import] = []
    texts: set[str] = set()
    opened: set[int] = set()
    # A call is walked before its arguments.
    for node in ast.walk(_without_docstrings(tree)):
        if isinstance(node, ast.Import):
            imports += [Import(0, alias.name, ()) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = tuple((alias.name, alias.asname or alias.name) for alias in node.names)
            imports.append(Import(node.level, node.module or "", names))
        elif isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "files":
            opened.update(map(id, node.args))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in opened:
            texts.add(node.value)
    return Facts(
        hashing.of_bytes(ast.dump(tree).encode("utf-8", "surrogatepass")),
        tuple(imports),
        tuple(sorted(text for text in texts if _LAMION.fullmatch(text))),
        tuple(sorted(text for text in texts if _FILE_NAME.fullmatch(text))),
        all(_is_import(item) for item in tree.body),
    )


def _without_docstrings(tree: ast.Module) -> ast.Module:
    """Take out every text that stands as a statement of its own: it does nothing when run."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            body[:] = [item for item in body if not _is_text(item)]
    return tree


def _is_text(item: ast.AST) -> bool:
    return isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant) and isinstance(item.value.value, str)


def _is_import(item: ast.stmt) -> bool:
    if isinstance(item, ast.Assign):
        return all(isinstance(target, ast.Name) and target.id == "__all__" for target in item.targets)
    return isinstance(item, ast.Import | ast.ImportFrom)


class KeptFacts:
    """Facts by file: remembered by path, time and size within a process, by content across processes.

    Parameters
    ----------
    file : Path or None
        Where they are kept; nowhere without.
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._by_path: dict[tuple[str, int, int], Facts] = {}
        self._kept: dict[str, Any] | None = None
        self._seen: dict[str, Any] = {}
        self._fresh = False

    def of(self, path: str, time: int, size: int) -> Facts:
        """Return the facts of a file.

        Parameters
        ----------
        path : str
            The file; one that is not Python only has a digest.
        time, size : int
            When it was last changed, in ns, and its bytes.
        """
        identity = (path, time, size)
        if identity not in self._by_path:
            content = Path(path).read_bytes()
            self._by_path[identity] = (
                self._of_content(content) if path.endswith(".py") else Facts(hashing.of_bytes(content))
            )
        return self._by_path[identity]

    def _of_content(self, content: bytes) -> Facts:
        if self._kept is None:
            self._kept = _read(self._file)
        key = hashing.of_bytes(content)
        try:
            digest, imports, texts, files, only_imports = self._kept[key]
            found = Facts(
                digest,
                tuple(Import(level, module, tuple((a, b) for a, b in names)) for level, module, names in imports),
                tuple(texts),
                tuple(files),
                only_imports,
            )
        except (KeyError, TypeError, ValueError):
            found = facts_of(content)
            self._fresh = True
        self._seen[key] = astuple(found)
        return found

    def save(self) -> None:
        """Keep what was found; a folder that cannot be written costs time alone."""
        if not self._fresh or self._file is None:
            return
        everything = {**(self._kept or {}), **self._seen}
        self._kept = everything if len(everything) <= _MOST_KEPT else self._seen
        self._fresh = False
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            atomic.write(self._file, json.dumps(self._kept))


def _read(file: Path | None) -> dict[str, Any]:
    if file is not None:
        with suppress(OSError, ValueError):
            content = json.loads(file.read_text(encoding="utf-8"))
            if isinstance(content, dict):
                return content
    return {}


def cache_file() -> Path | None:
    """Return where facts are kept on this machine; None for a user without a home."""
    base = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_CACHE_HOME")
    try:
        folder = Path(base) if base else Path.home() / ".cache"
    except RuntimeError:
        return None
    # The syntax tree's text differs between versions of Python, and what is found with this file's own code.
    finder = hashing.of_bytes(Path(__file__).read_bytes())[:8]
    return folder / "lamion" / f"source-{finder}-python{sys.version_info.major}.{sys.version_info.minor}.json"
