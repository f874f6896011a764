"""A path to a file in memory, or the reason why not."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from lamion.formats.content import RawFile
from lamion.quantities import InputError
from lamion.texts import plain

LARGEST_SIDECAR = 4 * 2**20
"""Bytes of what stands beside a file."""
MOST = 10_000
"""Files of one folder."""
_PARAMETERS = {"fid": "acqus", "1r": "procs"}
"""Of Bruker NMR, by the name of what they are the parameters of."""
LARGEST_IN_MEMORY = 64 * 2**20
"""Bytes of a file that is taken into memory at once; a larger one is opened when it is read."""


def load(path: str | Path, *, largest: int | None = None) -> RawFile:
    """Look at a file: a small one is taken into memory, a large one is read in pieces later.

    What a record can hold is the matter of its kind, so no size is refused here but one that the caller names.

    Parameters
    ----------
    path : str or Path
        The file.
    largest : int, optional
        Bytes that it may have at most.

    Returns
    -------
    RawFile

    Raises
    ------
    InputError
        When there is no such file, it is not an ordinary file, too large, or may not be read.
    """
    path = Path(path)
    try:
        _check(path, largest)
        # A name that is not UTF-8 keeps its readable part, since results are written as UTF-8.
        name = plain(os.fsencode(path.name).decode("utf-8", "replace"))
        beside = _sidecar(path)
        if path.stat().st_size > LARGEST_IN_MEMORY:
            with path.open("rb"):
                return RawFile(name, None, path.absolute(), beside)
        return RawFile(name, path.read_bytes(), path.absolute(), beside)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(
            f"The file '{path}' cannot be read: {reason}.",
            "Its permissions may not allow it, or its drive is not available.",
            "Make the file readable, or copy it to a folder of your own.",
        ) from error


def sidecar_path(path: Path) -> Path | None:
    """Return where a file would stand that says more of this one; None for a file of another name.

    That of a Battery Data Format file, and the parameters beside Bruker's ``fid`` and ``1r``.

    Examples
    --------
    >>> sidecar_path(Path("cell.bdf.csv")).name, sidecar_path(Path("71/fid")).name, sidecar_path(Path("cell.csv"))
    ('cell.bdf.metadata.json', 'acqus', None)
    """
    if path.name in _PARAMETERS:
        return path.with_name(_PARAMETERS[path.name])
    named = path.stem.lower().endswith(".bdf") and path.suffix
    return path.with_name(f"{path.stem}.metadata.json") if named else None


def files_within(folder: Path) -> list[Path]:
    """Return the ordinary files of a folder, and of those within it, in the order of their names.

    Hidden files and folders, links and sidecars are passed by.

    Parameters
    ----------
    folder : Path
        Where they lie.

    Raises
    ------
    InputError
        When there are more than :data:`MOST`.
    """
    found: list[Path] = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        sidecars = {beside.name for name in names if (beside := sidecar_path(Path(name))) is not None}
        for name in sorted(names):
            path = Path(place, name)
            if name.startswith(".") or name in sidecars or not stat.S_ISREG(path.lstat().st_mode):
                continue
            if len(found) == MOST:
                raise InputError(f"{folder} holds more than {MOST} files.", "", "Name one of the folders within it.")
            found.append(path)
    return found


def _sidecar(path: Path) -> RawFile | None:
    beside = sidecar_path(path)
    return load(beside, largest=LARGEST_SIDECAR) if beside is not None and beside.exists() else None


def load_again(path: str | Path, key: str) -> RawFile:
    """Take a file into memory that was read before, elsewhere.

    Parameters
    ----------
    path : str or Path
        The file.
    key : str
        Its :attr:`~lamion.formats.content.RawFile.key` then.

    Raises
    ------
    InputError
        When it cannot be read, or holds something else now.
    """
    raw = load(path)
    if raw.key != key:
        raise InputError(
            f"The file '{path}' was changed while the study ran.",
            "An instrument or another program may still be writing it.",
            "Wait until it is finished, then run the study again.",
        )
    return raw


def _check(path: Path, largest: int | None) -> None:
    if not path.exists():
        raise InputError(
            f"There is no file '{path}'.",
            "The name is misspelled, or the file lies in another folder.",
            "Check the name and the folder.",
        )
    if not path.is_file():
        raise InputError(
            f"'{path}' is {'a folder' if path.is_dir() else 'not an ordinary file'}.",
            "A single measurement file is needed.",
            "Name the file itself.",
        )
    if largest is not None and path.stat().st_size > largest:
        raise InputError(
            f"'{path}' has {path.stat().st_size / 2**20:.0f} MiB; at most {largest / 2**20:.0f} are read.",
            "It may be another kind of file.",
            "Name the right file.",
        )
