"""Zahner's text and binary files, made from a formula, and the real ones against the vendor's own fit."""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats import fixtures, instruments
from tests.formats.mutator import Seed

import lamion
from lamion.formats import RawFile, read, read_raw
from lamion.quantities import FileFormatError

_DATA = fixtures.spectrum()


def _text(data: fixtures.Spectrum) -> str:
    head = [
        "File.......:  cell_a - JUL,28.2021", "", "System.....:  ", "Potential..:  0.005V", "Current....:  -21.136nA",
        "Temperature:  25.0 +-0.0 C", "Time.......:  08:50:10 - 08:50:57", "Comment....:  ", "Impedance samples", "",
        f"Lines:   {len(data.frequency)}", "Columns: 5", "",
        "Number   Frequency/Hz   impedance R/Ohm   impedance I/Ohm   Significance   Time/s ",
    ]  # fmt: skip
    rows = [
        f"{k:4d}   {f:14.4e}   {z.real:14.4e}   {z.imag:14.4e}   {0.999:8.3f}   {1.5 * k:8.1f}"
        for k, (f, z) in enumerate(zip(data.frequency, data.impedance, strict=True), start=1)
    ]
    return "\n".join([*head, *rows]) + "\n"


def _text_seed() -> instruments.InstrumentSeed:
    text = _text(_DATA)
    lines = text.split("\n")
    start = next(k for k, line in enumerate(lines) if line.startswith("Number")) + 1
    found = _BlankSeed("zahner", text, " ", declares_limits=True, first=start)
    return replace(
        found,
        stop=len(lines) - 1,
        named=(start - 1,),
        split_names=lambda line: line.strip().split("   "),
        join_names="   ".join,
    )


class _BlankSeed(instruments.InstrumentSeed):
    def cells(self, line: str) -> list[str]:
        return line.split()


_TEXT_SEED = _text_seed()


def _binary(data: fixtures.Spectrum, *, texts: tuple[str, ...] = ("cell", "first", "second")) -> bytes:
    """Rise from the middle to the highest frequency, then fall through all of them."""
    rise = np.arange(10, 0, -1)
    order = np.concatenate([rise, np.arange(len(data.frequency))])
    f, z = data.frequency[order], data.impedance[order]
    arrays = np.array([f, np.abs(z), np.angle(z), 1.4e9 + np.arange(len(f))], dtype=">f8").tobytes()
    every = ("280721", texts[0], "0.005v", "21Na", "23.8+-0.1c", "09:32 - 09:37", texts[1], "2", "3", texts[2])
    strings = b"".join(struct.pack(">H", len(text)) + text.encode("latin-1") for text in every)
    behind = np.ones(32 + 2 * len(f), dtype=">f8").tobytes()
    start = b"\x00\x00\xff\xff\xff\xfe" + (len(f) - 1).to_bytes(6, "big")
    significance = np.full(len(f), 999, dtype=">i2").tobytes()
    return start + arrays + significance + strings + len(behind).to_bytes(6, "big") + behind


_CONTENT = _binary(_DATA)
_BINARY_SEED = Seed("zahner ism", _CONTENT.decode("latin-1"), " ", "latin-1", declares_limits=True)


def _read(content: bytes):
    return read_raw(RawFile("cell", content))


def test_the_text() -> None:
    content = _read(_text(_DATA).encode())
    (spectrum,) = content.records
    assert content.format == "Zahner Thales text"
    assert np.allclose(spectrum.impedance, _DATA.impedance, rtol=1e-4)
    assert content.metadata["Temperature"] == "25.0 +-0.0 C"
    assert spectrum.temperature is None  # the workstation's input, with or without a sensor
    assert content.warnings == ()


@pytest.mark.parametrize(("printed", "doubted"), [("-0.7 +-0.1", "-0.7"), ("-0.6 +-0.0", "-0.6"), ("-10.0 +-0.1", "")])
def test_a_temperature_of_no_sensor_is_not_believed(printed: str, doubted: str) -> None:
    content = _read(_text(_DATA).replace("25.0 +-0.0", printed).encode())
    assert [text.split(",")[1] for text in content.warnings] == ([f" {doubted} degC"] if doubted else [])
    binary = _CONTENT.replace(
        b"\x00\x0a23.8+-0.1c", b"\x00\x0a" + printed.replace(" ", "").encode()[:9].ljust(9, b" ") + b"c"
    )
    assert set(content.warnings) == {text for text in _read(binary).warnings if "sensor" in text}


