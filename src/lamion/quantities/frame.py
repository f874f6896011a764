"""An answer as a pandas data frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lamion.quantities.errors import MissingExtraError
from lamion.quantities.quantity import Quantity

if TYPE_CHECKING:
    from lamion.quantities.answer import Answer

_COLUMNS = ("value", "uncertainty", "unit", "low", "high")


def to_frame(answer: Answer) -> Any:
    """Return the series as a data frame, or the results where there is none.

    Parameters
    ----------
    answer : Answer
        What was computed.

    Raises
    ------
    MissingExtraError
        When pandas is not installed.
    """
    if answer.series:
        return table({name: list(column) for name, column in answer.series.items()})
    nothing = float("nan")
    rows = {
        name: _row(answer.results[name]) if name in answer.results else (nothing, nothing, unit, nothing, nothing)
        for name, unit in ((name, answer.unreached.get(name, "")) for name in answer.ordered())
    }
    return table({name: [row[n] for row in rows.values()] for n, name in enumerate(_COLUMNS)}, index=list(rows))


def table(columns: Mapping[str, Sequence[Any]], index: Sequence[str] | None = None) -> Any:
    """Return columns as a data frame.

    Parameters
    ----------
    columns : Mapping of str to sequence
        By name.
    index : sequence of str, optional
        Names of the rows.

    Raises
    ------
    MissingExtraError
        When pandas is not installed.
    """
    try:
        import pandas
    except ImportError:
        raise MissingExtraError("notebook", "A data frame") from None
    return pandas.DataFrame(dict(columns), index=None if index is None else list(index))


def _row(quantity: Quantity) -> tuple[float, float, str, float, float]:
    nothing = float("nan")
    std = nothing if quantity.std is None else quantity.std
    low, high = (quantity.value - std, quantity.value + std) if quantity.interval is None else quantity.interval
    return (
        quantity.value,
        std,
        quantity.unit,
        nothing if low is None else low,
        nothing if high is None else high,
    )
