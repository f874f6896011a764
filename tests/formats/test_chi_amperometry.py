from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats import instruments, mutator
from tests.formats.mutator import Mutant, Seed, Verdict

from lamion.formats import FileContent, RawFile, read_raw
from lamion.quantities import FileFormatError, InputError
from lamion.records.measurements import CurrentTransient

_PEAKS = ["", "tp = 107.60s", "Eh = 106.399V", "ip = 7.068e-9A", "Ap = 1.815e-7C"]


def _e(value: float) -> str:
    mantissa, exponent = f"{value:.3e}".split("e")
    return f"{mantissa}e{int(exponent):+d}"


def _current(time: np.ndarray) -> np.ndarray:
    return 2e-6 * (0.7 + 0.3 * np.exp(-time / 60.0))


def _text(points: int = 400, interval: float = 0.5, *, potential: float = 0.01, sign: float = 1.0) -> str:
    time = interval * np.arange(1, points + 1)
    head = [
        "Mar. 3, 2021   09:15:00",
        "Amperometric i-t Curve",
        "File: it_1",
        "Data Source:  Experiment",
        "Instrument Model:  CHI660E",
        "Header: ",
        "Note: ",
        "",
        f"Init E (V) = {potential:g}",
        f"Sample Interval (s) = {interval:g}",
        f"Run Time (sec) = {time[-1]:g}",
        "Quiet Time (sec) = 0",
        "Sensitivity (A/V) = 0.001",
        *_PEAKS,
        "",
        "Time/sec, Current/A",
        "",
    ]
    rows = [f"{_e(t)}, {_e(i)}" for t, i in zip(time, sign * _current(time), strict=True)]
    return "\n".join([*head, *rows]) + "\n"


_TEXT = _text()


def _seed(name: str, text: str) -> instruments.InstrumentSeed:
    lines = text.split("\n")
    names = lines.index("Time/sec, Current/A")
    return instruments.InstrumentSeed(
        name, text, ",", first=names + 2, stop=len(lines) - 1, named=(names,), split_names=lambda line: line.split(", ")
    )


_SEED = _seed("CHI i-t", _TEXT)
_LONG = _seed("CHI i-t, times that repeat", _text(1900, 0.6))


def _read(text: str) -> FileContent:
    return read_raw(RawFile("cell.txt", text.encode()))


def test_numbers_sign_and_header() -> None:
    content = _read(_TEXT)
    (transient,) = content.records
    assert isinstance(transient, CurrentTransient)
    assert content.format == "CHI amperometric i-t text"
    assert np.array_equal(transient.time, 0.5 * np.arange(1, 401))
    assert np.allclose(transient.current, _current(transient.time), rtol=5e-4, atol=0.0)
    assert np.all(transient.voltage == 0.01)
    assert content.metadata["Instrument Model"] == "CHI660E"
    assert content.metadata["tp"] == "107.60s"
    assert content.warnings == ()


def test_times_that_share_their_digits_are_spread() -> None:
    content = _read(_text(5000, 0.4))
    (transient,) = content.records
    true = 0.4 * np.arange(1, 5001)
    assert np.all(np.diff(transient.time) > 0.0)
    assert np.max(np.abs(transient.time - true)) <= 0.5 + 1e-9
    assert np.array_equal(transient.time[:2499], np.round(true[:2499], 1))
    (warning,) = content.warnings
    assert "points share a printed time" in warning
    assert "at most 0.5 s from the printed time" in warning


def test_a_repeated_line_is_not_a_shared_time() -> None:
    lines = _TEXT.split("\n")
    lines.insert(60, lines[60])
    with pytest.raises(FileFormatError, match="line 62: expected no more points at one printed time than its rounding"):
        _read("\n".join(lines))


def test_time_that_falls() -> None:
    lines = _TEXT.split("\n")
    lines[60], lines[61] = lines[61], lines[60]
    with pytest.raises(FileFormatError) as caught:
        _read("\n".join(lines))
    assert str(caught.value) == (
        "The file cell.txt, line 62: expected a time that is not earlier than the one above, found 20 s. A number "
        "was changed, or lines were repeated or moved: export the file again from the CHI program."
    )


def test_a_lost_line() -> None:
    lines = _TEXT.split("\n")
    del lines[60]
    (warning,) = _read("\n".join(lines)).warnings
    assert warning == (
        "Line 61: the time is 1 s after the last one though the interval is 0.5 s, so lines are missing or a number "
        "was changed."
    )


def test_a_run_that_was_stopped() -> None:
    (warning,) = _read(_TEXT.replace("Run Time (sec) = 200", "Run Time (sec) = 4e+6")).warnings
    assert warning.startswith("The last of 400 points is at 200 s while the header declares a run of 4e+06 s")


