"""Files and folders that are either the old ones or the new ones, never half of each."""

from __future__ import annotations

import glob
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write(path: Path, content: str | bytes) -> None:
    """Write a file beside its old version and swap it in.

    Parameters
    ----------
    path : Path
        The file; its folder must exist.
    content : str or bytes
        The whole content; text is written as UTF-8.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
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
    fresh = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}.new."))
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
