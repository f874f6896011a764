"""Tables of declared kinds: a toy kind, headers wherever they stand, damage in long files, frames and large files."""

from __future__ import annotations

import contextlib
import itertools
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lamion
from lamion.formats import RawFile, load, read, read_raw
from lamion.formats.decimals import cells_of, numbers_at
from lamion.formats.table import parse_number
from lamion.formats.text import blocks, decode
from lamion.quantities import FileFormatError, InputError
from lamion.records import ConductivitySeries, CurrentTransient, CyclingRecord, Pattern, VoltageTransient
from lamion.records.record import KINDS, Array, Table, check_area, column, record


@pytest.fixture
def toy():
    @record("cyclic voltammogram", key="toy")
    class Voltammogram(Table):
        """Current against a potential that comes back."""

        sweep: Array = column("V/s", "Sweep Rate / V/s", "sweeprate", above=0)
        potential: Array = column("V", "Potential / V", "potential e")
        current: Array = column("A", "Current / A", "current i", signed=True)

    yield Voltammogram
    del KINDS["toy"]


def _read(text: str | bytes, **options):
    return read_raw(RawFile("table.csv", text if isinstance(text, bytes) else text.encode()), **options)


def test_a_kind_of_ten_lines_is_read(toy):
    content = _read("sweep rate / mV/s;E / mV;-I / uA\n50;0,5;1,25\n50;2;-3,5\n")
    found = content.the(toy)
    assert content.format == "table of a cyclic voltammogram"
    assert found.sweep.tolist() == [0.05, 0.05]
    assert found.potential.tolist() == [0.0005, 0.002]
    assert found.current == pytest.approx([-1.25e-6, 3.5e-6])
    assert list(found.columns()) == ["Sweep Rate / V/s", "Potential / V", "Current / A"]
    assert found.source.name == "table.csv"
    with pytest.raises(FileFormatError, match="line 3: expected a value of the sweep larger than zero, found 0"):
        _read("sweep rate / V/s,E / V,I / A\n1,2,3\n0,2,3\n")
    assert _read("1 2 3\n4 5 6\n", record="toy").the(toy).current.tolist() == [3.0, 6.0]
    assert _read("1 2 3\n4 5 6\n", record=toy).the(toy).current.tolist() == [3.0, 6.0]


def test_records_are_made_from_frames_and_arrays():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"T / degC": [25.0, 35.0], "sigma (mS/cm)": [0.5, 0.7], "note": ["a", "b"]})
    series = ConductivitySeries.of(frame)
    assert series.temperature.tolist() == [298.15, 308.15]
    assert series.conductivity == pytest.approx([0.05, 0.07])
    assert (
        CurrentTransient.of({"time": [0, 1], "voltage": [1, 1], "current": [2, 1]}, temperature=298.0).duration == 1.0
    )
    with pytest.raises(ValueError, match="read-only"):
        series.temperature[0] = 1.0
    with pytest.raises(InputError, match="a unit in the header"):
        ConductivitySeries.of({"T": [1.0], "sigma / S/m": [1.0]})
    with pytest.raises(InputError, match="needs the conductivity"):
        ConductivitySeries.of({"T / K": [1.0]})
    with pytest.raises(InputError, match="time that rises"):
        VoltageTransient([0.0, 0.0], [1.0, 1.0])
    with pytest.raises(InputError, match="finite"):
        VoltageTransient([0.0, 1.0], [1.0, np.nan])


