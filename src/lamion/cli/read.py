"""Say what a file is and what is in it; with --csv, write its columns under the Battery Data Format's names."""

from __future__ import annotations

import argparse
from pathlib import Path

from lamion.cli.output import add_output_arguments, show
from lamion.formats import FileContent, read
from lamion.quantities import Answer, Quantity
from lamion.quantities.answer import Column
from lamion.records import ImpedanceSpectrum
from lamion.records.record import Record
from lamion.tasks.declaring.measured import about_files


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    parser.add_argument("files", metavar="FILE", type=Path, nargs="+")
    parser.add_argument("--columns", metavar="SPEC", help='what the columns are, as in "f=1,re=2,im=-3"')
    add_output_arguments(parser, figure=False)


def run(arguments: argparse.Namespace) -> int:
    """Read the files and show what they hold.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    contents = [read(path, columns=arguments.columns) for path in arguments.files]
    show(about_files(_answer(contents), contents), arguments)
    return 0


def _answer(contents: list[FileContent]) -> Answer:
    records = [(content, record) for content in contents for record in content.records]
    points = sum(len(record) for _, record in records)
    return Answer(
        results={"points": Quantity(float(points), None, "1")},
        series=_series(records),
        notes={
            "format": _one_or_all([content.format for content in contents]),
            "record": _one_or_all(sorted({type(record).__name__ for _, record in records})),
            "records": [_described(content, record) for content, record in records],
            "sha256": {content.name: content.sha256 for content in contents},
            "header": dict(contents[0].metadata) if len(contents) == 1 else None,
        },
    )


def _one_or_all(items: list[str]) -> str | list[str]:
    return items[0] if len(set(items)) == 1 else items


def _cycle(record: Record) -> int | None:
    return record.cycle if isinstance(record, ImpedanceSpectrum) else None


def _described(content: FileContent, record: Record) -> str:
    cycle = "" if _cycle(record) is None else f", cycle {_cycle(record)}"
    name, values = next(iter(record.columns().items()))
    return f"{content.name}{cycle}: {len(record)} points, {name} {min(values):g} to {max(values):g}"


def _series(records: list[tuple[FileContent, Record]]) -> dict[str, Column]:
    """Join the records' columns; a file and a cycle column tell them apart where there are several."""
    columns: dict[str, list[float | str | None]] = {}
    for content, record in records:
        own: dict[str, list[float | str | None]] = {}
        if len(records) > 1:
            own["File"] = [content.name] * len(record)
            own["Cycle Count / 1"] = [_cycle(record)] * len(record)
        own.update({name: list(values) for name, values in record.columns().items()})
        for name, values in own.items():
            columns.setdefault(name, []).extend(values)
    return dict(columns)
