"""Where a record comes from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file a record was read from, or the model that made it.

    Parameters
    ----------
    name : str
        The file's name without its folder; for synthetic data, the model's name.
    sha256 : str
        Hash of the raw bytes; empty for synthetic data.
    format : str
        The format it was read as; ``"synthetic"`` for synthetic data.
    origin : SourceFile, optional
        The instrument's file that this one was written from, where it says so.
    """

    name: str
    sha256: str
    format: str
    origin: SourceFile | None = None
