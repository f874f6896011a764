from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.formats import fixtures

from lamion.formats import RawFile, read, read_raw
from lamion.quantities import FileFormatError

_TEXT = fixtures.chi_text(fixtures.spectrum())


def _read(text: str):
    return read_raw(RawFile("cell.txt", text.encode()))


def test_numbers_sign_and_header() -> None:
    content = _read(_TEXT)
    data = fixtures.spectrum()
    assert np.allclose(content.records[0].impedance, data.impedance, rtol=1e-3)
    assert content.metadata["Instrument Model"] == "CHI660E"
    assert content.metadata["Date"] == "Mar. 3, 2021   09:15:00"
    assert content.metadata["Amplitude (V)"] == "0.01"
    assert content.warnings == ()


def test_declared_limits_that_differ_are_a_warning() -> None:
    content = _read(_TEXT.replace("High Frequency (Hz) = 1e+6", "High Frequency (Hz) = 2e+6"))
    assert content.warnings == (
        "The highest frequency is 1e+06 Hz while the header declares 2e+06 Hz: the sweep was shortened, or lines "
        "are missing.",
    )
    assert len(content.records[0]) == 36


def test_lines_lost_at_the_end_are_a_warning() -> None:
    lines = _TEXT.splitlines(keepends=True)
    assert "The lowest frequency is" in _read("".join(lines[:-1])).warnings[0]


def test_dropped_column_headers() -> None:
    lines = [line for line in _TEXT.splitlines(keepends=True) if not line.startswith("Freq/Hz")]
    with pytest.raises(FileFormatError, match="expected the line of column headers"):
        _read("".join(lines))


def test_real_and_imaginary_headers_exchanged_contradict_the_phase() -> None:
    changed = _TEXT.replace("Z'/ohm, Z\"/ohm", "Z\"/ohm, Z'/ohm")
    with pytest.raises(FileFormatError, match="36 of 36 lines disagree"):
        _read(changed)


def test_lost_digits_contradict_the_modulus() -> None:
    lines = _TEXT.splitlines()
    cells = lines[30].split(", ")
    cells[1] = cells[1][:2] + cells[1][5:]
    with pytest.raises(FileFormatError, match="line 31: expected a modulus"):
        _read("\n".join([*lines[:30], ", ".join(cells), *lines[31:]]) + "\n")


def test_columns_in_another_order() -> None:
    head, table = _TEXT.split("Freq/Hz")
    rows = [row.split(", ") for row in ("Freq/Hz" + table).splitlines() if row]
    content = _read(head + "\n".join(", ".join(row[::-1]) for row in rows) + "\n")
    assert np.array_equal(content.records[0].impedance, _read(_TEXT).records[0].impedance)


def test_real_file(real_data: Path) -> None:
    content = read(real_data / "impedance" / "exampleDataCHInstruments.txt")
    (spectrum,) = content.records
    assert len(spectrum) == 73
    assert (spectrum.frequency[0], spectrum.impedance[0]) == (9.961e4, 98.91 - 2.748j)
    assert (spectrum.frequency[-1], spectrum.impedance[-1]) == (0.1, 5685 - 15860j)
    assert spectrum.impedance[1].imag == 1.603
    assert content.metadata["Instrument Model"] == "CHI660E"
    assert content.warnings == (
        "The highest frequency is 99610 Hz while the header declares 2e+06 Hz: the sweep was shortened, or lines "
        "are missing.",
    )
