"""The rate table against cells of known capacity at each rate."""

import numpy as np
import pytest

from lamion.quantities import InputError, Quantity
from lamion.quantities.level import LEVEL
from lamion.records.measurements import CyclingRecord
from lamion.synthetic.rate_steps import RatedCell, rate_record
from lamion.techniques.cycling.rates import rates, rates_raw

STEPS = [0.1, 0.5, 1.0, 2.0, 0.1]
NOMINAL = Quantity("1 mAh")
CELL = RatedCell(scatter=0.0)


def test_each_rate_gives_its_median_and_the_first_comes_back():
    answer = rates(rate_record(STEPS, 5, CELL), nominal=NOMINAL)
    assert list(answer) == ["capacity.0.1C", "capacity.0.5C", "capacity.1C", "capacity.2C", "rate_back"]
    for place, rate in enumerate(STEPS[:-1]):
        assert answer[f"capacity.{rate:g}C"].si == pytest.approx(CELL.held(rate, 5 * place + 2), rel=1e-6)
    assert answer["rate_back"].value == pytest.approx(CELL.held(0.1, 22) / CELL.held(0.1, 2), rel=1e-6)
    assert answer.series["Cycles / 1"] == [5.0] * 5


def test_the_convention_is_stated():
    record = rate_record(STEPS, 3, CELL)
    assert rates(record).notes["one_c_mA"] == pytest.approx(CELL.held(0.1, 1) / 3.6, rel=1e-6)
    assert "lowest current" in rates(record).notes["convention"]
    per_mass = rates(record, nominal=Quantity("100 mAh/g"), mass=Quantity("10 mg"))
    assert "stated 100 mAh/g" in per_mass.notes["convention"]
    assert per_mass["capacity.1C"].unit == "mAh/g"
    assert per_mass["capacity.1C"].value == pytest.approx(CELL.held(1.0, 7) / 3.6 / 0.01, rel=1e-6)
    with pytest.raises(InputError, match="per mass"):
        rates(record, nominal=Quantity("100 mAh/g"))


def test_the_spread_holds_the_next_repeat_and_rate_back_is_covered():
    cell, repeats, draws = RatedCell(scatter=5e-3, loss=0.0), 4, 400
    nexts, backs = [], []
    for seed in range(draws):
        table = rates_raw(rate_record([0.1, 1.0, 0.1], repeats + 1, cell, seed=seed))
        first = table.steps[0].capacities
        step = type(table.steps[0])(1.0, np.arange(repeats), first[:repeats])
        nexts.append(abs(first[repeats] - step.middle) < step.spread)
        share, std = table.kept()
        backs.append(abs(share - 1.0) < std)
    assert np.mean(nexts) == pytest.approx(LEVEL, abs=0.07)
    assert np.mean(backs) == pytest.approx(LEVEL, abs=0.07)


def test_rates_that_round_alike_keep_names_of_their_own():
    answer = rates(rate_record([1.0, 1.04, 1.0], 2, CELL), nominal=NOMINAL)
    assert [name for name in answer if name.startswith("capacity")] == ["capacity.1C", "capacity.1.04C"]


def test_a_first_rate_that_does_not_come_back_is_said():
    answer = rates(rate_record([0.1, 1.0], 2, CELL), nominal=NOMINAL)
    assert answer["rate_back"] is None
    assert any("does not come back" in text for text in answer.warnings)


def test_the_charge_may_be_what_was_varied():
    record = rate_record([0.5, 1.0, 0.5], 2, CELL)
    slow = np.where(record.current < 0, -1e-3, record.current)
    varied = CyclingRecord(record.time, record.voltage, slow, record.cycle)
    with pytest.raises(InputError, match="one current"):
        rates(varied, nominal=NOMINAL)
    assert "capacity.1C" in rates(varied, half="charge", nominal=NOMINAL)


def test_a_clock_that_goes_back_is_refused():
    record = rate_record(STEPS, 2, CELL)
    time = record.time.copy()
    time[50:] -= 1e4
    with pytest.raises(InputError, match="goes back in 1 place"):
        rates(CyclingRecord(np.maximum(time, 0.0), record.voltage, record.current, record.cycle))
