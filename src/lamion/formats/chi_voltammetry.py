"""CH Instruments' text export of cyclic voltammetry: segments of current against potential, and the scan rate.

Not all declared segments need to have been run. Time follows from the scan rate. The sign of the current is the
program's setting, which the file does not say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from lamion.formats.channel import places
from lamion.formats.chi_text import carries, column_of, last_line, metadata_of, setting, titles_of
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.side_columns import Layout
from lamion.formats.table import headers, separator_of
from lamion.formats.text import TextLine
from lamion.quantities import FileFormatError
from lamion.records.measurements import Voltammogram

Array = NDArray[np.float64]
_TECHNIQUE = "Cyclic Voltammetry"
_POTENTIAL, _CURRENT = "Potential/V", "Current/A"
_RATE, _INTERVAL, _SEGMENTS = "Scan Rate (V/s)", "Sample Interval (V)", "Segment"
_LIMITS = ("Low E (V)", "High E (V)")
_FIRST = "Init P/N"
_SEGMENT = re.compile(r"\s*Segment (\d{1,6}):\s*", re.ASCII)
_OFF = 0.5
"""Of an interval: potentials that are further from where the next point must stand are another's."""


def _matches(raw: RawFile) -> bool:
    return carries(raw.text, _TECHNIQUE, (_RATE, _SEGMENTS))


def _read(raw: RawFile) -> Parsed:
    text = raw.text
    titles = titles_of(text, (_POTENTIAL, _CURRENT))
    layout = Layout(headers(titles.text, separator_of(titles.text)), separator_of(titles.text))
    metadata = metadata_of(text.lines[: titles.number - 1])
    body, segment = _segments(text.file, text.lines[titles.number :])
    table = layout.rows(text.file, body)
    potential, current = (column_of(text, layout, table, titles, label).values for label in (_POTENTIAL, _CURRENT))
    rate = setting(text.file, metadata, _RATE, positive=True)
    seconds = np.cumsum(np.abs(np.diff(potential, prepend=potential[0]))) / rate
    record = Voltammogram(potential, current, seconds, segment)
    lines = [row.number for row in table]
    warnings = [*last_line(text, table, layout), *_doubts(text.file, record, metadata, lines)]
    return Parsed((record,), metadata, tuple(warnings))


FORMAT = Format("CHI cyclic voltammetry text", _matches, _read)


def _segments(file: str, lines: Sequence[TextLine]) -> tuple[list[TextLine], list[int]]:
    """Return the lines of numbers, and which segment each belongs to."""
    body: list[TextLine] = []
    segment: list[int] = []
    number = 0
    for line in lines:
        head = _SEGMENT.fullmatch(line.text)
        if head is not None and int(head[1]) != number + 1:
            found = f"'{line.text.strip()[:30]}'"
            raise FileFormatError(file, f"line {line.number}", f"'Segment {number + 1}:'", found, _AGAIN)
        if head is not None:
            number += 1
        elif line.text.strip():
            body.append(line)
            segment.append(max(number, 1))
    return body, segment


_AGAIN = "Lines were removed or moved: export the file again from the CHI program."


def _doubts(file: str, record: Voltammogram, metadata: Mapping[str, str], lines: list[int]) -> Iterator[str]:
    declared = setting(file, metadata, _SEGMENTS, positive=True)
    segment = record.segment
    assert segment is not None  # noqa: S101  it is made above
    if segment[-1] != declared:
        yield f"The header declares {declared:g} segments, {segment[-1]:g} were run, or the file was cut."
    yield from _positions(file, record.voltage, segment, metadata, lines)
    if _area(record.voltage, record.current) < 0.0:
        yield (
            "The current is the smaller one while the potential rises: the CHI program may count cathodic currents as "
            "positive, which the file does not say."
        )


def _positions(
    file: str, potential: Array, segment: Array, metadata: Mapping[str, str], lines: list[int]
) -> Iterator[str]:
    """Warn where a potential is not one interval from the one before, or beyond the limits."""
    interval = setting(file, metadata, _INTERVAL, positive=True)
    low, high = (setting(file, metadata, name) for name in _LIMITS)
    first = {"P": 1.0, "N": -1.0}.get(metadata.get(_FIRST, ""))
    if first is None:
        raise FileFormatError(file, "", f"the line '{_FIRST} = P' or N", "another", _AGAIN)
    way = np.where(segment % 2 == 1, first, -first)
    # A segment's first point is the turn, which the way of the segment before leads to.
    expected = np.append(way[0], way[:-1]) * interval
    steps = np.diff(potential)
    off = np.flatnonzero(np.abs(steps - expected[1:]) > _OFF * interval) + 1
    if len(off):
        yield (
            f"{places(off, lambda row: f'line {lines[row]}')}: the potential is not {interval:g} V from the one "
            "before, in the direction of its segment, so lines are missing or were moved, or a number was changed."
        )
    outside = np.flatnonzero((potential < low - interval) | (potential > high + interval))
    if len(outside):
        yield f"{places(outside, lambda row: f'line {lines[row]}')}: the potential is beyond the header's limits."


def _area(potential: Array, current: Array) -> float:
    """Return the current on the way up less that on the way down, over the potential."""
    return float(np.sum(current[1:] * np.diff(potential)))
