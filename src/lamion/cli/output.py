"""How every verb shows its answer: for people, as JSON, as a CSV table, as a figure."""

from __future__ import annotations

import argparse
import csv
import io
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lamion import atomic
from lamion.quantities import Answer, InputError
from lamion.quantities.answer import Column

_ROWS = 20
_WIDE = 140
_SPREAD = 1e-3
"""Columns whose smallest number is below this part of the largest have their own digits in each row."""


def add_output_arguments(parser: argparse.ArgumentParser, *, figure: bool = True, unit: bool = False) -> None:
    """Declare ``--json``, ``--csv`` and ``--figure``.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    figure : bool
        Whether the verb has something to draw.
    """
    add = parser.add_argument
    add("--json", action="store_true", default=False, help="print one JSON object")
    add("--csv", metavar="FILE", type=Path, default=None, help="write the series as a CSV table")
    if figure:
        add("--figure", metavar="FILE", type=Path, default=None, help="draw into a .png or .svg file")


def show(answer: Answer, arguments: argparse.Namespace) -> None:
    """Print an answer and write the files that were asked for.

    Parameters
    ----------
    answer : Answer
        What was computed.
    arguments : Namespace
        With ``json``, ``csv`` and, where declared, ``figure``.

    Raises
    ------
    InputError
        When a file cannot be written or there is nothing to write into it.
    """
    if arguments.csv is not None:
        write_file(arguments.csv, _csv(answer))
    if getattr(arguments, "figure", None) is not None:
        write_file(arguments.figure, _figure(answer, arguments.figure))
    if arguments.json:
        print(json.dumps(answer.to_json(), ensure_ascii=False, allow_nan=False))
    else:
        print(as_text(answer), end="")


def as_text(answer: Answer) -> str:
    """Write an answer for people: results, a short table, notes, warnings; long tables are left to ``--csv``.

    Parameters
    ----------
    answer : Answer
        What was computed.
    """
    width = max((len(name) for name in (*answer.results, *answer.unreached)), default=0)
    lines = [f"{name:<{width}}  {quantity}" for name, quantity in answer.results.items()]
    lines += [f"{name:<{width}}  none" for name in answer.unreached]
    lines += _table(answer.series)
    lines += [line for name, note in answer.notes.items() for line in _note(name, note)]
    lines += [f"warning: {warning}" for warning in answer.warnings]
    return "\n".join(lines) + "\n"


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


def _csv(answer: Answer) -> bytes:
    if not answer.series:
        raise InputError("There is no series to write as CSV.", "", "Leave --csv away.")
    text = io.StringIO()
    if answer.notes.get("synthetic"):
        text.write("# synthetic: yes\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(answer.series)
    writer.writerows(zip(*answer.series.values(), strict=True))
    return text.getvalue().encode()


def _figure(answer: Answer, path: Path) -> bytes:
    if path.suffix.lower() not in (".png", ".svg"):
        raise InputError(f"A figure cannot be written as '{path.name}'.", "", "End its name in .png or .svg.")
    if not answer.figures:
        raise InputError("There is nothing to draw.", "", "Leave --figure away.")
    from lamion.report.figures.draw import draw

    return draw(next(iter(answer.figures.values())), path.suffix.lower()[1:])


def write_file(path: Path, content: bytes) -> None:
    """Write a file that the user named.

    Parameters
    ----------
    path : Path
        Where.
    content : bytes
        What.

    Raises
    ------
    InputError
        When it cannot be written.
    """
    try:
        atomic.write(path, content)
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror}.",
            "Its folder may not exist or may be protected.",
            "Name a file in a folder you can write to.",
        ) from error
