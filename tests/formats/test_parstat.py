from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats import fixtures, instruments

from lamion.formats import RawFile, read, read_raw
from lamion.quantities import FileFormatError

_DATA = fixtures.spectrum()
_TEXT = instruments.parstat_text([_DATA])
_SEED = instruments.parstat_seed("parstat", _TEXT)
_REAL = "exampleDataParstat.txt"


def _read(text: str):
    return read_raw(RawFile("cell.txt", text.encode()))


def test_direct_current_is_left_out() -> None:
    content = _read(_TEXT)
    (spectrum,) = content.records
    assert content.format == "Parstat text"
    assert np.allclose(spectrum.frequency, _DATA.frequency, rtol=1e-14, atol=0.0)
    assert np.allclose(spectrum.impedance, _DATA.impedance, rtol=1e-14, atol=0.0)
    assert content.metadata == {"Points of direct current": "6"}
    assert content.warnings == ()


def test_two_sweeps() -> None:
    other = fixtures.spectrum(900.0)
    content = _read(instruments.parstat_text([_DATA, other]))
    assert [(record.cycle, len(record)) for record in content.records] == [(1, 36), (2, 36)]
    assert np.allclose(content.records[1].impedance, other.impedance, rtol=1e-14)


def test_impedance_without_a_frequency() -> None:
    lines = _TEXT.split("\n")
    cells = lines[20].split("\t")
    cells[3] = "0"
    lines[20] = "\t".join(cells)
    content = _read("\n".join(lines))
    assert sum(len(record) for record in content.records) == sum(len(record) for record in _read(_TEXT).records) - 1
    assert any("Line 21, of 0 Hz, left out: an impedance whose" in warning for warning in content.warnings)


def test_direct_current_alone() -> None:
    with pytest.raises(FileFormatError, match="expected points of impedance, found points of direct current alone"):
        _read("\n".join(_TEXT.split("\n")[:7]) + "\n")


def test_time_that_falls() -> None:
    lines = _TEXT.split("\n")
    lines[2], lines[3] = lines[3], lines[2]
    (warning,) = _read("\n".join(lines)).warnings
    assert warning.startswith("Line 4: the time is 20 s after 30 s")


def test_real_file(real_data: Path) -> None:
    content = read(real_data / "impedance" / _REAL)
    (spectrum,) = content.records
    assert len(spectrum) == 31
    assert (spectrum.frequency[0], spectrum.impedance[0]) == (1e4, -0.00049816280376104 + 0.0175143479976367j)
    assert (spectrum.frequency[-1], spectrum.impedance[-1]) == (10.0, 0.0270946491457229 - 0.00399791080333837j)
    assert content.metadata["Points of direct current"] == "781"
    assert content.warnings == ("The real part is negative at 1 of 31 points, which no passive sample shows.",)


def test_mutants() -> None:
    instruments.check(_SEED, instruments.mutants(_SEED, 300))


@pytest.mark.slow
def test_many_mutants() -> None:
    instruments.check(_SEED, instruments.mutants(_SEED, 3000, 7))


def _real_seed(folder: Path) -> instruments.InstrumentSeed:
    return instruments.parstat_seed(_REAL, instruments.real_text(folder, _REAL))


def test_mutants_of_the_real_file(real_data: Path) -> None:
    seed = _real_seed(real_data)
    instruments.check(seed, instruments.mutants(seed, 72))


@pytest.mark.slow
def test_many_mutants_of_the_real_file(real_data: Path) -> None:
    seed = _real_seed(real_data)
    instruments.check(seed, instruments.mutants(seed, 3000, 8))


@settings(deadline=None, max_examples=60)
@given(st.one_of(instruments.signatures(_SEED, 96), instruments.tables(_SEED), instruments.edits(_SEED)))
def test_any_content_behind_the_signature(content: bytes) -> None:
    instruments.reads_or_refuses(content)
