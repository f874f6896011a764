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
_TEXT = instruments.gamry_text(_DATA)
_SEED = instruments.gamry_seed("gamry", _TEXT)
_REAL = "exampleDataGamry.DTA"


def _read(text: str):
    return read_raw(RawFile("cell.DTA", text.encode("latin-1")))


def test_numbers_sign_and_header() -> None:
    content = _read(_TEXT)
    (spectrum,) = content.records
    assert content.format == "Gamry data file"
    assert np.allclose(spectrum.frequency, _DATA.frequency, rtol=1e-6, atol=0.0)
    assert np.allclose(spectrum.impedance, _DATA.impedance, rtol=1e-6, atol=0.0)
    assert spectrum.impedance[-1].imag < -100.0
    assert content.metadata["TAG"] == "EISPOT"
    assert content.metadata["FREQINIT"] == "1.00000E+006"
    assert content.warnings == ()


def test_units_are_taken_from_their_line() -> None:
    kilo = _TEXT.replace("\ts\tHz\tohm\tohm\tV\tohm", "\ts\tkHz\tkohm\tkohm\tV\tkohm")
    (spectrum,) = _read(kilo).records
    assert np.allclose(spectrum.frequency, 1e3 * _DATA.frequency, rtol=1e-6)
    assert np.allclose(spectrum.impedance, 1e3 * _DATA.impedance, rtol=1e-6)


def test_decimal_commas() -> None:
    head, table = _TEXT.split("ZCURVE", 1)
    commas = head.replace("E+006", "E+006").replace("1.00000E", "1,00000E") + "ZCURVE" + table.replace(".", ",")
    content = _read(commas)
    assert np.array_equal(content.records[0].impedance, _read(_TEXT).records[0].impedance)
    assert content.warnings == ()


@pytest.mark.parametrize("unit", ["\ufffd", "?", "\u00c2\u00b0", "\u00ef\u00bf\u00bd"])
def test_a_degree_sign_that_was_lost(unit: str) -> None:
    content = read_raw(RawFile("cell.DTA", _TEXT.replace("\u00b0", unit).encode()))
    assert np.array_equal(content.records[0].impedance, _read(_TEXT).records[0].impedance)
    assert content.warnings == ()


def test_cut_while_running() -> None:
    content = _read(_TEXT[:-250])
    whole = _read(_TEXT).records[0]
    (spectrum,) = content.records
    assert len(spectrum) == len(_TEXT[:-250].split("\n")) - len(_TEXT.split("\n")) + 36
    assert np.array_equal(spectrum.impedance, whole.impedance[: len(spectrum)])
    assert any("is cut: the file ends in it" in warning for warning in content.warnings)


def test_real_layout_with_a_lost_degree_sign(real_data: Path) -> None:
    (spectrum,) = read(real_data / "trials" / "gamry_degree_sign_lost.DTA").records
    assert (len(spectrum), spectrum.impedance[0]) == (31, 20.00051 - 0.1607449j)


def test_fields_behind_the_table() -> None:
    text = instruments.gamry_text(_DATA, behind="EXPERIMENTABORTED\tTOGGLE\tT\tExperiment Aborted\n")
    assert len(_read(text).records[0]) == 36


def test_declared_count() -> None:
    assert _read(instruments.gamry_text(_DATA, count="\t36")).warnings == ()
    (warning,) = _read(instruments.gamry_text(_DATA, count="\t40")).warnings
    assert warning == "The table holds 36 points while the header declares 40: lines are missing."
    with pytest.raises(FileFormatError, match="expected 36 points declared, as many as the table holds, found 30"):
        _read(instruments.gamry_text(_DATA, count="\t30"))


def test_two_sweeps() -> None:
    second = instruments.gamry_text(fixtures.spectrum(900.0)).split("ZCURVE")[1]
    content = _read(_TEXT + "ZCURVE" + second)
    assert [(record.cycle, len(record)) for record in content.records] == [(1, 36), (2, 36)]
    assert np.allclose(content.records[1].impedance, fixtures.spectrum(900.0).impedance, rtol=1e-6)


def test_a_lost_line_shows_in_the_points() -> None:
    lines = _TEXT.split("\n")
    del lines[30]
    assert any("the point's number is 11 after 9" in warning for warning in _read("\n".join(lines)).warnings)


def test_another_technique() -> None:
    with pytest.raises(FileFormatError) as caught:
        _read(_TEXT.split("ZCURVE")[0])
    assert str(caught.value) == (
        "The file cell.DTA: expected the table of an impedance sweep, 'ZCURVE TABLE', found the tables OCVCURVE. The "
        "file holds another technique or was cut before the sweep: choose the impedance's file, or copy it again."
    )


def test_a_line_of_units_that_is_missing() -> None:
    with pytest.raises(FileFormatError, match="unit"):
        _read(_TEXT.replace("\t#\ts\tHz\tohm\tohm\tV\tohm\t\u00b0\tA\tV\t#\n", ""))


def test_a_changed_digit_contradicts_the_modulus() -> None:
    lines = _TEXT.split("\n")
    cells = lines[30].split("\t")
    cells[4] = f"{float(cells[4]) * 1.001:.7g}"
    lines[30] = "\t".join(cells)
    with pytest.raises(FileFormatError, match=r"line 31: expected a modulus of .*\(1 of 36 lines disagree"):
        _read("\n".join(lines))


def test_real_file(real_data: Path) -> None:
    content = read(real_data / "impedance" / _REAL)
    (spectrum,) = content.records
    assert len(spectrum) == 72
    assert (spectrum.frequency[0], spectrum.impedance[0]) == (200015.6, 825.8584 - 1367.239j)
    assert (spectrum.frequency[-1], spectrum.impedance[-1]) == (0.0158898, 17007.49 - 6635.557j)
    assert np.all(spectrum.impedance.imag < 0.0)
    assert content.metadata["DATE"] == "4/23/2018"
    assert content.warnings == ()


def test_mutants() -> None:
    instruments.check(_SEED, instruments.mutants(_SEED, 300))


@pytest.mark.slow
def test_many_mutants() -> None:
    instruments.check(_SEED, instruments.mutants(_SEED, 3000, 7))


def _real_seed(folder: Path) -> instruments.InstrumentSeed:
    return instruments.gamry_seed(_REAL, instruments.real_text(folder, _REAL, "latin-1"), declares_limits=False)


def test_mutants_of_the_real_file(real_data: Path) -> None:
    seed = _real_seed(real_data)
    instruments.check(seed, instruments.mutants(seed, 150))


@pytest.mark.slow
def test_many_mutants_of_the_real_file(real_data: Path) -> None:
    seed = _real_seed(real_data)
    instruments.check(seed, instruments.mutants(seed, 3000, 8))


@settings(deadline=None, max_examples=60)
@given(st.one_of(instruments.signatures(_SEED, 22), instruments.tables(_SEED), instruments.edits(_SEED)))
def test_any_content_behind_the_signature(content: bytes) -> None:
    instruments.reads_or_refuses(content)
