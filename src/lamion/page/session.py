"""What is on the page as one file, and back: the same bytes when it is saved again."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from lamion import hashing
from lamion.page.running import Finished, finished_of
from lamion.page.workspace import Workspace
from lamion.quantities import InputError

LARGEST = 256 * 2**20
"""Bytes of a session."""
_MARK = "lamion session"
_VERSION = 1


def saved(state: Any, finished: Mapping[str, Finished], workspace: Workspace) -> bytes:
    """Write a session: how the page looks, its files and its answers.

    Parameters
    ----------
    state : JSON value
        What the browser keeps.
    finished : Mapping of str to Finished
        The answers on the page, by name.
    workspace : Workspace
        The files.
    """
    content = {
        "kind": _MARK,
        "version": _VERSION,
        "state": state,
        "files": {name: base64.b64encode(path.read_bytes()).decode() for name, path in sorted(workspace.files.items())},
        "finished": {name: one.to_store() for name, one in finished.items()},
    }
    content["sha256"] = _hash(content)
    return (json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def opened(content: bytes, workspace: Workspace) -> tuple[Any, dict[str, Finished]]:
    """Read a session: put its files on the page, return what the browser kept and the answers."""
    try:
        found = json.loads(content)
        if found["kind"] != _MARK:
            raise KeyError
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError("This file is no session of the page.", "", "Open one that the page saved.") from error
    if found.get("version") != _VERSION:
        raise InputError("The session was saved by another version of lamion.", "", "Open it with that version.")
    told = found.pop("sha256", None)
    if told != _hash(found):
        raise InputError("The session was changed since it was saved.", "", "Open an unchanged copy.")
    try:
        for name, text in found["files"].items():
            _restore(name, base64.b64decode(text, validate=True), workspace)
        return found["state"], {name: finished_of(one) for name, one in found["finished"].items()}
    except (AttributeError, KeyError, TypeError, ValueError, binascii.Error) as error:
        raise InputError(
            "The session is incomplete.", f"It holds something odd ({error}).", "Save it again."
        ) from error


def _restore(name: str, content: bytes, workspace: Workspace) -> None:
    if name in workspace.files and workspace.files[name].read_bytes() == content:
        return
    workspace.drop(name, content)


def _hash(content: Mapping[str, Any]) -> str:
    return hashing.of_value({name: item for name, item in content.items() if name != "sha256"})
