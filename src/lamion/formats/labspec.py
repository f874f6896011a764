"""Horiba LabSpec's text: a header of lines ``#Name=`` and their values, then Raman shift and counts.

Two columns are one spectrum; a map has the shifts in its first line, and is told apart.
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
from lamion.formats.spectrometer import Place, laser_oddities, oddities, record_of
from lamion.formats.table import parse_number, separator_of, split
from lamion.quantities import FileFormatError
from lamion.records.record import Table
from lamion.records.spectrum import RamanSpectrum, Spectrum

Array = NDArray[np.float64]
_FIELD = re.compile(r"#(?P<name>[^=]{1,60})=\s?(?P<value>.*)")
_MARKS = ("Acq. time (s)", "AxisUnit[1]", "AxisType[1]", "Accumulations", "Laser")
"""Names of which a file has two at least."""
_LOOKED_AT = 200
_SHIFTS = ("1/cm", "cm-1", "cm\u207b\u00b9")
_OTHERS = ("nm", "eV", "Pixel")
_LASER = re.compile(r"(\d{3,4}(?:[.,]\d+)?)")
_RANGE = re.compile(r"(?P<low>-?\d+(?:\.\d+)?)\s*\.\.\.\s*(?P<high>-?\d+(?:\.\d+)?)", re.ASCII)
_OFF = 0.05
"""Of the range that the header declares: the ends of a spectrum are pixels near it."""
_LABELS = ("Raman shift", "Counts")
_AGAIN = "Lines were removed or changed: export the file again from LabSpec."


def _matches(raw: RawFile) -> bool:
    names = {match["name"] for line in raw.text.lines[:_LOOKED_AT] if (match := _FIELD.fullmatch(line.text))}
    return len(names.intersection(_MARKS)) > 1


def _read(raw: RawFile) -> Parsed:
    text = raw.text
    fields = [(line, _FIELD.fullmatch(line.text)) for line in text.lines]
    metadata = {match["name"].strip(): match["value"].strip() for _, match in fields if match is not None}
    body = [line for line, match in fields if match is None and line.text.strip()]
    if not body:
        raise FileFormatError(raw.name, "", "Raman shifts and counts below the header", "none", _AGAIN)
    separator = separator_of(body[0].text)
    if len(split(body[0].text, separator)) > len(_LABELS):
        found, remedy = "a map or a series in one table", "Export its spectra one by one, each with two columns."
        raise FileFormatError(raw.name, f"line {body[0].number}", "two columns", found, remedy)
    layout = Layout(_LABELS, separator)
    table = layout.rows(raw.name, body)
    position, counts = (layout.column(raw.name, table, label) for label in _LABELS)
    assert position is not None and counts is not None  # noqa: S101, PT018  they are the layout's own
    lines = [row.number for row in table]
    record = _record(raw.name, metadata, position.values, counts.values, lines)
    warnings = [*_cut(metadata, position.values), *oddities(position.values, counts.values, _places(lines))]
    if not text.terminated:
        warnings.append(evidence.check_last_line(raw.name, table, {Meaning.REAL: Heading(Meaning.REAL, 1, "Counts")}))
    if isinstance(record, RamanSpectrum):
        warnings += laser_oddities(record.laser)
    elif isinstance(record, Spectrum) and record.position_unit not in _OTHERS:
        warnings.append(f"The unit of its position, '{record.position_unit}', is none that lamion knows of LabSpec.")
    return Parsed((record,), metadata, tuple(warnings))


FORMAT = Format("Horiba LabSpec text", _matches, _read)


def _places(lines: Sequence[int]) -> Place:
    return lambda row: f"line {lines[row]}"


def _record(file: str, metadata: Mapping[str, str], position: Array, counts: Array, lines: Sequence[int]) -> Table:
    unit = metadata.get("AxisUnit[1]", _SHIFTS[0])
    place = _places(lines)
    if unit not in _SHIFTS:
        units = {"position_unit": unit, "intensity_unit": metadata.get("AxisUnit[0]")}
        return record_of(file, Spectrum, {"position": position, "intensity": counts}, place, _AGAIN, **units)
    match = _LASER.search(metadata.get("Laser", ""))
    laser = None if match is None else float(match[0].replace(",", "."))
    where = {axis: _metres(metadata, axis.upper()) for axis in ("x", "y")}
    return record_of(file, RamanSpectrum, {"shift": position, "counts": counts}, place, _AGAIN, laser=laser, **where)


def _metres(metadata: Mapping[str, str], axis: str) -> float | None:
    """Return where on the stage it was taken, from micrometres."""
    said = next((value for name, value in metadata.items() if re.fullmatch(rf"{axis} \([\u00b5\u03bcu]m\)", name)), "")
    parsed = parse_number(said.replace(",", "."))
    return None if parsed is None else 1e-6 * parsed[0]


def _cut(metadata: Mapping[str, str], position: Array) -> Iterator[str]:
    """Warn where the spectrum does not fill the range that its header declares."""
    said = next((value for name, value in metadata.items() if name.startswith("Range (cm")), "")
    match = _RANGE.fullmatch(said)
    if match is None:
        return
    low, high = float(match["low"]), float(match["high"])
    slack = _OFF * abs(high - low)
    if abs(position.min() - low) > slack or abs(position.max() - high) > slack:
        yield (
            f"The spectrum runs from {position.min():g} to {position.max():g} 1/cm while the header declares {low:g} "
            f"to {high:g}: it was cut, or lines are missing."
        )
