"""What CH Instruments' text exports have in common: a header, a line of column headers, numbers with few digits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from lamion.formats import evidence
from lamion.formats.headers import Heading, Meaning
from lamion.formats.side_columns import Layout
from lamion.formats.table import Numbers, Row, headers, parse_number, separator_of
from lamion.formats.text import Text, TextLine
from lamion.quantities import FileFormatError

_LONGEST_HEADER = 60
_FIELD = re.compile(r"(?P<name>[^=:]+?)\s*[=:]\s*(?P<value>.*)")


def carries(text: Text, technique: str, settings: Sequence[str]) -> bool:
    """Tell a technique by its name in the second line; where that was damaged, by its settings."""
    if text.line(2).strip() == technique:
        return True
    names = {line.text.partition(" = ")[0].strip() for line in text.lines[:_LONGEST_HEADER]}
    return names >= set(settings)


def titles_of(text: Text, columns: Sequence[str]) -> TextLine:
    """Return the line with one of these headers; a list of peaks of any length may stand above it."""
    for line in text.lines:
        if set(headers(line.text, separator_of(line.text))) & set(columns):
            return line
    raise FileFormatError(
        text.file,
        "",
        f"the line of column headers, '{', '.join(columns)}'",
        "no such line",
        "The line was removed or the file was cut: export it again from the CHI program.",
    )


def metadata_of(lines: Sequence[TextLine]) -> dict[str, str]:
    """Return the header by its names."""
    found = {"Date": lines[0].text.strip(), "Technique": lines[1].text.strip()} if len(lines) > 1 else {}
    for line in lines[2:]:
        match = _FIELD.fullmatch(line.text.strip())
        if match is not None:
            found.setdefault(match["name"], match["value"])
    return found


def column_of(text: Text, layout: Layout, table: Sequence[Row], titles: TextLine, label: str) -> Numbers:
    """Return the column of a header that must stand once."""
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


def setting(file: str, metadata: Mapping[str, str], name: str, *, positive: bool = False) -> float:
    """Return a number of the header."""
    parsed = parse_number(metadata.get(name, "").replace(",", "."))
    if parsed is None or (positive and parsed[0] <= 0.0):
        raise FileFormatError(
            file,
            "",
            f"the line '{name} = ' and a number in the header",
            f"'{metadata[name][:30]}'" if name in metadata else "no such line",
            "Lines were removed or changed: export the file again from the CHI program.",
        )
    return parsed[0]


def rising(file: str, table: Sequence[Row], time: Numbers, interval: float) -> tuple[NDArray[np.float64], list[str]]:
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


def last_line(text: Text, table: Sequence[Row], layout: Layout) -> list[str]:
    """Judge a last line without a line end by the digits of its last cell."""
    if text.terminated:
        return []
    used = {Meaning.REAL: Heading(Meaning.REAL, len(layout.labels) - 1, layout.labels[-1])}
    return [evidence.check_last_line(text.file, table, used)]


def gaps(table: Sequence[Row], time: Numbers, interval: float) -> Iterator[str]:
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
