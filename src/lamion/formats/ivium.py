"""Ivium's data files (.idf) and data sets (.ids) of an impedance: settings and tables as text between binary lengths.

A table ``primary_data`` declares its columns and its points; its columns are Z', Z'' and the frequency. The settings
above it list the frequencies that were asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.formats import points
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.table import parse_number
from lamion.quantities import FileFormatError
from lamion.records import ImpedanceSpectrum

_SIGNATURE = re.compile(rb"\x00[\x00-\xff]{0,40}[\r\n]Peaks=")
_LINE_END = re.compile(r"\r\n|\r|\n")
_TABLE = "primary_data"
_SETTING = re.compile(r"(?P<name>[A-Za-z][\w .]*(?:\[\d{1,6}\])?)=(?P<value>.*)", re.ASCII)
_ASKED = re.compile(r"Frequencies\.freq\[(\d{1,6})\]", re.ASCII)
_SHOWN = ("Method", "Technique", "Title", "E start", "starttime")
_WIDTH = 3
_MOST_POINTS = 1_000_000
_OFF = 0.05
_REMEDY = "The file was cut or damaged on its way: copy it again, or export it again from IviumSoft."


@dataclass(frozen=True)
class _DataSet:
    """One measurement: its settings, and the index of the line that names its table."""

    settings: dict[str, str]
    start: int


def _matches(raw: RawFile) -> bool:
    return _SIGNATURE.search(raw.start[:80]) is not None


def _read(raw: RawFile) -> Parsed:
    lines = _LINE_END.split(raw.content.decode("latin-1"))
    sets = list(_data_sets(lines))
    if not sets:
        raise FileFormatError(raw.name, "", f"a table '{_TABLE}'", "none", _REMEDY)
    found = [_spectrum(raw.name, lines, one) for one in sets]
    spectra, same = points.sweeps(found, "data sets")
    asked = [warning for one, spectrum in zip(sets, found, strict=True) for warning in _asked(one, spectrum)]
    metadata = {name: value for name, value in sets[0].settings.items() if name in _SHOWN and value.strip()}
    return Parsed(spectra, metadata, tuple(dict.fromkeys([*same, *asked, *points.oddities(spectra)])))


FORMAT = Format("Ivium data file", _matches, _read, binary=True)


def _data_sets(lines: Sequence[str]) -> Iterator[_DataSet]:
    settings: dict[str, str] = {}
    for place, line in enumerate(lines):
        match = _SETTING.fullmatch(line)
        if match is not None:
            if match["name"] == "Method":
                settings = {}
            settings[match["name"]] = match["value"]
        elif line.strip() == _TABLE:
            yield _DataSet(settings, place)


def _spectrum(file: str, lines: Sequence[str], data: _DataSet) -> ImpedanceSpectrum:
    method = data.settings.get("Method", "none")
    if method != "Impedance":
        raise FileFormatError(
            file, "", "the method Impedance", f"'{method[:40]}'",
            "Of Ivium's files lamion reads impedance: export another method as a table with time and potential.",
        )  # fmt: skip
    width, count = (_whole(file, lines, data.start + offset) for offset in (1, 2))
    if width != _WIDTH:
        raise FileFormatError(file, f"line {data.start + 2}", "three columns", f"{width}", _REMEDY)
    first = data.start + 3
    table = np.array([_row(file, lines, place) for place in range(first, first + count)])
    if first + count < len(lines) and len(lines[first + count].split()) == _WIDTH:
        raise FileFormatError(
            file, f"line {data.start + 3}", f"{count} points, as many as the table holds", "more", _REMEDY
        )
    return points.spectrum_of(file, table[:, 2], table[:, 0] + 1j * table[:, 1])


def _whole(file: str, lines: Sequence[str], place: int) -> int:
    printed = lines[place].strip() if place < len(lines) else ""
    if not re.fullmatch(r"\d{1,7}", printed, re.ASCII) or not 0 < int(printed) <= _MOST_POINTS:
        raise FileFormatError(file, f"line {place + 1}", "a number of columns or points", f"'{printed[:40]}'", _REMEDY)
    return int(printed)


def _row(file: str, lines: Sequence[str], place: int) -> list[float]:
    cells = lines[place].split() if place < len(lines) else []
    numbers = [parse_number(cell) for cell in cells]
    if len(cells) != _WIDTH or None in numbers or place + 1 == len(lines):
        found = f"'{lines[place][:60].strip()}'" if place < len(lines) else "the end of the file"
        raise FileFormatError(file, f"line {place + 1}", "three whole numbers", found, _REMEDY)
    return [number[0] for number in numbers if number is not None]


def _asked(data: _DataSet, spectrum: ImpedanceSpectrum) -> Iterator[str]:
    """Compare the frequencies with those that were asked for."""
    asked = _frequencies(data)
    if not len(asked):
        return
    if len(asked) != len(spectrum):
        yield f"The table holds {len(spectrum)} points while {len(asked)} frequencies were asked for."
        return
    off = np.flatnonzero(np.abs(np.log(spectrum.frequency / asked)) > _OFF)
    if len(off):
        more = f" and {len(off) - 1} more" if len(off) > 1 else ""
        yield (
            f"Point {off[0] + 1}{more}: the frequency is {spectrum.frequency[off[0]]:g} Hz while the settings ask for "
            f"{asked[off[0]]:g} Hz."
        )


def _frequencies(data: _DataSet) -> NDArray[np.float64]:
    asked = [(match[1], value) for name, value in data.settings.items() if (match := _ASKED.fullmatch(name))]
    numbers = [parse_number(value.replace(",", ".")) for _, value in sorted(asked, key=lambda pair: int(pair[0]))]
    return np.array([number[0] for number in numbers if number is not None and number[0] > 0.0])
