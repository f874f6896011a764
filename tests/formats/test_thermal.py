"""Thermal analysers' files, made from a formula, and the real ones against what their sources say."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats import instruments, spectrometers
from tests.formats.mutator import Seed

from lamion.formats import RawFile, netzsch_ngb, read, read_raw
from lamion.quantities import FileFormatError, MissingExtraError
from lamion.records import ThermalCurve

_COUNT = 120
_TIME = 2.0 * np.arange(_COUNT)
_T = 25.0 + 0.5 * _TIME + 0.8 * np.exp(-_TIME / 20.0)
_MASS = 4.2 - 0.9 / (1.0 + np.exp(-(_T - 90.0) / 6.0))
_FLOW = -0.3 - 2.0 * np.exp(-(((_T - 80.0) / 5.0) ** 2)) + 0.002 * np.cos(3.0 * _TIME)


def _mettler(unit: str = "mg", sign: str = "") -> str:
    value = _MASS if unit == "mg" else _FLOW
    rows = [
        f"{k:15d} {_TIME[k]:14.0f} {_T[k]:14.6g} {25.0 + 0.5 * _TIME[k]:14.6g} {value[k]:14.6g}" for k in range(_COUNT)
    ]
    head = [
        "Title                     28.11.2022 15:28", "_" * 60, "", "Title", "", "Curve Name:",
        "  invented, 28.11.2022 14:59:27", "  Performed 28.11.2022 14:59:26", f"  Sample Weight {sign}".rstrip(),
        "Curve Values:",
        "          Index              t             Ts             Tr          Value",
        f"                           [s]           [\u00b0C]           [\u00b0C]           [{unit}]",
    ]  # fmt: skip
    tail = ["", "", "Results:", "Sample:", "  invented, 4.2000 mg", "", "_" * 60, "Not signed     STARe SW 13.00"]
    return "\n".join([*head, *rows, *tail]) + "\n"


def _ta(exotherm: str = "UP", second: str = "Heat Flow T4 (mW)") -> str:
    head = [
        "CLOSED", "Version\t2.0", "Language\tEnglish", "Instrument\tDSC Q200 V24.11 Build 124", "Sample\tinvented",
        "Size\t4.20000\tmg", "Method\t", f"Exotherm\t{exotherm}", "Nsig\t3", "Sig1\tTime (min)",
        "Sig2\tTemperature (\u00b0C)", f"Sig3\t{second}", "Date\t2021-09-24", "Time\t14:11:50",
        "OrgMethod\t1: Equilibrate at 25.00 \u00b0C", "OrgMethod\t2: Ramp 30.00 \u00b0C/min to 150.00 \u00b0C",
    ]  # fmt: skip
    rows = [f"{_TIME[k] / 60.0:.7g} {_T[k]:.7g} {_FLOW[k]:.7g}" for k in range(_COUNT)]
    return "\n".join([*head, *rows, f"-2.000000 {1.0:.6f} 0.0000000"]) + "\n"


def _read(text: str, encoding: str = "utf-8", name: str = "a.txt"):
    return read_raw(RawFile(name, text.encode(encoding)))


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-16"])
def test_mettler(encoding: str) -> None:
    content = _read(_mettler(), encoding)
    (record,) = content.records
    assert isinstance(record, ThermalCurve)
    assert (content.format, content.warnings, record.exothermic) == ("Mettler STARe text", (), None)
    assert record.sample_mass == pytest.approx(4.2e-6)
    assert record.mass == pytest.approx(1e-6 * _MASS, rel=1e-5)
    assert record.temperature == pytest.approx(_T + 273.15, rel=1e-5)
    assert record.time == pytest.approx(_TIME)
    assert record.heat_flow is None


def test_mettler_heat_flow_and_several_curves() -> None:
    (record,) = _read(_mettler("mW", "^exo")).records
    assert record.exothermic == "up"
    assert record.heat_flow == pytest.approx(1e-3 * _FLOW, rel=1e-5)
    assert record.mass is None
    first, second = _mettler().split("Results:")[0], "Curve Name:" + _mettler("mW").split("Curve Name:")[1]
    both = _read(first + second)
    assert [one.mass is None for one in both.records] == [False, True]
    assert both.warnings == ()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda t: t.replace("Value\n", "Values\n"), "columns 'Index t Ts Tr Value'"),
        (lambda t: t.replace("[mg]", "[kN]"), "units of a time, a temperature"),
        (lambda t: t.replace("[s]", ""), "a unit in brackets for each"),
        (lambda t: t.split("Curve Values:")[0] + "Curve Values:\n", "the end of the file"),
        (lambda t: t.replace("          40 ", "          4x ", 1), "a number"),
    ],
)
def test_mettler_refused(change, expected: str) -> None:
    with pytest.raises(FileFormatError, match=expected):
        _read(change(_mettler()))


def test_what_is_lost_of_a_mettler_text_is_said() -> None:
    lines = _mettler().splitlines(keepends=True)
    assert "the point's number is" in " ".join(_read("".join([*lines[:40], *lines[41:]])).warnings)
    assert "no 'Results:'" in " ".join(_read("".join(lines[:60])).warnings)
    assert "the first index is 1" in " ".join(_read("".join([*lines[:12], *lines[13:]])).warnings)
    wrong = _read(_mettler().replace("4.2000 mg", "42.000 mg"))
    assert "by the header and" in wrong.warnings[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_ta(encoding: str) -> None:
    content = _read(_ta(), encoding)
    (record,) = content.records
    assert isinstance(record, ThermalCurve)
    assert (content.format, content.warnings) == ("TA Instruments text", ())
    assert (record.exothermic, record.sample_mass) == ("up", pytest.approx(4.2e-6))
    assert record.heat_flow == pytest.approx(1e-3 * _FLOW, rel=1e-6)
    assert record.time == pytest.approx(_TIME, abs=1e-4)
    assert content.metadata["Instrument"] == "DSC Q200 V24.11 Build 124"


def test_ta_in_two_languages_and_other_signals() -> None:
    japanese = _ta("\u4e0a", "\u30d2\u30fc\u30c8\u30d5\u30ed\u30fc T4(mW)").split("Sig1")[0]
    japanese = "\n".join(line for line in japanese.splitlines() if not line.startswith("CLOSED"))
    content = _read("CLOSED\n" + japanese + "\nSig1\t\u6642\u9593(min)\n" + _ta().removeprefix("CLOSED\n"))
    assert (content.records[0].exothermic, content.warnings) == ("up", ())
    assert _read(_ta("DOWN")).records[0].exothermic == "down"
    over = _read(_ta(second="Heat Flow (W/g)")).records[0]
    assert over.specific_heat_flow == pytest.approx(1e3 * _FLOW, rel=1e-6)
    assert _read(_ta(second="Weight (mg)")).records[0].mass == pytest.approx(1e-6 * _FLOW, rel=1e-6)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda t: t.replace("Nsig\t3", "Nsig\t2"), "a 'Sig3' as well"),
        (lambda t: t.replace("Nsig\t3", "Nsig\t4"), "behind 'Sig4'"),
        (lambda t: t.replace("(mW)", "(kN)"), "by their units"),
        (lambda t: t.replace("Nsig\t3", "Nsig\t"), "the number of signals"),
        (lambda t: t.split("OrgMethod")[0], "rows of numbers"),
        (
            lambda t: t.replace("\t2:", "\t2:\n1.0 x 2.0\nMore\t"),
            "a name and a value",
        ),
    ],
)
def test_ta_refused(change, expected: str) -> None:
    with pytest.raises(FileFormatError, match=expected):
        _read(change(_ta()))


def test_what_is_lost_of_a_ta_text_is_said() -> None:
    lines = _ta().splitlines(keepends=True)
    assert "more time passes" in " ".join(_read("".join([*lines[:60], *lines[61:]])).warnings)
    assert "runs back or rests" in " ".join(_read("".join([*lines[:60], lines[59], *lines[60:]])).warnings)


@pytest.mark.parametrize("header", ["DSC/(mW/mg)", "Heat Flow (W/g)", "Heat Flow (Normalized) (W/g)"])
def test_tables_say_by_the_unit_what_a_heat_flow_is(header: str) -> None:
    rows = "".join(f"{_TIME[k]},{_T[k]},{_FLOW[k]}\n" for k in range(_COUNT))
    (record,) = _read(f"Time (s),Temp. (\u00b0C),{header}\n{rows}").records
    assert isinstance(record, ThermalCurve)
    assert record.specific_heat_flow == pytest.approx(1e3 * _FLOW)
    assert (record.heat_flow, record.sample_mass, record.exothermic) == (None, None, None)


def test_a_table_with_units_in_a_line_of_their_own() -> None:
    rows = "".join(f"{_TIME[k]},{_T[k] + 273.15},{_MASS[k]},{_FLOW[k]}\n" for k in range(_COUNT))
    (record,) = _read(f"Time,Temperature,Mass,Heat Flow\n[s],[K],[mg],[mW]\n{rows}").records
    assert record.mass == pytest.approx(1e-6 * _MASS)
    assert record.heat_flow == pytest.approx(1e-3 * _FLOW)


_TEXTS = {"mettler": _mettler(), "ta": _ta()}


@pytest.mark.parametrize("count", [300, pytest.param(3000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", _TEXTS)
def test_mutants(name: str, count: int) -> None:
    seed = Seed(name, _TEXTS[name], " ")
    made = [
        *instruments.binary_mutants(seed, count // 2, spectrometers.same_text(seed.text)),
        *spectrometers.of_lines(seed.text, count // 2),
    ]
    instruments.check(seed, made, spectrometers.judge(3, ends=True, near=0.7), undetectable=0.5)


@given(st.sampled_from(sorted(_TEXTS)).flatmap(lambda name: instruments.edits(Seed(name, _TEXTS[name], " "))))
def test_any_content(content: bytes) -> None:
    instruments.reads_or_refuses(content)


_NETZSCH = "RO_FILED_STA_N2_10K_250129_R29.ngb-ss3"


def _archive(members: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def test_netzsch_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyngb", None)
    with pytest.raises(MissingExtraError, match="thermal"):
        read_raw(RawFile("a.ngb-ss3", _archive({"Streams/stream_1.table": b"x"})))


@pytest.mark.parametrize(
    "members",
    [
        {"Streams/stream_1.table": b"\0\0Netzsch TA file" + bytes(200)},
        {"Streams/stream_1.table": bytes(300 * 2**20)},
        {"Streams/stream_3.table": b""},
    ],
)
def test_netzsch_damaged_members_and_bombs_are_refused(members: dict[str, bytes]) -> None:
    pytest.importorskip("pyngb")
    with pytest.raises(FileFormatError):
        read_raw(RawFile("a.ngb-ss3", _archive(members)))


def _netzsch(monkeypatch: pytest.MonkeyPatch, metadata: dict, **changed: np.ndarray):
    columns = {"time": _TIME, "sample_temperature": _T, "mass": _MASS - _MASS[0], "dsc_signal": 3.0 * _FLOW} | changed
    units = {"time": "s", "sample_temperature": "\u00b0C", "mass": "mg", "dsc_signal": "\u00b5V"}
    monkeypatch.setattr(netzsch_ngb, "_library", lambda: None)
    monkeypatch.setattr(netzsch_ngb, "_unpack", lambda raw, path: None)
    monkeypatch.setattr(netzsch_ngb, "_table", lambda file, path: (columns, units, metadata, []))
    return read_raw(RawFile("a.ngb-ss3", _archive({"Streams/stream_1.table": b"x"})))


_CALIBRATION = {f"p{k}": value for k, value in enumerate([0.0, 1e9, 3.0, 0.0, 0.0, 0.0])}


def test_netzsch_adds_the_samples_mass_and_uses_its_own_calibration(monkeypatch: pytest.MonkeyPatch) -> None:
    metadata = {"sample_mass": 4.2, "calibration_constants": _CALIBRATION, "sample_name": "invented"}
    content = _netzsch(monkeypatch, metadata)
    (record,) = content.records
    assert record.mass == pytest.approx(1e-6 * (4.2 + _MASS - _MASS[0]))
    assert record.heat_flow == pytest.approx(1e-3 * _FLOW)
    assert "does not say which way is exothermic" in content.warnings[0]
    assert _netzsch(monkeypatch, {"sample_mass": 4.2}).records[0].heat_flow is None
    stopped = {"sample_mass": 4.2, "temperature_program": {"stage_1": {"time": 900.0}}}
    assert "it was stopped" in _netzsch(monkeypatch, stopped).warnings[0]


@pytest.mark.parametrize(
    ("metadata", "changed", "expected"),
    [
        ({}, {}, "the sample's mass in the header"),
        ({"sample_mass": 4.2}, {"mass": _MASS}, "a change of mass that begins at zero"),
        ({"sample_mass": 4.2}, {"time": np.full(_COUNT, np.nan)}, "a finite number"),
    ],
)
def test_netzsch_refused(monkeypatch: pytest.MonkeyPatch, metadata, changed, expected: str) -> None:
    with pytest.raises(FileFormatError, match=expected):
        _netzsch(monkeypatch, metadata, **changed)


def test_a_real_netzsch_file_is_what_its_golden_hashes_say(real_data: Path) -> None:
    pyngb = pytest.importorskip("pyngb")
    path = real_data / "thermal" / _NETZSCH
    golden = json.loads((path.parent / f"{_NETZSCH}.parity.json").read_text())
    table = pyngb.read_ngb(path)
    hashed = {name: hashlib.sha256(table[name].to_numpy().tobytes()).hexdigest() for name in table.schema.names}
    now = {"31": "cooling_power"}
    assert len(golden["column_sha256"]) == len(hashed)
    assert {now.get(name, name): value for name, value in golden["column_sha256"].items()} == hashed
    (record,) = read(path).records
    assert (len(record), golden["num_rows"]) == (16501, 16501)
    assert record.sample_mass == pytest.approx(golden["metadata"]["sample_mass"] * 1e-6)
    assert np.array_equal(record.time, table["time"].to_numpy())
    assert record.mass[-1] - record.mass[0] == pytest.approx(golden["column_stats"]["mass"]["last"] * 1e-6, rel=1e-12)
    assert 1.0 - record.mass[-1] / record.mass[0] == pytest.approx(0.7354, abs=5e-5)


@pytest.mark.parametrize("count", [40, pytest.param(3000, marks=pytest.mark.slow)])
def test_real_netzsch_mutants(real_data: Path, count: int) -> None:
    pytest.importorskip("pyngb")
    seed = _Bytes(_NETZSCH, (real_data / "thermal" / _NETZSCH).read_bytes())
    instruments.check(seed, instruments.binary_mutants(seed, count), spectrometers.judge(1), undetectable=0.0)


class _Bytes(Seed):
    """A seed of bytes."""

    def __init__(self, name: str, content: bytes) -> None:
        super().__init__(name, "", "")
        self.__dict__["content"] = content


def test_real_mettler(real_data: Path) -> None:
    content = read(real_data / "thermal" / "mp2028_281122_LNO+C.txt")
    (record,) = content.records
    assert (len(record), content.warnings) == (4051, ())
    assert record.sample_mass == pytest.approx(4.1752e-6)
    assert record.mass[[0, -1]] == pytest.approx([4.17537e-6, 4.18524e-6])
    assert record.temperature[[0, -1]] - 273.15 == pytest.approx([21.0052, 691.76])


def test_real_ta_says_which_of_its_lines_is_broken(real_data: Path) -> None:
    content = read(real_data / "polymer_electrolytes" / "dsc" / "HA_exp203_dsc_s97.txt")
    (record,) = content.records
    assert (len(record), record.exothermic, record.sample_mass) == (19114, "up", pytest.approx(1.26e-6))
    assert record.heat_flow[0] == pytest.approx(0.03404942e-3)
    assert record.temperature[0] - 273.15 == pytest.approx(24.94111)
    # The published file repeats a piece of a longer run behind its last mark, and begins it with half a number.
    assert len(content.warnings) == 1
    assert content.warnings[0].startswith("Line 19115: the time runs back")


@pytest.mark.parametrize(
    ("name", "rows", "column", "ends"),
    [
        ("Aalto_Wood_TGA_N2_10K_R1.csv", 1520, "mass", (7.427e-6, None)),
        ("UMD_DSC_N2_10K.csv", 556, "specific_heat_flow", (40.2, None)),
    ],
)
def test_real_tables(real_data: Path, name: str, rows: int, column: str, ends: tuple[float, None]) -> None:
    content = read(real_data / "thermal" / name)
    (record,) = content.records
    assert isinstance(record, ThermalCurve)
    assert (len(record), content.warnings) == (rows, ())
    assert getattr(record, column)[0] == pytest.approx(ends[0])
    assert record.temperature[0] == pytest.approx(313.2, abs=0.3)
