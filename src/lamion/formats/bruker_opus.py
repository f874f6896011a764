"""Bruker OPUS's binary files (.0, .1, ...): absorbance, transmittance or Raman spectra.

A directory lists blocks: what each holds, in groups of bits, its length and its place. Beside the numbers of a
spectrum stands a block of parameters with the number of points, both ends of the abscissa and the extremes, which are
compared. Interferograms and single channels are no result, and are passed over.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.formats.binary import Bytes
from lamion.formats.content import Format, Parsed, RawFile
from lamion.formats.spectrometer import infrared, laser_oddities, oddities, record_of
from lamion.quantities import FileFormatError
from lamion.records.record import Table
from lamion.records.spectrum import RamanSpectrum, Spectrum

Array = NDArray[np.float64]
Parameters = dict[str, int | float | str]
_MAGIC = b"\x0a\x0a\xfe\xfe"
_ENTRY = 12
_MOST_BLOCKS = 10_000
_STATUS = 0x10
"""The bit by which the parameters of a spectrum differ from the spectrum."""
_PARAMETERS, _KINDS = 0x3F0, 0x7F
_ABSORBANCE, _TRANSMITTANCE, _RAMAN = 4, 5, 10
_RESULTS = {
    4: "absorbance", 5: "transmittance", 6: "Kubelka-Munk", 10: "Raman intensity", 11: "emission", 12: "reflectance",
    15: "log(1/R)", 16: "ATR units", 17: "photoacoustic units",
}  # fmt: skip
_DIRECTORY, _TEXT, _SAMPLE = 13, (0, 5), 10
_TO_WAVENUMBER = {"WN": None, "MI": 1e4}
"""What a position divides to become a wavenumber in 1/cm, None where it is one."""
_POSITIONS = {"WN": "1/cm", "MI": "um", "LGW": "log(1/cm)", "MIN": "min", "PNT": "points"}
_RELATIVE = 1e-6
"""Floats of single precision."""
_FORMS = {0: ("<i", 4), 1: ("<d", 8)}
_LONGEST = 80
_NAMES = {"DAT": "Date", "TIM": "Time", "SNM": "Sample", "INS": "Instrument", "SRC": "Source", "CNM": "Operator"}
_NAMES |= {"SFM": "Sample form", "ACC": "Accessory", "RES": "Resolution", "NSS": "Scans", "EXP": "Experiment"}


@dataclass(frozen=True)
class _Block:
    """What a block holds, where, and how many bytes."""

    code: int
    place: int
    length: int

    @property
    def kind(self) -> int:
        """Which spectrum it holds or belongs to."""
        return self.code >> 10 & _KINDS

    @property
    def is_numbers(self) -> bool:
        """Whether it holds a result's numbers, no parameters."""
        return not self.code & _PARAMETERS and self.kind in _RESULTS


def _matches(raw: RawFile) -> bool:
    return raw.start.startswith(_MAGIC)


def _read(raw: RawFile) -> Parsed:
    data = Bytes(raw.name, raw.content)
    blocks = _blocks(data)
    results = [block for block in blocks if block.is_numbers]
    if not results:
        expected, remedy = "an absorbance, transmittance or Raman spectrum", "Save the spectrum itself from OPUS."
        raise FileFormatError(raw.name, "", expected, "interferograms or single channels at most", remedy)
    every = [_parameters(data, block) for block in blocks if _has_parameters(block)]
    known: Parameters = {name: value for found in every for name, value in found.items()}
    records: list[Table] = []
    warnings: list[str] = []
    for block in results:
        status = next((one for one in blocks if one.code == block.code | _STATUS), None)
        if status is None:
            raise data.refused(block.place, "parameters beside the spectrum", "none")
        record, said = _spectrum(data, block, _parameters(data, status), known)
        records.append(record)
        warnings += said
    return Parsed(tuple(records), _metadata(known), tuple(dict.fromkeys(warnings)))


FORMAT = Format("Bruker OPUS", _matches, _read, binary=True)


def _place(point: int) -> str:
    return f"point {point + 1}"


def _blocks(data: Bytes) -> list[_Block]:
    """Return the blocks of the directory; none may overlap another, and the last ends where the file ends."""
    start, _, count = data.unpack("<iii", 12, "the place of the directory")
    if not 1 <= count <= _MOST_BLOCKS:
        raise data.refused(20, "a number of blocks", f"{count}")
    entries = [data.unpack("<Iii", start + _ENTRY * number, "an entry of the directory") for number in range(count)]
    found = [_Block(code, place, 4 * words) for code, words, place in entries]
    for block in found:
        data.require(block.place, block.length, "a block of the directory")
    ordered = sorted(found, key=lambda block: block.place)
    for one, other in itertools.pairwise(ordered):
        if one.place + one.length > other.place:
            raise data.refused(other.place, "blocks that do not overlap", "two that do")
    end = ordered[-1].place + ordered[-1].length
    if not 0 <= len(data.content) - end < 4:
        raise data.refused(end, "the end of the file behind the last block", f"{len(data.content) - end} bytes")
    return found


