"""VAMAS (ISO 14976): spectra in blocks of one item a line, as CasaXPS, PHI MultiPak and SpecsLab Prodigy write them.

The items of a block, from its identifier to its ordinate values, stand in one order that the header's modes decide; how
many values there are is declared. In a regular scan the abscissa is a start and an increment; in an irregular one it is
the first of the corresponding variables. What CasaXPS stores of a fit stands in the block's comment, and is kept.

References
----------
W. A. Dench, L. B. Hazell, M. P. Seah, Surf. Interface Anal. 13 (1988) 63, doi:10.1002/sia.740130202.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.photoelectron import AGAIN, number, oddities, photon_oddities, spectrum_of, whole_events
from lamion.formats.text import Text, decode
from lamion.quantities import FileFormatError
from lamion.records.spectrum import PhotoelectronSpectrum

Array = NDArray[np.float64]

_SIGNATURE = "VAMAS Surface Chemical Analysis Standard Data Transfer Format"
_END = "end of experiment"
_NOT_GIVEN = 1e36
"""Numbers beyond it stand for one that is not known."""
_MOST_LINES, _MOST_ITEMS, _MOST_BLOCKS, _MOST_VALUES = 10_000, 100, 10_000, 10_000_000
_TECHNIQUES = ("XPS", "UPS")
_RATES = ("c/s", "cps", "counts/s", "counts per second")
_COUNTS = (*_RATES, "d", "counts", "count")
_DIGITS = 9
"""Of an energy in eV that was computed from what is printed in fewer."""
_MODES = ("pulse counting", "analogue", "analog")
_ANALYSER_MODES = ("FAT", "FRR", "constant delta m", "constant m/delta m")
_ELSEWHERE = "Export its spectra one by one as XPS, or as two columns, from the instrument's program."


def _matches(raw: RawFile) -> bool:
    return _SIGNATURE.encode() in raw.start[:200].replace(b"\x00", b"")


def _read(raw: RawFile) -> Parsed:
    # MultiPak leaves the zero byte behind its label of a transition, as in "1s\0".
    wide = raw.content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    content = raw.content if wide else re.sub(rb"\x00(?=\r?\n|\r)", b"", raw.content)
    items = _Items(decode(raw.name, content))
    head = _header(items)
    records: list[PhotoelectronSpectrum] = []
    warnings: list[str] = []
    for _ in range(head.blocks):
        found = _block(items, head)
        records.append(found.record)
        warnings += found.warnings
    items.expect(_END)
    items.end()
    regions = {(one.metadata["Block"], one.metadata["Sample"]) for one in records}
    if len(regions) < len(records):
        warnings.append("Two of its blocks have one name, so one may stand twice.")
    return Parsed(tuple(records), head.metadata, tuple(dict.fromkeys(warnings)))


FORMAT = Format("VAMAS (ISO 14976)", _matches, _read, binary=True)


@dataclass
class _Items:
    """The file's items, one a line, read in their order."""

    text: Text
    at: int = 0

    def line(self) -> str:
        """Return the next item."""
        if self.at >= len(self.text.lines):
            raise FileFormatError(
                self.text.file, f"line {self.at}", f"more items, and '{_END}'", "the end of the file", AGAIN
            )
        self.at += 1
        return self.text.lines[self.at - 1].text.strip()

    def wrong(self, expected: str) -> FileFormatError:
        """Return the error for the item that was read last."""
        found = self.text.lines[self.at - 1].text.strip()[:40]
        return FileFormatError(self.text.file, f"line {self.at}", expected, f"'{found}'", AGAIN)

    def number(self, what: str) -> float | None:
        """Return the next item as a number; None where it stands for one that is not known."""
        item = self.line()
        value = number(self.text.file, self.at, item, what)
        return None if abs(value) >= _NOT_GIVEN else value

    def known(self, what: str) -> float:
        """Return the next item as a number that must be known."""
        value = self.number(what)
        if value is None:
            raise self.wrong(what)
        return value

    def whole(self, what: str, most: int, least: int = 0) -> int:
        """Return the next item as a whole number in a range."""
        value = self.known(what)
        if value != round(value) or not least <= value <= most:
            raise self.wrong(f"{what}, a whole number from {least} to {most}")
        return int(value)

    def lines(self, what: str) -> list[str]:
        """Return as many lines as the next item says."""
        return [self.line() for _ in range(self.whole(what, _MOST_LINES))]

    def expect(self, item: str) -> None:
        """Pass over an item that must be this one."""
        while not (found := self.line()) and self.at < len(self.text.lines):
            pass
        if found.lower() != item:
            raise self.wrong(f"'{item}'")

    def end(self) -> None:
        """Refuse anything but blanks behind."""
        while self.at < len(self.text.lines):
            if self.line():
                raise self.wrong(f"the end of the file behind '{_END}'")

    def numbers(self, count: int, what: str) -> tuple[Array, list[int]]:
        """Return so many numbers and their lines, blank ones left out."""
        values, places = np.empty(count), []
        for place in range(count):
            while not (item := self.line()) and self.at < len(self.text.lines):
                pass
            values[place] = number(self.text.file, self.at, item, what)
            places.append(self.at)
        return values, places


