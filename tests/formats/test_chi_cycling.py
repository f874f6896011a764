"""CH Instruments' chronopotentiometry and cyclic voltammetry, made from a formula, and the real ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats import instruments
from tests.formats.instruments import InstrumentSeed
from tests.formats.mutator import Mutant, Seed, Verdict

from lamion.formats import RawFile, read, read_raw
from lamion.quantities import FileFormatError, InputError
from lamion.records import CyclingRecord, Voltammogram

_HEAD = ["Sept. 23, 2021   18:50:06", "", "File: c:\\cell.txt", "Instrument Model:  CHI760E", "Header: ", "Note: ", ""]
_LOW, _HIGH = 1.0, 2.5
_RUNS = (np.linspace(1.4, 1.01, 20), np.linspace(2.0, 2.5, 60), np.linspace(1.9, 1.0, 50))
"""V, of a discharge, a charge and a discharge, each begun by the drop over a resistance."""
_POTENTIAL = np.concatenate(_RUNS)
_SEGMENT = np.repeat([1.0, 2.0, 3.0], [len(run) for run in _RUNS])
_SWEEP = np.concatenate([np.arange(1000, 1050), np.arange(1050, 1000, -1), np.arange(1000, 1030)]) / 1000


def _printed(value: float) -> str:
    mantissa, exponent = f"{value:.3e}".split("e")
    return f"{mantissa}e{int(exponent):+d}"


def _chronopotentiometry(**changed: str) -> str:
    settings_ = {
        "Cathodic Current (A)": "0.001", "Anodic Current (A)": "0.002", "Init P/N": "N",
        "Data Storage Interval (s)": "0.1", "High E Limit (V)": "2.5", "Low E Limit (V)": "1",
        "Cathodic Time (s)": "10", "Anodic Time (s)": "10", "Current Switching Polarity": "Potential", "Segment": "3",
    } | {name.replace("_", " "): value for name, value in changed.items()}  # fmt: skip
    head = [*_HEAD, *(f"{name} = {value}" for name, value in settings_.items()), "", "Time/sec, Potential/V", ""]
    head[1] = "Chronopotentiometry"
    rows = [f"{_printed(0.1 * (k + 1))}, {_printed(E)}" for k, E in enumerate(_POTENTIAL)]
    return "\n".join([*head, *rows]) + "\n"


def _voltammetry(sign: float = 1.0) -> str:
    head = [
        *_HEAD, "Init E (V) = 1", "High E (V) = 1.05", "Low E (V) = 1", "Init P/N = P", "Scan Rate (V/s) = 5e-4",
        "Segment = 3", "Sample Interval (V) = 0.001", "", "Segment 1:", "", "Potential/V, Current/A", "",
    ]  # fmt: skip
    head[1] = "Cyclic Voltammetry"
    lines = list(head)
    for k, E in enumerate(_SWEEP):
        if k in (0, 50, 100):
            lines.append(f"Segment {1 + k // 50}:")
        rising = 1.0 if k < 50 or k >= 100 else -1.0
        lines.append(f"{E:.3f}, {_printed(sign * 1e-4 * (rising + np.sin(k / 9)))}")
    return "\n".join(lines) + "\n"


def _read(text: str):
    return read_raw(RawFile("cell", text.encode()))


def test_chronopotentiometry_turns_at_its_limits() -> None:
    content = _read(_chronopotentiometry())
    record = content.the(CyclingRecord)
    assert content.warnings == ()
    assert np.allclose(record.time, 0.1 * np.arange(1, len(_POTENTIAL) + 1), rtol=0, atol=1e-3)
    assert np.array_equal(record.step, _SEGMENT)
    assert np.array_equal(record.current, np.array([-1e-3, 2e-3, -1e-3])[_SEGMENT.astype(int) - 1])


@pytest.mark.parametrize("noise", [2e-4, 2e-3])
def test_noise_is_no_turn(noise: float) -> None:
    rng = np.random.default_rng(7)
    text = _chronopotentiometry()
    head = text.partition("Time/sec, Potential/V\n\n")[0]
    slow = np.concatenate([np.linspace(1.4, 1.0, 500), np.linspace(1.05, 2.5, 900), np.linspace(2.45, 1.0, 900)])
    rows = [f"{_printed(0.1 * (k + 1))}, {_printed(E)}" for k, E in enumerate(slow + rng.normal(0.0, noise, len(slow)))]
    record = _read(head + "Time/sec, Potential/V\n\n" + "\n".join(rows) + "\n").the(CyclingRecord)
    turns = np.flatnonzero(np.diff(record.step))
    assert np.all(np.abs(turns - [499, 1399]) <= 10)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"Segment": "5"}, "declares 5 segments, 3 were found"),
        ({"Init_P/N": "P"}, "declares 3 segments, 2 were found"),
        ({"High_E_Limit_(V)": "2.3"}, "beyond the header's limits"),
    ],
)
def test_a_header_of_another_run_is_doubted(changed: dict[str, str], expected: str) -> None:
    assert any(expected in text for text in _read(_chronopotentiometry(**changed)).warnings)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"Init_P/N": "X"}, "'Init P/N = N' or P"),
        ({"Segment": "1e9"}, "a whole number"),
        ({"Low_E_Limit_(V)": "3"}, "a lower limit below the higher"),
        ({"Current_Switching_Polarity": "Time"}, "expected 'Current Switching Polarity = Potential', found 'Time'"),
        ({"Cathodic_Current_(A)": "x"}, "the line 'Cathodic Current"),
    ],
)
def test_a_header_that_cannot_be_is_refused(changed: dict[str, str], expected: str) -> None:
    with pytest.raises(FileFormatError, match=expected):
        _read(_chronopotentiometry(**changed))


def test_a_run_that_was_cut_is_said() -> None:
    warnings = _read("\n".join(_chronopotentiometry().split("\n")[:-20]) + "\n").warnings
    assert any("is not the limit of 1 V" in text for text in warnings)


def test_voltammetry_has_its_time_from_the_scan_rate() -> None:
    content = _read(_voltammetry())
    record = content.the(Voltammogram)
    assert content.warnings == ()
    assert np.array_equal(record.voltage, _SWEEP)
    assert np.allclose(record.time, 2.0 * np.arange(len(_SWEEP)))
    assert record.segment.tolist() == [1.0] * 50 + [2.0] * 50 + [3.0] * 30


def test_voltammetry_that_counts_cathodic_currents_as_positive_is_said() -> None:
    (warning,) = _read(_voltammetry(-1.0)).warnings
    assert "may count cathodic currents as positive" in warning


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Segment = 3", "Segment = 6", "declares 6 segments, 3 were run"),
        ("1.020, ", "1.200, ", "the potential is not 0.001 V from the one before"),
        ("High E (V) = 1.05", "High E (V) = 1.01", "beyond the header's limits"),
    ],
)
def test_what_a_sweep_cannot_be_is_said(old: str, new: str, expected: str) -> None:
    assert any(expected in text for text in _read(_voltammetry().replace(old, new, 1)).warnings)


def test_segments_out_of_order_are_refused() -> None:
    with pytest.raises(FileFormatError, match="expected 'Segment 2:', found 'Segment 3:'"):
        _read("Segment 3:".join(_voltammetry().rsplit("Segment 2:", 1)))


def _seed(kind: type[InstrumentSeed], text: str, titles: str) -> InstrumentSeed:
    lines = text.split("\n")
    place = lines.index(titles)
    first = next(k for k in range(place + 1, len(lines)) if lines[k][:1].isdigit())
    return kind(titles, text, ",", first=first, stop=len(lines) - 1, named=(place,))


class _Segmented(InstrumentSeed):
    """Rows, and between them lines that name a segment, which stay as they are."""

    def cells(self, line: str) -> list[str]:
        return line.split() if line.startswith("Segment") else super().cells(line)

    def join(self, cells: list[str]) -> str:
        return " ".join(sorted(cells, reverse=True)) if "Segment" in cells else super().join(cells)


SEEDS = {
    "chronopotentiometry": _seed(InstrumentSeed, _chronopotentiometry(), "Time/sec, Potential/V"),
    "voltammetry": _seed(_Segmented, _voltammetry(), "Potential/V, Current/A"),
}


def _judge(seed: Seed, mutant: Mutant) -> Verdict:
    """The header says a current, a limit and a scan rate once: another one there leaves no trace."""
    verdict = instruments.judge_channel(seed, mutant)
    if verdict is not Verdict.SILENT or mutant.benign:
        return verdict
    try:
        found, truth = read_raw(RawFile(seed.name, mutant.content)).records[0], seed.truth.records[0]
    except InputError:
        return verdict
    if type(found) is not type(truth) or len(found) != len(truth) or not np.array_equal(found.voltage, truth.voltage):
        return verdict
    table = mutant.content.decode("latin-1").split("Potential/V")[-1] == seed.text.split("Potential/V")[-1]
    return Verdict.UNDETECTABLE if table else verdict


@pytest.mark.parametrize("count", [300, pytest.param(3000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", SEEDS)
def test_mutants(name: str, count: int) -> None:
    instruments.check(SEEDS[name], instruments.mutants(SEEDS[name], count), _judge)


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(sorted(SEEDS)).flatmap(
        lambda name: st.one_of(instruments.tables(SEEDS[name]), instruments.edits(SEEDS[name]))
    )
)
def test_any_content(content: bytes) -> None:
    instruments.reads_or_refuses(content)


@pytest.mark.parametrize(
    ("name", "turns", "charged", "discharged"),
    [("1C", (6.5, 705.2, 1353.0), 0.2290, 0.2123), ("05C", (61.5, 1877.9, 3566.0), 0.2977, 0.2766)],
)
def test_real_charges(real_data: Path, name: str, turns: tuple[float, ...], charged: float, discharged: float) -> None:
    content = read(real_data / "cycler" / f"chi760e_chronopotentiometry_{name}.txt")
    record = content.the(CyclingRecord)
    ends = [record.time[record.step == number][-1] for number in (1, 2, 3)]
    assert np.allclose(ends, turns, rtol=0, atol=1.0)
    passed = [abs(record.current[record.step == number][0]) * np.diff(ends)[number - 2] / 3.6 for number in (2, 3)]
    assert np.allclose(passed, (charged, discharged), rtol=0, atol=2e-4)
    assert len(content.warnings) == 1
    assert "share a printed time" in content.warnings[0]


def test_a_real_voltammogram(real_data: Path) -> None:
    content = read(real_data / "cycler" / "chi760e_cyclic_voltammetry.txt")
    record = content.the(Voltammogram)
    assert [int(np.sum(record.segment == number)) for number in (1, 2, 3)] == [1500, 1500, 857]
    assert record.time[-1] == pytest.approx((1.5 + 1.5 + 0.856) / 5e-4)
    assert content.warnings == ("The header declares 6 segments, 3 were run, or the file was cut.",)
