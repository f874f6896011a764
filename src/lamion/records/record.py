"""What every record has in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np

from lamion.records.source import SourceFile


class Record(Protocol):
    """A frozen raw record: columns in SI, what the header says, and where it comes from."""

    @property
    def metadata(self) -> Mapping[str, str]:
        """What else the file says, as printed there."""

    @property
    def source(self) -> SourceFile | None:
        """The file it was read from, or the model that made it."""

    def __len__(self) -> int: ...

    def columns(self) -> dict[str, list[float]]:
        """Return the record as a table."""


def fill(
    record: object,
    arrays: Mapping[str, Any],
    metadata: Mapping[str, str] | None,
    source: SourceFile | None,
    **others: Any,
) -> None:
    """Set the fields of a frozen record: arrays as read-only copies in double precision.

    Parameters
    ----------
    record : dataclass
        Being made.
    arrays : Mapping of str to array-like or None
        Its columns; None stays None.
    metadata, source
        As given to the record.
    **others
        Its other fields.
    """
    for name, value in arrays.items():
        array = None if value is None else np.array(value, dtype=np.float64)
        if array is not None:
            array.setflags(write=False)
        object.__setattr__(record, name, array)
    for name, value in {**others, "metadata": dict(metadata or {}), "source": source}.items():
        object.__setattr__(record, name, value)


def summary(record: Record) -> str:
    """Return a record in one line, for a notebook: how much of what, over what range, from where.

    Parameters
    ----------
    record : Record
        Any.
    """
    title, values = next(iter(record.columns().items()), ("", []))
    numbers = [value for value in values if isinstance(value, int | float)]
    over = f", {title} {min(numbers):.4g} to {max(numbers):.4g}" if numbers else ""
    source = f", '{record.source.name}'" if record.source is not None else ""
    return f"{type(record).__name__}({len(record)} points{over}{source})"
