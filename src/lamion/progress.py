"""How long work tells how far it is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called by long work; whoever shows a bar implements it."""

    def __call__(self, done: int, total: int, what: str) -> None:
        """Report that `done` of `total` pieces are finished and that `what` comes next."""


def silent(done: int, total: int, what: str) -> None:
    """Report nothing; the default of every `progress` argument.

    Parameters
    ----------
    done, total : int
        Pieces finished and pieces in all.
    what : str
        The piece at hand.
    """
