"""Cycles of records whose charges are known exactly: found, added up, compared, and uncertain as often as stated."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamion.quantities import InputError, Quantity
from lamion.quantities.level import LEVEL
from lamion.records.measurements import CyclingRecord
from lamion.synthetic.cycling import CycledCell, cycling_record
from lamion.techniques.cycling.accuracy import Accuracy, efficiency_std
from lamion.techniques.cycling.cells import of_cells
from lamion.techniques.cycling.cycling import cycling, cycling_raw
from lamion.techniques.cycling.fade import fade
from lamion.techniques.cycling.half_cycles import half_cycles

CELL = CycledCell()


def shown(record: CyclingRecord, rows: np.ndarray) -> CyclingRecord:
    """Return some rows of a record."""
    cycle = None if record.cycle is None else record.cycle[rows]
    return CyclingRecord(record.time[rows], record.voltage[rows], record.current[rows], cycle)


@settings(max_examples=40, deadline=None)
@given(
    cycles=st.integers(1, 12),
    points=st.integers(5, 60),
    rest=st.sampled_from([0.0, 60.0, 3600.0]),
    efficiency=st.floats(0.5, 1.0),
    numbered=st.booleans(),
    seed=st.integers(0, 99),
)
def test_capacities_are_those_of_the_cell(cycles, points, rest, efficiency, numbered, seed):
    cell = replace(CELL, efficiency=efficiency)
    table = cycling_raw(
        cycling_record(cell, cycles=cycles, points=points, rest=rest, numbered=numbered, seed=seed)
    ).table
    held = cell.capacity * (1 - cell.loss * np.arange(cycles))
    assert table.number.tolist() == list(range(1, cycles + 1))
    assert table.discharge_capacity == pytest.approx(held, rel=1e-9)
    assert table.coulombic_efficiency == pytest.approx(np.full(cycles, efficiency), rel=1e-9)
    assert table.discharge_time == pytest.approx(held / cell.current, rel=1e-9)
    assert table.complete.all()


def test_the_instruments_own_charge_is_taken():
    record = cycling_record(CELL, cycles=3)
    charge = np.concatenate([[0.0], np.cumsum(np.diff(record.time) * record.current[1:])])
    own = CyclingRecord(record.time, record.voltage, record.current, record.cycle, charge=1.01 * charge)
    found = half_cycles(own.time, own.voltage, own.current, cycle=own.cycle, charge=own.charge)
    plain = half_cycles(own.time, own.voltage, own.current, cycle=own.cycle)
    assert found.charge == pytest.approx(1.01 * plain.charge, rel=1e-9)


def test_a_taper_at_constant_voltage_belongs_to_its_charge():
    t = np.arange(0.0, 200.0)
    current = np.where(t < 100, 1e-3, 1e-3 * np.exp(-(t - 100) / 20))
    found = half_cycles(t, np.full(200, 4.2), current)
    assert len(found) == 1
    assert found.charge[0] == pytest.approx(0.1 + 0.02 * (1 - np.exp(-99 / 20)), rel=1e-3)


def test_rests_and_offsets_of_the_current_are_no_half_cycles():
    record = cycling_record(CELL, cycles=4, rest=600.0)
    drifting = CyclingRecord(record.time, record.voltage, record.current + 1e-7 * np.sin(record.time), None)
    assert len(half_cycles(drifting.time, drifting.voltage, drifting.current)) == 8


def test_a_programme_that_does_not_count_is_counted_by_its_turns():
    record = cycling_record(CELL, cycles=4)
    ones = np.ones(len(record))
    found = half_cycles(record.time, record.voltage, record.current, cycle=ones)
    assert found.counted
    assert found.number.tolist() == [1, 1, 2, 2, 3, 3, 4, 4]


def test_a_short_first_half_brings_the_cell_to_an_end_only():
    """The cell comes as it was built, is discharged by a fifth, and cycled."""
    record = cycling_record(CELL, cycles=3, numbered=False)
    before = CyclingRecord(
        np.concatenate([np.linspace(0, 720, 20), record.time + 800.0]),
        np.concatenate([np.linspace(3.4, record.voltage.min(), 20), record.voltage]),
        np.concatenate([[0.0], np.full(19, -1e-3), record.current]),
        None,
    )
    table = cycling_raw(before).table
    assert table.number.tolist() == [0, 1, 2, 3]
    assert table.complete.tolist() == [False, True, True, True]
    assert not table.discharge_first


def test_a_cycle_that_was_not_run_to_its_end_does_not_count():
    record = cycling_record(CELL, cycles=12)
    stopped = shown(record, np.arange(len(record)) < len(record) - 40)
    answer = cycling(stopped)
    assert answer.notes["last"] == 11
    assert answer["retention"].value == pytest.approx(1 - 10 * CELL.loss, rel=1e-6)


def test_a_hole_in_the_record_is_no_charge():
    record = cycling_record(CELL, cycles=3, rest=0.0)
    lost = (record.cycle == 2) & (record.current < 0) & (record.time < record.time[record.cycle == 3][0] - 1800)
    answer = cycling(shown(record, ~lost))
    assert any("a hole of the record" in text for text in answer.warnings)


def test_a_clock_that_runs_back_is_said():
    record = cycling_record(CELL, cycles=2)
    time = record.time.copy()
    time[70:] -= 3000.0
    answer = cycling(CyclingRecord(time, record.voltage, record.current, record.cycle))
    assert any("back in time" in text for text in answer.warnings)
    assert answer.series["Discharge Capacity / mAh"][1] == pytest.approx(1.0 - CELL.loss, rel=1e-6)


def test_missing_cycles_are_said():
    answer = cycling(cycling_record(CELL, cycles=8, missing=(4, 5)))
    assert any(text.startswith("2 cycles are missing") for text in answer.warnings)
    assert answer["retention"].value == pytest.approx(1 - 7 * CELL.loss, rel=1e-6)


def test_a_first_charge_that_begins_half_way_does_not_count():
    record = cycling_record(CELL, cycles=4)
    later = record.time > record.time[record.cycle == 1][0] + 0.5 * CELL.capacity / CELL.current
    answer = cycling(shown(record, later))
    assert answer.notes["reference"] == 2
    assert answer["first_efficiency"].value == pytest.approx(CELL.efficiency, rel=1e-6)


def test_one_cycle_retains_nothing():
    answer = cycling(cycling_record(CELL, cycles=1))
    assert "retention" not in answer.results
    assert "retention" not in answer.method


def test_several_cells_give_their_median_and_where_the_next_would_lie():
    """Sets of four cells that scatter by 2 %: the fifth lies within the interval as often as it says."""
    random, inside = np.random.default_rng(3), []
    for _ in range(200):
        sizes = 3.6 * (1 + 0.02 * random.standard_normal(5))
        *cells, fifth = (cycling(cycling_record(replace(CELL, capacity=size), cycles=1, points=8)) for size in sizes)
        answer = of_cells({str(place): one for place, one in enumerate(cells)})
        inside.append(abs(fifth["capacity"].value - answer["capacity"].value) < answer["capacity"].std)
    assert len(answer.series["File"]) == 4
    assert np.mean(inside) == pytest.approx(LEVEL, abs=0.08)


def test_per_mass_and_per_area():
    answer = cycling(cycling_record(CELL, cycles=2), mass=Quantity(6.4, 0.1, "mg"), area=Quantity(1.0, 0.02, "cm2"))
    specific = answer["specific_capacity"]
    assert (specific.value, specific.std) == pytest.approx((1.0 / 6.4e-3, 1.0 / 6.4e-3 * 0.1 / 6.4), rel=1e-6)
    assert answer["areal_capacity"].std == pytest.approx(0.02, rel=1e-6)


def test_the_polarisation_is_twice_the_resistance_times_the_current():
    inside = []
    for seed in range(60):
        answer = cycling(cycling_record(CELL, cycles=1, noise=3e-4, seed=seed))
        inside.append(abs(answer["polarisation"].value - 60.0) < 2 * answer["polarisation"].std)
    assert np.mean(inside) > 0.9


def test_an_offset_of_the_current_is_covered():
    random, inside = np.random.default_rng(1), []
    for seed in range(200):
        record = cycling_record(CELL, cycles=1, seed=seed)
        off = CyclingRecord(record.time, record.voltage, record.current + 3e-7 * random.standard_normal(), record.cycle)
        efficiency = cycling(off, accuracy=Accuracy(current=3e-7))["coulombic_efficiency"]
        inside.append(abs(efficiency.value - CELL.efficiency) < efficiency.std)
    assert np.mean(inside) == pytest.approx(LEVEL, abs=0.1)


def test_discharges_that_end_apart_are_covered():
    """Each discharge ends where a voltage off by 2 mV lets it; the charge behind it begins there."""
    random, inside = np.random.default_rng(2), []
    exact = cycling_raw(cycling_record(replace(CELL, efficiency=1.0), cycles=2, points=200))
    slope = exact.discharges[1].end_slope
    for _ in range(2000):
        before, this = 2e-3 * slope * random.standard_normal(2)
        efficiency = (CELL.capacity + this) / (CELL.capacity + before)
        std = efficiency_std(exact.table, Accuracy(repeatability=2e-3), np.full(2, slope))[0]
        inside.append(abs(efficiency - 1.0) < std)
    assert np.mean(inside) == pytest.approx(LEVEL, abs=0.04)


@pytest.mark.parametrize(
    ("law", "shape"),
    [
        ("linear", lambda n: 1 - 4e-4 * n),
        ("root", lambda n: 1 - 8e-3 * np.sqrt(n)),
        ("exponential", lambda n: np.exp(-4e-3 * n)),
        ("knee", lambda n: 1 - 2e-4 * n - 3e-3 * np.maximum(n - 140, 0)),
    ],
)
def test_the_law_of_fading_is_told_and_its_loss_covered(law, shape):
    n = np.arange(200.0)
    true = (1 - shape(n[-1]) / shape(0.0)) / n[-1]
    told, inside, knees = [], [], []
    for seed in range(200):
        found = fade(n, shape(n) + 1e-3 * np.random.default_rng(seed).standard_normal(len(n)))
        told.append(found.law)
        if found.law == law:
            inside.append(abs(found.loss - true) < found.loss_std)
            knees.append(found.knee is None or abs(found.knee - 140) < found.knee_std)
    assert told.count(law) > 0.9 * len(told)
    assert np.mean(inside) == pytest.approx(LEVEL, abs=0.1)
    if law == "knee":
        assert np.mean(knees) == pytest.approx(LEVEL, abs=0.1)


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (CyclingRecord(np.arange(5.0), np.ones(5), np.zeros(5), np.ones(5)), "No current flows"),
        (CyclingRecord(np.arange(5.0), np.ones(5), np.ones(5), np.ones(5)), "only charges"),
    ],
)
def test_what_is_no_cycling_is_refused(record, words):
    with pytest.raises(InputError, match=words):
        cycling(record)


def test_cycles_that_are_not_there_are_refused():
    record = cycling_record(CELL, cycles=3)
    with pytest.raises(InputError, match="There is no cycle 7"):
        cycling(record, reference=7)


def test_real_cells(real_data):
    """Five cycles at C/24 of a coin cell: the capacities of the instrument's own counter."""
    import lamion

    answer = lamion.analyze.cycling(real_data / "cycler" / "jdb11-1_c3_gcpl_5cycles_2V-3p8V_C-24_data_C09.mpr")
    assert answer.series["Discharge Capacity / mAh"][1:4] == pytest.approx([0.8529, 0.8763, 0.8747], abs=1e-4)
    assert answer["first_efficiency"].value == pytest.approx(0.8643, abs=2e-4)