@pytest.mark.parametrize(
    "text",
    [
        "Instrument: X\nOperator\tme\n\nTime (s)\tVoltage (V)\n0\t1.5\n1\t1.25\n",
        "# Time / s, Voltage / V\n0,1.5\n1,1.25\n",
        "Time;Voltage\n[s];[V]\n0;1,5\n1;1,25\n",
        "note,Time/sec,Voltage [volts]\na,0,1.5\nb,1,1.25\n",
        "Date: 1.2.2024\nt / min,E / mV\n0,1500\n1.66666666666666666e-2,1250\n",
        "test_time_second,voltage_volt\n0,1.5\n1,1.25\n",
        "Time / s,Voltage / V,\n0,1.5,\n1,1.25,\n",
        "Time / s\t\tVoltage / V\t\tnote\n0\t1.5\ta\n1\t1.25\tb\n",
        'Time / s,"Voltage / V"\n"0","1.5"\n1, 1.25\n',
    ],
)
def test_headers_wherever_they_stand_and_however_they_are_written(text: str):
    found = _read(text).the(VoltageTransient)
    assert found.time == pytest.approx([0.0, 1.0])
    assert found.voltage == pytest.approx([1.5, 1.25])


def test_repeated_headers_make_several_records():
    table = "Time / s,Voltage / V\n0,1.5\n1,1.25\n"
    content = _read(table + table)
    assert [record.time.tolist() for record in content.records] == [[0.0, 1.0], [0.0, 1.0]]
    with pytest.raises(FileFormatError, match="line 4: expected time that rises"):
        _read(table + "0,1.5\n1,1.25\n")
    with pytest.raises(FileFormatError, match="line 4: expected 2 cells, found 1"):
        _read(table + "Summary\nA,1\n")


def test_a_voltammogram_below_a_preamble_is_no_curve_of_steady_currents():
    with pytest.raises(FileFormatError, match="perhaps a measurement of current or voltage"):
        _read("Cyclic Voltammetry\nPotential/V, Current/A\n0.1, 1e-6\n0.2, 2e-6\n")
    with pytest.raises(FileFormatError):
        _read("Step Time,Voltage / V,Current / A\n1,2,3\n2,2,3\n")


def test_a_current_alone_is_a_transient_and_a_voltage_is_named_where_it_is_needed():
    found = _read("Test Time / s,Current / uA\n0,2\n1,1\n").the(CurrentTransient)
    assert (found.current.tolist(), found.voltage) == ([2e-6, 1e-6], None)
    assert list(found.columns()) == ["Test Time / s", "Current / A"]
    with pytest.raises(InputError, match=r"table.csv holds no voltage\. .* column for its voltage"):
        found.measured_voltage  # noqa: B018
    with pytest.raises(FileFormatError, match="a unit in the header 'Voltage'"):
        _read("Test Time / s,Voltage,Current / A\n0,1,2\n1,1,1\n")


@pytest.mark.parametrize("label", ["Cycle Count / 1", "Step Index", "Net Capacity / Ah"])
def test_a_count_of_cycles_or_steps_tells_a_cyclers_table_from_a_transient(label: str):
    table = f"Test Time / s,Voltage / V,Current / A,{label}\n0,3.0,0.1,1\n1,3.1,0.1,1\n"
    content = _read(table)
    assert isinstance(content.records[0], CyclingRecord)
    transient = content.the(CurrentTransient)
    assert (transient.time.tolist(), transient.voltage.tolist()) == ([0.0, 1.0], [3.0, 3.1])
    assert transient.source.name == "table.csv"
    assert isinstance(_read(table.replace(label, "note")).records[0], CurrentTransient)
    bare = table.replace(f",{label}", "").replace(",1\n", "\n")
    assert _read(bare, record="cycling").the(CyclingRecord).cycle is None
    with pytest.raises(InputError, match="not voltage transient"):
        content.the(VoltageTransient)


def test_several_cycles_are_no_transient():
    content = _read("Time / s,Voltage / V,Current / A,Cycle Index\n0,3.0,0.1,1\n1,3.1,0.1,2\n")
    with pytest.raises(InputError, match="cycling record, not current transient"):
        content.the(CurrentTransient)


def test_autolabs_channel_before_a_name_is_none_of_it():
    found = _read("Time (s),WE(1).Current (A),WE(1).Potential (V)\n0,2,1\n1,1,1\n").the(CurrentTransient)
    assert (found.current.tolist(), found.voltage.tolist(), found.area) == ([2.0, 1.0], [1.0, 1.0], None)
    with pytest.raises(FileFormatError, match="one column for the current"):
        _read("Time (s),WE(1).Current (A),WE(2).Current (A)\n0,2,1\n1,1,1\n")


