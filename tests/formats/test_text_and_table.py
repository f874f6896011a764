from __future__ import annotations

import pytest

from lamion.formats.table import Row, headers, numbers, parse_number, print_shape, separator_of, split
from lamion.formats.text import decode
from lamion.quantities import FileFormatError


@pytest.mark.parametrize(
    "content",
    [
        "a\u00b2\nb".encode(),
        b"\xef\xbb\xbf" + "a\u00b2\nb".encode(),
        "a\u00b2\nb".encode("utf-16"),
        b"\xfe\xff" + "a\u00b2\nb".encode("utf-16-be"),
        "a\u00b2\rb".encode("latin-1"),
        "a\u00b2\r\nb".encode("cp1252"),
    ],
)
def test_encodings_and_line_ends(content: bytes) -> None:
    text = decode("a", content)
    assert [line.text for line in text.lines] == ["a\u00b2", "b"]
    assert not text.terminated
    assert text.line(2) == "b"
    assert text.line(3) == text.line(0) == ""


def test_bytes_that_windows_1252_does_not_know() -> None:
    assert decode("a", b"\x81\n").encoding == "latin-1"


def test_only_line_ends_end_lines() -> None:
    text = decode("a", "a\u2028b\x0cc\x85\n".encode())
    assert len(text.lines) == 1
    assert text.terminated


@pytest.mark.parametrize(("content", "terminated"), [(b"1\n", True), (b"1\n  ", True), (b"1", False), (b"1 ", False)])
def test_whether_the_last_line_is_whole(content: bytes, terminated: bool) -> None:
    assert decode("a", content).terminated is terminated


@pytest.mark.parametrize("content", [b"\xff\xfea", b"a\x00b", b"\xff\xfea\x00\x00\x00"])
def test_no_text(content: bytes) -> None:
    with pytest.raises(FileFormatError, match="expected text"):
        decode("a", content)


@pytest.mark.parametrize(
    ("cell", "value", "last_digit"),
    [
        ("1", 1.0, 0),
        ("-0.10", -0.1, -2),
        (".5", 0.5, -1),
        ("2.", 2.0, 0),
        ("+9.961e+4", 99610.0, 1),
        ("1.0000000E-003", 1e-3, -10),
    ],
)
def test_printed_numbers(cell: str, value: float, last_digit: int) -> None:
    assert parse_number(cell) == (value, last_digit)


@pytest.mark.parametrize(
    ("cells", "half_units"),
    [
        (["-1.6", "-70.3", "-16.0"], [0.05, 0.05, 0.05]),
        (["1.234e+2", "5.678e-1", "1.e+2", "1.111e+0"], [0.05, 5e-5, 0.05, 5e-4]),
        (["130.4171", "130", "9.876543", "1892.153"], [5e-5, 5e-5, 5e-7, 5e-4]),
        (["0", "1.25", "2.50"], [0.005, 0.005, 0.005]),
    ],
)
def test_a_number_is_known_as_finely_as_its_column(cells: list[str], half_units: list[float]) -> None:
    table = [Row(number, (cell,)) for number, cell in enumerate(cells)]
    assert numbers("a", table, 0, "x").half_units == pytest.approx(half_units)


@pytest.mark.parametrize(
    "cell",
    ["", ".", "-", "nan", "inf", "1e", "1e+", "0x1", "1_000", "1,5", "1e999", "0e400", "\u0661", "1 2", "9" * 500],
)
def test_no_numbers(cell: str) -> None:
    assert parse_number(cell) is None


@pytest.mark.parametrize(
    ("cell", "shape"),
    [("1.250E+002", (3, 3)), ("1,25", (2, 0)), ("12", None), ("1.5e+1", None), ("abc", None)],
)
def test_print_shape(cell: str, shape: tuple[int, int] | None) -> None:
    assert print_shape(cell) == shape


def test_separators() -> None:
    assert [separator_of(line) for line in ("a\tb;c,d e", "a;b,c d", "a, b c", "a b")] == ["\t", ";", ",", " "]
    assert split("  1.0   2.0 ", " ") == ("1.0", "2.0")
    assert headers("a\tb\t", "\t") == ("a", "b")
