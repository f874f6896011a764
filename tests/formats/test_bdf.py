"""Battery Data Format: whatever is written reads back as it was, and what contradicts its sidecar is told."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import lamion
from lamion.cli.main import main
from lamion.formats import FileContent, RawFile, load, read, read_raw
from lamion.formats.bdf import kinds
from lamion.formats.conditions import conditions
from lamion.formats.declared_tables import kinds as declared_kinds
from lamion.quantities import FileFormatError, InputError
from lamion.records import CurrentTransient, CyclingRecord, ImpedanceSpectrum, SourceFile, VoltageTransient
from lamion.records.column import Column
from lamion.records.spectrum import InfraredSpectrum
from lamion.records.voxel_image import VoxelImage
from lamion.study.inputs import Inputs

_HEADERS = st.dictionaries(st.text(max_size=8), st.text(max_size=12), max_size=3)
_SOURCES = st.none() | st.builds(SourceFile, st.text(max_size=8), st.just("ab" * 32), st.sampled_from(["Gamry", "x"]))
_FACTS = st.none() | st.floats(1e-6, 1e6)
_FINITE = st.floats(allow_nan=False, allow_infinity=False)


def _csv_or_parquet(test: Any) -> Any:
    return pytest.mark.parametrize("ending", ["csv", "parquet"])(test)


@pytest.fixture(autouse=True)
def _parquet_is_there(request: pytest.FixtureRequest) -> None:
    if "parquet" in request.node.name:
        pytest.importorskip("pyarrow")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LAMION_STATE", str(tmp_path / "state"))
    return tmp_path


def _values(column: Column, count: int) -> st.SearchStrategy[list[float]]:
    one = _FINITE
    if column.above is not None or column.below is not None:
        one = st.floats(
            column.above, column.below, exclude_min=column.above is not None, exclude_max=column.below is not None
        )
        one = one.filter(np.isfinite)
    elif column.least is not None:
        one = st.floats(column.least, allow_infinity=False)
    found = st.lists(one, min_size=count, max_size=count, unique=column.rising)
    return found.map(sorted) if column.rising else found


@st.composite
def _tables(draw: st.DrawFn) -> Any:
    kind = draw(st.sampled_from([one for one in declared_kinds() if one.__module__ == "lamion.records.measurements"]))
    count = draw(st.integers(kind.kind.fewest, kind.kind.fewest + 4))
    columns = {
        name: draw(_values(column, count))
        for name, column in kind.kind.columns.items()
        if column.needed or draw(st.booleans())
    }
    names = {f.name for f in dataclasses.fields(kind)}  # type: ignore[arg-type]
    facts = {"temperature": draw(_FACTS)} if "temperature" in names - columns.keys() else {}
    return kind(**columns, **facts, metadata=draw(_HEADERS), source=draw(_SOURCES))


@st.composite
def _spectra(draw: st.DrawFn) -> ImpedanceSpectrum:
    count = draw(st.integers(1, 5))
    parts = [draw(st.lists(_FINITE, min_size=count, max_size=count)) for _ in range(2)]
    impedance = np.empty(count, dtype=complex)
    impedance.real, impedance.imag = parts
    frequency = draw(st.lists(st.floats(5e-324, 1e308), min_size=count, max_size=count))
    cycle = draw(st.none() | st.integers(0, 999))
    return ImpedanceSpectrum(frequency, impedance, cycle, draw(_FACTS), draw(_HEADERS), draw(_SOURCES), draw(_FACTS))


def _bits(record: Any) -> dict[str, bytes]:
    return {title: array.tobytes() for title, array in record.arrays().items()}


def _same(found: Any, record: Any) -> None:
    assert type(found) is type(record)
    assert _bits(found) == _bits(record)
    assert kinds.facts(found) == kinds.facts(record)
    assert found.metadata == record.metadata
    assert found.source.origin == record.source


@_csv_or_parquet
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(records=st.lists(st.one_of(_spectra(), _tables()), min_size=1, max_size=3))
def test_any_records_read_back_as_they_were(ending: str, folder: Path, records: list[Any]) -> None:
    place = folder / f"any.bdf.{ending}"
    lamion.write(records, place)
    content = read(place)
    assert content.warnings == ()
    assert len(content.records) == len(records)
    for found, record in zip(content.records, records, strict=True):
        _same(found, record)


def _spectrum(**facts: Any) -> ImpedanceSpectrum:
    frequency = np.logspace(5, 0, 11)
    return ImpedanceSpectrum(frequency, 50 + 1000 / (1 + 2j * np.pi * frequency * 1e-4), **facts)


@_csv_or_parquet
def test_a_file_keeps_its_warnings_and_its_origin(ending: str, folder: Path) -> None:
    table = folder / "cell.csv"
    table.write_text("# Electrolyte: PEO\n" + "Frequency / Hz,Z',Z''\n1000,50,-1\n100,51,-5\n10,55,-50\n")
    first = read(table)
    assert first.warnings
    lamion.write(first, folder / f"cell.bdf.{ending}")
    again = read(folder / f"cell.bdf.{ending}")
    assert again.warnings == first.warnings
    assert again.metadata == first.metadata
    told = conditions(again)
    assert told.pop("first read from") == "cell.csv, a table with column headers"
    assert told == conditions(first)
    lamion.write(again, folder / f"once more.bdf.{ending}")
    assert read(folder / f"once more.bdf.{ending}").records[0].source.origin == first.records[0].source


def test_csv_and_parquet_share_a_sidecar(folder: Path) -> None:
    pytest.importorskip("pyarrow")
    lamion.write(_spectrum(), folder / "cell.bdf.csv")
    sidecar = (folder / "cell.bdf.metadata.json").read_bytes()
    lamion.write(_spectrum(), folder / "cell.bdf.parquet")
    assert (folder / "cell.bdf.metadata.json").read_bytes() == sidecar
    assert read(folder / "cell.bdf.csv").warnings == read(folder / "cell.bdf.parquet").warnings == ()


@_csv_or_parquet
def test_without_its_sidecar_the_table_stands_alone(ending: str, folder: Path) -> None:
    for number, record in enumerate((_spectrum(), CyclingRecord([0, 1], [3, 3.1], [1e-3, 1e-3], charge=[0, 1e-3]))):
        place = folder / f"{number}.bdf.{ending}"
        lamion.write(record, place)
        (folder / f"{number}.bdf.metadata.json").unlink()
        assert _bits(read(place, record=kinds.word(record)).records[0]) == _bits(record)


def test_sweeps_without_a_sidecar_are_told_apart_by_their_cycle(folder: Path) -> None:
    lamion.write([_spectrum(cycle=3), _spectrum(cycle=5)], folder / "two.bdf.csv")
    (folder / "two.bdf.metadata.json").unlink()
    assert [record.cycle for record in read(folder / "two.bdf.csv").records] == [3, 5]


def test_what_the_format_has_no_term_for_is_said_in_columns(folder: Path) -> None:
    header = {"Va (mV)": "10", "E (V)": "0.5"}
    lamion.write(_spectrum(metadata=header, temperature=333.15), folder / "cell.bdf.csv")
    titles, first = (folder / "cell.bdf.csv").read_text().split("\n")[:2]
    said = dict(zip(titles.split(","), map(float, first.split(",")), strict=True))
    assert said["AC Amplitude / V"] == 0.01
    assert said["DC Bias / V"] == 0.5
    assert said["Temperature T1 / degC"] == 60.0
    assert (
        "DC Bias / V" in json.loads((folder / "cell.bdf.metadata.json").read_text())["extras"]["lamion"]["own_columns"]
    )


@pytest.mark.parametrize(
    "titles",
    [
        "Test Time / s,Voltage / V,Current / A,Net Capacity / Ah",
        "test_time_second,voltage_volt,current_ampere,net_capacity_ah",
    ],
)
def test_both_generations_of_names_are_read(titles: str, tmp_path: Path) -> None:
    place = tmp_path / "cell.bdf.csv"
    place.write_text(f"{titles}\n0,3,0.001,0\n1,3.1,0.001,0.5\n")
    record = read(place, record="cycling").the(CyclingRecord)
    assert record.charge is not None
    assert record.charge.tolist() == [0.0, 1800.0]


def test_a_foreign_sidecar_is_what_the_file_says(tmp_path: Path) -> None:
    (tmp_path / "cell.bdf.csv").write_text("test_time_second,voltage_volt\n0,3\n1,3.1\n")
    (tmp_path / "cell.bdf.metadata.json").write_text('{"battinfo_test": {"test": {"instrument_name": "BT-2000"}}}')
    content = read(tmp_path / "cell.bdf.csv")
    assert isinstance(content.records[0], VoltageTransient)
    assert content.metadata["battinfo_test.test.instrument_name"] == "BT-2000"


def test_foreign_parquet_is_read_by_its_headers(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    columns = {
        "test_time_second": [0.0, 1.0],
        "voltage_volt": [3.0, 3.1],
        "cycle_count": [1, 1],
        "Step Type": ["a", "b"],
    }
    pytest.importorskip("pyarrow.parquet").write_table(pyarrow.table(columns), tmp_path / "cell.parquet")
    assert read(tmp_path / "cell.parquet").the(VoltageTransient).voltage.tolist() == [3.0, 3.1]


_EDITS = {
    "another column": lambda text: text.replace("Voltage / V", "Ewe / V"),
    "a row less": lambda text: text[: text.rstrip("\n").rindex("\n") + 1],
    "a row more": lambda text: text + "9.0,9.0,9.0\n",
    "no numbers": lambda text: text.replace("0.001", "little"),
    "nothing": lambda text: text.split("\n")[0] + "\n",
}


@pytest.mark.parametrize("edit", _EDITS)
def test_a_table_that_is_not_its_sidecar_s_is_refused(edit: str, folder: Path) -> None:
    place = folder / "cell.bdf.csv"
    lamion.write(CurrentTransient([0, 1, 2], [1e-3, 1e-3, 1e-3], [0.1, 0.1, 0.1]), place)
    place.write_text(_EDITS[edit](place.read_text()))
    with pytest.raises(FileFormatError, match="sidecar"):
        read(place)


def test_a_changed_number_is_warned_of(folder: Path) -> None:
    place = folder / "cell.bdf.csv"
    lamion.write(VoltageTransient([0, 1, 2], [0.3, 0.2, 0.1]), place)
    place.write_text(place.read_text().replace("0.2", "0.25"))
    assert "not those that its sidecar was written for" in read(place).warnings[0]


def test_line_ends_and_a_byte_order_mark_change_nothing(folder: Path) -> None:
    place = folder / "cell.bdf.csv"
    lamion.write(VoltageTransient([0, 1, 2], [0.3, 0.2, 0.1]), place)
    place.write_bytes(b"\xef\xbb\xbf" + place.read_bytes().replace(b"\n", b"\r\n") + b"\r\n")
    assert read(place).warnings == ()


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(place=st.integers(0, 40), value=_JSON)
def test_any_value_in_a_sidecar_is_read_or_refused(place: int, value: Any, tmp_path_factory: Any) -> None:
    raw = _written(_spectrum(cycle=1, temperature=300.0, metadata={"a": "b"}, source=SourceFile("a", "b", "c")))
    assert raw.sidecar is not None
    document = json.loads(raw.sidecar.content)
    spots = list(_spots(document))
    holder, key = spots[place % len(spots)]
    holder[key] = value
    _reads_or_refuses(
        RawFile(raw.name, raw.content, None, RawFile("cell.bdf.metadata.json", json.dumps(document).encode()))
    )


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b'{"extras": {"lamion": 3}}', b"9" * 5000]
)
def test_any_damaged_sidecar_is_refused(content: bytes) -> None:
    raw = _written(_spectrum())
    with pytest.raises(FileFormatError):
        read_raw(RawFile(raw.name, raw.content, None, RawFile("cell.bdf.metadata.json", content)))


def test_a_huge_sidecar_is_refused_before_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "cell.bdf.csv").write_text("test_time_second,voltage_volt\n0,3\n1,3.1\n")
    with (tmp_path / "cell.bdf.metadata.json").open("wb") as file:
        file.truncate(2**33)
    with pytest.raises(InputError, match="at most 4"):
        load(tmp_path / "cell.bdf.csv")


def test_a_foreign_parquet_is_the_same_as_its_text(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    pytest.importorskip("pyarrow.parquet")
    hours, none = np.linspace(0.0, 2.0, 300), np.full(300, np.nan)
    columns = {"Test Time / h": hours, "Voltage / mV": 3e3 + hours, "Current / mA": np.sign(hours - 1.0),
               "Cycle Count / 1": np.ones(300), "Ambient Temperature / degC": none}  # fmt: skip
    pyarrow.parquet.write_table(pyarrow.table(columns), tmp_path / "cell.parquet")
    named = {title: values.tolist() for title, values in columns.items() if values is not none}
    rows = [",".join(map(repr, row)) for row in zip(*named.values(), strict=True)]
    (tmp_path / "cell.csv").write_text("\n".join([",".join(named), *rows, ""]))
    stored, text = (read(tmp_path / f"cell.{ending}").the(CyclingRecord) for ending in ("parquet", "csv"))
    assert stored.columns() == text.columns()
    columns["Voltage / mV"][200] = np.nan
    pyarrow.parquet.write_table(pyarrow.table(columns), tmp_path / "cell.parquet")
    with pytest.raises(FileFormatError, match=r"line 202: expected a value of the voltage that is a finite number"):
        read(tmp_path / "cell.parquet")


def test_a_parquet_that_claims_many_rows_is_refused_before_it_is_read(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    count = 2**24
    columns = {"Test Time / s": np.zeros(count), "Voltage / V": np.zeros(count)}
    pytest.importorskip("pyarrow.parquet").write_table(
        pyarrow.table(columns), tmp_path / "cell.parquet", compression="zstd"
    )
    assert (tmp_path / "cell.parquet").stat().st_size < 2**20
    with pytest.raises(FileFormatError, match="16777216 rows, 2 columns"):
        read(tmp_path / "cell.parquet")


def test_what_is_no_table_is_not_written(folder: Path) -> None:
    with pytest.raises(InputError, match="no table"):
        lamion.write(VoxelImage(np.zeros((2, 2), dtype=int)), folder / "a.bdf.csv")
    assert not list(folder.glob("a.*"))


@pytest.mark.parametrize("name", ["cell.csv", "cell.bdf", "cell.bdf.txt"])
def test_a_name_of_another_format_is_refused(name: str, folder: Path) -> None:
    with pytest.raises(InputError, match=r"\.bdf\.csv or \.bdf\.parquet"):
        lamion.write(_spectrum(), folder / name)


@pytest.mark.parametrize("name", ["cell.bdf.csv", "cell.bdf.metadata.json"])
def test_somebody_else_s_file_is_replaced_by_force_alone(name: str, folder: Path) -> None:
    (folder / name).write_text("mine")
    with pytest.raises(InputError, match="--force"):
        lamion.write(_spectrum(), folder / "cell.bdf.csv")
    assert (folder / name).read_text() == "mine"
    assert len(list(folder.glob("cell.*"))) == 1
    lamion.write(_spectrum(), folder / "cell.bdf.csv", force=True)
    assert len(read(folder / "cell.bdf.csv").records) == 1


def test_synthetic_data_stay_synthetic(folder: Path) -> None:
    lamion.write(_spectrum(source=SourceFile("a model", "", "synthetic")), folder / "cell.bdf.csv")
    assert read(folder / "cell.bdf.csv").metadata["synthetic"] == "a model"
    measured = _spectrum(source=SourceFile("cell.mpt", "", "EC-Lab text"))
    for both in ([_spectrum(source=SourceFile("a model", "", "synthetic")), measured], [measured]):
        lamion.write(both, folder / "both.bdf.csv", force=True)
        assert ("synthetic" in read(folder / "both.bdf.csv").metadata) == (len(both) > 1)


def test_the_key_of_a_step_changes_with_the_sidecar_of_its_file(folder: Path) -> None:
    keys = set()
    for kelvin in (300.0, 301.0):
        lamion.write(_spectrum(temperature=kelvin), folder / "cell.bdf.csv")
        inputs = Inputs({}, {"file": (load(folder / "cell.bdf.csv"),)})
        assert [file.name for file in inputs.read()] == ["cell.bdf.csv", "cell.bdf.metadata.json"]
        keys.add(inputs.key("analyze kk", ""))
        (folder / "cell.bdf.metadata.json").unlink()
    assert len(keys) == 2


@_csv_or_parquet
def test_the_command_line_writes_all_files_into_one(ending: str, folder: Path, capsys: Any) -> None:
    for number in (1, 2):
        rows = "".join(f"{f},{50 * number},{-f / 100}\n" for f in (1000.0, 100.0, 10.0))
        (folder / f"{number}.csv").write_text(f"# cell: {number}\nFrequency / Hz,Z' / ohm,Z'' / ohm\n{rows}")
    place = folder / f"both.bdf.{ending}"
    names = [str(folder / "1.csv"), str(folder / "2.csv")]
    assert main(["read", *names, "--bdf", str(place)]) == 0
    found = read(place).records
    assert [record.metadata["cell"] for record in found] == ["1", "2"]
    assert [record.source.origin.name for record in found] == ["1.csv", "2.csv"]
    assert main(["read", str(place)]) == 0
    assert "Battery Data Format" in capsys.readouterr().out


def test_the_command_line_protects_its_inputs(folder: Path, capsys: Any) -> None:
    lamion.write(_spectrum(), folder / "cell.bdf.csv")
    before = (folder / "cell.bdf.csv").read_bytes()
    assert main(["read", str(folder / "cell.bdf.csv"), "--bdf", str(folder / "cell.bdf.csv"), "--force"]) == 2
    assert (folder / "cell.bdf.csv").read_bytes() == before
    assert main(["read", str(folder / "cell.bdf.csv"), "--bdf", str(folder / "cell.csv")]) == 2
    assert ".bdf.csv" in capsys.readouterr().err


def _written(record: Any) -> RawFile:
    from lamion.formats.bdf.writer import files

    table, sidecar = (RawFile(place.name, content) for place, content in files(record, "cell.bdf.csv").items())
    return RawFile(table.name, table.content, None, sidecar)


def _spots(value: Any) -> Any:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield value, key
        yield from _spots(item)


def _reads_or_refuses(raw: RawFile) -> FileContent | None:
    try:
        return read_raw(raw)
    except InputError:
        return None


@_csv_or_parquet
@pytest.mark.parametrize("attenuated", [True, False, None])
def test_what_is_true_or_false_of_a_record_is_kept(ending: str, folder: Path, attenuated: bool | None) -> None:
    record = InfraredSpectrum(range(1400, 1420), [0.1] * 20, attenuated=attenuated)
    lamion.write(record, folder / f"any.bdf.{ending}")
    assert read(folder / f"any.bdf.{ending}").records[0].attenuated is attenuated
