"""Where finished answers are kept: a folder with one JSON file per key, or a file of answers shipped with a study."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from lamion import atomic, hashing
from lamion.quantities import Answer, InputError


class Place(Protocol):
    """Where a store keeps its entries."""

    def read(self, key: str) -> Answer | None:
        """Return the answer under a key, or None."""

    def write(self, key: str, entry: Mapping[str, Any]) -> None:
        """Keep an entry under a key."""


class Store:
    """Finished answers by the hash of what they were made from.

    Parameters
    ----------
    place : Path or Place
        A folder, made when the first answer is kept (deleting it costs nothing but time), or :class:`Shipped`.
    """

    def __init__(self, place: Path | Place) -> None:
        self._place = InFolder(place) if isinstance(place, Path) else place

    @property
    def folder(self) -> Path:
        """The folder; only a store in a folder has one."""
        if not isinstance(self._place, InFolder):
            raise InputError("These answers lie in a file, not in a folder.")
        return self._place.folder

    def get(self, key: str) -> Answer | None:
        """Return a kept answer; None when there is none.

        Parameters
        ----------
        key : str
            The hash of what the answer was made from.

        Raises
        ------
        InputError
            When a shipped answer is damaged; one in a folder is computed again.
        """
        return self._place.read(key)

    def put(self, key: str, answer: Answer) -> None:
        """Keep an answer.

        Parameters
        ----------
        key : str
            The hash of what the answer was made from.
        answer : Answer
            What was computed.

        Raises
        ------
        InputError
            When it cannot be written.
        """
        self._place.write(key, _entry(answer))


class InFolder:
    """One JSON file per key in a folder.

    Parameters
    ----------
    folder : Path
        Made when the first entry is written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, key: str) -> Answer | None:
        """Return the answer under a key; None too where its file is damaged.

        Parameters
        ----------
        key : str
            The file's name without its ending.
        """
        try:
            return _checked(json.loads((self.folder / f"{key}.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, InputError):
            return None

    def write(self, key: str, entry: Mapping[str, Any]) -> None:
        """Write the file of a key.

        Parameters
        ----------
        key : str
            The file's name without its ending.
        entry : Mapping
            JSON values.

        Raises
        ------
        InputError
            When the folder cannot be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            atomic.write(self.folder / f"{key}.json", json.dumps(entry, allow_nan=False))
        except OSError as error:
            raise InputError(
                f"Finished steps cannot be kept in {self.folder}: {error.strerror}.",
                "They are kept beside the results, where the disk may be full or the folder protected.",
                "Name another folder.",
            ) from error


class Shipped:
    """Answers that cost too much to compute in every run, in a file beside the study.

    Parameters
    ----------
    name : str
        The file's name, for messages.
    content : bytes
        JSON: ``answers``, by key, each an entry of :func:`shipped_entry`.
    """

    def __init__(self, name: str, content: bytes) -> None:
        self._name = name
        self._content = content

    def read(self, key: str) -> Answer | None:
        """Return the answer under a key, marked as shipped.

        Parameters
        ----------
        key : str
            From :func:`shipped_key`.

        Raises
        ------
        InputError
            When the file is damaged.
        """
        try:
            entry = json.loads(self._content)["answers"].get(key)
            return None if entry is None else _marked(_checked(entry), entry)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(
                f"The stored answers in {self._name} cannot be read: {error}.", "", "Make the file again."
            ) from error

    def write(self, key: str, entry: Mapping[str, Any]) -> None:
        """Refuse: the file belongs to the study.

        Parameters
        ----------
        key : str
            Any.
        entry : Mapping
            Any.

        Raises
        ------
        InputError
            Always.
        """
        raise InputError(f"{self._name} belongs to a study and is only read.", "", "Keep answers in a folder.")


def shipped_key(kind: str, options: Mapping[str, Any], method: int = 1) -> str:
    """Return the hash under which a shipped answer is kept: its inputs, and neither code nor versions.

    Parameters
    ----------
    kind : str
        What is computed, such as ``"adsorption"``.
    options : Mapping
        The options, resolved.
    method : int
        A number that the kind raises when its method comes to another answer from the same inputs.

    Examples
    --------
    >>> shipped_key("adsorption", {"host": "a"}) == shipped_key("adsorption", {"host": "b"})
    False
    """
    return hashing.of_value({"kind": kind, "options": dict(options), **of_method(method)})


def of_method(method: int) -> dict[str, int]:
    """Return what a method's version adds to a key: nothing for the first, so that the oldest keys stay valid.

    Parameters
    ----------
    method : int
        1 or more.
    """
    return {"method": method} if method > 1 else {}


def shipped_entry(answer: Answer, command: str, versions: Mapping[str, str]) -> dict[str, Any]:
    """Return what a file of shipped answers keeps of one.

    Parameters
    ----------
    answer : Answer
        As it was computed.
    command : str
        What makes it again.
    versions : Mapping of str to str
        The engines that made it.
    """
    return {**_entry(answer), "command": command, "versions": dict(versions)}


def _entry(answer: Answer) -> dict[str, Any]:
    stored = answer.to_store()
    return {"sha256": hashing.of_value(stored), "answer": stored}


def _checked(entry: Mapping[str, Any]) -> Answer:
    if entry["sha256"] != hashing.of_value(entry["answer"]):
        raise ValueError("an answer does not match its own hash")
    return Answer.from_store(entry["answer"])


def _marked(answer: Answer, entry: Mapping[str, Any]) -> Answer:
    made = ", ".join(f"{name} {version}" for name, version in sorted(entry["versions"].items()))
    told = f"computed before with {made}; again: {entry['command']}"
    return replace(answer, notes={**answer.notes, "stored": told})