@pytest.mark.parametrize("label", ["j / mA/cm2", "Current Density (mA cm-2)", "I (mA/cm²)"])
def test_a_current_over_an_area_is_that_of_a_square_centimetre_and_said(label: str):
    table = f"t / s,E / V,{label}\n0,1,2\n1,1,1\n"
    content = _read(table)
    found = content.the(CurrentTransient)
    assert found.current == pytest.approx([2e-3, 1e-3])
    assert found.area == pytest.approx(1e-4)
    assert content.warnings == (f"The current is over an area ('{label}'): it is that of an electrode of 1 cm2.",)
    check_area(found, 1e-4)
    for area in (None, 2e-4):
        with pytest.raises(InputError, match=r"table\.csv gives the current over an area"):
            check_area(found, area)
    assert CurrentTransient.of({"t / s": [0, 1], label: [2.0, 1.0]}).area == pytest.approx(1e-4)


def test_a_current_density_is_no_current_and_stands_beside_no_charge_of_the_whole_cell():
    with pytest.raises(FileFormatError, match="unit like 'A/m2' in the header 'j / mA', found 'mA'"):
        _read("t / s,E / V,j / mA\n0,1,2\n1,1,1\n")
    with pytest.raises(FileFormatError, match="unit like 'A' in the header 'I / mA/g'"):
        _read("t / s,E / V,I / mA/g\n0,1,2\n1,1,1\n")
    rows = "0,1,2,1\n1,1,1,1\n"
    with pytest.raises(FileFormatError, match="a current over an area beside a charge that is not"):
        _read(f"t / s,E / V,j / mA/cm2,Charge / mAh\n{rows}")
    found = _read(f"t / s,E / V,j / mA/cm2,Charge / mAh/cm2\n{rows}").the(CyclingRecord)
    assert found.charge == pytest.approx([3.6, 3.6])


def test_a_current_over_an_area_serves_no_other_electrode(tmp_path):
    rows = "".join(f"{t},0.2,{2e-6 + 1e-3 * np.exp(-t / 50):.9e}\n" for t in range(0, 1000, 10))
    path = tmp_path / "held.csv"
    path.write_text(f"t / s,E / V,j / mA/cm2\n{rows}")
    steady = tmp_path / "steady.csv"
    steady.write_text("U / V,j / nA/cm2\n0.1,1\n0.2,2\n0.3,3\n")
    for file, truth in ((path, 2e-9 * 0.1 / 0.2), (steady, 1e-9)):
        told = {"thickness": "1 mm", "temperature": "25 degC"}
        found = lamion.analyze.leakage(str(file), area="1 cm2", **told)
        assert found["electronic_conductivity"].to("S/cm").value == pytest.approx(truth, rel=1e-3)
        with pytest.raises(InputError, match="over an area"):
            lamion.analyze.leakage(str(file), area="2 cm2", **told)


def test_kelvins_below_degrees_celsius_are_doubted(tmp_path):
    kelvins = np.array([298.15, 318.15, 338.15, 358.15])
    energy = 0.3215
    rows = [f"{t},{np.exp(-energy / 8.617333e-5 / t):.8g}\n" for t in kelvins]
    (tmp_path / "series.csv").write_text("temperature / degC,conductivity / S/cm\n" + "".join(rows))
    said = "are 298.15 to 358.15 degC; as kelvins they would be 25 to 85 degC"
    assert said in read(tmp_path / "series.csv").warnings[0]
    assert any(said in text for text in lamion.analyze.arrhenius(str(tmp_path / "series.csv")).warnings)
    for header, shift in (("K", 0.0), ("degC", -273.15), ("degC", 200.0)):
        other = [f"{float(row.split(',')[0]) + shift:.2f},{row.split(',')[1]}" for row in rows]
        assert _read(f"temperature / {header},conductivity / S/cm\n{''.join(other)}").warnings == ()
    (tmp_path / "series.csv").write_text("temperature / K,conductivity / S/cm\n" + "".join(rows))
    found = lamion.analyze.arrhenius(str(tmp_path / "series.csv"), model="arrhenius")
    assert found["activation_energy"].value == pytest.approx(energy, rel=1e-4)


