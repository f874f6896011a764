"""The files that the page knows: those it was opened with, and those dropped on it, each by one name."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from lamion.quantities import InputError

LARGEST = 64 * 2**20
"""Bytes of one file that is dropped."""
_LARGEST_TOGETHER = 2**31
_LONGEST = 255
_MOST = 10_000
_PROGRAMS = {
    b"MZ": "a program",
    b"\x7fELF": "a program",
    b"\xcf\xfa\xed\xfe": "a program",
    b"#!": "a script",
    b"<!DOCTYPE html": "a web page",
    b"<!doctype html": "a web page",
    b"<html": "a web page",
}
"""What no instrument writes, by its first bytes."""


@dataclass
class Workspace:
    """Names and where the files lie; nothing else on this machine can be named.

    Parameters
    ----------
    files : dict of str to Path
        Opened files, by the names that a command would give them.
    """

    files: dict[str, Path] = field(default_factory=dict)
    _folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="lamion-page-")))
    _dropped: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, given: Iterable[Path]) -> Workspace:
        """Open files, and folders with the files within them."""
        found = cls()
        for path in given:
            if not path.exists():
                found.close()
                raise InputError(f"There is no file '{path}'.", "", "Check the name and the folder.")
            for one in _within(path):
                found.files[one.as_posix()] = one
        return found

    def path(self, name: str) -> Path:
        """Return where a file lies; InputError for a name that was not opened or dropped."""
        if name not in self.files:
            raise InputError(f"The page has no file '{name}'.", "It was not opened here.", "Drop it on the page.")
        return self.files[name]

    def drop(self, name: str, content: bytes) -> Path:
        """Take a file that was dropped on the page.

        Parameters
        ----------
        name : str
            Its name, with the folders below what was dropped.
        content : bytes
            What it holds.

        Raises
        ------
        InputError
            When its name leaves the folder, or it is no measurement by its size or its first bytes.
        """
        self._check(name, content)
        place = self._folder.joinpath(*PurePosixPath(name).parts)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        except OSError as error:
            raise InputError(
                f"'{name}' cannot be kept: {error.strerror}.", "", "Rename it, or free disk space."
            ) from error
        self._dropped[name] = len(content)
        self.files[name] = place
        return place

    def _check(self, name: str, content: bytes) -> None:
        parts = PurePosixPath(name).parts
        odd = (
            not name.isprintable() or "\\" in name or ":" in name or name.startswith(("-", "/")) or len(name) > _LONGEST
        )
        if odd or not parts or any(part == ".." or part.startswith(".") for part in parts):
            raise InputError(f"'{name[:60]}' cannot be the name of a file here.", "", "Rename it, and drop it again.")
        if name in self.files and name not in self._dropped:
            raise InputError(f"Another file '{name}' is open.", "", "Rename one of them.")
        if not content:
            raise InputError(f"'{name}' is empty.", "", "Export it again.")
        if len(content) > LARGEST:
            raise too_large(name)
        if len(self._dropped) >= _MOST or sum(self._dropped.values()) + len(content) > _LARGEST_TOGETHER:
            raise InputError("The page holds as many files as it can.", "", "Open the folder: lamion page FOLDER.")
        for mark, what in _PROGRAMS.items():
            if content.startswith(mark):
                raise InputError(f"'{name}' is {what}, not a measurement.", "", "Drop what the instrument wrote.")

    def forget(self, name: str) -> None:
        """Take a file off the page; one that was opened stays on its disk."""
        self.path(name)
        if self._dropped.pop(name, None) is not None:
            self.files[name].unlink(missing_ok=True)
        del self.files[name]

    def close(self) -> None:
        """Delete what was dropped."""
        shutil.rmtree(self._folder, ignore_errors=True)


def _within(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    # What reads files takes its time to load; without a folder the page stands before that.
    from lamion.formats.loading import files_within

    return files_within(path)


def too_large(name: str) -> InputError:
    """Return what to say of a file that is too large to be dropped."""
    return InputError(
        f"'{name}' is larger than the {LARGEST // 2**20} MiB that can be dropped on the page.",
        "",
        "Open it from its folder: lamion page FILE.",
    )
