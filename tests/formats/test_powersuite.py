from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats import fixtures, instruments

from lamion.formats import RawFile, read, read_raw

_DATA = fixtures.spectrum()
_ROWS = [f"{f:.8g}\t {z.real:.8g}\t {z.imag:.8g}" for f, z in zip(_DATA.frequency, _DATA.impedance, strict=True)]
_TEXT = "\n".join(["Frequency\t Zre\t Zimg", *_ROWS]) + "\n"
_SEED = replace(instruments.InstrumentSeed("powersuite", _TEXT, "\t", first=1), stop=len(_ROWS) + 1, named=(0,))


def test_numbers() -> None:
    content = read_raw(RawFile("cell.txt", _TEXT.encode()))
    (spectrum,) = content.records
    assert content.format == "PowerSuite text"
    assert np.allclose(spectrum.impedance, _DATA.impedance, rtol=1e-7)
    assert content.warnings == ()


def test_two_carriage_returns_are_one_line_end() -> None:
    doubled = read_raw(RawFile("cell.txt", _TEXT.replace("\n", "\r\r\n").encode()))
    assert np.array_equal(doubled.records[0].impedance, read_raw(RawFile("x", _TEXT.encode())).records[0].impedance)
    assert doubled.warnings == ()


@pytest.mark.parametrize("count", [300, pytest.param(3000, marks=pytest.mark.slow)])
def test_mutants(count: int) -> None:
    instruments.check(_SEED, instruments.mutants(_SEED, count), undetectable=0.3)


@settings(deadline=None, max_examples=60)
@given(st.one_of(instruments.tables(_SEED), instruments.edits(_SEED)))
def test_any_content(content: bytes) -> None:
    instruments.reads_or_refuses(content)


def test_real_file(real_data: Path) -> None:
    (spectrum,) = read(real_data / "impedance" / "formats" / "exampleDataPowersuite.txt").records
    assert len(spectrum) == 30
    assert spectrum.impedance[0] == 423929.46 - 49014.063j
    assert spectrum.frequency[-1] == 2e6