@dataclass(frozen=True)
class _Header:
    """What the header says of every block."""

    regular: bool
    variables: tuple[str, ...]
    manual: int
    upgraded: int
    blocks: int
    metadata: dict[str, str]


def _header(items: _Items) -> _Header:
    items.line()
    metadata = {name: items.line() for name in ("Institution", "Instrument", "Operator", "Experiment")}
    for rank, line in enumerate(items.lines("how many lines of comment follow"), 1):
        metadata[f"Comment {rank}"] = line
    if items.line() != "NORM":
        raise items.wrong("the experiment mode NORM, single spectra")
    scan = items.line()
    if scan not in ("REGULAR", "IRREGULAR"):
        raise items.wrong("the scan mode REGULAR or IRREGULAR")
    items.whole("the number of spectral regions", _MOST_BLOCKS)
    count = items.whole("the number of experimental variables", _MOST_ITEMS)
    variables = tuple(f"{items.line()} / {items.line()}" for _ in range(count))
    if items.whole("the length of the list of items that blocks leave out", _MOST_ITEMS, -_MOST_ITEMS):
        raise items.wrong("0, blocks that leave no item out")
    manual = items.whole("the number of items entered by hand", _MOST_ITEMS)
    more = items.whole("the number of future upgrade items", _MOST_ITEMS)
    upgraded = items.whole("the number of future upgrade items of a block", _MOST_ITEMS)
    for _ in range(more):
        items.line()
    blocks = items.whole("the number of blocks", _MOST_BLOCKS, 1)
    return _Header(scan == "REGULAR", variables, manual, upgraded, blocks, metadata)


@dataclass(frozen=True)
class _Variable:
    """A corresponding variable, such as the intensity."""

    label: str
    unit: str


@dataclass
class _Block:
    """What a block says, in the order of its items."""

    metadata: dict[str, str]
    technique: str = ""
    source: str = ""
    photon_energy: float | None = None
    work_function: float | None = None
    region: str = ""
    abscissa: _Variable = field(default_factory=lambda: _Variable("", ""))
    start: float = 0.0
    increment: float = 0.0
    variables: tuple[_Variable, ...] = ()
    seconds: float | None = None
    scans: int = 1


@dataclass(frozen=True)
class _Found:
    record: PhotoelectronSpectrum
    warnings: list[str]


def _block(items: _Items, head: _Header) -> _Found:
    block = _described(items)
    for variable in head.variables:
        block.metadata[variable] = items.line()
    _source_and_analyser(items, block)
    _scan(items, block, regular=head.regular)
    for _ in range(3):
        items.number("an angle of the sample")
    for _ in range(items.whole("the number of additional parameters", _MOST_ITEMS)):
        name, unit = items.line(), items.line()
        block.metadata[f"{name} / {unit}"] = items.line()
        number(items.text.file, items.at, items.text.lines[items.at - 1].text, f"a value of {name}")
    for _ in range(head.upgraded + head.manual):
        items.line()
    return _values(items, block, regular=head.regular)


def _described(items: _Items) -> _Block:
    metadata = {"Block": items.line(), "Sample": items.line()}
    date = [items.whole(f"the {what}", 9999, -1) for what in ("year", "month", "day", "hour", "minute", "second")]
    limits = (9999, 12, 31, 23, 59, 60)
    if any(value > most for value, most in zip(date, limits, strict=True)):
        raise items.wrong("a date and a time")
    items.number("hours in advance of Greenwich")
    if date[0] > 0:
        metadata["Date"] = "{:04d}-{:02d}-{:02d}".format(*date[:3])
    for rank, line in enumerate(items.lines("how many lines of the block's comment follow"), 1):
        metadata[f"Comment {rank}"] = line
    technique = items.line()
    if technique not in _TECHNIQUES:
        raise FileFormatError(
            items.text.file, f"line {items.at}", "a photoelectron spectrum (XPS)", f"'{technique[:40]}'", _ELSEWHERE
        )
    return _Block(metadata, technique)


def _source_and_analyser(items: _Items, block: _Block) -> None:
    block.source = items.line()
    block.photon_energy = items.number("the photon energy")
    for what in ("the source's strength", "the beam's width", "the beam's width", "an angle", "an angle"):
        items.number(what)
    mode = items.line()
    if mode not in _ANALYSER_MODES:
        raise items.wrong("the analyser's mode, FAT or FRR")
    energy = items.number("the pass energy or retarding ratio")
    items.number("the magnification of the transfer lens")
    block.work_function = items.number("the analyser's work function")
    for what in ("the target's bias", "the analysed width", "the analysed width", "an angle", "an angle"):
        items.number(what)
    species, transition = items.line(), items.line()
    block.region = f"{species} {transition}".strip()
    if items.whole("the charge of the detected particle, -1 of electrons", 1, -1) != -1:
        raise items.wrong("-1, the charge of an electron")
    block.metadata |= {"Source": block.source, "Analyser mode": mode}
    if energy is not None:
        block.metadata["Pass energy / eV" if mode == "FAT" else "Retarding ratio"] = f"{energy:g}"