def test_a_powder_pattern():
    rows = "".join(f"{5 + 0.02 * k:.2f},{100 + k}\n" for k in range(50))
    for header in (
        "Two Theta / deg,Counts / 1\n",
        "2theta (deg),cps\n",
        "2θ [°],Intensity (a.u.)\n",
        "Angle,Intensity\n",
    ):
        found = _read(header + rows).the(Pattern)
        assert (found.two_theta[1], found.counts[1], len(found)) == (5.02, 101.0, 50)
    with pytest.raises(FileFormatError, match=r"perhaps a powder pattern\. Say --record diffraction"):
        _read(rows)
    assert len(_read("a comment\n" + rows, record="diffraction").the(Pattern)) == 50
    with pytest.raises(InputError, match="no kind of record called 'xrd'"):
        _read(rows, record="xrd")


# ---- many rows ----
def _long(rows: int = 40_000) -> list[str]:
    random = np.random.default_rng(3)
    values = zip(range(rows), random.normal(3.7, 0.2, rows), random.normal(0, 1e-3, rows), strict=True)
    return ["Test Time / s,Voltage / V,Current / A", *(f"{t},{v:.5f},{i:.4e}" for t, v, i in values)]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda row: row.rsplit(",", 1)[0], "expected 3 cells, found 2"),
        (lambda row: row + ",1", "expected 3 cells, found 4"),
        (lambda row: row.split(",")[0] + ",,1", "expected a number under 'Voltage / V', found a blank"),
        (lambda row: row.replace("e", "x"), "expected a number under 'Current / A'"),
        (lambda row: row.split(",")[0] + ",nan,1", "found 'nan'"),
        (lambda row: row.split(",")[0] + ",1e400,1", "found '1e400'"),
        (lambda row: row.split(",")[0] + ",1_0,1", "found '1_0'"),
        (lambda row: row.split(",")[0] + ",0x1,1", "found '0x1'"),
        (lambda row: row.split(",")[0] + ",1 2,1", "found '1 2'"),
        (lambda row: "0" + row[row.index(",") :], "expected time that rises"),
    ],
)
@pytest.mark.parametrize("place", [1, 2, 25_001, 39_999])
def test_one_damaged_row_among_many_is_named(change, said: str, place: int):
    lines = _long()
    lines[place] = change(lines[place])
    if place == 1 and "rises" in said:
        return
    with pytest.raises(FileFormatError) as caught:
        _read("\n".join(lines) + "\n")
    assert f"line {place + 1}: " in str(caught.value)
    assert said in str(caught.value)


def test_what_says_the_same_of_many_rows_is_read_the_same():
    lines = _long()
    truth = _read("\n".join(lines) + "\n").the(CurrentTransient)
    expected = np.array([[float(cell) for cell in line.split(",")] for line in lines[1:]])
    assert np.array_equal(np.column_stack([truth.time, truth.voltage, truth.current]), expected)
    commas = [line.replace(",", ";").replace(".", ",") for line in lines]
    for text in (
        "\r\n".join(lines) + "\r\n",
        "\r".join(lines) + "\r",
        "\ufeff" + "\n".join(lines) + "\n",
        "\n".join(commas) + "\n",
        "\n".join(line.replace(",", "\t") for line in lines) + "\n",
        "\n\n".join(lines) + "\n\n \n",
        "\n".join([lines[0] + ",Step", *(f"{line},CC µ" for line in lines[1:])]) + "\n",
        "\n".join(line + " " for line in lines) + "\n",
    ):
        found = _read(text).the(CurrentTransient)
        assert np.array_equal(found.current, truth.current)
        assert np.array_equal(found.voltage, truth.voltage)
    assert np.array_equal(
        _read(("\n".join(lines) + "\n").encode("utf-16")).the(CurrentTransient).current, truth.current
    )
    mixed = [*commas[:30_000], *(line.replace(",", ";") for line in lines[30_000:])]
    with pytest.raises(FileFormatError, match="expected decimal points or decimal commas throughout"):
        _read("\n".join(mixed) + "\n")
    grouped = ["Time / s;Voltage / V", *(f"{k};1,{k % 900 + 100}" for k in range(40_000))]
    with pytest.raises(FileFormatError, match="line 2: expected a number, found '1,100', whose comma may separate"):
        _read("\n".join(grouped) + "\n")
    assert len(_read("\n".join([*grouped, "40000;1,5"]) + "\n").records[0]) == 40_001