def _has_parameters(block: _Block) -> bool:
    return bool(block.code & _PARAMETERS) and block.kind != _DIRECTORY


def _parameters(data: Bytes, block: _Block) -> Parameters:
    """Return the parameters of a block: three letters, a type, a length, a value; END behind the last."""
    found: Parameters = {}
    place, end = block.place, block.place + block.length
    while place < end:
        name, kind, words = data.unpack("<4sHH", place, "a parameter")
        key = name[:3].decode("latin-1")
        if key == "END":
            return found
        size = 2 * words
        if not (key.isascii() and key.isalnum()) or place + 8 + size > end or kind > 4:
            raise data.refused(place, "a parameter of three letters within its block", f"{name!r}")
        if kind in _FORMS:
            form, least = _FORMS[kind]
            if size != least:
                raise data.refused(place, f"a parameter of {least} bytes", f"{size}")
            (value,) = data.unpack(form, place + 8, "a parameter")
            found[key] = value
        else:
            found[key] = data.text(place + 8, size, "a parameter")
        place += 8 + size
    raise data.refused(end, "END behind the last parameter of a block", "none")


def _spectrum(data: Bytes, block: _Block, status: Parameters, known: Parameters) -> tuple[Table, Sequence[str]]:
    count, first, last, scale = (_number(data, block, status, name) for name in ("NPT", "FXV", "LXV", "CSF"))
    if status.get("DPF") != 1:
        raise data.refused(block.place, "numbers as floats (DPF 1)", f"DPF {status.get('DPF')}")
    if count != int(count) or not 1 <= count <= block.length // 4 or first == last or scale == 0.0:
        expected = f"at most {block.length // 4} points between two ends and a scale other than zero"
        raise data.refused(block.place, expected, f"{count:g} from {first:g} to {last:g}, times {scale:g}")
    y = scale * data.numbers("<f4", block.place, int(count), "the spectrum")
    _check_extremes(data, block, y, status)
    x = np.linspace(first, last, int(count))
    unit = str(status.get("DXU", ""))
    if unit not in _POSITIONS:
        raise data.refused(block.place, f"a unit of the abscissa (DXU): {', '.join(_POSITIONS)}", f"'{unit[:10]}'")
    record, said = _record(data.file, block.kind, x, y, unit, known)
    laser = record.laser if isinstance(record, RamanSpectrum) else None
    return record, [*said, *laser_oddities(laser), *oddities(x, y, _place)]


def _number(data: Bytes, block: _Block, parameters: Parameters, name: str) -> float:
    value = parameters.get(name)
    if isinstance(value, str) or value is None or not np.isfinite(value):
        raise data.refused(block.place, f"the parameter {name} beside the spectrum", f"{value}")
    return float(value)


def _check_extremes(data: Bytes, block: _Block, y: Array, status: Parameters) -> None:
    """Compare the extremes of a spectrum with those that stand beside it."""
    for name, found in (("MXY", float(y.max())), ("MNY", float(y.min()))):
        if name in status:
            declared = _number(data, block, status, name)
            if not abs(found - declared) <= _RELATIVE * max(abs(found), abs(declared)):
                expected = f"{declared:.6g} for the {'largest' if name == 'MXY' else 'smallest'} intensity ({name})"
                raise data.refused(block.place, expected, f"{found:.6g}")


def _record(file: str, kind: int, x: Array, y: Array, unit: str, known: Parameters) -> tuple[Table, Sequence[str]]:
    if kind == _RAMAN and unit == "WN":
        wavenumber = known.get("RLW")
        lit = isinstance(wavenumber, float) and np.isfinite(wavenumber) and wavenumber > 0.0
        laser = 1e7 / float(wavenumber) if lit and wavenumber else None
        return record_of(file, RamanSpectrum, {"shift": x, "counts": y}, _place, laser=laser), []
    if kind in (_ABSORBANCE, _TRANSMITTANCE) and unit in _TO_WAVENUMBER:
        accessory = str(known.get("ACC", "")).upper()
        attenuated = True if "ATR" in accessory else False if "TRANSMISSION" in accessory else None
        over, absorbs = _TO_WAVENUMBER[unit], kind == _ABSORBANCE
        return infrared(file, x, y, _place, over=over, absorbance=absorbs, attenuated=attenuated)
    units = {"position_unit": _POSITIONS[unit], "intensity_unit": _RESULTS[kind]}
    return record_of(file, Spectrum, {"position": x, "intensity": y}, _place, **units), []


def _metadata(known: Parameters) -> Mapping[str, str]:
    shown = {
        _NAMES.get(name, name): f"{value:.9g}" if isinstance(value, float) else str(value)
        for name, value in known.items()
    }
    return {name: value for name, value in shown.items() if value and len(value) <= _LONGEST}
