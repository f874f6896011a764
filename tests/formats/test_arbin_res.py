"""Arbin's .res: the pages of a small Access database, made as far as its reader looks, and a real one."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from tests.formats import instruments
from tests.formats.mutator import Seed

from lamion.formats import RawFile, read, read_raw
from lamion.quantities import FileFormatError, MissingExtraError
from lamion.records import CyclingRecord

pytest.importorskip("access_parser")
_PAGE = 4096
_INT, _SHORT, _DOUBLE, _TEXT = 4, 3, 7, 10
_FORMS = {_INT: "<i", _SHORT: "<h", _DOUBLE: "<d"}
_TIME = 10.0 * np.arange(40)
_CURRENT = np.repeat([2e-3, -1e-3], 20)
_PASSED = np.abs(_CURRENT) * np.tile(10.0 * np.arange(20), 2) / 3600
_VOLTAGE = 3.2 + np.cumsum(_CURRENT)


def _definition(columns: dict[str, int], rows: int) -> bytes:
    head = struct.pack(
        "<2sHIIIIIIIIIBHHHIIII", b"\x02\x01", 0, 0, 0, 0, rows, *[0] * 5, 0x4E, 0, 0, len(columns), *[0] * 4
    )
    body, names, offset = b"", b"", 0
    for number, (name, kind) in enumerate(columns.items()):
        length = struct.calcsize(_FORMS.get(kind, ""))
        body += struct.pack("<BIHHH4s2sIHH", kind, 0, number, 0, number, b"", b"\x03", 0, offset, length)
        names += struct.pack("<H", 2 * len(name)) + name.encode("utf-16-le")
        offset += length
    return (head + body + names).ljust(_PAGE, b"\0")


def _row(columns: dict[str, int], values: tuple) -> bytes:
    """Write a row; a text may only be the last of its cells."""
    cells = [
        value.encode("utf-16-le") if kind == _TEXT else struct.pack(_FORMS[kind], value)
        for kind, value in zip(columns.values(), values, strict=True)
    ]
    return struct.pack("<H", len(columns)) + b"".join(cells) + b"\xff" * ((len(columns) + 7) // 8)


def _data(owner: int, rows: list[bytes]) -> bytes:
    ends = _PAGE - np.cumsum([len(row) for row in rows])
    head = struct.pack("<2sHIIH", b"\x01\x01", 0, owner, 0, len(rows)) + struct.pack(f"<{len(rows)}H", *ends)
    behind = b"".join(reversed(rows))
    return head.ljust(_PAGE - len(behind), b"\0") + behind


_CATALOG = {"Id": _INT, "Type": _SHORT, "Flags": _INT, "Name": _TEXT}
_POINTS = {
    "Test_ID": _INT, "Data_Point": _INT, "Test_Time": _DOUBLE, "Step_Index": _SHORT, "Cycle_Index": _SHORT,
    "Current": _DOUBLE, "Voltage": _DOUBLE, "Charge_Capacity": _DOUBLE, "Discharge_Capacity": _DOUBLE,
}  # fmt: skip


def _database(declared: int = 40) -> bytes:
    rows = [
        _row(
            _POINTS,
            (1, k + 1, _TIME[k], 1 + k // 20, 1, _CURRENT[k], _VOLTAGE[k], _PASSED[min(k, 19)], _PASSED[k] * (k > 19)),
        )
        for k in range(40)
    ]
    start = (b"\x00\x01\x00\x00Standard Jet DB\x00" + struct.pack("<I", 1)).ljust(_PAGE, b"\0")
    catalog = [_row(_CATALOG, (4, 1, 0, "Channel_Normal_Table"))]
    return b"".join(
        [
            start, bytes(_PAGE), _definition(_CATALOG, 1), _data(2, catalog), _definition(_POINTS, declared),
            _data(4, rows[:25]), _data(4, rows[25:]),
        ]
    )  # fmt: skip


_CONTENT = _database()
_SEED = Seed("res", _CONTENT.decode("latin-1"), " ", "latin-1")


def _read(content: bytes):
    return read_raw(RawFile("cell", content))


def test_the_channel() -> None:
    content = _read(_CONTENT)
    record = content.the(CyclingRecord)
    assert content.format == "Arbin .res"
    assert content.warnings == ()
    assert np.array_equal(record.time, _TIME)
    assert np.array_equal(record.voltage, _VOLTAGE)
    assert np.array_equal(record.current, _CURRENT)
    assert record.step.tolist() == [1.0] * 20 + [2.0] * 20
    assert record.charge[[19, -1]].tolist() == pytest.approx([0.38, 0.19])


def test_lost_rows_are_said() -> None:
    assert _read(_database(41)).warnings == ("The table of points declares 41 rows; 40 could be read.",)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (_CONTENT[:-1], "whole pages of 4096 bytes"),
        (_CONTENT[: 4 * _PAGE], "a database with the table Channel_Normal_Table"),
        (_CONTENT.replace("Voltage".encode("utf-16-le"), "Vxltage".encode("utf-16-le")), "no Voltage"),
    ],
)
def test_damaged_databases_are_refused(content: bytes, expected: str) -> None:
    with pytest.raises(FileFormatError, match=expected):
        _read(content)


def test_definitions_that_lead_round_are_refused() -> None:
    place = 4 * _PAGE + 4
    with pytest.raises(FileFormatError, match="pages that lead round"):
        _read(_CONTENT[:place] + struct.pack("<I", 4) + _CONTENT[place + 4 :])


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "access_parser", None)
    with pytest.raises(MissingExtraError, match=r'pip install "lamion\[cyclers\]"'):
        _read(_CONTENT)


@pytest.mark.parametrize("count", [300, pytest.param(3000, marks=pytest.mark.slow)])
def test_mutants(count: int) -> None:
    made = instruments.binary_mutants(_SEED, count)
    instruments.check(_SEED, made, instruments.judge_channel, undetectable=0.3)


@settings(deadline=None, max_examples=40)
@given(instruments.edits(_SEED))
def test_any_content(content: bytes) -> None:
    instruments.reads_or_refuses(content)


def test_a_real_file(real_data: Path) -> None:
    content = read(real_data / "cycler" / "arbin_example.res")
    record = content.the(CyclingRecord)
    integral = np.cumsum(np.diff(record.time) * (record.current[1:] + record.current[:-1]) / 2)
    assert (len(record), content.warnings) == (2150, ())
    assert np.allclose(record.charge[1:], integral, rtol=0, atol=2e-3 * np.sum(np.abs(np.diff(integral))))
    assert content.metadata["Creator"] == "AliceM"
