from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats import fixtures, instruments

from lamion.formats import RawFile, read, read_raw
from lamion.quantities import FileFormatError
from lamion.records import ImpedanceSpectrum

_DATA = fixtures.spectrum()
_TEXT = instruments.zplot_text(_DATA)
_SEED = instruments.zplot_seed("zplot", _TEXT)
_REAL = "Circuit2_EIS_1.z"


def _read(text: str):
    return read_raw(RawFile("cell.z", text.encode()))


def test_numbers_sign_and_header() -> None:
    content = _read(_TEXT)
    (spectrum,) = content.records
    assert content.format == "ZPlot data file"
    assert np.allclose(spectrum.frequency, _DATA.frequency, rtol=1e-6, atol=0.0)
    assert np.allclose(spectrum.impedance.real, _DATA.impedance.real, rtol=5e-5, atol=0.0)
    assert np.allclose(spectrum.impedance.imag, _DATA.impedance.imag, rtol=5e-5, atol=0.0)
    assert content.metadata["Potential-AC"] == "10"
    assert content.warnings == ()


def test_declared_number_of_points() -> None:
    with pytest.raises(FileFormatError) as caught:
        _read(_TEXT.replace("Data Points:                36", "Data Points:                35"))
    assert str(caught.value) == (
        "The file cell.z, line 14: expected 36 points declared, as many as the table holds, found 35. Lines were "
        "added or the header was changed: export the file again."
    )
    warnings = _read(_TEXT.replace("Data Points:                36", "Data Points:                37")).warnings
    assert warnings == ("The table holds 36 points while the header declares 37: lines are missing.",)
    assert "declares no number of points" in _read(_TEXT.replace("Data Points", "Data P")).warnings[0]


def test_the_end_of_the_header_is_missing() -> None:
    with pytest.raises(FileFormatError, match="expected the line 'End Comments' that ends the header"):
        _read(_TEXT.replace("End Comments\n", ""))


def test_the_column_names_are_missing() -> None:
    with pytest.raises(FileFormatError, match="column headers for the frequency"):
        _read("".join(line for line in _TEXT.splitlines(keepends=True) if "Freq(Hz)" not in line))


def test_an_area_is_said_not_to_be_used() -> None:
    (warning,) = _read(_TEXT.replace("Surface Area:             1", "Surface Area:             2.5")).warnings
    assert warning == ("The header gives a surface area of 2.5 cm2; the impedance was taken in ohm, not in ohm cm2.")


def test_time_that_falls() -> None:
    lines = _TEXT.split("\n")
    lines[20], lines[21] = lines[21], lines[20]
    assert any("the time is" in warning for warning in _read("\n".join(lines)).warnings)


@pytest.mark.parametrize(
    ("name", "points", "first", "last", "limits"),
    [
        # physical dummy cells, R0 in series with R1 parallel to C: 29.1, 46.7 ohm, 10.4 uF; 150, 502 ohm, 31.2 nF
        (
            "Circuit1_EIS_1.z",
            48,
            (5e4, 29.036 + 0.63662j),
            (1.0, 75.803 - 0.16244j),
            (29.1, 46.7, 1.04e-5),
        ),
        (
            "Circuit2_EIS_1.z",
            56,
            (3e5, 147.77 - 11.335j),
            (1.0, 654.19 + 0.64271j),
            (150.0, 502.0, 3.12e-8),
        ),
    ],
)
def test_real_dummy_cells(
    name: str,
    points: int,
    first: tuple[float, complex],
    last: tuple[float, complex],
    limits: tuple[float, float, float],
    real_data: Path,
) -> None:
    content = read(real_data / "impedance" / name)
    (spectrum,) = content.records
    assert len(spectrum) == points
    assert (spectrum.frequency[0], spectrum.impedance[0]) == first
    assert (spectrum.frequency[-1], spectrum.impedance[-1]) == last
    assert content.warnings == ()
    _has_asymptotes(spectrum, *limits)


def _has_asymptotes(spectrum: ImpedanceSpectrum, R0: float, R1: float, C: float) -> None:
    assert spectrum.impedance[0].real == pytest.approx(R0, rel=0.02)
    assert spectrum.impedance[-1].real == pytest.approx(R0 + R1, rel=0.01)
    deepest = np.argmin(spectrum.impedance.imag)
    assert spectrum.impedance.imag[deepest] == pytest.approx(-R1 / 2, rel=0.02)
    assert spectrum.frequency[deepest] == pytest.approx(1 / (2 * np.pi * R1 * C), rel=0.15)


def test_real_file_that_was_shortened(real_data: Path) -> None:
    content = read(real_data / "impedance" / "exampleDataZPlot.z")
    (spectrum,) = content.records
    assert len(spectrum) == 21
    assert (spectrum.frequency[-1], spectrum.impedance[-1]) == (3000.0, 613.68 - 137.13j)
    assert content.warnings == (
        "The table holds 21 points while the header declares 56: lines are missing.",
        "The lowest frequency is 3000 Hz while the header declares 1 Hz: the sweep was shortened, or lines are "
        "missing.",
    )


def test_mutants() -> None:
    instruments.check(_SEED, instruments.mutants(_SEED, 300))


@pytest.mark.slow
def test_many_mutants() -> None:
    instruments.check(_SEED, instruments.mutants(_SEED, 3000, 7))


def _real_seed(folder: Path) -> instruments.InstrumentSeed:
    return instruments.zplot_seed(_REAL, instruments.real_text(folder, _REAL))


def test_mutants_of_the_real_file(real_data: Path) -> None:
    seed = _real_seed(real_data)
    instruments.check(seed, instruments.mutants(seed, 150))


@pytest.mark.slow
def test_many_mutants_of_the_real_file(real_data: Path) -> None:
    seed = _real_seed(real_data)
    instruments.check(seed, instruments.mutants(seed, 3000, 8))


@settings(deadline=None, max_examples=60)
@given(st.one_of(instruments.signatures(_SEED, 13), instruments.tables(_SEED), instruments.edits(_SEED)))
def test_any_content_behind_the_signature(content: bytes) -> None:
    instruments.reads_or_refuses(content)
