"""Answers that cost too much to compute in every run, kept in a file beside the study and found by their inputs' hash.

The file is JSON: ``command`` (what makes it again), ``versions`` (what made it) and ``answers``, by key.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lamion import hashing
from lamion.formats import RawFile
from lamion.quantities import Answer, InputError


def key_of(kind: str, options: Mapping[str, Any]) -> str:
    """Return the hash under which an answer is kept.

    Parameters
    ----------
    kind : str
        The kind of step.
    options : Mapping
        The step's options, resolved.

    Examples
    --------
    >>> key_of("adsorption", {"host": "a"}) == key_of("adsorption", {"host": "b"})
    False
    """
    return hashing.of_value({"kind": kind, "options": dict(options)})


def stored_answer(raw: RawFile | None, kind: str, options: Mapping[str, Any]) -> Answer | None:
    """Return the kept answer of a step, marked as such; None where the file has none for these inputs.

    Parameters
    ----------
    raw : RawFile or None
        The file.
    kind : str
        The kind of step.
    options : Mapping
        The step's options, resolved.

    Raises
    ------
    InputError
        When the file is damaged.
    """
    if raw is None:
        return None
    try:
        content = json.loads(raw.content)
        entry = content["answers"].get(key_of(kind, options))
        if entry is None:
            return None
        if entry["sha256"] != hashing.of_value(entry["answer"]):
            raise ValueError("an answer does not match its own hash")
        answer = Answer.from_store(entry["answer"])
        made = ", ".join(f"{name} {version}" for name, version in sorted(entry["versions"].items()))
        notes = {**answer.notes, "stored": f"computed before with {made}; again: {entry['command']}"}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"The stored answers in {raw.name} cannot be read: {error}.", "", "Make the file again."
        ) from error
    return replace(answer, notes=notes)


def to_entry(answer: Answer, command: str, versions: Mapping[str, str]) -> dict[str, Any]:
    """Return what the file keeps of an answer.

    Parameters
    ----------
    answer : Answer
        As a step returned it.
    command : str
        What makes it again.
    versions : Mapping of str to str
        The engines that made it.
    """
    stored = answer.to_store()
    return {"sha256": hashing.of_value(stored), "answer": stored, "command": command, "versions": dict(versions)}