def test_a_control_character_deep_in_a_file_is_refused():
    content = bytearray(("\n".join(_long(150_000)) + "\n").encode())
    content[3_000_000] = 7
    with pytest.raises(FileFormatError, match="byte 3000000: expected text, found the control character 0x07"):
        _read(bytes(content))


# ---- properties ----
_PRINTED = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.integers(-(10**20), 10**20).map(str),
    st.from_regex(r"\A[-+]?[0-9]{0,9}\.?[0-9]{0,9}([eE][-+]?[0-9]{1,3})?\Z"),
    st.text("0123456789+-.eE nainfx", max_size=8),
)


@given(st.lists(_PRINTED, min_size=1, max_size=30))
def test_numbers_are_pythons_or_left_alone(cells: list[str]):
    places = cells_of(",".join(cells).encode(), b",", len(cells))
    found = numbers_at(",".join(cells).encode(), *(part.ravel() for part in places))
    parsed = [parse_number(cell.strip()) for cell in cells]
    if found is None:
        return
    for cell, number, value in zip(cells, found, parsed, strict=True):
        assert number == float(cell)
        assert value is None or number == value[0]


@given(st.lists(st.floats(-1e22, 1e22), min_size=1, max_size=50))
def test_plain_numbers_are_never_left_alone(values: list[float]):
    cells = [f"{value:.6e}" for value in values]
    places = cells_of("\n".join(cells).encode(), b",", 1)
    found = numbers_at("\n".join(cells).encode(), *(part.ravel() for part in places))
    assert found.tolist() == [float(cell) for cell in cells]