def test_current_against_the_potential() -> None:
    (warning,) = _read(_text(sign=-1.0)).warnings
    assert warning.startswith("The current flows against the potential: the CHI program may count cathodic")
    assert _read(_text(sign=-1.0, potential=-0.01)).warnings == ()


def test_a_current_far_from_its_neighbours() -> None:
    lines = _TEXT.split("\n")
    time = lines[100].split(", ")[0]
    lines[100] = f"{time}, 9.000e-6"
    assert _read("\n".join(lines)).warnings == ("Line 101: the current is far from its neighbours.",)


@pytest.mark.parametrize("name", ["Init E (V)", "Sample Interval (s)"])
def test_a_setting_that_is_missing(name: str) -> None:
    with pytest.raises(FileFormatError, match="and a number in the header, found no such line"):
        _read("".join(line for line in _TEXT.splitlines(keepends=True) if not line.startswith(name)))


def test_dropped_column_headers() -> None:
    with pytest.raises(FileFormatError, match="expected the line of column headers, 'Time/sec, Current/A'"):
        _read(_TEXT.replace("Time/sec, Current/A\n", ""))


def test_another_column_beside_them() -> None:
    head, table = _TEXT.split("Time/sec, Current/A\n\n")
    rows = [f"{row}, 1.0e-6" for row in table.splitlines()]
    content = _read(head + "\n".join(["Time/sec, Current/A, Charge/C", "", *rows]) + "\n")
    assert np.array_equal(content.records[0].current, _read(_TEXT).records[0].current)


def _judge(seed: Seed, mutant: Mutant) -> Verdict:
    """Judge a mutant of a transient; nothing in the file repeats a current or a setting of the header."""
    try:
        found = read_raw(RawFile(seed.name, mutant.content))
    except InputError:
        return Verdict.REFUSED
    except Exception:  # noqa: BLE001  any other exception is what is being looked for
        return Verdict.RAW
    (record,), (truth,) = found.records, seed.truth.records
    assert isinstance(record, CurrentTransient)
    assert isinstance(truth, CurrentTransient)
    same = len(record) == len(truth)
    # Where the instrument's name is damaged, the file is a table whose headers give no potential.
    said = ("time", "current") if record.voltage is None else ("time", "current", "voltage")
    if same and all(np.allclose(getattr(record, x), getattr(truth, x)) for x in said):
        return Verdict.RIGHT
    if set(found.warnings) - set(seed.truth.warnings):
        return Verdict.WARNED
    return Verdict.UNDETECTABLE if not mutant.benign and _no_evidence(record, truth) else Verdict.SILENT


def _no_evidence(record: CurrentTransient, truth: CurrentTransient) -> bool:
    """Tell whether what changed is a current, by less than a lone outlier, the potential, or a time by little.

    A time moved by less than half of the interval, or within the rounding of the printed times, is little; a line
    lost where several share a printed time is within the rounding.
    """
    rounding = 1.001 if truth.time[-1] > 1000.0 else 0.0
    kept = np.searchsorted(truth.time, record.time).clip(0, len(truth) - 1)
    moved = np.minimum(np.abs(truth.time[kept] - record.time), np.abs(truth.time[kept - 1] - record.time))
    interval = float(np.median(np.diff(truth.time)))
    return abs(len(record) - len(truth)) <= (rounding > 0.0) and bool(np.all(moved <= 0.55 * interval + rounding))


def _mutants(seed: Seed, count: int, number: int = 2026) -> list[Mutant]:
    return [mutant for mutant in instruments.mutants(seed, count, number) if mutant.kind != "decimal commas"]


@pytest.mark.parametrize(("seed", "count"), [(_SEED, 300), (_LONG, 96)])
def test_mutants(seed: instruments.InstrumentSeed, count: int) -> None:
    instruments.check(seed, _mutants(seed, count), _judge)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [_SEED, _LONG], ids=lambda seed: seed.name)
def test_many_mutants(seed: instruments.InstrumentSeed) -> None:
    instruments.check(seed, _mutants(seed, 3000, 7), _judge)


def test_every_mutation_is_tried() -> None:
    assert len({mutant.kind for mutant in _mutants(_SEED, 300)}) >= len(mutator.MUTATIONS) - 1


@settings(deadline=None, max_examples=80)
@given(st.one_of(instruments.signatures(_SEED, 47), instruments.tables(_SEED), instruments.edits(_SEED)))
def test_any_content_behind_the_signature(content: bytes) -> None:
    instruments.reads_or_refuses(content)
