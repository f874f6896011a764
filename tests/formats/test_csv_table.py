from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats import fixtures

from lamion.formats import RawFile, csv_table, read, read_raw
from lamion.quantities import FileFormatError, InputError
from lamion.records import ImpedanceSpectrum


def _read(text: str):
    return read_raw(RawFile("cell.csv", text.encode()))


_FREQUENCIES = st.lists(st.floats(1e-9, 1e12), min_size=1, max_size=30, unique=True)
_PARTS = st.floats(-1e99, 1e99)


@given(
    _FREQUENCIES.flatmap(
        lambda f: st.tuples(st.just(f), st.lists(st.tuples(_PARTS, _PARTS), min_size=len(f), max_size=len(f)))
    )
)
def test_what_is_written_reads_back_exactly(numbers: tuple[list[float], list[tuple[float, float]]]) -> None:
    frequency, parts = numbers
    spectrum = ImpedanceSpectrum(frequency, [complex(*part) for part in parts])
    (found,) = _read(csv_table.spectrum_text(spectrum, ["sample: A"])).records
    assert np.array_equal(found.frequency, spectrum.frequency)
    assert np.array_equal(found.impedance, spectrum.impedance)


def test_write_makes_a_file(tmp_path: Path) -> None:
    data = fixtures.spectrum()
    spectrum = ImpedanceSpectrum(data.frequency, data.impedance)
    csv_table.write_spectrum(tmp_path / "a.csv", spectrum, ["sample: A1", "synthetic"])
    text = (tmp_path / "a.csv").read_bytes().decode()
    assert text.startswith(
        "# sample: A1\n# synthetic\nFrequency / Hz,Real Impedance / ohm,Imaginary Impedance / ohm\n1000000.0,"
    )
    content = read(tmp_path / "a.csv")
    assert np.array_equal(content.records[0].impedance, spectrum.impedance)
    assert content.metadata == {"sample": "A1", "line 2": "synthetic"}
    assert content.warnings == ()


def test_a_comment_holds_no_line_end() -> None:
    with pytest.raises(InputError, match="Give one comment per line"):
        csv_table.spectrum_text(ImpedanceSpectrum([1.0], [1.0]), ["a\nb"])


def test_headers_without_units_are_a_warning() -> None:
    content = _read("frequency,real,imag\n1000,50,-1\n100,51,-5\n10,55,-30\n")
    assert content.records[0].impedance[0] == 50 - 1j
    assert content.warnings == (
        "The header 'frequency' gives no unit; Hz was assumed.",
        "The header 'real' gives no unit; ohm was assumed.",
        "The header 'imag' gives no unit; ohm was assumed.",
    )


def test_units_are_converted() -> None:
    content = _read("Z'/kOhm\tfreq/kHz\t-Z''/mOhm\n0.05\t1\t1000\n0.051\t0.1\t5000\n0.055\t0.01\t30000\n")
    assert np.allclose(content.records[0].frequency, [1000, 100, 10])
    assert np.allclose(content.records[0].impedance, [50 - 1j, 51 - 5j, 55 - 30j])


def test_modulus_and_phase_alone() -> None:
    content = _read("freq/Hz;|Z|/Ohm;-Phase(Z)/deg\n1000,5;2,0;90,0\n100,5;4,0;60,0\n10,5;8,0;45,0\n")
    assert np.allclose(content.records[0].impedance, [-2j, 2 - 2j * 3**0.5, 4 * 2**0.5 * (1 - 1j)])


def test_commas_that_may_be_thousands() -> None:
    with pytest.raises(FileFormatError, match="'1,000', whose comma may separate decimals or thousands"):
        _read("freq/Hz;Re(Z)/Ohm;Im(Z)/Ohm\n1,000;50;-1\n100;51;-4\n")


def test_points_and_commas_mixed() -> None:
    with pytest.raises(FileFormatError, match="expected decimal points or decimal commas throughout"):
        _read("freq/Hz;Re(Z)/Ohm;Im(Z)/Ohm\n1000,5;50.5;-1\n")


def test_decimal_commas_between_commas() -> None:
    with pytest.raises(FileFormatError, match="export the file with decimal points, or with semicolons or tabs"):
        _read("freq/Hz,Re(Z)/Ohm,Im(Z)/Ohm\n1000,5,50,5,-1,5\n")


