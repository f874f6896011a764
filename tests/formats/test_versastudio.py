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
_TEXT = instruments.versastudio_text([_DATA])
_SEED = instruments.versastudio_seed("versastudio", _TEXT)
_REAL = "exampleDataVersaStudio.par"


def _read(text: str):
    return read_raw(RawFile("cell.par", text.encode()))


def test_numbers_sign_and_header() -> None:
    content = _read(_TEXT)
    (spectrum,) = content.records
    assert content.format == "VersaStudio file"
    assert np.allclose(spectrum.frequency, _DATA.frequency, rtol=1e-6, atol=0.0)
    assert np.allclose(spectrum.impedance, _DATA.impedance, rtol=1e-6, atol=0.0)
    assert content.metadata["Instrument Type"] == "VersaSTAT4"
    assert content.metadata["Name"] == "Potentiostatic EIS"
    assert content.warnings == ()


def test_segments_of_two_techniques() -> None:
    other = fixtures.spectrum(900.0)
    content = _read(instruments.versastudio_text([_DATA, other], direct=5))
    assert [(record.cycle, len(record)) for record in content.records] == [(1, 36), (2, 36)]
    assert np.allclose(content.records[1].impedance, other.impedance, rtol=1e-6)
    assert content.metadata["Points of direct current"] == "10"
    assert content.warnings == ()


def test_segments_that_follow_each_other() -> None:
    content = _read(instruments.versastudio_text([_DATA, fixtures.spectrum(900.0)]))
    assert [len(record) for record in content.records] == [36, 36]


def test_segments_in_sections_of_their_own() -> None:
    lines = _TEXT.split("\n")
    start, stop = lines.index("<Segment1>"), lines.index("</Segment1>")
    second = [line.replace("Segment1>", "Segment2>") for line in lines[start : stop + 1]]
    content = _read("\n".join([*lines[: stop + 1], *second, *lines[stop + 1 :]]))
    assert [record.cycle for record in content.records] == [1, 2]


def test_impedance_is_compared_with_potential_and_current() -> None:
    lines = _TEXT.split("\n")
    number = next(k for k, line in enumerate(lines) if line.startswith("0,7,"))
    cells = lines[number].split(",")
    cells[15] = f"{-float(cells[15]):.7G}"
    lines[number] = ",".join(cells)
    with pytest.raises(FileFormatError, match=r"expected an impedance of .* ohm, the ratio of the potential and"):
        _read("\n".join(lines))


def test_a_section_that_does_not_end() -> None:
    with pytest.raises(FileFormatError) as caught:
        _read(_TEXT.split("</Segment1>")[0])
    assert str(caught.value) == (
        "The file cell.par, line 16: expected the end of the section, </Segment1>, found the end of the file. The "
        "file was cut or changed: copy it again, or save it again from VersaStudio."
    )


def test_a_definition_that_is_missing() -> None:
    with pytest.raises(FileFormatError, match="the line 'Definition=' that names the columns of <Segment1>"):
        _read("".join(line for line in _TEXT.splitlines(keepends=True) if not line.startswith("Definition")))


def test_no_segment() -> None:
    with pytest.raises(FileFormatError, match="expected a segment with points of impedance"):
        _read(_TEXT.split("<Segment1>")[0])


def test_a_lost_line_shows_in_the_points() -> None:
    lines = [line for line in _TEXT.split("\n") if not line.startswith("0,7,")]
    assert any("the point's number is 8 after 6" in warning for warning in _read("\n".join(lines)).warnings)


def test_real_file(real_data: Path) -> None:
    content = read(real_data / "impedance" / _REAL)
    (spectrum,) = content.records
    assert len(spectrum) == 61
    assert (spectrum.frequency[0], spectrum.impedance[0]) == (1e5, 55.31571 + 4.575431j)
    assert (spectrum.frequency[-1], spectrum.impedance[-1]) == (0.02154435, 1516.313 - 122.8279j)
    assert content.metadata["Instrument Type"] == "VersaSTAT4"
    assert content.warnings == (
        "The lowest frequency is 0.0215444 Hz while the header declares 0.001 Hz: the sweep was shortened, or lines "
        "are missing.",
    )


def test_mutants() -> None:
    instruments.check(_SEED, instruments.mutants(_SEED, 300))


@pytest.mark.slow
def test_many_mutants() -> None:
    instruments.check(_SEED, instruments.mutants(_SEED, 3000, 7))


def _real_seed(folder: Path) -> instruments.InstrumentSeed:
    text = instruments.real_text(folder, _REAL).encode("latin-1", "replace").decode("latin-1")
    return instruments.versastudio_seed(_REAL, text)


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
