from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.formats import fixtures

from lamion.formats import RawFile, read, read_raw
from lamion.quantities import FileFormatError

_DATA = (fixtures.spectrum(), fixtures.spectrum(900.0))
_TEXT = fixtures.eclab_text(list(_DATA))


def _read(text: str):
    return read_raw(RawFile("cell.mpt", text.encode("latin-1")))


def test_one_record_per_cycle() -> None:
    content = _read(_TEXT)
    assert [record.cycle for record in content.records] == [1, 2]
    for record, data in zip(content.records, _DATA, strict=True):
        assert np.allclose(record.frequency, data.frequency, rtol=1e-7)
        assert np.allclose(record.impedance, data.impedance, rtol=1e-7)
    assert content.warnings == ()


def test_header_as_printed() -> None:
    metadata = _read(_TEXT).metadata
    assert metadata["Technique"] == "Potentio Electrochemical Impedance Spectroscopy"
    assert metadata["Electrode surface area"] == "0.001 cm\u00b2"
    assert metadata["Va (mV)"] == "10.0"


def test_declared_number_of_header_lines_is_checked() -> None:
    with pytest.raises(FileFormatError) as caught:
        _read(_TEXT.replace("Run on channel : 3 (SN 1234)\n", ""))
    assert str(caught.value) == (
        "The file cell.mpt, line 2: expected column headers on line 22, as 'Nb header lines' declares, found them "
        "on line 21. Lines were removed or added: export the file again from EC-Lab."
    )


def test_unreadable_number_of_header_lines() -> None:
    with pytest.raises(FileFormatError, match="expected 'Nb header lines : ' and a number"):
        _read(_TEXT.replace("Nb header lines : 22", "Nb header lines : x2"))


def test_another_technique() -> None:
    with pytest.raises(FileFormatError, match="no line with a header 'freq/Hz' or 'time/s'"):
        _read("EC-Lab ASCII FILE\nNb header lines : 4\n\ncycle number\tQ/mA.h\t\n1.0\t2.0\n")


def test_an_impedance_without_its_frequency_is_no_record_of_time() -> None:
    with pytest.raises(FileFormatError, match="which lacks the frequency"):
        _read(_TEXT.replace("freq/Hz", "fraq/Hz"))


def test_a_cycle_that_begins_again() -> None:
    lines = _TEXT.split("\n")
    with pytest.raises(FileFormatError, match="expected cycle numbers that are whole and rise, found 1 after 2"):
        _read("\n".join([*lines, lines[22].replace("1.0000000E+006", "1.0000001E+006")]))


def test_cycles_of_different_length_are_a_warning() -> None:
    warnings = _read(_TEXT.rsplit("\n", 4)[0]).warnings
    assert "The cycles differ in their number of points: 36, 32." in warnings
    assert any(warning.startswith("The lowest frequency of cycle 2 is") for warning in warnings)


def test_decimal_commas() -> None:
    content = _read(_TEXT.replace(".", ","))
    assert np.allclose(content.records[0].impedance, _DATA[0].impedance, rtol=1e-7)


def test_pellet_agrees_with_its_second_export(real_data: Path) -> None:
    folder = real_data / "impedance"
    (spectrum,) = read(folder / "PEIS_LPSCl_IonBlocking_-25C.txt").records
    (other,) = read(folder / "PEIS_LPSCl_IonBlocking_-25C_RelaxIS.txt").records
    assert len(spectrum) == len(other) == 79
    assert np.allclose(spectrum.frequency, other.frequency[::-1], rtol=1e-7, atol=0.0)
    assert np.allclose(spectrum.impedance.real, other.impedance.real[::-1], rtol=1e-7, atol=0.0)
    assert np.allclose(spectrum.impedance.imag, other.impedance.imag[::-1], rtol=1e-7, atol=0.0)
    assert other.frequency[0] < other.frequency[-1]


def test_real_file_with_two_cycles(real_data: Path) -> None:
    content = read(real_data / "impedance" / "ex1.mpt")
    assert [(record.cycle, len(record)) for record in content.records] == [(1, 59), (2, 59)]
    assert content.records[0].impedance[0] == 428.90558 - 372.31183j
    assert content.records[1].impedance[-1] == 66802.320 - 33712.059j
    assert content.warnings == ()


def test_real_file_that_was_stopped(real_data: Path) -> None:
    content = read(real_data / "impedance" / "exampleDataBioLogic.mpt")
    (spectrum,) = content.records
    assert len(spectrum) == 43
    assert (spectrum.frequency[0], spectrum.impedance[0]) == (1000.3201, 65.470886 - 0.38998979j)
    assert "The lowest frequency is 0.0168955 Hz while the header declares 0.01 Hz" in content.warnings[0]
