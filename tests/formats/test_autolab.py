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
_TEXT = instruments.autolab_text(_DATA)
_SEED = instruments.autolab_seed("autolab", _TEXT)
_REAL = "exampleDataAutolab.txt"


def _read(text: str):
    return read_raw(RawFile("cell.txt", text.encode("utf-8-sig")))


def test_numbers_and_sign() -> None:
    content = _read(_TEXT)
    (spectrum,) = content.records
    assert content.format == "Autolab text for ZView (Z60W)"
    assert np.allclose(spectrum.frequency, _DATA.frequency, rtol=5e-5, atol=0.0)
    assert np.array_equal(spectrum.impedance, _DATA.impedance)
    assert content.warnings == ()


def test_declared_number_of_points() -> None:
    with pytest.raises(FileFormatError, match="line 10: expected 36 points declared, as many as the table holds"):
        _read(_TEXT.replace("\n36\n", "\n35\n"))
    assert _read(_TEXT.replace("\n36\n", "\n37\n")).warnings == (
        "The table holds 36 points while the header declares 37: lines are missing.",
    )
    with pytest.raises(FileFormatError, match="expected the number of points above the column names, found '3x'"):
        _read(_TEXT.replace("\n36\n", "\n3x\n"))


def test_the_column_names_are_missing() -> None:
    with pytest.raises(FileFormatError, match="expected the line of column names"):
        _read("".join(line for line in _TEXT.splitlines(keepends=True) if "Freq" not in line))


def test_limits_of_the_header() -> None:
    (warning,) = _read(_TEXT.replace("0,2,0,1,0.1,1e+06", "0,2,0,1,0.01,1e+06")).warnings
    assert warning.startswith("The lowest frequency is 0.1 Hz while the header declares 0.01 Hz")


def test_real_file(real_data: Path) -> None:
    content = read(real_data / "impedance" / _REAL)
    (spectrum,) = content.records
    assert len(spectrum) == 41
    assert (spectrum.frequency[0], spectrum.impedance[0]) == (1e4, 0.013785863964281 + 0.007191946305823j)
    assert (spectrum.frequency[-1], spectrum.impedance[-1]) == (0.1, 0.0345697771923854 - 0.00390292888845954j)
    assert content.warnings == ()


def test_mutants() -> None:
    instruments.check(_SEED, instruments.mutants(_SEED, 300))


@pytest.mark.slow
def test_many_mutants() -> None:
    instruments.check(_SEED, instruments.mutants(_SEED, 3000, 7))


def _real_seed(folder: Path) -> instruments.InstrumentSeed:
    return instruments.autolab_seed(_REAL, instruments.real_text(folder, _REAL, "utf-8-sig"))


def test_mutants_of_the_real_file(real_data: Path) -> None:
    seed = _real_seed(real_data)
    instruments.check(seed, instruments.mutants(seed, 150))


@pytest.mark.slow
def test_many_mutants_of_the_real_file(real_data: Path) -> None:
    seed = _real_seed(real_data)
    instruments.check(seed, instruments.mutants(seed, 3000, 8))


@settings(deadline=None, max_examples=60)
@given(st.one_of(instruments.signatures(_SEED, 33), instruments.tables(_SEED), instruments.edits(_SEED)))
def test_any_content_behind_the_signature(content: bytes) -> None:
    instruments.reads_or_refuses(content)