@given(st.text("ab\r\n\u00b5\u2028", max_size=40), st.integers(1, 7), st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]))
def test_lines_come_the_same_in_pieces(text: str, size: int, encoding: str):
    content = text.encode(encoding)
    pieces = [content[place : place + size] for place in range(0, len(content), size)]
    # A signature lies in one piece, as it does in pieces of ordinary size.
    pieces = [b"".join(pieces[: 4 // size + 1]), *pieces[4 // size + 1 :]] if pieces else []
    whole = [line.text for line in decode("a", content).lines]
    found = [
        (number, line)
        for block in blocks("a", lambda: iter(pieces))
        for number, line in zip(itertools.count(block.first), block.text.split("\n"), strict=False)
    ]
    assert [line for _, line in found] == whole
    assert [number for number, _ in found] == list(range(1, len(whole) + 1))


@given(st.lists(st.lists(_PRINTED, min_size=3, max_size=4), max_size=8), st.sampled_from(";,\t "), st.booleans())
def test_any_rows_are_read_or_refused(rows: list[list[str]], separator: str, end: bool):
    text = separator.join(("Time/s", "Voltage/V", "Current/A")) + "\n" + "\n".join(map(separator.join, rows))
    with contextlib.suppress(InputError):
        found = _read(text + "\n" * end).the(CurrentTransient)
        assert np.all(np.isfinite(found.current))


# ---- files ----
def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("lamion.formats.loading.LARGEST_IN_MEMORY", 1000)
    path = tmp_path / "long.csv"
    path.write_text("\n".join(_long()) + "\n")
    assert len(read(path).records[0]) == 40_000
    raw = load(path)
    known = raw.sha256
    assert known == RawFile("x", path.read_bytes()).sha256
    stamp = path.stat()
    content = path.read_bytes()
    path.write_bytes(content[:-2] + b"9\n")
    with pytest.raises(InputError, match="was changed while it was read"):
        read_raw(raw)
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    with pytest.raises(InputError, match="was changed while it was read"):
        read_raw(raw)


def test_every_real_file_is_read_or_told_what_it_looks_like(real_data: Path):
    """No message speaks of impedance unless the file does."""
    wrong = []
    for path in sorted(path for path in real_data.rglob("*") if path.is_file()):
        try:
            assert read(path).records
        except InputError as error:
            said = str(error).replace(path.name, "").lower()
            content = path.read_bytes().lower()
            if "impedance" in said and b"impedance" not in content and b"freq" not in content:
                wrong.append(f"{path.relative_to(real_data)}: {said}")
    assert wrong == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7\n", "looks like a PDF"),
        (b"PK\x03\x04" + bytes(30), "looks like a ZIP archive"),
        (b"\xd0\xcf\x11\xe0" + bytes(60), "an Excel workbook"),
        (b"Wave Number,Raman\n100,5\n101,6\n", "perhaps a Raman spectrum"),
        (b"Place / mm,Heat Flow / mW\n100,5\n101,6\n", "perhaps a calorimetry measurement"),
        (b"Cycle,Charge / mAh,Discharge / mAh\n1,5,5\n2,6,5\n", "perhaps a cycler's table"),
        (b'{\n  "a": 1\n}\n', "looks like a JSON document"),
        (b"Dear reader,\nnothing here.\n", "a text without a table of numbers"),
    ],
)
def test_an_unknown_file_is_told_what_it_looks_like(content: bytes, said: str):
    with pytest.raises(FileFormatError, match=said) as caught:
        _read(content)
    assert "impedance" not in str(caught.value)


def test_a_damaged_number_in_the_first_row_makes_no_other_kind():
    with pytest.raises(FileFormatError, match="line 3: expected a number under 'Current / A', found 'inf'"):
        _read("Cell: 7\nTest Time / s\tVoltage / V\tCurrent / A\n0\t3.2\tinf\n1\t3.2\t1\n")
    with pytest.raises(FileFormatError, match="line 4: expected a number under 'I / A', found 'inf'"):
        _read("Cell: 7\nt\tE\tI\ns\tV\tA\n0\t3.2\tinf\n1\t3.2\t1\n".replace("t\tE", "Time\tE"))


_TWO_FILMS = [
    f"{film},{T},{thickness},{factor * sigma:g},{point}"
    for film, thickness, factor in (("A", 30, 1.0), ("B", 41, 2.0))
    for T, sigma, point in ((25, 1e-4, 1), (40, 2e-4, 2), (55, 4e-4, 3))
]


def _pooled(rows, head="film,temperature / degC,thickness / um,conductivity / S/cm,point"):
    return [text for text in _read("\n".join([head, *rows]) + "\n").warnings if "not used" in text]


def test_a_table_of_several_samples_is_not_pooled_silently():
    (said,) = _pooled(_TWO_FILMS)
    assert said.startswith(
        "6 points at 3 temperatures; columns not used: 'film' (2 values), 'thickness / um' (2 values). They are"
    )


def test_a_sample_named_once_above_its_rows_is_one_of_several_too():
    rows = [row if number % 3 == 0 else row[1:] for number, row in enumerate(_TWO_FILMS)]
    assert "'film' (2 values)" in _pooled(rows)[0]


def test_a_table_of_one_sample_is_not_doubted():
    assert _pooled(_TWO_FILMS[:3]) == []
    assert _pooled([row.replace("B", "A").replace("41", "30") for row in _TWO_FILMS]) == []
