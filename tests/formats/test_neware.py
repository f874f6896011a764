"""Neware's binary files, made from a formula, and the real ones against the vendor's own export."""

from __future__ import annotations

import csv
import io
import sys
import zipfile
import zlib
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats import instruments
from tests.formats.mutator import Seed

from lamion.formats import RawFile, read, read_raw
from lamion.quantities import FileFormatError, MissingExtraError
from lamion.records import CyclingRecord

pytest.importorskip("fastnda")
_COUNT = 90
_PAGE = 4096
_CURRENT = np.repeat([0.0, 1e-3, -1e-3], 30)
"""A, of three steps of 30 s."""
_VOLTAGE = 3.2 + np.cumsum(_CURRENT)
_STEP = np.repeat([1, 2, 3], 30)
_OWN_TIME = np.tile(np.arange(30.0), 3)
_INFO = np.dtype(
    [("time", "<u4"), ("a", "V1"), ("charged", "<f4"), ("discharged", "<f4"), ("energies", "<f4", 2), ("b", "V8"),
     ("dt", "<i4"), ("unix", "<u4"), ("step", "<u4"), ("index", "<u4"), ("ms", "<i2"), ("c", "V8")]
)  # fmt: skip
_STEPS = np.dtype([("cycle", "<u4"), ("step", "<u4"), ("a", "V16"), ("type", "u1"), ("b", "V12")])


def _member(kind: int, rows: np.ndarray) -> bytes:
    """Write version 14: a head, then a page with its rows' number, a mask of them, and its checksum."""
    mask = np.packbits(np.arange(1024) < len(rows), bitorder="little").tobytes()
    page = b"\x02\x00" + len(rows).to_bytes(2, "little") + mask
    page += rows.tobytes()
    page = page.ljust(_PAGE - 4, b"\0")
    return bytes([kind, 0, 14]).ljust(_PAGE, b"\0") + page + zlib.crc32(page).to_bytes(4, "little")


def _members() -> dict[str, bytes]:
    info = np.zeros(_COUNT, dtype=_INFO)[:50]
    kept = np.r_[0:50]
    info["time"], info["dt"], info["unix"] = 1000 * _OWN_TIME[kept], 1000, 1_700_000_000 + kept
    info["charged"] = np.where(_CURRENT > 0, _CURRENT * _OWN_TIME, 0.0)[kept] / 3600.0
    info["step"], info["index"] = _STEP[kept], kept + 1
    last = info[-1:].copy()
    last["time"], last["charged"], last["step"], last["index"], last["unix"] = 0, 0.0, 3, 61, 1_700_000_060
    steps = np.zeros(3, dtype=_STEPS)
    steps["step"], steps["type"] = (1, 2, 3), (4, 1, 2)
    points = np.column_stack([_VOLTAGE, _CURRENT]).astype("<f4")
    return {
        "data.ndc": _member(1, points),
        "data_runInfo.ndc": _member(18, np.concatenate([info, last])),
        "data_step.ndc": _member(7, steps),
        "TestInfo.xml": b'<root><config><TestInfo StartTime="2024-02-01 20:24:23" AuxCount="0"/></config></root>',
    }


def _archive(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, compression)
    return written.getvalue()


_RECORD = np.dtype(
    [("mark", "u1"), ("a", "V1"), ("index", "<u4"), ("cycle", "<u4"), ("step", "<u2"), ("type", "u1"), ("jump", "u1"),
     ("time", "<u8"), ("voltage", "<i4"), ("current", "<i4"), ("b", "V8"), ("charged", "<i8"), ("discharged", "<i8"),
     ("energies", "<i8", 2), ("date", "u1", 7), ("c", "V1"), ("range", "<i4"), ("d", "V4")]
)  # fmt: skip


def _records() -> bytes:
    """Write an .nda of version 29: a head with where the records begin, then one for each point."""
    rows = np.zeros(_COUNT, dtype=_RECORD)
    rows["mark"], rows["index"], rows["step"], rows["jump"] = 0x55, np.arange(_COUNT) + 1, _STEP, _STEP
    rows["type"] = np.array([0, 4, 1, 2])[_STEP]
    rows["time"], rows["voltage"] = 1000 * _OWN_TIME, np.round(1e4 * _VOLTAGE)
    rows["range"], rows["current"] = -1000, np.round(1e3 * _CURRENT / 1e-2)  # 0.01 mA
    passed = np.round(1e5 * np.abs(_CURRENT) * _OWN_TIME)
    rows["charged"], rows["discharged"] = np.where(_CURRENT > 0, passed, 0), np.where(_CURRENT < 0, passed, 0)
    rows["date"] = [0xE8, 7, 2, 1, 20, 24, 0]
    rows["date"][:, 5:] += np.column_stack(np.divmod(np.arange(_COUNT), 60)).astype(np.uint8)
    content = rows.tobytes()
    head = bytearray(b"NEWARE20240201" + bytes([29, 0]) + bytes(2048 - 16))
    head[64:72] = len(head).to_bytes(4, "little") + len(content).to_bytes(4, "little")
    return bytes(head) + content


_FILES = {"archive": _archive(_members()), "records": _records()}


