"""How an answer reads: headline numbers first, the verdict, one sentence on how, warnings last.

Pure layout: pairs of a style and a line of text, which a terminal colours and ``str(answer)`` joins.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from lamion.quantities.answer_json import said_in_notes

if TYPE_CHECKING:
    from lamion.quantities.answer import Answer, Column

Style = Literal["result", "verdict", "method", "warning", "detail"]
Line = tuple[Style, str]

_LINES = 24
"""The most that an answer takes without its details."""
_RESULTS = 12
_WARNINGS = 6
_PARAGRAPH = 4
"""Lines that a reason or a method may take without the details."""
_ROWS = 20
_WIDE = 140
_SPREAD = 1e-3
"""Columns whose smallest number is below this part of the largest have their own digits in each row."""
_OWN_LINES = ("verdict", "reason", "method")
"""Fields that have a line of their own, and are not told again among the notes."""


def lines(answer: Answer, *, details: bool = False, width: int | None = 100) -> list[Line]:
    """Lay out an answer for people.

    Parameters
    ----------
    answer : Answer
        What was computed.
    details : bool
        Also every other result, the series where it is a short table, the notes, and every warning.
    width : int, optional
        Where long lines are wrapped, with a hanging indent; warnings stay whole. None: nowhere.

    Returns
    -------
    list of (style, text)
        At most 24 without `details`.
    """
    told = [*_verdict(answer, width, details), *_method(answer, width, details)]
    warned = _warnings(answer, details)
    if details:
        names = answer.ordered()
        table: list[Line] = [("detail", line) for line in _table(answer.series)]
        return [*_results(answer, names, width), *table, *told, *_notes(answer, width), *warned]
    return [*_first_results(answer, width, _LINES - len(told) - len(warned)), *told, *warned]


def in_one_line(answer: Answer, width: int = 100) -> str:
    """Write an answer as its ``repr``: the first results, and the verdict.

    Parameters
    ----------
    answer : Answer
        What was computed.
    width : int
        No result begins beyond it.

    Examples
    --------
    >>> from lamion.quantities import Answer, Quantity
    >>> Answer({"conductivity": Quantity(5.62e-4, 1.1e-5, "S/cm")}, verdict="valid")
    Answer(conductivity=5.62(11)e-4 S/cm, verdict='valid')
    """
    ends = [f"verdict={answer.verdict!r}"] if answer.verdict else []
    names, parts = answer.ordered(), list[str]()
    for name in names:
        part = _flat(f"{name}={_value(answer, name)}")
        if sum(map(len, parts)) + len(part) > width:
            break
        parts.append(part)
    more = ["..."] if len(parts) < len(names) else []
    return f"Answer({', '.join([*parts, *more, *ends])})"


def label(answer: Answer, name: str) -> str:
    """Return how a result is called before people: one called ``value`` by what it means.

    Parameters
    ----------
    answer : Answer
        Whose result.
    name : str
        The result.
    """
    return answer.means if name == "value" and answer.means else name


def _value(answer: Answer, name: str) -> str:
    return str(answer.results[name]) if name in answer.results else "none"


def _flat(text: str) -> str:
    return " ".join(text.split())


def _wrapped(text: str, width: int | None, indent: int) -> list[str]:
    if width is None or len(text) <= width:
        return [text]
    return textwrap.wrap(text, width, subsequent_indent=" " * indent, break_on_hyphens=False)


def _results(answer: Answer, names: Sequence[str], width: int | None) -> list[Line]:
    shown = [(_flat(label(answer, name)), _flat(_value(answer, name))) for name in names]
    column = max((len(name) for name, _ in shown), default=0)
    if width is not None:
        column = min(column, width // 2)
    return [
        ("result", line) for name, value in shown for line in _wrapped(f"{name:<{column}}  {value}", width, column + 2)
    ]


def _first_results(answer: Answer, width: int | None, room: int) -> list[Line]:
    """Show the headline in `room` lines, and count what is left."""
    chosen = answer.headlines()
    for count in range(min(len(chosen), _RESULTS + 1), 0, -1):
        left = len(list(answer)) - count
        found = _results(answer, chosen[:count], width)
        allowed = min(room, _RESULTS + 1)
        if len(found) + (left > 0) <= allowed:
            return [*found, *_more("result", left)]
    return _more("result", len(list(answer)))


def _more(noun: Literal["result", "warning"], left: int) -> list[Line]:
    """Count what is not shown."""
    return [(noun, f"and {left} more {noun}{'' if left == 1 else 's'}, with --details")] if left else []


def _paragraph(text: str, width: int | None, details: bool) -> list[str]:
    found = _wrapped(_flat(text), width, 2)
    if details or len(found) <= _PARAGRAPH:
        return found
    return [*found[: _PARAGRAPH - 1], f"{found[_PARAGRAPH - 1][: (width or 0) - 4].rstrip()} ..."]


def _verdict(answer: Answer, width: int | None, details: bool) -> list[Line]:
    said = [f"{name}: {text}" for name, text in (("verdict", answer.verdict), ("reason", answer.reason)) if text]
    return [("verdict", line) for text in said for line in _paragraph(text, width, details)]


def _method(answer: Answer, width: int | None, details: bool) -> list[Line]:
    said = [answer.method] if answer.method else []
    if answer.synthetic and not details:
        said.append("The data are synthetic.")
    return [("method", line) for text in said for line in _paragraph(text, width, details)]


def _warnings(answer: Answer, details: bool) -> list[Line]:
    every = [_flat(warning) for warning in answer.warnings]
    shown = every if details else every[:_WARNINGS]
    found: list[Line] = [("warning", f"warning: {warning}") for warning in shown]
    return [*found, *_more("warning", len(every) - len(shown))]


def _notes(answer: Answer, width: int | None) -> list[Line]:
    notes = {
        name: note for name, note in said_in_notes(answer).items() if name in answer.notes or name not in _OWN_LINES
    }
    found = [line for name, note in notes.items() for line in _note(name, note)]
    return [("detail", line) for text in found for line in _wrapped(text, width, 2)]


def _note(name: str, note: Any) -> list[str]:
    if isinstance(note, Mapping):
        return [line for key, item in note.items() for line in _note(f"{name}, {key}", item)]
    if isinstance(note, list):
        items = [item for item in note if not isinstance(item, Mapping)]
        if not items:
            return []
        sentences = any(isinstance(item, str) and item.endswith(".") for item in items)
        joined = ", ".join(map(_plain, items))
        return [f"{name}: {item}" for item in items] if sentences or len(joined) > _WIDE else [f"{name}: {joined}"]
    return [] if note is None else [f"{name}: {_plain(note)}"]


def _plain(note: Any) -> str:
    return f"{note:.6g}" if isinstance(note, float) else str(note)


def _table(series: Mapping[str, Column]) -> list[str]:
    """Lay out a table that a screen holds; name a larger one."""
    rows = len(next(iter(series.values()), ()))
    if not rows:
        return []
    larger = [f"series: {len(series)} columns of {rows} rows, with --csv or --json"]
    if rows > _ROWS:
        return larger
    columns = [[name.removesuffix(" / 1"), *_cells(column)] for name, column in series.items()]
    widths = [max(map(len, column)) for column in columns]
    if sum(widths) + 2 * len(widths) > _WIDE:
        return larger
    aligned = [
        [cell.rjust(width) if _numeric(column) else cell.ljust(width) for cell in cells]
        for cells, width, column in zip(columns, widths, series.values(), strict=True)
    ]
    return ["", *("  ".join(row).rstrip() for row in zip(*aligned, strict=True)), ""]


def _numeric(column: Column) -> bool:
    return not any(isinstance(item, str) for item in column)


def _cells(column: Column) -> list[str]:
    """Write a column with as many decimals in every row as give its largest number four digits, or fewer."""
    numbers = [abs(item) for item in column if isinstance(item, int | float) and item]
    if not numbers or min(numbers) < _SPREAD * max(numbers):
        return ["-" if item is None else f"{item:.4g}" if isinstance(item, float) else str(item) for item in column]
    decimals = max(0, 3 - math.floor(math.log10(max(numbers))))
    while decimals and all(abs(round(n, decimals) - round(n, decimals - 1)) < 1e-12 for n in numbers):
        decimals -= 1
    return ["-" if item is None else item if isinstance(item, str) else f"{item:.{decimals}f}" for item in column]
