"""The store of finished steps: one JSON file per step, named by the hash of everything it was made from."""

from __future__ import annotations

import json
from pathlib import Path

from lamion import atomic, hashing
from lamion.quantities import Answer, InputError


class Store:
    """Finished answers on disk; deleting the folder costs nothing but time.

    Parameters
    ----------
    folder : Path
        Made when the first answer is kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, key: str) -> Answer | None:
        """Return a kept answer; None when there is none or its file is damaged.

        Parameters
        ----------
        key : str
            The hash of the step's inputs.
        """
        try:
            entry = json.loads((self.folder / f"{key}.json").read_text(encoding="utf-8"))
            if entry["sha256"] != hashing.of_value(entry["answer"]):
                return None
            return Answer.from_store(entry["answer"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, key: str, answer: Answer) -> None:
        """Keep an answer.

        Parameters
        ----------
        key : str
            The hash of the step's inputs.
        answer : Answer
            What the step returned.

        Raises
        ------
        InputError
            When the folder cannot be written.
        """
        stored = answer.to_store()
        entry = {"sha256": hashing.of_value(stored), "answer": stored}
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            atomic.write(self.folder / f"{key}.json", json.dumps(entry, allow_nan=False))
        except OSError as error:
            raise InputError(
                f"Finished steps cannot be kept in {self.folder}: {error.strerror}.",
                "They are kept beside the results, where the disk may be full or the folder protected.",
                "Name another folder.",
            ) from error
