"""Work under way: how far it is, and that somebody does not want it any more."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


class CancelledError(Exception):
    """Nobody waits for this answer any more."""


@dataclass
class Job:
    """One computation; called by it as its progress.

    Parameters
    ----------
    done, total : int
        Pieces finished and pieces in all.
    what : str
        The piece at hand.
    """

    done: int = 0
    total: int = 0
    what: str = ""
    _cancelled: bool = False

    def __call__(self, done: int, total: int, what: str) -> None:
        """Take down how far it is; end it where it was cancelled."""
        self.done, self.total, self.what = done, total, what
        if self._cancelled:
            raise CancelledError

    def cancel(self) -> None:
        """End it at its next piece."""
        self._cancelled = True

    def to_json(self) -> dict[str, Any]:
        """Return how far it is."""
        return {"done": self.done, "total": self.total, "what": self.what}


@dataclass
class Jobs:
    """Computations by the names that the browser gave them."""

    running: dict[str, Job] = field(default_factory=dict)

    def begin(self, name: str) -> Job:
        """Begin one; an earlier one of that name is cancelled."""
        self.cancel(name)
        self.running[name] = Job()
        return self.running[name]

    def cancel(self, name: str) -> None:
        """Cancel one, if it runs."""
        if name in self.running:
            self.running[name].cancel()

    def end(self, name: str, job: Job) -> None:
        """Forget one, unless another has its name by now."""
        if self.running.get(name) is job:
            del self.running[name]

    def progress(self, name: str) -> dict[str, Any]:
        """Return how far one is."""
        return self.running.get(name, Job()).to_json()
