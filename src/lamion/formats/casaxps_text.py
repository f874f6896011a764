"""CasaXPS' text export of components ("lineshapes", in columns): a spectrum, its components and its background.

Eight lines stand above the numbers: the block's name, the photon energy and the time, then the name, position, width,
area and shape of each component, and the titles of the columns. Every row prints the energy twice, as kinetic and as
binding energy, and each ordinate twice, as counts and as counts per second; both are checked. Components are printed
above the background. The spectrum is the record; the components are kept in its metadata.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.photoelectron import AGAIN, number, oddities, spectrum_of
from lamion.formats.table import headers, numbers, rows
from lamion.formats.text import Text
from lamion.quantities import FileFormatError

Array = NDArray[np.float64]

_TITLES = 8
"""The line of the columns' titles."""
_OF_COMPONENTS = ("Name", "Position", "FWHM", "Area", "Lineshape")
_HEAD = ("Characteristic Energy eV", "Acquisition Time s")
_ENERGY = 6e-3
"""eV, to which energies are printed twice."""
_RELATIVE = 2e-6
"""Of an ordinate, to which it is printed."""


def _matches(raw: RawFile) -> bool:
    text = raw.text
    return _HEAD[0] in text.line(2) or (text.line(_TITLES).startswith("K.E.") and "B.E." in text.line(_TITLES))


def _read(raw: RawFile) -> Parsed:
    text = raw.text
    photon, seconds = _head(text)
    titles = headers(text.line(_TITLES), "\t")
    count = _components(text, titles)
    body = [line for line in text.lines[_TITLES:] if line.text.strip()]
    table = rows(text.file, body, "\t", len(titles))
    comma = any("," in row.cells[0] for row in table)
    data = np.array(
        [
            numbers(text.file, table, place, title, decimal_comma=comma).values
            for place, title in enumerate(titles)
            if title
        ]
    )
    columns = _Columns(data, count)
    place = _Place(tuple(row.number for row in table))
    _check(text.file, columns, photon, seconds, place)
    metadata = {"Block": text.line(1).strip(), **_named(text, count)}
    record = spectrum_of(
        text.file,
        {"energy": columns.binding, "counts": columns.counts},
        place,
        photon_energy=photon,
        counted=None,
        region=metadata.get("Region"),
        metadata=metadata,
    )
    warnings = list(oddities(record, place))
    if not text.terminated:
        warnings.append(f"{place(len(table) - 1)}, the last one, has no line end: it may have been cut.".capitalize())
    return Parsed((record,), metadata, tuple(warnings))


FORMAT = Format("CasaXPS components in columns", _matches, _read)


@dataclass(frozen=True)
class _Place:
    """Names the line of a point."""

    lines: tuple[int, ...]

    def __call__(self, row: int) -> str:
        return f"line {self.lines[row]}"


@dataclass(frozen=True, eq=False)
class _Columns:
    """K.E., counts, components, background, envelope; B.E., and the same per second."""

    data: Array
    count: int

    @property
    def kinetic(self) -> Array:
        return np.asarray(self.data[0])

    @property
    def counts(self) -> Array:
        return np.asarray(self.data[1])

    @property
    def binding(self) -> Array:
        return np.asarray(self.data[self.count + 4])

    @property
    def ordinates(self) -> Array:
        return self.data[1 : self.count + 4]

    @property
    def rates(self) -> Array:
        return self.data[self.count + 5 :]


def _head(text: Text) -> tuple[float, float]:
    """Return the photon energy in eV and the time in s."""
    cells = [cell.strip() for cell in text.line(2).split("\t")]
    found = []
    for name in _HEAD:
        at = cells.index(name) + 1 if name in cells else len(cells)
        if at >= len(cells):
            raise FileFormatError(text.file, "line 2", f"'{name}' and a number", f"'{text.line(2)[:40]}'", AGAIN)
        found.append(number(text.file, 2, cells[at], f"a number behind '{name}'"))
    if min(found) <= 0.0:
        raise FileFormatError(text.file, "line 2", "an energy and a time above zero", f"{found}", AGAIN)
    return found[0], found[1]


def _components(text: Text, titles: Sequence[str]) -> int:
    """Return how many components there are; the titles must be as CasaXPS writes them."""
    count = (len(titles) - 9) // 2
    names = list(titles[2 : 2 + max(count, 0)])
    once = ["K.E.", "Counts", *names, "Background", "Envelope"]
    per_second = ["", "B.E.", "CPS", *names, "Background CPS", "Envelope CPS"]
    if count < 1 or list(titles) != [*once, *per_second]:
        expected = "the titles K.E., Counts, components, Background, Envelope, B.E., CPS, ..."
        raise FileFormatError(text.file, f"line {_TITLES}", expected, f"'{text.line(_TITLES)[:60]}'", AGAIN)
    return count


def _named(text: Text, count: int) -> dict[str, str]:
    """Return what stands above the columns of each component."""
    lines = [[cell.strip() for cell in text.line(3 + k).split("\t")] for k in range(len(_OF_COMPONENTS))]
    for line, (what, cells) in enumerate(zip(_OF_COMPONENTS, lines, strict=True), 3):
        if cells[0] != what or len(cells) < count + 2 or not all(cells[2 : count + 2]):
            expected = f"'{what}' and {count} entries"
            raise FileFormatError(text.file, f"line {line}", expected, f"'{text.line(line)[:40]}'", AGAIN)
    found = {"Region": lines[0][2]}
    for place in range(count):
        name, position, width, area, shape = (cells[place + 2] for cells in lines)
        for line, value in ((4, position), (5, width), (6, area)):
            number(text.file, line, value, "a number")
        found[f"Component {place + 1}"] = f"{name}, {shape}, position {position} eV, FWHM {width} eV, area {area}"
    return found


def _check(file: str, columns: _Columns, photon: float, seconds: float, place: _Place) -> None:
    """Compare what every row prints twice."""
    _agree(file, place, "K.E. and B.E.", columns.kinetic + columns.binding, np.full(len(columns.kinetic), photon))
    for one, rate in zip(columns.ordinates, columns.rates, strict=True):
        _agree(file, place, "counts, and counts per second times the time", one, rate * seconds, _RELATIVE)
    *parts, background, envelope = columns.ordinates[1:]
    total = np.sum(parts, axis=0) - (len(parts) - 1) * background
    slack = _RELATIVE * np.sum(columns.ordinates[1:], axis=0) / np.maximum(np.abs(envelope), 1e-300)
    _agree(file, place, "the envelope, and the sum of components", total, envelope, slack)


def _agree(
    file: str, place: _Place, what: str, one: Array, other: Array, relative: Array | float | None = None
) -> None:
    slack = _ENERGY if relative is None else relative * np.maximum(np.abs(one), np.abs(other))
    apart = np.abs(one - other) > slack
    if np.any(apart):
        row = int(np.argmax(apart))
        found = f"{one[row]:.7g} and {other[row]:.7g}"
        raise FileFormatError(file, place(row), f"{what} that agree", found, AGAIN)
