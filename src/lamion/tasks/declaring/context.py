"""What reaches every task that asks for it, whichever door it came through."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from numbers import Integral

from lamion.progress import Progress, silent
from lamion.quantities import InputError
from lamion.store import Store


@dataclass(frozen=True)
class Context:
    """The circumstances of one call.

    Parameters
    ----------
    seed : int
        Of the random numbers, for tasks that draw some.
    quick : bool
        Whether a rougher answer in less time is wanted, where a task can give one.
    progress : Progress
        Told how far long work is.
    store : Store or None
        Where relaxed structures are kept, so that an interrupted search goes on.
    wanted : collection of str
        The files that will be written, so that large ones are made for nobody else.
    """

    seed: int = 0
    quick: bool = False
    progress: Progress = silent
    store: Store | None = None
    wanted: Collection[str] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.seed, Integral) or isinstance(self.seed, bool) or self.seed < 0:
            raise InputError(f"The seed {self.seed!r} is not a whole number of zero or more.", "", "Give one, like 0.")