def test_a_repeated_line() -> None:
    with pytest.raises(FileFormatError, match=r"line 4: expected a measurement of its own, found line 2 once more"):
        _read("freq/Hz,Re(Z)/Ohm,Im(Z)/Ohm\n1000,50,-1\n100,51,-4\n1000,50,-1\n")


def test_a_frequency_that_is_not_positive() -> None:
    with pytest.raises(FileFormatError, match="line 3: expected a frequency larger than zero, found -10 Hz"):
        _read("freq/Hz,Re(Z)/Ohm,Im(Z)/Ohm\n1000,50,-1\n-10,51,-4\n")
    with pytest.raises(FileFormatError, match="line 2: expected a frequency larger than zero, found 0 Hz"):
        _read("freq/Hz,Re(Z)/Ohm,Im(Z)/Ohm\n0,50,-1\n0,51,-4\n")


def test_a_damaged_header_beside_time_and_voltage() -> None:
    with pytest.raises(FileFormatError, match="which lacks the frequency"):
        _read(fixtures.biologic_csv(fixtures.spectrum()).replace("freq/Hz", "frep/Hz"))


def test_headers_without_numbers() -> None:
    with pytest.raises(FileFormatError, match="expected lines of numbers below the column headers, found none"):
        _read("freq/Hz,Re(Z)/Ohm,Im(Z)/Ohm\n")


def test_a_last_line_without_end_whose_number_is_whole() -> None:
    content = _read("freq/Hz,Re(Z)/Ohm,Im(Z)/Ohm\n1000,50,-1.25\n100,51,-4.75\n10,54,-9.50")
    assert content.warnings == ("Line 4, the last one, has no line end: the file may have been cut behind it.",)


def test_real_file(real_data: Path) -> None:
    content = read(real_data / "impedance" / "test_data.csv")
    (spectrum,) = content.records
    assert len(spectrum) == 67
    assert (spectrum.frequency[0], spectrum.impedance[0]) == (200019.48, 130.4171 - 34.680012j)
    assert (spectrum.frequency[-1], spectrum.impedance[-1]) == (0.00099990517, 5170240.5 - 2345775.5j)
    assert content.warnings == ()


def test_headers_below_a_preamble_with_blanks_of_their_own() -> None:
    data = fixtures.spectrum()
    content = _read(fixtures.spaced_text(data))
    (found,) = content.records
    assert np.allclose(found.frequency, data.frequency, rtol=1e-4)
    assert np.allclose(found.impedance, data.impedance, rtol=1e-6)
    assert content.metadata["Samples...."] == "3"


def test_doubled_separators_between_headers_make_no_columns() -> None:
    rows = "1000,0\t2,0\t-89,5\t25,1\n100,5\t4,0\t-60,5\t25,1\n10,0\t9,0\t-45,5\t25,2\n"
    head = "Sample: 3\n\nF[Hz]\t\tZ[Ohm]\t\tTheta[°]\t\tTemperatur[°C]\n"
    content = _read(head + rows)
    assert abs(content.records[0].impedance) == pytest.approx([2, 4, 9])
    assert np.degrees(np.angle(content.records[0].impedance)) == pytest.approx([-89.5, -60.5, -45.5])
    assert content.warnings == ()
    without = _read(head + "".join(f"{row.rpartition(chr(9))[0]}\n" for row in rows.splitlines()))
    assert np.array_equal(without.records[0].impedance, content.records[0].impedance)
    assert without.warnings == (
        "No row has a cell for the last header, 'Temperatur[°C]': the others were taken in their order.",
    )
    with pytest.raises(FileFormatError, match="line 6: expected 4 cells, found 3"):
        _read(head + rows.replace("\t25,2", ""))
    with pytest.raises(FileFormatError):
        _read(head + "1000,0\t2,0\n100,5\t4,0\n")


def test_a_blank_header_over_cells_stays_a_column() -> None:
    (found,) = _read("freq/Hz;;Re(Z)/Ohm;Im(Z)/Ohm\n1000;7;50;-1\n100;7;51;-4\n10;7;53;-9\n").records
    assert found.impedance.tolist() == [50 - 1j, 51 - 4j, 53 - 9j]
