"""Formats whose points stand in no table with headers: made from a formula, damaged, and one real spectrum in each."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats import fixtures, instruments
from tests.formats.fixtures import Spectrum
from tests.formats.mutator import Seed

from lamion.formats import RawFile, read, read_raw
from lamion.quantities import FileFormatError

_DATA = fixtures.spectrum()


def _ivium(sets: list[Spectrum], *, title: str = "Test", method: str = "Impedance") -> bytes:
    found = [16 * "\x00" + "H\x00\x00\x00", "Peaks=false", "Corrosion=false"]
    for data in sets:
        found += ["\xc2\x8d\x10\x00", f"Method={method}", "Technique=Constant E", f"Title={title}"]
        found += [f"Frequencies={len(data.frequency)}"]
        found += [f"Frequencies.freq[{k}]={f:.12g}" for k, f in enumerate(data.frequency, start=1)]
        found += [">\x0c\x01\x00", "2         ", "Data Objects    ", "0         ", "primary_data    ", "3         "]
        found += [f"{len(data.frequency)}        "]
        for f, z in zip(data.frequency, data.impedance, strict=True):
            found.append(f"{z.real:.5E}  {z.imag:.5E}\t{f:.5E} ")
        found += ["7         ", "osc_data        ", "0         ", "\x00\x00\x00\x00", "\x00\x00\x00\x00", ""]
    return "\r\n".join(found).encode("latin-1")


def _eco_chemie(data: Spectrum, *, date: str = "03.03.2021 09:15:00") -> bytes:
    lines = ["VERSION8.0", f" {len(data.frequency)}", " 1"]
    for f, z in zip(data.frequency, data.impedance, strict=True):
        lines += [f" {x!r}" for x in (float(f), float(z.real), -float(z.imag), *[0.0] * 6)]
    return "\n".join([*lines, " 1.0", " 1.0", " 1.0", date, date, *[" 2.0"] * 5]).encode() + b"\n"


def _palmsens(data: Spectrum, *, order: tuple[int, ...] = (5, 7, 8, 10, 6), title: str = "cell") -> bytes:
    z = data.impedance
    arrays = {
        5: (data.frequency, "Hz", "Frequency"),
        7: (z.real, "\u2126", "Z'"),
        8: (-z.imag, "\u2126", "-Z''"),
        10: (np.abs(z), "\u2126", "Z"),
        6: (-np.degrees(np.angle(z)), "\u00b0", "-Phase"),
    }
    values = [
        {"ArrayType": number, "Unit": {"S": unit, "Q": quantity}, "DataValues": [{"V": float(x)} for x in numbers]}
        for number, (numbers, unit, quantity) in ((number, arrays[number]) for number in order)
    ]
    session = {
        "Type": "PalmSens.DataFiles.SessionFile",
        "Measurements": [{"Title": title, "DataSet": {"Type": "PalmSens.Data.DataSetEIS", "Values": values}}],
    }
    return (json.dumps(session, ensure_ascii=False) + "\ufeff").encode("utf-16")


_MADE = {
    "ivium": _ivium([_DATA]),
    "eco chemie": _eco_chemie(_DATA),
    "palmsens": _palmsens(_DATA),
}
_SEEDS = {
    name: Seed(name, content.decode("latin-1"), " ", "latin-1", declares_limits=True) for name, content in _MADE.items()
}
_SEEDS["palmsens"] = Seed(
    "palmsens", _MADE["palmsens"].decode("latin-1"), " ", "latin-1", witnessed=1e-5, declares_limits=True
)


def _others(name: str):
    """Return ways to say the same in other bytes."""
    if name == "ivium":
        return [
            lambda rng: _ivium([_DATA], title="abcdefgh"[: rng.integers(8)]),
            lambda rng: _MADE[name].replace(b"\r\n", b"\n"),
            lambda rng: _ivium([_DATA] * int(rng.integers(1, 4))),
        ]
    if name == "eco chemie":
        return [
            lambda rng: _MADE[name].replace(b"\n", b"\r\n"),
            lambda rng: _MADE[name].decode().encode("utf-16"),
            lambda rng: _eco_chemie(_DATA, date=f"{rng.integers(1, 28)}.12.2022 10:00:00"),
        ]
    return [
        lambda rng: _palmsens(_DATA, order=tuple(rng.permutation([5, 7, 8, 10, 6]).tolist())),
        lambda rng: _palmsens(_DATA, title="abcdefgh"[: rng.integers(8)]),
        lambda rng: _MADE[name].decode("utf-16").replace("\ufeff", "").encode("utf-8"),
    ]


def _read(content: bytes):
    return read_raw(RawFile("cell", content))


@pytest.mark.parametrize(
    ("name", "told", "digits"),
    [
        ("ivium", "Ivium data file", 1e-5),
        ("eco chemie", "Eco Chemie data file (.dfr)", 1e-15),
        ("palmsens", "PalmSens session", 1e-15),
    ],
)
def test_numbers_and_signs(name: str, told: str, digits: float) -> None:
    content = _read(_MADE[name])
    (spectrum,) = content.records
    assert content.format == told
    assert np.allclose(spectrum.frequency, _DATA.frequency, rtol=digits)
    assert np.allclose(spectrum.impedance, _DATA.impedance, rtol=digits)
    assert content.warnings == ()


@pytest.mark.parametrize("name", _SEEDS)
@pytest.mark.parametrize("count", [300, pytest.param(3000, marks=pytest.mark.slow)])
def test_mutants(name: str, count: int) -> None:
    seed = _SEEDS[name]
    instruments.check(seed, instruments.binary_mutants(seed, count, _others(name)), undetectable=0.35)


@settings(deadline=None, max_examples=100)
@given(
    st.sampled_from([*_SEEDS.values()]).flatmap(
        lambda seed: st.one_of(instruments.edits(seed), instruments.signatures(seed, 120))
    )
)
def test_any_content(content: bytes) -> None:
    instruments.reads_or_refuses(content)


def test_several_data_sets_of_ivium() -> None:
    content = _read(_ivium([_DATA, fixtures.spectrum(900.0)]))
    assert [(one.cycle, len(one)) for one in content.records] == [(1, 36), (2, 36)]
    (spectrum,) = (same := _read(_ivium([_DATA, _DATA]))).records
    assert same.warnings == ("The 2 data sets hold the same spectrum; it was read once.",)
    assert spectrum.cycle is None


def test_ivium_of_another_method() -> None:
    with pytest.raises(FileFormatError, match="expected the method Impedance, found 'CyclicVoltammetry'"):
        _read(_ivium([_DATA], method="CyclicVoltammetry"))


def test_a_frequency_that_was_not_asked_for() -> None:
    (warning,) = _read(_MADE["ivium"].replace(b"freq[3]=398107", b"freq[3]=298107")).warnings
    assert warning == "Point 3: the frequency is 398107 Hz while the settings ask for 298107 Hz."


def test_eco_chemie_with_a_line_lost() -> None:
    with pytest.raises(FileFormatError, match="line 2: expected a number of points, and nine lines for each"):
        _read(_MADE["eco chemie"].replace(b" 0.0\n", b"", 1))


def test_palmsens_that_contradicts_itself() -> None:
    session = json.loads(_MADE["palmsens"].decode("utf-16").strip("\ufeff"))
    session["Measurements"][0]["DataSet"]["Values"][2]["DataValues"][4]["V"] *= -1.0
    with pytest.raises(FileFormatError, match=r"point 5: expected a phase of .* which its real and imaginary parts"):
        _read(json.dumps(session).encode("utf-16"))


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "9" * 10_000, '"Measurements": {}}'])
def test_palmsens_nested_beyond_measure(text: str) -> None:
    with pytest.raises(FileFormatError):
        _read(f'{{"Type":"PalmSens.DataFiles.SessionFile","Measurements":{text}'.encode("utf-16"))


@pytest.mark.parametrize("end", ["idf", "ids", "dfr", "pssession", "xlsx", "ods"])
def test_one_real_spectrum_in_six_coats(end: str, real_data: Path) -> None:
    folder = real_data / "impedance" / "formats"
    (spectrum,) = read(folder / f"data.{end}").records
    (whole,) = read(folder / "data.dfr").records
    digits = 1e-5 if end in ("idf", "ids") else 1e-12
    assert len(spectrum) == 29
    assert np.allclose(spectrum.frequency, whole.frequency, rtol=digits)
    assert np.allclose(spectrum.impedance, whole.impedance, rtol=digits)
