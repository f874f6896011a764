from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lamion.formats import RawFile, read, read_raw
from lamion.quantities import FileFormatError, InputError


def _read(text: str, columns: str):
    return read_raw(RawFile("cell.txt", text.encode()), columns=columns)


def test_numbers_and_sign() -> None:
    (spectrum,) = _read("1 50.0 1000\n5 51.0 100\n", "f=3, re=2, im=-1").records
    assert spectrum.frequency.tolist() == [1000, 100]
    assert spectrum.impedance.tolist() == [50 - 1j, 51 - 5j]


def test_modulus_and_phase() -> None:
    (spectrum,) = _read("1000,2,-90\n100,4,0\n", "f=1,mod=2,phase=3").records
    assert np.allclose(spectrum.impedance, [-2j, 4])


def test_skipped_lines_are_a_warning() -> None:
    content = _read("My lab\n\nHz Ohm Ohm\n1000 50 -1\n100 51 -4\n10 53 -9\n", "f=1,re=2,im=3")
    assert content.warnings == (
        "2 lines above the first line of numbers were skipped, the last of them line 3: 'Hz Ohm Ohm'.",
    )


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ("", "'' is not a column"),
        ("f=1;re=2;im=3", "'f=1;re=2;im=3' is not a column"),
        ("f=1,re=2,im=0", "'im=0' is not a column"),
        ("f=1,re=2,x=3", "'x=3' is not a column"),
        ("f=1,re=2", "it does not say which column is the imaginary impedance"),
        ("re=1,mod=2", "it does not say which column is the frequency or the imaginary impedance"),
        ("f=1,re=2,im=2", "it takes one column twice"),
        ("f=1,f=2,re=3,im=4", "'f' stands there twice"),
        ("f=1,re=-2,im=3", "only im and phase can be negative, not re"),
    ],
)
def test_unusable_specifications(columns: str, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        _read("1 2 3\n", columns)
    assert str(caught.value) == (
        f"The columns '{columns}' cannot be used: {reason}. Each column is a key (f, re, im, mod, phase), '=' and "
        "its number counted from 1. Write them as in 'f=1,re=2,im=3', with im=-3 where the third column holds "
        "-Z'', or as in 'f=1,mod=2,phase=3' (in Hz, ohm and degrees)."
    )


def test_columns_that_are_not_there() -> None:
    with pytest.raises(FileFormatError) as caught:
        _read("1 2 3\n", "f=1,re=2,im=4")
    assert str(caught.value) == (
        "The file cell.txt: expected lines with numbers in the columns named by --columns, 4 columns at least, "
        "found no such line. Check the numbers of the columns, which are counted from 1, and that the "
        "file is the right one."
    )


@pytest.mark.parametrize(
    ("name", "points", "first", "last"),
    [
        ("zarc_data.txt", 81, (1e6, 9.953881 - 0.020948j), (0.01, 59.97367 - 0.341645j)),
        (
            "LIB_data.txt",
            107,
            (999.040405, 0.112362966 + 0.00318273902j),
            (0.00500083202, 0.151735559 - 0.0137396762j),
        ),
        (
            "exampleData.csv",
            66,
            (3.1623e-3, 4.949989776405060160e-02 - 2.043869854441892481e-02j),
            (1e4, 1.577148266048593317e-02 + 1.015747456493823649e-02j),
        ),
    ],
)
def test_real_files_without_headers(
    real_data: Path, name: str, points: int, first: tuple[float, complex], last: tuple[float, complex]
) -> None:
    path = real_data / "impedance" / name
    with pytest.raises(FileFormatError, match="--columns"):
        read(path)
    content = read(path, columns="f=1,re=2,im=3")
    (spectrum,) = content.records
    assert len(spectrum) == points
    assert (spectrum.frequency[0], spectrum.impedance[0]) == first
    assert (spectrum.frequency[-1], spectrum.impedance[-1]) == last
    assert content.warnings == ()
