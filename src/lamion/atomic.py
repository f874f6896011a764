"""Files and folders that are either the old ones or the new ones, never half of each."""

from __future__ import annotations

import glob
import os
import platform
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LONGEST = 40
"""Letters of a file's name that the name of its unfinished version repeats."""


def write(path: Path, content: str | bytes) -> None:
    """Write a file beside its old version and swap it in.

    Parameters
    ----------
    path : Path
        The file; its folder must exist.
    content : str or bytes
        The whole content; text is written as UTF-8.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:_LONGEST]}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def folder(path: Path) -> Iterator[Path]:
    """Fill a new folder and swap it in for `path` when the block ends without an error.

    Parameters
    ----------
    path : Path
        The folder to make or to replace; its parent is made if needed.

    Yields
    ------
    Path
        The empty folder to fill. An error or an interruption leaves `path` as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    restore(path)
    _remove_left_over(path)
    fresh = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}.new.{_own_mark()}."))
    try:
        yield fresh
        fresh.chmod(0o777 & ~_umask())
        _swap(fresh, path)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def restore(path: Path) -> None:
    """Bring back a folder that a killed swap left aside.

    Parameters
    ----------
    path : Path
        The folder; nothing is done where it exists.
    """
    if path.exists():
        return
    for aside in sorted(path.parent.glob(f".{glob.escape(path.name)}.old.*")):
        if (aside / path.name).is_dir():
            (aside / path.name).rename(path)
            aside.rmdir()
            return


def _own_mark() -> str:
    """Return what names this process among those that may fill folders beside each other, on any machine."""
    return f"{platform.node().replace('.', '-')}.{os.getpid()}"


def _remove_left_over(path: Path) -> None:
    """Remove what processes of this machine that are no more began to fill."""
    machine = _own_mark().rpartition(".")[0]
    for left in path.parent.glob(f".{glob.escape(path.name)}.new.{glob.escape(machine)}.*.*"):
        if not _is_alive(left.name.split(".")[-2]):
            shutil.rmtree(left, ignore_errors=True)


def _is_alive(process: str) -> bool:
    """Tell whether a process may still run: where the system cannot be asked without harm, it may."""
    if os.name == "nt" or not process.isdecimal():
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _swap(fresh: Path, path: Path) -> None:
    if not path.exists():
        fresh.rename(path)
        return
    aside = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}.old."))
    path.rename(aside / path.name)
    try:
        fresh.rename(path)
    except BaseException:
        (aside / path.name).rename(path)
        aside.rmdir()
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
