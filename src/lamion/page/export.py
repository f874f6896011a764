"""What is taken home from the page: a page that stands alone, tables, pictures, the commands, a study."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lamion.cli.output import csv_of
from lamion.page.running import Finished
from lamion.quantities import FigureData, InputError
from lamion.quantities.showing import lines
from lamion.report.figures.csv_table import csv_table
from lamion.report.figures.draw import draw

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_LOOK = """body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
img{max-width:100%}pre{white-space:pre-wrap;overflow-wrap:anywhere}h2{margin-top:2.5rem;overflow-wrap:anywhere}
code{background:#f0f2f5;padding:.2rem .4rem;overflow-wrap:anywhere}"""


def page(finished: Sequence[Finished]) -> bytes:
    """Return everything that is seen as one HTML file without links to others."""
    parts = [_section(one) for one in finished]
    policy = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    head = f'<meta charset="utf-8">{policy}<meta name="viewport" content="width=device-width"><title>lamion</title>'
    body = "".join(parts)
    return (
        f'<!doctype html><html lang="en"><head>{head}<style>{_LOOK}</style></head><body>{body}</body></html>'.encode()
    )


def _section(one: Finished) -> str:
    told = "\n".join(line.text for line in lines(one.answer, meanings=one.task.meanings, remarks=one.remarks))
    pictures = "".join(map(_picture, one.answer.figures.values()))
    title = html.escape(one.task.help)
    return (
        f"<h2>{title}</h2><p><code>{html.escape(one.said.command)}</code></p><pre>{html.escape(told)}</pre>{pictures}"
    )


def _picture(figure: FigureData) -> str:
    title, drawn = html.escape(figure.title), base64.b64encode(draw(figure, "svg")).decode()
    source = f"data:image/svg+xml;base64,{drawn}"
    return f'<figure><img alt="{title}" src="{source}"><figcaption>{title}</figcaption></figure>'


def table(finished: Sequence[Finished]) -> bytes:
    """Return the series of one answer as a CSV table, as ``--csv`` writes it."""
    return csv_of(_only(finished).answer)


def figure_table(finished: Sequence[Finished]) -> bytes:
    """Return the numbers of one answer's first figure as a CSV table."""
    return csv_table(_first_figure(finished)).encode()


def picture(finished: Sequence[Finished]) -> bytes:
    """Return one answer's first figure as SVG, as ``--figure`` draws it."""
    return draw(_first_figure(finished), "svg")


def _first_figure(finished: Sequence[Finished]) -> FigureData:
    figures = _only(finished).answer.figures
    if not figures:
        raise InputError("There is nothing to draw.", "This answer has no figure.", "Take its numbers.")
    return next(iter(figures.values()))


def _only(finished: Sequence[Finished]) -> Finished:
    if len(finished) != 1:
        raise InputError("One answer is taken at a time.", "", "Choose one.")
    return finished[0]


def answer_json(finished: Sequence[Finished]) -> bytes:
    """Return one answer as ``--json`` prints it."""
    text = json.dumps(_only(finished).answer.to_json(), ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode()


def script(finished: Sequence[Finished]) -> bytes:
    """Return the commands, to be run in the folder of the files."""
    return "\n".join(["#!/bin/sh", "set -e", *(one.said.command for one in finished), ""]).encode()


def study(finished: Sequence[Finished]) -> bytes:
    """Return a study.toml with a step for each command, to be put beside the files."""
    parts = ['[study]\ntitle = "From the page"\nreference = ""\n', '[[sample]]\nname = "sample"\n']
    for number, one in enumerate(finished, start=1):
        name = f"{one.task.name.replace(' ', '-')}-{number}"
        rows = [f"id = {_toml(name)}", f"task = {_toml(one.task.name)}"]
        rows += [f"{_written(one, key)} = {_toml(_plain(one, key, item))}" for key, item in one.said.written.items()]
        parts.append("[[step]]\n" + "\n".join(rows) + "\n")
    return "\n".join(parts).encode()


def _written(one: Finished, name: str) -> str:
    return (one.task.parameters.get(name) or one.task.spelled[name]).written


def _plain(one: Finished, name: str, item: Any) -> Any:
    """Return an option as a study writes it: what has names is a table there."""
    parameter = one.task.parameters.get(name) or one.task.spelled[name]
    if not parameter.named:
        return item
    pairs = (text.partition("=") for text in item)
    return {key.strip(): value.strip() for key, _, value in pairs}


def _toml(item: Any) -> str:
    if isinstance(item, Mapping):
        return "{ " + ", ".join(f"{_toml(key)} = {_toml(value)}" for key, value in item.items()) + " }"
    return json.dumps(item, ensure_ascii=False)


KINDS: Mapping[str, tuple[Callable[[Sequence[Finished]], bytes], str, str]] = {
    "html": (page, "lamion.html", "text/html"),
    "csv": (table, "series.csv", "text/csv"),
    "figure-csv": (figure_table, "figure.csv", "text/csv"),
    "svg": (picture, "figure.svg", "image/svg+xml"),
    "json": (answer_json, "answer.json", "application/json"),
    "sh": (script, "commands.sh", "text/plain"),
    "toml": (study, "study.toml", "text/plain"),
}
"""What can be taken, with the name of its file and its kind."""
