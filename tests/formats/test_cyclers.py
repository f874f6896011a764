"""Cyclers' tables, made from a formula in each program's layout; real ones against the integral of their current."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats import instruments
from tests.formats.instruments import InstrumentSeed

from lamion.formats import RawFile, read, read_raw
from lamion.quantities import FileFormatError
from lamion.records import CyclingRecord

_OWN = np.tile(10.0 * np.arange(12), 3)
_TIME = _OWN + np.repeat([0.0, 115.0, 230.0], 12)
_CURRENT = np.repeat([0.0, 2e-3, -1e-3], 12)
_STEP = np.repeat([1, 2, 3], 12)
_VOLTAGE = 3.2 + np.cumsum(_CURRENT)
_PASSED = np.abs(_CURRENT) * _OWN
"""A s, in each step."""
_CHARGE = np.concatenate([_PASSED[:24], _PASSED[23] - _PASSED[24:]])


def _clock(seconds: float) -> str:
    whole = round(1000 * seconds)
    return f"{whole // 3_600_000:02d}:{whole // 60_000 % 60:02d}:{whole // 1000 % 60:02d}.{whole % 1000:03d}"


def _neware(k: int) -> list[str]:
    up, down = (_PASSED[k] if _CURRENT[k] * sign > 0 else 0.0 for sign in (1, -1))
    kind = ("Rest", "CC Chg", "CC DChg")[_STEP[k] - 1]
    return [
        f"{k + 1}", "1", f"{_STEP[k]}", kind, _clock(_OWN[k]), _clock(_TIME[k]), f"{1e6 * _CURRENT[k]:.0f}",
        f"{1e3 * _VOLTAGE[k]:.1f}", f"{1e3 * up:.2f}", f"{1e3 * down:.2f}", "2022-05-18 16:27:52",
    ]  # fmt: skip


def _arbin(k: int) -> list[str]:
    up, down = _counters(k)
    return [
        f"{k + 1}", f" 09/20/2024 08:32:{k:02d}.558", f"{_TIME[k] + 0.5:.4f}", f"{_OWN[k]:.4f}", "1", f"{_STEP[k]}",
        f"{_CURRENT[k]:.6f}", f"{_VOLTAGE[k]:.6f}", f"{up / 3600:.9f}", f"{down / 3600:.9f}",
    ]  # fmt: skip


def _counters(k: int) -> tuple[float, float]:
    """Return what was charged and discharged since the beginning."""
    up, down = (np.sum(np.diff(_CHARGE[: k + 1]).clip(*limits)) for limits in ((0.0, None), (None, 0.0)))
    return float(up), -float(down)


def _maccor(k: int) -> list[str]:
    return [
        f"{k + 1}", "0", "1", f"{_STEP[k]}", f"{_TIME[k] / 60:.6f}", f"{_OWN[k] / 60:.6f}", f"{_PASSED[k] / 3600:.9f}",
        f"{abs(_CURRENT[k]):.8f}", f"{_VOLTAGE[k]:.4f}", "RCD"[_STEP[k] - 1],
        f"06/05/2021 11:{23 + int(_TIME[k] // 60)}:{int(_TIME[k] % 60):02d}",
    ]  # fmt: skip


def _basytec(k: int) -> list[str]:
    line = ("Pause", "Charge", "Discharge")[_STEP[k] - 1]
    return [
        f"{_TIME[k]:.4f}", f"{k + 1}", f"{_OWN[k]:.4f}", f"{_STEP[k]}", line, f"{_VOLTAGE[k]:.7f}",
        f"{_CURRENT[k]:.7f}", f"{_CHARGE[k] / 3600:.10f}", "25.4", "1",
    ]  # fmt: skip


def _novonix(k: int) -> list[str]:
    return [
        f"2025-07-19 15:2{k % 10}:20", "1", "7", f"{_TIME[k] / 3600:.7f}", f"{_OWN[k] / 3600:.7f}",
        f"{_CURRENT[k]:.8f}", f"{_VOLTAGE[k]:.8f}", f"{_CHARGE[k] / 3600:.10f}", "24.644", f"{_STEP[k]}", "0",
    ]  # fmt: skip


def _pec(k: int) -> list[str]:
    up, down = _counters(k)
    return [
        "25205", "1", "ACT4", "014", "1", "345", f"{_STEP[k]}", "Idle", "1", _clock(_TIME[k]), "00:00:00.000",
        "01/08/2026 17:45:08", f"{_VOLTAGE[k]:.7f}", f"{_CURRENT[k]:.6f}", f"{up / 3.6:.8f}", f"{down / 3.6:.8f}", "",
    ]  # fmt: skip


@dataclass(frozen=True)
class _Layout:
    name: str
    separator: str
    head: str
    titles: str
    row: Callable[[int], list[str]]

    @property
    def text(self) -> str:
        titles = self.titles if self.separator == "," else self.titles.replace(",", "\t")
        rows = [self.separator.join(self.row(k)) for k in range(len(_TIME))]
        return self.head + "\n".join([titles, *rows]) + "\n"

    @property
    def seed(self) -> InstrumentSeed:
        lines = self.text.split("\n")
        start = self.head.count("\n") + 1
        return InstrumentSeed(
            self.name, self.text, self.separator, first=start, stop=len(lines) - 1, named=(start - 1,)
        )


LAYOUTS = {
    one.name: one
    for one in (
        _Layout(
            "Neware table", ",", "",
            "DataPoint,Cycle Index,Step Index,Step Type,Time,Total Time,Current(µA),Voltage(mV),Chg. Cap.(mAs),"
            "DChg. Cap.(mAs),Date", _neware,
        ),
        _Layout(
            "Arbin table", ",", "",
            "Data Point,Date Time,Test Time (s),Step Time (s),Cycle Index,Step Index,Current (A),Voltage (V),"
            "Charge Capacity (Ah),Discharge Capacity (Ah)", _arbin,
        ),
        _Layout(
            "Maccor table", "\t", "Name:\tcell\nStarted\t06/05/2021 11:23:46\n\n",
            "Rec,Cycle P,Cycle C,Step,TestTime,StepTime,Cap. [Ah],Current [A],Voltage [V],Md,DPT Time", _maccor,
        ),
        _Layout(
            "Basytec text", "\t", "~Resultfile from Basytec Battery Test System\n~\n",
            "~Time[s],DataSet,t-Step[s],Line,Command,U[V],I[A],Ah[Ah],T1[°C],Cyc-Count", _basytec,
        ),
        _Layout(
            "Novonix table", ",", "[Summary]\nNovonix\nChannel: 01\n[End Summary]\n[Data]\n",
            "Date and Time,Cycle Number,Step Type,Run Time (h),Step Time (h),Current (A),Potential (V),Capacity (Ah),"
            "Temperature (°C),Step Number,Step position", _novonix,
        ),
        _Layout(
            "PEC table", ",", "Test:,25205\nChemistry:,Li-ion\n",
            "Test,Cell,Rack,Shelf,Position,Cell ID,Step,Instruction Name,Cycle,Total Time (Hours in hh:mm:ss.xxx),"
            "Load On Time (Hours in hh:mm:ss.xxx),Real Time,Voltage (V),Current (A),Charge Capacity (mAh),"
            "Discharge Capacity (mAh),", _pec,
        ),
    )
}  # fmt: skip


def _read(text: str):
    return read_raw(RawFile("cell", text.encode()))


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_channel(name: str) -> None:
    content = _read(LAYOUTS[name].text)
    record = content.the(CyclingRecord)
    assert content.format == name
    assert content.warnings == ()
    assert np.allclose(np.diff(record.time), np.diff(_TIME), rtol=0, atol=1e-3)
    assert np.allclose(record.voltage, _VOLTAGE, rtol=0, atol=5e-5)
    assert np.allclose(record.current, _CURRENT, rtol=1e-6)
    assert record.step is not None
    assert record.charge is not None
    assert np.array_equal(record.step, _STEP)
    assert np.allclose(record.charge, _CHARGE, rtol=0, atol=1e-5)


@pytest.mark.parametrize(
    ("unit", "dates", "seconds"),
    [("min", True, 60.0), ("s", True, 1.0), ("h", True, 3600.0), ("min", False, 0.0)],
)
def test_the_unit_of_a_time_without_one_is_that_of_its_dates(unit: str, dates: bool, seconds: float) -> None:
    rows = [
        f"{k + 1}\t1\t1\t{k * 20 * 60 / {'min': 60, 's': 1, 'h': 3600}[unit]:.6f}\t0\t0\t3.7\tR\t06/05/2021 "
        f"1{1 + k // 3}:{k % 3 * 20:02d}:00"
        for k in range(6)
    ]
    titles = "Rec\tCycle C\tStep\tTestTime\tStepTime\tCurrent [A]\tVoltage [V]\tMd\tDPT Time"
    text = "\n".join([titles, *rows]) + "\n"
    if not dates:
        text = text.replace("DPT Time", "DPT Zeit")
        with pytest.raises(FileFormatError, match="expected a unit in the header 'TestTime'"):
            _read(text)
        return
    assert seconds
    assert np.allclose(_read(text).records[0].time, [1200.0 * k for k in range(6)], rtol=1e-5)


def test_headers_without_units_are_those_of_the_program() -> None:
    text = LAYOUTS["Maccor table"].text.replace(" [Ah]", "").replace(" [A]", "").replace(" [V]", "")
    content = _read(text)
    assert content.warnings == ("The headers give no units: Ah, A, V were taken, as the cycler's program writes them.",)
    assert np.allclose(content.records[0].current, _CURRENT)


def test_a_current_without_sign_or_word_for_it_is_said() -> None:
    text = LAYOUTS["Maccor table"].text.replace("\tMd\t", "\tother\t")
    assert _read(text).warnings[-1] == "No column says which way the current flows: it is taken to charge."


@pytest.mark.parametrize(
    ("name", "change", "expected"),
    [
        ("Neware table", lambda lines: [*lines[:9], *lines[10:]], "line 10: the points do not count up by one"),
        ("Neware table", lambda lines: [*lines[:9], lines[8], *lines[9:]], "line 10: the row above once more"),
        ("Novonix table", lambda lines: [*lines[:9], lines[8], *lines[9:]], "line 10: the row above once more"),
        ("PEC table", lambda lines: [*lines[:9], lines[12], *lines[9:]], "line 11: the time runs back"),
        (
            "Basytec text",
            lambda lines: [line.replace("-0.001", "0.001") for line in lines],
            "has another unit or the other sign",
        ),
    ],
)
def test_what_no_cycler_measures_is_said(name: str, change, expected: str) -> None:
    warnings = _read("\n".join(change(LAYOUTS[name].text.split("\n")))).warnings
    assert any(expected in text[:1].lower() + text[1:] for text in warnings)


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("Neware table", "Total Time", "Other", "a column 'totaltime'"),
        ("Arbin table", "Voltage (V)", "Current (A)", "one column for the current"),
        ("Arbin table", "Voltage (V)", "Voltage (A)", "a unit like 'V'"),
        ("Maccor table", "\tC\t", "\tX\t", "a number under 'Md'"),
        ("PEC table", "00:01:00.000,00", "00:01:60.000,00", "a number under 'Total Time"),
    ],
)
def test_what_contradicts_the_program_is_refused(name: str, old: str, new: str, expected: str) -> None:
    with pytest.raises(FileFormatError, match=expected):
        _read(LAYOUTS[name].text.replace(old, new))


@pytest.mark.parametrize("count", [300, pytest.param(3000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", LAYOUTS)
def test_mutants(name: str, count: int) -> None:
    seed = LAYOUTS[name].seed
    instruments.check(seed, instruments.mutants(seed, count), instruments.judge_channel)


@settings(deadline=None, max_examples=80)
@given(
    st.sampled_from(sorted(LAYOUTS)).flatmap(
        lambda name: st.one_of(instruments.tables(LAYOUTS[name].seed), instruments.edits(LAYOUTS[name].seed))
    )
)
def test_any_content(content: bytes) -> None:
    instruments.reads_or_refuses(content)


@pytest.mark.parametrize(
    ("name", "points", "steps", "cycles"),
    [
        ("neware_uio.csv", 9065, 14, 4),
        ("bs542_004_gr_li_50ua_50mv_1v_191020_Channel_11.xlsx", 4526, 3, 1),
        ("sample_data_novonix.csv", 207, 1, 1),
        ("sample_data_basytec.txt", 74, 4, 1),
        ("sample_data_maccor.csv", 15, 2, 1),
    ],
)
def test_real_charges_are_the_integral_of_the_current(
    real_data: Path, name: str, points: int, steps: int, cycles: int
) -> None:
    record = read(real_data / "cycler" / name).the(CyclingRecord)
    assert (len(record), record.step.max(), record.cycle.max()) == (points, steps, cycles)
    integral = np.cumsum(np.diff(record.time) * (record.current[1:] + record.current[:-1]) / 2)
    printed = 0.02 if name == "sample_data_maccor.csv" else 1e-3
    assert np.allclose(record.charge[1:], integral, rtol=0, atol=printed * np.ptp(integral))


def test_other_real_tables(real_data: Path) -> None:
    folder = real_data / "cycler"
    pec = read(folder / "Test25205.csv")
    assert (len(pec.records[0]), pec.records[0].time[-1], pec.warnings) == (489, 19 * 3600 + 41 * 60 + 58.98, ())
    arbin = read(folder / "sample_data_arbin.csv").the(CyclingRecord)
    assert arbin.charge[-1] == pytest.approx(3600 * (0.000400839 - 2.04379e-05))
    cut = (folder / "maccor_two.txt").read_bytes()
    with pytest.raises(FileFormatError, match="line 229: expected 28 cells, found 9"):
        read_raw(RawFile("maccor_two.txt", cut))
    maccor = read_raw(RawFile("maccor_two.txt", b"\n".join(cut.rstrip().split(b"\n")[:-1]) + b"\n"))
    assert (maccor.records[0].time[-1], maccor.warnings) == (212 * 60.0, ())


def test_a_real_time_bug_is_said(real_data: Path) -> None:
    (file,) = (real_data / "cycler").glob("*Time_Bug.bdf.csv")
    assert read(file).warnings[0].startswith("Line 724 and 18 more: the time runs back, there from 7200 to 0 s")


def test_a_real_transient_is_a_channel_where_asked(real_data: Path) -> None:
    (file,) = (real_data / "cycler").glob("DLR*.bdf.csv")
    content = read(file, record="cycling")
    assert len(content.the(CyclingRecord)) == 17_860
    assert content.warnings == ("The record takes 16.8 years: the unit of its time may be another one.",)
