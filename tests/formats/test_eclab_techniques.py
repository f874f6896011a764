"""EC-Lab's techniques of direct current, in its text and in its binary files."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats import fixtures, instruments
from tests.formats.test_biologic_mpr import eclab_module, eclab_mutants

import lamion
from lamion.formats import RawFile, load, read, read_raw
from lamion.formats.biologic_mpr import table
from lamion.quantities import FileFormatError
from lamion.records.measurements import CurrentTransient, CyclingRecord, VoltageTransient

_TIME = 20.5 + 0.5 * np.arange(40)
_VOLTAGE = 0.01 + 1e-5 * np.sin(np.arange(40))
_CURRENT = 2e-5 * (1.0 + 0.5 * np.exp(-np.arange(40) / 9.0))
_PASSED = np.append(0.0, _CURRENT[1:] * np.diff(_TIME) / 3.6)
"""mA h"""
_AMPEROMETRY = {
    "mode": np.full(40, 2.0),
    "time/s": _TIME,
    "control/V": np.full(40, 0.01),
    "Ewe/V": _VOLTAGE,
    "<I>/mA": 1e3 * _CURRENT,
    "(Q-Qo)/C": 3.6 * np.cumsum(_PASSED),
    "P/W": _VOLTAGE * _CURRENT,
    "cycle number": np.zeros(40),
}
_CYCLING = {
    "mode": np.full(40, 1.0),
    "Ns": np.repeat([0.0, 1.0], 20),
    "time/s": _TIME,
    "dq/mA.h": _PASSED,
    "(Q-Qo)/mA.h": np.cumsum(_PASSED),
    "Ewe/V": _VOLTAGE,
    "P/W": _VOLTAGE * np.append(0.0, _CURRENT[1:]),
    "half cycle": np.zeros(40),
}
_NUMBERS = {
    "mode": 1, "Ns": 131, "time/s": 4, "dq/mA.h": 7, "(Q-Qo)/mA.h": 13, "Ewe/V": 6, "P/W": 70, "half cycle": 468,
    "control/V": 19, "<I>/mA": 11, "(Q-Qo)/C": 434, "cycle number": 24,
}  # fmt: skip
_TECHNIQUES = {
    "Chronoamperometry / Chronocoulometry": (0x18, _AMPEROMETRY),
    "Galvanostatic Cycling with Potential Limitation": (0x04, _CYCLING),
}


def _text(technique: str, columns: dict[str, np.ndarray]) -> str:
    body = ["", technique, "", "Electrode surface area : 2.010 cm\u00b2", "dt (s)              0.5000", ""]
    whole = {"mode", "Ns", "half cycle"}
    rows = [
        "\t".join(f"{x:.0f}" if name in whole else f"{x:.12E}" for name, x in zip(columns, row, strict=True))
        for row in zip(*columns.values(), strict=True)
    ]
    head = ["EC-Lab ASCII FILE", f"Nb header lines : {len(body) + 3}"]
    return "\n".join([*head, *body, "\t".join(columns) + "\t", *rows])


def _binary(number: int, columns: dict[str, np.ndarray]) -> bytes:
    kinds = {"mode": "u1", "Ns": "<u2", "half cycle": "<u4"}
    single = {"Ewe/V", "P/W", "control/V", "(Q-Qo)/C"}
    points = np.zeros(40, [(name, kinds.get(name, "<f4" if name in single else "<f8")) for name in columns])
    for name, values in columns.items():
        points[name] = values
    numbers = [_NUMBERS[name] for name in columns]
    head = struct.pack(f"<IB{len(numbers)}H", 40, len(numbers), *numbers).ljust(406, b"\x00")
    start = b"BIO-LOGIC MODULAR FILE\x1a" + 25 * b" " + 4 * b"\x00"
    return start + eclab_module("VMP Set", bytes([number]) + bytes(700), 3) + eclab_module(
        "VMP data", head + points.tobytes(), 3
    )  # fmt: skip


def _seed(name: str, text: str, witnessed: float | None) -> instruments.InstrumentSeed:
    lines = text.split("\n")
    start = next(k for k, line in enumerate(lines) if "time/s" in line) + 1
    seed = instruments.InstrumentSeed(name, text, "\t", "latin-1", witnessed=witnessed, first=start)
    return replace(seed, stop=len(lines), named=(start - 1,), split_names=lambda line: line.rstrip("\t").split("\t"))


_TEXTS = {name: _text(name, columns) for name, (_, columns) in _TECHNIQUES.items()}
_BINARIES = {name: _binary(*entry) for name, entry in _TECHNIQUES.items()}
_SEEDS = {name: _seed(name, text, 1e-4) for name, text in _TEXTS.items()}
_BINARY_SEEDS = {
    name: replace(_SEEDS[name], text=content.decode("latin-1"), stop=0) for name, content in _BINARIES.items()
}


def _read(content: bytes | str):
    return read_raw(RawFile("cell", content if isinstance(content, bytes) else content.encode("latin-1")))


@pytest.mark.parametrize("made", [_TEXTS, _BINARIES])
def test_a_current_transient_counts_from_its_first_point(made) -> None:
    content = _read(made["Chronoamperometry / Chronocoulometry"])
    (record,) = content.records
    assert isinstance(record, CurrentTransient)
    assert np.allclose(record.time, _TIME - 20.5, atol=1e-9)
    assert np.allclose(record.current, _CURRENT, rtol=1e-6)
    assert np.allclose(record.voltage, _VOLTAGE, rtol=1e-6)
    assert content.warnings == ()


@pytest.mark.parametrize("made", [_TEXTS, _BINARIES])
def test_a_current_that_is_the_charge_that_passed(made) -> None:
    content = _read(made["Galvanostatic Cycling with Potential Limitation"])
    (record,) = content.records
    assert isinstance(record, CyclingRecord)
    assert np.allclose(record.current[1:], _CURRENT[1:], rtol=1e-6)
    assert np.allclose(record.charge, 3.6 * np.cumsum(_PASSED), rtol=1e-6)
    assert record.step.tolist() == [0.0] * 20 + [1.0] * 20
    assert content.warnings == ()


def test_what_the_user_typed_is_told_as_the_header_says_it() -> None:
    assert _read(_TEXTS["Chronoamperometry / Chronocoulometry"]).metadata["Electrode surface area"] == "2.010 cm\u00b2"


def test_without_a_current_it_is_a_voltage_transient() -> None:
    text = _text("Open Circuit Voltage", {"mode": np.full(40, 3.0), "time/s": _TIME, "Ewe/V": _VOLTAGE})
    (record,) = _read(text).records
    assert isinstance(record, VoltageTransient)
    assert len(record) == 40


def test_an_unknown_technique_is_told() -> None:
    (warning,) = _read(_text("Coulometry of the Future", _AMPEROMETRY)).warnings
    assert warning == (
        "The technique 'Coulometry of the Future' is none that lamion was tried on; its columns were read by name."
    )


def test_a_power_that_is_none() -> None:
    wrong = _AMPEROMETRY | {"P/W": np.where(np.arange(40) == 7, 1e-3, _AMPEROMETRY["P/W"])}
    (warning,) = _read(_text("Chronoamperometry / Chronocoulometry", wrong)).warnings
    assert warning == (
        "Line 17: the power is not that of its voltage and current, so a number was changed or columns were exchanged."
    )


def test_a_missing_point() -> None:
    lines = _TEXTS["Galvanostatic Cycling with Potential Limitation"].split("\n")
    del lines[20]
    warnings = _read("\n".join(lines)).warnings
    assert any(warning.startswith("Line 21: the charge does not follow from the point before") for warning in warnings)


def test_an_impedance_technique_that_was_stopped_before_its_sweep() -> None:
    zeros = {name: np.zeros(40) for name in ("freq/Hz", "Re(Z)/Ohm", "-Im(Z)/Ohm")}
    (record,) = _read(_text("Potentio Electrochemical Impedance Spectroscopy", zeros | _AMPEROMETRY)).records
    assert isinstance(record, CyclingRecord)
    with pytest.raises(FileFormatError, match="expected a frequency larger than zero"):
        _read(_text("Potentio Electrochemical Impedance Spectroscopy", {**zeros, **_AMPEROMETRY, "Re(Z)/Ohm": _TIME}))


def test_neither_time_nor_impedance() -> None:
    with pytest.raises(FileFormatError, match="expected the columns 'time/s' and 'Ewe/V', or an impedance"):
        _read(_text("Open Circuit Voltage", {"time/s": _TIME, "control/V": _VOLTAGE}))


def test_columns_of_other_quantities_are_no_impedance() -> None:
    text = fixtures.eclab_text([fixtures.spectrum()])
    lines = text.split("\n")
    start = next(k for k, line in enumerate(lines) if line.startswith("freq/Hz"))
    more = "Re(M)\tIm(M)\t|M|\tRe(C)/nF\t|Y|/Ohm-1\tPhase(Y)/deg\tRe(Permittivity)"
    lines[start:] = [
        line.rstrip("\t") + "\t" + (more if k == 0 else "\t".join(["1.0"] * 7)) for k, line in enumerate(lines[start:])
    ]
    assert np.array_equal(_read("\n".join(lines)).records[0].impedance, _read(text).records[0].impedance)


def test_rows_of_direct_current_part_the_sweeps() -> None:
    text = fixtures.eclab_text([fixtures.spectrum(), fixtures.spectrum(900.0)])
    lines = text.split("\n")
    start = next(k for k, line in enumerate(lines) if line.startswith("freq/Hz")) + 1
    for place in (start + 36, start):
        time, cycle = lines[place].split("\t")[5:8:2]
        time = f"{float(time) - 0.5:.15E}"
        lines.insert(place, "\t".join([*["0.0000000E+000"] * 5, time, "-1.25E-003", cycle, "11"]))
    content = _read("\n".join(lines))
    whole = _read(text)
    assert [(one.cycle, len(one)) for one in content.records] == [(1, 36), (2, 36)]
    for one, other in zip(content.records, whole.records, strict=True):
        assert np.array_equal(one.impedance, other.impedance)
    assert content.warnings == ("2 rows of 0 Hz are direct current before or between the sweeps: left out.",)


@pytest.mark.parametrize("name", _SEEDS)
@pytest.mark.parametrize("count", [300, pytest.param(3000, marks=pytest.mark.slow)])
def test_mutants_of_the_text(name: str, count: int) -> None:
    seed = _SEEDS[name]
    instruments.check(seed, instruments.mutants(seed, count), instruments.judge_time, undetectable=0.3)


@pytest.mark.parametrize("name", _BINARY_SEEDS)
@pytest.mark.parametrize("count", [300, pytest.param(3000, marks=pytest.mark.slow)])
def test_mutants_of_the_binary_file(name: str, count: int) -> None:
    seed = _BINARY_SEEDS[name]
    instruments.check(seed, eclab_mutants(seed, count), instruments.judge_time, undetectable=0.3)


@settings(deadline=None, max_examples=80)
@given(
    st.sampled_from([*_SEEDS.values()]).flatmap(
        lambda seed: st.one_of(instruments.tables(seed), instruments.edits(seed))
    )
)
def test_any_content(content: bytes) -> None:
    instruments.reads_or_refuses(content)


_PAIRS = (
    "ca.issue_149", "cp.issue_61", "gcpl.issue_149", "geis", "geis.issue_149", "lsv", "mb.issue_95", "ocv",
    "peis.issue_149", "zir",
)  # fmt: skip


def _printed(path: Path) -> dict[str, list[str]]:
    lines = path.read_text("latin-1").split("\n")
    start = int(lines[1].split(":")[1])
    rows = [line.rstrip("\t\r").split("\t") for line in lines[start:] if line.strip()]
    return dict(zip(lines[start - 1].strip().split("\t"), map(list, zip(*rows, strict=True)), strict=True))


@pytest.mark.parametrize("name", _PAIRS)
@pytest.mark.parametrize("coat", ["mpt", "de.mpt"])
def test_real_binary_files_hold_every_column_of_their_text(name: str, coat: str, real_data: Path) -> None:
    text = real_data / "eclab" / f"{name}.{coat}"
    if not text.exists():
        pytest.skip("a text of this locale was exported of one file alone")
    binary, printed = table(load(real_data / "eclab" / f"{name}.mpr")), _printed(text)
    assert len(binary.keys() & printed.keys()) == len(binary)  # of every column there is a text
    for label in binary:
        cells = [cell.replace(",", ".") for cell in printed[label]]
        values = np.array([float(cell) for cell in cells])
        decimals = np.array([len(cell.partition("E")[0].partition(".")[2]) for cell in cells])
        power = np.floor(np.log10(np.maximum(np.abs(values), 1e-300)))
        unmeasured = np.isnan(binary[label])
        masked = (values == -1.0) | (values == 0.0)
        assert masked[unmeasured].all(), label
        apart = np.abs(binary[label] - values)
        assert np.all(unmeasured | (apart <= 0.51 * 10.0 ** (power - decimals) + 2.0 * np.spacing(np.abs(values)))), (
            label
        )
    one, other = (read(path).records for path in (real_data / "eclab" / f"{name}.mpr", text))
    assert [type(record) for record in one] == [type(record) for record in other]
    for record, same in zip(one, other, strict=True):
        for title, values in record.columns().items():
            assert np.allclose(values, same.columns()[title], rtol=2e-7, atol=1e-15), title


@pytest.mark.parametrize("name", ["peis.issue_149", "geis.issue_149"])
def test_real_harmonics_above_the_limit_are_not_measured(name: str, real_data: Path) -> None:
    columns = table(load(real_data / "eclab" / f"{name}.mpr"))
    assert np.array_equal(np.isnan(columns["THD Ewe/%"]), columns["freq/Hz"] > 1e5)
    assert not np.isnan(columns["Re(Z)/Ohm"]).any()


def test_real_header_facts_are_those_of_the_text(real_data: Path) -> None:
    for name in ("geis", "ocv"):
        binary, text = (read(real_data / "eclab" / f"{name}.{end}").metadata for end in ("mpr", "mpt"))
        for fact in ("Electrode surface area", "Characteristic mass", "Electrolyte", "Electrode material", "Comments"):
            assert binary[fact] == text[fact]


def test_real_sweeps_between_rows_of_direct_current(real_data: Path) -> None:
    content = read(real_data / "eclab" / "geis.mpr")
    assert [record.cycle for record in content.records] == [*range(1, 62)]
    assert content.warnings[0].startswith("29 rows of 0 Hz are direct current")


@pytest.mark.parametrize(
    "name", ["eclab/ca.issue_149.mpt", "eclab/ca.issue_149.mpr", "trials/eclab_chronoamperometry.mpt"]
)
def test_transference_takes_real_chronoamperometry(name: str, real_data: Path) -> None:
    trials = real_data / "trials"
    answer = lamion.analyze.transference(
        dc=str(real_data / name), before=str(trials / "dc_before.csv"), after=str(trials / "dc_after.csv"), bias="10 mV"
    )
    assert "current_fraction" in answer
