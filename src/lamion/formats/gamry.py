"""Gamry Framework's data files (.DTA) of impedance: fields, then tables with a line of names and one of units.

The sweep is the table ZCURVE. Gamry's sweep may end one step beyond the declared frequency.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from lamion.formats import limits, spectra
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.headers import Headings, understand
from lamion.formats.side_columns import Layout, check_count, check_counting, check_rising, up_to
from lamion.formats.table import headers, parse_number
from lamion.formats.text import Text, TextLine
from lamion.quantities import FileFormatError
from lamion.records import ImpedanceSpectrum
from lamion.records.column import with_degrees

_SEPARATOR = "\t"
_TABLE = re.compile(r"(?P<name>[A-Z][A-Z0-9_]*)\tTABLE(?:\t(?P<count>\d{1,9})?)?\s*", re.ASCII)
_FIELD = re.compile(r"(?P<name>[A-Z][A-Z0-9_]*)\t(?P<kind>[A-Z][A-Z0-9]*)(?:\t(?P<value>[^\t]*).*)?", re.ASCII)
_CUT = "Line {line} is cut: the file ends in it, as one does that was copied while it ran. The rows above it were read."
_SWEEP = re.compile(r"ZCURVE\d*", re.ASCII)


def _matches(raw: RawFile) -> bool:
    return raw.text.line(1).strip() == "EXPLAIN" and raw.text.line(2).startswith("TAG\t")


def _read(raw: RawFile) -> Parsed:
    text = raw.text
    tables = _sweep_tables(text)
    found = [_sweep(text, start) for start in tables]
    sweeps = [spectrum for one in found for spectrum in one.spectra]
    if len(sweeps) > 1:
        sweeps = [replace(spectrum, cycle=number) for number, spectrum in enumerate(sweeps, start=1)]
    metadata = _metadata(text.lines[: tables[0] - 1])
    warnings = [*_limits(metadata, sweeps), *(warning for one in found for warning in one.warnings)]
    return Parsed(tuple(sweeps), metadata, tuple(warnings))


FORMAT = Format("Gamry data file", _matches, _read)


def _sweep_tables(text: Text) -> list[int]:
    """Return the line of each table's name."""
    names = {line.number: match["name"] for line in text.lines if (match := _TABLE.fullmatch(line.text))}
    sweeps = [number for number, name in names.items() if _SWEEP.fullmatch(name)]
    if not sweeps:
        raise FileFormatError(
            text.file,
            "",
            "the table of an impedance sweep, 'ZCURVE TABLE'",
            f"the tables {', '.join(names.values())}" if names else "no table",
            "The file holds another technique or was cut before the sweep: choose the impedance's file, or copy "
            "it again.",
        )
    return sweeps


def _sweep(text: Text, start: int) -> spectra.TableSpectra:
    names, units = text.line(start + 1), text.line(start + 2)
    labels = _labels(names, units)
    layout = Layout(labels, _SEPARATOR)
    headings = _headings(text.file, start + 1, labels)
    end = _end_of_table(text, start + 2)
    stop = end - _is_cut(text, end, len(labels))
    lines = text.lines[start + 2 : stop]
    found = spectra.from_table(up_to(text, stop), lines, headings, len(labels), _SEPARATOR)
    table = layout.rows(text.file, lines)
    warnings = [
        *(_CUT.format(line=end) for _ in range(end - stop)),
        *_declared_count(text, start, len(table)),
        *check_counting(table, layout.column(text.file, table, "Pt/#")),
        *check_rising(table, layout.column(text.file, table, "Time/s")),
    ]
    return spectra.TableSpectra(found.spectra, (*found.warnings, *warnings))


def _is_cut(text: Text, end: int, width: int) -> bool:
    """Tell whether the file ends within the table's last row, so that those above it are whole."""
    within = end == len(text.lines) and not text.terminated
    return within and len(text.line(end).split(_SEPARATOR)) < width


def _labels(names: str, units: str) -> tuple[str, ...]:
    """Join each name with the unit below it; the first cell of both lines is blank."""
    pairs = zip(headers(names, _SEPARATOR), (*headers(units, _SEPARATOR), *[""] * 64), strict=False)
    return tuple(f"{name}/{with_degrees(unit)}" if unit else name for name, unit in pairs)


def _headings(file: str, line: int, labels: Sequence[str]) -> Headings:
    headings = understand(file, line, labels)
    spectra.require_columns(file, line, labels, headings)
    without = [heading.label for heading in headings.values() if not heading.has_unit]
    if without:
        raise FileFormatError(
            file,
            f"line {line + 1}",
            f"a unit below each name, such as '{without[0]}'",
            "none",
            "Lines were removed or changed: copy the file again from the instrument's computer.",
        )
    return headings


def _end_of_table(text: Text, start: int) -> int:
    """Return the number of the last line before the next field or table."""
    for line in text.lines[start:]:
        if _FIELD.fullmatch(line.text):
            return line.number - 1
    return len(text.lines)


def _declared_count(text: Text, start: int, found: int) -> list[str]:
    match = _TABLE.fullmatch(text.line(start))
    if match is None or not match["count"] or int(match["count"]) == 0:
        return []
    return check_count(text.file, f"line {start}", int(match["count"]), found)


def _metadata(lines: Sequence[TextLine]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines:
        match = _FIELD.fullmatch(line.text)
        if match is not None and match["kind"] not in ("TABLE", "NOTES"):
            value = match["kind"] if match["name"] == "TAG" else (match["value"] or "").strip()
            found.setdefault(match["name"], value)
    return found


def _limits(metadata: Mapping[str, str], sweeps: Sequence[ImpedanceSpectrum]) -> Iterator[str]:
    ends = [limits.declared(metadata.get(name, ""), "Hz") for name in ("FREQINIT", "FREQFINAL")]
    known = [end for end in ends if end is not None]
    if len(known) < 2:
        return
    step = _step(metadata)
    for sweep in sweeps:
        low, high = min(known), max(known)
        lowest, highest = float(sweep.frequency.min()), float(sweep.frequency.max())
        low = lowest if low / step < lowest < low else low
        high = highest if high < highest < high * step else high
        yield from limits.compare(high, low, [sweep])


def _step(metadata: Mapping[str, str]) -> float:
    """Return the factor between two frequencies, a little widened."""
    parsed = parse_number(metadata.get("PTSPERDEC", "").replace(",", "."))
    return float(10.0 ** (1.1 / parsed[0])) if parsed is not None and 1.0 <= parsed[0] <= 1000.0 else 1.0
