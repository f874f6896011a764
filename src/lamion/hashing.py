"""Content hashes of values, files and lamion's own code."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any


def of_bytes(content: bytes) -> str:
    """Return the SHA-256 of some bytes.

    Parameters
    ----------
    content : bytes
        Such as a raw file.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    return hashlib.sha256(content).hexdigest()


def of_value(value: Any) -> str:
    """Return the SHA-256 of a JSON value, independent of the order of its keys.

    Parameters
    ----------
    value
        Made of dicts with text keys, lists, numbers, texts, booleans and None; floats count by their shortest
        decimal form.

    Returns
    -------
    str
        64 hexadecimal digits.

    Examples
    --------
    >>> of_value({"a": 1, "b": 2.5}) == of_value({"b": 2.5, "a": 1})
    True
    """
    return of_bytes(canonical_json(value).encode())


def canonical_json(value: Any) -> str:
    """Return the one JSON text of a value: sorted keys, no spaces, no NaN.

    Parameters
    ----------
    value
        A JSON value.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        When a number is not finite.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


@lru_cache(maxsize=1)
def of_code() -> str:
    """Return a hash of every Python file of lamion, so that stored results know which code made them."""
    digest = hashlib.sha256()
    for name, content in sorted(_sources(files("lamion"), "")):
        digest.update(name.encode())
        digest.update(content)
    return digest.hexdigest()


def _sources(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for item in folder.iterdir():
        if item.is_dir():
            found += _sources(item, f"{prefix}{item.name}/")
        elif item.name.endswith(".py"):
            found.append((prefix + item.name, item.read_bytes()))
    return found
