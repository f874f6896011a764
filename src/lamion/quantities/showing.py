"""How an answer reads: headline numbers first, the verdict, one sentence on how, warnings last.

Pure layout: lines with a style, which a terminal colours and ``str(answer)`` joins.
"""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from lamion.quantities.answer_json import said_in_notes

if TYPE_CHECKING:
    from lamion.quantities.answer import Answer, SeriesColumn

Style = Literal["result", "verdict", "method", "warning", "detail"]


class ShownLine(NamedTuple):
    """One line of an answer as people read it.

    Parameters
    ----------
    style : str
        What it says.
    text : str
        The whole line.
    name, aside : int
        How many characters at its beginning name a result, and how many at its end say what that is.
    """

    style: Style
    text: str
    name: int = 0
    aside: int = 0


_LINES = 24
"""The most that an answer takes without its details."""
_TELLING = 20
"""As many lines may the assumptions fill up to."""
_RESULTS = 12
_FEWEST_RESULTS = 4
_FEW = 3
_SHORT = 12
"""A few results beyond the headline are shown where the screen stays short."""
_WARNINGS = 6
_NAMED = 6
"""Further files that a warning names."""
_WARNING = 4
"""Lines that a warning may take without the details."""
_PARAGRAPH = 4
"""Lines that a reason or a method may take without the details."""
_REMARK = 3
_REMARKS = 6
_ROWS = 20
_WIDE = 140
_SPREAD = 1e-3
"""Columns whose smallest number is below this part of the largest have their own digits in each row."""
_OWN_LINES = ("verdict", "reason", "method")
"""Fields that have a line of their own, and are not told again among the notes."""
NOT_REACHED = "not reached"
_VALUE = 36
"""Values longer than this do not push what stands beside them to the right."""
_NOTHING = 1e-7
"""An uncertainty below this part of the value is one of rounding or of a solver: a screen leaves its digits out."""
_DIGITS = 4
"""Digits of a number without an uncertainty, where the details are left away."""
_NUMBER = re.compile(r"[-+−]?\d[\d.]*(?:e[-+]?\d+)?")
_OF_A_FILE = re.compile(r"(\S+): (.+)", re.DOTALL)


def lines(
    answer: Answer,
    *,
    details: bool = False,
    width: int | None = 100,
    meanings: Mapping[str, str] | None = None,
    remarks: Sequence[str] = (),
) -> list[ShownLine]:
    """Lay out an answer for people.

    Parameters
    ----------
    answer : Answer
        What was computed.
    details : bool
        Also every other result, the series where it is a short table, the notes, and every warning.
    width : int, optional
        Where long lines are wrapped, with a hanging indent. None: nowhere.
    meanings : Mapping of str to str, optional
        What results are, by name or pattern; said beside them where there is room.
    remarks : sequence of str
        Sentences to stand after the method.

    Returns
    -------
    list of ShownLine
        At most 24 without `details`.
    """
    told = [*_verdict(answer, width, details), *_method(answer, width, details, remarks)]
    if details:
        table = [ShownLine("detail", line) for line in _table(answer.series)]
        shown = _results(answer, answer.ordered(), width, meanings or {}, details=True)
        return [*shown, *table, *told, *_notes(answer, width), *_warnings(answer, width)]
    room = _LINES - len(told)
    warned = warning_lines(answer, width, room - min(_FEWEST_RESULTS, len(list(answer)) + 1))
    found = _first_results(answer, width, room - len(warned), meanings or {}, len(told) + len(warned))
    taken = len(found) + len(told) + len(warned)
    table = _short_table(answer, width, _SHORT - taken)
    return [*found, *table, *told, *_assumed(answer, width, _TELLING - taken - len(table)), *warned]


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


def shown(answer: Answer, name: str) -> str:
    """Return a result as a screen shows it: digits that nothing stands behind are left out."""
    return _value(answer, name, details=False)


def _value(answer: Answer, name: str, details: bool = True) -> str:
    if name not in answer.results:
        return NOT_REACHED
    quantity = answer.results[name]
    known = (quantity.std or 0.0) > _NOTHING * abs(quantity.value)
    if details or known:
        return str(quantity)
    whole = quantity.value == round(quantity.value) and quantity.interval is None
    return str(quantity if whole else replace(quantity, value=float(f"{quantity.value:.{_DIGITS}g}"), std=None))


