"""Say what a file is and what is in it; with --csv, write its columns under the Battery Data Format's names.

With --bdf, write all that was read, facts and header too, as a file of that format: lamion reads it back without loss.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from lamion import texts
from lamion.cli.output import check_outputs, show, write_file
from lamion.cli.parser import argument
from lamion.cli.several import each, noted, tell
from lamion.formats import FileContent, read
from lamion.formats.bdf import writer
from lamion.formats.conditions import conditions
from lamion.formats.content import words
from lamion.formats.overview import counted, span
from lamion.quantities import Answer, Quantity
from lamion.quantities.showing import ShownLine, warning_lines
from lamion.records import ImpedanceSpectrum
from lamion.records.record import Record, columns_of, span_of
from lamion.records.voxel_image import VoxelImage
from lamion.tasks.declaring.measured import about_files

_LINES = 24
_MANY_KINDS = 3
_ROWS = 12
"""Files or cycles that have a line of their own."""


ARGUMENTS = (
    argument("files", metavar="FILE", type=Path, nargs="+", help="what an instrument wrote, or a table"),
    argument(
        "--columns", metavar="KEY=N,...", help='what the columns are, as in "f=1,re=2,im=-3" or "time=1 h,voltage=2 mV"'
    ),
    argument(
        "--record",
        metavar="KIND",
        help="what it is, where it does not say so: impedance, diffraction...; a wrong word names them all",
    ),
    argument(
        "--bdf",
        metavar="FILE",
        type=Path,
        help="write a .bdf.csv or .bdf.parquet of Battery Data Format, and its .bdf.metadata.json",
    ),
)
EXAMPLES = ("lamion read cell.mpt", "lamion read cell.mpt --csv cell.csv", "lamion read cell.mpt --bdf cell.bdf.csv")
OUTPUT = {"figure": False, "unit": False}


def run(arguments: argparse.Namespace) -> int:
    """Read the files and show what they hold."""
    if arguments.bdf is not None:
        arguments.sidecar = writer.names(arguments.bdf)[1]
    check_outputs(arguments, ("bdf", "sidecar"))
    contents, refused = each(
        arguments.files, lambda path: read(path, columns=arguments.columns, record=arguments.record)
    )
    shown = arguments.json or arguments.details
    series = _series(contents, as_arrays=not shown) if shown or arguments.csv is not None else {}
    answer = noted(about_files(replace(_answer(contents), series=series), contents), refused)
    for path, content in writer.files(contents, arguments.bdf).items() if arguments.bdf is not None else ():
        write_file(path, content, arguments)
    show(answer, arguments, layout=lambda width: _screen(answer, contents, width))
    return tell(refused, len(arguments.files))


def _answer(contents: list[FileContent]) -> Answer:
    records = [(content, record) for content in contents for record in content.records]
    points = sum(len(record) for _, record in records)
    return Answer(
        results={"points": Quantity(float(points), None, "1")},
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
    name, values = next(iter(columns_of(record).items()))
    low, high = span_of(values) or (0.0, 0.0)
    return f"{content.name}{cycle}: {counted([record])}, {name} {low:g} to {high:g}"


def _series(contents: list[FileContent], *, as_arrays: bool) -> dict[str, Any]:
    """Join the records' columns; a file and a cycle column tell them apart where there are several.

    Those of one record may stay arrays, which take a quarter of the memory of lists.
    """
    records = [(content, record) for content in contents for record in content.records]
    if as_arrays and len(records) == 1:
        return dict(columns_of(records[0][1]))
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


def _screen(answer: Answer, contents: list[FileContent], width: int) -> list[ShownLine]:
    """Lay out what matters: what it is, how much of it, over what range, under which conditions, what looks odd."""
    records = [(content, record) for content in contents for record in content.records]
    one = contents[0] if len(contents) == 1 else None
    shown = _ranges(records[0][1]) if len(records) == 1 else _rows(records, len(contents) > 1, width)
    told = [*_title(contents, records, width), *shown]
    if one is not None:
        said = conditions(one)
        column = max(map(len, said), default=0)
        told += [
            ShownLine("method", texts.shortened(f"{name:<{column}}  {text}", width)) for name, text in said.items()
        ]
    if answer.synthetic:
        told.append(ShownLine("method", "The data are synthetic."))
    if one is not None and one.metadata:
        entries = "1 entry" if len(one.metadata) == 1 else f"{len(one.metadata)} entries"
        told.append(ShownLine("detail", f"the header's {entries}, with --details"))
    return [*told, *warning_lines(answer, width, _LINES - len(told))]


def _title(contents: list[FileContent], records: list[tuple[FileContent, Record]], width: int) -> list[ShownLine]:
    kinds = sorted({words(type(record)) for _, record in records})
    formats = sorted({content.format for content in contents})
    name = contents[0].name if len(contents) == 1 else f"{len(contents)} files"
    number = counted([record for _, record in records])
    several = f"{len(records)} records, " if len(records) > len(contents) else ""
    text = f"{name}  {', '.join(kinds)}; {', '.join(formats)}; {several}{number}"
    if len(text) > width and len(formats) > 1:
        held = ", ".join(kinds) if len(kinds) < _MANY_KINDS else f"{len(kinds)} kinds of record"
        text = f"{name}  {held}; {len(formats)} formats; {several}{number}"
    return [ShownLine("result", texts.shortened(text, width), len(name))]


def _ranges(record: Record) -> list[ShownLine]:
    """Say over what each column runs."""
    columns = list(columns_of(record).items())
    if isinstance(record, VoxelImage):
        phases = zip(*(values for _, values in columns), strict=True)
        found = [
            ShownLine("method", f"phase {phase:g}  {texts.counted(int(count), 'voxel')}") for phase, count in phases
        ]
        return found if len(found) <= _ROWS else [*found[:_ROWS], ShownLine("detail", f"and {len(found) - _ROWS} more")]
    titles = [title.removesuffix(" / 1").partition(" / ") for title, _ in columns]
    column = max(len(name) for name, _, _ in titles)
    found = [
        ShownLine("method", f"{name:<{column}}  {span(values, unit)}")
        for (name, _, unit), (_, values) in zip(titles, columns, strict=True)
    ]
    return (
        found
        if len(found) <= _ROWS
        else [*found[:_ROWS], ShownLine("detail", f"and {len(found) - _ROWS} more columns")]
    )


def _rows(records: list[tuple[FileContent, Record]], with_names: bool, width: int) -> list[ShownLine]:
    """Give each record a line, as many as a screen holds."""
    cells = []
    for content, record in records[:_ROWS]:
        cycle = "" if _cycle(record) is None else f"cycle {_cycle(record)}"
        title, values = next(iter(columns_of(record).items()))
        name, _, unit = title.removesuffix(" / 1").partition(" / ")
        of_file = [content.name] if with_names else []
        cells.append([*of_file, cycle, counted([record]), f"{name} {span(values, unit)}"])
    widths = [max(len(row[place]) for row in cells) for place in range(len(cells[0]))]
    found = ["  ".join(f"{cell:<{w}}" for cell, w in zip(row, widths, strict=True) if w).rstrip() for row in cells]
    more = [f"and {len(records) - _ROWS} more, with --details"] if len(records) > _ROWS else []
    return [ShownLine("method", texts.shortened(text, width)) for text in (*found, *more)]