@pytest.mark.parametrize("name", _FILES)
def test_the_channel(name: str) -> None:
    content = read_raw(RawFile("cell", _FILES[name]))
    (record,) = content.records
    assert content.format == "Neware binary file"
    assert isinstance(record, CyclingRecord)
    assert np.allclose(record.voltage, _VOLTAGE, atol=1e-4)
    assert np.allclose(record.current, _CURRENT, rtol=1e-6)
    assert record.step is not None
    assert np.array_equal(record.step, _STEP)
    assert record.charge is not None
    assert record.charge.max() == pytest.approx(29e-3, rel=1e-3)
    assert record.charge[-1] == pytest.approx(0.0, abs=1e-3)
    assert np.all(np.diff(record.time) >= 0)
    assert content.warnings == ()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda m: m | {"data.ndc": m["data.ndc"][:-7]}, "whole pages of 4096 bytes, found 8185"),
        (lambda m: m | {"data.ndc": m["data.ndc"].replace(m["data.ndc"][4300:4308], bytes(8))}, "checksum of its"),
        (lambda m: m | {"data.ndc": bytes([1, 0, 99]) + m["data.ndc"][3:]}, "ndc version 99 filetype 1 is not yet"),
        (lambda m: m | {"data.ndc": bytes(200 * 2**20)}, "MiB, unpacked, found more"),
        (lambda m: m | {"TestInfo.xml": bytes(20 * 2**20)}, "at most 4 MiB, unpacked"),
        (lambda m: {name: content for name, content in m.items() if name != "data.ndc"}, "a whole file of a version"),
        (
            lambda m: {name: content for name, content in m.items() if name != "data_runInfo.ndc"},
            "a whole file of a version",
        ),
    ],
)
def test_damaged_members_and_bombs_are_refused(change, expected: str) -> None:
    with pytest.raises(FileFormatError, match=expected):
        read_raw(RawFile("cell", _archive(change(_members()))))


def test_lost_auxiliary_channels_are_said() -> None:
    members = _members()
    members["TestInfo.xml"] = members["TestInfo.xml"].replace(b'AuxCount="0"', b'AuxCount="2"')
    (warning,) = read_raw(RawFile("cell", _archive(members))).warnings
    assert warning == "The file declares 2 auxiliary channels, 0 of which could be read: it is damaged."


def test_lost_steps_are_said() -> None:
    members = _members()
    points = np.column_stack([_VOLTAGE, _CURRENT]).astype("<f4")[:60]
    warnings = read_raw(RawFile("cell", _archive(members | {"data.ndc": _member(1, points)}))).warnings
    assert warnings == ("The file says that 3 steps were run; points of 2 could be read.",)


@pytest.mark.parametrize("cut", [1, 86, 860])
def test_records_that_were_cut_are_refused(cut: int) -> None:
    with pytest.raises(FileFormatError, match="as its head says"):
        read_raw(RawFile("cell", _FILES["records"][:-cut]))


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fastnda.ndax", None)
    with pytest.raises(MissingExtraError, match=r'pip install "lamion\[cyclers\]"'):
        read_raw(RawFile("cell", _FILES["archive"]))


def test_the_interpreter_keeps_its_own_decompressor() -> None:
    own = zlib.decompress, zlib.decompressobj
    read_raw(RawFile("cell", _FILES["archive"]))
    assert (zlib.decompress, zlib.decompressobj) == own
    assert zlib.decompress.__module__ == "zlib"


def _seed(name: str) -> Seed:
    return Seed(name, _FILES[name].decode("latin-1"), " ", "latin-1")


@pytest.mark.parametrize("count", [300, pytest.param(3000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", _FILES)
def test_mutants(name: str, count: int) -> None:
    def stored(_: np.random.Generator) -> bytes:
        return _archive(_members(), zipfile.ZIP_STORED)

    seed = _seed(name)
    made = instruments.binary_mutants(seed, count, [stored] if name == "archive" else [])
    instruments.check(seed, made, instruments.judge_channel, undetectable=0.5)


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(sorted(_FILES)).flatmap(lambda name: instruments.edits(_seed(name))))
def test_any_content(content: bytes) -> None:
    instruments.reads_or_refuses(content)


def test_a_real_archive_is_what_the_vendor_exports(real_data: Path) -> None:
    folder = real_data / "cycler"
    record = read(folder / "interp-test.ndax").the(CyclingRecord)
    with (folder / "interp-test.csv").open(encoding="latin-1") as file:
        rows = list(csv.DictReader(file))
    begin = datetime.strptime(rows[0]["Date"], "%Y-%m-%d %H:%M:%S.%f").replace(tzinfo=UTC)
    clock = [datetime.strptime(row["Date"], "%Y-%m-%d %H:%M:%S.%f").replace(tzinfo=UTC) - begin for row in rows]
    assert len(record) == len(rows) == 333
    assert np.allclose(record.time, [one.total_seconds() for one in clock], atol=1.5)
    columns = {"voltage": ("Voltage(mV)", 1e-3, 5.1e-5), "current": ("Current(µA)", 1e-6, 0.0)}
    for key, (title, factor, atol) in columns.items():
        assert np.allclose(getattr(record, key), [factor * float(row[title]) for row in rows], rtol=0, atol=atol)
    for key, title in (("cycle", "Cycle Index"), ("step", "Step Index")):
        assert getattr(record, key).tolist() == [float(row[title]) for row in rows]


def test_real_files(real_data: Path) -> None:
    folder = real_data / "cycler"
    points = {"21_10_7_85.ndax": 141, "new_nda_file.nda": 439, "test.ndax": 1464}
    for name, count in points.items():
        content = read(folder / name)
        assert (len(content.records[0]), content.warnings) == (count, ())
    # One character of its TestInfo.xml is none: the channel is whole, as many points as its programme's 300 s hold.
    corrupt = read(folder / "Unit27_Example_Corrupt.ndax")
    assert corrupt.the(CyclingRecord).time.tolist() == list(range(301))
    assert "The file declares 2 auxiliary channels, 0 of which could be read: it is damaged." in corrupt.warnings
    long = read(folder / "BTS85-36-6-5-110-20240424.ndax").the(CyclingRecord)
    assert (len(long), long.step.max(), long.cycle.max()) == (699_677, 24, 15)
