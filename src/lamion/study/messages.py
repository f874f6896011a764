"""What travels between a run and its workers: JSON behind its length, never code and never a file's bytes."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import IO, Any

from lamion.formats import RawFile
from lamion.formats.loading import load_again
from lamion.quantities import InputError
from lamion.study.inputs import Inputs

_LENGTH = struct.Struct(">Q")


def send(stream: IO[bytes], message: Any) -> None:
    """Write one message."""
    content = json.dumps(message).encode()
    stream.write(_LENGTH.pack(len(content)) + content)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """Read one message; None at the end of the stream."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    content = stream.read(length)
    return json.loads(content) if len(content) == length else None


def can_travel(inputs: Inputs) -> bool:
    """Tell whether a worker can open every file of a step by its path."""
    return all(raw.path is not None for files in inputs.files.values() for raw in files)


def order_of(step: str, task: str, inputs: Inputs) -> dict[str, Any]:
    """Return the message that asks for a step; its files travel as path and key."""
    return {
        "step": step,
        "task": task,
        "options": dict(inputs.options),
        "substances": dict(inputs.substances),
        "files": {
            name: [{"name": raw.name, "path": str(raw.path), "key": raw.key} for raw in files]
            for name, files in inputs.files.items()
        },
        "seed": inputs.seed,
        "quick": inputs.quick,
    }


def inputs_of(order: Mapping[str, Any]) -> Inputs:
    """Return what the step of an order receives, its files opened again; one that was changed is refused."""
    files = {name: tuple(_opened(item) for item in items) for name, items in order["files"].items()}
    return Inputs(order["options"], files, order["substances"], order["seed"], order["quick"])


def _opened(item: Mapping[str, str]) -> RawFile:
    raw = load_again(item["path"], item["key"])
    return RawFile(item["name"], raw.content, raw.path)


def error_of(error: InputError) -> dict[str, str]:
    """Return an error that a user can mend as a message."""
    return {"happened": error.happened, "cause": error.cause, "remedy": error.remedy}


def raised(message: Mapping[str, Any]) -> InputError:
    """Return the error of such a message."""
    return InputError(message["happened"], message["cause"], message["remedy"])
