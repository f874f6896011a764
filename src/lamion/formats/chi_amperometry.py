"""CH Instruments' text export of the technique "Amperometric i-t Curve": current against time at one potential.

Times are printed with four digits, so that above a thousand sampling steps neighbours share a printed time; they
are then spread evenly over what the rounding leaves. The sign of the current is the program's setting, which the
file does not say: by CH Instruments' default a cathodic current is positive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from lamion.formats import evidence
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.headers import Heading, Meaning
from lamion.formats.side_columns import Layout
from lamion.formats.table import Numbers, Row, headers, parse_number, separator_of
from lamion.formats.text import Text, TextLine
from lamion.quantities import FileFormatError
from lamion.records.measurements import CurrentTransient

_TECHNIQUES = ("Amperometric i-t Curve", "i - t Curve")
_TIME, _CURRENT = "Time/sec", "Current/A"
_POTENTIAL, _INTERVAL, _RUN = "Init E (V)", "Sample Interval (s)", "Run Time (sec)"
_FIELD = re.compile(r"(?P<name>[^=:]+?)\s*[=:]\s*(?P<value>.*)")


def _matches(raw: RawFile) -> bool:
    return raw.text.line(2).strip() in _TECHNIQUES


def _read(raw: RawFile) -> Parsed:
    text = raw.text
    titles = _titles(text)
    layout = Layout(headers(titles.text, separator_of(titles.text)), separator_of(titles.text))
    metadata = _metadata(text.lines[: titles.number - 1])
    lines = text.lines[titles.number :]
    table = layout.rows(text.file, lines)
    time, current = (_column(text, layout, table, titles, label) for label in (_TIME, _CURRENT))
    interval = _setting(text.file, metadata, _INTERVAL)
    potential = _setting(text.file, metadata, _POTENTIAL)
    seconds, warnings = _times(text.file, table, time, interval)
    transient = CurrentTransient(seconds, current.values, np.full(len(seconds), potential))
    warnings += [
        *_last_line(text, table, layout),
        *_gaps(table, time, interval),
        *_run_time(metadata, time, interval),
        *_outliers(table, current.values),
        *_direction(potential, current.values),
    ]
    return Parsed((transient,), metadata, tuple(warnings))


FORMAT = Format("CHI amperometric i-t text", _matches, _read)


def _titles(text: Text) -> TextLine:
    """Return the line of column headers; a list of peaks of any length may stand above it."""
    for line in text.lines:
        labels = headers(line.text, separator_of(line.text))
        if _TIME in labels or _CURRENT in labels:
            return line
    raise FileFormatError(
        text.file,
        "",
        f"the line of column headers, '{_TIME}, {_CURRENT}'",
        "no such line",
        "The line was removed or the file was cut: export it again from the CHI program.",
    )


def _metadata(lines: Sequence[TextLine]) -> dict[str, str]:
    found = {"Date": lines[0].text.strip(), "Technique": lines[1].text.strip()} if len(lines) > 1 else {}
    for line in lines[2:]:
        match = _FIELD.fullmatch(line.text.strip())
        if match is not None:
            found.setdefault(match["name"], match["value"])
    return found


def _column(text: Text, layout: Layout, table: Sequence[Row], titles: TextLine, label: str) -> Numbers:
    if layout.labels.count(label) != 1:
        raise FileFormatError(
            text.file,
            f"line {titles.number}",
            f"one column '{label}'",
            ", ".join(f"'{name[:30]}'" for name in layout.labels[:8]),
            "The headers were changed: export the file again from the CHI program.",
        )
    column = layout.column(text.file, table, label)
    assert column is not None  # noqa: S101  counted above
    return column


def _setting(file: str, metadata: Mapping[str, str], name: str) -> float:
    parsed = parse_number(metadata.get(name, "").replace(",", "."))
    if parsed is None or (name == _INTERVAL and parsed[0] <= 0.0):
        raise FileFormatError(
            file,
            "",
            f"the line '{name} = ' and a number in the header",
            f"'{metadata[name][:30]}'" if name in metadata else "no such line",
            "Lines were removed or changed: export the file again from the CHI program.",
        )
    return parsed[0]


def _times(file: str, table: Sequence[Row], time: Numbers, interval: float) -> tuple[NDArray[np.float64], list[str]]:
    """Return rising times, each within the rounding of the printed one."""
    steps = np.diff(time.values)
    back = np.flatnonzero(steps < 0.0) + 1
    if len(back) or time.values[0] < 0.0:
        position = int(back[0]) if len(back) else 0
        raise _wrong_time(file, table, position, "a time that is not earlier than the one above", time)
    starts = np.flatnonzero(np.append(True, steps > 0.0))
    counts = np.diff(np.append(starts, len(time.values)))
    room = np.ceil(2.0 * time.half_units[starts] * (1.0 + 1e-9) / interval) + 1.0
    crowded = np.flatnonzero((counts > 1) & ((counts > room) | (2.0 * time.half_units[starts] < interval)))
    if len(crowded):
        expected = f"no more points at one printed time than its rounding holds, {interval:g} s apart"
        raise _wrong_time(file, table, int(starts[crowded[0]]) + 1, expected, time)
    seconds = _spread(time, starts, counts, interval)
    repeated = np.flatnonzero(counts > 1)
    if not len(repeated):
        return seconds, []
    line = table[int(starts[repeated[0]])].number
    return seconds, [
        f"From line {line} on, points share a printed time, which has too few digits; they were spread evenly "
        f"within its rounding, at most {time.half_units.max():g} s from the printed time."
    ]


def _wrong_time(file: str, table: Sequence[Row], position: int, expected: str, time: Numbers) -> FileFormatError:
    return FileFormatError(
        file,
        f"line {table[position].number}",
        expected,
        f"{time.values[position]:g} s",
        "A number was changed, or lines were repeated or moved: export the file again from the CHI program.",
    )


def _spread(time: Numbers, starts: NDArray[np.intp], counts: NDArray[np.intp], interval: float) -> NDArray[np.float64]:
    """Spread the points of each printed time evenly over the part of its rounding that is later than the last.

    The last printed time may have been left early: its points follow each other by the interval.
    """
    seconds = time.values.copy()
    latest = 0.0
    for start, count in zip(starts.tolist(), counts.tolist(), strict=True):
        printed, half = float(time.values[start]), float(time.half_units[start])
        low = max(latest, printed - half)
        room = printed + half - low
        if start + count == len(seconds):
            room = min(room, count * interval)
        if count > 1:
            seconds[start : start + count] = low + (np.arange(count) + 0.5) * room / count
        latest = printed + half
    return seconds


def _last_line(text: Text, table: Sequence[Row], layout: Layout) -> list[str]:
    """Judge a last line without a line end by the digits of its last cell."""
    if text.terminated:
        return []
    used = {Meaning.REAL: Heading(Meaning.REAL, len(layout.labels) - 1, layout.labels[-1])}
    return [evidence.check_last_line(text.file, table, used)]


def _gaps(table: Sequence[Row], time: Numbers, interval: float) -> Iterator[str]:
    """Warn where two printed times are further apart than the interval and the rounding allow."""
    apart = np.diff(np.append(0.0, time.values))
    rounding = time.half_units + np.append(0.0, time.half_units[:-1])
    wide = np.flatnonzero(apart > 1.5 * interval + rounding)
    if len(wide):
        place = table[int(wide[0])].number
        more = f" and {len(wide) - 1} more" if len(wide) > 1 else ""
        yield (
            f"Line {place}{more}: the time is {apart[wide[0]]:g} s after the last one though the interval is "
            f"{interval:g} s, so lines are missing or a number was changed."
        )


def _run_time(metadata: Mapping[str, str], time: Numbers, interval: float) -> Iterator[str]:
    parsed = parse_number(metadata.get(_RUN, "").replace(",", "."))
    last = float(time.values[-1])
    if parsed is not None and parsed[0] - last > 0.5 * interval + float(time.half_units[-1]):
        yield (
            f"The last of {len(time.values)} points is at {last:g} s while the header declares a run of "
            f"{parsed[0]:g} s: the run was stopped, or lines are missing."
        )


def _outliers(table: Sequence[Row], current: NDArray[np.float64]) -> Iterator[str]:
    """Compare each point with the middle of its neighbours."""
    if len(current) < 3:
        return
    middle = np.concatenate([current[1:2], (current[2:] + current[:-2]) / 2, current[-2:-1]])
    apart = np.concatenate(
        [
            20.0 * np.abs(current[1:2] - current[2:3]),
            np.abs(current[2:] - current[:-2]),
            20.0 * np.abs(current[-2:-1] - current[-3:-2]),
        ]
    )
    lone = np.flatnonzero(np.abs(current - middle) > 0.5 * np.maximum(np.abs(current), np.abs(middle)) + 0.5 * apart)
    if len(lone):
        more = f" and {len(lone) - 1} more" if len(lone) > 1 else ""
        yield f"Line {table[int(lone[0])].number}{more}: the current is far from its neighbours."


def _direction(potential: float, current: NDArray[np.float64]) -> Iterator[str]:
    if potential * float(np.median(current)) < 0.0:
        yield (
            "The current flows against the potential: the CHI program may count cathodic currents as positive, "
            "which the file does not say."
        )
