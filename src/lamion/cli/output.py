"""How every verb shows its answer: for people, as JSON, as a CSV table, as a figure."""

from __future__ import annotations

import argparse
import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from lamion import written
from lamion.cli import terminal
from lamion.quantities import Answer, InputError
from lamion.quantities.answer import SeriesColumn
from lamion.quantities.showing import ShownLine, lines
from lamion.texts import cell

_OUTPUTS = ("csv", "figure")
_ROWS_AT_ONCE = 2**16


def add_output_arguments(parser: argparse.ArgumentParser, *, figure: bool = True, unit: bool = True) -> None:
    """Declare how the answer is shown and what is written of it; a figure, where there is one, and ``--unit``."""
    add = parser.add_argument_group("output").add_argument
    add("--json", action="store_true", default=False, help="print one JSON object")
    add("--details", action="store_true", default=False, help="print everything: table, notes, assumptions")
    if unit:
        text = "show the results that it fits in this unit, as in mS/cm; can be repeated"
        add("--unit", metavar="UNIT", dest="result_units", action="append", default=[], help=text)
    add("--csv", metavar="FILE", type=Path, default=None, help="write the series (points, rows) as a CSV table")
    text = "write the CSV with ; between columns and commas in numbers"
    add("--decimal-comma", action="store_true", default=False, help=text)
    if figure:
        add("--figure", metavar="FILE", type=Path, default=None, help="draw into a .png or .svg file")
    text = "replace a file that lamion did not write"
    add("--force", action="store_true", default=False, help=text)


def check_outputs(arguments: argparse.Namespace, others: Iterable[str] = ()) -> None:
    """Refuse before any work what could not be written after it; `others` are further arguments that name files."""
    if getattr(arguments, "decimal_comma", False) and arguments.csv is None:
        raise InputError("--decimal-comma is for a CSV table.", "None is written.", "Give --csv FILE too.")
    for name in (*_OUTPUTS, *others):
        path = getattr(arguments, name, None)
        if path is None:
            continue
        if name == "figure":
            _check_figure(path)
        if not path.absolute().parent.is_dir():
            raise _not_writable(path, "its folder does not exist")
        written.check(path, inputs=_beside(path, arguments), force=getattr(arguments, "force", False))


def show(
    answer: Answer,
    arguments: argparse.Namespace,
    *,
    meanings: Mapping[str, str] | None = None,
    remarks: Sequence[str] = (),
    layout: Callable[[int], list[ShownLine]] | None = None,
) -> None:
    """Print an answer and write the files that were asked for.

    `layout` makes from a width what is shown instead without ``--details``; `meanings` and `remarks` are as for
    :func:`lamion.quantities.showing.lines`.
    """
    check_outputs(arguments)
    shown = in_units(answer, getattr(arguments, "result_units", []))
    if arguments.csv is not None:
        table = csv_of(answer, decimal_comma=getattr(arguments, "decimal_comma", False))
        write_file(arguments.csv, table, arguments)
    if getattr(arguments, "figure", None) is not None:
        write_file(arguments.figure, _figure(answer, arguments.figure), arguments)
    if arguments.json:
        print(json.dumps(shown.to_json(), ensure_ascii=False, allow_nan=False))
    elif getattr(arguments, "details", False):
        print(as_text(shown), end="")
    elif layout is not None:
        terminal.put(layout(terminal.width()))
    else:
        terminal.put(lines(shown, width=terminal.width(), meanings=meanings, remarks=remarks))


def as_text(answer: Answer) -> str:
    """Write an answer for people in full: results, a short table, notes, warnings; long ones are left to ``--csv``."""
    return "\n".join(line.text for line in lines(answer, details=True, width=None)) + "\n"


def in_units(answer: Answer, wanted: Sequence[str]) -> Answer:
    """Return the answer with its results in the units asked for; the series stay as they are."""
    if not wanted:
        return answer
    from lamion.quantities import units

    for unit in wanted:
        units.check(unit)
        had = dict.fromkeys([*(q.unit for q in answer.results.values()), *answer.unreached.values()])
        if not any(units.same_dimension(unit, other) for other in had):
            raise InputError(
                f"No result is {units.dimension_name(unit)}, so none can be shown in '{unit}'.",
                "",
                f"The results are in {', '.join(had)}.",
            )
        said = units.as_ascii(unit)
        answer = replace(
            answer,
            results={
                name: q.to(said) if units.same_dimension(said, q.unit) else q for name, q in answer.results.items()
            },
            unreached={
                name: said if units.same_dimension(said, other) else other for name, other in answer.unreached.items()
            },
        )
    return answer


def csv_of(answer: Answer, *, decimal_comma: bool = False) -> bytes:
    """Return the series as a CSV table."""
    if not answer.series:
        raise InputError("There is no series to write as CSV.", "", "Leave --csv away.")
    pieces = [b"# synthetic: yes\n"] if answer.synthetic else []
    pieces.append(_csv_lines([[title] for title in answer.series], decimal_comma=decimal_comma))
    rows = max(map(len, answer.series.values()))
    for begin in range(0, rows, _ROWS_AT_ONCE):
        columns = [_cells(column[begin : begin + _ROWS_AT_ONCE]) for column in answer.series.values()]
        pieces.append(_csv_lines(columns, decimal_comma=decimal_comma))
    return b"".join(pieces)


def _cells(column: Any) -> list[Any]:
    """Return what is written of a column, which may be an array."""
    return [cell(item) for item in (column.tolist() if hasattr(column, "tolist") else column)]


def _csv_lines(columns: Sequence[SeriesColumn], *, decimal_comma: bool) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", delimiter=";" if decimal_comma else ",")
    writer.writerows(zip(*(map(_with_commas, columns) if decimal_comma else columns), strict=True))
    return text.getvalue().encode()


def _with_commas(column: SeriesColumn) -> list[str | None]:
    return [str(item).replace(".", ",") if isinstance(item, int | float) else item for item in column]


def _check_figure(path: Path) -> None:
    if path.suffix.lower() not in (".png", ".svg"):
        raise InputError(f"A figure cannot be written as '{path.name}'.", "", "End its name in .png or .svg.")


def _figure(answer: Answer, path: Path) -> bytes:
    if not answer.figures:
        raise InputError("There is nothing to draw.", "", "Leave --figure away.")
    from lamion.report.figures.draw import draw

    return draw(next(iter(answer.figures.values())), path.suffix.lower()[1:])


def write_file(path: Path, content: bytes, arguments: argparse.Namespace | None = None) -> None:
    """Write a file that the user named, unless it is an input or somebody else's and ``--force`` is not given."""
    try:
        inputs = [] if arguments is None else _beside(path, arguments)
        written.write(path, content, inputs=inputs, force=getattr(arguments, "force", False))
    except OSError as error:
        raise _not_writable(path, error.strerror) from error


def _not_writable(path: Path, why: str | None) -> InputError:
    return InputError(
        f"{path} cannot be written: {why}.",
        "Its folder may not exist or may be protected.",
        "Name a file in a folder you can write to.",
    )


def _beside(path: Path, arguments: argparse.Namespace) -> list[Path]:
    """Return what else the command names that may be a file; one mention is the output itself."""
    named = [Path(text) for value in vars(arguments).values() for text in _texts(value)]
    if path in named:
        named.remove(path)
    if getattr(arguments, "sample", None) is not None:
        named.append(Path("study.toml"))
    return named


def _texts(value: Any) -> list[str | Path]:
    if isinstance(value, str | Path):
        return [value] if str(value) else []
    return [text for item in value for text in _texts(item)] if isinstance(value, list | tuple) else []
