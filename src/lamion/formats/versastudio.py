"""Princeton Applied Research's VersaStudio files (.par): sections in angle brackets, the points in <Segment1> ff.

A segment's line ``Definition=`` names its columns; it ends in a bare count that names none. The potential and the
current of each point are printed beside the impedance, which must be their ratio.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lamion.formats import limits, spectra
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.direct_current import sweeps
from lamion.formats.headers import Headings, understand
from lamion.formats.side_columns import Layout, check_counting, check_rising, up_to
from lamion.formats.table import Numbers, Row, headers
from lamion.formats.text import Text, TextLine
from lamion.quantities import FileFormatError
from lamion.records.column import as_written

_SEPARATOR = ","
_DEFINITION = "Definition="
_OPENING = re.compile(r"<(?P<name>[A-Za-z][A-Za-z0-9]*)>", re.ASCII)
_SEGMENT = re.compile(r"Segment\d+", re.ASCII)
_SINGLE_PRECISION = 2e-6


@dataclass(frozen=True)
class _Segment:
    """One segment: the line and the columns of its definition, and the lines of its points."""

    definition: TextLine
    layout: Layout
    lines: tuple[TextLine, ...]


@dataclass(frozen=True, eq=False)
class _Complex:
    """A complex quantity as printed, and how far rounding can have moved it."""

    values: NDArray[np.complex128]
    half_units: NDArray[np.float64]


def _matches(raw: RawFile) -> bool:
    opening = [raw.text.line(number).strip() for number in (1, 2)]
    return opening == ["<Application>", "Name=VersaStudio"]


def _read(raw: RawFile) -> Parsed:
    text = raw.text
    sections = _sections(text)
    found: list[spectra.TableSpectra] = []
    for name, lines in sections.items():
        if _SEGMENT.fullmatch(name):
            found += _sweeps(text, _segment(text.file, name, lines))
    records = tuple(spectrum for one in found for spectrum in one.spectra)
    if not records:
        raise _no_sweep(text)
    if len(records) > 1:
        records = tuple(replace(spectrum, cycle=number) for number, spectrum in enumerate(records, start=1))
    metadata = _metadata(sections)
    points = sum(_points(lines) for name, lines in sections.items() if _SEGMENT.fullmatch(name))
    metadata["Points of direct current"] = str(points - sum(map(len, records)))
    first, last = (limits.declared(metadata.get(f"{end} Frequency (Hz)", ""), "Hz") for end in ("Start", "End"))
    warnings = [warning for one in found for warning in one.warnings]
    return Parsed(records, metadata, (*limits.compare(first, last, records), *warnings))


FORMAT = Format("VersaStudio file", _matches, _read)


def _no_sweep(text: Text) -> FileFormatError:
    return FileFormatError(
        text.file,
        "",
        "a segment with points of impedance, <Segment1> and its columns 'Frequency(Hz)', 'Z Real' and 'Z Imag'",
        "none",
        "The file holds another technique, was cut, or keeps its points in binary form: choose the impedance's "
        "file, and save it from VersaStudio as ASCII.",
    )


def _sections(text: Text) -> dict[str, tuple[TextLine, ...]]:
    """Return the lines of every section; each must be closed before the next is opened."""
    found: dict[str, tuple[TextLine, ...]] = {}
    name, start = "", 0
    for line in text.lines:
        mark = line.text.strip()
        opening = _OPENING.fullmatch(mark)
        if not name and opening is not None:
            name, start = opening["name"], line.number
            if name in found:
                raise _broken(text.file, line.number, "each section once", f"a second <{name}>")
        elif name and mark == f"</{name}>":
            found[name] = text.lines[start : line.number - 1]
            name = ""
        elif name and _SEGMENT.fullmatch(name) and mark.startswith("<"):
            raise _broken(text.file, line.number, f"points or </{name}>", f"'{mark[:40]}'")
    if name:
        raise _broken(text.file, start, f"the end of the section, </{name}>", "the end of the file")
    return found


def _broken(file: str, line: int, expected: str, found: str) -> FileFormatError:
    return FileFormatError(
        file,
        f"line {line}",
        expected,
        found,
        "The file was cut or changed: copy it again, or save it again from VersaStudio.",
    )


def _segment(file: str, name: str, lines: tuple[TextLine, ...]) -> _Segment:
    for position, line in enumerate(lines):
        if line.text.strip().startswith(_DEFINITION):
            labels = headers(line.text.strip().removeprefix(_DEFINITION), _SEPARATOR)
            labels = labels[:-1] if labels and labels[-1] == "0" else labels
            return _Segment(line, Layout(labels, _SEPARATOR), lines[position + 1 :])
    number = lines[0].number if lines else 1
    raise _broken(file, number, f"the line '{_DEFINITION}' that names the columns of <{name}>", "no such line")


def _points(lines: Sequence[TextLine]) -> int:
    """Count the lines of points of a segment, those that begin with a digit."""
    return sum(line.text.strip()[:1].isdigit() for line in lines)


def _sweeps(text: Text, segment: _Segment) -> list[spectra.TableSpectra]:
    """Read the sweeps of a segment, none when it holds direct current alone."""
    labels, line = segment.layout.labels, segment.definition.number
    headings = understand(text.file, line, labels)
    if not headings:
        return []
    spectra.require_columns(text.file, line, labels, headings)
    if not any(written.text.strip() for written in segment.lines):
        return []
    table = segment.layout.rows(text.file, segment.lines)
    found = [_sweep(text, segment.layout, headings, run) for run in _runs(text.file, segment, headings)]
    warnings = [*_counting(text.file, segment.layout, table), *_rising(text.file, segment.layout, table)]
    if found:
        found[0] = spectra.TableSpectra(found[0].spectra, (*found[0].warnings, *warnings))
    return found


def _runs(file: str, segment: _Segment, headings: Headings) -> list[tuple[TextLine, ...]]:
    """Split the points of impedance where the segment's number changes or direct current stands between."""
    found: list[tuple[TextLine, ...]] = []
    for run in sweeps(segment.lines, headings, _SEPARATOR):
        table = segment.layout.rows(file, run)
        numbers = segment.layout.column(file, table, "Segment #")
        starts = [] if numbers is None else (np.flatnonzero(np.diff(numbers.values)) + 1).tolist()
        bounds = [0, *starts, len(run)]
        found += [run[start:stop] for start, stop in pairwise(bounds)]
    return found


