r"""NanoScope's images (.di, .spm, .000): heights and adhesion of a scanning probe, a record for each.

The file begins with lines of text, ``\Name: value`` under ``\*Sections``. The first section says how long the text is;
each ``Ciao image list`` says where an image's integers lie, one of its channel's names, and the voltage over which the
integers run, which a sensitivity of another section turns into a length or a force. What an integer is worth stands
there twice, once for all of them (Z scale) and once for one (LSB): both must agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lamion.formats.binary import Bytes
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.spectrometer import COPY_AGAIN, record_of, rests
from lamion.quantities import FileFormatError, InputError, units
from lamion.records.record import Table
from lamion.records.surface import AdhesionMap, HeightMap, points_of

Array = NDArray[np.float64]
_MAGIC = b"\\*File list"
_END = b"\x1a"
_MOST_POINTS = 2**25
_IMAGES = "Ciao image list"
_TEXT_IMAGE = re.compile(r'S \[[^\]]*\] "([^"]*)"')
_SCALE = re.compile(r"V \[(Sens\. [^\]]+)\] \((\S+) (\S+)/LSB\)\s+(\S+) (\S+)")
_SENSITIVITY = re.compile(r"V (\S+) ?(\S*)")
_AGREE = 1e-5
"""Of the worth of an integer, which the file prints with at least six digits."""
_METRES = {"~m": "um", "um": "um", "nm": "nm", "µm": "um", "mm": "mm"}
_STUCK = 0.01
"""Of all points at the end of the integers' range."""


@dataclass(frozen=True)
class _Section:
    """Names and values under a title; a name comes once."""

    title: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Channel:
    """An image: what the instrument calls it, the kind of record, and its integers in their unit."""

    name: str
    kind: type[Table] | None
    size: tuple[int, int]
    lengths: tuple[float, float]
    values: Array

    def place(self, point: int) -> str:
        """Name a point."""
        row, column = divmod(point, self.size[0])
        return f"row {row + 1}, point {column + 1}"


def _matches(raw: RawFile) -> bool:
    return raw.start.startswith(_MAGIC)


def _read(raw: RawFile) -> Parsed:
    data = Bytes(raw.name, raw.content)
    sections = _sections(data)
    images = [one for one in sections if one.title == _IMAGES]
    if not images:
        raise FileFormatError(raw.name, "the header", "a section for each image", "none", COPY_AGAIN)
    _check_places(data, images, sections[0])
    channels = [_channel(data, one, sections) for one in images]
    records = tuple(_record(raw.name, one, one.kind) for one in channels if one.kind is not None)
    if not records:
        held = ", ".join(one.name for one in channels)
        raise FileFormatError(raw.name, "", "an image of heights or of adhesion", held, "Export such a channel.")
    return Parsed(records, _metadata(sections), tuple(_oddities(channels, images)))


FORMAT = Format("NanoScope image", _matches, _read, binary=True, largest=2**30)


def _sections(data: Bytes) -> list[_Section]:
    """Return the header's sections, to the mark that ends the text."""
    text, mark, _ = data.content[: 2**20].partition(_END)
    if not mark:
        raise FileFormatError(data.file, "", "a header that ends", "none within 1 MiB", COPY_AGAIN)
    found: list[_Section] = []
    for number, line in enumerate(text.decode("latin-1").split("\r\n"), 1):
        if line.startswith("\\*"):
            found.append(_Section(line[2:].strip()))
        elif line.startswith("\\"):
            name, colon, value = _entry(line[1:])
            if not colon:
                raise FileFormatError(data.file, f"line {number}", "a name and a value", line[:60], COPY_AGAIN)
            if found[-1].values.setdefault(name, value.strip()) != value.strip() and found[-1].title == _IMAGES:
                raise FileFormatError(data.file, f"line {number}", f"one {name}", "a second", COPY_AGAIN)
        elif line.strip():
            raise FileFormatError(data.file, f"line {number}", "a line with a backslash", line[:60], COPY_AGAIN)
    if found[-1].title != "File list end":
        raise FileFormatError(data.file, "the header", "its end, 'File list end'", f"'{found[-1].title}'", COPY_AGAIN)
    return found