def _flat(text: str) -> str:
    return " ".join(text.split())


def _wrapped(text: str, width: int | None, indent: int) -> list[str]:
    if width is None or len(text) <= width:
        return [text]
    return textwrap.wrap(text, width, subsequent_indent=" " * indent, break_on_hyphens=False)


def _results(
    answer: Answer, names: Sequence[str], width: int | None, meanings: Mapping[str, str], details: bool = False
) -> list[ShownLine]:
    called = [_flat(label(answer, name)) for name in names]
    values = [_flat(_value(answer, name, details)) for name in names]
    column = max(map(len, called), default=0)
    if width is not None:
        column = min(column, width // 2)
    beside = max((len(value) for value in values if len(value) <= _VALUE), default=0)
    found: list[ShownLine] = []
    said: set[str] = set()
    for name, written, aside in zip(called, values, (_meaning(name, meanings) for name in names), strict=True):
        text = f"{name:<{column}}  {written}"
        whole = f"{name:<{column}}  {written:<{beside}}  {aside}"
        if aside and aside not in said and len(written) <= beside and len(whole) <= (width or _WIDE):
            found.append(ShownLine("result", whole, column, len(aside)))
            said.add(aside)
        else:
            first, *others = _wrapped(text, width, column + 2)
            found += [ShownLine("result", first, column), *(ShownLine("result", other) for other in others)]
    return found


def _meaning(name: str, meanings: Mapping[str, str]) -> str:
    return next((text for pattern, text in meanings.items() if fnmatchcase(name, pattern)), "")


def _first_results(
    answer: Answer, width: int | None, room: int, meanings: Mapping[str, str], others: int
) -> list[ShownLine]:
    """Show the headline in `room` lines, and count what is left; a few that make no long screen are shown."""
    chosen, every = answer.headlines(), answer.ordered()
    left = len(every) - len(chosen)
    if left == 1 or (left <= _FEW and len(every) + others <= _SHORT):
        chosen = every
    for count in range(min(len(chosen), _RESULTS + 1), 0, -1):
        left = len(list(answer)) - count
        found = _results(answer, chosen[:count], width, meanings)
        allowed = min(room, _RESULTS + 1)
        if len(found) + (left > 0) <= allowed:
            return [*found, *_more("result", left)]
    return _more("result", len(list(answer)))


def _more(noun: Literal["result", "warning"], left: int) -> list[ShownLine]:
    """Count what is not shown."""
    text = f"and {left} more {noun}{'' if left == 1 else 's'}, with --details"
    return [ShownLine("warning" if noun == "warning" else "detail", text)] if left else []


def _paragraph(text: str, width: int | None, details: bool, most: int = _PARAGRAPH) -> list[str]:
    found = _wrapped(_flat(text), width, 2)
    if details or len(found) <= most:
        return found
    return [*found[: most - 1], f"{found[most - 1][: (width or 0) - 4].rstrip()} ..."]


def _verdict(answer: Answer, width: int | None, details: bool) -> list[ShownLine]:
    said = [f"{name}: {text}" for name, text in (("verdict", answer.verdict), ("reason", answer.reason)) if text]
    return [ShownLine("verdict", line) for text in said for line in _paragraph(text, width, details)]


def _method(answer: Answer, width: int | None, details: bool, remarks: Sequence[str]) -> list[ShownLine]:
    method = answer.method if details else sentence(_alike(answer.method))
    said = [method] if method else []
    if answer.synthetic and not details:
        said.append("The data are synthetic.")
    found = [line for text in said for line in _paragraph(text, width, details)]
    return [ShownLine("method", line) for line in (*found, *_remarked(remarks, width, details))]


def _remarked(remarks: Sequence[str], width: int | None, details: bool) -> list[str]:
    """Lay out remarks, as many as have room."""
    found = [line for text in remarks for line in _paragraph(text, width, details, _REMARK)]
    return found if details else found[:_REMARKS]


def _alike(method: str) -> str:
    """Say once what was done in the same way to each of several files."""
    first, *others = method.split(" | ")
    if not others or any(_without_numbers(other) != _without_numbers(first) for other in others):
        return method
    return f"{first} (the first of {len(others) + 1}; the others likewise)"


def sentence(text: str) -> str:
    """Return a text as a sentence: a capital letter first, a full stop last."""
    text = _flat(text)
    if not text:
        return ""
    begun = text if text.split()[0].isupper() else text[0].upper() + text[1:]
    return begun if begun[-1] in ".!?" else f"{begun}."


def _without_numbers(text: str) -> str:
    return _NUMBER.sub("#", text)


def _assumed(answer: Answer, width: int | None, room: int) -> list[ShownLine]:
    """Show what was taken for granted where it fits, and count it where not."""
    if not answer.assumptions:
        return []
    found = [
        ShownLine("detail", line) for text in answer.assumptions for line in _wrapped(f"assumed: {text}", width, 2)
    ]
    if len(found) <= room:
        return found
    count = len(answer.assumptions)
    return [ShownLine("detail", f"rests on {count} assumption{'s' * (count > 1)}, with --details")] if room > 0 else []


def _warnings(answer: Answer, width: int | None) -> list[ShownLine]:
    return [
        ShownLine("warning", line) for text in answer.warnings for line in _wrapped(f"warning: {_flat(text)}", width, 2)
    ]


def warning_lines(answer: Answer, width: int | None, room: int) -> list[ShownLine]:
    """Show the first warnings in `room` lines, and count the others; what is said of several files is said once.

    Parameters
    ----------
    answer : Answer
        Whose warnings.
    width : int or None
        Where they are wrapped.
    room : int
        Lines.
    """
    groups = _same_of_several_files([_flat(warning) for warning in answer.warnings])
    found: list[ShownLine] = []
    for place, (text, _) in enumerate(groups):
        rows = [ShownLine("warning", row) for row in _paragraph(f"warning: {text}", width, False, _WARNING)]
        is_last = place == len(groups) - 1
        if place == _WARNINGS or len(found) + len(rows) + (not is_last) > room:
            return [*found, *_more("warning", sum(count for _, count in groups[place:]))]
        found += rows
    return found


def _same_of_several_files(warnings: Sequence[str]) -> list[tuple[str, int]]:
    """Join warnings that differ in the file and in numbers only: each with how many it stands for."""
    groups: dict[str, list[str]] = {}
    for warning in warnings:
        of_a_file = _OF_A_FILE.fullmatch(warning)
        key = f"file: {_without_numbers(of_a_file[2])}" if of_a_file else warning
        groups.setdefault(key, []).append(warning)
    found = []
    for key, group in groups.items():
        others = [warning.partition(":")[0] for warning in group[1:]] if key.startswith("file: ") else []
        found.append((f"{group[0]} Likewise: {_first_names(others)}." if others else group[0], len(group)))
    return found


def _first_names(files: Sequence[str]) -> str:
    left = len(files) - _NAMED
    return ", ".join(files[:_NAMED]) + (f" and {left} more" if left > 0 else "")


def _notes(answer: Answer, width: int | None) -> list[ShownLine]:
    notes = {
        name: note for name, note in said_in_notes(answer).items() if name in answer.notes or name not in _OWN_LINES
    }
    found = [line for name, note in notes.items() for line in _note(name, note)]
    return [ShownLine("detail", line) for text in found for line in _wrapped(text, width, 2)]


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


def _table(series: Mapping[str, SeriesColumn]) -> list[str]:
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


def _short_table(answer: Answer, width: int | None, room: int) -> list[ShownLine]:
    """Show the series where it is a few named rows that fit, and the screen stays short."""
    rows = [row for row in _table(answer.series) if row]
    named = any(not _numeric(column) for column in answer.series.values())
    fits = named and 1 < len(rows) <= room and all(len(row) <= (width or _WIDE) for row in rows)
    return [ShownLine("method", row) for row in rows] if fits else []


def _numeric(column: SeriesColumn) -> bool:
    return not any(isinstance(item, str) for item in column)


def _cells(column: SeriesColumn) -> list[str]:
    """Write a column with as many decimals in every row as give its largest number four digits, or fewer."""
    numbers = [abs(item) for item in column if isinstance(item, int | float) and item]
    if not numbers or min(numbers) < _SPREAD * max(numbers):
        return ["-" if item is None else f"{item:.4g}" if isinstance(item, float) else str(item) for item in column]
    decimals = max(0, 3 - math.floor(math.log10(max(numbers))))
    while decimals and all(abs(round(n, decimals) - round(n, decimals - 1)) < 1e-12 for n in numbers):
        decimals -= 1
    return ["-" if item is None else item if isinstance(item, str) else f"{item:.{decimals}f}" for item in column]
