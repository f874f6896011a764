"""Files of nanoindenters, made from a formula, and the real ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats import instruments, spectrometers, workbooks
from tests.formats.mutator import Seed
from tests.formats.workbooks import Book, record

from lamion.formats import RawFile, read, read_raw
from lamion.quantities import FileFormatError
from lamion.records import IndentationCurve

_SHARE = np.concatenate([np.linspace(0.0, 1.0, 40), np.ones(15), np.linspace(1.0, 0.1, 30)[1:]])
_NOISE = np.random.default_rng(3).normal(0.0, 0.2, (2, len(_SHARE)))
_DEPTH = np.where(np.arange(len(_SHARE)) < 40, 500 * np.sqrt(_SHARE), 260 + 240 * _SHARE**0.8) + _NOISE[0]
"""nm"""
_LOAD = 2000.0 * _SHARE + _NOISE[1]
"""uN"""
_TIME = 0.1 * np.arange(len(_SHARE))


def _read(content: bytes):
    return read_raw(RawFile("a", content))


def _text(count: int | None = None) -> str:
    rows = [
        f"{h:.6f}\t{p:.6f}\t{t:.6f}\t{-(h + 7.0) / 5436.5:.6f}\t{p / 1184.1 + 0.47:.6f}"
        for h, p, t in zip(_DEPTH, _LOAD, _TIME, strict=True)
    ]
    count = len(rows) if count is None else count
    head = ["Mon Apr 29 10:41:06 2019", "", f"Number of Points = {count}"]
    titles = "Depth (nm)\tLoad (\u00b5N)\tTime (s)\tDepth (V)\tLoad (V)"
    return "\n".join([*head, titles, *rows[:40], "", *rows[40:55], "", *rows[55:]]) + "\n"


def _hld(**changed: str) -> str:
    fields = {
        "File Version": "Hysitron HighLoad FBControls 6.1 Release", "Test Type": "Indentation", "Last Calibrated": "",
        "Contact Threshold": "250 \u00b5N", "Machine Comp": "0.0066 nm/\u00b5N", "Tip C0": "24.5 nm^2/nm^2",
        "Tip C1": "-32 nm^2/nm", "Tip C2": "6e+03 nm^2/nm^0.5", "Drift Rate": "0.036 nm/s", "Number of Segments": "2",
    }  # fmt: skip
    fields |= {name.replace("_", " "): value for name, value in changed.items()}
    lines = [f"{name}: {value}" for name, value in fields.items()]
    lines += ["Segment Number: 0", "Segment Points: 55", "Segment Number: 1", "Segment Points: 29"]
    lines += ["Drift Measurement Data Points: 3", "Time_s\tDisp_nm", "0.0\t-2.4", "0.5\t-2.2", "1.0\t-1.8"]
    lines += [f"Test Data Points: {len(_SHARE)}", "Time_s\tDisp_nm\tForce_\u00b5N\tLoadCell_nm\tDisp_V\tForce_V"]
    lines += [
        f"{t:.6f}\t{h:.6f}\t{p:.6f}\t{-3889.0 + k:.6f}\t{(h - 9.0) / 59960:.9f}\t{p / 165800 - 0.41:.9f}"
        for k, (h, p, t) in enumerate(zip(_DEPTH, _LOAD, _TIME, strict=True))
    ]
    return "\n".join(lines) + "\n"


def _keysight(tests: int = 2, **changed) -> Book:
    units = changed.pop("units", ("nm", "mN", "s"))
    titles = changed.pop("titles", ("Displacement Into Surface", "Load On Sample", "Time On Sample"))
    end = changed.pop("end", "END")
    marks = {0: "Cycle Begin Marker 1", 55: "Cycle Unload Marker 1"}
    sheets = {}
    rows = [["Test", "E", "Displacement", "Load", "Stiffness"], [None, "GPa", "nm", "mN", "N/m"]]
    for number in range(1, tests + 1):
        rows += [[f"{number}", None], [f"{number}-1", 71.5, round(_DEPTH[55], 1), round(1e-3 * _LOAD[55], 3), 10234.5]]
    sheets["Results"] = rows
    sheets["Inputs Editable Post Test"] = [
        ["Test", "Frame Stiffness Correction", "Poissons Ratio"],
        [None, "N/m"],
        *([float(number), 3.6e6, 0.18] for number in range(1, tests + 1)),
    ]
    for number in range(tests, 0, -1):
        body = [
            [marks.get(k), float(h), float(1e-3 * p), float(t)]
            for k, (h, p, t) in enumerate(zip(_DEPTH, _LOAD, _TIME, strict=True))
        ]
        sheets[f"Test {number:03d}"] = [["Segment", *titles], [None, *units], *body, [end]]
    sheets |= changed.pop("sheets", {})
    return Book({name: rows for name, rows in sheets.items() if rows}, **changed)


def test_hysitron_text() -> None:
    content = _read(_text().encode("latin-1"))
    (curve,) = content.records
    assert isinstance(curve, IndentationCurve)
    assert (content.format, content.warnings) == ("Hysitron text", ())
    assert content.metadata == {"Date": "Mon Apr 29 10:41:06 2019", "Segments": "3"}
    assert np.allclose(curve.depth, 1e-9 * _DEPTH, atol=1e-15)
    assert np.allclose(curve.load, 1e-6 * _LOAD, atol=1e-12)
    assert (curve.frame_stiffness, curve.corrected, curve.area_function) == (None, None, None)


def test_hysitron_hld() -> None:
    content = _read(_hld().encode("latin-1"))
    (curve,) = content.records
    assert isinstance(curve, IndentationCurve)
    assert (content.format, content.warnings) == ("Hysitron .hld", ())
    assert np.allclose(curve.depth, 1e-9 * _DEPTH, atol=1e-15)
    assert curve.frame_stiffness == pytest.approx(1 / 6.6e-6)
    assert curve.drift == pytest.approx(3.6e-11)
    assert curve.area_function == pytest.approx((24.5, -32e-9, 6e3 * 1e-18 / 1e-9**0.5))
    assert curve.corrected is None


def test_keysight() -> None:
    content = _read(_keysight().content())
    assert (content.format, content.warnings) == ("Keysight nanoindentation workbook", ())
    assert [curve.test for curve in content.records] == ["1", "2"]
    for curve in content.records:
        assert np.allclose(curve.depth, 1e-9 * _DEPTH, rtol=1e-15)
        assert np.allclose(curve.load, 1e-6 * _LOAD, rtol=1e-12)
        assert (curve.frame_stiffness, curve.poisson, curve.corrected) == (3.6e6, 0.18, True)


def _without(text: str, mark: str) -> str:
    return "\n".join(line for line in text.split("\n") if mark not in line)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (_text(400), r"holds 84 points while the header declares 400"),
        (
            _text().replace(f"{_DEPTH[20]:.6f}", f"{_DEPTH[20] + 30:.6f}"),
            "Line 25: the depth is not what its volts make",
        ),
        (_hld().replace("Segment Points: 29", "Segment Points: 28"), "84 points while its segments declare 83"),
        (_hld().replace("Drift Measurement Data Points: 3", "Drift Measurement Data Points: 4"), "3 points while"),
        (_hld().replace(f"\n{_TIME[30]:.6f}", f"\n{_TIME[31]:.6f}"), "the time does not rise"),
        (_hld().replace(f"\t{_LOAD[60]:.6f}\t", f"\t{10 * _LOAD[60]:.6f}\t"), "the load"),
    ],
)
def test_what_a_text_says_twice_is_compared(text: str, expected: str) -> None:
    assert expected in " ".join(_read(text.encode()).warnings)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (_text(20), "as many as the table holds"),
        (_text().replace("Load (\u00b5N)", "Load (x)"), "a column 'Load"),
        (_text().replace("Time (s)", "Time (h)"), "a column 'Time"),
        (_text()[:-5], "half a number"),
        (_hld(Machine_Comp="0.0066 nm/mN"), "a number in nm/\u00b5N"),
        (_hld(Tip_C1="-32 nm^2"), "a number in nm\\^2/nm"),
        (_hld(Drift_Rate="fast nm/s"), "a number in nm/s"),
        (_hld().replace("Disp_nm\tForce", "Way_nm\tForce"), "a column 'Disp_nm'"),
        (_without(_hld(), "Test Data Points"), "'Test Data Points:' above the test"),
        (_hld().replace("Test Type: Indentation", "Test Type Indentation"), "'Name: value'"),
        (_hld().replace("\t-3850.000000", ""), "6 cells"),
    ],
)
def test_texts_refused(text: str, expected: str) -> None:
    with pytest.raises(FileFormatError, match=expected):
        _read(text.encode())


_BAD = [["Segment", "Displacement Into Surface", "Load On Sample", "Time On Sample"], [None, "nm", "mN", "s"]]


@pytest.mark.parametrize(
    ("book", "expected"),
    [
        (_keysight(units=("nm", "s", "s")), "a unit like N"),
        (_keysight(titles=("Displacement Into Surface", "Load", "Time On Sample")), "a column 'Load On Sample'"),
        (_keysight(end="STOP"), "END below the last row"),
        (
            _keysight(sheets={"Test 001": [*_BAD, *[[None, 1.0, None, float(k)] for k in range(20)], ["END"]]}),
            "a blank",
        ),
        (_keysight(sheets={"Test 001": [*_BAD, [None, 1.0, 1.0, 0.0], [], ["END"]]}), "a row of numbers"),
        (_keysight(sheets={"Test 001": [*_BAD, [None, 1.0, "x", 0.0], ["END"]]}), "a number under 'Load On Sample'"),
        (_keysight(sheets={"Test 001": [*_BAD, [None, 1.0, 1.0, 0.0], ["END"]]}), "at least 10 points"),
        (_keysight(sheets={"Test 001": [], "Test 002": [], "Other": _BAD}), "a sheet 'Test 001'"),
        (_keysight(locked=True), "a workbook without a password"),
        (_keysight(version=0x0500), "an Excel 97 workbook"),
        (_keysight(more={"Test 001": record(0x0203, bytes(14))}), "each cell once"),
        (_keysight(more={"Test 001": record(0x0203, b"\xff\xff" + bytes(12))}), "within its sheet and row"),
        (_keysight(more={"Test 001": record(0x0203, bytes(9))}), "bytes in a record"),
        (_keysight(more={"Results": record(0x00FD, b"\1\0\1\0\0\0\xff\xff\0\0")}), "a text among"),
        (_keysight(more={"Results": record(0x00BD, bytes(14))}), "of a row"),
        (_keysight(more={"Results": record(0x0207, b"\1\0\0x")}), "a formula before its text"),
    ],
)
def test_workbooks_refused(book: Book, expected: str) -> None:
    with pytest.raises(FileFormatError, match=expected):
        _read(book.content())


def test_rows_against_the_results() -> None:
    rows = [["Test", "Displacement", "Load", "Stiffness"], [None, "nm", "mN", "N/m"], ["1-1", 17.0, 2.0, 1e4]]
    warnings = _read(_keysight(sheets={"Results": rows}).content()).warnings
    assert "Test 1, cycle 1: the depth where the unloading begins" in warnings[0]
    assert "cannot belong together" in " ".join(_read(_keysight(units=("pm", "mN", "s")).content()).warnings)


_PIECES = [["a", "b"], [1.5, "\u00e9\u03b1\u4e2d"]]


@pytest.mark.parametrize("small", [True, False])
def test_any_sheet_of_a_workbook(small: bool) -> None:
    rows = [["Test Time / s", "Voltage / V"], *([float(k), 0.1 / (1 + k)] for k in range(5))]
    content = _read(Book({"relaxation": rows, "remark": _PIECES}, small=small).content())
    assert content.format == "Excel 97 workbook"
    assert content.records[0].voltage.tolist() == [0.1 / (1 + k) for k in range(5)]


def test_cells_of_every_kind() -> None:
    from lamion.formats.excel_binary import workbook

    def place(row: int, column: int) -> bytes:
        return row.to_bytes(2, "little") + column.to_bytes(2, "little") + b"\0\0"

    more = record(0x027E, place(1, 0) + ((1234 << 2) | 3).to_bytes(4, "little"))  # 12.34 as an integer over a hundred
    more += record(0x027E, place(1, 1) + ((-7 & (1 << 30) - 1) << 2 | 2).to_bytes(4, "little"))
    more += record(0x00BD, place(1, 2)[:4] + 2 * (b"\0\0" + (0x3FF80000).to_bytes(4, "little")) + b"\3\0")
    more += record(0x0204, place(1, 4) + b"\3\0\0abc")
    more += record(0x0205, place(1, 5) + b"\1\0") + record(0x0205, place(1, 6) + b"\x2a\1")
    more += record(0x0006, place(1, 7) + bytes(6) + b"\xff\xff" + bytes(8)) + record(0x0207, b"\2\0\0ok")
    more += record(0x0006, place(1, 8) + np.float64(2.5).tobytes() + bytes(8))
    chart = record(0x0809, bytes(16)) + record(0x0203, bytes(14)) + record(0x000A)
    book = Book({"one": [["x"] * 9, [*[None] * 8, 0.5]]}, more={"one": chart}, rows_said=False)
    stream = book.stream().replace(record(0x0203, place(1, 8) + np.float64(0.5).tobytes()), more)
    stream = stream.replace(record(0x0201, place(1, 0)), b"")
    sheet = workbook(RawFile("a.xls", workbooks.compound({"Workbook": stream})))[0]
    assert sheet.rows[1] == dict(enumerate(["12.34", "-7", "1.5", "1.5", "abc", "TRUE", "#N/A", "ok", "2.5"]))


def test_texts_that_run_on_over_records() -> None:
    from lamion.formats.excel_binary import workbook

    texts = [f"text {k:04d} {'x' * 30}" for k in range(60)]
    width = len(texts[0]) + 3
    sheets = {"one": [[text] for text in texts]}
    book = workbook(RawFile("a.xls", Book(sheets, piece=7 * width).content()))  # cut between two texts
    assert [row[0] for row in book[0].rows.values()] == texts
    whole = record(0x00FC, b"\1\0\0\0\1\0\0\0\4\0\0abcd")
    cut = record(0x00FC, b"\1\0\0\0\1\0\0\0\4\0\0ab") + record(0x003C, b"\1c\0d\0")
    assert len(cut) == len(whole) + 4 + 3
    stream = Book({"one": [["abcd"]]}).stream()
    place = stream.index(b"one") - 8
    longer = stream.replace(whole, cut)
    at = int.from_bytes(stream[place : place + 4], "little") + len(cut) - len(whole)
    longer = longer[:place] + at.to_bytes(4, "little") + longer[place + 4 :]
    (sheet,) = workbook(RawFile("a.xls", workbooks.compound({"Workbook": longer})))
    assert sheet.rows[0][0] == "abcd"


_TEXTS = {"text": _text(), "hld": _hld()}
_BOOK = _keysight().content()


@pytest.mark.parametrize("count", [300, pytest.param(3000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", _TEXTS)
def test_mutants_of_texts(name: str, count: int) -> None:
    seed = Seed(name, _TEXTS[name], "\t")
    made = [
        *instruments.binary_mutants(seed, count // 2, spectrometers.same_text(seed.text)),
        *spectrometers.of_lines(seed.text, count // 2),
    ]
    instruments.check(seed, made, spectrometers.judge(3, near=0.6), undetectable=0.3)


@pytest.mark.parametrize("count", [300, pytest.param(3000, marks=pytest.mark.slow)])
def test_mutants_of_a_workbook(count: int) -> None:
    seed = Seed("book", _BOOK.decode("latin-1"), " ", "latin-1")
    made = instruments.binary_mutants(seed, count)
    instruments.check(seed, made, spectrometers.judge(12, near=1.1), undetectable=0.6)


@given(st.sampled_from(sorted(_TEXTS)).flatmap(lambda name: instruments.edits(Seed(name, _TEXTS[name], "\t"))))
def test_any_text(content: bytes) -> None:
    instruments.reads_or_refuses(content)


@settings(deadline=None)
@given(instruments.edits(Seed("book", _BOOK.decode("latin-1"), " ", "latin-1")))
def test_any_workbook(content: bytes) -> None:
    instruments.reads_or_refuses(content)


def test_the_real_workbook(real_data: Path) -> None:
    content = read(real_data / "nanoindentation" / "FQ.xls")
    assert (content.format, content.warnings) == ("Keysight nanoindentation workbook", ())
    assert [len(curve) for curve in content.records] == [2979, 2981, 2981, 2979, 2980, 2980, 2980, 2979, 2980, 2980]
    first = content.records[0]
    assert first.load.max() == pytest.approx(0.5003398212741524, rel=1e-12)
    assert (first.frame_stiffness, first.poisson, content.metadata["Tip Name"]) == (3.6e6, 0.18, "TB22169 NV")


def test_the_real_texts(real_data: Path) -> None:
    (steel,) = read(real_data / "nanoindentation" / "RobinSteel0000LC.txt").records
    assert (len(steel), steel.depth[0]) == (5304, pytest.approx(0.814723e-9))
    content = read(real_data / "nanoindentation" / "Exp-50mN_0000.hld")
    (curve,) = content.records
    assert (len(curve), content.warnings) == (1068, ())
    assert curve.load.max() == pytest.approx(50213.714295e-6)
    assert len(curve.area_function) == 6


@pytest.mark.parametrize("count", [60, pytest.param(3000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", ["RobinSteel0000LC.txt", "Exp-50mN_0000.hld"])
def test_mutants_of_real_texts(real_data: Path, name: str, count: int) -> None:
    text = (real_data / "nanoindentation" / name).read_bytes().decode("latin-1").replace("\r\n", "\n")
    seed = Seed(name, text, "\t", "latin-1")
    made = [*instruments.binary_mutants(seed, count // 2), *spectrometers.of_lines(seed.text, count // 2)]
    instruments.check(seed, made, spectrometers.judge(3, near=0.6), undetectable=0.6)
