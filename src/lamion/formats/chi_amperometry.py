"""CH Instruments' text export of the technique "Amperometric i-t Curve": current against time at one potential.

Times are printed with four digits, so that above a thousand sampling steps neighbours share a printed time; they
are then spread evenly over what the rounding leaves. The sign of the current is the program's setting, which the
file does not say: by CH Instruments' default a cathodic current is positive.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from lamion.formats.chi_text import column_of, gaps, last_line, metadata_of, rising, setting, titles_of
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.side_columns import Layout
from lamion.formats.table import Numbers, Row, headers, parse_number, separator_of
from lamion.records.measurements import CurrentTransient

_TECHNIQUES = ("Amperometric i-t Curve", "i - t Curve")
_TIME, _CURRENT = "Time/sec", "Current/A"
_POTENTIAL, _INTERVAL, _RUN = "Init E (V)", "Sample Interval (s)", "Run Time (sec)"


def _matches(raw: RawFile) -> bool:
    return raw.text.line(2).strip() in _TECHNIQUES


def _read(raw: RawFile) -> Parsed:
    text = raw.text
    titles = titles_of(text, (_TIME, _CURRENT))
    layout = Layout(headers(titles.text, separator_of(titles.text)), separator_of(titles.text))
    metadata = metadata_of(text.lines[: titles.number - 1])
    lines = text.lines[titles.number :]
    table = layout.rows(text.file, lines)
    time, current = (column_of(text, layout, table, titles, label) for label in (_TIME, _CURRENT))
    interval = setting(text.file, metadata, _INTERVAL, positive=True)
    potential = setting(text.file, metadata, _POTENTIAL)
    seconds, warnings = rising(text.file, table, time, interval)
    transient = CurrentTransient(seconds, current.values, np.full(len(seconds), potential))
    warnings += [
        *last_line(text, table, layout),
        *gaps(table, time, interval),
        *_run_time(metadata, time, interval),
        *_outliers(table, current.values),
        *_direction(potential, current.values),
    ]
    return Parsed((transient,), metadata, tuple(warnings))


FORMAT = Format("CHI amperometric i-t text", _matches, _read)


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
