"""B&W Tek's text (BWSpec, BWRam): a header and a table with semicolons, one line for each pixel of the detector.

Pixels without a Raman shift are outside of what the instrument shows. The signal is what was counted less the dark
counts, which stand beside it, as the wavenumber stands beside the shift: each line is compared with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from lamion.formats.channel import places
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.side_columns import Layout, check_count, check_counting
from lamion.formats.spectrometer import laser_oddities, oddities, record_of
from lamion.formats.table import Numbers, Row, headers, parse_number
from lamion.formats.text import Text, TextLine
from lamion.quantities import FileFormatError
from lamion.records.spectrum import RamanSpectrum

Array = NDArray[np.float64]
_SEPARATOR = ";"
_VERSION = re.compile(r"File Version;BW(?:Spec|Ram)", re.IGNORECASE)
_PIXEL, _WAVELENGTH, _WAVENUMBER, _SHIFT, _DARK = "Pixel", "Wavelength", "Wavenumber", "Raman Shift", "Dark"
_SIGNAL, _RAW = "Dark Subtracted #", "Raw data #"
_LASER, _PIXELS = "laser_wavelength", "pixel_num"
_LONGEST_HEADER = 300
_SATURATED = 65535.0
_COMPUTED = 1e-6
"""Relative: the program subtracts in single precision."""
_AGAIN = "A number was changed or lines were moved: export the file again from the program of B&W Tek."


def _titles(text: Text) -> TextLine | None:
    return next(
        (line for line in text.lines[:_LONGEST_HEADER] if line.text.startswith(f"{_PIXEL};{_WAVELENGTH};")), None
    )


def _matches(raw: RawFile) -> bool:
    return _VERSION.match(raw.text.line(1)) is not None or _titles(raw.text) is not None


def _read(raw: RawFile) -> Parsed:
    text = raw.text
    titles = _titles(text)
    if titles is None:
        expected = f"the line of column headers, '{_PIXEL};{_WAVELENGTH};'"
        raise FileFormatError(raw.name, "", expected, "no such line", _AGAIN)
    metadata = _metadata(text.lines[: titles.number - 1])
    layout = Layout(headers(titles.text, _SEPARATOR), _SEPARATOR)
    if len(set(layout.labels)) < len(layout.labels):
        raise FileFormatError(raw.name, f"line {titles.number}", "every column once", "one of them twice", _AGAIN)
    every = layout.rows(raw.name, text.lines[titles.number :])
    pixels = _column(raw.name, layout, every, _PIXEL, titles)
    place = layout.labels.index(_SHIFT) if _SHIFT in layout.labels else 0
    table = [row for row in every if row.cells[place]]
    if not table or not place:
        expected = f"lines with a number under '{_SHIFT}'"
        raise FileFormatError(
            raw.name, f"line {titles.number}", expected, "none", "Export the spectrum as Raman shifts."
        )
    laser = _number(raw.name, metadata, _LASER)
    shift = _column(raw.name, layout, table, _SHIFT, titles)
    _check_shift(raw.name, table, shift, _column(raw.name, layout, table, _WAVENUMBER, titles), laser)
    records = []
    warnings = [*check_counting(every, pixels), *_pixels(raw.name, metadata, len(every)), *laser_oddities(laser)]
    for number in _numbers(raw.name, layout, titles):
        signal, counted = (_column(raw.name, layout, table, f"{label}{number}", titles) for label in (_SIGNAL, _RAW))
        _check_signal(raw.name, table, signal, counted, _column(raw.name, layout, table, _DARK, titles))
        arrays = {"shift": shift.values, "counts": signal.values}
        records.append(record_of(raw.name, RamanSpectrum, arrays, lambda row: _line(table, row), _AGAIN, laser=laser))
        warnings += _oddities(table, shift.values, signal.values, counted.values)
    return Parsed(tuple(records), metadata, tuple(warnings))


FORMAT = Format("B&W Tek text", _matches, _read)


def _line(table: Sequence[Row], row: int) -> str:
    return f"line {table[row].number}"


def _metadata(lines: Sequence[TextLine]) -> dict[str, str]:
    """Return the header; "Date" stands in it under its own name."""
    pairs = (line.text.partition(_SEPARATOR) for line in lines)
    return {name.strip(): value.strip() for name, _, value in pairs if name.strip() and value.strip()}


def _number(file: str, metadata: Mapping[str, str], name: str) -> float | None:
    if name not in metadata:
        return None
    parsed = parse_number(metadata[name].replace(",", "."))
    if parsed is None:
        raise FileFormatError(file, "", f"a number behind '{name}' in the header", f"'{metadata[name][:30]}'", _AGAIN)
    return parsed[0]


def _column(file: str, layout: Layout, table: Sequence[Row], label: str, titles: TextLine) -> Numbers:
    column = layout.column(file, table, label)
    if column is None:
        found = ", ".join(f"'{name[:30]}'" for name in layout.labels[:12])
        raise FileFormatError(file, f"line {titles.number}", f"a column '{label}'", found, _AGAIN)
    return column


def _numbers(file: str, layout: Layout, titles: TextLine) -> list[str]:
    """Return the numbers of the spectra in the table."""
    found = [label.removeprefix(_SIGNAL) for label in layout.labels if label.startswith(_SIGNAL)]
    if not found:
        raise FileFormatError(
            file, f"line {titles.number}", f"a column '{_SIGNAL}1'", "none", "Export it with that column."
        )
    return found


def _pixels(file: str, metadata: Mapping[str, str], count: int) -> list[str]:
    declared = _number(file, metadata, _PIXELS)
    return (
        ["The header does not say how many pixels there are."]
        if declared is None
        else [*check_count(file, "", int(declared), count)]
    )


def _check_shift(file: str, table: Sequence[Row], shift: Numbers, wavenumber: Numbers, laser: float | None) -> None:
    """Compare shift and wavenumber: together they are the laser's own, which the lines agree upon without a header."""
    both = shift.values + wavenumber.values
    expected = float(np.median(both)) if laser is None or laser <= 0.0 else 1e7 / laser
    wrong = np.flatnonzero(np.abs(both - expected) > 1.01 * (shift.half_units + wavenumber.half_units))
    if len(wrong):
        row = int(wrong[0])
        raise FileFormatError(
            file,
            _line(table, row),
            f"a shift of {expected - wavenumber.values[row]:.2f} 1/cm, which wavenumber and laser make",
            f"{shift.values[row]:.2f} ({len(wrong)} of {len(table)} lines disagree)",
            _AGAIN,
        )


def _check_signal(file: str, table: Sequence[Row], signal: Numbers, counted: Numbers, dark: Numbers) -> None:
    expected = counted.values - dark.values
    slack = signal.half_units + counted.half_units + dark.half_units + _COMPUTED * np.abs(counted.values)
    wrong = np.flatnonzero(np.abs(signal.values - expected) > slack)
    if len(wrong):
        row = int(wrong[0])
        raise FileFormatError(
            file,
            _line(table, row),
            f"a signal of {expected[row]:.6g}, which the counts and the dark counts make",
            f"{signal.values[row]:.6g} ({len(wrong)} of {len(table)} lines disagree)",
            _AGAIN,
        )


def _oddities(table: Sequence[Row], shift: Array, signal: Array, counted: Array) -> Iterator[str]:
    yield from oddities(shift, signal, lambda row: _line(table, row))
    full = np.flatnonzero(counted >= _SATURATED)
    if len(full):
        yield f"{places(full, lambda row: _line(table, row))}: the detector was saturated there."
