"""What a library that reads a file logs and warns of, heard in place of printed."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager


class _Ear(logging.Handler):
    def __init__(self, said: list[str], name: str) -> None:
        super().__init__(logging.WARNING)
        self.said, self.library = said, name

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(f"{self.library} says: {' '.join(record.getMessage().split())[:200]}")


@contextmanager
def heard(logger: str, name: str) -> Iterator[list[str]]:
    """Collect what a library says while it reads.

    Parameters
    ----------
    logger : str
        The name of its loggers.
    name : str
        Its own, for people.
    """
    said: list[str] = []
    source = logging.getLogger(logger)
    ear = _Ear(said, name)
    spreads, source.propagate = source.propagate, False
    source.addHandler(ear)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            yield said
        said += [f"{name} says: {' '.join(str(one.message).split())[:200]}" for one in caught]
    finally:
        source.removeHandler(ear)
        source.propagate = spreads