def test_the_text_without_its_number_of_lines() -> None:
    (warning,) = _read(_text(_DATA).replace("Lines:", "Rows:").encode()).warnings
    assert warning == "The header declares no number of lines, as in 'Lines:   31': the table may have been cut."


def test_the_text_that_was_cut() -> None:
    (warning, *_) = _read("\n".join(_text(_DATA).split("\n")[:-3]).encode() + b"\n").warnings
    assert warning == "The table holds 34 points while the header declares 36: lines are missing."


def test_the_binary_file_begins_at_the_turn() -> None:
    content = _read(_CONTENT)
    (spectrum,) = content.records
    assert content.format == "Zahner binary file (.ism)"
    assert np.array_equal(spectrum.frequency, _DATA.frequency)
    assert np.allclose(spectrum.impedance, _DATA.impedance, rtol=1e-12)
    assert content.metadata["Potential"] == "0.005V"
    assert content.warnings == (
        "The first 10 points rise to the highest frequency and are measured again behind it: left out, as Zahner's own "
        "analysis does.",
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda content: content[:-1], "bytes behind the texts, as 46 points have"),
        (lambda content: content[:6] + (10**9).to_bytes(6, "big") + content[12:], "which the file has room for"),
        (lambda content: content[:6] + (-5).to_bytes(6, "big", signed=True) + content[12:], "file has room for"),
        (lambda content: content[:12] + struct.pack(">d", -1.0) + content[20:], "point 1: expected a frequency that"),
        (lambda content: content.replace(b"280721", b"28\x00721"), "expected a text"),
    ],
)
def test_a_damaged_binary_file(change, expected: str) -> None:
    with pytest.raises(FileFormatError, match=expected):
        _read(change(_CONTENT))


@pytest.mark.parametrize("count", [300, pytest.param(3000, marks=pytest.mark.slow)])
def test_mutants_of_the_text(count: int) -> None:
    instruments.check(_TEXT_SEED, instruments.mutants(_TEXT_SEED, count), undetectable=0.25)


@pytest.mark.parametrize("count", [300, pytest.param(3000, marks=pytest.mark.slow)])
def test_mutants_of_the_binary_file(count: int) -> None:
    def other_texts(rng: np.random.Generator) -> bytes:
        return _binary(_DATA, texts=tuple("abcdefgh"[: rng.integers(8)] for _ in range(3)))

    made = instruments.binary_mutants(_BINARY_SEED, count, [other_texts])
    instruments.check(_BINARY_SEED, made, undetectable=0.5)


@settings(deadline=None, max_examples=80)
@given(
    st.one_of(
        instruments.signatures(_BINARY_SEED, 12),
        instruments.edits(_BINARY_SEED),
        instruments.tables(_TEXT_SEED),
        instruments.edits(_TEXT_SEED),
    )
)
def test_any_content(content: bytes) -> None:
    instruments.reads_or_refuses(content)


def test_real_binary_file_gives_the_vendors_fit(real_data: Path) -> None:
    folder = real_data / "impedance" / "formats"
    model = json.loads((folder / "rc-data_fit_result.json").read_text())["model"]
    answer = lamion.analyze.impedance(str(folder / "rc-data.ism"), circuit="p(R1,C1)")
    for name, told in (("R1", model["R0"]["R"]), ("C1", model["C0"]["C"])):
        assert answer[name].si == pytest.approx(told["value"], rel=told["error"] / 100.0)


def test_real_texts(real_data: Path) -> None:
    trial = read(real_data / "trials" / "zahner_thales.txt")
    assert (trial.format, len(trial.records[0])) == ("Zahner Thales text", 31)
    assert trial.records[0].impedance[0] == 25.589 - 2.9861j
    for file in sorted((real_data / "polymer_electrolytes" / "spectra").iterdir()):
        content = read(file)
        assert (content.format, len(content.records[0])) == ("Zahner Thales text", 45)
