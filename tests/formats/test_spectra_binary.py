"""Binary files of spectrometers (WiRE, GRAMS, OPUS), made from a formula, and the real ones against their texts."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import CubicSpline
from tests.formats import instruments, spectrometers
from tests.formats.mutator import Seed

from lamion.formats import RawFile, read, read_raw
from lamion.quantities import FileFormatError
from lamion.records.spectrum import InfraredSpectrum, RamanSpectrum, Spectrum

_COUNT = 80
_SHIFT = np.linspace(1800.0, 300.0, _COUNT)
_COUNTS = spectrometers.spectrum(_SHIFT).astype("<f4")


def _read(content: bytes):
    return read_raw(RawFile("a", content))


@dataclass
class Wdf:
    """A .wdf as it is put together; what a test changes of it."""

    spectra: int = 1
    capacity: int = 1
    unit: int = 1
    points: int = _COUNT
    axis: int = _COUNT
    wavenumber: float = 1e7 / 532.0
    origins: int = 3
    without: str = ""
    more: list[tuple[bytes, bytes]] = field(default_factory=list)

    def content(self) -> bytes:
        head = bytearray(512 - 16)
        numbers = (self.points, self.capacity, self.spectra, 1, 1, self.axis, 3)
        struct.pack_into("<IQQIIII", head, 0x3C - 16, *numbers)
        struct.pack_into("<If", head, 0x98 - 16, 6, self.wavenumber)
        head[0xF0 - 16 : 0xF0 - 8] = b"invented"
        shifts = struct.pack("<II", 1, self.unit) + _SHIFT.astype("<f4").tobytes()
        data = b"".join((_COUNTS + k).tobytes() for k in range(self.spectra)).ljust(4 * _COUNT * self.capacity, b"\0")
        blocks = [
            (b"WDF1", bytes(head)),
            (b"DATA", data),
            (b"YLST", struct.pack("<IIf", 4, 16, 368.0)),
            (b"XLST", shifts),
        ]
        blocks += [(b"ORGN", self._origin()), (b"TEXT", b"a remark\0"), *self.more]
        kept = [(name, body) for name, body in blocks if name.decode() != self.without]
        return b"".join(name + struct.pack("<IQ", 1, 16 + len(body)) + body for name, body in kept)

    def _origin(self) -> bytes:
        found = struct.pack("<I", self.origins)
        for kind, unit, step in ((0x80000003, 5, 2.0), (0x80000004, 5, -1.0), (11, 24, 0.0)):
            values = step * np.arange(self.capacity, dtype="<f8")
            found += struct.pack("<II16s", kind, unit, b"") + values.tobytes()
        return found


def test_wdf_with_one_spectrum() -> None:
    content = _read(Wdf().content())
    (record,) = content.records
    assert isinstance(record, RamanSpectrum)
    assert (content.format, content.warnings) == ("Renishaw WDF", ())
    assert content.metadata == {"Title": "invented", "Comments": "a remark"}
    assert np.allclose(record.shift, _SHIFT, rtol=1e-6)
    assert np.array_equal(record.counts, _COUNTS)
    assert record.laser == pytest.approx(532.0)


def test_wdf_maps_and_stopped_ones() -> None:
    content = _read(Wdf(spectra=4, capacity=6).content())
    assert content.warnings == ("4 of 6 spectra were taken: the measurement was stopped.",)
    assert [(one.x, one.y) for one in content.records] == [(2e-6 * k, pytest.approx(-1e-6 * k)) for k in range(4)]
    assert np.array_equal(content.records[3].counts, _COUNTS + 3)


def test_wdf_over_wavelengths() -> None:
    (record,) = _read(Wdf(unit=3).content()).records
    assert isinstance(record, Spectrum)
    assert record.position_unit == "nm"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (Wdf(points=_COUNT + 1).content(), "as many abscissae as points"),
        (Wdf(points=_COUNT + 1, axis=_COUNT + 1).content(), "81 abscissae, as the header says"),
        (Wdf(spectra=3, capacity=2).content(), "at most as many spectra as there is room for"),
        (Wdf(unit=99).content(), "a unit that lamion knows of WiRE's"),
        (Wdf(origins=2).content(), "3 quantities of 1 spectra"),
        (Wdf(without="DATA").content(), "a block DATA"),
        (Wdf(more=[(b"\x01\x02\x03\x04", b"")]).content(), "the head of a block"),
        (Wdf().content()[:-3], "the block TEXT"),
        (Wdf().content() + b"rest", "the head of a block"),
    ],
)
def test_wdf_refused(content: bytes, expected: str) -> None:
    with pytest.raises(FileFormatError, match=expected):
        _read(content)


def _spc(
    form: str = "floats",
    x_type: int = 13,
    y_type: int = 4,
    spectra: int = 1,
    log: bytes = b"Laser=Laser: 532 nm edge\r\nOperator=nobody\r\n",
    scale: float = 1.0,
) -> bytes:
    """Write a .spc: floats, integers of 32 or 16 bits, with one abscissa, with one for each spectrum."""
    flags = {"shorts": 0x01, "axis": 0x80, "axes": 0xC0}.get(form, 0) | (0x04 if spectra > 1 else 0)
    exponent = {"integers": 17, "shorts": 17}.get(form, -128)
    body = _SHIFT.astype("<f4").tobytes() if form == "axis" else b""
    for k in range(spectra):
        values = scale * _COUNTS + k
        body += struct.pack("<BbHfffIIf4x", 0, exponent, k, 0, 0, 0, _COUNT if form == "axes" else 0, 0, 0)
        body += _SHIFT.astype("<f4").tobytes() if form == "axes" else b""
        if form in ("integers", "shorts"):
            bits = 16 if form == "shorts" else 32
            body += np.round(values * 2.0 ** (bits - exponent)).astype(f"<i{bits // 8}").tobytes()
        else:
            body += values.astype("<f4").tobytes()
    end = 512 + len(body)
    directory = struct.pack("<IIf", 512, 1, 0.0) * spectra if form == "axes" else b""
    head = bytearray(512)
    points = end if form == "axes" else _COUNT
    struct.pack_into(
        "<BBBbIddIBB", head, 0, flags, 0x4B, 0, exponent, points, _SHIFT[0], _SHIFT[-1], spectra, x_type, y_type
    )
    struct.pack_into("<I", head, 32, 2021 << 20 | 11 << 16 | 18 << 11 | 11 << 6 | 30)
    head[88:96] = b"invented"
    if log:
        struct.pack_into("<I", head, 248, end + len(directory))
        log = struct.pack("<IIIII44x", 64 + len(log), 4096, 64, 0, 0) + log
    return bytes(head) + body + directory + log


@pytest.mark.parametrize("form", ["floats", "integers", "shorts", "axis", "axes"])
@pytest.mark.parametrize("spectra", [1, 3])
def test_spc_in_each_form(form: str, spectra: int) -> None:
    content = _read(_spc(form, spectra=spectra))
    assert (content.format, content.warnings) == ("Galactic SPC", ())
    assert content.metadata["Date"] == "2021-11-18 11:30"
    assert len(content.records) == spectra
    for k, record in enumerate(content.records):
        assert isinstance(record, RamanSpectrum)
        assert record.laser == 532.0
        assert np.allclose(record.shift, _SHIFT, rtol=1e-6)
        assert np.allclose(record.counts, _COUNTS + k, rtol=1e-6, atol=1.0 if form == "shorts" else 1e-4)


def test_spc_says_its_units() -> None:
    absorbance = _read(_spc(x_type=1, y_type=2)).records[0]
    assert isinstance(absorbance, InfraredSpectrum)
    assert absorbance.absorbance is not None
    percent = _read(_spc(x_type=1, y_type=128))
    assert "read as percent" in percent.warnings[0]
    fraction = _read(_spc(x_type=1, y_type=128, scale=1e-4))
    assert fraction.warnings == ()
    other = _read(_spc(x_type=3, y_type=2, log=b"")).records[0]
    assert isinstance(other, Spectrum)
    assert (other.position_unit, other.intensity_unit) == ("nm", "absorbance")


def _with(content: bytes, form: str, place: int, value: float) -> bytes:
    return content[:place] + struct.pack(form, value) + content[place + struct.calcsize(form) :]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (_with(_spc(), "<B", 1, 0x4D), "a file of the older layout"),
        (_with(_spc(), "<B", 1, 0x4C), "with reversed bytes"),
        (_with(_spc(), "<I", 4, _COUNT + 1), "the text at byte"),
        (_with(_spc(log=b""), "<I", 4, _COUNT - 1), "the end of the file behind the last spectrum"),
        (_with(_spc(), "<I", 24, 2), "only with their flag"),
        (_with(_spc(), "<b", 3, 100), "a power of two"),
        (_with(_spc(), "<b", 3, 20), "the power of two 20, as the header says"),
        (_with(_spc(spectra=2), "<b", 513, 20), "the power of two -128, as the header says"),
        (_with(_spc(), "<d", 8, float("nan")), "the first and the last abscissa"),
        (_with(_spc(), "<B", 28, 200), "units that lamion knows"),
        (_with(_spc(spectra=2), "<H", 512 + 2, 5), "spectrum 0"),
        (_with(_spc(), "<I", 512 + 16, 7), "80 points, as the header says"),
        (_spc()[:-1], "to the end of the file"),
        (_with(_spc(), "<f", 600, float("inf")), "a finite number"),
    ],
)
def test_spc_refused(content: bytes, expected: str) -> None:
    with pytest.raises(FileFormatError, match=expected):
        _read(content)


def _parameters(**given: float | int | str) -> bytes:
    found = b""
    for name, value in given.items():
        if isinstance(value, int):
            kind, body = 0, struct.pack("<i", value)
        elif isinstance(value, float):
            kind, body = 1, struct.pack("<d", value)
        else:
            kind, body = 2, value.encode().ljust(2 * (len(value) // 2 + 1), b"\0")
        found += struct.pack("<4sHH", name.encode(), kind, len(body) // 2) + body
    return (found + b"END\0\0\0\0\0").ljust(4 * (-(-(len(found) + 8) // 4)), b"\0")


def _opus(kind: int = 10, unit: str = "WN", values=_COUNTS, status: bool = True, **changed: float | int | str) -> bytes:
    numbers = np.asarray(values, dtype="<f4")
    beside: dict[str, float | int | str] = {
        "DPF": 1, "NPT": _COUNT, "FXV": float(_SHIFT[0]), "LXV": float(_SHIFT[-1]), "CSF": 1.0,
        "MXY": float(numbers.max()), "MNY": float(numbers.min()), "DAT": "04/07/2023", "DXU": unit,
    }  # fmt: skip
    code = kind << 10 | 0b1111
    accessory = changed.pop("ACC", "Transmission holder")
    blocks = [
        (0x20, _parameters(RLW=9394.9, INS="invented")),
        (0x60, _parameters(ACC=accessory)),
        (code, numbers.tobytes()),
    ]
    if status:
        blocks.append((code | 0x10, _parameters(**(beside | changed))))
    count = len(blocks) + 1
    place = 24 + 12 * count
    entries = struct.pack("<Iii", 13 << 10, 3 * count, 24)
    for block, body in blocks:
        entries += struct.pack("<Iii", block, len(body) // 4, place)
        place += len(body)
    head = b"\x0a\x0a\xfe\xfe" + struct.pack("<diii", 920622.0, 24, 40, count)
    return head + entries + b"".join(body for _, body in blocks)


def test_opus_raman() -> None:
    content = _read(_opus())
    (record,) = content.records
    assert isinstance(record, RamanSpectrum)
    assert (content.format, content.warnings) == ("Bruker OPUS", ())
    assert (content.metadata["Date"], content.metadata["Instrument"]) == ("04/07/2023", "invented")
    assert np.allclose(record.shift, _SHIFT)
    assert np.array_equal(record.counts, _COUNTS)
    assert record.laser == pytest.approx(1e7 / 9394.9)


def test_opus_infrared_and_others() -> None:
    fraction = _read(_opus(5, values=1e-4 * _COUNTS)).records[0]
    assert isinstance(fraction, InfraredSpectrum)
    assert np.allclose(fraction.transmittance, 1e-4 * _COUNTS)
    assert fraction.attenuated is False
    attenuated = _read(_opus(4, ACC="Platinum ATR")).records[0]
    assert (attenuated.attenuated, attenuated.absorbance is not None) == (True, True)
    other = _read(_opus(6)).records[0]
    assert isinstance(other, Spectrum)
    assert (other.position_unit, other.intensity_unit) == ("1/cm", "Kubelka-Munk")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (_opus(2), "interferograms or single channels at most"),
        (_opus(status=False), "parameters beside the spectrum"),
        (_opus(MXY=1.0), r"the largest intensity \(MXY\)"),
        (_opus(MNY=1.0), r"the smallest intensity \(MNY\)"),
        (_opus(NPT=_COUNT + 1), "at most 80 points"),
        (_opus(CSF=0.0), "a scale other than zero"),
        (_opus(FXV=float("nan")), "the parameter FXV"),
        (_opus(DPF=2), "numbers as floats"),
        (_opus(unit="XX"), r"a unit of the abscissa \(DXU\): WN, MI"),
        (_opus()[:-4], "a block of the directory"),
        (_opus() + bytes(8), "the end of the file behind the last block"),
        (_with(_opus(), "<i", 20, 0), "a number of blocks"),
        (_with(_opus(), "<i", 24 + 12 + 8, 40), "blocks that do not overlap"),
    ],
)
def test_opus_refused(content: bytes, expected: str) -> None:
    with pytest.raises(FileFormatError, match=expected):
        _read(content)


_FILES = {
    "wdf": Wdf(spectra=3, capacity=3).content(),
    "spc": _spc(),
    "spc of integers": _spc("integers", spectra=2),
    "spc with axes": _spc("axes", spectra=2),
    "opus": _opus(),
}


def _seed(name: str, content: bytes) -> Seed:
    return Seed(name, content.decode("latin-1"), " ", "latin-1")


@pytest.mark.parametrize("count", [300, pytest.param(3000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", _FILES)
def test_mutants(name: str, count: int) -> None:
    seed = _seed(name, _FILES[name])
    judge = spectrometers.judge(160, affine=True, near=0.35, unit=name.startswith("spc"))
    instruments.check(seed, instruments.binary_mutants(seed, count), judge, undetectable=0.6)


@settings(deadline=None)
@given(st.sampled_from(sorted(_FILES)).flatmap(lambda name: instruments.edits(_seed(name, _FILES[name]))))
def test_any_content(content: bytes) -> None:
    instruments.reads_or_refuses(content)


@settings(deadline=None)
@given(st.sampled_from(sorted(_FILES)).flatmap(lambda name: instruments.signatures(_seed(name, _FILES[name]), 64)))
def test_any_content_behind_a_signature(content: bytes) -> None:
    instruments.reads_or_refuses(content)


def test_archives_and_texts_are_no_spc() -> None:
    for start in (b"PK\x03\x04", b"OK, a text\x00"):
        with pytest.raises(FileFormatError) as refusal:
            _read(start + bytes(600) + b"x")
        assert "layout" not in str(refusal.value)


def test_the_real_wdf(real_data: Path) -> None:
    content = read(real_data / "raman" / "raman_example.wdf")
    (record,) = content.records
    assert isinstance(record, RamanSpectrum)
    assert (len(record), content.warnings) == (1011, ())
    assert record.laser == pytest.approx(632.8, abs=0.01)
    assert (record.shift[0], record.shift[-1]) == (pytest.approx(1879.449), pytest.approx(0.381, abs=1e-3))


def _compared(real_data: Path, name: str, spline: bool) -> np.ndarray:
    """Return the .spc over its text, interpolated to the grid of the .spc, less one."""
    binary = read(real_data / "raman" / f"{name}.spc").records[0]
    text = read(real_data / "raman" / f"{name}.txt", record=None if "Probe" in name else "raman").records[0]
    assert isinstance(binary, RamanSpectrum)
    assert isinstance(text, RamanSpectrum)
    x, y = text.shift[np.argsort(text.shift)], text.counts[np.argsort(text.shift)]
    inside = binary.shift[(binary.shift >= x[0]) & (binary.shift <= x[-1])]
    expected = CubicSpline(x, y)(inside) if spline else np.interp(inside, x, y)
    return np.abs(binary.counts[np.isin(binary.shift, inside)] / expected - 1.0)


def test_the_real_spc_files_are_what_their_texts_say(real_data: Path) -> None:
    assert _compared(real_data, "PST_Reflex532_Z050_010_10000msx2", spline=False).max() < 1e-3
    # The program of B&W Tek made its even grid of the pixels by splines: between straight lines the median is 2.1e-3.
    assert np.median(_compared(real_data, "PST10_iR532_Probe_100_3000msx7", spline=True)) < 2e-3


def test_the_real_opus_file(real_data: Path) -> None:
    content = read(real_data / "ftir" / "test_opus.0")
    (record,) = content.records
    assert isinstance(record, RamanSpectrum)
    assert (len(record), content.warnings) == (4096, ())
    assert record.laser == pytest.approx(1064.4, abs=0.1)
    assert record.counts.max() == pytest.approx(0.07590587437152863, rel=1e-6)


@pytest.mark.parametrize("count", [100, pytest.param(3000, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "name",
    [
        "raman/raman_example.wdf",
        "raman/PST10_iR532_Probe_100_3000msx7.spc",
        "raman/PST_Reflex532_Z050_010_10000msx2.spc",
        "ftir/test_opus.0",
    ],
)
def test_mutants_of_real_files(real_data: Path, name: str, count: int) -> None:
    seed = _seed(name, (real_data / name).read_bytes())
    judge = spectrometers.judge(165, affine=True, near=0.35, unit=name.endswith("spc"))
    instruments.check(seed, instruments.binary_mutants(seed, count), judge, undetectable=0.6)
