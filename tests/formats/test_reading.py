"""Reading any file: what comes back, and the paragraphs when nothing can."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from tests.formats import fixtures
from tests.formats.seeds import own_seeds

from lamion.formats import RawFile, load, read, read_raw, reading
from lamion.formats.content import Format, Parsed
from lamion.formats.loading import LARGEST_IN_MEMORY
from lamion.quantities import FileFormatError, InputError
from lamion.records import ImpedanceSpectrum


def _write(folder: Path, content: str | bytes, name: str = "cell.txt") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_every_record_knows_its_file(tmp_path: Path) -> None:
    content = read(_write(tmp_path, fixtures.chi_text(fixtures.spectrum())))
    (record,) = content.records
    assert content.name == "cell.txt"
    assert record.source is not None
    assert (record.source.name, record.source.format) == ("cell.txt", "CHI A.C. Impedance text")
    assert record.source.sha256 == content.sha256
    assert len(content.sha256) == 64
    assert record.metadata == content.metadata


@pytest.mark.parametrize(
    ("name", "format_name"),
    [
        ("chi", "CHI A.C. Impedance text"),
        ("eclab", "EC-Lab text"),
        ("relaxis", "RelaxIS spectrum export"),
        ("biologic csv", "table with column headers"),
        ("battery data format", "table with column headers"),
        ("semicolons", "table with column headers"),
        ("no headers", "table with columns given by number"),
    ],
)
def test_the_format_is_found_from_the_content(name: str, format_name: str) -> None:
    seed = own_seeds()[name]
    found = read_raw(RawFile("misleading.png", seed.content), columns=seed.columns)
    assert found.format == format_name
    data = fixtures.spectrum()
    frequency, impedance = found.records[0].frequency, found.records[0].impedance
    order = slice(None, None, -1) if name == "relaxis" else slice(None)
    assert np.allclose(frequency[order], data.frequency, rtol=6e-4)
    assert np.allclose(impedance[order], data.impedance, rtol=6e-4)


def test_a_plug_in_is_asked_when_no_built_in_format_matches(monkeypatch: pytest.MonkeyPatch) -> None:
    spectrum = ImpedanceSpectrum([1.0], [1.0 - 1.0j])
    plug_in = Format(
        "two magic bytes",
        lambda raw: raw.content.startswith(b"\x00\x01"),
        lambda raw: Parsed((spectrum,)),
        binary=True,
    )

    monkeypatch.setattr(reading, "plug_ins", lambda group, but: {"mine": plug_in} if group == "lamion.formats" else {})
    assert read_raw(RawFile("a", b"\x00\x01\x02")).format == "two magic bytes"
    assert read_raw(RawFile("b", own_seeds()["chi"].content)).format == "CHI A.C. Impedance text"


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path / "cell.mpt")
    assert str(caught.value) == (
        f"There is no file '{tmp_path / 'cell.mpt'}'. The name is misspelled, or the file lies in another folder. "
        "Check the name and the folder."
    )


def test_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path)
    assert str(caught.value) == (
        f"'{tmp_path}' is a folder. A single measurement file is needed. Name the file itself."
    )


def test_special_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="is not an ordinary file"):
        read(tmp_path / "pipe")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read every file")
def test_unreadable_file(tmp_path: Path) -> None:
    path = _write(tmp_path, "x")
    path.chmod(0)
    with pytest.raises(InputError, match="Make the file readable"):
        read(path)


def test_failing_drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", fail)
    with pytest.raises(InputError, match="cannot be read: Permission denied"):
        load(_write(tmp_path, "x"))


def test_impossible_name() -> None:
    with pytest.raises(InputError):
        read("a\0b")


def test_too_large_for_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.write(b"freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm\n")
        for _ in range(65):
            file.write(b"1000.0,50.0000000000000000,1.0000\n" * (LARGEST_IN_MEMORY // 64 // 34 + 1))
    with pytest.raises(FileFormatError, match="a table with column headers of at most 64 MiB, found 65 MiB"):
        read(path)


@pytest.mark.parametrize(("content", "found"), [(b"", "an empty file"), (b" \r\n\x00", "nothing but blanks")])
def test_empty_file(tmp_path: Path, content: bytes, found: str) -> None:
    with pytest.raises(FileFormatError) as caught:
        read(_write(tmp_path, content))
    assert str(caught.value) == (
        f"The file cell.txt: expected a measurement, found {found}. The export or the copy failed: export the "
        "measurement again."
    )


def test_binary_noise(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError) as caught:
        read(_write(tmp_path, b"BIO-LOGIC\x1a\x00\x99\x03"))
    assert str(caught.value) == (
        "The file cell.txt, byte 9: expected text, found the control character 0x1a. It is a binary file of a kind "
        "that lamion does not read yet, or it was damaged on its way: export the measurement as text from the "
        "instrument's own program, or copy the file again."
    )


def test_half_a_line(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError) as caught:
        read(_write(tmp_path, "freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm\n1000,50.25,1.5\n100,51.5,4.75\n10,53."))
    assert str(caught.value) == (
        "The file cell.txt, line 4: expected 3 cells, found 2. Export the file again from the instrument's "
        "program, or mend the line if you know what stood there."
    )


def test_half_a_number(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError) as caught:
        read(_write(tmp_path, "freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm\n1000,50.25,1.5\n100,51.5,4.75\n10,53.25,1"))
    assert str(caught.value) == (
        "The file cell.txt, line 4: expected a line end behind the last number, found the end of the file behind "
        "'1', which may be half a number. The file was probably cut: export or copy it again. If it is complete, "
        "end its last line with a line end."
    )


def test_wrong_columns(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError) as caught:
        read(_write(tmp_path, "place/mm,Re(Z)/Ohm,I/mA\n1,2,3\n"))
    assert str(caught.value) == (
        "The file cell.txt, line 1: expected column headers for the frequency and for the real and imaginary "
        "impedance (or modulus and phase), found 'place/mm', 'Re(Z)/Ohm', 'I/mA', which lacks the frequency, the "
        "imaginary impedance. Name the columns as in 'Frequency / Hz', 'Real Impedance / ohm', 'Imaginary "
        'Impedance / ohm\', or say which columns to take: --columns "f=N,re=2 Ohm,im=N" (columns = in a step, '
        "columns= in Python)."
    )


def test_no_headers(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError) as caught:
        read(_write(tmp_path, "1000,50,-1\n100,51,-4\n"))
    assert str(caught.value) == (
        "The file cell.txt, line 1: expected column headers, found 3 numbers a row (1000, 50, -1). Write a line of "
        'headers above it, with units as in "Time / s,Voltage / V". Or say which columns hold frequency, real and '
        'imaginary part, in Hz and ohm: --columns "f=1,re=2,im=3" (columns = in a step, columns= in Python).'
    )


def test_not_a_number(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError) as caught:
        read(_write(tmp_path, "freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm\n1000,NaN,1.5\n"))
    assert str(caught.value) == (
        "The file cell.txt, line 2: expected a number under 'Re(Z)/Ohm', found 'NaN'. Export the file again from "
        "the instrument's program, or mend the line if you know what stood there."
    )


def test_blank_cell(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match=r"line 2: expected a number under 'Re\(Z\)/Ohm', found a blank\."):
        read(_write(tmp_path, "freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm\n1000,,1.5\n"))


def test_comments_alone(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match="found comments alone"):
        read(_write(tmp_path, "# only\n\n# comments\n"))
