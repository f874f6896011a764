"""Capacities, energies and times of real records are those that the cyclers' own programs add up."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from lamion.formats import read
from lamion.records.measurements import CyclingRecord
from lamion.techniques.cycling.cycling import cycling_raw
from lamion.techniques.cycling.half_cycles import half_cycles

COUNTING = (
    "BTS85-36-6-5-110-20240424.ndax",
    "arbin_example.res",
    "bs542_004_gr_li_50ua_50mv_1v_191020_Channel_11.xlsx",
    "jdb11-1_c3_gcpl_5cycles_2V-3p8V_C-24_data_C09.mpr",
    "neware_uio.csv",
    "new_nda_file.nda",
    "sample_data_arbin.csv",
    "sample_data_basytec.txt",
    "sample_data_maccor.csv",
    "sample_data_novonix.csv",
    "test.ndax",
)
"""Records with a charge that the instrument counted, and a current that is more than the last digit of its zero."""


@pytest.mark.parametrize("name", COUNTING)
def test_the_current_makes_the_charge_that_the_instrument_counted(real_data: Path, name: str) -> None:
    record = read(real_data / "cycler" / name).the(CyclingRecord)
    counted = half_cycles(record.time, record.voltage, record.current, cycle=record.cycle, charge=record.charge)
    summed = half_cycles(record.time, record.voltage, record.current, cycle=record.cycle)
    assert np.array_equal(counted.first, summed.first)
    # When within the interval before, or the first of its own, the current came is not written.
    first = np.maximum(counted.first, 1)
    unsure = record.time[np.minimum(first + 1, len(record) - 1)] - record.time[first - 1]
    largest = np.array(
        [np.abs(record.current[a : b + 1]).max() for a, b in zip(counted.first, counted.last, strict=True)]
    )
    assert np.all(np.abs(summed.charge - counted.charge) <= 5e-4 * counted.charge + largest * unsure)


def test_neware_s_steps_add_up_to_the_cycles(real_data: Path) -> None:
    path = real_data / "cycler" / "neware_uio.csv"
    with path.open(encoding="latin-1") as file:
        steps = {(int(row["Cycle Index"]), int(row["Step Index"])): row for row in csv.DictReader(file)}
    titles = ("Chg. Cap.(Ah)", "DChg. Cap.(Ah)", "Chg. Energy(Wh)", "DChg. Energy(Wh)")
    sums: dict[int, np.ndarray] = defaultdict(lambda: np.zeros(4))
    for (cycle, _), row in steps.items():
        sums[cycle] += [float(row[title]) for title in titles]
    table = cycling_raw(read(path).the(CyclingRecord)).table
    own = np.array([sums[cycle] for cycle in table.number.tolist()]).T * 3600
    assert np.allclose([table.charge_capacity, table.discharge_capacity], own[:2], rtol=1e-9)
    assert np.allclose([table.charge_energy, table.discharge_energy], own[2:], rtol=1e-4)
    assert np.allclose(table.coulombic_efficiency, own[1] / own[0], rtol=1e-9)


def test_arbin_s_statistics_have_the_times_of_the_cycles(real_data: Path) -> None:
    parser = pytest.importorskip("access_parser")
    path = real_data / "cycler" / "arbin_example.res"
    stated = parser.AccessParser(str(path)).parse_table("Channel_Statistic_Table")
    table = cycling_raw(read(path).the(CyclingRecord)).table
    assert np.allclose(table.charge_time, stated["Charge_Time"], rtol=0, atol=0.02)
    assert np.allclose(table.discharge_time, stated["Discharge_Time"], rtol=0, atol=0.02)
