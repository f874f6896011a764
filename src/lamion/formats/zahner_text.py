"""Zahner Thales' text export of an impedance: a header, the number of lines, then a table.

The temperature that its header prints is the workstation's input, with or without a sensor: it is told, never used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lamion.formats import spectra
from lamion.formats.conditions import of_no_sensor
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.headers import understand
from lamion.formats.side_columns import Layout, check_count, check_counting, check_rising
from lamion.formats.text import Text, TextLine

_LONGEST_HEADER = 100
_SEPARATOR = " "
_GAP = re.compile(r"\s{2,}")
_FIELD = re.compile(r"(?P<name>[A-Za-z ]+?)[.]*:\s*(?P<value>.*)")
_LABELS = {"impedance R/Ohm": "Z'/Ohm", "impedance I/Ohm": "Z''/Ohm"}
_FREQUENCY, _NUMBER, _TIME = "Frequency/Hz", "Number", "Time/s"


def _matches(raw: RawFile) -> bool:
    return re.match(r"File\.{3,}:", raw.text.line(1)) is not None and _titles(raw.text) is not None


def _read(raw: RawFile) -> Parsed:
    text = raw.text
    titles = _titles(text)
    assert titles is not None  # noqa: S101  it matched
    printed = _labels(titles)
    labels = [_LABELS.get(label, label) for label in printed]
    headings = understand(text.file, titles.number, labels)
    spectra.require_columns(text.file, titles.number, printed, headings)
    lines = text.lines[titles.number :]
    found = spectra.from_table(text, lines, headings, len(labels), _SEPARATOR)
    metadata = _metadata(text.lines[: titles.number - 1])
    layout = Layout(printed, _SEPARATOR)
    table = layout.rows(text.file, lines)
    warnings = [
        *_declared_count(text, metadata, len(table)),
        *of_no_sensor(metadata),
        *found.warnings,
        *check_counting(table, layout.column(text.file, table, _NUMBER)),
        *check_rising(table, layout.column(text.file, table, _TIME)),
    ]
    return Parsed(found.spectra, metadata, tuple(warnings))


FORMAT = Format("Zahner Thales text", _matches, _read)


def _titles(text: Text) -> TextLine | None:
    """Return the line of column headers, whose words stand closer together than its columns."""
    for line in text.lines[:_LONGEST_HEADER]:
        labels = _labels(line)
        if _FREQUENCY in labels or len(set(labels) & {_NUMBER, _TIME, *_LABELS}) > 1:
            return line
    return None


def _labels(line: TextLine) -> tuple[str, ...]:
    return tuple(_GAP.split(line.text.strip()))


def _metadata(lines: Sequence[TextLine]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines:
        match = _FIELD.fullmatch(line.text.strip())
        if match is not None and match["value"]:
            found.setdefault(match["name"].strip(), match["value"])
    return found


def _declared_count(text: Text, metadata: Mapping[str, str], found: int) -> list[str]:
    declared = metadata.get("Lines", "")
    if not re.fullmatch(r"\d{1,9}", declared, re.ASCII):
        return ["The header declares no number of lines, as in 'Lines:   31': the table may have been cut."]
    return check_count(text.file, "its header", int(declared), found)
