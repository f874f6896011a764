"""CH Instruments' text export of chronopotentiometry: potential against time, the current in the header.

The current turns where the potential meets a limit. Cathodic current discharges the working electrode: it is negative.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.formats.channel import places
from lamion.formats.chi_text import carries, column_of, gaps, last_line, metadata_of, rising, setting, titles_of
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.side_columns import Layout
from lamion.formats.table import headers, separator_of
from lamion.quantities import FileFormatError
from lamion.records.measurements import CyclingRecord

Array = NDArray[np.float64]
_TECHNIQUE = "Chronopotentiometry"
_TIME, _POTENTIAL = "Time/sec", "Potential/V"
_INTERVAL, _SEGMENTS = "Data Storage Interval (s)", "Segment"
_CURRENTS = {-1: "Cathodic Current (A)", 1: "Anodic Current (A)"}
_LIMITS = {-1: "Low E Limit (V)", 1: "High E Limit (V)"}
_FIRST, _POLARITY = "Init P/N", "Current Switching Polarity"
_REACH = 1.5
"""Steps of the potential that a limit may be ahead of the last point before the turn."""
_STAYS = 3
"""Points that stay back behind the last one before a turn."""
_MOST = 10_000
"""Segments that a run has at most."""


@dataclass(frozen=True)
class _Programme:
    """What the header says: currents and limits by direction, the first direction, the number of segments."""

    currents: Mapping[int, float]
    limits: Mapping[int, float]
    first: int
    segments: int


def _matches(raw: RawFile) -> bool:
    return carries(raw.text, _TECHNIQUE, (_POLARITY, _SEGMENTS))


def _read(raw: RawFile) -> Parsed:
    text = raw.text
    titles = titles_of(text, (_TIME, _POTENTIAL))
    layout = Layout(headers(titles.text, separator_of(titles.text)), separator_of(titles.text))
    metadata = metadata_of(text.lines[: titles.number - 1])
    table = layout.rows(text.file, text.lines[titles.number :])
    time, potential = (column_of(text, layout, table, titles, label) for label in (_TIME, _POTENTIAL))
    interval = setting(text.file, metadata, _INTERVAL, positive=True)
    programme = _programme(text.file, metadata)
    seconds, warnings = rising(text.file, table, time, interval)
    segment = _segments(potential.values, programme, float(potential.half_units.max()))
    way = np.where(segment % 2 == 1, programme.first, -programme.first)
    current = np.where(way > 0, programme.currents[1], -programme.currents[-1])
    record = CyclingRecord(seconds, potential.values, current, step=segment)
    lines = [row.number for row in table]
    warnings += [
        *last_line(text, table, layout),
        *gaps(table, time, interval),
        *_doubts(record, way, programme, float(potential.half_units.max()), lines),
    ]
    return Parsed((record,), metadata, tuple(warnings))


FORMAT = Format("CHI chronopotentiometry text", _matches, _read)


def _programme(file: str, metadata: Mapping[str, str]) -> _Programme:
    currents = {way: setting(file, metadata, name, positive=True) for way, name in _CURRENTS.items()}
    limits = {way: setting(file, metadata, name) for way, name in _LIMITS.items()}
    segments = setting(file, metadata, _SEGMENTS, positive=True)
    first = {"N": -1, "P": 1}.get(metadata.get(_FIRST, ""))
    if first is None or segments % 1.0 or segments > _MOST or limits[-1] >= limits[1]:
        expected = f"'{_FIRST} = N' or P, '{_SEGMENTS} = ' and a whole number, and a lower limit below the higher"
        raise FileFormatError(file, "", expected, "another header", _AGAIN)
    if metadata.get(_POLARITY) != "Potential":
        found = f"'{metadata.get(_POLARITY, 'no such line')[:30]}'"
        raise FileFormatError(file, "", f"'{_POLARITY} = Potential'", found, "Export the run with its current.")
    return _Programme(currents, limits, first, int(segments))


_AGAIN = "Lines were removed or changed: export the file again from the CHI program."


def _segments(potential: Array, programme: _Programme, half: float) -> Array:
    """Count the segments from 1, a new one behind each turn."""
    found = np.ones(len(potential))
    start, way = 0, programme.first
    for _ in range(programme.segments - 1):
        turn = _turn(way * potential[start:], way * programme.limits[way], half)
        if turn is None:
            break
        start, way = start + turn, -way
        found[start:] += 1.0
    return found


def _turn(ahead: Array, limit: float, half: float) -> int | None:
    """Return the first point behind a turn of what rises to a limit; None where there is none."""
    if len(ahead) < 2:
        return None
    step = np.abs(np.diff(ahead, prepend=ahead[0]))
    near = ahead[:-1] >= limit - _REACH * step[:-1] - 3.0 * half
    back = np.full(len(ahead) - 1, True)
    for later in range(1, _STAYS + 1):
        back[: len(ahead) - later] &= ahead[later:] < ahead[:-later] - half
    turns = np.flatnonzero(near & back)
    return int(turns[0]) + 1 if len(turns) else None


def _doubts(record: CyclingRecord, way: Array, programme: _Programme, half: float, lines: list[int]) -> Iterator[str]:
    segment, potential = record.step, record.voltage
    assert segment is not None  # noqa: S101  it is made above
    if segment[-1] < programme.segments:
        found = f"{segment[-1]:.0f} were found: the run was stopped or cut"
        yield f"The header declares {programme.segments} segments, {found}."
    last = int(way[-1])
    missing = last * (programme.limits[last] - potential[-1])
    step = abs(potential[-1] - potential[-2]) if len(potential) > 1 else 0.0
    if missing > _REACH * step + 3.0 * half:
        limit = programme.limits[last]
        yield f"The last potential, {potential[-1]:g} V, is not the limit of {limit:g} V: the run was stopped or cut."
    beyond = (potential < programme.limits[-1] - 3.0 * half) | (potential > programme.limits[1] + 3.0 * half)
    outside = np.flatnonzero(beyond)
    if len(outside):
        yield f"{places(outside, lambda row: f'line {lines[row]}')}: the potential is beyond the header's limits."
    for number in range(1, int(segment[-1]) + 1):
        own = potential[segment == number]
        if len(own) > 1 and way[segment == number][0] * (own[-1] - own[0]) < 0.0:
            yield f"The potential of segment {number} moves against its current, whose sign is that of the header."