def _scan(items: _Items, block: _Block, *, regular: bool) -> None:
    if regular:
        block.abscissa = _Variable(items.line(), items.line())
        block.start = items.known("the abscissa's start")
        block.increment = items.known("the abscissa's increment")
        if not block.increment:
            raise items.wrong("an increment other than zero")
    count = items.whole("the number of corresponding variables", _MOST_ITEMS, 1)
    block.variables = tuple(_Variable(items.line(), items.line()) for _ in range(count))
    if not regular:
        block.abscissa, *others = block.variables
        block.variables = tuple(others)
    if not block.variables:
        raise items.wrong("an intensity beside the abscissa")
    if items.line() not in _MODES:
        raise items.wrong("the signal's mode, such as 'pulse counting'")
    block.seconds = items.number("the collection time")
    block.scans = items.whole("the number of scans", 1_000_000, 1)
    if block.seconds is not None:
        block.metadata["Time / s"] = f"{block.seconds * block.scans:.10g}"
    items.number("the correction of the signal's time")


def _values(items: _Items, block: _Block, *, regular: bool) -> _Found:
    """Read the declared number of values, check their declared limits, and make the record."""
    width = len(block.variables) + (not regular)
    total = items.whole("the number of ordinate values", _MOST_VALUES, 1)
    if total % width:
        raise items.wrong(f"a number of values that {width} variables divide")
    limits = np.array([[items.known("a least value"), items.known("a largest value")] for _ in range(width)])
    values, lines = items.numbers(total, "an ordinate value")
    table = values.reshape(-1, width)
    _check_limits(items, limits, table)

    def place(row: int) -> str:
        return f"line {lines[row * width]}"

    abscissa: Array = np.asarray(block.start + block.increment * np.arange(len(table)) if regular else table[:, 0])
    ordinates = table if regular else table[:, 1:]
    arrays = {"energy": _binding(items, block, abscissa)}
    if block.variables[0].unit.lower() not in _COUNTS:
        expected, unit = "an intensity in counts or counts per second", block.variables[0].unit
        raise FileFormatError(items.text.file, f"block '{block.metadata['Block']}'", expected, f"'{unit}'", _ELSEWHERE)
    time = None if block.seconds is None else block.seconds * block.scans
    rate = block.variables[0].unit.lower() in _RATES
    arrays["counts"], counted = whole_events(ordinates[:, 0], time, rate=rate)
    for variable, column in zip(block.variables[1:], ordinates.T[1:], strict=True):
        if variable.label.lower().startswith("transmission"):
            arrays["transmission"] = column
    record = spectrum_of(
        items.text.file,
        arrays,
        place,
        photon_energy=block.photon_energy,
        counted=counted,
        region=block.region,
        metadata=block.metadata,
    )
    return _Found(record, [*_doubts(block), *oddities(record, place)])


def _check_limits(items: _Items, limits: Array, table: Array) -> None:
    """Compare declared least and largest values with those that were read; CasaXPS writes 0 and 1 for all."""
    for (low, high), column in zip(limits, table.T, strict=True):
        if (low, high) == (0.0, 1.0):
            continue
        slack = 1e-5 * max(abs(low), abs(high))
        if abs(column.min() - low) > slack or abs(column.max() - high) > slack:
            raise FileFormatError(
                items.text.file,
                f"line {items.at}",
                f"values from {low:g} to {high:g}, as is declared above them",
                f"{column.min():g} to {column.max():g}",
                AGAIN,
            )


def _binding(items: _Items, block: _Block, abscissa: Array) -> Array:
    """Return binding energies in eV."""
    label = block.abscissa.label.lower()
    binding, kinetic = "binding" in label, "kinetic" in label
    if block.abscissa.unit != "eV" or binding == kinetic:
        found = f"'{block.abscissa.label}' in '{block.abscissa.unit}'"
        where = f"block '{block.metadata['Block']}'"
        raise FileFormatError(items.text.file, where, "a binding or kinetic energy in eV", found, _ELSEWHERE)
    if binding:
        return np.round(abscissa, _DIGITS)
    if block.photon_energy is None:
        expected, where = "a photon energy beside kinetic energies", f"block '{block.metadata['Block']}'"
        raise FileFormatError(items.text.file, where, expected, "none", _ELSEWHERE)
    return np.round(block.photon_energy - abscissa, _DIGITS)


def _doubts(block: _Block) -> Iterator[str]:
    yield from photon_oddities(block.photon_energy, block.source)
    if "kinetic" in block.abscissa.label.lower() and block.work_function:
        yield (
            f"The kinetic energies are taken as counted from the Fermi level; the analyser's work function of "
            f"{block.work_function:g} eV, which the file has, was not subtracted."
        )
