"""How every verb shows its answer: for people, as JSON, as a CSV table, as a figure."""

from __future__ import annotations

import argparse
import csv
import io
import json
from pathlib import Path

from lamion import atomic
from lamion.quantities import Answer, InputError
from lamion.quantities.showing import lines


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
    return "\n".join(text for _, text in lines(answer, details=True, width=None)) + "\n"


def _csv(answer: Answer) -> bytes:
    if not answer.series:
        raise InputError("There is no series to write as CSV.", "", "Leave --csv away.")
    text = io.StringIO()
    if answer.synthetic:
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
