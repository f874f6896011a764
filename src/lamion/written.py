"""What lamion wrote, known from path and SHA-256: its own output it may replace, nobody else's.

The list is kept in the user's state folder; the environment's ``LAMION_STATE`` names another one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from lamion import atomic, hashing
from lamion.quantities.errors import InputError

_REMEMBERED = 5000
"""Files; the oldest are forgotten first, and then take ``--force`` to replace."""


def state_folder() -> Path:
    """Return where lamion keeps what it must remember of this user between two commands."""
    named = os.environ.get("LAMION_STATE")
    if named:
        return Path(named)
    from platformdirs import user_state_path

    return user_state_path("lamion", appauthor=False)


def check(path: Path, *, inputs: Iterable[Path] = (), force: bool = False) -> None:
    """Refuse to replace a file that lamion did not write, or that was changed since.

    Parameters
    ----------
    path : Path
        What would be written.
    inputs : iterable of Path
        Files that the same command reads or writes besides: not even `force` replaces one of these.
    force : bool
        Whether the user said that whatever is there may go.

    Raises
    ------
    InputError
        When it must not be replaced.
    """
    if any(_same(path, other) for other in inputs):
        raise InputError(
            f"{path} is named twice in this command.",
            "What would be written is an input or another output of it.",
            "Name another file.",
        )
    if path.exists() and not path.is_file():
        what = "a folder" if path.is_dir() else "a device or a pipe"
        raise InputError(f"{path} is {what}, which no file replaces.", "", "Name a file.")
    if force or not path.is_file() or _is_own(path):
        return
    raise InputError(
        f"{path} exists already, and lamion did not write it or it was changed since.",
        "",
        "Name another file, or replace it with --force.",
    )


def write(path: Path, content: bytes, *, inputs: Iterable[Path] = (), force: bool = False) -> None:
    """Write a file, and remember that it is lamion's.

    Parameters
    ----------
    path, inputs, force
        As for :func:`check`.
    content : bytes
        The whole content.

    Raises
    ------
    InputError
        When it must not be replaced.
    OSError
        When it cannot be written.
    """
    check(path, inputs=inputs, force=force)
    atomic.write(path, content)
    _remember(path, hashing.of_bytes(content))


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return one.resolve() == other.resolve()


def _is_own(path: Path) -> bool:
    known = _known().get(str(path.resolve()))
    try:
        return known is not None and known == hashing.of_bytes(path.read_bytes())
    except OSError:
        return False


def _file() -> Path:
    return state_folder() / "written.json"


def _known() -> dict[str, str]:
    try:
        entries = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(path): str(key) for path, key in entries.items()} if isinstance(entries, dict) else {}


def _remember(path: Path, key: str) -> None:
    """Put the newest last; where the list cannot be kept, the file is a stranger's next time."""
    name = str(path.resolve())
    entries = {other: known for other, known in _known().items() if other != name}
    entries[name] = key
    kept = dict(list(entries.items())[-_REMEMBERED:])
    try:
        _file().parent.mkdir(parents=True, exist_ok=True)
        atomic.write(_file(), json.dumps(kept, indent=0, ensure_ascii=False) + "\n")
    except OSError:
        return