def _sweep(text: Text, layout: Layout, headings: Headings, run: tuple[TextLine, ...]) -> spectra.TableSpectra:
    found = spectra.from_table(up_to(text, run[-1].number), run, headings, len(layout.labels), _SEPARATOR)
    _check_ratio(text.file, layout, layout.rows(text.file, run))
    return found


def _counting(file: str, layout: Layout, table: Sequence[Row]) -> list[str]:
    """Check the points' numbers within each segment number."""
    segments, points = layout.column(file, table, "Segment #"), layout.column(file, table, "Point #")
    if segments is None or points is None:
        return check_counting(table, points)
    warnings: list[str] = []
    for number in dict.fromkeys(segments.values.tolist()):
        where = np.flatnonzero(segments.values == number)
        rows = [table[int(position)] for position in where]
        warnings += check_counting(rows, Numbers(points.values[where], points.half_units[where]))
    return warnings


def _rising(file: str, layout: Layout, table: Sequence[Row]) -> list[str]:
    return check_rising(table, layout.column(file, table, "Elapsed Time(s)"))


def _check_ratio(file: str, layout: Layout, table: Sequence[Row]) -> None:
    """Compare the impedance with the ratio of potential and current, as far as they are printed."""
    names = [f"{what} {part}" for what in "EIZ" for part in ("Real", "Imag")]
    columns = [layout.column(file, table, name) for name in names]
    parts = [column for column in columns if column is not None]
    if len(parts) < len(names):
        return
    potential, current, impedance = (_joined(one, other) for one, other in zip(parts[::2], parts[1::2], strict=True))
    with np.errstate(all="ignore"):
        ratio = potential.values / current.values
        slack = (potential.half_units + np.abs(ratio) * current.half_units) / np.abs(current.values)
        slack += _SINGLE_PRECISION * np.abs(ratio) + impedance.half_units
        wrong = np.flatnonzero(~(np.abs(ratio - impedance.values) <= slack) & (np.abs(current.values) > 0.0))
    if not len(wrong):
        return
    first = wrong[0]
    raise FileFormatError(
        file,
        f"line {table[int(first)].number}",
        f"an impedance of {ratio[first]:.6g} ohm, the ratio of the potential and the current",
        f"{impedance.values[first]:.6g} ({len(wrong)} of {len(table)} lines disagree)",
        "A number was changed or columns were exchanged: copy the file again. To use the file without this check, "
        f"copy its points into a table and say which columns to take, as in {as_written()}.",
    )


def _joined(real: Numbers, imaginary: Numbers) -> _Complex:
    return _Complex(real.values + 1j * imaginary.values, real.half_units + imaginary.half_units)


def _metadata(sections: Mapping[str, Sequence[TextLine]]) -> dict[str, str]:
    """Collect the instrument, the dates and what the actions set, where only one of them sets it."""
    found: dict[str, str] = {}
    repeated: set[str] = set()
    for section, lines in sections.items():
        action = section.startswith("Action")
        if not action and section not in ("Application", "Instrument", "Experiment"):
            continue
        for line in lines:
            name, equals, value = line.text.partition("=")
            if action and name in found:
                repeated.add(name)
            elif equals:
                found[name if action else f"{section} {name}"] = value.strip()
    return {name: value for name, value in found.items() if name not in repeated or name == "Name"}