def _entry(line: str) -> tuple[str, str, str]:
    """Return a name, the colon and the value; a name may begin with @, a number and a colon."""
    numbered = re.match(r"(@\d+:[^:]*|@?[^:]*)(:)(.*)", line)
    return (numbered[1], numbered[2], numbered[3]) if numbered else (line, "", "")


def _value(data: Bytes, section: _Section, name: str) -> str:
    found = section.values.get(name)
    if found is None:
        raise FileFormatError(data.file, f"the section '{section.title}'", f"'{name}'", "none", COPY_AGAIN)
    return found


def _whole(data: Bytes, section: _Section, name: str) -> int:
    text = _value(data, section, name)
    if not re.fullmatch(r"\d{1,10}", text) or (name != "Data offset" and int(text) == 0):
        raise FileFormatError(data.file, f"'{name}'", "a whole number above zero", f"'{text[:40]}'", COPY_AGAIN)
    return int(text)


def _number(data: Bytes, text: str, what: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = float("nan")
    if not np.isfinite(found) or found <= 0:
        raise FileFormatError(data.file, f"'{what}'", "a number above zero", f"'{text[:40]}'", COPY_AGAIN)
    return found


def _check_places(data: Bytes, images: list[_Section], file: _Section) -> None:
    """Hold the images' places against each other, the length of the text and the file."""
    spans = sorted((_whole(data, one, "Data offset"), _whole(data, one, "Data length")) for one in images)
    end = _whole(data, file, "Data length")
    for place, length in spans:
        if place != end:
            raise data.refused(place, f"an image from byte {end} on", f"one from byte {place} on")
        data.require(place, length, "an image")
        end = place + length
    if end != len(data.content):
        raise data.refused(end, "the end of the file", f"{len(data.content) - end} more bytes")


def _channel(data: Bytes, section: _Section, sections: list[_Section]) -> _Channel:
    width, height = _whole(data, section, "Samps/line"), _whole(data, section, "Number of lines")
    length = _whole(data, section, "Data length")
    bytes_each = length // (width * height) if width * height <= _MOST_POINTS else 0
    if bytes_each not in (2, 4) or bytes_each * width * height != length:
        raise FileFormatError(
            data.file, "an image's section", f"two or four bytes for each of {width} x {height} points",
            f"{length} bytes", COPY_AGAIN,
        )  # fmt: skip
    place = _whole(data, section, "Data offset")
    integers = data.numbers(f"<i{bytes_each}", place, width * height, "an image")
    name, key = _named(data, section)
    scale, unit = _worth(data, section, key, 256**bytes_each, sections)
    kind = _kind(name, unit)
    lengths = _lengths(data, section, sections)
    values = integers * scale * (units.scale(unit, "m" if kind is HeightMap else "N") if kind is not None else 1.0)
    return _Channel(name, kind, (width, height), (lengths[0] / width, lengths[1] / height), values)


def _named(data: Bytes, section: _Section) -> tuple[str, str]:
    """Return the name of an image's channel, and what its entries begin with, as in ``"@2:"``."""
    names = [name for name in section.values if re.fullmatch(r"@(\d+:)?Image Data", name)]
    said = _TEXT_IMAGE.fullmatch(section.values[names[0]]) if len(names) == 1 else None
    if said is None:
        raise FileFormatError(data.file, "an image's section", "the name of its channel", "none", COPY_AGAIN)
    return said[1], names[0].removesuffix("Image Data")


def _worth(data: Bytes, section: _Section, key: str, steps: int, sections: list[_Section]) -> tuple[float, str]:
    """Return what one integer is worth, and in which unit: the Z scale over all integers, times the sensitivity."""
    text = _value(data, section, f"{key}Z scale")
    scale = _SCALE.fullmatch(text)
    if scale is None or scale[3] != scale[5]:
        raise FileFormatError(data.file, f"'{key}Z scale'", "a voltage and a sensitivity", text[:80], COPY_AGAIN)
    each, whole = _number(data, scale[2], "LSB"), _number(data, scale[4], "Z scale")
    if abs(each * steps / whole - 1) > _AGREE:
        raise FileFormatError(
            data.file, f"'{key}Z scale'", f"{whole:g} {scale[5]} over {steps} integers",
            f"{each:g} {scale[3]} each, {each * steps:g} in all", "Open it in NanoScope Analysis and save it again.",
        )  # fmt: skip
    sensitivity, unit = _sensitivity(data, scale[1], scale[5], sections)
    return whole / steps * sensitivity, unit


def _sensitivity(data: Bytes, name: str, volt: str, sections: list[_Section]) -> tuple[float, str]:
    """Return a sensitivity and the unit that it turns a voltage into; the voltage where it has none."""
    said = {value for one in sections if (value := one.values.get(f"@{name}")) is not None}
    found = _SENSITIVITY.fullmatch(said.pop()) if len(said) == 1 else None
    if found is None:
        raise FileFormatError(data.file, f"'{name}'", "one sensitivity", f"{len(said)}", COPY_AGAIN)
    unit, slash, over = found[2].rpartition("/")
    if slash and over != volt:
        raise FileFormatError(data.file, f"'{name}'", f"a unit over {volt}", f"'{found[2]}'", COPY_AGAIN)
    return _number(data, found[1], name), unit if slash else volt


def _kind(name: str, unit: str) -> type[Table] | None:
    """Return what a channel is of; None for others than heights and adhesion."""
    try:
        if "height" in name.lower() and units.same_dimension(unit, "m"):
            return HeightMap
        if "adhesion" in name.lower() and units.same_dimension(unit, "N"):
            return AdhesionMap
    except InputError:
        pass
    return None


def _lengths(data: Bytes, section: _Section, sections: list[_Section]) -> tuple[float, float]:
    """Return the width and height of an image in m; that of the whole scan must not be another."""
    own = _metres(data, _value(data, section, "Scan Size"))
    scan = next((one for one in sections if one.title == "Ciao scan list" and "Scan Size" in one.values), None)
    if scan is not None:
        said = _metres(data, scan.values["Scan Size"])[0]
        if max(own) > said * (1 + 1e-3):
            raise FileFormatError(
                data.file, "'Scan Size'", f"at most {said:g} m, the scan's", f"{max(own):g} m", COPY_AGAIN
            )
    return own


def _metres(data: Bytes, text: str) -> tuple[float, float]:
    parts = text.split()
    unit = _METRES.get(parts[-1]) if len(parts) in (2, 3) else None
    if unit is None:
        raise FileFormatError(data.file, "'Scan Size'", "one or two lengths", f"'{text[:40]}'", COPY_AGAIN)
    found = [units.scale(unit, "m") * _number(data, one, "Scan Size") for one in parts[:-1]]
    return found[0], found[-1]


def _record(file: str, channel: _Channel, kind: type[Table]) -> Table:
    column = "height" if kind is HeightMap else "adhesion"
    arrays: Mapping[str, Array] = points_of(*channel.size, *channel.lengths) | {column: channel.values}
    return record_of(file, kind, arrays, channel.place, channel=channel.name)


def _metadata(sections: list[_Section]) -> dict[str, str]:
    shown = ("Version", "Date", "Scan Size", "Scan Rate", "Tip Serial Number", "Spring Constant", "Microscope")
    found: dict[str, str] = {}
    for section in sections:
        for name in shown:
            if name in section.values:
                found.setdefault(name, section.values[name])
    return found


def _oddities(channels: list[_Channel], images: list[_Section]) -> Iterator[str]:
    others = [f"'{one.name}'" for one in channels if one.kind is None]
    if others:
        yield f"It also holds {' and '.join(others)}, neither a height nor an adhesion in newtons: not read."
    for channel, image in zip(channels, images, strict=True):
        name, levelled = channel.name, image.values.get("Offline Planefit", "None")
        if levelled != "None":
            yield f"'{name}' was levelled in NanoScope ({levelled}) before it was saved."
        if channel.kind is None:
            continue
        ends = np.isin(channel.values, (channel.values.min(), channel.values.max())).mean()
        if ends > _STUCK:
            yield f"{100 * ends:.0f} % of '{name}' lie at one of its two ends: the probe or its range ended there."
        rows = channel.values.reshape(channel.size[::-1])
        resting = np.flatnonzero(np.all(rows == rows[:, :1], axis=1))
        if len(resting):
            yield f"'{name}' does not change in {len(resting)} of {len(rows)} rows: the scan was stopped there."
        else:
            yield from rests(channel.values, channel.place, "the probe hung", f"value of '{name}'")
