"""Texts of Raman spectrometers: LabSpec's, B&W Tek's, and two bare columns."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats import instruments, spectrometers
from tests.formats.mutator import Seed

from lamion.formats import RawFile, read, read_raw
from lamion.quantities import FileFormatError
from lamion.records.spectrum import RamanSpectrum, Spectrum

_COUNT = 90
_SHIFT = 100.0 + 14.0 * np.arange(_COUNT) - 0.01 * np.arange(_COUNT) ** 2
_COUNTS = spectrometers.spectrum(_SHIFT)


def _labspec(unit: str = "1/cm", laser: str = "532nm_Edge") -> str:
    head = [
        "#Acq. time (s)=\t300", "#Accumulations=\t12", f"#Range (cm-\u00b9)=\t{_SHIFT[0]:.0f}...{_SHIFT[-1]:.0f}",
        f"#Laser=\t{laser}", "#X (\u00b5m)=\t12.5", "#Y (\u00b5m)=\t-3", "#Title=\tinvented",
        "#Date=\t23.10.2023 16:11",
        "#Remark=\t", "#AxisType[0]=\tIntens", "#AxisUnit[0]=\tCnt", "#AxisType[1]=\tSpectr", f"#AxisUnit[1]=\t{unit}",
    ]  # fmt: skip
    rows = [f"{shift:.6g}\t{counts:.6g}" for shift, counts in zip(_SHIFT, _COUNTS, strict=True)]
    return "\n".join([*head, *rows]) + "\n"


_LASER = 532.07


def _bwtek(saturated: int | None = None) -> str:
    pixels, raw, dark = [], np.round(_COUNTS + 1000.0), np.round(1000.0 + 30.0 * np.sin(np.arange(_COUNT)))
    if saturated is not None:
        raw[saturated] = 65535.0
    for k in range(_COUNT + 20):
        j = k - 10
        if 0 <= j < _COUNT:
            wavenumber = 1e7 / _LASER - _SHIFT[j]
            place = [f"{1e7 / wavenumber:.2f}", f"{wavenumber:.2f}", f"{1e7 / _LASER - round(wavenumber, 2):.2f}"]
            numbers = [dark[j], 65535.0, raw[j], raw[j] - dark[j], 0.0, 0.0, 0.0]
        else:
            place, numbers = 3 * ["   "], [900.0, 65535.0, 910.0, 10.0, 0.0, 0.0, 0.0]
        pixels.append(";".join([str(k), *place, *(f"{number:.4f}" for number in numbers)]).replace(".", ",") + ";")
    head = [
        "File Version;BWSpec4.11_1", "Date;2021-10-29 16:24:49", "title;invented", "operator;",
        f"pixel_num;{_COUNT + 20}",
        f"laser_wavelength;{_LASER}".replace(".", ","),
        "Pixel;Wavelength;Wavenumber;Raman Shift;Dark;Reference;Raw data #1;Dark Subtracted #1;%TR #1;Absorbance #1;"
        "Irradiance (W/cm^2/nm) #1;",
    ]  # fmt: skip
    return "\n".join([*head, *pixels]) + "\n"


def _bare(separator: str = "\t") -> str:
    return "".join(f"{shift:.3f}{separator}{counts:.2f}\n" for shift, counts in zip(_SHIFT, _COUNTS, strict=True))


def _read(text: str, encoding: str = "utf-8", **said: str):
    return read_raw(RawFile("a.txt", text.encode(encoding)), **said)


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_labspec(encoding: str) -> None:
    content = _read(_labspec(), encoding)
    (record,) = content.records
    assert isinstance(record, RamanSpectrum)
    assert (content.format, content.warnings, content.metadata["Title"]) == ("Horiba LabSpec text", (), "invented")
    assert np.allclose(record.shift, _SHIFT, rtol=1e-5)
    assert np.allclose(record.counts, _COUNTS, rtol=1e-5)
    assert (record.laser, record.x, record.y) == (532.0, pytest.approx(12.5e-6), pytest.approx(-3e-6))


def test_labspec_with_decimal_commas_and_other_units() -> None:
    head, body = _labspec().split(_labspec().splitlines()[13])[0], "\n".join(_labspec().splitlines()[13:])
    assert _read(head + body.replace(".", ",") + "\n").records[0].counts[3] == pytest.approx(_COUNTS[3], rel=1e-5)
    other = _read(_labspec("nm")).records[0]
    assert isinstance(other, Spectrum)
    assert (other.position_unit, other.intensity_unit) == ("nm", "Cnt")
    assert "cannot be" in _read(_labspec(laser="5320nm")).warnings[0]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda t: "\n".join(t.splitlines()[:13]) + "\n", "Raman shifts and counts below the header"),
        (lambda t: "\n".join([*t.splitlines()[:13], "\t1\t2\t3", "0\t1\t2\t3"]) + "\n", "a map or a series"),
        (lambda t: t[:-3], "half a number"),
    ],
)
def test_labspec_refused(change, expected: str) -> None:
    with pytest.raises(FileFormatError, match=expected):
        _read(change(_labspec()))


def test_a_labspec_spectrum_that_was_cut_is_said() -> None:
    (warning,) = _read("\n".join(_labspec().splitlines()[:60]) + "\n").warnings
    assert "while the header declares" in warning


def test_bwtek() -> None:
    content = _read(_bwtek())
    (record,) = content.records
    assert isinstance(record, RamanSpectrum)
    assert (content.format, content.warnings, record.laser) == ("B&W Tek text", (), _LASER)
    assert len(record) == _COUNT
    assert np.allclose(record.shift, _SHIFT, atol=0.011)
    dark = np.round(1000.0 + 30.0 * np.sin(np.arange(_COUNT)))
    assert np.array_equal(record.counts, np.round(_COUNTS + 1000.0) - dark)


def test_bwtek_saturated_and_with_lost_pixels() -> None:
    assert "the detector was saturated there" in " ".join(_read(_bwtek(saturated=20)).warnings)
    lines = _bwtek().splitlines()
    del lines[50]
    warnings = " ".join(_read("\n".join(lines) + "\n").warnings)
    assert "the point's number is" in warnings
    assert "109 points while the header declares 110" in warnings


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda t: t.replace("Pixel;Wavelength", "Pixels;Wavelengths"), "the line of column headers"),
        (lambda t: t.replace("Dark Subtracted #1", "Other"), "a column 'Dark Subtracted #1'"),
        (lambda t: t.replace(";Dark;", ";Night;"), "a column 'Dark'"),
        (lambda t: t.replace("laser_wavelength;532,07", "laser_wavelength;533,07"), "which wavenumber and laser make"),
        (lambda t: t.replace("laser_wavelength;532,07", "laser_wavelength;x"), "a number behind 'laser_wavelength'"),
        (lambda t: re.sub(r"(\n40;[^;]*;[^;]*;)[^;]*", r"\g<1>999,00", t), "line 48: expected a shift of"),
        (lambda t: re.sub(r"(\n40;(?:[^;]*;){6})[^;]*", r"\g<1>9,0000", t), "line 48: expected a signal of"),
        (lambda t: t.replace("Raman Shift", "Rayleigh"), "lines with a number under 'Raman Shift'"),
    ],
)
def test_bwtek_refused(change, expected: str) -> None:
    with pytest.raises(FileFormatError, match=expected):
        _read(change(_bwtek()))


def test_two_bare_columns_are_told_and_read_on_request() -> None:
    with pytest.raises(FileFormatError, match=r"perhaps a Raman spectrum. Say --record raman"):
        _read(_bare())
    with pytest.raises(FileFormatError, match=r"perhaps a Raman spectrum"):
        _read("".join(reversed(_bare().splitlines(keepends=True))))
    content = _read(_bare(), record="raman")
    assert isinstance(content.records[0], RamanSpectrum)
    assert content.warnings == ()
    times = "".join(f"{k}\t{k % 7}.5\n" for k in range(900))
    with pytest.raises(FileFormatError) as refusal:
        _read(times)
    assert "Raman" not in str(refusal.value)


_TEXTS = {"labspec": _labspec(), "bwtek": _bwtek(), "bare": _bare()}


@pytest.mark.parametrize("count", [300, pytest.param(3000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", _TEXTS)
def test_mutants(name: str, count: int) -> None:
    seed = Seed(name, _TEXTS[name], "\t")
    said = {"record": "raman"} if name == "bare" else {}
    made = [
        *instruments.binary_mutants(seed, count // 2, spectrometers.same_text(seed.text)),
        *spectrometers.of_lines(seed.text, count // 2),
    ]
    instruments.check(seed, made, spectrometers.judge(3, ends=True, near=0.35, **said), undetectable=0.5)


@given(st.sampled_from(sorted(_TEXTS)).flatmap(lambda name: instruments.edits(Seed(name, _TEXTS[name], "\t"))))
def test_any_content(content: bytes) -> None:
    instruments.reads_or_refuses(content)


_POLYSTYRENE = {
    "PST02_iRPlus532_Z050_100_2500msx5.txt": (762, 1001.3),
    "PST10_iR532_Probe_100_3000msx7.txt": (1801, 1001.6),
    "PST10_iR785_OP01_8000msx8.txt": (1024, 1005.6),
    "PST_Reflex532_Z050_010_10000msx2.txt": (2578, 1001.9),
    "PST_WiICV532_Z050OP02_075_800msx10.txt": (1024, 1006.0),
}


@pytest.mark.parametrize("name", _POLYSTYRENE)
def test_real_polystyrene(real_data: Path, name: str) -> None:
    count, line = _POLYSTYRENE[name]
    record = "raman" if not name.startswith(("PST02", "PST10_iR532")) else None
    content = read(real_data / "raman" / name, record=record)
    (found,) = content.records
    assert isinstance(found, RamanSpectrum)
    assert (len(found), content.warnings) == (count, ())
    near = np.flatnonzero(np.abs(found.shift - 1003.0) < 12.0)
    top = near[np.argmax(found.counts[near])]
    fit = np.polyfit(found.shift[top - 1 : top + 2] - found.shift[top], found.counts[top - 1 : top + 2], 2)
    assert found.shift[top] - fit[1] / (2.0 * fit[0]) == pytest.approx(line, abs=1.0)


def test_real_labspec(real_data: Path) -> None:
    content = read(real_data / "raman" / "labspec_raman_example.txt")
    record = content.records[0]
    assert (len(record), record.laser, content.warnings) == (341, 532.0, ())
    assert (record.x, record.y) == (0.0, 0.0)
